// The list of results: pages as they are needed, and only those again that changed.
import test from 'node:test';
import assert from 'node:assert/strict';
import { deliver } from '../src/data/feed.js';
import { PAGE, ResultsList, unfiltered } from '../src/data/results-list.js';

let seq = 0;
const notice = (/** @type {object} */ changes) => deliver(/** @type {never} */ ({ seq: ++seq, changes }));
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A server side with so many results; remembers what was asked for. @param {number} total */
function world(total) {
  const of = { total, asked: /** @type {Array<number>} */ ([]), fail: false, first: 1 };
  const read = async (/** @type {any} */ query) => {
    of.asked.push(query.offset);
    if (of.fail) throw { code: 'gone', detail: null, problems: [], number: null };
    const rows = Array.from({ length: Math.max(0, Math.min(query.limit, of.total - query.offset)) }, (_, at) => ({ id: of.first + query.offset + at }));
    return /** @type {any} */ ({ total: of.total, rows, state: 'ready', error: null });
  };
  return { of, list: new ResultsList(unfiltered, read) };
}

test('the first page is read, the others when they are needed, each once', async () => {
  const { of, list } = world(1000);
  const close = list.open();
  await settled();
  assert.equal(list.rows?.length, 1000);
  assert.equal(list.rows?.[0]?.id, 1);
  assert.equal(list.rows?.[PAGE], null);
  list.need(PAGE * 3 + 5);
  list.need(PAGE * 3 + 6);
  list.need(3);
  await settled();
  assert.deepEqual(of.asked, [0, PAGE * 3]);
  assert.equal(list.rows?.[PAGE * 3]?.id, PAGE * 3 + 1);
  close();
});

test('a changed call reads its page again and no other', async () => {
  const { of, list } = world(1000);
  const close = list.open();
  await settled();
  list.need(PAGE * 2);
  await settled();
  of.asked.length = 0;
  list.visible = () => [PAGE * 2, PAGE * 2 + 20];
  notice({ calls: [PAGE * 2 + 7] });
  await settled();
  assert.deepEqual(of.asked, [PAGE * 2]);
  close();
  notice({ calls: [1] });
  await settled();
  assert.equal(of.asked.length, 1, 'a closed list hears nothing');
});

test('a new result moves every page: those on the screen are read again', async () => {
  const { of, list } = world(1000);
  list.visible = () => [PAGE - 5, PAGE + 5];
  const close = list.open();
  await settled();
  list.need(PAGE);
  await settled();
  of.total = 1001;
  of.first = 0;
  notice({ calls: [0] });
  await settled();
  await settled();
  assert.equal(list.rows?.length, 1001);
  const ids = list.rows?.slice(0, PAGE * 2).map((row) => row?.id);
  assert.equal(new Set(ids).size, PAGE * 2, 'no result stands there twice');
  assert.equal(ids?.[0], 0);
  close();
});

test('a notice that names results and calls reads each page once', async () => {
  const { of, list } = world(300);
  const close = list.open();
  await settled();
  of.asked.length = 0;
  notice({ results: [7], calls: [7] });
  await settled();
  assert.deepEqual(of.asked, [0]);
  notice({ calls: [7], results: [] });
  await settled();
  assert.deepEqual(of.asked, [0, 0]);
  close();
});

test('changes during a read cause one more', async () => {
  const { of, list } = world(10);
  const close = list.open();
  notice({ results: [] });
  notice({ results: [] });
  notice({ results: [] });
  await settled();
  assert.deepEqual(of.asked, [0, 0]);
  close();
});

test('an error keeps what was shown, and goes with the next good answer', async () => {
  const { of, list } = world(3);
  const close = list.open();
  await settled();
  of.fail = true;
  notice({ results: [] });
  await settled();
  assert.equal(list.error?.code, 'gone');
  assert.equal(list.rows?.length, 3);
  of.fail = false;
  of.total = 2;
  notice({ results: [] });
  await settled();
  assert.equal(list.error, null);
  assert.equal(list.rows?.length, 2);
  close();
});

test('what has not changed stays the same, so that nobody draws it anew', async () => {
  const { list } = world(3);
  const close = list.open();
  await settled();
  const before = list.rows;
  notice({ calls: [2] });
  await settled();
  assert.equal(list.rows, before, 'the same answer');
  list.read = async () => /** @type {any} */ ({ total: 3, rows: [{ id: 1 }, { id: 2, name: 'new' }, { id: 3 }], state: 'ready', error: null });
  notice({ calls: [2] });
  await settled();
  assert.notEqual(list.rows, before);
  assert.deepEqual(list.rows?.map((row, at) => row === before?.[at]), [true, false, true]);
  close();
});

test('after scrolling far a notice reads what is on the screen, and nothing else until it is needed', async () => {
  const { of, list } = world(10_000);
  const close = list.open();
  await settled();
  for (let at = 0; at < 10_000; at += PAGE) list.need(at);
  await settled();
  assert.equal(of.asked.length, 200, 'all of it has been scrolled through');
  list.visible = () => [9 * PAGE - 3, 9 * PAGE + 12];
  for (const changes of [{ results: [] }, { calls: [] }, { results: [3], calls: [3, 9 * PAGE + 1] }]) {
    of.asked.length = 0;
    notice(changes);
    await settled();
    assert.deepEqual(of.asked.sort((one, other) => one - other), [8 * PAGE, 9 * PAGE], JSON.stringify(changes));
  }
  of.asked.length = 0;
  notice({ calls: [20 * PAGE + 1] });
  await settled();
  assert.equal(of.asked.length, 0, 'it is not on the screen');
  list.need(20 * PAGE + 1);
  await settled();
  assert.deepEqual(of.asked, [20 * PAGE]);
  close();
});

test('a page that changed while nobody saw it is read when somebody does, and shown as it was until then', async () => {
  const { of, list } = world(1000);
  const close = list.open();
  await settled();
  list.need(PAGE * 4);
  await settled();
  of.asked.length = 0;
  notice({ calls: [PAGE * 4 + 1] });
  await settled();
  assert.deepEqual(of.asked, []);
  assert.equal(list.rows?.[PAGE * 4]?.id, PAGE * 4 + 1);
  list.need(PAGE * 4);
  list.need(PAGE * 4 + 1);
  await settled();
  assert.deepEqual(of.asked, [PAGE * 4]);
  close();
});

test('rows that have moved away from the screen are empty until they are needed', async () => {
  const { of, list } = world(1000);
  const close = list.open();
  await settled();
  list.need(PAGE * 4);
  await settled();
  of.total = 1001;
  of.first = 0;
  of.asked.length = 0;
  notice({ results: [] });
  await settled();
  assert.deepEqual(of.asked, [0]);
  assert.equal(list.rows?.[PAGE * 4], null);
  list.need(PAGE * 4);
  await settled();
  assert.equal(list.rows?.[PAGE * 4]?.id, PAGE * 4);
  close();
});

test('a list that became shorter than where it was scrolled to is read where it ends', async () => {
  const { of, list } = world(1000);
  const close = list.open();
  await settled();
  list.need(900);
  await settled();
  list.visible = () => [900, 915];
  of.total = 120;
  notice({ results: [] });
  await settled();
  assert.equal(list.rows?.length, 120);
  list.need(119);
  await settled();
  assert.equal(list.rows?.[119]?.id, 120);
  close();
});
