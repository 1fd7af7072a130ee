/**
 * Who wants to hear of which topic. Rust says only *what* changed; whoever shows it reads it again.
 */

import { subscribe } from '../host/host.js';

/** @typedef {import('../host/types').FeedTopic} FeedTopic */
/** @typedef {import('../host/types').FeedNotice} FeedNotice */
/** An empty list of ids means all of the topic. @typedef {(ids: ReadonlyArray<number>) => void} Hearer */

/** @type {Map<FeedTopic, Set<Hearer>>} */
const hearers = new Map();
let lastSeq = 0;
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

/**
 * Passes a notice on. A gap in the numbers means that something was missed: then everything is
 * read again.
 * @param {FeedNotice} notice
 */
export function deliver(notice) {
  const gap = lastSeq > 0 && notice.seq > lastSeq + 1;
  lastSeq = Math.max(lastSeq, notice.seq);
  if (gap) {
    tellAll();
    return;
  }
  for (const [topic, ids] of Object.entries(notice.changes)) {
    for (const hearer of [...(hearers.get(/** @type {FeedTopic} */ (topic)) ?? [])]) hearer(ids ?? []);
  }
}

/** Everything is read again: after a gap, and after another workspace was opened. */
export function tellAll() {
  for (const set of [...hearers.values()]) for (const hearer of [...set]) hearer([]);
}

/** Opens the feed once. A failed attempt may be repeated. @returns {Promise<void>} */
export function openFeed() {
  opening ??= subscribe(deliver).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}
