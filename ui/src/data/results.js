/** Results, in the list and opened. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { draft } from './drafts.js';
import { Live, LiveMap } from './live.js';

/** @typedef {import('../host/types').ResultsQuery} ResultsQuery */

/** Everything, the newest first. @type {ResultsQuery} */
export const everything = { search: '', agent: null, onlyFailing: false, onlyMine: false, days: 0, offset: 0, limit: 200 };

/** @type {LiveMap<string, import('../host/types').ResultsPage>} */
const pages = ofWorkspace(
  new LiveMap((text) => new Live({ read: () => call('results_list', { query: JSON.parse(text) }), topics: ['results', 'calls'] }), 16),
);

/** One page of the list; equal queries share one value. @param {ResultsQuery} query */
export const resultsPage = (query) => pages.get(JSON.stringify(query));

/** A result, opened. @type {LiveMap<number, import('../host/types').ResultView>} */
export const result = ofWorkspace(
  new LiveMap((id) => new Live({ read: () => call('result_read', { id }), topics: ['results', 'calls', 'notes'], id }), 8),
);

/** Reads the server's list again; the feed says when it is there. */
export const refreshResults = () => call('results_refresh', {});

/** Ends the calls of a result that are still going. @param {number} id */
export const stopResult = (id) => call('result_stop', { id });

/**
 * Makes the open draft from a part of a result.
 * @param {number} id
 * @param {import('../host/types').RepeatPart} part
 * @param {Array<number>} evaluators those ticked, for the part `chosen`
 */
export async function repeat(id, part, evaluators = []) {
  const made = await call('result_repeat', { id, part, evaluators });
  draft.set(made.draft);
  return made;
}
