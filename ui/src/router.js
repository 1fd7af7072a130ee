/**
 * Which screen the address names. Pure, so that it can be tested without a window.
 *
 *   #/new                     new run
 *   #/results                 the list
 *   #/results/12              a result
 *   #/results/12/calls/34     a result with one of its calls open
 *   #/plans, #/settings, #/welcome
 */

/**
 * @typedef {object} Route
 * @property {'welcome' | 'new' | 'results' | 'result' | 'plans' | 'settings'} name
 * @property {number | null} id of the result
 * @property {number | null} call
 * @property {URLSearchParams} query what stands behind a question mark
 */

/** @param {string | undefined} text */
const id = (text) => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null);

/**
 * @param {string} hash
 * @returns {Route | null} null for an address that names no screen
 */
export function parseRoute(hash) {
  const [path, query = ''] = hash.replace(/^#/, '').split('?', 2);
  const [first, second, third, fourth] = path.split('/').filter(Boolean);
  const route = (/** @type {Route['name']} */ name, /** @type {Partial<Route>} */ more = {}) => ({
    name, id: null, call: null, query: new URLSearchParams(query), ...more,
  });
  switch (first) {
    case 'welcome':
    case 'new':
    case 'plans':
    case 'settings':
      return second === undefined ? route(first) : null;
    case 'results': {
      if (second === undefined) return route('results');
      const result = id(second);
      if (result === null) return null;
      if (third === undefined) return route('result', { id: result });
      const call = third === 'calls' ? id(fourth) : null;
      return call === null ? null : route('result', { id: result, call });
    }
    default:
      return null;
  }
}

/** @param {number} result @param {number} [call] */
export const resultAddress = (result, call) => `#/results/${result}${call === undefined ? '' : `/calls/${call}`}`;

/** @param {string} address */
export function go(address) {
  location.hash = address;
}

/** Changes the address without a step in the history: for moving between calls. @param {string} address */
export function replaceAddress(address) {
  history.replaceState(null, '', address);
  dispatchEvent(new Event('hashchange'));
}
