/**
 * A question or a form over the screen: the native dialog, so focus stays inside and Escape closes.
 *
 *     html`<lc-dialog heading="Erase?" ?open=${this.asking} @close=${() => (this.asking = false)}>
 *            <p>…</p>
 *            <button slot="actions" class="btn">Erase</button>
 *          </lc-dialog>`
 *
 * *Cancel* is there by itself (`cancel=""` leaves it out). `close` is sent once, however it closes.
 * `busy` keeps it open while something is under way.
 */
import { html, nothing } from 'lit/html.js';
import { common } from '../words/common.js';
import { LightElement, define } from './light.js';

const styles = new CSSStyleSheet();
// `side` stands beside the screen, for reading something long.
styles.replaceSync(`
  dialog { box-sizing: border-box; width: min(460px, calc(100vw - 32px)); max-height: calc(100vh - 32px); padding: 0; border: 1px solid var(--line-strong); border-radius: var(--r); background: var(--panel); color: var(--ink); font: inherit; box-shadow: 0 12px 40px rgb(0 0 0 / 0.22); }
  :host([wide]) dialog { width: min(760px, calc(100vw - 32px)); }
  :host([side]) dialog { width: min(480px, calc(100vw - 32px)); height: 100vh; max-height: 100vh; margin: 0 0 0 auto; border-width: 0 0 0 1px; border-radius: 0; }
  :host([side]) .body { flex: 1; }
  dialog::backdrop { background: rgb(0 0 0 / 0.35); }
  dialog[open] { display: flex; flex-direction: column; }
  h2 { margin: 0; padding: 16px 20px 0; font-size: 15px; line-height: 1.35; overflow-wrap: anywhere; }
  .body { padding: 8px 20px 16px; overflow: auto; overflow-wrap: anywhere; }
  footer { display: flex; justify-content: flex-end; flex-wrap: wrap; gap: 8px; padding: 12px 20px; border-top: 1px solid var(--line); }
  button { font: 600 13.5px var(--font); min-height: 30px; border: 1px solid var(--line-strong); background: var(--panel); color: var(--ink); padding: 5px 12px; border-radius: var(--r-s); }
  button:hover { background: var(--hover); }
  button:disabled { color: var(--ink-3); }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`);

export class DialogElement extends LightElement {
  static properties = { open: { type: Boolean }, heading: { type: String }, cancel: { type: String }, busy: { type: Boolean }, wide: { type: Boolean, reflect: true }, side: { type: Boolean, reflect: true } };

  /** @type {Element | null} */
  #opener = null;

  constructor() {
    super();
    this.open = false;
    this.heading = '';
    this.cancel = common.cancel;
    this.busy = false;
    this.wide = false;
    this.side = false;
  }

  createRenderRoot() {
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styles];
    return root;
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('open')) return;
    if (this.open && !this.#dialog.open) {
      this.#opener = document.activeElement;
      this.#dialog.showModal();
      const first = this.querySelector('[autofocus]');
      if (first instanceof HTMLElement) first.focus();
    } else if (!this.open && this.#dialog.open) {
      this.#dialog.close();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (this.#dialog?.open) this.#dialog.close();
  }

  #closed() {
    if (this.#opener instanceof HTMLElement && this.#opener.isConnected) this.#opener.focus();
    this.#opener = null;
    if (!this.open) return;
    this.open = false;
    this.dispatchEvent(new CustomEvent('close'));
  }

  /** @param {Event} event */
  #cancelled(event) {
    if (this.busy) event.preventDefault();
  }

  render() {
    return html`<dialog aria-labelledby="heading" @close=${(/** @type {Event} */ event) => { event.stopPropagation(); this.#closed(); }} @cancel=${(/** @type {Event} */ event) => this.#cancelled(event)}>
      <h2 id="heading">${this.heading}</h2>
      <div class="body"><slot></slot></div>
      <footer>
        ${this.cancel ? html`<button type="button" ?disabled=${this.busy} @click=${() => this.#dialog.close()}>${this.cancel}</button>` : nothing}
        <slot name="actions"></slot>
      </footer>
    </dialog>`;
  }
}
define('lc-dialog', DialogElement);
