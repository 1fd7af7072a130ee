/**
 * What the first screen shows, as Rust put it into the page (src-tauri/src/page.rs): the answers to the
 * first two questions. A page that is loaded again finds none, and asks.
 */

/** @type {Partial<import('../host/types').FirstScreen>} */
const first = JSON.parse(globalThis.document?.getElementById('first')?.textContent || '{}');

/**
 * Gives an answer once: whoever asks again wants to know what has changed.
 * @template {keyof import('../host/types').FirstScreen} N
 * @param {N} name
 */
export function takeFirst(name) {
  const { [name]: answer } = first;
  delete first[name];
  return answer ?? undefined;
}
