/**
 * What belongs to the open workspace and must be forgotten with it. Each noun adds itself here, so
 * that none is missed.
 */

/** @type {Set<{ reset(): void }>} */
const held = new Set();

/**
 * Registers a value of the open workspace and gives it back.
 * @template {{ reset(): void }} T
 * @param {T} value
 * @returns {T}
 */
export function ofWorkspace(value) {
  held.add(value);
  return value;
}

/** Forgets everything shown of the workspace that was open. */
export function forgetWorkspace() {
  for (const value of held) value.reset();
}
