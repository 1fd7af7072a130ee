// Calls whose first word came late: told of, shown, and run again.
import test from 'node:test';
import assert from 'node:assert/strict';
import { filtered, flatten, model, narrow, noFilter } from '../src/panels/result/model.js';
import { callouts } from '../src/words/result.js';

const call = (/** @type {number} */ id, /** @type {boolean} */ cold) => ({ id, outcome: 'passed', why: { code: 'met', text: null, number: null, barrier: null, side: null, name: null }, time: id, of: 3, callerName: null, profileName: null, seconds: 60, reviewed: false, noted: false, voted: false, untold: false, cold });
const view = /** @type {any} */ ({
  row: { finished: true, stalled: null }, launch: null, stopping: false, atLimit: 0, judgingAfterEnd: 0, nothingJudged: 0, coldStarts: 2, unreadable: 0, parent: null, repeats: [], dashboard: null, causes: [],
  groups: [{ evaluator: 1, name: 'Address', tags: [], calls: [call(1, true), call(2, false)] }, { evaluator: 2, name: 'Day', tags: [], calls: [call(3, true)] }],
});

test('the callout shows the calls, and offers to run everything again after that', () => {
  const [cold, ...rest] = callouts(view);
  assert.deepEqual(rest, []);
  assert.equal(cold.code, 'cold-starts');
  assert.equal(cold.action?.act, 'show-cold');
  assert.equal(cold.also?.act, 'repeat-all');
});

test('the filter leaves those calls only', () => {
  const of = model(view);
  const left = (/** @type {any} */ filter) => flatten(narrow(of, filter)).map((one) => one.call.id);
  assert.deepEqual(left({ ...noFilter, cold: true }), [1, 3]);
  assert.deepEqual(left(noFilter), [1, 2, 3]);
  assert.equal(filtered({ ...noFilter, cold: true }), true);
  assert.equal(filtered(noFilter), false);
});
