/**
 * Who wants to hear of which topic. Rust says only *what* changed; whoever shows it reads it again.
 * The page asks for each notice and is answered when there is one (src-tauri/src/feed.rs).
 */

import { call } from '../host/host.js';

/** @typedef {import('../host/types').FeedTopic} FeedTopic */
/** @typedef {import('../host/types').FeedNotice} FeedNotice */
/** An empty list of ids means all of the topic; `turn` is the same for all that one notice names.
 * @typedef {(ids: ReadonlyArray<number>, turn: number) => void} Hearer */

/** Milliseconds after which a page that is still not loaded asks all the same. */
const PATIENCE = 9000;
/** Milliseconds before it asks again after a failure; as many more after each that follows. */
const PAUSE = 1000;

/** @type {Map<FeedTopic, Set<Hearer>>} */
const hearers = new Map();
/** Who answers when Rust asks the page for something, beside telling what changed. @type {Set<(notice: FeedNotice) => void>} */
const askers = new Set();
let lastSeq = 0;
let turn = 0;

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
 * Hears every notice: whether somebody wants to close the window, and the address to open, if any.
 * @param {(notice: FeedNotice) => void} hearer
 * @returns {() => void}
 */
export function hearAsked(hearer) {
  askers.add(hearer);
  return () => askers.delete(hearer);
}

/**
 * Passes a notice on. A gap in the numbers means that something was missed: then everything is
 * read again.
 * @param {FeedNotice} notice
 */
export function deliver(notice) {
  const gap = notice.seq > lastSeq + 1;
  lastSeq = Math.max(lastSeq, notice.seq);
  for (const hearer of askers) hearer(notice);
  tell(gap ? undefined : notice.changes);
}

/** @param {FeedNotice['changes']} [changes] without them everything is read again */
function tell(changes) {
  turn += 1;
  for (const [topic, set] of [...hearers]) {
    const ids = changes ? changes[topic] : [];
    if (ids) for (const hearer of [...set]) hearer(ids, turn);
  }
}

/** Everything is read again: after a gap, and after another workspace was opened. */
export const tellAll = () => tell();

/** Waits for the next notice. Rust knows by the number what did not arrive, and leaves a gap for it. */
const ask = () => call('feed_next', { heard: lastSeq });

/** Passes on what was asked for and asks again, without end. @param {Promise<FeedNotice>} asked @param {number} pause */
function listen(asked, pause) {
  asked.then(
    (notice) => {
      try {
        deliver(notice);
      } finally {
        listen(ask(), PAUSE);
      }
    },
    () => setTimeout(() => listen(ask(), pause + PAUSE), pause),
  );
}

/**
 * Opens the feed. Called once, by the frame. Settles as the first ask does, which is answered at once.
 * It waits until the page is loaded, which for WebKit it is not while a request is open. Where another one
 * is open for long, as one that waits for a key store may be, it begins all the same.
 */
export function openFeed() {
  const first = new Promise((loaded) => {
    addEventListener('load', () => setTimeout(loaded));
    setTimeout(loaded, document.readyState === 'complete' ? 0 : PATIENCE);
  }).then(ask);
  listen(first, PAUSE);
  return first;
}
