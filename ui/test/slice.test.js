import test from 'node:test';
import assert from 'node:assert/strict';
import { slice } from '../src/parts/slice.js';

const view = { height: 400, rowHeight: 40, count: 10_000, spare: 8 };

test('draws what is in view and a few around it', () => {
  assert.deepEqual(slice({ ...view, top: 0 }), { from: 0, to: 18 });
  assert.deepEqual(slice({ ...view, top: 4000 }), { from: 92, to: 118 });
});

test('never more rows than there are, also after the list has become short', () => {
  assert.deepEqual(slice({ ...view, top: 400_000 - 400 }), { from: 9982, to: 10_000 });
  assert.deepEqual(slice({ ...view, top: 9000, count: 3 }), { from: 3, to: 3 });
  assert.deepEqual(slice({ ...view, top: 0, count: 0 }), { from: 0, to: 0 });
});

test('the number of rows in the page does not grow with the list', () => {
  for (let top = 0; top < 390_000; top += 377) {
    const { from, to } = slice({ ...view, top });
    assert.ok(to - from <= 28);
    assert.ok(from * 40 <= top && to * 40 >= Math.min(top + 400, 400_000));
  }
});
