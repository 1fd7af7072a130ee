/**
 * A value read from Rust that stays fresh: it is read when somebody first looks, and again when the
 * feed names its topic. At most one read is in flight; changes that arrive meanwhile cause exactly
 * one more, and a notice that names several of its topics causes one read. A topic with an id is
 * heard only when that id is named, or all of the topic. A value nobody looks at is not read; it is
 * marked stale and read at the next look.
 *
 *     // data/usage.js
 *     export const usage = new Live({ read: () => call('usage_read', {}), topics: ['results'] });
 *     export const one = (id) => new Live({ read: …, topics: [['results', id], 'settings'] });
 *     // in an element
 *     this.usage = new Look(this, () => usage);   // a Lit controller; this.usage.value, .error, .loading
 */

import { asHostError } from '../host/host.js';
import { hear } from './feed.js';

/** @typedef {import('../host/types').FeedTopic} FeedTopic */
/** @typedef {import('../host/host.js').HostError} HostError */

/**
 * Milliseconds to wait when so many reads in a row gave what was known already: a read that causes
 * the notice by which it is read again must not go round without end.
 */
const SAME = [0, 0, 0, 250, 500, 1000];

/** @template T */
export class Live extends EventTarget {
  /**
   * @param {object} options
   * @param {(had: T | undefined, early: (value: T) => void) => Promise<T>} options.read is given the last value, and may put a part of a first one in place while it reads on
   * @param {ReadonlyArray<FeedTopic | readonly [FeedTopic, number | ((id: number, value: T | undefined) => boolean)]>} [options.topics] read again when one of these is named
   * @param {(value: T, had: T) => boolean} [options.same] whether a reading gave what was known already
   * @param {(value: T) => number} [options.pause] milliseconds between the end of a read and the next one that the feed asks for
   */
  constructor({ read, topics = [], same = (value, had) => JSON.stringify(value) === JSON.stringify(had), pause = () => 0 }) {
    super();
    this.#read = read;
    this.#sameAs = same;
    this.#topics = topics;
    this.#pause = pause;
    /** The last value read; kept when a later read fails. @type {T | undefined} */
    this.value = undefined;
    /** Why the last read failed. @type {HostError | null} */
    this.error = null;
    /** A read is in flight. */
    this.loading = false;
  }

  /** @type {(had: T | undefined, early: (value: T) => void) => Promise<T>} */ #read;
  /** @type {(value: T, had: T) => boolean} */ #sameAs;
  /** @type {ReadonlyArray<FeedTopic | readonly [FeedTopic, number | ((id: number, value: T | undefined) => boolean)]>} */ #topics;
  /** @type {(value: T) => number} */ #pause;
  #lookers = 0;
  #stale = true;
  #again = false;
  #epoch = 0;
  #turn = 0;
  #readAt = 0;
  #same = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #later;
  /** @type {Array<() => void>} */ #unhear = [];
  /** @type {Promise<void> | null} */ #flight = null;

  /**
   * Looks at the value until the returned function is called; `changed` runs after each change.
   * @param {() => void} changed
   * @returns {() => void}
   */
  look(changed) {
    this.addEventListener('change', changed);
    if (this.#lookers++ === 0) {
      this.#unhear = this.#topics.map((one) => {
        const [topic, id] = typeof one === 'string' ? [one, null] : one;
        return hear(topic, (ids, turn) => {
          if (turn === this.#turn) return;
          const about = typeof id === 'function' ? ids.some((one) => id(one, this.value)) : id === null || ids.includes(id);
          if (ids.length > 0 && !about) return;
          this.#turn = turn;
          this.#heard();
        });
      });
      if (this.#stale) void this.refresh();
    }
    let looking = true;
    return () => {
      if (!looking) return;
      looking = false;
      this.removeEventListener('change', changed);
      if (--this.#lookers === 0) {
        for (const stop of this.#unhear) stop();
        this.#unhear = [];
        clearTimeout(this.#later);
        this.#later = undefined;
        // Nobody hears the feed for it now, so it may be old at the next look.
        this.#stale = true;
      }
    };
  }

  /** The feed has named it: reads now, or when the pause is over. */
  #heard() {
    if (this.#later !== undefined) return;
    const pause = this.value === undefined ? 0 : Math.max(this.#pause(this.value), SAME[this.#same] ?? 0);
    if (pause > 0 && this.#flight) {
      void this.#flight.then(() => this.#lookers > 0 && this.#heard());
      return;
    }
    const wait = this.#readAt + pause - Date.now();
    if (pause === 0 || wait <= 0) {
      void this.refresh();
      return;
    }
    this.#later = setTimeout(() => {
      this.#later = undefined;
      void this.refresh();
    }, wait);
  }

  /** Reads now, or once more after the read in flight. Settles when the value is fresh; never rejects.
   * @returns {Promise<void>} */
  refresh() {
    if (this.#flight) {
      this.#again = true;
      return this.#flight;
    }
    this.#flight = this.#run().finally(() => {
      this.#flight = null;
    });
    return this.#flight;
  }

  /** Puts a value in place that Rust just gave as the answer of another command. @param {T} value */
  set(value) {
    this.#epoch += 1;
    this.value = value;
    this.error = null;
    this.#stale = false;
    this.#tell();
  }

  /** Forgets the value: another workspace is open. Read again if somebody looks. */
  reset() {
    this.#epoch += 1;
    this.#same = 0;
    this.value = undefined;
    this.error = null;
    this.#stale = true;
    this.#tell();
    if (this.#lookers > 0) void this.refresh();
  }

  async #run() {
    this.loading = true;
    // What is shown is not drawn anew for being read again, nor for having stayed the same.
    let news = this.value === undefined;
    if (news) this.#tell();
    do {
      this.#again = false;
      const epoch = this.#epoch;
      try {
        const value = await this.#read(this.value, (part) => {
          if (epoch !== this.#epoch || this.value !== undefined) return;
          this.value = part;
          this.#tell();
        });
        // An answer that was asked for before set() or reset() is older than what stands here.
        if (epoch === this.#epoch) {
          // What did not change stays the same value: nothing is made of it anew.
          const same = this.value !== undefined && this.#sameAs(value, this.value);
          this.#same = same ? Math.min(this.#same + 1, SAME.length - 1) : 0;
          if (!same) this.value = value;
          if (!same || this.error) news = true;
          this.error = null;
          // While nobody looked, nobody heard what has changed since it was asked for.
          this.#stale = this.#lookers === 0;
        }
      } catch (thrown) {
        if (epoch === this.#epoch) {
          this.error = asHostError(thrown);
          this.#stale = news = true;
        }
      }
      this.#readAt = Date.now();
      if (this.#again && news) this.#tell();
    } while (this.#again);
    this.loading = false;
    if (news) this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * Live values by key, so that two elements that look at the same result share one read. The least
 * recently used beyond `keep` are dropped.
 * @template K, T
 */
export class LiveMap {
  /** @param {(key: K) => Live<T>} make @param {number} [keep] */
  constructor(make, keep = 32) {
    this.#make = make;
    this.#keep = keep;
  }

  /** @type {(key: K) => Live<T>} */ #make;
  #keep;
  /** @type {Map<K, Live<T>>} */ #held = new Map();

  /** @param {K} key @returns {Live<T>} */
  get(key) {
    const held = this.#held.get(key) ?? this.#make(key);
    this.#held.delete(key);
    this.#held.set(key, held);
    const oldest = this.#held.keys().next();
    if (this.#held.size > this.#keep && !oldest.done) this.#held.delete(oldest.value);
    return held;
  }

  /** Another workspace is open. */
  reset() {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const live of held) live.reset();
  }
}

/**
 * A Lit reactive controller that looks at a Live value while its element is connected.
 * `choose` runs before each update, so it may follow a property of the element (for instance an id);
 * return null for "nothing to look at".
 * @template T
 */
export class Look {
  /**
   * @param {import('lit').ReactiveControllerHost} host
   * @param {() => Live<T> | null} choose
   */
  constructor(host, choose) {
    this.#host = host;
    this.#choose = choose;
    host.addController(this);
  }

  #host;
  /** @type {() => Live<T> | null} */ #choose;
  /** @type {Live<T> | null} */ #live = null;
  /** @type {(() => void) | null} */ #stop = null;

  get value() {
    return this.#live?.value;
  }
  get error() {
    return this.#live?.error ?? null;
  }
  get loading() {
    return this.#live?.loading ?? false;
  }
  refresh() {
    return this.#live?.refresh() ?? Promise.resolve();
  }

  hostConnected() {
    this.#follow();
  }
  hostUpdate() {
    this.#follow();
  }
  hostDisconnected() {
    this.#stop?.();
    this.#stop = null;
    this.#live = null;
  }

  #follow() {
    const live = this.#choose();
    if (live === this.#live) return;
    this.#stop?.();
    this.#live = live;
    this.#stop = live ? live.look(() => this.#host.requestUpdate()) : null;
  }
}
