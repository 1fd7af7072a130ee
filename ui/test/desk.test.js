// The draft: every change is kept, in order, and nothing typed is overwritten or lost.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Desk, fresh, isUntouched } from '../src/data/drafts.js';
import { Live } from '../src/data/live.js';
import { mistakesIn, problemsBeside, realTools, withMessage } from '../src/data/mistakes.js';
import { waitLeft } from '../src/data/waits.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const empty = { agent: null, evaluators: [], name: '', times: '1', atOnce: '3', callers: [], profiles: [], mocks: { kind: 'all' }, messages: [], pipecat: { agentName: '', config: '', roomProperties: '' }, filter: { search: '', folders: [], tags: [], failedLast: false, flaky: false }, parent: null };

/** A desk with a Rust side played by hand. @param {{ save?: (id: string, body: any) => Promise<unknown> }} [more] */
function made({ save } = {}) {
  const kept = { draft: { id: 'one', body: { ...empty }, proposedName: 'Proposed' } };
  /** @type {Array<{ id: string, body: any }>} */
  const saved = [];
  /** @type {Array<{ body: any, answer(calls: number): void, fail(error: unknown): void }>} */
  const checks = [];
  const live = new Live({ read: async () => structuredClone(kept.draft), topics: ['drafts'] });
  const desk = new Desk(/** @type {never} */ (live), {
    save: save ?? (async (id, body) => void saved.push({ id, body: structuredClone(body) })),
    check: (body) => new Promise((resolve, reject) => checks.push({ body, answer: (calls) => resolve(/** @type {never} */ ({ calls })), fail: reject })),
  });
  return { kept, saved, checks, live, desk };
}

test('what is typed is shown at once and saved with the next flush', async () => {
  const { desk, saved } = made();
  const stop = desk.look(() => {});
  await settle();
  desk.change({ name: 'A' });
  desk.change({ name: 'Ab', times: '2' });
  assert.equal(desk.body?.name, 'Ab');
  assert.equal(saved.length, 0);
  await desk.flush();
  assert.deepEqual(saved.map((one) => [one.id, one.body.name, one.body.times]), [['one', 'Ab', '2']]);
  await desk.flush();
  assert.equal(saved.length, 1, 'nothing is saved twice');
  stop();
});

test('a change during a save is saved right after it, and never before', async () => {
  /** @type {Array<{ body: any, done(value?: unknown): void }>} */
  const under = [];
  const { desk } = made({ save: (_id, body) => new Promise((done) => under.push({ body, done })) });
  const stop = desk.look(() => {});
  await settle();
  desk.change({ name: 'first' });
  void desk.flush();
  desk.change({ name: 'second' });
  const all = desk.flush();
  assert.equal(under.length, 1);
  under[0].done();
  await settle();
  assert.equal(under.length, 2);
  assert.equal(under[1].body.name, 'second');
  under[1].done();
  await all;
  stop();
});

test('an echo of the same draft does not take back what was typed meanwhile', async () => {
  const { desk, live } = made();
  const stop = desk.look(() => {});
  await settle();
  desk.change({ name: 'typed' });
  await live.refresh();
  assert.equal(desk.body?.name, 'typed');
  await desk.flush();
  stop();
});

test('another draft takes its place, after the old one was saved under its own id', async () => {
  const { desk, live, saved, kept } = made();
  const stop = desk.look(() => {});
  await settle();
  desk.change({ name: 'of the first' });
  kept.draft = { ...kept.draft, id: 'two' };
  await live.refresh();
  await settle();
  assert.equal(desk.id, 'two');
  assert.equal(desk.body?.name, '');
  assert.deepEqual(saved.map((one) => [one.id, one.body.name]), [['one', 'of the first']]);
  stop();
});

test('a failed save is told, kept, and tried again with the next flush', async () => {
  let broken = true;
  const bodies = /** @type {Array<string>} */ ([]);
  const { desk } = made({ save: async (_id, body) => { if (broken) throw { code: 'disk_full', detail: null, problems: [], number: null }; bodies.push(body.name); } });
  const stop = desk.look(() => {});
  await settle();
  desk.change({ name: 'precious' });
  await desk.flush();
  assert.equal(desk.saveError?.code, 'disk_full');
  assert.equal(desk.body?.name, 'precious');
  broken = false;
  await desk.flush();
  assert.equal(desk.saveError, null);
  assert.deepEqual(bodies, ['precious']);
  stop();
});

test('a draft that was placed meanwhile is no trouble', async () => {
  const { desk, kept } = made({ save: async () => { throw { code: 'draft_spent', detail: null, problems: [], number: null }; } });
  const stop = desk.look(() => {});
  await settle();
  desk.change({ name: 'late' });
  kept.draft = { ...kept.draft, id: 'two' };
  await desk.flush();
  await settle();
  assert.equal(desk.saveError, null);
  assert.equal(desk.id, 'two');
  stop();
});

test('while it is placed it is not changed, and another draft waits', async () => {
  const { desk, live, kept } = made();
  const stop = desk.look(() => {});
  await settle();
  desk.change({ name: 'placed' });
  await desk.flush();
  desk.hold();
  desk.change({ name: 'too late' });
  kept.draft = { ...kept.draft, id: 'two' };
  await live.refresh();
  assert.deepEqual([desk.id, desk.body?.name], ['one', 'placed']);
  await desk.release();
  assert.deepEqual([desk.id, desk.body?.name], ['two', '']);
  stop();
});

test('the sum is of what is chosen now, never of what was', async () => {
  const { desk, checks } = made();
  const stop = desk.look(() => {});
  await settle();
  const first = desk.check();
  desk.change({ times: '2' });
  checks[0].answer(1);
  assert.equal(await first, null);
  assert.equal(desk.checked, false);
  const second = desk.check();
  checks[1].answer(2);
  assert.equal((await second)?.calls, 2);
  assert.equal(desk.checked, true);
  // What the list is narrowed to changes nothing of the sum.
  desk.change({ filter: { ...empty.filter, search: 'x' } });
  assert.equal(desk.checked, true);
  const third = desk.check();
  checks[2].fail({ code: 'ledger_failed', detail: null, problems: [], number: null });
  assert.equal(await third, null);
  assert.equal(desk.checkError?.code, 'ledger_failed');
  await desk.flush();
  stop();
});

test('what was left out is told until it is read or another draft comes', async () => {
  const { desk, kept } = made();
  const stop = desk.look(() => {});
  await settle();
  desk.adopt({ draft: /** @type {never} */ ({ ...kept.draft, id: 'three' }), gone: ['Refund twice'] });
  assert.deepEqual([desk.id, desk.gone], ['three', ['Refund twice']]);
  desk.forgetGone();
  assert.deepEqual(desk.gone, []);
  stop();
});

test('a draft nobody touched asks nothing before it is replaced', () => {
  const body = (/** @type {object} */ more) => /** @type {never} */ ({ ...empty, ...more });
  assert.equal(isUntouched(body({ agent: 3 })), true);
  assert.equal(isUntouched(body({ times: '2' })), false);
  assert.equal(isUntouched(body({ atOnce: '5' })), false);
  assert.equal(isUntouched(body({ mocks: { kind: 'none' } })), false);
  assert.equal(isUntouched(body({ mocks: { kind: 'chosen', names: ['book'] } })), false);
  assert.equal(isUntouched(body({ evaluators: [1] })), false);
  assert.equal(isUntouched(body({ messages: [{ evaluator: null, text: '{' }] })), false);
  assert.equal(isUntouched(body({ pipecat: { agentName: '', config: '{', roomProperties: '' } })), false);
});

test('a fresh draft is the one Rust makes', async () => {
  const source = await readFile(new URL('../../src-tauri/crates/engine/src/view/draft.rs', import.meta.url), 'utf8');
  const made = source.match(/impl Default for DraftBody \{[\s\S]*?\n\}/)?.[0] ?? '';
  assert.deepEqual(fresh, {
    times: made.match(/times: "(\d+)"/)?.[1],
    atOnce: made.match(/at_once: "(\d+)"/)?.[1],
    mocks: made.match(/mocks: ToolMocks::(\w+)/)?.[1].toLowerCase(),
  });
});

test('a mistake in JSON is shown where it is', () => {
  const check = (/** @type {string} */ code, /** @type {Array<string>} */ names) => ({ level: 'stop', code, count: 3, names });
  const plan = /** @type {never} */ ({ checks: [check('message_not_json', ['', '10', 'expected value']), check('message_not_json', ['Refund', '1', 'trailing comma']), check('pipecat_not_json', ['config', '2', 'key must be a string'])] });
  assert.deepEqual([...mistakesIn(plan, 'message_not_json')], [['', { line: 3, what: 'expected value' }], ['Refund', { line: 3, what: 'trailing comma' }]]);
  assert.deepEqual([...mistakesIn(plan, 'pipecat_not_json').keys()], ['config']);
  assert.equal(mistakesIn(null, 'message_not_json').size, 0);
});

test('messages are changed in their place', () => {
  const all = withMessage([], null, '{}');
  assert.deepEqual(withMessage(withMessage(all, 5, '1'), null, '[]'), [{ evaluator: null, text: '[]' }, { evaluator: 5, text: '1' }]);
});

test('which tools really act', () => {
  assert.deepEqual(realTools({ kind: 'all' }, ['a', 'b']), []);
  assert.deepEqual(realTools({ kind: 'none' }, ['a', 'b']), ['a', 'b']);
  assert.deepEqual(realTools({ kind: 'chosen', names: ['b'] }, ['a', 'b']), ['a']);
});

test('what the server refused stands beside the field until the field is changed', () => {
  const refused = /** @type {never} */ ({ problems: [{ field: 'times', message: 'Too many.' }, { field: 'at_once', message: 'Too high.' }, { field: '', message: 'No.' }, { field: 'from_later', message: 'x' }] });
  const was = /** @type {never} */ ({ ...empty });
  assert.deepEqual(problemsBeside(refused, was, was), { times: ['Too many.'], at_once: ['Too high.'] });
  assert.deepEqual(problemsBeside(refused, was, /** @type {never} */ ({ ...empty, times: '2' })), { at_once: ['Too high.'] });
  assert.deepEqual(problemsBeside(undefined, was, was), {});
});

test('a wait is counted from when it was first seen, and never starts again', () => {
  const at = Date.UTC(2026, 10, 24, 12);
  const view = (/** @type {string} */ id, /** @type {number} */ sent) => /** @type {never} */ ({ id, code: 'throttled', waitSeconds: 42, startedAt: new Date(sent).toISOString() });
  assert.equal(waitLeft(view('a', at - 500), at), 42);
  assert.equal(waitLeft(view('a', at - 500), at + 1500), 41);
  assert.equal(waitLeft(view('a', at - 500), at + 50_000), 0);
  assert.equal(waitLeft(view('b', at - 3_600_000), at), 0, 'seen an hour later');
  assert.equal(waitLeft(/** @type {never} */ ({ id: 'c', code: 'forbidden', waitSeconds: null, startedAt: '' }), at), 0);
});
