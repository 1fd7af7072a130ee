// Long lists put together from what Rust tells of them.
import test from 'node:test';
import assert from 'node:assert/strict';
import { together } from '../src/data/told.js';
import { resultOf } from '../src/data/results.js';
import { model } from '../src/panels/result/model.js';
import { Live } from '../src/data/live.js';

const same = (/** @type {any} */ row) => row;

test('kept rows are taken from what there was, new ones are put between them', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
  const had = [a, b, c];
  assert.deepEqual(together([d, [1, 2], a], had, same), [d, b, c, a]);
  assert.deepEqual(together([[0, 2]], had, same), [a, b], 'the last one is gone');
  assert.deepEqual(together([[2, 1], [0, 1]], had, same), [c, a]);
  assert.deepEqual(together([], had, same), []);
});

test('a list of which nothing changed is the very same list', () => {
  const had = [{ id: 1 }, { id: 2 }];
  assert.equal(together([[0, 2]], had, same), had);
  /** @type {Array<object>} */
  const none = [];
  assert.equal(together([], none, same), none);
  assert.notEqual(together([{ id: 3 }, { id: 4 }], had, same), had, 'as many, and others');
  const one = [{ id: 1 }];
  assert.notEqual(together([{ id: 2 }], one, same), one);
});

const why = { code: 'expected_outcome_met', text: null, side: null, number: null };
const call = (/** @type {number} */ id, /** @type {object} */ more = {}) => ({ id, outcome: 'passed', why, time: 1, of: 2, callerName: null, profileName: null, seconds: 60, reviewed: false, noted: false, voted: false, untold: false, ...more });
const head = (/** @type {number} */ evaluator) => ({ evaluator, name: `Evaluator ${evaluator}`, flaky: false, fixedOn: null, tags: [], wrong: null, usualSeconds: null, calls: [] });
const told = (/** @type {number} */ reading, /** @type {boolean} */ more, /** @type {Array<any>} */ groups) => /** @type {any} */ ({ reading, more, head: { row: {}, causes: [], groups: [] }, groups });

test('of a result only the evaluators and calls that changed are made anew', () => {
  const first = resultOf(told(1, true, [{ was: null, head: head(1), calls: [call(10), call(11)] }]), undefined);
  const whole = resultOf(told(2, false, [[0, 1], { was: null, head: head(2), calls: [call(20)] }]), first);
  assert.deepEqual(whole.groups.map((group) => group.calls.map(({ id }) => id)), [[10, 11], [20]]);
  assert.equal(whole.groups[0], first.groups[0]);
  const noted = resultOf(told(3, false, [{ was: 0, head: head(1), calls: [[0, 1], call(11, { noted: true })] }, [1, 1]]), whole);
  assert.equal(noted.groups[1], whole.groups[1]);
  assert.equal(noted.groups[0].calls[0], whole.groups[0].calls[0]);
  assert.equal(noted.groups[0].calls[1].noted, true);
  // What the screen lays out of it is made anew for that evaluator alone.
  const before = model(whole);
  const after = model(noted);
  assert.equal(after.groups[1], before.groups[1]);
  assert.notEqual(after.groups[0], before.groups[0]);
  assert.equal(after.byId.get(11)?.call.noted, true);
  assert.equal(after.calls.length, 3);
  const still = resultOf(told(3, false, [[0, 2]]), noted);
  assert.equal(still.groups, noted.groups);
});

test('a part of a first value is shown while the rest is read, and never in place of a whole one', async () => {
  /** @type {Array<unknown>} */
  const shown = [];
  let reads = 0;
  /** @type {Array<number>} */
  const order = [];
  const live = new Live({
    read: async (had, early) => {
      early(`part after ${had}`);
      order.push(live.value === `part after ${had}` ? 1 : 0);
      await null;
      return `whole ${++reads}`;
    },
  });
  const stop = live.look(() => shown.push(live.value));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([...new Set(shown)], [undefined, 'part after undefined', 'whole 1']);
  await live.refresh();
  assert.equal(live.value, 'whole 2');
  assert.deepEqual(order, [1, 0]);
  assert.ok(!shown.includes('part after whole 1'));
  stop();
});
