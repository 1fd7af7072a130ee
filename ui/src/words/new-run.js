/** The words of *New run*. */

import { creditsName } from './common.js';
import { aboutMinutes, number, plural, quotedNames, range } from './format.js';

/** @typedef {import('../host/types').PlanView} PlanView */
/** @typedef {import('../host/types').EstimateView} EstimateView */

export const newRun = {
  title: 'New run',
  sub: 'Choose what to test, check the plan, then place the calls.',
  openPlan: 'Open a saved plan…',
  startOver: 'Start over…',
  startOverTitle: 'Start over?',
  startOverText: 'What is chosen and typed here is given up. Saved plans stay.',
  startOverYes: 'Start over',
  repeats: /** @param {string} part */ (part) => `This runs ${part} of an earlier result again.`,
  toParent: 'Look at it',
  gone: /** @param {number} count */ (count) => (count === 1 ? 'One evaluator is gone and was left out.' : `${number(count)} evaluators are gone and were left out.`),
  goneTodo: /** @param {ReadonlyArray<string>} names */ (names) => `${quotedNames(names, 5)}.`,
  reading: 'Reading what is chosen…',
};

export const list = {
  label: 'Evaluators',
  find: 'Find by name, tag or folder',
  findLabel: 'Find evaluators by name, tag or folder',
  folders: 'Folders',
  allFolders: 'All folders',
  tags: 'Tags',
  failedLast: 'Failed last time',
  flaky: 'Flaky',
  flakyNote: 'The last judged calls disagree: some passed, some did not.',
  evaluator: 'Evaluator',
  folder: 'Folder',
  caller: 'Caller',
  lastFive: 'Last five',
  usual: 'Usual length',
  all: 'Choose all that match',
  choose: /** @param {string} name */ (name) => `Choose ${name}`,
  chosen: /** @param {number} count @param {number} all */ (count, all) => `${number(count)} of ${number(all)} chosen`,
  chooseAll: /** @param {number} count @param {boolean} narrowed */ (count, narrowed) => (narrowed ? `Choose the ${number(count)} shown` : `Choose all ${number(count)}`),
  clear: 'Clear',
  matching: /** @param {number} count */ (count) => (count === 0 ? 'No evaluator matches' : `${plural(count, 'evaluator')} shown`),
  elsewhere: /** @param {number} count */ (count) => `${number(count)} chosen but not in this list`,
  untick: 'Untick them',
  noRuns: 'no calls yet',
  lastInWords: /** @param {ReadonlyArray<string>} outcomes */ (outcomes) => `Oldest first: ${outcomes.join(', ')}`,
  loading: 'Reading agents and evaluators from the server…',
  loadingNote: 'The first time this takes a few seconds. What is read is kept.',
  loadingList: 'Reading the evaluators…',
  noneMatch: 'No evaluator matches',
  noneMatchText: 'Look for other words, or take the filters away.',
  clearFilters: 'Take the filters away',
  noAgents: 'There is no agent yet',
  noAgentsText: 'Agents are made on Cekura. Make one there, then read the list again.',
  noEvaluators: 'This agent has no evaluators yet',
  noEvaluatorsText: 'Evaluators are made on Cekura. Make one there, then read the list again.',
  readAgain: 'Read the list again',
  unreadable: /** @param {number} count */ (count) => `${plural(count, 'entry', 'entries')} of the server could not be read`,
  old: /** @param {string} when */ (when) => `List of ${when}`,
  refreshing: 'Reading the list again…',
};

export const opened = {
  heading: 'Evaluator',
  loading: 'Reading the evaluator…',
  folder: 'Folder',
  tags: 'Tags',
  script: 'What the caller is told',
  firstMessage: 'What the caller says first',
  expected: 'Expected outcome',
  noExpected: 'None. A pass only means “the call connected”.',
  metrics: 'Metrics',
  noMetrics: 'None.',
  caller: 'Caller',
  profile: 'Test profile',
  noProfile: 'None',
  most: 'Longest call',
  last: 'Last five calls',
  usual: 'Usual length',
  language: 'Language',
  changed: 'Changed',
  notSaid: 'Not said',
  tick: 'Choose it',
  untick: 'Do not choose it',
};

export const plan = {
  label: 'Plan',
  agent: 'Agent',
  chooseAgent: 'Choose an agent',
  agentUnread: 'The agents are not read yet',
  agentGone: 'The agent of this plan is gone',
  notSetUp: /** @param {string} name */ (name) => `${name} (no Pipecat connection)`,
  name: 'Name of this run',
  times: 'Times each',
  atOnce: 'Calls at once',
  callers: 'Callers',
  ownCallers: 'Evaluator’s own',
  add: '+ Add',
  addCaller: 'Add a caller',
  remove: /** @param {string} name */ (name) => `Remove ${name}`,
  gone: /** @param {number} id */ (id) => `No longer there (${id})`,
  rest: 'Test profiles · tools · data messages',
  profiles: 'Test profiles',
  ownProfiles: 'Evaluator’s own',
  tools: 'Tools',
  mockAll: /** @param {number} count */ (count) => (count === 0 ? 'Mock all tools' : count === 1 ? 'Mock the one tool' : `Mock all ${number(count)} tools`),
  mockAllHint: 'Nothing really happens: mocks answer in place of the tools.',
  mockNone: 'Mock no tool',
  mockNoneHint: 'Tools really act. Real orders may be booked.',
  mockChosen: 'Mock chosen tools',
  mockChosenHint: 'Only those named are mocked. The others really act.',
  whichTools: 'Mocked tools',
  chooseTools: 'Choose the tools',
  noTools: 'The server names no tools of this agent that can be mocked.',
  real: 'Tools really act in these calls. Real orders may be booked.',
  someReal: /** @param {ReadonlyArray<string>} names */ (names) => `Really act: ${names.join(', ')}.`,
  noMessages: 'None',
  messagesLabel: /** @param {string} says */ (says) => `Data messages: ${says}`,
  someMessages: /** @param {number} count */ (count) => plural(count, 'data message'),
  messagesTitle: 'Data messages',
  messagesText: 'JSON that is published to the agent when a call begins. An evaluator’s own message goes before the one for all.',
  forAll: 'For all evaluators',
  forOne: /** @param {string} name */ (name) => `For “${name}”`,
  addMessage: 'Add one for an evaluator',
  chooseFirst: 'Choose evaluators first to give one of them its own message.',
  takeAway: 'Take it away',
  done: 'Done',
  jsonFine: 'Valid JSON.',
  jsonWrong: /** @param {number | null} line @param {string} what */ (line, what) => `${line === null ? 'Not valid JSON' : `Line ${number(line)}`}: ${what}`,
  pipecat: 'Settings of the agent for this run only',
  pipecatNote: 'They replace the ones kept with the agent, as a whole. Nothing is merged: give them in full. Empty means the kept ones.',
  pipecatName: 'Agent name on Pipecat Cloud',
  pipecatConfig: 'Config (JSON)',
  pipecatRoom: 'Room properties (JSON)',
  checks: 'Checks before you pay',
  place: /** @param {number} calls */ (calls) => (calls === 0 ? 'Place calls' : `Place ${plural(calls, 'call')}`),
  placing: 'Placing…',
  wait: /** @param {number} seconds */ (seconds) => `The server asked to wait. ${plural(seconds, 'second')} left.`,
  review: 'Review the request',
  save: 'Save as a plan',
  changedMeanwhile: 'The plan has changed since. Read the sum again, then press once more.',
  notReady: 'The plan is not ready. The checks say what is missing.',
  checking: 'Working it out…',
  nothing: 'Nothing chosen yet',
  seeChecks: 'The checks say why',
};

/** "4 evaluators × 3 times × 2 callers". @param {{ evaluators: number, times: number, callers: number, profiles: number }} view */
export function factors(view) {
  const parts = [plural(view.evaluators, 'evaluator')];
  if (view.times !== 1) parts.push(plural(view.times, 'time'));
  if (view.callers > 0) parts.push(plural(view.callers, 'caller'));
  if (view.profiles > 0) parts.push(plural(view.profiles, 'profile'));
  return parts.join(' × ');
}

/** "24 calls", "up to 24 calls". @param {number} calls @param {boolean} upTo */
export const sumWords = (calls, upTo) => `${upTo && calls > 0 ? 'up to ' : ''}${plural(calls, 'call')}`;

/**
 * "about 28–36 min · 430–560 credits of 7,436".
 * @param {EstimateView} estimate @param {boolean} practice
 */
export function estimateWords(estimate, practice) {
  const of = estimate.balance === null ? '' : ` of ${number(estimate.balance)}`;
  const minutes = aboutMinutes(estimate.minutesLow, estimate.minutesHigh);
  return `${minutes} · ${range(estimate.creditsLow, estimate.creditsHigh)} ${creditsName(practice)}${of}`;
}

/** What the estimate rests on. @param {EstimateView} estimate */
export const restsOn = (estimate) =>
  estimate.assumed ? 'Usual lengths are assumed: no call of this workspace has finished yet.' : `Learnt from ${plural(estimate.learntFrom, 'finished call')}.`;

export const review = {
  title: 'The exact request',
  text: 'This is what is sent, once. A short token is added to the name, so that a lost answer can be looked up.',
  body: 'Body',
  copy: 'Copy as cURL',
  copied: 'Copied. The key is left out.',
  notCopied: 'It could not be copied. Select the text and copy it by hand.',
  curl: 'As cURL, with the key left out',
  loading: 'Laying out the request…',
};

export const confirm = {
  title: /** @param {number} calls @param {boolean} upTo */ (calls, upTo) => `Place ${upTo ? 'up to ' : ''}${plural(calls, 'call')}?`,
  /** @type {Record<import('../host/types').ConfirmReason, (view: PlanView, practice: boolean) => string>} */
  reasons: {
    many_calls: () => 'That is more than the number of calls above which Linecheck asks. The number is set under Settings.',
    many_credits: (view, practice) => `It may take ${view.estimate ? number(Math.ceil(view.estimate.creditsHigh)) : 'many'} ${creditsName(practice)}, more than the number above which Linecheck asks. The number is set under Settings.`,
    same_plan: () => 'The same plan was placed moments ago. This places all of it a second time.',
  },
  takes: /** @param {string} estimate */ (estimate) => `It takes ${estimate}.`,
  yes: /** @param {number} calls */ (calls) => `Place ${plural(calls, 'call')}`,
};

export const keep = {
  title: 'Save as a plan',
  label: 'Name of the plan',
  note: 'Everything chosen here is kept, and can be opened or shared later.',
  replace: 'Replace the plan of that name',
  saved: 'The plan is saved.',
};

export const openOne = {
  title: 'Open a saved plan',
  loading: 'Reading the saved plans…',
  none: 'No plan is saved yet',
  noneText: 'Choose something here, then press Save as a plan.',
  replaces: 'What is chosen now is replaced.',
  manage: 'Rename, share or delete plans',
};
