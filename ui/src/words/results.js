/** The words of the list of results, and of what a running result is doing. */

import { aboutMinutes, duration, number, plural } from './format.js';

/** @typedef {import('../host/types').ResultRowView} ResultRowView */

export const words = {
  title: 'Results',
  sub: 'Everything this workspace has run, here and on Cekura.',
  subPractice: 'Everything you have run in the practice studio.',
  newRun: 'New run',
  refresh: 'Read again',
  search: 'Find results by name or agent',
  searchLabel: 'Find results',
  filters: 'Narrow the list',
  agent: 'Agent',
  allAgents: 'All agents',
  time: 'Time',
  anyTime: 'Any time',
  onlyFailing: 'Only failing',
  onlyMine: 'Only mine',
  onlyMineInFull: 'Only what was placed from this computer',
  list: 'Results',
  result: 'Result',
  outcomes: 'Outcomes',
  passed: 'Passed',
  calls: 'Calls',
  credits: 'Credits',
  creditsPretend: 'Pretend credits',
  when: 'When',
  noName: 'Without a name',
  allPassed: 'all passed',
  scheduled: 'scheduled',
  notCounted: 'not counted yet',
  notCountedInFull: 'Its calls have not been read yet. Open it to count them.',
  unread: /** @param {number} count */ (count) => `${plural(count, 'call')} not read`,
  unreadInFull: 'They could not be read, or have not been read yet. They are not in the counts.',
  noAgent: 'not known',
  loading: 'Reading the results…',
  loadingNote: 'The first time this takes a moment.',
  emptyTitle: 'No results yet',
  emptyText: 'They appear here as soon as calls have been placed, from this computer or elsewhere.',
  nothingTitle: 'Nothing fits',
  nothingText: 'No result fits what the list is narrowed to.',
  clear: 'Show all results',
  finished: 'Finished',
  /** @param {string} at @param {number} now */
  lastChange: (at, now) => `last change ${duration(Math.max(0, now - Date.parse(at)) / 1000)} ago`,
  refreshing: 'Reading the latest from the server…',
};

/** Choices of time, in days. */
export const times = [
  { value: '', label: 'Any time' },
  { value: '1', label: 'Last 24 hours' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
];

/** @param {number} total */
export const count = (total) => plural(total, 'result');

const doings = /** @type {Record<string, string>} */ ({
  waiting: 'waiting for a place',
  connecting: 'connecting',
  talking: 'talking',
  judging: 'being judged',
});

/** What the calls in progress are doing. @param {string | null} doing */
export const doingWords = (doing) => (doing && Object.hasOwn(doings, doing) ? doings[doing] : '');

/** "no change for 6 min, such calls usually take 4 min" @param {import('../host/types').StallView} stall */
export const stallWords = (stall) => `no change for ${duration(stall.seconds)}, such calls usually take ${duration(stall.usualSeconds)}`;

/** "about 9 min left", "about 5–9 min left", "up to 2 min left"; empty when not known. @param {import('../host/types').RangeView | null} left */
export function leftWords(left) {
  if (!left || !Number.isFinite(left.high) || left.high <= 0) return '';
  return `${aboutMinutes(left.low, left.high)} left`;
}

/** How long it has been going. @param {string | null} from @param {number} now milliseconds */
export function soFarWords(from, now) {
  const at = from ? Date.parse(from) : NaN;
  if (!Number.isFinite(at) || at > now) return '';
  return `${duration((now - at) / 1000)} so far`;
}

/**
 * How a result stands, in one line; empty for one that is finished.
 * @param {ResultRowView} row @param {number} now milliseconds
 */
export function standWords(row, now) {
  if (row.finished) return '';
  if (row.stalled) return [stallWords(row.stalled), doingWords(row.doing)].filter(Boolean).join(' · ');
  // Where the line is cut, what it will take is what should be left of it.
  return [leftWords(row.left), soFarWords(row.createdAt, now), doingWords(row.doing)].filter(Boolean).join(' · ') || 'in progress';
}

/** One word for tools and tests. @param {ResultRowView} row */
export const standState = (row) => (row.finished ? (row.counted ? 'finished' : 'not-counted') : row.stalled ? 'stalled' : 'running');

/** @param {ResultRowView} row */
export const creditsWords = (row) => (row.credits === null ? '–' : number(row.credits));
