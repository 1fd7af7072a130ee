import test from 'node:test';
import assert from 'node:assert/strict';
import { parseRoute, resultAddress } from '../src/router.js';

test('addresses name screens', () => {
  assert.equal(parseRoute('#/new')?.name, 'new');
  assert.equal(parseRoute('#/results')?.name, 'results');
  assert.equal(parseRoute('#/results/12')?.id, 12);
  assert.deepEqual([parseRoute('#/results/12/calls/34')?.id, parseRoute('#/results/12/calls/34')?.call], [12, 34]);
  assert.equal(parseRoute('#/new?agent=3')?.query.get('agent'), '3');
  assert.equal(parseRoute(resultAddress(5, 6))?.call, 6);
});

test('anything else names none', () => {
  for (const wrong of ['', '#', '#/', '#/nowhere', '#/results/x', '#/results/1/calls', '#/results/1/calls/x', '#/results/-1', '#/new/1', '#/results/1e9']) {
    assert.equal(parseRoute(wrong), null, wrong);
  }
});
