/**
 * Text that others wrote.
 *
 * `bdi(text)`: one line, for names in rows, labels and buttons.
 * `<lc-text .text=${…}>`: longer text. Keeps line breaks (`lines`), shows at most `most` characters
 *   until asked for the rest.
 *
 * Both set text only, show hidden characters as signs and keep its direction to themselves.
 */
import { html, nothing } from 'lit/html.js';
import { common } from '../words/common.js';
import { number } from '../words/format.js';
import { cut, visible } from '../words/text.js';
import { LightElement, define } from './light.js';

/** A name longer than this helps nobody in a row. */
const NAME = 300;

/**
 * @param {string | null | undefined} text
 * @param {string} [empty] what stands there when there is none
 */
export function bdi(text, empty = '') {
  if (!text) return empty;
  const { text: shown, left } = cut(text, NAME);
  return html`<bdi>${visible(shown)}${left > 0 ? '…' : ''}</bdi>`;
}

/** The same as plain text, for attributes such as `title` and `aria-label`. @param {string | null | undefined} text */
export const plain = (text) => (text ? visible(cut(text, NAME).text) : '');

export class TextElement extends LightElement {
  static properties = { text: {}, most: { type: Number }, lines: { type: Boolean }, whole: {} };

  constructor() {
    super();
    /** @type {string | null | undefined} */
    this.text = '';
    this.most = 2000;
    this.lines = false;
    this.whole = false;
  }

  render() {
    const text = this.text ?? '';
    const { text: shown, left } = this.whole ? { text, left: 0 } : cut(text, this.most);
    return html`<bdi class=${this.lines ? 'text-lines' : 'text'} dir="auto">${visible(shown, this.lines)}${left > 0 ? '…' : ''}</bdi>${left > 0
      ? html` <button type="button" class="link" @click=${() => (this.whole = true)}>${common.showAll} (${number(left)})</button>`
      : nothing}`;
  }
}
define('lc-text', TextElement);
