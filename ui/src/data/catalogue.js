/** Agents, callers, profiles, folders, tags and evaluators: what a run can be made of. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { Live, LiveMap } from './live.js';
import { readTold, together } from './told.js';

/** @type {Live<import('../host/types').CatalogueView>} */
export const catalogue = ofWorkspace(new Live({ read: () => call('catalogue_read', {}), topics: ['catalogue'] }));

/** @typedef {{ reading: number, more: boolean, rows: Array<import('../host/types').EvaluatorView> }} Evaluators `more`: only the first of them */

/**
 * The evaluators of one agent, or all for null. Its last outcomes change with results.
 * @type {LiveMap<number | null, Evaluators>}
 */
export const evaluators = ofWorkspace(
  new LiveMap((agent) => new Live({
    read: readTold('evaluators_list', { agent }, ({ reading, more, rows }, /** @type {Evaluators | undefined} */ had) => ({ reading, more, rows: together(rows, had?.rows ?? [], (row) => row) })),
    topics: ['catalogue'],
    same: (value, had) => value.rows === had.rows,
  }), 4),
);

/** One evaluator, opened: as it is kept, and again when the server turns out to have another. @type {LiveMap<number, import('../host/types').EvaluatorDetail>} */
export const evaluator = ofWorkspace(
  new LiveMap((id) => new Live({ read: () => call('evaluator_read', { id }), topics: ['catalogue'] }), 16),
);

/** Reads the catalogue from the server again; the feed says when it is there. */
export const refreshCatalogue = () => call('catalogue_refresh', {});
