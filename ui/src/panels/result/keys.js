/** The keys of a result, in a small popover. */
import { html } from 'lit/html.js';
import { LightElement, define } from '../../parts/light.js';
import { keyWords, words } from '../../words/result.js';

export class KeysElement extends LightElement {
  static properties = { shown: {} };
  constructor() {
    super();
    this.shown = false;
  }

  /** @param {ToggleEvent} event */
  #toggled(event) {
    this.shown = event.newState === 'open';
    const button = this.querySelector('button');
    const pop = this.querySelector('[popover]');
    if (!this.shown || !button || !(pop instanceof HTMLElement)) return;
    const at = button.getBoundingClientRect();
    pop.style.setProperty('left', `${Math.max(8, Math.min(at.left, innerWidth - pop.offsetWidth - 8))}px`);
    pop.style.setProperty('top', `${Math.max(8, Math.min(at.bottom + 4, innerHeight - pop.offsetHeight - 8))}px`);
  }

  render() {
    return html`<button type="button" class="btn result-keys-button" popovertarget="result-keys" aria-expanded=${this.shown} aria-label=${words.keys} title=${words.keys}>?</button>
      <div popover id="result-keys" class="pop" tabindex="0" role="dialog" aria-label=${words.keys} @toggle=${this.#toggled}>
        <dl class="result-keys">${keyWords.map(([key, says]) => html`<dt><kbd>${key}</kbd></dt><dd>${says}</dd>`)}</dl>
      </div>`;
  }
}
define('lc-keys', KeysElement);
