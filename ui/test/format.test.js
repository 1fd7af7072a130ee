import test from 'node:test';
import assert from 'node:assert/strict';
import * as format from '../src/words/format.js';
import { cut, visible } from '../src/words/text.js';
import { countsInWords, judged, sum } from '../src/words/outcomes.js';

test('a language that is none becomes English', () => {
  for (const wrong of ['C', 'POSIX', '', 'en_GB.UTF-8', undefined, '\u0000']) assert.equal(format.safeLocale(wrong), 'en-GB');
  assert.equal(format.safeLocale('en-us'), 'en-US');
  assert.equal(format.safeLocale('de-DE'), 'en-GB');
});

test('lengths, moments and spans', () => {
  assert.equal(format.length(192), '3:12');
  assert.equal(format.length(3725), '1:02:05');
  assert.equal(format.length(0), '0:00');
  assert.equal(format.length(null), '–');
  assert.equal(format.length(Number.NaN), '–');
  assert.equal(format.moment(134.9), '02:14');
  assert.equal(format.duration(40), '40 s');
  assert.equal(format.duration(360), '6 min');
  assert.equal(format.duration(7500), '2 h 5 min');
  assert.equal(format.aboutMinutes(28, 36), 'about 28–36 min');
  assert.equal(format.range(3, 3), '3');
});

test('dates near and far, and text that is none', () => {
  const now = new Date(2026, 10, 23, 15, 0);
  assert.match(format.when(new Date(2026, 10, 23, 14, 3).toISOString(), now), /2:03|14:03/);
  assert.equal(format.when(new Date(2026, 10, 22, 23, 59).toISOString(), now), 'Yesterday');
  assert.match(format.when(new Date(2026, 10, 20, 9, 0).toISOString(), now), /20/);
  assert.match(format.when(new Date(2025, 10, 20, 9, 0).toISOString(), now), /2025/);
  assert.equal(format.when('the day before', now), 'the day before');
  assert.equal(format.when(null, now), '');
});

test('sizes and plurals', () => {
  assert.equal(format.size(0), '0 bytes');
  assert.equal(format.size(1_400_000), '1.4 MB');
  assert.equal(format.plural(1, 'call'), '1 call');
  assert.equal(format.digits(1204), '1204');
});

test('hidden characters become signs, and scripts keep their joiners', () => {
  assert.equal(visible('a\u202eb'), 'a[RLO]b');
  assert.equal(visible('a\u0000b\u001bc'), 'a␀b␛c');
  assert.equal(visible('a\u0085b'), 'a[U+0085]b');
  assert.equal(visible('one\r\ntwo\tthree'), 'one two three');
  assert.equal(visible('one\r\ntwo\tthree', true), 'one\ntwo\tthree');
  assert.equal(visible('\ud800x'), '\ufffdx');
  assert.equal(visible('x\udc00'), 'x\ufffd');
  assert.equal(visible('👩‍👩‍👧 می‌خواهم'), '👩‍👩‍👧 می‌خواهم');
  assert.equal(visible('<b>not markup</b>'), '<b>not markup</b>');
});

test('a cut never halves a character', () => {
  assert.deepEqual(cut('ab', 5), { text: 'ab', left: 0 });
  assert.deepEqual(cut('a👩b', 2), { text: 'a', left: 3 });
  assert.deepEqual(cut('a👩b', 3), { text: 'a👩', left: 1 });
});

test('counts add up', () => {
  const counts = { passed: 11, agentFailed: 5, neverConnected: 2, needsALook: 1, stopped: 0, inProgress: 5 };
  assert.equal(sum(counts), 24);
  assert.equal(judged(counts), 16);
  assert.equal(countsInWords(counts), '11 passed, 5 agent failed, 2 never connected, 1 needs a look, 5 in progress');
});
