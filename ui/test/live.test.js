// Values that stay fresh: one read in flight, exactly one more for what changed meanwhile.
import test from 'node:test';
import assert from 'node:assert/strict';
import { deliver, tellAll } from '../src/data/feed.js';
import { Live, LiveMap } from '../src/data/live.js';
import { asHostError } from '../src/host/host.js';

/** A read whose answers are given by hand. */
function byHand() {
  /** @type {Array<{ resolve(value: unknown): void, reject(error: unknown): void }>} */
  const asked = [];
  const read = () => new Promise((resolve, reject) => asked.push({ resolve, reject }));
  return { asked, read };
}
/**
 * A clock that goes on when it is told to. Node's own mocks a date only from version 20 on.
 * @param {import('node:test').TestContext} t
 */
function byHandClock(t) {
  let now = 1_000_000;
  /** @type {Map<number, { at: number, run: () => void }>} */
  const waiting = new Map();
  let made = 0;
  t.mock.method(Date, 'now', () => now);
  t.mock.method(globalThis, 'setTimeout', (/** @type {() => void} */ run, wait = 0) => {
    waiting.set(++made, { at: now + wait, run });
    return made;
  });
  t.mock.method(globalThis, 'clearTimeout', (/** @type {number} */ id) => waiting.delete(id));
  /** @param {number} milliseconds */
  return function tick(milliseconds) {
    const end = now + milliseconds;
    for (;;) {
      const due = [...waiting].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      now = Math.max(now, due[1].at);
      waiting.delete(due[0]);
      due[1].run();
    }
    now = end;
  };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
let seq = 0;
/** @param {Record<string, Array<number>>} changes */
const notice = (changes) => deliver({ seq: ++seq, changes: /** @type {never} */ (changes) });

test('a value is read at the first look, and again when its topic is named', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read, topics: ['results'] });
  assert.equal(asked.length, 0);
  const stop = live.look(() => {});
  asked[0].resolve('old');
  await settle();
  assert.equal(live.value, 'old');
  notice({ catalogue: [] });
  assert.equal(asked.length, 1);
  notice({ results: [7] });
  asked[1].resolve('new');
  await settle();
  assert.equal(live.value, 'new');
  stop();
  notice({ results: [] });
  assert.equal(asked.length, 2, 'nobody looks any more');
});

test('a read that ends when nobody looks any more is old at the next look', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read, topics: ['results'] });
  live.look(() => {})();
  notice({ results: [] });
  asked[0].resolve('before the change');
  await settle();
  assert.equal(asked.length, 1, 'nobody looks');
  const stop = live.look(() => {});
  asked[1].resolve('after it');
  await settle();
  assert.equal(live.value, 'after it');
  stop();
});

test('changes during a read cause one more read, not many', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read, topics: ['calls'] });
  const stop = live.look(() => {});
  for (let times = 0; times < 10; times += 1) notice({ calls: [] });
  assert.equal(asked.length, 1);
  asked[0].resolve(1);
  await settle();
  assert.equal(asked.length, 2);
  asked[1].resolve(2);
  await settle();
  assert.equal(asked.length, 2);
  assert.equal(live.value, 2);
  assert.equal(live.loading, false);
  stop();
});

test('a value of one id ignores other ids', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read, topics: [['results', 5]] });
  const stop = live.look(() => {});
  asked[0].resolve(1);
  await settle();
  notice({ results: [6, 7] });
  assert.equal(asked.length, 1);
  notice({ results: [5] });
  assert.equal(asked.length, 2);
  asked[1].resolve(2);
  await settle();
  notice({ results: [] });
  assert.equal(asked.length, 3);
  stop();
});

test('a failed read keeps the old value and says why', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read, topics: ['results'] });
  const stop = live.look(() => {});
  asked[0].resolve('kept');
  await settle();
  void live.refresh();
  asked[1].reject({ code: 'disk_full', detail: null, problems: [], number: null });
  await settle();
  assert.equal(live.value, 'kept');
  assert.equal(live.error?.code, 'disk_full');
  stop();
});

test('an answer from before a reset is not shown after it', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read });
  const stop = live.look(() => {});
  live.reset();
  asked[0].resolve('of the other workspace');
  await settle();
  assert.equal(live.value, undefined);
  asked[1].resolve('of this one');
  await settle();
  assert.equal(live.value, 'of this one');
  stop();
});

test('a gap in the feed reads everything again', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read, topics: ['settings'] });
  const stop = live.look(() => {});
  asked[0].resolve(1);
  await settle();
  seq += 3;
  notice({ calls: [1] });
  assert.equal(asked.length, 2);
  asked[1].resolve(2);
  await settle();
  tellAll();
  assert.equal(asked.length, 3);
  stop();
});

test('equal keys share one value, and the oldest is dropped', () => {
  let made = 0;
  const map = new LiveMap((/** @type {number} */ key) => {
    made += 1;
    return new Live({ read: async () => key });
  }, 2);
  const one = map.get(1);
  map.get(2);
  assert.equal(map.get(1), one);
  map.get(3);
  assert.equal(map.get(1), one);
  assert.equal(made, 3);
  map.get(2);
  assert.equal(made, 4);
});

test('whatever is thrown becomes an error with a code', () => {
  assert.equal(asHostError({ code: 'bad_key', detail: 'x', problems: [], number: 3 }).number, 3);
  assert.equal(asHostError('not allowed by the capabilities').code, 'not_allowed');
  assert.equal(asHostError(new TypeError('no')).code, 'page_error');
  assert.equal(asHostError(undefined).code, 'page_error');
  assert.deepEqual(asHostError({ code: 'bad_key' }).problems, []);
});

test('a notice that names two topics of a value causes one read', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read, topics: [['results', 5], ['calls', 5]] });
  const stop = live.look(() => {});
  asked[0].resolve(1);
  await settle();
  notice({ results: [5], calls: [5] });
  asked[1].resolve(2);
  await settle();
  assert.equal(asked.length, 2);
  notice({ results: [6], calls: [5] });
  assert.equal(asked.length, 3, 'the second topic is still heard');
  stop();
});

test('ids may be told by what the value holds', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read, topics: [['notes', (id, value) => /** @type {any} */ (value)?.has === id]] });
  const stop = live.look(() => {});
  asked[0].resolve({ has: 3 });
  await settle();
  notice({ notes: [4, 5] });
  assert.equal(asked.length, 1);
  notice({ notes: [4, 3] });
  assert.equal(asked.length, 2);
  stop();
});

test('a value that asks for a pause is read once after it, however much is told meanwhile', async (t) => {
  const tick = byHandClock(t);
  const { asked, read } = byHand();
  const live = new Live({ read, topics: ['calls'], pause: () => 1000 });
  const stop = live.look(() => {});
  notice({ calls: [] });
  asked[0].resolve(1);
  await settle();
  assert.equal(asked.length, 2, 'nothing was known yet');
  notice({ calls: [] });
  asked[1].resolve(2);
  await settle();
  for (let times = 0; times < 5; times += 1) notice({ calls: [] });
  assert.equal(asked.length, 2);
  tick(999);
  assert.equal(asked.length, 2);
  tick(1);
  assert.equal(asked.length, 3);
  stop();
});

test('who looks is told of news only, not that a read began or gave the same', async () => {
  const { asked, read } = byHand();
  const live = new Live({ read, topics: ['keys'] });
  /** @type {Array<string>} */
  const told = [];
  const stop = live.look(() => told.push(`${JSON.stringify(live.value)} ${live.error?.code} ${live.loading}`));
  const answer = async (/** @type {unknown} */ value) => { asked.at(-1)?.resolve(value); await settle(); };
  await answer({ n: 1 });
  assert.deepEqual(told.splice(0), ['undefined undefined true', '{"n":1} undefined false'], 'at first there is only that it is being read');
  void live.refresh();
  await answer({ n: 1 });
  assert.deepEqual(told.splice(0), []);
  void live.refresh();
  asked.at(-1)?.reject({ code: 'offline' });
  await settle();
  assert.deepEqual(told.splice(0), ['{"n":1} offline false']);
  void live.refresh();
  await answer({ n: 1 });
  assert.deepEqual(told.splice(0), ['{"n":1} undefined false'], 'the same after an error is news');
  void live.refresh();
  await answer({ n: 2 });
  assert.deepEqual(told.splice(0), ['{"n":2} undefined false']);
  stop();
});

test('reads that change nothing do not go round without end', async (t) => {
  const tick = byHandClock(t);
  let reads = 0;
  const live = new Live({ read: async () => { reads += 1; return { same: true }; }, topics: ['calls'] });
  const stop = live.look(() => {});
  await settle();
  const { value } = live;
  // As when the read itself is the cause of the notice.
  for (let times = 0; times < 50; times += 1) {
    notice({ calls: [] });
    await settle();
  }
  assert.ok(reads < 6, `${reads} reads`);
  assert.equal(live.value, value, 'what did not change stays the same value');
  tick(5000);
  await settle();
  const before = reads;
  notice({ calls: [] });
  tick(5000);
  await settle();
  assert.equal(reads, before + 1, 'it is still heard, after a while');
  stop();
});
