/**
 * Notes as they are typed. What is not kept yet is held here by its call, so that it outlives the
 * element it was typed into; it is kept a moment after the last key, when the call is left, and when
 * the window is hidden. What is typed is never changed under the hand that types it.
 */

import { asHostError } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { app } from './app.js';
import { readCall, saveNote } from './calls.js';

/** Milliseconds after the last key before a note is kept. */
const TYPING = 700;

/** @typedef {{ text: string, kept: string | null, saving: Promise<void> | null, left: boolean, error: import('../host/host.js').HostError | null, timer?: ReturnType<typeof setTimeout> }} Held */

/** Sends `change` when anything of it changed. */
export class Notes extends EventTarget {
  /** @param {(call: number, text: string) => Promise<unknown>} save @param {() => number} space the open workspace: ids mean something within it only */
  constructor(save, space) {
    super();
    this.#save = save;
    this.#space = space;
  }
  #save;
  #space;
  /** By workspace. @type {Map<number, Map<number, Held>>} */ #spaces = new Map();

  get #held() {
    const held = this.#spaces.get(this.#space()) ?? new Map();
    this.#spaces.set(this.#space(), held);
    return held;
  }

  /** What the field of a call shows. @param {number} call @param {string | null} note as it was read */
  text(call, note) {
    const one = this.#held.get(call);
    // What stands there once it is read again needs no holding.
    if (one?.left && one.text === one.kept && one.text.trim() === (note ?? '').trim()) this.#held.delete(call);
    return one?.text ?? note ?? '';
  }

  /** @param {number} call @returns {'' | 'typing' | 'saving' | 'saved' | 'failed'} */
  state(call) {
    const one = this.#held.get(call);
    if (!one) return '';
    if (one.saving) return 'saving';
    return one.error ? 'failed' : one.text === one.kept ? 'saved' : 'typing';
  }

  /** Why a note could not be kept: the one of this call before those of others. @param {number} [call] */
  error(call) {
    return this.#held.get(call ?? -1)?.error ?? [...this.#held.values()].find((one) => one.error)?.error ?? null;
  }

  /** @param {number} call @param {string} text */
  type(call, text) {
    const held = this.#held;
    const one = held.get(call) ?? { text, kept: null, saving: null, left: false, error: null };
    held.set(call, one);
    one.text = text;
    one.left = false;
    clearTimeout(one.timer);
    one.timer = setTimeout(() => void this.flush(call), TYPING);
    this.#tell();
  }

  /** Keeps what has been typed for a call; never rejects. @param {number} call @returns {Promise<void>} */
  async flush(call) {
    const one = this.#held.get(call);
    if (!one) return;
    clearTimeout(one.timer);
    while (one.text !== one.kept) {
      if (one.saving) {
        await one.saving;
        // What came meanwhile goes right after it; what failed waits for another try.
        if (one.error) return;
      } else {
        const { text } = one;
        one.error = null;
        one.saving = this.#save(call, text)
          .then(() => void (one.kept = text), (thrown) => void (one.error = asHostError(thrown)))
          .finally(() => {
            one.saving = null;
            this.#tell();
          });
        this.#tell();
      }
    }
  }

  /** Keeps all there is, or tries again. @returns {Promise<unknown>} */
  flushAll() {
    return Promise.all([...this.#held.keys()].map((call) => this.flush(call)));
  }

  /** Nobody types into the note of a call any more. @param {number} call */
  leave(call) {
    const one = this.#held.get(call);
    if (one) one.left = true;
    return this.flush(call);
  }

  /** Another workspace is open. What could not be kept waits until its own is open again. */
  reset() {
    for (const held of this.#spaces.values()) {
      for (const [call, one] of held) {
        clearTimeout(one.timer);
        if (one.text === one.kept) held.delete(call);
      }
    }
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}

export const notes = ofWorkspace(new Notes(saveNote, () => app.value?.current?.id ?? 0));

/** What is noted with calls of a result, as far as it can be read. @param {number} result @param {ReadonlyArray<number>} calls @returns {Promise<Map<number, string>>} */
export async function notesOf(result, calls) {
  const read = await Promise.all(calls.map((id) => readCall(result, id).then(({ note }) => note, () => null)));
  return new Map(calls.map((id, at) => [id, notes.text(id, read[at]).trim()]));
}

// The window may go without a word; the save is on its way before it does.
globalThis.addEventListener?.('pagehide', () => void notes.flushAll());
globalThis.document?.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && void notes.flushAll());
