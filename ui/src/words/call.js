/** The words of one call. */

import { decimal, length, number, percent, plural } from './format.js';
import { outcomeWords } from './outcomes.js';
import { cut, visible } from './text.js';
import { whyWords } from './why.js';

/** @typedef {import('../host/types').CallView} CallView */
/** @typedef {import('../host/types').MetricView} MetricView */

export const words = {
  loading: 'Reading this call…',
  reading: 'Reading the conversation…',
  readingNote: 'This usually takes a few seconds.',
  close: 'Close this call',
  previous: 'Previous call',
  next: 'Next call',
  stop: 'Stop this call…',
  stopping: 'Being stopped…',
  stoppingNote: 'until the server confirms it',
  stopTitle: 'Stop this call?',
  stopText: 'It ends now, and may still cost what it has used. The other calls of this result go on. Linecheck repeats the request until the server confirms it.',
  stopYes: 'Stop this call',
  copy: 'Copy this call',
  saveSound: 'Save a copy of the recording…',
  savedSound: /** @param {string} path */ (path) => `Written to ${path}.`,
  listen: 'Listen live',
  open: 'Open in Cekura',
  copyLink: 'Copy link',
  more: 'More',
  expected: 'What was expected',
  met: 'Met',
  notMet: 'Not met',
  came: 'What came:',
  judgeSays: 'The judge:',
  prompt: 'As the evaluator puts it',
  metrics: 'Metrics',
  decides: 'decides the outcome',
  error: 'Error message',
  ended: 'Ended',
  started: 'Started',
  outcome: 'Outcome',
  reviewed: 'reviewed by a person',
  mocked: 'Mocked tools',
  transcript: 'Conversation',
  noTranscript: 'No conversation',
  noTranscriptYet: 'The conversation appears here once the call has ended.',
  noTranscriptEver: 'Nothing was said in this call, or it was not kept.',
  notRead: 'Not read yet',
  notReadText: 'Of this call only its outcome has been read so far. What was said, and whether it was recorded, is still on the server.',
  find: 'Find in the conversation',
  findPrevious: 'Previous place',
  findNext: 'Next place',
  found: /** @param {number} at @param {number} all */ (at, all) => (all === 0 ? 'Not found' : `${number(at)} of ${number(all)}`),
  silence: /** @param {number} seconds */ (seconds) => `${decimal(seconds)} s of silence`,
  agent: 'Agent',
  caller: 'Caller',
  tool: 'Agent used a tool',
  arguments: 'Given',
  result: 'Came back',
  noAnswer: 'no answer',
  answered: 'answered',
  play: 'Play',
  pause: 'Pause',
  fetching: 'Fetching…',
  position: 'Place in the recording',
  speed: 'Speed',
  skip: 'Skip silence',
  gone: 'The recording is gone. The conversation below is still here.',
  notRecorded: 'This call was not recorded.',
  noSoundYet: 'The recording comes after the call has ended.',
  unplayable: 'This recording cannot be played here. Save it, and play it with another program.',
  note: 'Note for your team (kept with this call)',
  noteLabel: 'Note',
  noteSaved: 'Saved.',
  noteSaving: 'Saving…',
  noteFailed: 'Not saved',
  noteLost: 'A note could not be kept.',
  noteLostTodo: 'It stays here while Linecheck is open.',
  judge: 'Judge is wrong',
  judgeRight: 'Your verdict',
  sayPassed: 'It passed',
  sayFailed: 'The agent failed',
  sayNone: 'Take my verdict back',
  reviewedPassed: 'You say: passed',
  reviewedFailed: 'You say: agent failed',
  notSent: 'Kept here; the server does not know it yet.',
  right: /** @param {string} what */ (what) => `The judge is right about ${what}`,
  wrong: /** @param {string} what */ (what) => `The judge is wrong about ${what}`,
  expectedOutcome: 'the expected outcome',
  saidThere: /** @param {boolean} up */ (up) => (up ? 'Marked right on the server' : 'Marked wrong on the server'),
  toTime: /** @param {string} at */ (at) => `Go to ${at}`,
  linkOutside: 'opens in the browser',
};

/** "Time 2 of 6 · Elderly, noisy line · 5:12" without the caller's name, which is another's text. @param {CallView['row']} row */
export const timeWords = (row) => `Time ${number(row.time)} of ${number(Math.max(row.of, row.time))}`;
export const lengthWords = length;

/** "Expected outcome not met (50%)" @param {import('../host/types').ExpectedView} expected */
export function expectedWords(expected) {
  if (expected.score === null) return 'Expected outcome';
  const share = ` (${percent(expected.score / 100)})`;
  if (expected.score >= 100) return 'Expected outcome met';
  return expected.score <= 0 ? 'Expected outcome not met' : `Expected outcome not fully met${share}`;
}

/** Whether a reason stands among the criteria. @param {string} text @param {ReadonlyArray<import('../host/types').CriterionView>} criteria */
export const isTold = (text, criteria) => criteria.some((one) => [one.text, one.came, one.judge].some((part) => part?.includes(text)));

/**
 * A metric as value and colour. Ratings are 0 to 5 and are shown as percent.
 * @param {MetricView} metric
 * @returns {{ value: string, foreign: boolean, tone: 'pass' | 'fail' | 'look' | 'wait', word: string }} `foreign`: the value is another's text
 */
export function metricWords(metric) {
  const plain = (/** @type {string} */ value, tone = /** @type {'pass' | 'fail' | 'look' | 'wait'} */ ('wait'), word = '') => ({ value, foreign: false, tone, word: word || value });
  switch (metric.kind) {
    case 'yes_no':
      if (metric.passed === null) return plain('–', 'wait', 'not said');
      return metric.passed ? plain('✓', 'pass', 'passed') : plain('✕', 'fail', 'failed');
    case 'rating': {
      if (metric.value === null) return plain('–', 'wait', 'not said');
      const share = metric.value / 5;
      return plain(percent(share), share >= 0.8 ? 'pass' : share >= 0.5 ? 'look' : 'fail');
    }
    case 'number':
      if (metric.value === null) return plain('–', 'wait', 'not said');
      return metric.unit === 'ms' ? plain(metric.value >= 1000 ? `${decimal(metric.value / 1000)} s` : `${number(metric.value)} ms`, 'look') : { value: `${decimal(metric.value)}${metric.unit ? ` ${metric.unit}` : ''}`, foreign: Boolean(metric.unit), tone: 'look', word: '' };
    case 'category':
      return { value: metric.text ?? '–', foreign: true, tone: 'look', word: '' };
    default: {
      if (metric.passed !== null) return metric.passed ? plain('✓', 'pass', 'passed') : plain('✕', 'fail', 'failed');
      if (metric.value !== null) return plain(decimal(metric.value), 'wait');
      return { value: metric.text ?? '–', foreign: true, tone: 'wait', word: '' };
    }
  }
}

/** @param {number} count */
export const turns = (count) => plural(count, 'turn');

export const speeds = [1, 1.25, 1.5, 2];

/** A call as text for a chat or an e-mail. @param {CallView} view @param {string} note */
export function callText(view, note) {
  const { row, expected } = view;
  const { say, text, side } = whyWords(row.why);
  const more = [text && visible(cut(text, 600).text), side].filter(Boolean).join(', ');
  const lines = [
    [visible(view.evaluatorName), timeWords(row), row.callerName && visible(row.callerName)].filter(Boolean).join(', '),
    `${outcomeWords(row.outcome).Word}: ${say}${more ? ` (${more})` : ''}`,
    ...(expected?.criteria ?? []).map((one) => `- ${one.met === null ? '' : one.met ? 'met: ' : 'not met: '}${visible(cut(one.text, 600).text)}${one.came ? ` (${words.came} ${visible(cut(one.came, 600).text)})` : ''}`),
  ];
  if (note.trim()) lines.push('', `Note: ${visible(note.trim(), true)}`);
  return lines.join('\n');
}
