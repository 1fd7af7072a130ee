/**
 * The frame: which screen there is, the rail, the one banner about the connection, the keys that
 * work everywhere. Screens are in panels/; all come in one bundle, which is smaller than its parts.
 *
 * A panel is an element that renders into the page and takes `route` (router.js). It reads what it
 * shows from data/, and knows nothing of the frame.
 */

import { html, nothing } from 'lit/html.js';
import { app } from './data/app.js';
import { connection, retryConnection } from './data/connection.js';
import { hearAsked, openFeed } from './data/feed.js';
import { key } from './data/keys.js';
import { notes } from './data/notes.js';
import { Look } from './data/live.js';
import { watchForNews } from './data/notices.js';
import { dismissNotice, windowReady } from './data/window.js';
import { asHostError } from './host/host.js';
import { LightElement, define } from './parts/light.js';
import { bdi } from './parts/text.js';
import './parts/banner.js';
import './panels/welcome.js';
import './panels/new-run.js';
import './panels/results.js';
import './panels/result.js';
import './panels/plans.js';
import './panels/settings.js';
import './panels/closing.js';
import { go, parseRoute } from './router.js';
import { common, creditsName, nav, practice, product, rail, shortcut, slow } from './words/common.js';
import { words as callWords } from './words/call.js';
import { connectionWords, keyWords } from './words/connection.js';
import { errorWords } from './words/errors.js';
import { number } from './words/format.js';

/** @typedef {import('./router.js').Route} Route */
/** @typedef {import('./host/types').WorkspaceView} WorkspaceView */

/** The element and the title of each screen. @type {Record<Route['name'], [tag: string, title: string]>} */
const panels = {
  welcome: ['lc-welcome', product],
  new: ['lc-new-run', nav.newRun],
  results: ['lc-results', nav.results],
  result: ['lc-result', nav.results],
  plans: ['lc-plans', nav.plans],
  settings: ['lc-settings', nav.settings],
};

/** Milliseconds in which a window that is shown is painted. */
const PAINT = 100;

class AppElement extends LightElement {
  static properties = { trouble: {}, left: {} };

  /** @type {(Element & { route?: Route }) | null} */
  #panel = null;
  #panelKey = '';
  #drawn = false;
  /** @type {Promise<unknown> | null} */
  #feed = null;
  #shown = '';
  #app = new Look(this, () => app);
  #connection = new Look(this, () => (this.#workspace ? connection : null));
  #key = new Look(this, () => (this.#workspace ? key : null));
  #onHash = () => this.requestUpdate();
  #onKey = (/** @type {KeyboardEvent} */ event) => this.#keyPressed(event);

  constructor() {
    super();
    /** A mistake of the page, or a feed that does not open. @type {import('./host/host.js').HostError | null} */
    this.trouble = null;
    /** Notices a person has put away. @type {ReadonlySet<string>} */
    this.left = new Set();
  }

  get #workspace() {
    return this.#app?.value?.current ?? null;
  }

  connectedCallback() {
    this.replaceChildren();
    super.connectedCallback();
    addEventListener('hashchange', this.#onHash);
    addEventListener('keydown', this.#onKey);
    addEventListener('error', (event) => this.#failed(event.error ?? event.message));
    addEventListener('unhandledrejection', (event) => this.#failed(event.reason));
    // Back in the network nobody waits for the end of a pause.
    addEventListener('online', () => this.#workspace && retryConnection().catch((error) => this.#failed(error)));
    notes.addEventListener('change', () => this.requestUpdate());
    hearAsked(({ go: to }) => to && go(to));
    this.#feed = openFeed().catch((error) => this.#failed(error));
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#onHash);
    removeEventListener('keydown', this.#onKey);
  }

  /** A person has seen a notice: it is gone at once, and not said again. @param {string} code */
  #leave(code) {
    this.left = new Set([...this.left, code]);
    dismissNotice(code).catch((error) => this.#failed(error));
  }

  /** @param {unknown} thrown */
  #failed(thrown) {
    // Observers that cannot keep up tell so in this way; nothing is wrong.
    if (typeof thrown === 'string' && thrown.startsWith('ResizeObserver loop')) return;
    this.trouble = asHostError(thrown);
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !this.#workspace) return;
    if (document.querySelector('lc-dialog[open]')) return;
    const address = { n: '#/new', ',': '#/settings' }[event.key.toLowerCase()];
    if (!address) return;
    event.preventDefault();
    go(address);
  }

  /** The screen the address names, or the one to open when it names none that can be shown. */
  get #route() {
    const asked = parseRoute(location.hash);
    if (!this.#workspace) return /** @type {Route} */ (parseRoute('#/welcome'));
    return asked ?? /** @type {Route} */ (parseRoute('#/results'));
  }

  willUpdate() {
    if (!this.#app.value) return;
    const route = this.#route;
    const [tag, title] = panels[route.name];
    const panelKey = `${tag} ${route.name === 'welcome' ? '' : this.#workspace?.id}`;
    document.title = title === product ? product : `${title} · ${product}`;
    if (panelKey !== this.#panelKey) {
      const first = this.#panelKey === '';
      this.#panelKey = panelKey;
      this.#panel = Object.assign(document.createElement(tag), { route });
      if (!first) void this.updateComplete.then(() => this.#focusTitle());
    } else if (this.#panel && this.#shown !== location.hash) {
      this.#panel.route = route;
    }
    this.#shown = location.hash;
  }

  updated() {
    if (this.#drawn || (!this.#app.value && !this.#app.error)) return;
    this.#drawn = true;
    // Something true stands here now: the frame makes way, and what it was made of has been taken.
    for (const id of ['frame', 'first']) document.getElementById(id)?.remove();
    // A task later everything has been drawn that the answers are enough for. Shown before that, the window
    // is blank for twice as long, and its first rows are there hardly sooner.
    setTimeout(() => {
      void windowReady();
      // What is worth a notification is looked for when the first screen has been painted.
      setTimeout(() => void this.#feed?.then(watchForNews), PAINT);
    });
  }

  async #focusTitle() {
    const panel = this.#panel;
    if (panel && 'updateComplete' in panel) await panel.updateComplete;
    const inside = document.activeElement;
    if (!panel || (inside && inside !== document.body && panel.contains(inside))) return;
    const title = panel.querySelector('h1');
    if (title instanceof HTMLElement) title.focus({ preventScroll: true });
  }

  render() {
    const state = this.#app.value;
    if (!state) {
      // Tried again, it says that it is at work.
      const error = this.#app.loading ? null : this.#app.error;
      const retry = () => this.#app.refresh();
      return error
        ? html`<main class="alone"><h1 class="unseen">${product}</h1>${error.code === 'no_answer'
            ? html`<lc-banner .code=${error.code} tone="lost" .say=${slow.say} .todo=${slow.todo} .detail=${error.detail} .retry=${retry}></lc-banner>`
            : html`<lc-banner .error=${error} .retry=${retry}></lc-banner>`}</main>`
        : html`<p class="first-paint" role="status">Opening Linecheck…</p>`;
    }
    const bare = this.#route.name === 'welcome';
    const main = html`<main id="content">
      ${this.#banners(state)}
      ${this.#panel}
    </main><lc-closing></lc-closing>`;
    return bare
      ? html`<div class="bare">${main}</div>`
      : html`<div class="app">
          <a class="skip" href="#content" @click=${(/** @type {Event} */ event) => { event.preventDefault(); void this.#focusTitle(); }}>${nav.skip}</a>
          ${this.#rail(/** @type {WorkspaceView} */ (this.#workspace))}${main}
        </div>`;
  }

  /** @param {import('./host/types').AppState} state */
  #banners(state) {
    const notices = state.notices.filter((notice) => !this.left.has(notice.code));
    const view = this.#route.name === 'welcome' ? undefined : this.#connection.value;
    const line = view ? connectionWords(view) : null;
    const actions = !line ? [] : line.button === 'retry'
      ? [{ word: common.again, run: () => retryConnection().catch((error) => this.#failed(error)) }]
      : line.button === 'key' ? [{ word: 'Go to the key', run: () => go('#/settings?part=key') }] : [];
    const lost = notes.error();
    if (!this.trouble && notices.length === 0 && !line && !lost) return nothing;
    return html`<div class="banners">
      ${this.trouble ? html`<lc-banner .error=${this.trouble} .actions=${[{ word: common.dismiss, run: () => (this.trouble = null) }]}></lc-banner>` : nothing}
      ${notices.map((notice) => html`<lc-banner .error=${notice} .actions=${[{ word: common.dismiss, run: () => this.#leave(notice.code) }]}></lc-banner>`)}
      ${lost ? html`<lc-banner hook="note-lost" .code=${lost.code} .say=${callWords.noteLost} .todo=${`${callWords.noteLostTodo} ${errorWords(lost).say}`} .retry=${() => notes.flushAll()}></lc-banner>` : nothing}
      ${line && view ? html`<lc-banner class="slim" .code=${view.code ?? view.state} .tone=${line.tone} .say=${line.say} .todo=${line.todo} .detail=${view.detail} .actions=${actions}></lc-banner>` : nothing}
    </div>`;
  }

  /** @param {WorkspaceView} workspace */
  #rail(workspace) {
    const here = this.#route.name;
    const view = this.#connection.value;
    const studio = workspace.kind === 'practice';
    const link = (/** @type {string} */ address, /** @type {boolean} */ on, /** @type {string} */ test, /** @type {unknown} */ content) =>
      html`<a class="nav" href=${address} data-test=${test} aria-current=${on ? 'page' : nothing}>${content}</a>`;
    return html`<nav class="rail" aria-label=${nav.label}>
      <a class="ws" href="#/settings" title=${rail.workspaces}>
        <span class="dot ${studio ? 'dot-practice' : ''}" aria-hidden="true"></span>
        <span class="ws-text"><b data-test="workspace-name">${bdi(workspace.label)}</b><small>${studio ? rail.practiceOrigin : bdi(workspace.origin.replace(/^https:\/\//, ''))}</small></span>
      </a>
      ${link('#/new', here === 'new', 'nav-new', html`${nav.newRun} <kbd>${shortcut('N')}</kbd>`)}
      ${link('#/results', here === 'results' || here === 'result', 'nav-results', html`${nav.results} ${view && view.live > 0 ? html`<span class="badge" title=${nav.liveInFull(view.live)}>${nav.live(view.live)}</span>` : nothing}`)}
      ${link('#/plans', here === 'plans', 'nav-plans', nav.plans)}
      ${link('#/settings', here === 'settings', 'nav-settings', nav.settings)}
      <div class="foot">
        ${studio ? html`<span class="pill o-practice">${practice}</span>` : nothing}
        ${view && view.credits !== null ? html`<b>${number(view.credits)} ${creditsName(studio)}</b>` : nothing}
        ${this.#key.value ? html`<span>${keyWords(this.#key.value).line}</span>` : nothing}
      </div>
    </nav>`;
  }
}

/** Called by boot.js. */
export const start = () => define('lc-app', AppElement);
