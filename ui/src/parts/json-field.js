/**
 * A field for JSON with line numbers; the line of a mistake is marked and told.
 *
 *     html`<lc-json label="Config" .text=${text} .mistake=${{ line: 3, what: '…' }} @change=${(e) => e.detail}></lc-json>`
 *
 * `change` is sent at every key and carries the text. Nothing typed is ever corrected.
 */
import { html, nothing } from 'lit/html.js';
import { plan as words } from '../words/new-run.js';
import { LightElement, define } from './light.js';
import { setStyle } from './set-style.js';

/** @typedef {{ line: number | null, what: string }} Mistake */

let made = 0;
/** More numbers than this beside a text help nobody. */
const MOST_LINES = 2000;

/** How many lines a text has. @param {string} text */
export const lineCount = (text) => text.split('\n').length;

/**
 * A mistake as it is told: the line stands in front, so the place the parser repeats at the end of
 * its sentence is left out.
 * @param {Mistake} mistake
 */
export const mistakeWords = (mistake) => words.jsonWrong(mistake.line, `${mistake.what.replace(/ at line \d+ column \d+$/, '').replace(/\.$/, '')}.`);

export class JsonElement extends LightElement {
  static properties = { label: { type: String }, text: {}, mistake: {}, hook: { type: String } };

  constructor() {
    super();
    this.label = '';
    this.text = '';
    /** @type {Mistake | null} */
    this.mistake = null;
    /** The data-test name of the field. */
    this.hook = '';
    this.fieldId = `json-${++made}`;
  }

  /** @param {Event} event */
  #typed(event) {
    this.text = /** @type {HTMLTextAreaElement} */ (event.target).value;
    this.dispatchEvent(new CustomEvent('change', { detail: this.text }));
  }

  /** The numbers go with the text. @param {Event} event */
  #scrolled(event) {
    const numbers = this.querySelector('.json-lines');
    if (numbers) numbers.scrollTop = /** @type {HTMLElement} */ (event.target).scrollTop;
  }

  render() {
    const { mistake, fieldId } = this;
    const lines = Math.min(MOST_LINES, lineCount(this.text));
    const shown = Math.max(4, Math.min(14, lines + 1));
    return html`<label for=${fieldId}>${this.label}</label>
      <div class="json ${mistake ? 'json-wrong' : ''}" ${setStyle({ height: `${shown * 18 + 14}px` })}>
        <div class="json-lines" aria-hidden="true">${Array.from({ length: lines }, (_, at) => html`<div class=${mistake?.line === at + 1 ? 'json-line wrong' : 'json-line'}>${at + 1}</div>`)}</div>
        <textarea id=${fieldId} wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off" data-test=${this.hook || nothing}
          aria-invalid=${mistake ? 'true' : nothing} aria-describedby=${`${fieldId}-note`} .value=${this.text} @input=${this.#typed} @change=${(/** @type {Event} */ event) => event.stopPropagation()} @scroll=${this.#scrolled}></textarea>
      </div>
      <p class="note ${mistake ? 'note-wrong' : ''}" id=${`${fieldId}-note`} role="status">${mistake ? mistakeWords(mistake) : this.text.trim() ? words.jsonFine : nothing}</p>`;
  }
}
define('lc-json', JsonElement);
