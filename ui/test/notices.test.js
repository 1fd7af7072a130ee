// What is worth a notification: each event once, and nothing that was so at the start.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Comparison, Watch, noticeOf } from '../src/data/notices.js';
import { inPractice } from '../src/words/notices.js';

const online = { state: 'online', code: null, detail: null, nextTryAt: null };
const row = (id, more = {}) => ({
  id, name: 'Release ·abc234', followed: true, finished: false, mine: true, stalled: null,
  counts: { passed: 3, agentFailed: 1, neverConnected: 0, needsALook: 0, stopped: 0, inProgress: 0 }, ...more,
});
const ended = { followed: false, finished: true };
const launch = (state, more = {}) => ({
  id: 'l1', state, name: 'Release', expectedCalls: 2, callsPlaced: null, looks: 0, nextLookAt: '2026-11-24T06:00:00Z', lastLookAt: null, startedAt: '2026-11-24T05:59:00Z',
  settled: false, otherAgent: null, resultId: null, code: null, waitSeconds: null, found: [], adopted: false, agentName: 'Bot', ...more,
});
const known = (more = {}) => ({ results: [], launches: [], connection: online, ...more });
const kinds = (news) => news.map((one) => `${one.kind} ${one.row?.id ?? one.launch?.state ?? one.connection.state}`);

/** Compares one after the other, and gives what was news each time. */
function told(...seen) {
  const comparison = new Comparison();
  return seen.map((one) => kinds(comparison.news(known(one))));
}

test('what was so at the start is no news, then or later', () => {
  const stalled = row(2, { stalled: { seconds: 400, usualSeconds: 100 } });
  const start = {
    results: [row(1, ended), stalled], launches: [launch('unknown', { looks: 3 })], connection: { ...online, state: 'key_rejected' },
  };
  assert.deepEqual(told(start, start), [[], []]);
});

test('a result that ends is told once', () => {
  assert.deepEqual(
    told({ results: [row(1)] }, { results: [row(1)] }, { results: [row(1, ended)] }, { results: [row(1)] }, { results: [row(1, ended)] }),
    [[], [], ['ended 1'], [], []],
  );
});

test('one placed here may begin and end between two looks; one of the server may be old', () => {
  assert.deepEqual(told({}, { results: [row(1, ended), row(2, { ...ended, mine: false })] }), [[], ['ended 1']]);
});

test('a listed result that was never followed does not end when its calls are counted', () => {
  assert.deepEqual(told({ results: [row(1, { followed: false, mine: false })] }, { results: [row(1, { ...ended, mine: false })] }), [[], []]);
});

test('a stall is told once, and the end after it too', () => {
  const stall = { results: [row(1, { stalled: { seconds: 400, usualSeconds: 100 } })] };
  assert.deepEqual(told({ results: [row(1)] }, stall, stall, { results: [row(1)] }, stall, { results: [row(1, ended)] }), [[], ['stalled 1'], [], [], [], ['ended 1']]);
});

test('a launch is told when it needs a person, and not while it is looked for the first time', () => {
  const steps = [
    launch('sending'), launch('unknown'), launch('unknown', { looks: 1 }), launch('unknown', { looks: 2 }), launch('unknown', { looks: 2, settled: true }),
  ].map((one) => ({ launches: [one] }));
  assert.deepEqual(told({}, ...steps), [[], [], [], ['launch unknown'], [], []]);
  assert.deepEqual(told({}, { launches: [launch('refused', { code: 'refused' })] }), [[], ['launch refused']]);
  assert.deepEqual(told({}, { launches: [launch('launched', { resultId: 7 })] }), [[], []]);
  assert.deepEqual(told({}, { launches: [launch('launched', { resultId: 7, otherAgent: 'Another' })] }), [[], ['launch launched']]);
});

test('a key that is refused is told, and again only after it was accepted', () => {
  const connection = (state) => ({ connection: { ...online, state } });
  assert.deepEqual(
    told(connection('online'), connection('offline'), connection('key_rejected'), connection('key_missing'), connection('online'), connection('key_rejected')),
    [[], [], ['connection key_rejected'], [], [], ['connection key_rejected']],
  );
});

test('the words name the result and lead to it', () => {
  const notice = noticeOf({ kind: 'ended', row: row(7, ended) });
  assert.deepEqual(notice, { title: 'All calls have ended', body: '“Release”: 3 passed, 1 agent failed.', route: '#/results/7' });
  assert.equal(inPractice(notice).title, 'Practice: All calls have ended');
  const stalled = noticeOf({ kind: 'stalled', row: row(7, { stalled: { seconds: 360, usualSeconds: 240 } }) });
  assert.equal(stalled.body, '“Release”: no change for 6 min, such calls usually take 4 min.');
  assert.equal(noticeOf({ kind: 'launch', launch: launch('unknown') }).route, '#/results');
  assert.equal(noticeOf({ kind: 'connection', connection: { ...online, state: 'key_rejected', code: 'bad_key' } }).route, '#/settings?part=key');
  assert.match(noticeOf({ kind: 'ended', row: row(7, { ...ended, name: 'a\u202eb\nc' }) }).body, /^“a\[RLO\]b c”/);
});

test('another workspace starts afresh, and an answer about the old one is dropped', async () => {
  /** @type {Array<(value: unknown) => void>} */
  const asked = [];
  const heard = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const watch = new Watch(() => new Promise((resolve) => asked.push(resolve)), (news) => heard.push(...kinds([news])));
  void watch.look();
  asked[0](known({ results: [row(1)] }));
  await settle();
  assert.equal(watch.following, true);
  void watch.look();
  watch.reset();
  asked[1](known({ results: [row(1, ended)] }));
  await settle();
  asked[2](known({ results: [row(1, ended)] }));
  await settle();
  assert.deepEqual(heard, []);
  void watch.look();
  asked[3](known({ results: [row(1, ended), row(9, ended)] }));
  await settle();
  assert.deepEqual(heard, ['ended 9']);
});
