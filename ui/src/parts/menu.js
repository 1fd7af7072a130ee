/**
 * Chips and buttons that open a small list.
 *
 * `<lc-choice label="Tags" .options=${[{ value, label, hint? }]} .chosen=${[…]} @change=${(e) => e.detail}>`
 *    a list of checkboxes (or, with `single`, of radio buttons); `change` carries the chosen values.
 *    More than eight options get a search field. `all` is what the chip says when nothing is chosen.
 * `<lc-menu label="Run again" .actions=${[{ word, run, disabled?, note?, danger?, test? }]}>` a list of actions.
 *
 * Both use the native popover: it closes on Escape and on a press elsewhere. Focus goes in and back.
 */
import { html, nothing } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { common } from '../words/common.js';
import { visible } from '../words/text.js';
import { LightElement, define, valueOf } from './light.js';
import { bdi, plain } from './text.js';

let made = 0;

/** What both have in common: a button, and a popover placed beneath it. */
class PopElement extends LightElement {
  #follow = () => this.place();

  constructor() {
    super();
    this.popId = `pop-${++made}`;
    this.shown = false;
  }

  get button() {
    return /** @type {HTMLButtonElement | null} */ (this.querySelector(':scope > button'));
  }
  get pop() {
    return /** @type {HTMLElement | null} */ (this.querySelector(':scope > [popover]'));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#keepPlaced(removeEventListener);
  }

  /** @param {typeof addEventListener | typeof removeEventListener} listen */
  #keepPlaced(listen) {
    listen('resize', this.#follow);
    listen('scroll', this.#follow, true);
  }

  close() {
    this.pop?.hidePopover();
  }

  /** @param {ToggleEvent} event */
  toggled(event) {
    this.shown = event.newState === 'open';
    this.requestUpdate();
    this.#keepPlaced(this.shown ? addEventListener : removeEventListener);
    if (this.shown) {
      void this.updateComplete.then(() => {
        this.place();
        const first = this.pop?.querySelector('input, button:not(:disabled)');
        if (first instanceof HTMLElement) first.focus();
      });
    } else {
      if (!document.activeElement || document.activeElement === document.body || this.pop?.contains(document.activeElement)) this.button?.focus();
    }
  }

  place() {
    const { button, pop } = this;
    if (!button || !pop) return;
    const at = button.getBoundingClientRect();
    const below = innerHeight - at.bottom - 12;
    const above = at.top - 12;
    const up = below < Math.min(pop.scrollHeight, 240) && above > below;
    pop.style.setProperty('max-height', `${Math.max(120, Math.min(380, up ? above : below))}px`);
    pop.style.setProperty('left', `${Math.max(8, Math.min(at.left, innerWidth - pop.offsetWidth - 8))}px`);
    pop.style.setProperty('top', up ? `${Math.max(8, at.top - pop.offsetHeight - 4)}px` : `${at.bottom + 4}px`);
  }

  /** Up and down move between what can be pressed. @param {KeyboardEvent} event */
  moved(event) {
    // WebKit's search fields take Escape for themselves.
    if (event.key === 'Escape') {
      event.preventDefault();
      this.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [...(this.pop?.querySelectorAll('input, button:not(:disabled)') ?? [])];
    const at = stops.indexOf(/** @type {Element} */ (document.activeElement));
    const next = stops[(at + step + stops.length) % stops.length];
    if (next instanceof HTMLElement) {
      event.preventDefault();
      next.focus();
    }
  }
}

/** @typedef {{ value: string, label: string, hint?: string }} Option */

export class ChoiceElement extends PopElement {
  static properties = { label: { type: String }, all: { type: String }, options: {}, chosen: {}, single: { type: Boolean }, says: { type: String }, search: {} };
  constructor() {
    super();
    this.label = '';
    this.all = '';
    /** @type {ReadonlyArray<Option>} */
    this.options = [];
    /** @type {ReadonlyArray<string>} */
    this.chosen = [];
    this.single = false;
    /** What the chip says whatever is chosen, for instance *+ Add*. */
    this.says = '';
    this.search = '';
  }

  /** @param {string} value @param {boolean} on */
  #pick(value, on) {
    const chosen = this.single ? [value] : on ? [...this.chosen, value] : this.chosen.filter((one) => one !== value);
    this.chosen = chosen;
    this.dispatchEvent(new CustomEvent('change', { detail: chosen }));
    if (this.single) this.close();
  }

  render() {
    const word = this.search.trim().toLowerCase();
    const shown = word ? this.options.filter((one) => one.label.toLowerCase().includes(word)) : this.options;
    const names = this.options.filter((one) => this.chosen.includes(one.value)).map((one) => one.label);
    const says = this.says || (names.length === 0 ? this.all || this.label : names.length === 1 ? names[0] : `${this.label} · ${names.length}`);
    const on = !this.says && this.chosen.length > 0 && !(this.single && this.chosen[0] === '');
    return html`<button type="button" class="chip ${on ? 'on' : ''}" popovertarget=${this.popId} aria-haspopup="dialog" aria-expanded=${this.shown} aria-label=${`${this.label}: ${plain(says)}`}>${bdi(says)}</button>
      <div popover id=${this.popId} class="pop" role="dialog" aria-label=${this.label} @toggle=${this.toggled} @keydown=${this.moved}>
        ${this.options.length > 8
          ? html`<input type="search" class="pop-search" placeholder=${common.find} aria-label=${common.findIn(this.label)} .value=${this.search} @input=${(/** @type {Event} */ event) => (this.search = valueOf(event))}>`
          : nothing}
        ${!this.single && this.chosen.length > 0
          ? html`<button type="button" class="link pop-clear" @click=${() => { this.chosen = []; this.dispatchEvent(new CustomEvent('change', { detail: [] })); }}>${common.clear}</button>`
          : nothing}
        <div class="pop-list">${this.shown
          ? repeat(
              shown.slice(0, 500),
              (one) => one.value,
              (one) => html`<label class="pop-row"><input type=${this.single ? 'radio' : 'checkbox'} name=${this.popId} .checked=${this.chosen.includes(one.value)} @change=${(/** @type {Event} */ event) => this.#pick(one.value, /** @type {HTMLInputElement} */ (event.target).checked)}><span>${bdi(one.label)}${one.hint ? html`<small class="sub">${visible(one.hint)}</small>` : nothing}</span></label>`,
            )
          : nothing}
          ${shown.length === 0 ? html`<div class="pop-row sub">${common.nothingFound}</div>` : nothing}
        </div>
      </div>`;
  }
}
define('lc-choice', ChoiceElement);

/** @typedef {{ word: string, run: () => unknown, disabled?: boolean, note?: string, danger?: boolean, test?: string }} Action */

export class MenuElement extends PopElement {
  static properties = { label: { type: String }, actions: {}, quiet: { type: Boolean }, hook: { type: String }, disabled: { type: Boolean } };
  constructor() {
    super();
    this.label = '';
    /** @type {ReadonlyArray<Action>} */
    this.actions = [];
    /** A button without a border. */
    this.quiet = false;
    /** The data-test name of the button. */
    this.hook = '';
    this.disabled = false;
  }
  render() {
    return html`<button type="button" class="btn ${this.quiet ? 'quiet' : ''}" aria-disabled=${this.disabled ? 'true' : nothing} @click=${(/** @type {Event} */ event) => this.disabled && event.preventDefault()} data-test=${this.hook || nothing} popovertarget=${this.popId} aria-haspopup="menu" aria-expanded=${this.shown}>${this.label}</button>
      <div popover id=${this.popId} class="pop" role="menu" aria-label=${this.label} @toggle=${this.toggled} @keydown=${this.moved}>
        ${this.actions.map(
          (action) => html`<button type="button" role="menuitem" class="pop-action ${action.danger ? 'danger' : ''}" ?disabled=${action.disabled ?? false} data-test=${action.test ?? nothing}
            @click=${() => { this.close(); action.run(); }}>${action.word}${action.note ? html`<small class="sub">${action.note}</small>` : nothing}</button>`,
        )}
      </div>`;
  }
}
define('lc-menu', MenuElement);
