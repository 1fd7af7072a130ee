// The feed: asked for when the page is loaded, and again after each answer, whatever comes of it.
import test from 'node:test';
import assert from 'node:assert/strict';

/** @typedef {{ heard: number, answer(notice: object): void, fail(error: unknown): void }} Ask */

/** What the page has asked for and has no answer to. @type {Array<Ask>} */
let asked = [];
/** Timers that have not run. @type {Map<number, { run: () => void, wait: number }>} */
let timers = new Map();
const settle = () => new Promise((resolve) => setImmediate(resolve));

/**
 * A page of its own: modules keep what they have heard.
 * @param {import('node:test').TestContext} t @param {DocumentReadyState} readyState
 */
async function page(t, readyState) {
  asked = [];
  timers = new Map();
  let made = 0;
  t.mock.method(globalThis, 'setTimeout', (/** @type {(...args: unknown[]) => void} */ run, wait = 0, ...args) => {
    timers.set(++made, { run: () => run(...args), wait });
    return made;
  });
  t.mock.method(globalThis, 'clearTimeout', (/** @type {number} */ id) => timers.delete(id));
  const events = new EventTarget();
  Object.assign(globalThis, {
    document: { readyState },
    addEventListener: events.addEventListener.bind(events),
    window: {
      __TAURI_INTERNALS__: {
        invoke: (/** @type {string} */ name, /** @type {{ heard: number }} */ { heard }) => {
          assert.equal(name, 'feed_next');
          return new Promise((answer, fail) => asked.push({ heard, answer, fail }));
        },
      },
    },
  });
  const feed = await import(`../src/data/feed.js?${t.name}`);
  return {
    ...feed,
    load: () => events.dispatchEvent(new Event('load')),
    /** Opens the feed of a page that is loaded. @returns {Promise<{ opening: Promise<unknown> }>} */
    async open() {
      const opening = feed.openFeed();
      await pass(0);
      return { opening };
    },
  };
}

/** Runs the timers that wait no longer than this. @param {number} wait */
async function pass(wait) {
  for (const [id, timer] of [...timers]) {
    if (timer.wait > wait) continue;
    timers.delete(id);
    timer.run();
  }
  await settle();
}

/** Answers what is asked. @param {number} seq @param {object} [more] */
async function tell(seq, more) {
  const ask = asked.shift();
  assert.ok(ask, 'the page asks');
  ask.answer({ seq, changes: {}, closing: null, go: null, ...more });
  await settle();
}

/** Lets what is asked fail. */
async function fail() {
  const ask = asked.shift();
  assert.ok(ask, 'the page asks');
  ask.fail('feed_next not allowed');
  await settle();
}

/** The numbers that the page says it has heard, in what it asks now. */
const heard = () => asked.map((ask) => ask.heard);

test('it asks when the page is loaded, not before and not within', async (t) => {
  const feed = await page(t, 'interactive');
  feed.openFeed();
  await pass(1000);
  assert.deepEqual(heard(), []);
  feed.load();
  await settle();
  assert.deepEqual(heard(), [], 'what is asked now would still hold the end of loading back');
  await pass(0);
  assert.deepEqual(heard(), [0]);
  await pass(10_000);
  assert.deepEqual(heard(), [0], 'and only once');
});

test('a page that something else keeps from being loaded asks after a while', async (t) => {
  const feed = await page(t, 'interactive');
  feed.openFeed();
  await pass(10_000);
  assert.deepEqual(heard(), [0]);
});

test('each answer is passed on, and the next one asked for by its number', async (t) => {
  const feed = await page(t, 'complete');
  /** @type {Array<unknown>} */
  const said = [];
  feed.hear('calls', (/** @type {Array<number>} */ ids) => said.push(ids));
  feed.hearAsked((/** @type {{ closing: string | null, go: string | null }} */ { closing, go }) => said.push([closing, go]));
  const { opening } = await feed.open();
  await tell(1);
  await opening;
  assert.deepEqual(heard(), [1]);
  await tell(2, { changes: { calls: [7], results: [] }, closing: 'calls' });
  assert.deepEqual(heard(), [2]);
  await tell(3, { go: '#/results/7' });
  assert.deepEqual(said, [[null, null], ['calls', null], [7], [null, '#/results/7']]);
  assert.deepEqual([...timers.values()].map(({ wait }) => wait > 20 * 86_400_000), [true], 'it waits, with no end that is near');
});

test('an empty answer, to one whose place another took, changes nothing', async (t) => {
  const feed = await page(t, 'complete');
  await feed.open();
  await tell(1);
  await tell(0);
  assert.deepEqual(heard(), [1]);
});

test('a gap reads everything anew, also before the first notice', async (t) => {
  const feed = await page(t, 'complete');
  let reads = 0;
  feed.hear('settings', () => (reads += 1));
  await feed.open();
  await tell(2);
  assert.equal(reads, 1);
  await tell(3);
  assert.equal(reads, 1);
  await tell(5, { changes: { calls: [1] } });
  assert.equal(reads, 2);
  assert.deepEqual(heard(), [5]);
});

test('a feed that does not open says so, and is asked for again after pauses that grow', async (t) => {
  const feed = await page(t, 'complete');
  const { opening } = await feed.open();
  const failed = assert.rejects(opening, { code: 'not_allowed' });
  await fail();
  await failed;
  const pauses = [];
  for (let times = 0; times < 4; times += 1) {
    assert.deepEqual(heard(), [], 'not at once');
    const wait = Math.min(...[...timers.values()].map((timer) => timer.wait));
    pauses.push(wait);
    await pass(wait);
    assert.deepEqual(heard(), [0]);
    await fail();
  }
  assert.ok(pauses.every((pause, at) => pause >= 1000 && pause > (pauses[at - 1] ?? 0)), `${pauses}`);
});

test('one that fails later goes on from where it was, and pauses a little again after that', async (t) => {
  const feed = await page(t, 'complete');
  await feed.open();
  await tell(1);
  for (let times = 0; times < 2; times += 1) {
    await fail();
    assert.deepEqual(heard(), []);
    await pass(1000);
    assert.deepEqual(heard(), [1 + times]);
    await tell(2 + times);
  }
});

test('a hearer that fails does not end the feed', async (t) => {
  const feed = await page(t, 'complete');
  const failures = [];
  // In place of the runner's own, for which it would be the end of the test.
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => failures.push(error));
  t.after(() => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  });
  feed.hear('calls', () => {
    throw new Error('a mistake');
  });
  await feed.open();
  await tell(1);
  await tell(2, { changes: { calls: [] } });
  assert.deepEqual(heard(), [2]);
  assert.deepEqual(failures.map(String), ['Error: a mistake'], 'and is said');
});
