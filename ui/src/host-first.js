/**
 * What the first screen shows, asked while the app is still being read. Bundled into boot.js: it
 * stands alone and never throws. An answer that is not there is asked for again by whoever needs it.
 */

/** @typedef {{ invoke(name: string, args?: object): Promise<any> }} Internals */

/** @param {string} name @param {object} [args] @returns {Promise<any> | undefined} */
const ask = (name, args) => {
  const door = /** @type {{ __TAURI_INTERNALS__?: Internals }} */ (globalThis).__TAURI_INTERNALS__;
  return door?.invoke(name, args).catch(() => undefined);
};

/**
 * @typedef {object} First
 * @property {() => void} ready there is something to see: shows the window
 * @property {Promise<import('./host/types').AppState | undefined>} [state]
 * @property {Promise<import('./host/types').ResultsPage | undefined>} [results] the first page of all results: what is not asked for has its default
 */

/** @returns {First} */
export const askFirst = () => ({
  ready: () => void ask('window_ready'),
  state: ask('app_state'),
  results: ['', '#/results'].includes(location.hash)
    ? ask('results_list', { query: { limit: 50 } })
    : undefined,
});
