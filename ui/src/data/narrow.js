/**
 * Narrowing a list of evaluators. Pure, and quick enough for ten thousand rows at every key: what is
 * looked through is laid out once per list.
 */

/** @typedef {import('../host/types').EvaluatorView} EvaluatorView */
/** @typedef {import('../host/types').DraftFilter} DraftFilter */

/** @type {DraftFilter} */
export const noFilter = { search: '', folders: [], tags: [], failedLast: false, flaky: false };

/** A folder path of the API as people read it: "Orders › Edge cases". @param {string | null} path */
export const folderWords = (path) => (path ? path.split('.').join(' › ') : '');

/** The agent failed it the last time it was judged. @param {EvaluatorView} row */
export function failedLast(row) {
  const judged = row.last.filter((outcome) => outcome === 'passed' || outcome === 'agent_failed');
  return judged.at(-1) === 'agent_failed';
}

/** A list, ready to be narrowed at every key. */
export class Index {
  /** @param {ReadonlyArray<EvaluatorView>} rows */
  constructor(rows) {
    this.rows = rows;
    /** Row to its name, tags and folder in lower case. */
    this.texts = rows.map((row) => `${row.name}\n${row.tags.join('\n')}\n${folderWords(row.folder)}\n${row.folder ?? ''}`.toLowerCase());
    this.failed = rows.map(failedLast);
    this.ids = new Set(rows.map((row) => row.id));
    this.byId = new Map(rows.map((row) => [row.id, row]));
    this.failedCount = this.failed.filter(Boolean).length;
    this.flakyCount = rows.filter((row) => row.flaky).length;
    this.tags = [...new Set(rows.flatMap((row) => row.tags))].sort((a, b) => a.localeCompare(b));
    this.folders = foldersOf(rows);
  }

  /** The rows that match, in their order. The list itself when nothing narrows it. @param {DraftFilter} filter */
  narrow(filter) {
    const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
    const tags = new Set(filter.tags);
    const under = filter.folders.map((path) => `${path}.`);
    if (words.length === 0 && tags.size === 0 && under.length === 0 && !filter.failedLast && !filter.flaky) return this.rows;
    return this.rows.filter((row, at) => {
      if (filter.flaky && !row.flaky) return false;
      if (filter.failedLast && !this.failed[at]) return false;
      if (tags.size > 0 && !row.tags.some((tag) => tags.has(tag))) return false;
      if (under.length > 0 && !under.some((path) => `${row.folder ?? ''}.`.startsWith(path))) return false;
      const text = this.texts[at];
      return words.every((word) => text.includes(word));
    });
  }
}

/** @type {WeakMap<ReadonlyArray<EvaluatorView>, Index>} */
const indexes = new WeakMap();

/** The index of a list, laid out once. @param {ReadonlyArray<EvaluatorView>} rows */
export function indexOf(rows) {
  const index = indexes.get(rows) ?? new Index(rows);
  indexes.set(rows, index);
  return index;
}

/** Folders in use and those they stand in, by path. @param {ReadonlyArray<EvaluatorView>} rows */
export function foldersOf(rows) {
  const paths = new Set();
  for (const path of new Set(rows.map((row) => row.folder))) {
    const parts = path ? path.split('.') : [];
    for (let depth = 1; depth <= parts.length; depth += 1) paths.add(parts.slice(0, depth).join('.'));
  }
  return /** @type {Array<string>} */ ([...paths]).sort((a, b) => a.localeCompare(b));
}

/** @param {DraftFilter} filter */
export const isNarrowed = (filter) =>
  filter.search.trim() !== '' || filter.folders.length > 0 || filter.tags.length > 0 || filter.failedLast || filter.flaky;

/**
 * Ticks or unticks, keeping the order in which rows were ticked.
 * @param {ReadonlyArray<number>} chosen @param {ReadonlyArray<number>} ids @param {boolean} on
 */
export function withTicked(chosen, ids, on) {
  if (on) return [...new Set([...chosen, ...ids])];
  const off = new Set(ids);
  return chosen.filter((id) => !off.has(id));
}

/**
 * The rows from the one pressed before to the one pressed with shift, both included; only the latter
 * when the former is not in the list any more.
 * @param {ReadonlyArray<{ id: number }>} rows @param {number | null} anchor id @param {number} index
 */
export function rangeOf(rows, anchor, index) {
  const from = anchor === null ? -1 : rows.findIndex((row) => row.id === anchor);
  if (from < 0) return [rows[index].id];
  return rows.slice(Math.min(from, index), Math.max(from, index) + 1).map((row) => row.id);
}

/**
 * The sum before Rust has checked it, by the same rule: chosen evaluators that are known, times,
 * callers, profiles. 0 when a number makes no sense.
 * @param {import('../host/types').DraftBody} body @param {ReadonlySet<number>} known
 */
export function callsOf(body, known) {
  const times = /^\s*\d{1,3}\s*$/.test(body.times) ? Number(body.times) : 0;
  if (times < 1 || times > 100) return 0;
  const evaluators = body.evaluators.reduce((sum, id) => sum + (known.has(id) ? 1 : 0), 0);
  return evaluators * times * Math.max(1, body.callers.length) * Math.max(1, body.profiles.length);
}

/**
 * The id of a result in what a person pasted: a number, or a link that has one.
 * @param {string} text @returns {number | null}
 */
export function resultIdIn(text) {
  const id = (/** @type {string | undefined} */ digits) => (digits && /^\d{1,15}$/.test(digits) && Number(digits) > 0 ? Number(digits) : null);
  const plain = text.trim().replace(/^#/, '');
  const named = plain.match(/(?:results?|result_id)[/=](\d{1,15})(?!\d)/i);
  return id(plain) ?? id(named?.[1]) ?? id(plain.match(/^https?:\/\/\S*?\/(\d{1,15})\/?(?:[?#]\S*)?$/)?.[1]);
}
