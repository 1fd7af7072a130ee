/** The words of a launch's card: what is known, and what can be done. */

import { creditsName } from './common.js';
import { serverWords } from './errors.js';
import { duration, number, plural, time } from './format.js';

/** @typedef {import('../host/types').LaunchView} LaunchView */

export const launches = {
  notKnown: 'Not known',
  open: 'Open the result',
  toPlan: 'Go to the plan',
  reopen: 'Open this plan again',
  dismiss: 'Leave it',
  look: 'Look once more',
  looking: 'Looking…',
  started: 'It started: choose the result…',
  notStarted: 'It did not: place them again…',
  leave: 'Leave it',
  stop: 'Stop these calls',
  stopTitle: /** @param {number} calls */ (calls) => `Stop ${plural(calls, 'call')}?`,
  stopText: 'Calls that are under way end. What has finished stays.',
  stopped: 'The calls are being stopped.',
  fits: /** @param {number} calls */ (calls) => `Choose the ${plural(calls, 'call')} that fit`,
  fitsNote: /** @param {import('../host/types').FitView} fit @param {boolean} practice */ (fit, practice) =>
    `${plural(fit.calls, 'call')} of ${plural(fit.evaluators, 'evaluator')} fit, for at most ${number(Math.ceil(fit.credits))} ${creditsName(practice)}. Nothing is sent until you press Place.`,
  wait: /** @param {number} seconds */ (seconds) => `${plural(seconds, 'second')} left. Nothing is sent by itself.`,
  waited: 'The time is over. The calls can be placed now, when you press the button.',
  chooseTitle: 'Which result is it?',
  chooseText: /** @param {string} name */ (name) => `The run was called “${name}”. Choose the result that came of it, or paste its number or link.`,
  found: 'Found by its name',
  recent: 'Recent results',
  paste: 'Number or link of the result',
  pasteWrong: 'There is no number of a result in this.',
  chooseYes: 'It is this one',
  noResults: 'No results are known yet.',
  resultName: /** @param {number} id */ (id) => `Result ${id}`,
  againTitle: 'Place them again?',
  againText: /** @param {LaunchView} view */ (view) =>
    `If ${plural(view.expectedCalls, 'call')} did start after all, they would be made twice. The plan is opened again; nothing is sent until you press Place.`,
  againYes: 'Open the plan again',
  leaveTitle: 'Leave it at that?',
  leaveText: 'It stays unknown whether these calls started. They are not looked for any more, and nothing is sent.',
};

/** The name as it was given: the token that ties a launch to its result is left out. @param {string} name */
export const ownName = (name) => name.replace(/ ·[a-z2-9]{6}$/, '');

/**
 * What a card says.
 * @param {LaunchView} view @param {Date} now
 * @returns {{ say: string, todo: string, tone: 'good' | 'wait' | 'lost' | 'bad' }}
 */
export function launchWords(view, now) {
  const calls = plural(view.expectedCalls, 'call');
  const name = `“${ownName(view.name)}”`;
  const why = view.code ? serverWords({ code: view.code, number: view.waitSeconds }) : null;
  switch (view.state) {
    case 'sending': {
      const since = Math.max(0, (now.getTime() - new Date(view.startedAt).getTime()) / 1000);
      const long = since > 20 ? ' The server takes its time; up to two minutes is normal for many calls.' : '';
      return { say: `Placing ${calls}…`, todo: `${name} was sent ${duration(since)} ago. It is sent once.${long}`, tone: 'wait' };
    }
    case 'launched': {
      if (view.otherAgent !== null) {
        return {
          say: `Another agent is being called: ${view.otherAgent}`,
          todo: `You chose ${view.agentName}. The server answered ${name} with another agent.`,
          tone: 'bad',
        };
      }
      const placed = view.callsPlaced ?? view.expectedCalls;
      const fewer = view.callsPlaced !== null && view.callsPlaced < view.expectedCalls ? ` ${number(view.expectedCalls)} were planned.` : '';
      return { say: `${plural(placed, 'call')} placed`, todo: `${name}${view.adopted ? ' was found by looking for it' : ''}.${fewer}`, tone: 'good' };
    }
    case 'refused':
      return {
        say: `The server refused ${calls}: nothing was placed`,
        todo: [why?.say ?? '', why ? refusedTodo(view, why.todo) : '', 'Its choices are kept.'].filter(Boolean).join(' '),
        tone: view.code === 'throttled' ? 'wait' : 'bad',
      };
    case 'not-sent':
      return {
        say: `${calls} ${view.expectedCalls === 1 ? 'was' : 'were'} not sent`,
        todo: `${why ? `${why.say} ` : ''}${name} never left this computer. Its choices are kept.`,
        tone: 'bad',
      };
    default: {
      const broke = unknownWhy(view.code);
      const last = view.lastLookAt ? `, last at ${time(view.lastLookAt)}` : '';
      const looked = view.looks === 0 ? 'It is being looked for.' : `Looked for it ${view.looks === 1 ? 'once' : `${number(view.looks)} times`}${last}: ${view.found.length > 0 ? `${view.found.length === 1 ? 'one result' : `${number(view.found.length)} results`} may be it` : 'not found yet'}.`;
      const next = view.nextLookAt && !view.settled ? ` The next look is at ${time(view.nextLookAt)}.` : '';
      return {
        say: `We do not know whether ${calls} started`,
        todo: `${broke} ${name} was sent. ${looked}${next} Nothing will be sent again unless you say so.`,
        tone: 'lost',
      };
    }
  }
}

/** What was chosen from the catalogue, by our names of the fields. */
const CHOSEN = ['evaluators', 'agent', 'callers', 'profiles'];

/** What to do about a refusal. @param {LaunchView} view @param {string} todo what is said of such a code */
function refusedTodo(view, todo) {
  if (view.code === 'throttled') return '';
  if (view.code !== 'refused' && view.code !== 'not_found') return todo;
  return view.code === 'not_found' || view.problems.some((problem) => CHOSEN.includes(problem.field))
    ? 'Something chosen may have been deleted or changed on the server. The lists are read again; what is gone is then named in the plan. Untick it and place the rest.'
    : '';
}

/** @param {LaunchView['code']} code */
function unknownWhy(code) {
  switch (code) {
    case 'timed_out':
      return 'No answer came after';
    case 'killed':
      return 'Linecheck was closed after';
    case 'server_trouble':
      return 'The server had trouble of its own after';
    case 'web_page':
    case 'unreadable':
    case 'redirected':
    case 'too_big':
      return 'The answer made no sense after';
    default:
      return 'The connection broke after';
  }
}
