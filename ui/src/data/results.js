/** Results, in the list and opened. */

import { call, stream } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { opened } from './drafts.js';
import { Live, LiveMap } from './live.js';
import { readTold, together } from './told.js';

/** @typedef {import('../host/types').ResultsQuery} ResultsQuery */

/** Everything, the newest first. @type {ResultsQuery} */
export const everything = { search: '', agent: null, onlyFailing: false, onlyMine: false, days: 0, offset: 0, limit: 200 };

/** @type {LiveMap<string, import('../host/types').ResultsPage>} */
const pages = ofWorkspace(
  new LiveMap((text) => new Live({ read: () => call('results_list', { query: JSON.parse(text) }), topics: ['results', 'calls'] }), 16),
);

/** One page of the list; equal queries share one value. @param {ResultsQuery} query */
export const resultsPage = (query) => pages.get(JSON.stringify(query));

/** A call of it. @param {number} id @param {OpenResult | undefined} view */
const holds = (id, view) => view?.groups.some((group) => group.calls.some((call) => call.id === id)) ?? false;
/** A large one that runs changes all the time; each reading of it takes a while. @param {OpenResult} view */
const pause = ({ row }) => (row.calls > 1000 && !row.finished ? 1000 : 0);

/** @typedef {import('../host/types').ResultView & { reading: number, more: boolean }} OpenResult `more`: only the first of its evaluators */

/** A result put together from what Rust told of it. @param {import('../host/types').ResultTold} told @param {OpenResult | undefined} had @returns {OpenResult} */
export function resultOf({ reading, more, head, groups }, had) {
  const of = had?.groups ?? [];
  return { ...head, reading, more, groups: together(groups, of, (group) => ({ ...group.head, calls: together(group.calls, of[group.was ?? -1]?.calls ?? [], (call) => call) })) };
}
/** All but the evaluators. @param {OpenResult} view */
const headOf = (view) => JSON.stringify({ ...view, groups: 0 });

/** A result, opened. @type {LiveMap<number, OpenResult>} */
export const result = ofWorkspace(
  new LiveMap((id) => new Live({
    read: readTold('result_read', { id }, resultOf),
    topics: [['results', id], ['calls', id], ['notes', holds]],
    same: (view, had) => view.groups === had.groups && headOf(view) === headOf(had),
    pause,
  }), 8),
);

/** Reads the server's list again; the feed says when it is there. */
export const refreshResults = () => call('results_refresh', {});

/** Ends the calls of a result that have not ended. @param {number} id */
export const stopResult = (id) => call('result_stop', { id });

/** Opens a result, or a call of it, on the vendor's dashboard; false where there is none.
 * @param {number} id @param {number | null} [callId] */
export const openOnDashboard = (id, callId = null) => call('result_open', { id, call: callId });

/**
 * Makes the open draft from a part of a result.
 * @param {number} id
 * @param {import('../host/types').RepeatPart} part
 * @param {Array<number>} evaluators those ticked, for the part `chosen`
 */
export async function repeatPart(id, part, evaluators = []) {
  const made = await call('result_repeat', { id, part, evaluators });
  opened(made);
  return made;
}

/** What people have said of the calls of a result. @param {number} id */
export const saidOfCalls = (id) => call('result_said', { id });

/** Writes a text about a result to a file that a person chooses; the path, or nothing. @param {number} id @param {string} text */
export const exportResult = (id, text) => call('result_export', { id, text });

/** Asks the API about the failures of a result; `hear` is told each piece of its answer.
 * @param {number} id @param {string} question @param {(piece: string) => void} hear */
export const askAboutFailures = (id, question, hear) => stream('failures_ask', { result: id, question }, hear);

/** Hears no more of that answer: the question ends. Where it cannot be told, it ends by itself. @param {number} id */
export const leaveFailures = (id) => call('failures_leave', { result: id }).catch(() => null);
