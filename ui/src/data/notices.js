/**
 * What is worth a notification: a result that ended or stalls, a launch or a key that needs a
 * person. Found by comparing what was known before with what is known now. Each is told once, and
 * nothing of what was so already when the workspace was opened.
 *
 * Whether it is shown at all is not decided here: Rust knows whether the window is in front and
 * whether a person wants to be told.
 */

import { call } from '../host/host.js';
import { connectionNotice, inPractice, launchNotice, resultNotice } from '../words/notices.js';
import { app } from './app.js';
import { ofWorkspace } from './all.js';
import { hear } from './feed.js';
import { everything } from './results.js';
import { showNotice } from './window.js';

/** @typedef {import('../host/types').ResultRowView} ResultRowView */
/** @typedef {import('../host/types').LaunchView} LaunchView */
/** @typedef {import('../host/types').ConnectionView} ConnectionView */
/** @typedef {{ results: ReadonlyArray<ResultRowView>, launches: ReadonlyArray<LaunchView>, connection: ConnectionView }} Known */
/**
 * @typedef {{ kind: 'ended' | 'stalled', row: ResultRowView }
 *   | { kind: 'launch', launch: LaunchView }
 *   | { kind: 'connection', connection: ConnectionView }} News
 */

/** Milliseconds between two looks at what changed. */
const PACE = 1000;
/** Milliseconds between looks while something is followed: that nothing happens is not told by the feed. */
const SILENCE = 30_000;

/** Whether a person has to do something about a launch. @param {LaunchView} launch */
export function needsPerson(launch) {
  if (launch.settled) return false;
  switch (launch.state) {
    case 'refused':
    case 'not-sent':
      return true;
    // The first look comes at once and usually finds it.
    case 'unknown':
      return launch.looks > 0 || launch.nextLookAt === null;
    case 'launched':
      return launch.otherAgent !== null;
    default:
      return false;
  }
}

/** @param {ConnectionView} connection */
const wantsKey = (connection) => connection.state === 'key_rejected' || connection.state === 'key_missing';

/** Compares, and remembers what was told. Pure but for that. */
export class Comparison {
  /** @type {Known | null} */ #before = null;
  /** @type {Set<string>} */ #told = new Set();

  /** What is new since the last time; nothing the first time. @param {Known} now @returns {Array<News>} */
  news(now) {
    const before = this.#before;
    this.#before = now;
    /** @type {Array<News>} */
    const news = [];
    const rows = new Map(before?.results.map((row) => [row.id, row]));
    for (const row of now.results) {
      const old = rows.get(row.id);
      // One that was placed here may begin and end between two looks. Others come in from the
      // server's list long after they ended.
      const ended = row.finished && (old ? old.followed && !old.finished : row.mine);
      if (ended) this.#once(`ended ${row.id}`, before, news, { kind: 'ended', row });
      if (row.stalled) this.#once(`stalled ${row.id}`, before, news, { kind: 'stalled', row });
    }
    for (const launch of now.launches) {
      if (needsPerson(launch)) this.#once(`${launch.state} ${launch.id}`, before, news, { kind: 'launch', launch });
    }
    if (wantsKey(now.connection) && !(before && wantsKey(before.connection))) {
      if (before) news.push({ kind: 'connection', connection: now.connection });
    }
    return news;
  }

  /** @param {string} key @param {Known | null} before @param {Array<News>} news @param {News} one */
  #once(key, before, news, one) {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    if (before) news.push(one);
  }
}

/** @param {News} news */
export function noticeOf(news) {
  switch (news.kind) {
    case 'launch':
      return launchNotice(news.launch);
    case 'connection':
      return connectionNotice(news.connection);
    default:
      return resultNotice(news.row);
  }
}

/** @returns {Promise<Known>} */
async function readKnown() {
  const [page, launches, connection] = await Promise.all([
    call('results_list', { query: everything }),
    call('launches_open', {}),
    call('connection_read', {}),
  ]);
  return { results: page.rows, launches, connection };
}

/** Looks at what changed, one look at a time. */
export class Watch {
  /** @param {() => Promise<Known>} read @param {(news: News) => void} tell */
  constructor(read, tell) {
    this.#read = read;
    this.#tell = tell;
  }
  #read;
  #tell;
  #comparison = new Comparison();
  #epoch = 0;
  #again = false;
  #looking = false;
  /** Something is followed, so that silence may be a stall. */
  following = false;

  /** Another workspace is open: what is so there now is no news. */
  reset() {
    this.#epoch += 1;
    this.#comparison = new Comparison();
    this.following = false;
    void this.look();
  }

  /** Looks now, or once more after the look under way. Never rejects. */
  async look() {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    while (this.#again) {
      this.#again = false;
      const epoch = this.#epoch;
      try {
        const known = await this.#read();
        if (epoch !== this.#epoch) continue;
        this.following = known.results.some((row) => row.followed);
        this.#comparison.news(known).forEach(this.#tell);
      } catch {
        // No workspace is open, or Rust is in trouble, which the screen says: nothing to compare.
      }
    }
    this.#looking = false;
  }
}

/** Starts to watch the open workspace. Called once, by the frame. */
export function watchForNews() {
  const watch = ofWorkspace(new Watch(readKnown, (news) => {
    // A notification that cannot be shown is not worth a message: the screen says the same.
    const notice = noticeOf(news);
    showNotice(app.value?.current?.kind === 'practice' ? inPractice(notice) : notice).catch(() => {});
  }));
  let due = 0;
  let last = -PACE;
  const now = () => {
    clearTimeout(due);
    due = 0;
    last = performance.now();
    void watch.look();
  };
  // At once where it can be: timers of a window that is not seen may be held back for a minute.
  const soon = () => {
    const wait = last + PACE - performance.now();
    if (wait <= 0) now();
    else due ||= setTimeout(now, wait);
  };
  for (const topic of /** @type {const} */ (['results', 'calls', 'launches', 'connection'])) hear(topic, soon);
  setInterval(() => {
    if (watch.following) void watch.look();
  }, SILENCE);
  void watch.look();
}
