/**
 * The list of results for one filter, of any length: pages are read as they are needed, and read
 * again when the feed names what they show.
 */

import { asHostError, call } from '../host/host.js';
import { hear } from './feed.js';

/** @typedef {import('../host/types').ResultsQuery} ResultsQuery */
/** @typedef {import('../host/types').ResultRowView} ResultRowView */
/** @typedef {Omit<ResultsQuery, 'offset' | 'limit'>} ResultsFilter */

/** Nothing left out. @type {ResultsFilter} */
export const unfiltered = { search: '', agent: null, onlyFailing: false, onlyMine: false, days: 0 };

/** Rows asked for at a time: more than a tall window shows, and few enough for the first ones to be there at once. */
export const PAGE = 50;

/** Asked before this was read, for the first list only. @type {import('../host-first.js').First['results']} */
let asked;

/** @param {import('../host-first.js').First['results']} first */
export const takeFirstResults = (first) => {
  asked = first;
};

/** @param {ResultsQuery} query */
async function readRows(query) {
  const first = query.offset === 0 ? asked : undefined;
  asked = undefined;
  return (await first) ?? call('results_list', { query });
}

export class ResultsList extends EventTarget {
  /** @param {ResultsFilter} filter @param {(query: ResultsQuery) => Promise<import('../host/types').ResultsPage>} [read] */
  constructor(filter, read = readRows) {
    super();
    this.filter = filter;
    this.read = read;
    /** A place for every result, null where it has not been read; null before the first answer.
     * @type {ReadonlyArray<ResultRowView | null> | null} */
    this.rows = null;
    this.total = 0;
    /** @type {import('../host/types').CatalogueState} */
    this.state = 'loading';
    /** Why the server's list could not be read. @type {import('../host/types').ErrorView | null} */
    this.serverError = null;
    /** Why Rust did not answer. @type {import('../host/host.js').HostError | null} */
    this.error = null;
    /** Pages being read. @type {Set<number>} */
    this.flying = new Set();
    /** Pages that changed while they were being read. @type {Set<number>} */
    this.again = new Set();
    /** Pages that have been read. @type {Set<number>} */
    this.held = new Set();
    /** The turn of the feed in which a page was last read. @type {Map<number, number>} */
    this.turns = new Map();
  }

  /** Reads the first page and follows the feed until the returned function is called. @returns {() => void} */
  open() {
    const stops = [hear('results', (_, turn) => this.heard([], turn)), hear('calls', (ids, turn) => this.heard(ids, turn))];
    void this.readPage(0);
    return () => stops.forEach((stop) => stop());
  }

  /** The row at this index is wanted on the screen. @param {number} index */
  need(index) {
    const page = Math.floor(index / PAGE);
    if (!this.held.has(page) && !this.flying.has(page)) void this.readPage(page);
  }

  /** @param {ReadonlyArray<number>} ids results that changed; none means all @param {number} turn of the feed */
  heard(ids, turn) {
    const { rows } = this;
    if (ids.length === 0 || !rows) {
      for (const page of this.held.size > 0 ? [...this.held] : [0]) void this.readPage(page, turn);
      return;
    }
    const changed = new Set(ids);
    /** @type {Set<number>} */
    const pages = new Set();
    rows.forEach((row, at) => {
      if (row && changed.delete(row.id)) pages.add(Math.floor(at / PAGE));
    });
    // Those that are not shown may be new, and new ones come first.
    if (changed.size > 0) pages.add(0);
    for (const page of pages) void this.readPage(page, turn);
  }

  /** @param {number} page @param {number} [turn] of the feed: what one notice names is read once */
  async readPage(page, turn) {
    if (turn !== undefined && this.turns.get(page) === turn) return;
    if (turn !== undefined) this.turns.set(page, turn);
    if (this.flying.has(page)) {
      this.again.add(page);
      return;
    }
    this.flying.add(page);
    try {
      do {
        this.again.delete(page);
        const answer = await this.read({ ...this.filter, offset: page * PAGE, limit: PAGE });
        this.error = null;
        this.put(page, answer);
      } while (this.again.has(page));
    } catch (thrown) {
      this.error = asHostError(thrown);
      this.dispatchEvent(new Event('change'));
    } finally {
      this.flying.delete(page);
    }
  }

  /** @param {number} page @param {import('../host/types').ResultsPage} answer */
  put(page, answer) {
    const moved = this.held.size > 0 && this.total !== answer.total;
    const rows = this.rows?.slice(0, answer.total) ?? [];
    while (rows.length < answer.total) rows.push(null);
    // What has not changed stays the same, for nobody to draw it anew.
    let changed = rows.length !== this.rows?.length;
    answer.rows.forEach((row, at) => {
      const index = page * PAGE + at;
      if (index >= rows.length || JSON.stringify(row) === JSON.stringify(rows[index])) return;
      rows[index] = row;
      changed = true;
    });
    if (changed) this.rows = rows;
    this.total = answer.total;
    this.state = answer.state;
    this.serverError = answer.error;
    this.held.add(page);
    // A result more or less moves the rows of every page.
    if (moved) for (const other of this.held) if (other !== page) void this.readPage(other);
    this.dispatchEvent(new Event('change'));
  }
}
