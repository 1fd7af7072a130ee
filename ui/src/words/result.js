/** The words of one result: its one sentence, what to know about it, and the summary to copy. */

import { countsInWords, judged, order, outcomeWords, outcomes, sum } from './outcomes.js';
import { serverName, shortcut } from './common.js';
import { duration, number, plural } from './format.js';
import { cut, visible } from './text.js';
import { failedCheck, shared, whyBriefly, whyWords } from './why.js';

/** @typedef {import('../host/types').ResultView} ResultView */
/** @typedef {import('../host/types').HeadlineView} HeadlineView */
/** @typedef {import('../host/types').RepeatPart} RepeatPart */

export const words = {
  loading: 'Reading this result…',
  loadingNote: 'A large one takes a few seconds the first time.',
  noName: 'Result without a name',
  overview: 'What it comes to',
  timeOf: /** @param {number} time @param {number} of */ (time, of) => `Time ${time} of ${of}`,
  openedCall: /** @param {string} name @param {number} time @param {number} of @param {string} outcome */ (name, time, of, outcome) => `${name}, time ${time} of ${of}, ${outcome}`,
  leftOut: /** @param {number} count */ (count) => `${count === 1 ? 'One evaluator is' : `${number(count)} evaluators are`} gone and left out.`,
  notTheSame: 'The plan is not quite the same as what was run.',
  toPlan: 'Go on to the plan',
  stop: 'Stop…',
  stopping: 'Stopping…',
  runAgain: 'Run again',
  share: 'Share',
  copySummary: 'Copy summary',
  saveFile: 'Save as a file…',
  savedFile: /** @param {string} path */ (path) => `Written to ${path}.`,
  copyLink: 'Copy link',
  open: 'Open in Cekura',
  copied: 'Copied.',
  notCopied: 'The clipboard did not take it.',
  nowhere: 'There is no page to open for this.',
  notHeard: 'This call cannot be listened to from here, and there is no page to open for it.',
  ask: 'Ask about the failures…',
  keys: 'Keys',
  started: 'started',
  mocksAll: 'all tools mocked',
  mocksNone: 'tools really act',
  mocksSome: /** @param {number} count */ (count) => `${plural(count, 'tool')} mocked`,
  moreCallouts: /** @param {number} count */ (count) => `${number(count)} more to know`,
  find: 'Find in this result',
  findLabel: 'Find evaluators, callers, reasons in this result',
  outcome: 'Outcome',
  anyOutcome: 'Any outcome',
  cause: 'Cause',
  anyCause: 'Any cause',
  caller: 'Caller',
  anyCaller: 'Any caller',
  tag: 'Tag',
  anyTag: 'Any tag',
  clear: 'Show all',
  onlyCold: 'Late first word',
  onlyUnjudged: 'Without a judgement',
  without: /** @param {string} said */ (said) => `Only: ${said}. Press to show the others too`,
  view: 'Shown as',
  views: { evaluators: 'Evaluators', causes: 'Causes', calls: 'Calls' },
  evaluator: 'Evaluator',
  times: 'Times',
  wrong: 'What went wrong',
  length: 'Length',
  usualLength: 'Usual length of these calls',
  causeHead: 'What went wrong',
  causeOutcome: 'Outcome',
  callHead: 'Call',
  choose: 'Choose',
  chooseAll: 'Choose all that are shown',
  flaky: 'flaky',
  flakyInFull: 'Judged calls of this evaluator disagree',
  fixed: /** @param {number} on */ (on) => `fixed on try ${on}`,
  fixedInFull: /** @param {number} on */ (on) => `It went wrong here; all of that passes since the ${ordinal(on)} try`,
  reviewed: 'reviewed by a person',
  noted: 'has a note',
  voted: 'voted on',
  saidReviewed: 'reviewed',
  saidNoted: 'note',
  untold: 'kept here only',
  gone: 'deleted evaluator',
  nothingWrong: '–',
  nothingTitle: 'Nothing fits',
  nothingText: 'No call of this result fits what is chosen.',
  noCallsTitle: 'No calls yet',
  noCallsText: 'They appear here as the server names them.',
  noCauses: 'Nothing went wrong so far.',
  summary: /** @param {boolean} practice */ (practice) => `What ${serverName(practice)} says about it`,
  summaryNote: /** @param {boolean} practice */ (practice) => (practice ? 'Made up by the practice studio.' : 'Written by Cekura, not by Linecheck.'),
  whatHappened: 'What happened',
  whyItHappened: 'Why it happened',
  howToFix: 'How to fix it',
  nextSteps: 'Next steps',
  reasons: 'Reasons',
  moreCalls: /** @param {number} count */ (count) => `+${number(count)}`,
  moreCallsInFull: /** @param {number} count */ (count) => `${plural(count, 'more call')}: show each`,
  ofCalls: /** @param {number} shown @param {number} all */ (shown, all) => (shown === all ? plural(all, 'call') : `${number(shown)} of ${plural(all, 'call')}`),
};

/**
 * The one sentence on top, in pieces: the verdict, the reason in our words, and the reason the
 * failures share, which is partly another's text.
 * @param {HeadlineView} head
 * @param {boolean} finished
 * @returns {{ verdict: string, why: string, cause: string, tone: 'pass' | 'fail' | 'look' | 'wait' }}
 */
export function headlineWords(head, finished) {
  const soFar = finished ? '' : ' so far';
  const evaluators = (/** @type {number} */ count) => plural(count, 'evaluator');
  switch (head.fitness) {
    case 'fit':
      return {
        verdict: 'Fit',
        why: head.judged === 1 ? 'the one judged call passed' : `all ${number(head.judged)} judged calls passed, of ${evaluators(head.evaluators)}`,
        cause: '', tone: 'pass',
      };
    case 'not_fit': {
      const sometimes = Math.max(0, head.failing - head.alwaysFailing);
      const fail = (/** @type {number} */ count) => (count === 1 ? 'fails' : 'fail');
      const why = head.alwaysFailing === 0
        ? `${number(sometimes)} of ${evaluators(head.evaluators)} ${fail(sometimes)} some of the time${soFar}`
        : `${number(head.alwaysFailing)} of ${evaluators(head.evaluators)} ${fail(head.alwaysFailing)} every time${sometimes > 0 ? ` and ${number(sometimes)} some of the time` : ''}${soFar}`;
      return {
        verdict: 'Not fit', why,
        cause: head.cause ? causeOf(head.cause, head.oneCause ? 'always' : 'mostly') : '',
        tone: 'fail',
      };
    }
    case 'running': {
      return {
        verdict: 'Running',
        why: head.judged === 0 ? 'no call has been judged yet' : `${number(head.passed)} of ${plural(head.calls, 'call')} passed, nothing has failed so far`,
        cause: '', tone: 'wait',
      };
    }
    default:
      return {
        verdict: 'Too little to say',
        why: head.judged === 0
          ? `none of ${plural(head.calls, 'call')} was judged`
          : `only ${number(head.judged)} of ${plural(head.calls, 'call')} ${head.judged === 1 ? 'was' : 'were'} judged${head.unjudged > 0 ? `, and ${evaluators(head.unjudged)} not at all` : ''}`,
        cause: '', tone: 'look',
      };
  }
}

/**
 * The counts of all calls there are. Those that have not been named yet count as in progress; the
 * rest that stands in no count is said beside the sum.
 * @param {Pick<ResultView, 'row' | 'unreadable'>} view
 * @returns {{ counts: import('../host/types').CountsView, more: string }}
 */
export function allOf({ row, unreadable }) {
  const missing = Math.max(0, row.calls - sum(row.counts) - unreadable);
  const coming = row.finished ? 0 : missing;
  const more = [
    coming > 0 ? `${number(coming)} not named yet` : '',
    missing > coming ? `+ ${number(missing)} not read` : '',
    unreadable > 0 ? `+ ${number(unreadable)} unreadable` : '',
  ];
  return { counts: coming > 0 ? { ...row.counts, inProgress: row.counts.inProgress + coming } : row.counts, more: more.filter(Boolean).join(', ') };
}

/** "always failed: …". @param {import('./why.js').WhyView} why @param {string} often */
function causeOf(why, often) {
  const check = failedCheck(why);
  return check === null ? `${often}: ${whyBriefly(shared(why))}` : `${often} failed: ${check}`;
}

/** The sentence as one text. @param {ResultView} view */
export function headlineText(view) {
  const { verdict, why, cause } = headlineWords(view.headline, view.row.finished);
  return `${verdict}: ${why}${cause ? `, ${visible(cut(cause, 400).text)}` : ''}.`;
}

/** What people have said of a call: verdict, votes, note. @param {Pick<import('../host/types').CallRowView, 'reviewed' | 'voted' | 'noted' | 'untold'>} call @param {'short' | 'full'} [how] @returns {Array<string>} */
export function saidOf(call, how = 'short') {
  const short = how === 'short';
  return [
    call.reviewed ? (short ? words.saidReviewed : words.reviewed) : '',
    call.voted ? words.voted : '',
    call.noted ? (short ? words.saidNoted : words.noted) : '',
    call.untold ? words.untold : '',
  ].filter(Boolean);
}

/** The same of the calls that share a cause. @param {ReadonlyArray<Pick<import('../host/types').CallRowView, 'voted' | 'noted'>>} calls */
export function saidOfAll(calls) {
  const [votes, notes] = [calls.filter((call) => call.voted).length, calls.filter((call) => call.noted).length];
  return [votes > 0 ? `${number(votes)} voted on` : '', notes > 0 ? plural(notes, 'note') : ''].filter(Boolean).join(', ');
}

/** The result as text for a chat or an e-mail. @param {ResultView} view @param {ReadonlyMap<number, string>} [notes] by call */
export function summaryText(view, notes = new Map()) {
  const { row, causes } = view;
  const { counts, more: rest } = allOf(view);
  const name = visible(row.name) || words.noName;
  const lines = [
    row.agentName ? `${name} (${visible(row.agentName)})` : name,
    headlineText(view),
    `${plural(sum(counts), 'call')}${rest ? ` (${rest})` : ''}: ${countsInWords(counts)}. ${row.counts.passed} of ${judged(row.counts)} judged calls passed.`,
  ];
  const shown = causes.slice(0, 12);
  if (shown.length > 0) {
    lines.push('', 'What went wrong:');
    for (const cause of shown) {
      const { say, text, side } = whyWords(shared(cause.why));
      const more = [text && visible(cut(text, 300).text), side].filter(Boolean).join(', ');
      lines.push(`- ${plural(cause.calls.length, 'call')}, ${outcomeWords(cause.outcome).word}: ${say}${more ? ` (${more})` : ''}`);
    }
    if (causes.length > shown.length) lines.push(`- and ${number(causes.length - shown.length)} more`);
  }
  const noted = view.groups.flatMap((group) => (group.calls ?? []).filter((call) => notes.get(call.id)).map((call) => `- ${visible(group.name)}, time ${call.time} of ${call.of}, ${outcomeWords(call.outcome).word}: ${visible(notes.get(call.id) ?? '', true)}`));
  if (noted.length > 0) lines.push('', 'Notes:', ...noted);
  return lines.join('\n');
}

/**
 * @typedef {object} Callout
 * @property {string} code for tests and keys
 * @property {'bad' | 'lost' | 'look' | 'wait' | 'info'} tone
 * @property {string} say
 * @property {string} [todo]
 * @property {CalloutAction} [action]
 * @property {CalloutAction} [also] what else may be done, after that
 */
/** @typedef {{ word: string, act: 'show-why' | 'repeat-lost' | 'repeat-all' | 'open-outside' | 'stop' | 'show-nothing-judged' | 'show-in-progress' | 'show-cold' | 'open-result', result?: number, why?: ReadonlyArray<string> }} CalloutAction */

/** @param {number} calls */
const show = (calls) => `Show ${calls === 1 ? 'it' : 'them'}`;

/**
 * What a person should know before reading on, the gravest first.
 * @param {ResultView} view @param {boolean} [practice] the practice studio is open
 * @returns {Array<Callout>}
 */
export function callouts(view, practice = false) {
  /** @type {Array<Callout>} */
  const found = [];
  const { row, launch } = view;
  if (launch?.otherAgent) {
    found.push({
      code: 'other-agent', tone: 'bad',
      say: `These calls reach another agent: ${visible(cut(launch.otherAgent, 120).text)} instead of ${visible(cut(launch.agentName, 120).text)}.`,
      todo: row.finished ? 'They say nothing about the agent you chose.' : 'Stop them, unless this is what you meant.',
      ...(row.finished || view.stopping ? {} : { action: { word: 'Stop these calls…', act: /** @type {const} */ ('stop') } }),
    });
  }
  if (view.launchLost) {
    found.push({
      code: 'launch-lost', tone: 'lost',
      say: 'How these calls were placed is no longer known.',
      todo: 'The record of this launch was lost with the journal. Everything else about the result is here.',
    });
  }
  if (view.stopping) found.push({ code: 'stopping', tone: 'wait', say: 'The calls are being ended.', todo: 'This stays until the server confirms it.' });
  if (view.atLimit > 0) {
    const those = view.atLimit === 1 ? 'that one' : `those ${number(view.atLimit)}`;
    found.push({
      code: 'at-limit', tone: 'lost',
      say: `${plural(view.atLimit, 'call')} never started: your Pipecat agent was at its limit.`,
      todo: `${view.atLimit === 1 ? 'It says' : 'They say'} nothing about the agent. Run ${view.atLimit === 1 ? 'it' : 'them'} again with fewer at once?${view.again.atLimit.upTo > view.atLimit ? ` That makes up to ${plural(view.again.atLimit.upTo, 'call')}.` : ''}`,
      action: { word: `Run ${those} again`, act: 'repeat-lost' },
    });
  }
  for (const { code, why, say, todo } of limits(practice)) {
    const calls = view.causes.reduce((all, cause) => all + (cause.why.code === why ? cause.calls.length : 0), 0);
    if (calls > 0) found.push({ code, tone: 'bad', say: `${plural(calls, 'call')} never started: ${say}.`, todo: `${calls === 1 ? 'It says' : 'They say'} nothing about the agent. ${todo}`, action: { word: show(calls), act: 'show-why', why: [why] } });
  }
  if (row.stalled && !row.finished) {
    found.push({
      code: 'stalled', tone: 'wait',
      say: `No change for ${duration(row.stalled.seconds)}; such calls usually take ${duration(row.stalled.usualSeconds)}.`,
      todo: 'Linecheck goes on looking. You may stop these calls, or leave them.',
      ...(view.stopping ? {} : { action: { word: 'Stop these calls…', act: /** @type {const} */ ('stop') } }),
    });
  }
  if (view.judgingAfterEnd > 0) {
    found.push({
      code: 'judging-after-end', tone: 'wait',
      say: `${practice ? 'The practice studio' : 'Cekura'} calls this result completed, and ${plural(view.judgingAfterEnd, 'call')} ${view.judgingAfterEnd === 1 ? 'is' : 'are'} still in progress.`,
      todo: 'The counts change until every call has ended.',
      action: { word: show(view.judgingAfterEnd), act: 'show-in-progress' },
    });
  }
  if (view.nothingJudged > 0) {
    found.push({
      code: 'nothing-judged', tone: 'look',
      say: `${plural(view.nothingJudged, 'call')} ended without a judgement.`,
      todo: `${view.nothingJudged === 1 ? 'It only shows' : 'They only show'} that the line connects. ${practice ? 'Such an evaluator has no expected outcome.' : 'Where an evaluator has no expected outcome, give it one on Cekura.'}`,
      action: { word: show(view.nothingJudged), act: 'show-nothing-judged' },
    });
  }
  if (view.coldStarts > 0) {
    found.push({
      code: 'cold-starts', tone: 'lost',
      say: `In ${plural(view.coldStarts, 'call')} the agent took unusually long to say its first word.`,
      todo: 'It may have been started cold. Keep an instance of it warm on Pipecat Cloud, then run them again.',
      action: { word: show(view.coldStarts), act: 'show-cold' },
      also: { word: 'Run all again', act: 'repeat-all' },
    });
  }
  if (view.unreadable > 0) {
    found.push({
      code: 'unreadable', tone: 'bad',
      say: `${plural(view.unreadable, 'call')} of this result could not be read.`,
      todo: `The others are not affected. Those are not in the counts${view.dashboard ? '; look at them in Cekura' : ''}.`,
      ...(view.dashboard ? { action: { word: words.open, act: /** @type {const} */ ('open-outside') } } : {}),
    });
  }
  if (view.parent) {
    found.push({
      code: 'parent', tone: 'info',
      say: `This repeats a part of “${visible(cut(view.parent.name, 120).text) || words.noName}”: ${partWords(view.parent.part)}.`,
      ...(view.parent.fixed.length > 0 ? { todo: `${plural(view.parent.fixed.length, 'evaluator')} that went wrong there ${view.parent.fixed.length === 1 ? 'passes' : 'pass'} here.` } : {}),
      action: { word: 'Open it', act: 'open-result', result: view.parent.result },
    });
  }
  // They come oldest first; the latest says most.
  for (const later of [...view.repeats].reverse().slice(0, 5)) {
    const name = visible(cut(later.name, 120).text) || words.noName;
    found.push({
      code: 'repeat', tone: 'info',
      say: later.fixed.length > 0
        ? `${plural(later.fixed.length, 'evaluator')} that went wrong here ${later.fixed.length === 1 ? 'was' : 'were'} fixed on the ${triesOf(later.fixed)}.`
        : `A part of this was run again: ${partWords(later.part)}.`,
      todo: `In “${name}”: ${countsInWords(later.counts)}.`,
      action: { word: 'Open it', act: 'open-result', result: later.result },
    });
  }
  return found;
}

/** Limits that are not the agent's. @param {boolean} practice */
const limits = (practice) => [
  { code: 'no-credits', why: 'no_credits', say: practice ? 'there were no pretend credits left' : 'there were no credits left', todo: practice ? 'Run again what never connected when there are some again.' : 'Add credits at Cekura, then run again what never connected.' },
  { code: 'account-limit', why: 'account_limit', say: 'a limit of the account was reached', todo: practice ? 'Run again what never connected later.' : 'Look at the limits of your plan at Cekura, then run again what never connected.' },
];

/** What a filter by codes of reasons leaves. @param {ReadonlyArray<string>} codes */
export const onlyWhy = (codes) => (codes.includes('no_judgement') ? words.onlyUnjudged : codes.map((code) => whyWords({ code, text: null, side: null, number: null }).say).join(' or '));

/** @param {number} count */
const ordinal = (count) => ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth'][count] ?? `${count}th`;

/** "second try", "second or third try". @param {ReadonlyArray<import('../host/types').FixedView>} fixed */
const triesOf = (fixed) => `${[...new Set(fixed.map(({ onTry }) => onTry))].sort((one, other) => one - other).map(ordinal).join(' or ')} try`;

/** @param {RepeatPart} part */
export const partWords = (part) =>
  ({ never_connected: 'what never connected', at_limit: 'what found no place', agent_failed: 'what the agent failed', chosen: 'what was ticked', everything: 'everything' })[part] ?? 'a part';

/** @param {number} evaluators @param {number} calls */
const upTo = (evaluators, calls) => `${plural(evaluators, 'evaluator')}, up to ${plural(calls, 'call')}`;

/** What a part would place: its own calls, where a plan can hold just those. @param {import('../host/types').PartView} part */
export const partNote = (part) => (part.evaluators === 0 || part.upTo === part.calls ? plural(part.calls, 'call') : upTo(part.evaluators, part.upTo));

/**
 * What a repeat could not take over; null where it took everything.
 * @param {import('../host/types').RepeatMade} made
 * @returns {{ say: string, todo: string } | null}
 */
export function leftBehind(made) {
  const list = (/** @type {ReadonlyArray<string>} */ names) => names.slice(0, 20).map((name) => visible(cut(name, 120).text)).join(', ') + (names.length > 20 ? ` and ${number(names.length - 20)} more` : '');
  const others = [
    made.runType ? `Those were calls by ${visible(cut(made.runType, 60).text)}; the plan places calls by Pipecat.` : '',
    made.settings.length > 0 ? `Settings a plan has no place for: ${list(made.settings)}.` : '',
    made.unnamed > 0 ? `${plural(made.unnamed, 'call')} whose evaluator was deleted ${made.unnamed === 1 ? 'is' : 'are'} left out.` : '',
  ].filter(Boolean);
  const gone = made.gone.length;
  if (others.length === 0) return gone === 0 ? null : { say: words.leftOut(gone), todo: list(made.gone) };
  return { say: words.notTheSame, todo: [...others, gone > 0 ? `${words.leftOut(gone)} ${list(made.gone)}` : ''].filter(Boolean).join(' ') };
}

/**
 * The entries of *Run again*.
 * @param {ResultView} view @param {number} ticked evaluators
 * @returns {Array<{ part: RepeatPart, word: string, note: string, disabled: boolean }>}
 */
export function repeatChoices(view, ticked) {
  const { again } = view;
  const of = (/** @type {import('../host/types').PartView} */ part) => ({ note: partNote(part), disabled: part.evaluators === 0 });
  return [
    { part: 'never_connected', word: 'Only those that never connected', ...of(again.neverConnected) },
    { part: 'agent_failed', word: 'Only those the agent failed', ...of(again.agentFailed) },
    { part: 'chosen', word: 'Only what is ticked', note: ticked === 0 ? 'Tick evaluators first' : upTo(ticked, ticked * again.each), disabled: ticked === 0 },
    { part: 'everything', word: 'Everything', ...of(again.everything) },
  ];
}

export const stopWords = {
  heading: /** @param {number} count */ (count) => `Stop ${count === 1 ? 'the call that is' : `the ${number(count)} calls that are`} still going?`,
  done: /** @param {import('../host/types').CountsView} counts */ (counts) => {
    const ended = order.filter((outcome) => outcome !== 'in_progress').map((outcome) => ({ outcome, count: counts[outcomes[outcome].count] })).filter(({ count }) => count > 0);
    return ended.length === 0 ? 'No call has ended so far.' : `Already ended, and kept: ${ended.map(({ outcome, count }) => `${number(count)} ${outcomes[outcome].word}`).join(', ')}.`;
  },
  note: 'Calls that are stopped may still cost what they have used. Linecheck repeats the request until the server confirms it.',
  word: /** @param {number} count */ (count) => (count === 1 ? 'Stop 1 call' : `Stop ${number(count)} calls`),
};

export const askWords = {
  heading: 'Ask about the failures',
  label: 'Your question',
  question: 'What do these failures have in common, and what should we fix first?',
  send: /** @param {boolean} practice */ (practice) => `Ask ${serverName(practice)}`,
  sending: 'Asking…',
  stop: 'Stop',
  stopped: 'Stopped here. There may have been more.',
  wait: /** @param {number} seconds */ (seconds) => `Wait ${duration(seconds)}`,
  answer: /** @param {boolean} practice */ (practice) => (practice ? 'A made-up answer' : 'Cekura’s answer'),
  note: /** @param {boolean} practice */ (practice) => (practice
    ? 'The practice studio made this up. A model was not asked.'
    : 'This is Cekura’s own answer, written by a model. Linecheck does not check it.'),
  cost: /** @param {boolean} practice */ (practice) => (practice
    ? 'The question stays on this computer.'
    : 'The question and this result’s failures go to Cekura. An answer costs credits.'),
  done: 'The answer is complete.',
  thinking: 'The calls are being read. This usually takes up to a minute.',
  nothing: 'The answer is empty.',
};

/** What the keys do. */
export const keyWords = [
  ['j', 'next call'],
  ['k', 'previous call'],
  ['n', 'next call that needs attention'],
  [shortcut('F'), 'find: in the open call, otherwise in the result'],
  ['Enter', 'open the call; while finding, the next place'],
  ['Shift Enter', 'every call of the evaluator; while finding, the place before'],
  ['r', 'run again'],
  ['e', 'write a note'],
  ['Space', 'play or pause; in the list, tick'],
  ['← →', 'on the recording: 5 s back or on'],
  ['x', 'tick the evaluator'],
  ['Esc', 'close what is open: a list, the search, the call'],
  ['?', 'these keys'],
];
