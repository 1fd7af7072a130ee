/**
 * Long lists as Rust tells them: what the page has already is named by its place. The first answer may
 * hold the first rows only; then the rest is asked for at once.
 */

import { call } from '../host/host.js';

/** @template T @typedef {import('../host/types').Piece<T>} Piece */

/**
 * A list put together; the very list there was when nothing of it changed.
 * @template T, U
 * @param {ReadonlyArray<Piece<U>>} pieces
 * @param {Array<T>} had
 * @param {(told: U) => T} made
 * @returns {Array<T>}
 */
export function together(pieces, had, made) {
  const [first, second] = pieces;
  if (!second && (Array.isArray(first) ? first[1] : first ? -1 : 0) === had.length) return had;
  return pieces.flatMap((piece) => (Array.isArray(piece) ? had.slice(piece[0], piece[0] + piece[1]) : [made(/** @type {U} */ (piece))]));
}

/**
 * How a `Live` reads such a list. `put` makes the value of an answer and of the value before.
 * @template {'evaluators_list' | 'result_read'} N
 * @template {{ reading: number, more: boolean }} V
 * @param {N} name
 * @param {Omit<import('../host/commands').Commands[N]['takes'], 'have'>} args
 * @param {(told: import('../host/commands').Commands[N]['gives'], had: V | undefined) => V} put
 * @returns {(had: V | undefined, early: (value: V) => void) => Promise<V>}
 */
export const readTold = (name, args, put) => async (had, early) => {
  for (;;) {
    const told = await call(name, /** @type {never} */ ({ ...args, have: had?.reading ?? null }));
    had = put(told, had);
    if (!told.more) return had;
    early(had);
  }
};
