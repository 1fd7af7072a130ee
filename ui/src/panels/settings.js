/** Settings: workspaces, the key, limits, what is kept here, and what is promised. */
import { html, nothing } from 'lit/html.js';
import { app, eraseEverything, eraseWorkspace, leaveWorkspace, openWorkspace, renameWorkspace } from '../data/app.js';
import { forgetKey, key, replaceKey, retryKey } from '../data/keys.js';
import { Look } from '../data/live.js';
import { saveSettings, settings, usage } from '../data/settings.js';
import { HostError } from '../host/host.js';
import { announce } from '../parts/announce.js';
import { LightElement, define, valueOf } from '../parts/light.js';
import { screen } from '../parts/screen.js';
import { lookState, trouble } from '../parts/states.js';
import { Task } from '../parts/task.js';
import { bdi, plain } from '../parts/text.js';
import { pill, sign } from '../parts/glyph.js';
import { question } from '../parts/question.js';
import { go } from '../router.js';
import { common } from '../words/common.js';
import { keyButtons, keyWords } from '../words/connection.js';
import { number } from '../words/format.js';
import { settings as words } from '../words/settings.js';
import { welcome } from '../words/welcome.js';

/** @typedef {import('../host/types').WorkspaceView} WorkspaceView */
/** @typedef {import('../host/types').Settings} Settings */
/** @typedef {{ kind: 'rename' | 'erase', workspace: WorkspaceView } | { kind: 'replace' | 'forget' | 'erase-all' }} Asking */

/** The numbers a person can set, with the least and the most each may be. */
const limits = /** @type {const} */ ([
  { name: 'confirmAbove', label: words.confirmAbove, note: words.confirmAboveNote, least: 1, most: 10_000 },
  { name: 'confirmCredits', label: words.confirmCredits, note: words.noneNote, least: 0, most: 10_000_000 },
  { name: 'dayCalls', label: words.dayCalls, note: words.noneNote, least: 0, most: 1_000_000 },
  { name: 'dayCredits', label: words.dayCredits, note: words.noneNote, least: 0, most: 100_000_000 },
]);

export class SettingsPanel extends LightElement {
  static properties = { route: {}, asking: {}, wrong: {}, saved: {}, typed: {} };

  #app = new Look(this, () => app);
  #key = new Look(this, () => key);
  #settings = new Look(this, () => settings);
  #usage = new Look(this, () => usage);
  /** What is being done in a dialog. */
  #doing = new Task(this);
  #opening = new Task(this);
  #openingId = 0;
  #keyWork = new Task(this);
  #saving = new Task(this);

  constructor() {
    super();
    /** @type {import('../router.js').Route | null} */
    this.route = null;
    /** The dialog that is open. @type {Asking | null} */
    this.asking = null;
    /** Field to what is wrong with it. @type {Record<string, string>} */
    this.wrong = {};
    this.saved = false;
    /** What is typed to confirm erasing everything. */
    this.typed = '';
  }

  firstUpdated() {
    if (this.route?.query.get('part') === 'key') this.querySelector('#part-key')?.scrollIntoView();
  }

  /** @param {Asking} asking */
  #ask(asking) {
    this.#doing.clear();
    this.typed = '';
    this.asking = asking;
  }

  /** Does what the open dialog asks, and closes it when that worked. @param {() => Promise<unknown>} work */
  async #answer(work) {
    if (await this.#doing.run(work)) this.asking = null;
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.querySelector(`#${name}`));
  }

  render() {
    return screen({
      title: words.title,
      sub: words.sub,
      body: html`<div class="settings">${this.#workspacesPart()}${this.#keyPart()}${this.#limitsPart()}${this.#dataPart()}${this.#aboutPart()}</div>${this.#dialog()}`,
    });
  }

  #workspacesPart() {
    const state = this.#app.value;
    if (!state) return nothing;
    return html`<section class="card part" aria-labelledby="part-workspaces">
      <h2 id="part-workspaces">${words.workspaces}</h2>
      <ul class="plain-list">${state.workspaces.map((one) => {
        const open = state.current?.id === one.id;
        return html`<li class="line">
          <span class="dot ${one.kind === 'practice' ? 'dot-practice' : ''}" aria-hidden="true"></span>
          <span class="line-text"><b>${bdi(one.label)}</b> ${open ? pill(words.current, 'accent') : nothing}<small class="sub">${one.kind === 'practice' ? words.serverPractice : bdi(one.origin)}</small></span>
          ${open
            ? html`<button type="button" class="btn" ?disabled=${this.#opening.busy} @click=${() => this.#opening.run(leaveWorkspace)}>${words.leave}</button>`
            : html`<button type="button" class="btn" aria-label=${`${words.open} ${plain(one.label)}`} ?disabled=${this.#opening.busy} @click=${() => this.#switchTo(one.id)}>${this.#opening.busy && this.#openingId === one.id ? words.opening : words.open}</button>`}
          <button type="button" class="btn" aria-label=${`${words.rename} ${plain(one.label)}`} @click=${() => this.#ask({ kind: 'rename', workspace: one })}>${words.rename}</button>
          <button type="button" class="btn danger" aria-label=${`${words.erase} ${plain(one.label)}`} @click=${() => this.#ask({ kind: 'erase', workspace: one })}>${words.erase}</button>
        </li>`;
      })}</ul>
      ${trouble(this.#opening.error)}
      <div class="acts"><a class="btn" href="#/welcome">${words.add}</a></div>
    </section>`;
  }

  /** @param {number} id */
  async #switchTo(id) {
    this.#openingId = id;
    if (await this.#opening.run(() => openWorkspace(id))) go('#/results');
  }

  #keyPart() {
    return html`<section class="card part" aria-labelledby="part-key">
      <h2 id="part-key">${words.key}</h2>
      ${lookState(this.#key, {
        loading: words.keyLoading,
        ready: (view) => {
          const said = keyWords(view);
          return html`
            <div class="line"><span>${sign(said.tone === 'good' ? 'good' : said.tone === 'wait' ? 'wait' : 'stop')}</span><span class="line-text" data-test="key-state" data-state=${view.state}>${said.say}${view.last4 ? html` <span class="sub">(${words.keyEnds(view.last4)})</span>` : nothing}</span></div>
            ${view.state === 'practice' ? nothing : html`<dl class="facts"><dt>${words.server}</dt><dd>${bdi(view.origin)}<small class="sub">${words.serverNote}</small></dd></dl>`}
            ${trouble(this.#keyWork.error)}
            ${said.buttons.length === 0
              ? nothing
              : html`<div class="acts">${said.buttons.map((button) =>
                  button === 'retry' || button === 'unlock'
                    ? html`<button type="button" class="btn" data-test="key-retry" ?disabled=${this.#keyWork.busy} @click=${() => this.#keyWork.run(retryKey)}>${keyButtons[button]}</button>`
                    : html`<button type="button" class="btn ${button === 'forget' ? 'danger' : ''}" data-test=${`key-${button}`} @click=${() => this.#ask({ kind: button })}>${keyButtons[button]}</button>`,
                )}</div>`}`;
        },
      })}
    </section>`;
  }

  #limitsPart() {
    return html`<section class="card part" aria-labelledby="part-limits">
      <h2 id="part-limits">${words.limits}</h2>
      ${lookState(this.#settings, {
        loading: common.loading,
        ready: (view) => html`<form novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void this.#save(view); }} @input=${() => (this.saved = false)}>
          <div class="limits">${limits
            // A setting this version of the backend does not know is not shown.
            .filter((limit) => typeof view[limit.name] === 'number')
            .map((limit) => html`<div>
              <label for=${limit.name}>${limit.label}</label>
              <input id=${limit.name} data-test=${`setting-${limit.name}`} inputmode="numeric" autocomplete="off" .value=${String(view[limit.name])} aria-describedby=${`${limit.name}-note`} aria-invalid=${this.wrong[limit.name] ? 'true' : nothing}>
              <p class="note ${this.wrong[limit.name] ? 'note-wrong' : ''}" id=${`${limit.name}-note`}>${this.wrong[limit.name] ?? limit.note}</p>
            </div>`)}</div>
          <p class="note">${words.limitsNote}</p>
          ${typeof view.notify === 'boolean' ? html`<label class="tick"><input type="checkbox" id="notify" .checked=${view.notify}> ${words.notify}</label>` : nothing}
          ${trouble(this.#saving.error)}
          <div class="acts"><button class="btn go" data-test="settings-save" ?disabled=${this.#saving.busy}>${words.save}</button>${this.saved ? html`<span class="sub">${common.saved}</span>` : nothing}</div>
        </form>`,
      })}
    </section>`;
  }

  /** @param {Settings} before */
  async #save(before) {
    /** @type {Settings} */
    const values = { ...before };
    /** @type {Record<string, string>} */
    const wrong = {};
    for (const { name, least, most } of limits) {
      if (typeof before[name] !== 'number') continue;
      const text = this.#field(name).value.replace(/[\s,]/g, '');
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= least && value <= most) values[name] = value;
      else wrong[name] = words.whole(number(least), number(most));
    }
    const tick = this.#field('notify');
    if (tick) values.notify = tick.checked;
    this.wrong = wrong;
    const [first] = Object.keys(wrong);
    if (first) {
      this.#field(first).focus();
      announce(wrong[first]);
      return;
    }
    if (await this.#saving.run(() => saveSettings(values))) {
      this.saved = true;
      announce(common.saved);
    }
  }

  #dataPart() {
    return html`<section class="card part" aria-labelledby="part-data">
      <h2 id="part-data">${words.data}</h2>
      ${lookState(this.#usage, {
        loading: words.measuring,
        ready: (view) => html`<p>${words.kept(view)}. ${words.until}</p>
          <dl class="facts"><dt>${words.folder}</dt><dd class="mono">${bdi(view.folder)}<small class="sub">${words.sizes(view)}</small></dd></dl>`,
      })}
      <div class="acts"><button type="button" class="btn danger" data-test="erase-all" @click=${() => this.#ask({ kind: 'erase-all' })}>${words.eraseAll}</button></div>
    </section>`;
  }

  #aboutPart() {
    return html`<section class="card part" aria-labelledby="part-about">
      <h2 id="part-about">${words.about}</h2>
      <p>${words.version(this.#app.value?.version ?? '')}</p>
      <div class="about"><div><h3>${words.promises}</h3><ul>${words.promiseList.map((one) => html`<li>${one}</li>`)}</ul></div>
      <div><h3>${words.notPromised}</h3><ul>${words.notPromisedList.map((one) => html`<li>${one}</li>`)}</ul></div></div>
    </section>`;
  }

  #dialog() {
    const asking = this.asking;
    if (!asking) return nothing;
    /** @type {(heading: string, body: unknown, yes: string, work: () => Promise<unknown>, more?: { danger?: boolean, ready?: boolean }) => unknown} */
    const frame = (heading, body, yes, work, more) =>
      question({ heading, body, yes, work, doing: this.#doing, close: () => (this.asking = null), actions: this.#rescue, ...more });
    switch (asking.kind) {
      case 'rename':
        return frame(
          words.renameTitle,
          html`<label for="new-name">${words.renameLabel}</label><input id="new-name" maxlength="80" autocomplete="off" autofocus .value=${asking.workspace.label}>`,
          common.save,
          () => renameWorkspace(asking.workspace.id, this.#field('new-name').value),
        );
      case 'erase':
        return frame(
          words.eraseTitle(plain(asking.workspace.label)),
          html`<p>${asking.workspace.kind === 'practice' ? words.erasePractice : words.eraseText}</p>`,
          words.eraseYes,
          () => eraseWorkspace(asking.workspace.id),
          { danger: true },
        );
      case 'replace':
        return frame(
          words.replaceTitle,
          html`<p>${words.replaceText}</p><label for="new-key">${words.replaceLabel}</label>
            <input id="new-key" data-test="key-new" type="password" autocomplete="off" autocapitalize="off" spellcheck="false" autofocus>`,
          this.#doing.busy ? welcome.connectBusy : words.replaceYes,
          () => this.#replace(false),
        );
      case 'forget':
        return frame(words.forgetTitle, html`<p>${words.forgetText}</p>`, words.forgetYes, forgetKey, { danger: true });
      default:
        return frame(
          words.eraseAllTitle,
          html`<p>${words.eraseAllText(this.#app.value?.workspaces.length ?? 1)}</p><label for="erase-word">${words.eraseAllLabel}</label>
            <input id="erase-word" autocomplete="off" autofocus .value=${this.typed} @input=${(/** @type {Event} */ event) => (this.typed = valueOf(event))}>`,
          words.eraseAllYes,
          eraseEverything,
          { danger: true, ready: this.typed.trim() === words.eraseAllWord },
        );
    }
  }

  /** @param {boolean} sessionOnly */
  async #replace(sessionOnly) {
    const field = this.#field('new-key');
    if (field.value.trim() === '') throw new HostError('key_empty');
    await replaceKey(field.value, sessionOnly);
    field.value = '';
  }

  get #rescue() {
    return this.asking?.kind === 'replace' && this.#doing.error?.code.startsWith('keychain_')
      ? [{ word: welcome.sessionOnly, run: () => this.#answer(() => this.#replace(true)) }]
      : [];
  }
}
define('lc-settings', SettingsPanel);
