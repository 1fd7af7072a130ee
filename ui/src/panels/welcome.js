/** Welcome: the practice studio, a key, or a workspace that is known. */
import { html, nothing } from 'lit/html.js';
import { app, connectWorkspace, openPractice, openWorkspace } from '../data/app.js';
import { Look } from '../data/live.js';
import { HostError } from '../host/host.js';
import { LightElement, define } from '../parts/light.js';
import { mark } from '../parts/mark.js';
import { Task } from '../parts/task.js';
import { bdi } from '../parts/text.js';
import '../parts/banner.js';
import { trouble } from '../parts/states.js';
import { go } from '../router.js';
import { welcome as words } from '../words/welcome.js';

export class WelcomePanel extends LightElement {
  static properties = { route: {}, slow: {} };

  #app = new Look(this, () => app);
  #connecting = new Task(this);
  #practising = new Task(this);
  #opening = new Task(this);
  /** Which known workspace is being opened. */
  #openingId = 0;

  constructor() {
    super();
    /** @type {import('../router.js').Route | null} */
    this.route = null;
    /** The check takes longer than one expects of a press. */
    this.slow = false;
  }

  get #busy() {
    return this.#connecting.busy || this.#practising.busy || this.#opening.busy;
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.querySelector(`#${name}`));
  }

  /** @param {boolean} sessionOnly */
  async #connect(sessionOnly) {
    const key = this.#field('connect-key');
    const server = this.#field('connect-server');
    const late = setTimeout(() => (this.slow = true), 1500);
    const done = await this.#connecting.run(async () => {
      if (key.value.trim() === '') throw new HostError('key_empty');
      await connectWorkspace(key.value, { server: server.value.trim(), sessionOnly });
      // The key has done its work here. On any error it stays, so that nothing typed is lost.
      key.value = '';
    });
    clearTimeout(late);
    this.slow = false;
    if (done) go('#/new');
    else await this.updateComplete.then(() => key.focus());
  }

  async #practise() {
    if (await this.#practising.run(openPractice)) go('#/new');
  }

  /** @param {number} id */
  async #open(id) {
    this.#openingId = id;
    if (await this.#opening.run(() => openWorkspace(id))) go('#/results');
  }

  render() {
    const known = this.#app.value?.workspaces ?? [];
    return html`<div class="welcome"><div class="welcome-box">
      ${mark()}
      <h1 tabindex="-1">${words.title}</h1>
      <p class="welcome-sub sub">${words.sub}</p>
      <div class="welcome-two">
        <section class="card welcome-card" aria-labelledby="practice-title">
          <h2 id="practice-title">${words.practiceTitle}</h2>
          <p class="sub">${words.practiceText}</p>
          <button type="button" class="btn" data-test="connect-practice" ?disabled=${this.#busy} @click=${this.#practise}>${this.#practising.busy ? words.practiceBusy : words.practiceButton}</button>
          ${trouble(this.#practising.error)}
        </section>
        <section class="card welcome-card" aria-labelledby="connect-title">
          <h2 id="connect-title">${words.connectTitle}</h2>
          <p class="sub">${words.connectText}</p>
          <form novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void this.#connect(false); }}>
            <label for="connect-key">${words.keyLabel}</label>
            <input id="connect-key" data-test="connect-key" type="password" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="key-note" ?readonly=${this.#connecting.busy}>
            <p class="note" id="key-note">${words.keyNote}</p>
            ${trouble(this.#connecting.error, { hook: 'connect-error', actions: this.#rescue })}
            <details class="advanced">
              <summary data-test="connect-advanced">${words.advanced}</summary>
              <label for="connect-server">${words.serverLabel}</label>
              <input id="connect-server" data-test="connect-server" type="url" inputmode="url" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder=${words.serverPlaceholder} aria-describedby="server-note" ?readonly=${this.#connecting.busy}>
              <p class="note" id="server-note">${words.serverNote}</p>
            </details>
            <div class="acts">
              <button class="btn go" data-test="connect-save" ?disabled=${this.#busy}>${this.#connecting.busy ? words.connectBusy : words.connect}</button>
            </div>
            ${this.slow ? html`<p class="note" role="status">${words.connectLong}</p>` : nothing}
          </form>
        </section>
      </div>
      ${known.length > 0
        ? html`<div class="welcome-known"><span class="sub">${words.known}</span>${known.map(
            (one) => html`<button type="button" class="btn" ?disabled=${this.#busy} @click=${() => this.#open(one.id)}><span class="dot ${one.kind === 'practice' ? 'dot-practice' : ''}" aria-hidden="true"></span>${this.#opening.busy && this.#openingId === one.id ? words.openBusy : bdi(one.label)}</button>`,
          )}</div>`
        : nothing}
      ${trouble(this.#opening.error)}
    </div></div>`;
  }

  /** Without a key store the key may still be used until Linecheck closes. */
  get #rescue() {
    return this.#connecting.error?.code.startsWith('keychain_')
      ? [{ word: words.sessionOnly, test: 'connect-session-only', run: () => this.#connect(true) }]
      : [];
  }
}
define('lc-welcome', WelcomePanel);
