// Finding, ticking and counting evaluators.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Index, callsOf, failedLast, foldersOf, indexOf, isNarrowed, noFilter, rangeOf, resultIdIn, withTicked } from '../src/data/narrow.js';

/** @param {number} id @param {object} [more] @returns {import('../src/host/types').EvaluatorView} */
const row = (id, more = {}) => ({
  id, name: `Evaluator ${id}`, folder: null, tags: [], callerName: null, language: null, hasExpectedOutcome: true, last: [], usualSeconds: null, flaky: false, ...more,
});
const rows = [
  row(1, { name: 'Bouquet switch', folder: 'Orders.Edge cases', tags: ['smoke'], last: ['passed', 'agent_failed', 'never_connected'], flaky: true }),
  row(2, { name: 'Birthday GIFT', folder: 'Orders.Happy path', tags: ['Nightly'], last: ['agent_failed', 'passed'] }),
  row(3, { name: 'Slow address', folder: 'Orders', tags: ['smoke', 'v2'], last: ['never_connected'] }),
  row(4, { name: 'Élodie calls', folder: 'Ordersets', tags: [] }),
];
const index = new Index(rows);
/** @param {object} filter */
const found = (filter) => index.narrow({ ...noFilter, ...filter }).map((one) => one.id);

test('every word must be in the name, a tag or the folder, whatever the case', () => {
  assert.deepEqual(found({ search: 'gift' }), [2]);
  assert.deepEqual(found({ search: '  SMOKE edge ' }), [1]);
  assert.deepEqual(found({ search: 'nightly' }), [2]);
  assert.deepEqual(found({ search: 'orders › happy' }), [2]);
  assert.deepEqual(found({ search: 'ÉLODIE' }), [4]);
  assert.deepEqual(found({ search: 'gift smoke' }), []);
  // Two names do not run together.
  assert.deepEqual(found({ search: 'switchsmoke' }), []);
});

test('a folder holds those below it, and no folder that only begins alike', () => {
  assert.deepEqual(found({ folders: ['Orders'] }), [1, 2, 3]);
  assert.deepEqual(found({ folders: ['Orders.Edge cases', 'Ordersets'] }), [1, 4]);
  assert.deepEqual(foldersOf(rows), ['Orders', 'Orders.Edge cases', 'Orders.Happy path', 'Ordersets']);
});

test('any of the tags, and all of the other filters at once', () => {
  assert.deepEqual(found({ tags: ['v2', 'Nightly'] }), [2, 3]);
  assert.deepEqual(found({ tags: ['smoke'], flaky: true }), [1]);
  assert.deepEqual(found({ failedLast: true }), [1]);
  assert.equal(index.failedCount, 1);
  assert.equal(index.flakyCount, 1);
});

test('failed last time looks at the last call that was judged', () => {
  assert.equal(failedLast(rows[0]), true);
  assert.equal(failedLast(rows[1]), false);
  assert.equal(failedLast(rows[2]), false);
  assert.equal(failedLast(rows[3]), false);
});

test('without a filter it is the list itself', () => {
  assert.equal(index.narrow(noFilter), rows);
  assert.equal(index.narrow({ ...noFilter, search: '   ' }), rows);
  assert.equal(isNarrowed({ ...noFilter, search: '  ' }), false);
  assert.equal(isNarrowed({ ...noFilter, flaky: true }), true);
  assert.equal(indexOf(rows), indexOf(rows));
});

test('ticking adds once and keeps the order; unticking takes away', () => {
  assert.deepEqual(withTicked([3, 1], [1, 2], true), [3, 1, 2]);
  assert.deepEqual(withTicked([3, 1, 2], [1, 9], false), [3, 2]);
});

test('a range goes both ways, and from nowhere it is one row', () => {
  assert.deepEqual(rangeOf(rows, 2, 3), [2, 3, 4]);
  assert.deepEqual(rangeOf(rows, 4, 1), [2, 3, 4]);
  assert.deepEqual(rangeOf(rows, 2, 1), [2]);
  assert.deepEqual(rangeOf(rows, null, 2), [3]);
  assert.deepEqual(rangeOf(rows, 77, 2), [3]);
});

test('the sum counts what is known, and nothing when a number makes no sense', () => {
  const body = { evaluators: [1, 2, 9], times: '3', callers: [5, 6], profiles: [] };
  const calls = (/** @type {object} */ more = {}) => callsOf(/** @type {never} */ ({ ...body, ...more }), new Set([1, 2, 3]));
  assert.equal(calls(), 12);
  assert.equal(calls({ callers: [], profiles: [1, 2, 3] }), 18);
  assert.equal(calls({ times: ' 100 ' }), 400);
  for (const times of ['0', '101', '', '1.5', 'x', '-1', '1e1']) assert.equal(calls({ times }), 0, times);
});

test('the number of a result is found in what was pasted', () => {
  assert.equal(resultIdIn(' 4711 '), 4711);
  assert.equal(resultIdIn('#4711'), 4711);
  assert.equal(resultIdIn('https://dashboard.example.org/12/results/4711?tab=runs'), 4711);
  assert.equal(resultIdIn('https://dashboard.example.org/result/4711/'), 4711);
  assert.equal(resultIdIn('https://example.org/x?result_id=4711'), 4711);
  assert.equal(resultIdIn('https://example.org/runs/page/4711'), 4711);
  for (const wrong of ['', '0', 'result', 'the second one', '-3', '12.5', 'https://example.org/', '9'.repeat(16)]) assert.equal(resultIdIn(wrong), null, wrong);
});

test('ten thousand rows are narrowed well within a frame', () => {
  const many = new Index(Array.from({ length: 10_000 }, (_, id) => row(id, { name: `Evaluator number ${id} about orders`, folder: 'Orders.Edge cases', tags: ['smoke', 'nightly'] })));
  const times = [];
  for (const search of ['e', 'ev', 'eva', 'eval 9', 'number 99', 'edge smoke 7', 'nothing at all', '1', '12', '123']) {
    const from = performance.now();
    many.narrow({ ...noFilter, search });
    times.push(performance.now() - from);
  }
  // The whole keystroke has 30 ms; a slow machine gets twice that for this part alone.
  assert.ok(times.sort((a, b) => a - b)[5] < 30, `${times}`);
});
