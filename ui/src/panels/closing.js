/** Said before the window closes on calls that are under way: what goes on without it. */
import { html, nothing } from 'lit/html.js';
import { app } from '../data/app.js';
import { hearAsked } from '../data/feed.js';
import { key } from '../data/keys.js';
import { launches } from '../data/launches.js';
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
  #launches = new Look(this, () => (this.asked ? launches : null));
  #closing = new Task(this);
  /** @type {() => void} */
  #unhear = () => {};

  constructor() {
    super();
    this.asked = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#unhear = hearAsked((notice) => {
      if (!notice.closing) return;
      this.#closing.clear();
      this.asked = true;
    });
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#unhear();
  }

  #stays() {
    this.asked = false;
    // If Rust does not hear of it, the next press closes without a word; nothing is lost by that.
    stay().catch(() => {});
  }

  render() {
    if (!this.asked) return nothing;
    const sending = this.#launches.value?.some((launch) => launch.state === 'sending');
    return html`<lc-dialog open .heading=${words.title} .cancel=${words.stay} data-test="closing" @close=${() => this.#stays()}>
      ${sending ? html`<p>${words.sending}</p>` : nothing}
      <p>${words.on(this.#app.value?.current?.kind === 'practice')} ${words.catches}${this.#key.value?.state === 'session_only' ? ` ${words.keyAgain}` : nothing}</p>
      ${trouble(this.#closing.error)}
      <button slot="actions" type="button" class="btn go" data-test="closing-close" autofocus ?disabled=${this.#closing.busy} @click=${() => this.#closing.run(async () => { await closeWindow(); this.asked = false; })}>${words.close}</button>
    </lc-dialog>`;
  }
}
define('lc-closing', ClosingElement);
