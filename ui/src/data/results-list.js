/**
 * The list of results for one filter, of any length: pages are read as they are needed. Those on the
 * screen are read again when the feed names what they show, the others when they are needed again.
 */

import { asHostError, call } from '../host/host.js';
import { hear } from './feed.js';
import { takeFirst } from './first.js';

/** @typedef {import('../host/types').ResultsQuery} ResultsQuery */
/** @typedef {import('../host/types').ResultRowView} ResultRowView */
/** @typedef {Omit<ResultsQuery, 'offset' | 'limit'>} ResultsFilter */

/** Nothing left out. @type {ResultsFilter} */
export const unfiltered = { search: '', agent: null, onlyFailing: false, onlyMine: false, days: 0 };

/** Rows asked for at a time: more than a tall window shows, and few enough for the first ones to be there at once. */
export const PAGE = 50;

/** @param {ResultsQuery} query */
const readRows = async (query) => (query.offset === 0 ? takeFirst('results') : undefined) ?? call('results_list', { query });

/** @param {number} index */
const pageOf = (index) => Math.floor(index / PAGE);

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
    /** Pages that have been read and that nothing has changed since. @type {Set<number>} */
    this.held = new Set();
    /** The rows on the screen, from one index up to another; set by whoever shows them. @type {() => readonly [number, number]} */
    this.visible = () => [0, PAGE];
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
    const page = pageOf(index);
    if (!this.held.has(page) && !this.flying.has(page)) void this.readPage(page);
  }

  /** @param {ReadonlyArray<number>} ids results that changed; none means all @param {number} turn of the feed */
  heard(ids, turn) {
    const { rows } = this;
    if (!rows) {
      void this.readPage(0, turn);
      return;
    }
    const seen = this.#seen();
    if (ids.length === 0) {
      this.#drop(new Set([...this.held, ...seen]), turn);
      return;
    }
    const changed = new Set(ids);
    /** @type {Set<number>} */
    const pages = new Set();
    rows.forEach((row, at) => {
      if (row && changed.delete(row.id)) pages.add(pageOf(at));
    });
    // Those that are not shown may be new; any page tells by how many results there are.
    if (changed.size > 0) pages.add(Math.min(...seen));
    this.#drop(pages, turn);
  }

  /** The pages on the screen, of which there is always one. @returns {Set<number>} */
  #seen() {
    const [from, to] = this.visible();
    const last = Math.max(0, Math.min(to, this.total) - 1);
    const pages = new Set([Math.min(pageOf(from), pageOf(last))]);
    for (let page = pageOf(from); page <= pageOf(last); page++) pages.add(page);
    return pages;
  }

  /** These are no longer what they were: those on the screen are read now. @param {Iterable<number>} pages @param {number} [turn] of the feed */
  #drop(pages, turn) {
    const seen = this.#seen();
    for (const page of pages) {
      // What is being read may have been asked for too early.
      if (seen.has(page) || this.flying.has(page)) void this.readPage(page, turn);
      else this.held.delete(page);
    }
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
    // A result more or less moves the rows of every page. Nobody looks at most of them, and they are empty
    // until somebody does: a result must not stand in two places.
    if (moved) {
      const seen = this.#seen().add(page);
      this.rows = rows.map((row, at) => (seen.has(pageOf(at)) ? row : null));
      this.#drop([...this.held].filter((other) => other !== page));
    }
    this.dispatchEvent(new Event('change'));
  }
}
