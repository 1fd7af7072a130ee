/**
 * What stands where there is nothing yet, or nothing.
 *
 *     loading('Reading the evaluators…', 'This usually takes a few seconds.')
 *     empty('No results yet', 'They appear here when…', html`<a class="btn" href="#/new">New run</a>`)
 *     trouble(this.saving.error)   beside what failed
 *     lookState(look, { loading: '…', ready: (value) => html`…` })   all states of a Look in one
 */
import { html, nothing } from 'lit/html.js';
import { common } from '../words/common.js';
import './banner.js';

/** @param {string} what it says what it is doing @param {string} [note] how long it usually takes */
export const loading = (what = common.loading, note = '') =>
  html`<div class="state" role="status"><span class="spinner" aria-hidden="true"></span><div><b>${what}</b>${note ? html`<div class="sub">${note}</div>` : nothing}</div></div>`;

/** @param {string} title @param {string} [text] @param {unknown} [action] */
export const empty = (title, text = '', action = nothing) =>
  html`<div class="state state-empty"><div><b>${title}</b>${text ? html`<p class="sub">${text}</p>` : nothing}${action === nothing ? nothing : html`<div class="acts">${action}</div>`}</div></div>`;

/**
 * What went wrong, beside what failed; nothing while nothing did.
 * @param {import('./banner.js').ShownError | null} error
 * @param {{ retry?: () => unknown, actions?: ReadonlyArray<import('./banner.js').BannerAction>, hook?: string }} [more]
 */
export const trouble = (error, { retry, actions = [], hook = 'error-banner' } = {}) =>
  error ? html`<lc-banner class="inline" hook=${hook} .error=${error} .retry=${retry} .actions=${actions}></lc-banner>` : nothing;

/**
 * A value with its loading and error states. What was read before stays on the screen when a later
 * read fails; the banner stands above it.
 * @template T
 * @param {{ value: T | undefined, error: import('./banner.js').ShownError | null, loading: boolean, refresh(): unknown }} look
 * @param {{ loading: string, note?: string, ready: (value: T) => unknown }} words
 */
export function lookState(look, words) {
  const trouble = look.error ? html`<lc-banner .error=${look.error} .retry=${() => look.refresh()}></lc-banner>` : nothing;
  if (look.value !== undefined) return html`${trouble}${words.ready(look.value)}`;
  return look.error ? trouble : loading(words.loading, words.note);
}
