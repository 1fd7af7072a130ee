/**
 * Who wants to hear of which topic. Rust says only *what* changed; whoever shows it reads it again.
 */

import { subscribe } from '../host/host.js';

/** @typedef {import('../host/types').FeedTopic} FeedTopic */
/** @typedef {import('../host/types').FeedNotice} FeedNotice */
/** An empty list of ids means all of the topic; `turn` is the same for all that one notice names.
 * @typedef {(ids: ReadonlyArray<number>, turn: number) => void} Hearer */

/** @type {Map<FeedTopic, Set<Hearer>>} */
const hearers = new Map();
/** Who answers when Rust asks the page for something, beside telling what changed. */
const askers = {
  /** Somebody wants to close the window. @type {Set<() => void>} */
  closing: new Set(),
  /** A notification was pressed: the address to open. @type {Set<(address: string) => void>} */
  go: new Set(),
};
let lastSeq = 0;
let turn = 0;
/** @type {Promise<void> | null} */
let opening = null;

/**
 * Hears of a topic until the returned function is called.
 * @param {FeedTopic} topic
 * @param {Hearer} hearer
 * @returns {() => void}
 */
export function hear(topic, hearer) {
  const set = hearers.get(topic) ?? new Set();
  hearers.set(topic, set);
  set.add(hearer);
  return () => set.delete(hearer);
}

/** Is told when somebody wants to close the window. @param {() => void} hearer @returns {() => void} */
export function hearClosing(hearer) {
  askers.closing.add(hearer);
  return () => askers.closing.delete(hearer);
}

/** Is told the address to open. @param {(address: string) => void} hearer @returns {() => void} */
export function hearGo(hearer) {
  askers.go.add(hearer);
  return () => askers.go.delete(hearer);
}

/**
 * Passes a notice on. A gap in the numbers means that something was missed: then everything is
 * read again.
 * @param {FeedNotice} notice
 */
export function deliver(notice) {
  const gap = lastSeq > 0 && notice.seq > lastSeq + 1;
  lastSeq = Math.max(lastSeq, notice.seq);
  if (notice.closing) for (const hearer of [...askers.closing]) hearer();
  if (notice.go) for (const hearer of [...askers.go]) hearer(notice.go);
  if (gap) {
    tellAll();
    return;
  }
  turn += 1;
  for (const [topic, ids] of Object.entries(notice.changes)) {
    for (const hearer of [...(hearers.get(/** @type {FeedTopic} */ (topic)) ?? [])]) hearer(ids ?? [], turn);
  }
}

/** Everything is read again: after a gap, and after another workspace was opened. */
export function tellAll() {
  turn += 1;
  for (const set of [...hearers.values()]) for (const hearer of [...set]) hearer([], turn);
}

/** Opens the feed once. A failed attempt may be repeated. @returns {Promise<void>} */
export function openFeed() {
  opening ??= subscribe(deliver).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}
