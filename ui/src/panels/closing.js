/** Said before the window closes: what goes on without it, or what is being finished first. */
import { html, nothing } from 'lit/html.js';
import { app } from '../data/app.js';
import { hearAsked } from '../data/feed.js';
import { key } from '../data/keys.js';
import { Look } from '../data/live.js';
import { closeWindow, stay } from '../data/window.js';
import { LightElement, define } from '../parts/light.js';
import { Task } from '../parts/task.js';
import '../parts/banner.js';
import '../parts/dialog.js';
import { trouble } from '../parts/states.js';
import { closing as words } from '../words/notices.js';

class ClosingElement extends LightElement {
  static properties = { asked: {} };

  #app = new Look(this, () => (this.asked ? app : null));
  #key = new Look(this, () => (this.asked ? key : null));
  #closing = new Task(this);
  /** @type {() => void} */
  #unhear = () => {};

  constructor() {
    super();
    /** What is under way. @type {import('../host/types').Closing | null} */
    this.asked = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#unhear = hearAsked((notice) => {
      if (!notice.closing) return;
      this.#closing.clear();
      this.asked = notice.closing;
    });
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#unhear();
  }

  #stays() {
    this.asked = null;
    // If Rust does not hear of it, the next press closes without a word; nothing is lost by that.
    stay().catch(() => {});
  }

  render() {
    if (!this.asked) return nothing;
    const launch = this.asked === 'launch';
    const keyAgain = this.#key.value?.state === 'session_only' ? ` ${words.keyAgain}` : '';
    return html`<lc-dialog open .heading=${launch ? words.finishing : words.title} .cancel=${words.stay} data-test="closing" data-state=${this.asked} @close=${() => this.#stays()}>
      ${launch
        ? html`<p role="status">${words.waits}</p><p>${words.insist}${keyAgain}</p>`
        : html`<p>${words.on(this.#app.value?.current?.kind === 'practice')} ${words.catches}${keyAgain}</p>`}
      ${trouble(this.#closing.error)}
      <button slot="actions" type="button" class="btn ${launch ? '' : 'go'}" data-test="closing-close" ?autofocus=${!launch} ?disabled=${this.#closing.busy} @click=${() => this.#closing.run(async () => { await closeWindow(); this.asked = null; })}>${launch ? words.closeAnyway : words.close}</button>
    </lc-dialog>`;
  }
}
define('lc-closing', ClosingElement);
