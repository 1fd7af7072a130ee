// A result as a table: what a spreadsheet reads is what was there, and nothing of it is a formula.
import test from 'node:test';
import assert from 'node:assert/strict';
import { cell, tableText } from '../src/words/table.js';

/** What a reader by RFC 4180 makes of it. @param {string} text */
function read(text) {
  const rows = [[/** @type {string} */ ('')]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const row = rows[rows.length - 1];
    const last = row.length - 1;
    if (quoted && text.startsWith('""', at)) {
      row[last] += '"';
      at += 1;
    } else if (text[at] === '"') quoted = !quoted;
    else if (!quoted && text[at] === ',') row.push('');
    else if (!quoted && text.startsWith('\r\n', at)) {
      rows.push(['']);
      at += 1;
    } else row[last] += text[at];
  }
  assert.equal(quoted, false);
  assert.deepEqual(rows.pop(), [''], 'the last line ends');
  return rows;
}

const why = { code: 'expected_outcome_not_met', text: 'Reads it back', side: null, number: 50 };
const call = (/** @type {object} */ more) => ({ id: 7, outcome: 'agent_failed', why, time: 1, of: 2, callerName: 'Elderly, "noisy"', profileName: null, seconds: 312.04, reviewed: false, noted: false, voted: false, untold: false, ...more });
const view = (/** @type {Array<any>} */ groups) => /** @type {any} */ ({ row: { id: 3 }, groups });

test('one line a call, with what people have said of it', () => {
  const text = tableText(view([
    { evaluator: 5, name: 'Address', calls: [call({}), call({ id: 8, time: 2, outcome: 'passed', why: { ...why, code: 'expected_outcome_met', text: null, number: null }, seconds: null })] },
    { evaluator: null, name: 'Gone', calls: [call({ id: 9, outcome: 'never_connected', why: { code: 'no_answer', text: 'busy', side: 'agent', number: null } })] },
  ]), [{ call: 7, review: true, note: 'Heard it\ntwice, "clearly"' }, { call: 99, review: false, note: null }]);
  assert.equal(text.charCodeAt(0), 0xfeff);
  const [head, ...rows] = read(text.slice(1));
  assert.equal(head.length, 13);
  assert.deepEqual(rows, [
    ['Address', 'Elderly, "noisy"', '', '1', '2', 'Agent failed', 'Expected outcome not met (50%) · Failed: Reads it back', '312', 'Passed', 'Heard it\ntwice, "clearly"', '3', '7', '5'],
    ['Address', 'Elderly, "noisy"', '', '2', '2', 'Passed', 'Expected outcome met', '', '', '', '3', '8', '5'],
    ['Gone', 'Elderly, "noisy"', '', '1', '2', 'Never connected', 'Nobody answered · busy · on the side of the agent', '312', '', '', '3', '9', ''],
  ]);
});

test('nothing that others wrote becomes a formula', () => {
  for (const text of ['=1+1', '+49 30', '-2', '@SUM(A1)', '\t=1', '=HYPERLINK("https://example.org","x")']) {
    assert.match(cell(text), /^"?'/, text);
    const [, row] = read(tableText(view([{ evaluator: 1, name: text, calls: [call({ callerName: text, profileName: text })] }]), [{ call: 7, review: null, note: text }]).slice(1));
    for (const at of [0, 1, 2, 9]) assert.equal(row[at], `'${text}`, text);
  }
  assert.equal(cell('a = b'), 'a = b');
  assert.equal(cell(-3), '-3', 'a number of ours stays one');
});

test('what hides in a text is seen in the table, too', () => {
  assert.match(tableText(view([{ evaluator: 1, name: 'A\u202eb\u0000', calls: [call({})] }]), []), /A\[RLO\]b\u2400/);
  assert.equal(read(tableText(view([]), []).slice(1)).length, 1);
});
