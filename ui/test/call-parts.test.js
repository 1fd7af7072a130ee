// Lanes of sound, places in a conversation: the pure parts of a call.
import test from 'node:test';
import assert from 'node:assert/strict';
import { laidOut, landing, pattern, pieces, places, pointedAt, turnAt } from '../src/panels/call/find.js';
import { lanesOf, peaks, silences, skipTo, soundKind } from '../src/panels/call/wave.js';

const turn = (/** @type {number | null} */ at, /** @type {string} */ text, /** @type {any} */ tool = null) => /** @type {any} */ ({ speaker: 'agent', role: 'x', at, end: null, text, tool, silence: null });

test('peaks keep the loudest of each stretch and never more than asked for', () => {
  assert.deepEqual(peaks([0, 0.5, 0, 0, -0.9, 0], 3), [0.5, 0, 0.9]);
  assert.deepEqual(peaks([0.1], 5), [0.1]);
  assert.deepEqual(peaks([], 5), []);
  assert.deepEqual(peaks([Number.NaN, Infinity, 7], 3), [0, 0, 1]);
  assert.equal(peaks(new Float32Array(1_000_000).fill(0.2), 600).length, 600);
});

test('lanes come from the right channels', () => {
  const sound = (/** @type {number} */ channels) => ({ numberOfChannels: channels, getChannelData: (/** @type {number} */ at) => new Float32Array(8).fill(at === 0 ? 0.25 : 0.75) });
  assert.equal(lanesOf(sound(2), 0).caller[0], 0.25);
  assert.equal(lanesOf(sound(2), 1).caller[0], 0.75);
  assert.equal(lanesOf(sound(2), 1).agent[0], 0.25);
  assert.deepEqual(lanesOf(sound(1), null).caller, []);
});

test('only stretches in which both are silent are skipped, and no beginning is cut', () => {
  const agent = [1, 1, 0, 0, 0, 0, 0, 0, 1, 1];
  const caller = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
  const found = silences({ agent, caller }, 10);
  assert.deepEqual(found, [[3, 7.75]]);
  assert.equal(skipTo(found, 3.5), 7.75);
  assert.equal(skipTo(found, 2), null);
  assert.equal(skipTo(found, 7.75), null);
  assert.deepEqual(silences({ agent: [], caller: [] }, 10), []);
  assert.deepEqual(silences({ agent: [1, 1], caller: [1, 1] }, 0), []);
  assert.deepEqual(silences({ agent: [1, 0, 0, 0], caller: [] }, 4), [[1, 4]], 'silence to the end ends with the call');
});

test('a file is known by its first bytes', () => {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text).buffer;
  assert.equal(soundKind(/** @type {ArrayBuffer} */ (bytes('RIFF....WAVE'))), 'audio/wav');
  assert.equal(soundKind(/** @type {ArrayBuffer} */ (bytes('ID3.'))), 'audio/mpeg');
  assert.equal(soundKind(new Uint8Array([0xff, 0xfb, 0x90]).buffer), 'audio/mpeg');
  assert.equal(soundKind(/** @type {ArrayBuffer} */ (bytes('....ftypM4A '))), 'audio/mp4');
  assert.equal(soundKind(/** @type {ArrayBuffer} */ (bytes('<html>'))), '');
  assert.equal(soundKind(new ArrayBuffer(0)), '');
});

test('words are found as they stand, whatever their case and signs', () => {
  const turns = [turn(0, 'A. is not a* but A.'), turn(1, 'nothing'), turn(2, '', { id: null, name: 'place_order', arguments: '{"a.":1}', result: null })];
  assert.deepEqual(places(turns, 'a.'), [{ turn: 0, nth: 0 }, { turn: 0, nth: 1 }, { turn: 2, nth: -1 }]);
  assert.deepEqual(places(turns, '   '), []);
  assert.deepEqual(places(turns, '(['), []);
  assert.equal(places([turn(0, 'ÀÉ İstanbul 👩‍👧')], '👩‍👧').length, 1);
  assert.equal(places([turn(0, 'two\nlines here')], 'two lines').length, 1);
  assert.doesNotThrow(() => places([turn(0, 'x')], '\ud800'));
});

test('every sign of ASCII is found as itself, alone and within words', () => {
  for (let code = 0x21; code < 0x7f; code += 1) {
    const sign = String.fromCharCode(code);
    if (/[a-z0-9]/i.test(sign)) continue;
    assert.deepEqual(places([turn(0, `x ${sign} y`)], sign), [{ turn: 0, nth: 0 }], sign);
    assert.deepEqual(places([turn(0, `the e${sign}mail`), turn(1, 'the email, e mail')], `E${sign}MAIL`), [{ turn: 0, nth: 0 }], sign);
    assert.deepEqual(places([turn(0, `${sign}${sign}`)], `${sign}${sign}`), [{ turn: 0, nth: 0 }], sign);
  }
  assert.deepEqual(places([turn(0, 'Order MF-84301, please.')], 'mf-84301,'), [{ turn: 0, nth: 0 }]);
});

test('a text in pieces is the same text', () => {
  for (const text of ['', 'abcabc', 'xAbCx', 'İİabc', '\ud83d\ude00abc\ud83d\ude00']) {
    const cut = pieces(text, pattern('abc'));
    assert.equal(cut.map((piece) => piece.text).join(''), text);
  }
  assert.equal(pieces('abcabc', pattern('abc')).filter((piece) => piece.hit).length, 2);
});

test('a time leads to the turn that lasts then', () => {
  const turns = [turn(0, 'a'), turn(10.7, 'b'), turn(null, 'tool'), turn(20, 'c')];
  assert.equal(turnAt(turns, 5), 0);
  assert.equal(turnAt(turns, 15), 1);
  assert.equal(turnAt(turns, 99), 3);
  assert.equal(turnAt([], 5), -1);
  assert.equal(pointedAt(turns, 10), 1, 'whole seconds point at a turn that begins within them');
  assert.equal(pointedAt(turns, 0), 0);
  assert.equal(pointedAt([], 0), -1);
});

test('an explanation points at what begins within its second, the sentence before the tool', () => {
  const tool = { id: null, name: 'check', arguments: null, result: null };
  const said = (/** @type {number | null} */ at, speaker = 'agent') => ({ ...turn(at, 'x'), speaker });
  const used = (/** @type {number | null} */ at) => ({ ...turn(at, '', tool), speaker: 'tool' });
  /** @type {Array<[string, Array<any>, number, { turn: number, at: number }]>} */
  const table = [
    ['a turn late in the second', [said(0), said(24.6)], 24, { turn: 1, at: 24.6 }],
    ['a turn at the end of it', [said(0), said(24.94)], 24, { turn: 1, at: 24.94 }],
    ['the next second is another', [said(0), said(25)], 24, { turn: 0, at: 24 }],
    ['the middle of a long turn', [said(10), said(60)], 34, { turn: 0, at: 34 }],
    ['the sentence before the tool that begins after it', [said(0), said(24.2), used(24.8)], 24, { turn: 1, at: 24.2 }],
    ['the sentence after a tool', [said(0), used(24.2), said(24.8)], 24, { turn: 2, at: 24.8 }],
    ['the agent before the caller', [said(24.1, 'caller'), said(24.9)], 24, { turn: 1, at: 24.9 }],
    ['the first of two', [said(24.1, 'caller'), said(24.9, 'caller')], 24, { turn: 0, at: 24.1 }],
    ['a tool where nothing is said then', [said(10), used(24.3), said(30)], 24, { turn: 1, at: 24.3 }],
    ['a sentence goes on over a tool', [said(10), used(20), said(30)], 24, { turn: 0, at: 24 }],
    ['before the first turn', [said(3)], 1, { turn: 0, at: 3 }],
    ['turns without times', [said(null), said(null)], 5, { turn: 0, at: 5 }],
    ['no turns', [], 5, { turn: -1, at: 5 }],
  ];
  for (const [what, turns, seconds, expected] of table) {
    assert.deepEqual(landing(turns, seconds), expected, what);
    // Where it is a sentence, the sound is in it as well.
    if (turns[expected.turn]?.at !== null && turns[expected.turn]?.speaker === 'agent') assert.equal(turnAt(turns, expected.at), expected.turn, what);
  }
});

test('the use of a tool is not what is heard', () => {
  const tool = { id: null, name: 'check', arguments: null, result: null };
  assert.equal(turnAt([turn(0, 'a'), turn(5, '', tool), turn(9, 'b')], 7), 0);
  assert.equal(turnAt([turn(5, '', tool), turn(9, 'b')], 7), 0);
});

test('JSON is laid out, other text is left alone', () => {
  assert.equal(laidOut('{"a":[1]}'), '{\n  "a": [\n    1\n  ]\n}');
  assert.equal(laidOut('{broken'), '{broken');
  assert.equal(laidOut('{"id":12345678901234567890,"id":{},"s":"a, {b}: \\"c\\""}'), '{\n  "id": 12345678901234567890,\n  "id": {},\n  "s": "a, {b}: \\"c\\""\n}');
  const nested = { a: [1, { b: null }], c: 'x', d: [] };
  assert.equal(laidOut(JSON.stringify(nested)), JSON.stringify(nested, null, 2));
  assert.equal(laidOut('12345678901234567890'), '12345678901234567890', 'a number would lose digits');
  assert.equal(laidOut(''), '');
});
