/**
 * Why a call has its outcome, in a few words. The codes are those of `verdict::Why::code`; a test
 * holds that each has words. What the API or a judge said (`text`) is shown beside it, as text.
 */

import { percent } from './format.js';
import { cut, visible } from './text.js';

/** @typedef {import('../host/types').WhyView} WhyView */
/** @typedef {string | ((why: WhyView) => string)} Sentence */

const score = (/** @type {WhyView} */ why) => (why.number === null ? '' : ` (${percent(why.number / 100)})`);

/** @type {Record<string, Sentence>} */
export const whys = {
  waiting: 'Waiting for a place',
  connecting: 'Connecting',
  talking: 'Talking',
  judging: 'Being judged',
  working: (why) => (why.text ? `In progress: ${why.text}` : 'In progress'),
  stopped_by_person: 'Stopped by a person',
  at_limit: 'No place was free: the agent was at its limit',
  account_limit: 'A limit of the account was reached',
  no_credits: 'No credits were left',
  no_answer: 'Nobody answered',
  not_connected: 'The call did not connect',
  tester_broke: 'The tester broke, not the agent',
  silence: 'The agent did not say a word',
  reviewed_passed: 'Reviewed by a person: passed',
  reviewed_failed: 'Reviewed by a person: failed',
  expected_outcome_not_met: (why) => `Expected outcome not met${score(why)}`,
  rubric_failed: (why) => (why.text ? `A rule of the rubric failed: ${why.text}` : 'A rule of the rubric failed'),
  metric_failed: (why) => (why.text ? failed(why.text) : 'A check failed'),
  expected_outcome_met: 'Expected outcome met',
  rubric_passed: 'Rubric passed',
  pass_with_error: 'Judged a pass, and there is an error',
  partly_met: (why) => `Expected outcome partly met${score(why)}`,
  nothing_judged: 'It connected; nothing was judged',
  no_judgement: 'Completed without a judgement',
  failure_unexplained: 'Judged a failure; no check says why',
  broke_off: 'Broke off in the middle of the conversation',
  speech_unknown: 'It went wrong; whether the agent spoke is not known yet',
};

/** @type {Record<string, string>} */
export const sides = {
  agent: 'on the side of the agent',
  tester: 'on the side of the tester',
  network: 'on the network',
  limit: 'at a limit',
  unknown: 'the server does not say where',
};

/** A reason that calls share: without the score, which is that of one of them. @param {WhyView} why @returns {WhyView} */
export const shared = (why) => ({ ...why, number: null });

/** Codes whose text says what a check is about, which is often what *should* have happened. */
const CHECKS = new Set(['expected_outcome_not_met', 'rubric_failed', 'metric_failed']);

/**
 * The check that was failed, as another put it; never shown without a word that it was failed.
 * @param {WhyView} why
 * @returns {string | null}
 */
export const failedCheck = (why) => (why.text && CHECKS.has(why.code) ? why.text : null);

/** The same words wherever a failed check is named. @param {string} check */
const failed = (check) => `Failed: ${check}`;

/** Codes whose sentence already holds `text`. */
const SPOKEN = new Set(['working', 'rubric_failed', 'metric_failed']);

/**
 * The words for why, and the API's own text where it adds to them.
 * @param {WhyView} why
 * @returns {{ say: string, text: string, side: string }}
 */
export function whyWords(why) {
  const sentence = Object.hasOwn(whys, why.code) ? whys[why.code] : why.code.replaceAll('_', ' ');
  const check = failedCheck(why);
  return {
    // Some sentences hold the API's words.
    say: visible(cut(typeof sentence === 'string' ? sentence : sentence(why), 400).text),
    text: SPOKEN.has(why.code) ? '' : check === null ? (why.text ?? '') : failed(check),
    side: why.side && Object.hasOwn(sides, why.side) ? sides[why.side] : '',
  };
}

/**
 * The reason in as few words as there are: the check that was failed where one is named, otherwise
 * ours.
 * @param {WhyView} why
 */
export function whyBriefly(why) {
  const check = failedCheck(why);
  return check === null ? whyWords(why).say : failed(check);
}
