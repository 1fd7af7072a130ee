/**
 * The checks before calls are placed: a sentence for every CheckCode of Rust, and the remedy where
 * there is one. A test holds that no code is without words.
 */

import { creditsName } from './common.js';
import { number, plural, quotedNames } from './format.js';

/** @typedef {import('../host/types').PlanCheck} PlanCheck */
/** @typedef {import('../host/types').CheckCode} CheckCode */
/** @typedef {string | ((check: PlanCheck) => string)} Sentence */

const count = (/** @type {PlanCheck} */ check) => check.count ?? check.names.length;
const named = (/** @type {PlanCheck} */ check) => (check.names.length === 0 ? '' : `: ${quotedNames(check.names)}`);
const line = (/** @type {PlanCheck} */ check) => (check.count === null ? '' : ` on line ${number(check.count)}`);

/** `practice` takes the place of `todo` in the practice studio, where nothing can be set up.
 * @type {Record<CheckCode, { say: Sentence, todo?: Sentence, practice?: Sentence }>} */
export const checks = {
  no_agent: { say: 'No agent is chosen.', todo: 'Choose the agent to test.' },
  agent_gone: { say: 'The chosen agent is not on the server any more.', todo: 'Choose another one.' },
  agent_ready: { say: 'The agent is connected to Pipecat Cloud.' },
  agent_not_set_up: {
    say: 'The agent has no Pipecat connection.',
    todo: 'Add it on Cekura, in the settings of the agent, then read the list again.',
    practice: 'The practice studio leaves it so, to show this. Choose another agent.',
  },
  agent_unknown: {
    say: 'The server does not say whether the agent is connected to Pipecat Cloud.',
    todo: 'Calls may be refused. Nothing is charged then.',
  },
  no_evaluators: { say: 'No evaluator is chosen.', todo: 'Tick at least one.' },
  evaluators_gone: {
    say: (check) => `${plural(count(check), 'chosen evaluator is', 'chosen evaluators are')} not on the server any more${named(check)}.`,
    todo: 'Untick them, or read the list again.',
  },
  no_expected_outcome: {
    say: (check) =>
      `${count(check) === 1 ? 'One evaluator has' : `${number(count(check))} evaluators have`} no expected outcome${named(check)}.`,
    todo: 'A pass will only mean “the call connected”.',
  },
  times_out_of_range: { say: 'Times each must be a whole number from 1 to 100.', todo: 'Change it.' },
  at_once_out_of_range: { say: 'Calls at once must be a whole number of 1 or more.', todo: 'Change it. 3 is gentle to most agents.' },
  name_too_long: { say: 'The name is too long for the server.', todo: 'Shorten it.' },
  callers_not_enabled: {
    say: (check) => `${count(check) === 1 ? 'A caller is' : 'Some callers are'} not enabled for this agent${named(check)}.`,
    todo: 'Remove them, or enable them on Cekura.',
    practice: 'Remove them, or choose another agent.',
  },
  overrides_gone: {
    say: (check) => `A chosen caller or profile is not on the server any more${named(check)}.`,
    todo: 'Remove it.',
  },
  tools_real: {
    say: 'The tools of the agent really act: real orders may be booked.',
    todo: 'Mock them unless that is meant.',
  },
  tools_mocked: {
    say: (check) => (check.names.length === 0 ? 'The tools of the agent are mocked.' : `Mocked tools${named(check)}.`),
  },
  balance_enough: { say: 'There are enough credits.' },
  balance_low: { say: 'The credits may not be enough for all calls.', todo: 'Place fewer, or have credits added.' },
  offline: { say: 'The server cannot be reached.', todo: 'Your plan is kept. Place it when the connection is back.' },
  server_trouble: { say: 'The server answers, but not with sense.', todo: 'Placing may fail. Nothing is placed twice.' },
  key_rejected: { say: 'The server does not accept the key.', todo: 'Replace it under Settings.' },
  key_missing: { say: 'There is no key at hand.', todo: 'See under Settings where it is and what helps.' },
  key_may_not_launch: {
    say: 'This key may not place calls.',
    todo: 'Ask an admin for a key with that right and replace it under Settings.',
  },
  placed_moments_ago: { say: 'The same plan was placed moments ago.', todo: 'Place it again only if that is meant.' },
  launch_under_way: { say: 'The answer to an earlier launch is still awaited.', todo: 'Wait for it.' },
  // The names are: which one, the column, what the parser says. The last two stand beside the field.
  message_not_json: {
    say: (check) => `The data message ${check.names[0] ? `for “${check.names[0]}”` : 'for all evaluators'} is not valid JSON${line(check)}.`,
    todo: 'Correct it, or empty the field.',
  },
  pipecat_not_json: {
    say: (check) => `The ${check.names[0] === 'room_properties' ? 'room properties' : 'config'} for this run ${check.names[0] === 'room_properties' ? 'are' : 'is'} not valid JSON${line(check)}.`,
    todo: 'Correct it, or empty the field.',
  },
  pipecat_replaces: {
    say: 'Settings for this run replace the ones kept with the agent; nothing is merged.',
    todo: 'Give them in full.',
  },
  at_once_above_plan: {
    say: (check) =>
      check.count === null ? 'The account allows fewer calls at once.' : `The account allows ${plural(check.count, 'call')} at once.`,
    todo: 'The rest waits for a free place.',
  },
  day_calls_reached: {
    say: (check) => `This passes your limit of calls for a day${check.count === null ? '' : `: ${number(check.count)} left`}.`,
    todo: 'Place fewer, or change the limit under Settings.',
  },
  day_credits_reached: {
    say: (check) => `This passes your limit of credits for a day${check.count === null ? '' : `: ${number(check.count)} left`}.`,
    todo: 'Place fewer, or change the limit under Settings.',
  },
};

/**
 * The words of a check. One of a later version is shown by its code.
 * @param {PlanCheck} check @param {boolean} [practice] the practice studio is open: credits are pretend credits
 * @returns {{ say: string, todo: string }}
 */
export function checkWords(check, practice = false) {
  const entry = Object.hasOwn(checks, check.code) ? checks[check.code] : null;
  // Names are others' words, and are left as they are: no check of credits has any.
  const name = (/** @type {string} */ text) => (practice && check.names.length === 0 ? text.replaceAll('credits', creditsName(true)) : text);
  const read = (/** @type {Sentence | undefined} */ sentence) => name(typeof sentence === 'function' ? sentence(check) : (sentence ?? ''));
  return entry ? { say: read(entry.say), todo: read(practice ? (entry.practice ?? entry.todo) : entry.todo) } : { say: String(check.code).replaceAll('_', ' '), todo: '' };
}
