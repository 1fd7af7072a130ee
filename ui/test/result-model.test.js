// What a filter leaves of a result, and where the keys lead.
import test from 'node:test';
import assert from 'node:assert/strict';
import { flatten, gravest, model, narrow, neighbour, noFilter, repetitions } from '../src/panels/result/model.js';

const letters = /** @type {Record<string, string>} */ ({ p: 'passed', f: 'agent_failed', n: 'never_connected', l: 'needs_a_look', s: 'stopped', w: 'in_progress' });
let next = 1;
const group = (/** @type {number | null} */ evaluator, /** @type {string} */ name, /** @type {string} */ marks, /** @type {Array<string>} */ tags = []) => ({
  evaluator, name, flaky: false, fixedOn: null, tags, wrong: null, usualSeconds: 100,
  calls: [...marks].map((mark, at) => ({ id: next++, outcome: letters[mark], why: { code: mark === 'f' ? 'metric_failed' : 'expected_outcome_met', text: mark === 'f' ? 'Asked twice' : null, side: null, number: null }, time: at + 1, of: marks.length, callerName: at % 2 ? 'Friendly' : 'Impatient', profileName: null, seconds: 60, reviewed: false, noted: false, voted: false, untold: false })),
});
const view = (/** @type {Array<any>} */ groups) => {
  const failed = groups.flatMap((one) => one.calls).filter((call) => call.outcome === 'agent_failed').map((call) => call.id);
  return /** @type {any} */ ({ groups, causes: [{ key: 'twice', outcome: 'agent_failed', why: { code: 'metric_failed', text: 'Asked twice', side: null, number: null }, calls: failed, evaluators: 1 }] });
};
const one = model(view([group(1, 'Address, spoken slowly', 'pfl', ['smoke']), group(2, 'Roses', 'pp', ['v2']), group(null, 'Gone', 'n'), group(null, 'Gone too', 'wf')]));
const left = (/** @type {object} */ part) => flatten(narrow(one, { ...noFilter, ...part }));

test('without a filter everything is left, in its order', () => {
  assert.equal(left({}).length, 8);
  assert.equal(one.calls.length, 8);
  assert.deepEqual(one.callers, ['Friendly', 'Impatient']);
  assert.deepEqual(one.tags, ['smoke', 'v2']);
});

test('each filter leaves what it says, and together only what all say', () => {
  assert.equal(left({ outcome: 'agent_failed' }).length, 2);
  assert.equal(left({ cause: 'twice' }).length, 2);
  assert.equal(left({ caller: 'Friendly' }).length, 3);
  assert.equal(left({ tag: 'smoke' }).length, 3);
  assert.equal(left({ tag: 'smoke', outcome: 'agent_failed', caller: 'Friendly' }).length, 1);
  assert.equal(left({ why: ['metric_failed'] }).length, 2);
  assert.equal(left({ why: ['metric_failed', 'expected_outcome_met'] }).length, 8);
  assert.equal(left({ evaluator: '2' }).length, 2);
  assert.equal(left({ evaluator: 'nobody' }).length, 0);
});

test('words are searched in names, callers, outcomes and reasons', () => {
  assert.equal(left({ search: 'ROSES' }).length, 2);
  assert.equal(left({ search: 'address friendly' }).length, 1);
  assert.equal(left({ search: 'asked twice' }).length, 2);
  assert.equal(left({ search: 'never connected' }).length, 1);
  assert.equal(left({ search: '[.*(' }).length, 0);
});

test('a search that grows leaves the same of what it left before', () => {
  for (const text of ['roses friendly', 'asked twice', 'address passed', 'impatient', 'a f']) {
    for (const outcome of /** @type {const} */ (['agent_failed', null])) {
      // Typed, and taken back letter by letter.
      const ends = [...text].flatMap((_, at) => at + 1);
      for (const end of [...ends, ...ends.reverse(), 0]) {
        const filter = { ...noFilter, outcome, search: text.slice(0, end) };
        const fresh = { ...one, last: /** @type {typeof one.last} */ ([noFilter, one.groups]) };
        assert.deepEqual(narrow(one, filter), narrow(fresh, filter), filter.search);
      }
    }
  }
});

test('two deleted evaluators of one name stay two', () => {
  assert.equal(new Set(one.groups.map(({ key }) => key)).size, 4);
});

test('with too many repetitions those that need a look are shown', () => {
  const many = model(view([group(1, 'Many', `${'p'.repeat(30)}fnl`)])).groups[0];
  const { shown, left: rest } = repetitions(many.calls, 14);
  assert.equal(shown.length, 14);
  assert.equal(rest, 19);
  for (const outcome of ['agent_failed', 'never_connected', 'needs_a_look']) assert.ok(shown.some(({ call }) => call.outcome === outcome));
  assert.deepEqual(shown.map(({ call }) => call.time), [...shown.map(({ call }) => call.time)].sort((a, b) => a - b));
  assert.equal(repetitions(many.calls, 33).left, 0);
  assert.equal(gravest(many).call.outcome, 'agent_failed');
});

test('keys go to the next, the one before, and the next that needs attention', () => {
  const calls = left({});
  const ids = calls.map(({ call }) => call.id);
  assert.equal(neighbour(calls, null, 1)?.call.id, ids[0]);
  assert.equal(neighbour(calls, null, -1)?.call.id, ids[7]);
  assert.equal(neighbour(calls, ids[0], 1)?.call.id, ids[1]);
  assert.equal(neighbour(calls, ids[7], 1), null);
  assert.equal(neighbour(calls, ids[0], -1), null);
  const visited = [];
  let at = /** @type {number | null} */ (null);
  for (let turn = 0; turn < 5; turn += 1) {
    at = neighbour(calls, at, 1, true)?.call.id ?? null;
    visited.push(calls.find(({ call }) => call.id === at)?.call.outcome);
  }
  assert.deepEqual(visited, ['agent_failed', 'needs_a_look', 'never_connected', 'agent_failed', 'agent_failed']);
  assert.equal(neighbour([], null, 1, true), null);
  assert.equal(neighbour(left({ outcome: 'passed' }), null, 1, true), null);
});

test('ten thousand calls are flattened and searched without a wait', () => {
  const large = view(Array.from({ length: 500 }, (_, at) => group(at, `Evaluator ${at}`, 'ppppfpppnplppppppfpp')));
  const from = performance.now();
  const flat = model(large);
  const built = performance.now() - from;
  assert.equal(flat.calls.length, 10_000);
  const again = performance.now();
  for (const word of ['e', 'ev', 'eva', 'evaluator 12', 'asked twice', 'nobody says this']) narrow(flat, { ...noFilter, search: word });
  const searched = (performance.now() - again) / 6;
  // Generous: a machine of the build has other work to do.
  assert.ok(built < 400, `built in ${built} ms`);
  assert.ok(searched < 60, `searched in ${searched} ms`);
});
