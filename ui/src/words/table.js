/** A result as a table for other programs: one line a call, the words as on the screen. */

import { outcomeWords } from './outcomes.js';
import { cut, visible } from './text.js';
import { whyWords } from './why.js';

/** @typedef {import('../host/types').ResultView} ResultView */
/** @typedef {import('../host/types').SaidView} SaidView */

const head = ['Evaluator', 'Caller', 'Test profile', 'Time', 'Of', 'Outcome', 'Reason', 'Seconds', 'Verdict of a person', 'Note', 'Result', 'Call', 'Evaluator’s number'];

/** A text that a spreadsheet would take for a formula is marked as text; the sign is not shown there. */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

/** One cell by RFC 4180. @param {string | number | null} value */
export function cell(value) {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {string | null} text @param {number} [most] */
const own = (text, most = 2000) => visible(cut(text ?? '', most).text, true);

/**
 * The whole table. It begins with a mark by which spreadsheets know that it is UTF-8.
 * @param {ResultView} view @param {ReadonlyArray<SaidView>} said
 */
export function tableText(view, said) {
  const of = new Map(said.map((one) => [one.call, one]));
  const lines = [head.map(cell)];
  for (const group of view.groups) {
    for (const call of group.calls) {
      const { say, text, side } = whyWords(call.why);
      const { review = null, note = null } = of.get(call.id) ?? {};
      lines.push([
        own(group.name), own(call.callerName), own(call.profileName), call.time, call.of,
        outcomeWords(call.outcome).Word, own([say, text, side].filter(Boolean).join(' · ')),
        call.seconds === null ? null : Math.round(call.seconds * 10) / 10,
        review === null ? '' : outcomeWords(review ? 'passed' : 'agent_failed').Word, own(note, 10_000),
        view.row.id, call.id, group.evaluator,
      ].map(cell));
    }
  }
  return `\ufeff${lines.map((cells) => `${cells.join(',')}\r\n`).join('')}`;
}
