// Notes: nothing typed is changed, overwritten or lost.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Notes } from '../src/data/notes.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const refusal = { code: 'disk_full', detail: null, problems: [], number: null };

/** A side that keeps notes, by hand. */
function made() {
  /** @type {Array<{ call: number, text: string, done(): void, fail(): void }>} */
  const asked = [];
  const of = { space: 1 };
  const notes = new Notes((call, text) => new Promise((resolve, reject) => asked.push({ call, text, done: () => resolve(null), fail: () => reject(refusal) })), () => of.space);
  return { asked, notes, of };
}

test('what is typed stays as it is typed, whatever is read meanwhile', async () => {
  const { asked, notes } = made();
  notes.type(7, 'hello ');
  void notes.flush(7);
  asked[0].done();
  await settle();
  assert.equal(notes.state(7), 'saved');
  assert.equal(notes.text(7, 'hello'), 'hello ', 'the blank stays');
  notes.type(7, 'hello world');
  assert.equal(notes.text(7, 'hello'), 'hello world');
  assert.equal(notes.state(7), 'typing');
  void notes.leave(7);
});

test('what comes during a save is kept right after it, also of a call that was left', async () => {
  const { asked, notes } = made();
  notes.type(7, 'one');
  void notes.flush(7);
  notes.type(7, 'one two');
  void notes.leave(7);
  notes.type(8, 'other');
  void notes.leave(8);
  assert.deepEqual(asked.map(({ call, text }) => [call, text]), [[7, 'one'], [8, 'other']]);
  asked[0].done();
  await settle();
  assert.deepEqual([asked[2].call, asked[2].text], [7, 'one two']);
  asked[1].done();
  asked[2].done();
  await settle();
  assert.equal(asked.length, 3);
  assert.equal(notes.text(7, null), 'one two', 'shown until it is read');
  notes.text(7, 'one two');
  assert.equal(notes.state(7), '', 'then it is let go');
});

test('a save that fails is told whatever call is open, and is tried again', async () => {
  const { asked, notes } = made();
  let told = 0;
  notes.addEventListener('change', () => (told += 1));
  notes.type(7, 'kept?');
  void notes.leave(7);
  asked[0].fail();
  await settle();
  assert.ok(told > 1);
  assert.equal(notes.state(7), 'failed');
  assert.equal(notes.error(9)?.code, 'disk_full');
  assert.equal(notes.text(7, null), 'kept?');
  const again = notes.flushAll();
  asked[1].done();
  await again;
  assert.equal(notes.error(), null);
});

test('ids mean nothing in another workspace, and what failed waits there', async () => {
  const { asked, notes, of } = made();
  notes.type(7, 'mine');
  void notes.flush(7);
  asked[0].fail();
  await settle();
  notes.reset();
  of.space = 2;
  assert.equal(notes.text(7, 'theirs'), 'theirs');
  assert.equal(notes.error(), null);
  await notes.flushAll();
  assert.equal(asked.length, 1);
  of.space = 1;
  assert.equal(notes.text(7, null), 'mine');
});
