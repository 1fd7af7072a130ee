/**
 * A question that does something when the answer is yes: to erase, to rename, to choose.
 *
 *     question({ heading: 'Erase?', body: html`<p>…</p>`, yes: 'Erase', danger: true,
 *                doing: this.#doing, work: () => erase(id), close: () => (this.asking = null) })
 *
 * Its body may hold fields, and Enter answers. It closes when the work is done; what went wrong
 * stands in it, with `actions` as ways out.
 */
import { html } from 'lit/html.js';
import './dialog.js';
import { trouble } from './states.js';

/**
 * @typedef {object} Question
 * @property {string} heading
 * @property {unknown} body
 * @property {string} yes the word on the button
 * @property {import('./task.js').Task} doing
 * @property {() => Promise<unknown>} work
 * @property {() => void} close
 * @property {boolean} [danger]
 * @property {boolean} [ready] yes can be said
 * @property {boolean} [wide]
 * @property {ReadonlyArray<import('./banner.js').BannerAction>} [actions]
 */

/** @param {Question} question */
export function question({ heading, body, yes, doing, work, close, danger = false, ready = true, wide = false, actions = [] }) {
  const answered = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (ready && (await doing.run(work))) close();
  };
  return html`<lc-dialog open ?wide=${wide} .heading=${heading} ?busy=${doing.busy} @close=${close}>
    <form id="question" novalidate @submit=${answered}>${body}${trouble(doing.error, { actions })}</form>
    <button slot="actions" form="question" class="btn ${danger ? 'danger' : 'go'}" data-test="dialog-yes" ?disabled=${doing.busy || !ready}>${yes}</button>
  </lc-dialog>`;
}
