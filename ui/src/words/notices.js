/** The system's notifications, and what is said before the window closes. */

import { connectionWords } from './connection.js';
import { launchWords, ownName } from './launches.js';
import { countsInWords } from './outcomes.js';
import { stallWords } from './results.js';
import { cut, visible } from './text.js';

/** @typedef {{ title: string, body: string, route: string }} Notice */

/** @param {string} name */
const quoted = (name) => `“${visible(cut(ownName(name), 120).text) || 'Without a name'}”`;

/** A result that ended or stalls. @param {import('../host/types').ResultRowView} row @returns {Notice} */
export const resultNotice = (row) => ({
  title: row.stalled ? 'Calls are taking long' : 'All calls have ended',
  body: `${quoted(row.name)}: ${row.stalled ? stallWords(row.stalled) : countsInWords(row.counts)}.`,
  route: `#/results/${row.id}`,
});

/** A launch that needs a person. @param {import('../host/types').LaunchView} launch @returns {Notice} */
export const launchNotice = (launch) => ({
  title: visible(cut(launchWords(launch, new Date(launch.startedAt)).say, 180).text),
  body: `${quoted(launch.name)} needs you.`,
  route: launch.resultId === null ? '#/results' : `#/results/${launch.resultId}`,
});

/** A key that is not accepted or not at hand. @param {import('../host/types').ConnectionView} connection @returns {Notice} */
export function connectionNotice(connection) {
  const words = connectionWords(connection);
  return { title: words?.word ?? 'Key not accepted', body: words ? `${words.say} ${words.todo}` : '', route: '#/settings?part=key' };
}

/** In the practice studio no notification may pass for the real thing. @param {Notice} notice @returns {Notice} */
export const inPractice = (notice) => ({ ...notice, title: `Practice: ${notice.title}` });

export const closing = {
  title: 'Calls are under way',
  on: /** @param {boolean} practice */ (practice) => (practice
    ? 'They continue in the practice studio after you close Linecheck.'
    : 'They continue at Cekura after you close Linecheck, and use credits as planned.'),
  catches: 'Linecheck catches up when you open it again.',
  keyAgain: 'It will ask for the key then, because this one is kept only until it closes.',
  finishing: 'Finishing a launch…',
  waits: 'Linecheck is waiting to hear whether the calls were placed. This usually takes a few seconds, and then it closes by itself.',
  insist: 'If you close it now, it looks for these calls the next time you open it. They are never placed twice.',
  close: 'Close',
  closeAnyway: 'Close anyway',
  stay: 'Stay',
};
