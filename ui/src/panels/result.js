/**
 * A result: what it comes to, what to know about it, its evaluators, and beside them the call that
 * is open. The keys of this screen are here; what stands in its parts is under result/.
 */
import { html, nothing } from 'lit/html.js';
import { Look } from '../data/live.js';
import { notes, notesOf } from '../data/notes.js';
import { exportResult, openOnDashboard, repeatPart, result, saidOfCalls, stopResult } from '../data/results.js';
import { announce } from '../parts/announce.js';
import { copyText } from '../parts/copy.js';
import '../parts/dialog.js';
import { LightElement, define } from '../parts/light.js';
import '../parts/menu.js';
import { screen } from '../parts/screen.js';
import { empty, lookState, trouble } from '../parts/states.js';
import { Task } from '../parts/task.js';
import { bdi, plain } from '../parts/text.js';
import { go, replaceAddress, resultAddress } from '../router.js';
import { common } from '../words/common.js';
import { time, when, whenInFull } from '../words/format.js';
import { outcomeWords } from '../words/outcomes.js';
import { headlineText, leftBehind, repeatChoices, stopWords, summaryText, words } from '../words/result.js';
import { words as listWords, standState, standWords } from '../words/results.js';
import { tableText } from '../words/table.js';
import './call.js';
import { Replacing } from './replacing.js';
import './result/ask.js';
import { calloutList } from './result/callouts.js';
import { filterBar } from './result/filters.js';
import './result/keys.js';
import { flatten, gravest, model, narrow, neighbour, noFilter } from './result/model.js';
import { overview, wentWrong } from './result/overview.js';
import { tableOf } from './result/tables.js';

/** @typedef {import('../data/results.js').OpenResult} ResultView */
/** @typedef {import('../host/types').RepeatPart} RepeatPart */
/** @typedef {import('./result/model.js').Filter} Filter */
/** @typedef {import('./result/model.js').FlatGroup} FlatGroup */
/** @typedef {'evaluators' | 'causes' | 'calls'} Shown */

/** Milliseconds between two looks at the clock while something runs. */
const TICK = 20_000;
/** Notes that a summary holds at most: nobody pastes more. */
const NOTES = 50;

export class ResultPanel extends LightElement {
  static properties = {
    route: {},
    filter: {},
    shown: {},
    ticked: {},
    stopping: {},
    asking: {},
    said: {},
    left: {},
  };

  #of = 0;
  #result = new Look(this, () => (this.route?.id ? result.get(this.route.id) : null));
  #work = new Task(this);
  #replacing = new Replacing(this);
  #tick = 0;
  #saidTimer = 0;
  /** @type {boolean | null} */
  #wasFinished = null;
  /** @type {{ of: ResultView['groups'], model: import('./result/model.js').Model } | null} */
  #flat = null;
  /** @type {{ model: import('./result/model.js').Model, filter: Filter, groups: Array<FlatGroup>, calls: Array<import('./result/model.js').FlatCall> } | null} */
  #left = null;
  #onKey = (/** @type {KeyboardEvent} */ event) => this.#pressed(event);

  constructor() {
    super();
    /** @type {import('../router.js').Route | null} */
    this.route = null;
    /** @type {Filter} */
    this.filter = noFilter;
    /** @type {Shown} */
    this.shown = 'evaluators';
    /** Keys of evaluators. @type {ReadonlySet<string>} */
    this.ticked = new Set();
    /** The question before stopping is open. */
    this.stopping = false;
    this.asking = false;
    /** What came of copying, for a moment. */
    this.said = '';
    /** What a repeat could not take over. @type {ReturnType<typeof leftBehind>} */
    this.left = null;
    this.act = {
      set: (/** @type {Partial<Filter>} */ part) => (this.filter = { ...this.filter, ...part }),
      clear: () => (this.filter = noFilter),
      show: (/** @type {Shown} */ shown) => (this.shown = shown),
      openCall: (/** @type {number} */ id) => this.#openCall(id),
      openGroup: (/** @type {FlatGroup} */ group) => this.#openCall(gravest(group).call.id),
      openCause: (/** @type {string} */ key) => {
        this.filter = { ...this.filter, cause: key };
        this.shown = 'calls';
      },
      everyCall: (/** @type {string} */ key) => {
        this.filter = { ...this.filter, evaluator: key };
        this.shown = 'calls';
      },
      tick: (/** @type {string} */ key) => {
        const ticked = new Set(this.ticked);
        if (!ticked.delete(key)) ticked.add(key);
        this.ticked = ticked;
      },
      tickAll: () => {
        const groups = this.#groups;
        const all = groups.every((group) => this.ticked.has(group.key));
        this.ticked = all ? new Set() : new Set([...this.ticked, ...groups.map((group) => group.key)]);
      },
    };
  }

  connectedCallback() {
    super.connectedCallback();
    // In the capture phase: a list that holds the focus would take Space for itself.
    addEventListener('keydown', this.#onKey, true);
    this.#tick = window.setInterval(() => {
      if (this.#result.value && !this.#result.value.row.finished) this.requestUpdate();
    }, TICK);
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#onKey, true);
    clearInterval(this.#tick);
    clearTimeout(this.#saidTimer);
  }

  /** @returns {import('./result/model.js').Model | null} */
  get #model() {
    const view = this.#result.value;
    if (!view) return null;
    if (this.#flat?.of !== view.groups) this.#flat = { of: view.groups, model: model(view) };
    return this.#flat.model;
  }
  /** What the filter leaves. */
  get #narrowed() {
    const of = this.#model;
    if (!of) return { groups: [], calls: [] };
    if (this.#left?.model !== of || this.#left.filter !== this.filter) {
      const groups = narrow(of, this.filter);
      this.#left = { model: of, filter: this.filter, groups, calls: flatten(groups) };
    }
    return this.#left;
  }
  get #groups() {
    return this.#narrowed.groups;
  }

  willUpdate() {
    const id = this.route?.id ?? 0;
    if (id !== this.#of) {
      this.#of = id;
      this.filter = noFilter;
      this.shown = 'evaluators';
      this.ticked = new Set();
      this.stopping = false;
      this.asking = false;
      this.left = null;
      this.#wasFinished = null;
      this.#work.error = null;
    }
    const view = this.#result.value;
    if (view) {
      // A reason may go with a later reading; then nothing would fit it.
      const { cause, evaluator } = this.filter;
      if (cause !== null && !view.causes.some(({ key }) => key === cause)) this.filter = { ...this.filter, cause: null };
      if (evaluator !== null && !view.more && !this.#model?.groups.some(({ key }) => key === evaluator)) this.filter = { ...this.filter, evaluator: null };
      if (this.#wasFinished === false && view.row.finished) announce(headlineText(view));
      this.#wasFinished = view.row.finished;
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('route') || !this.route?.call) return;
    // Where there is room for one of them only, the list is gone now, and the focus with it.
    const main = this.querySelector('.result-main');
    const call = this.querySelector('lc-call');
    if (main && call && getComputedStyle(main).visibility === 'hidden' && !call.contains(document.activeElement)) {
      void /** @type {LightElement} */ (call).updateComplete.then(() => call.querySelector('h2')?.focus());
    }
  }

  /** @param {number} id */
  #openCall(id) {
    if (!this.route?.id || this.route.call === id) return;
    const address = resultAddress(this.route.id, id);
    if (this.route.call) replaceAddress(address);
    else go(address);
    const one = this.#model?.byId.get(id);
    if (one) announce(words.openedCall(plain(one.group.name), one.call.time, one.call.of, outcomeWords(one.call.outcome).word));
  }

  #closeCall() {
    if (!this.route?.id || !this.route.call) return;
    replaceAddress(resultAddress(this.route.id));
    void this.updateComplete.then(() => {
      const list = this.querySelector('.result-table .rows');
      if (list instanceof HTMLElement) list.focus();
    });
  }

  /** @param {1 | -1} step @param {boolean} [attention] */
  #move(step, attention = false) {
    const next = neighbour(this.#narrowed.calls, this.route?.call ?? null, step, attention);
    if (next) this.#openCall(next.call.id);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // The dialog itself stands in a shadow root.
    if (document.querySelector('lc-dialog[open]')) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    const call = /** @type {import('./call.js').CallPanel | null} */ (this.querySelector('lc-call'));
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'f') {
      event.preventDefault();
      if (call) call.find();
      else this.#focusSearch();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // A list that is open takes its own keys, and Esc wherever the focus is.
    if (target?.closest('[popover]') || (event.key === 'Escape' && this.querySelector('[popover]:popover-open'))) return;
    const typing = target?.matches('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]') ?? false;
    if (event.key === 'Escape' && !typing && this.route?.call) {
      event.preventDefault();
      this.#closeCall();
      return;
    }
    if (typing) return;
    /** @type {Record<string, () => unknown>} */
    const keys = {
      j: () => this.#move(1),
      k: () => this.#move(-1),
      n: () => this.#move(1, true),
      r: () => this.#press('[data-test="run-again"]'),
      e: () => call?.write(),
      x: () => this.#tickHere(),
      '?': () => this.#press('.result-keys-button'),
    };
    if (event.key === ' ') {
      // A press on what has the focus stays a press, and where nothing can be heard Space scrolls.
      if (!call?.canPlay || target?.closest('button, summary, a, input, select, [role="slider"]')) return;
      event.preventDefault();
      event.stopPropagation();
      call.togglePlay();
      return;
    }
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }

  #focusSearch() {
    const field = this.querySelector('[data-test="call-search"]');
    if (field instanceof HTMLInputElement) field.select();
  }

  /** @param {string} selector */
  #press(selector) {
    const button = this.querySelector(selector);
    if (button instanceof HTMLElement) button.click();
  }

  /** Ticks the evaluator of the open call, or the active one. */
  #tickHere() {
    const open = this.route?.call ? this.#model?.byId.get(this.route.call) : null;
    const rows = this.querySelector('lc-rows');
    const key = open?.key ?? (this.shown === 'evaluators' && rows && 'active' in rows ? this.#groups[Number(rows.active)]?.key : undefined);
    if (key) this.act.tick(key);
  }

  /** @param {ResultView} view */
  #copySummary(view) {
    const noted = [...(this.#model?.byId.values() ?? [])].filter(({ call }) => call.noted).slice(0, NOTES).map(({ call }) => call.id);
    return this.#copy(noted.length === 0 ? summaryText(view) : notesOf(view.row.id, noted).then((notes) => summaryText(view, notes)));
  }

  /** @param {string | Promise<string>} text */
  async #copy(text) {
    this.#say((await copyText(text)) ? words.copied : words.notCopied);
  }

  /** Says something for a moment: it is read out, and stands beside what was pressed. @param {string} text */
  #say(text, stays = 4000) {
    this.said = text;
    announce(text);
    clearTimeout(this.#saidTimer);
    this.#saidTimer = window.setTimeout(() => (this.said = ''), stays);
  }

  /** As a file for other programs: every call, with what people have said of it. */
  #saveFile() {
    const of = this.#of;
    return this.#work.run(async () => {
      await notes.flushAll();
      // Of a large one only the first part may be here.
      if (this.#result.value?.more) await this.#result.refresh();
      const view = this.#result.value;
      if (!view || view.more || of !== this.#of) return;
      const path = await exportResult(of, tableText(view, await saidOfCalls(of)));
      // A path takes longer to read.
      if (path && of === this.#of) this.#say(words.savedFile(plain(path)), 20_000);
    });
  }

  /** @param {number | null} [call] */
  #openOutside(call = null) {
    void this.#work.run(async () => {
      if (!(await openOnDashboard(this.#of, call))) this.#say(words.nowhere);
    });
  }

  /** @param {RepeatPart} part */
  #repeat(part) {
    const evaluators = part !== 'chosen' ? [] : (this.#model?.groups ?? []).filter((group) => this.ticked.has(group.key)).flatMap(({ group }) => (group.evaluator === null ? [] : [group.evaluator]));
    void this.#replacing.ask(() => this.#work.run(async () => {
      const made = await repeatPart(this.#of, part, evaluators);
      this.left = leftBehind(made);
      if (!this.left) go('#/new');
    }));
  }

  async #stopNow() {
    if (await this.#work.run(() => stopResult(this.#of))) void this.#result.refresh();
    this.stopping = false;
  }

  /** @param {import('../words/result.js').CalloutAction} action */
  #followCallout(action) {
    switch (action.act) {
      case 'repeat-lost':
        return this.#repeat('at_limit');
      case 'repeat-all':
        return this.#repeat('everything');
      case 'open-outside':
        return this.#openOutside();
      case 'stop':
        this.stopping = true;
        return undefined;
      case 'show-nothing-judged':
      case 'show-why':
        this.filter = { ...noFilter, why: action.why ?? ['nothing_judged', 'no_judgement'] };
        this.shown = 'calls';
        return undefined;
      case 'show-cold':
        this.filter = { ...noFilter, cold: true };
        this.shown = 'calls';
        return undefined;
      case 'show-in-progress':
        this.filter = { ...noFilter, outcome: 'in_progress' };
        this.shown = 'calls';
        return undefined;
      case 'open-result':
        return action.result === undefined ? undefined : go(resultAddress(action.result));
      default:
        return undefined;
    }
  }

  render() {
    const view = this.#result.value;
    return screen({
      title: view ? bdi(view.row.name, words.noName) : words.noName,
      sub: view ? this.#sub(view) : nothing,
      actions: view ? this.#actions(view) : nothing,
      plain: true,
      body: html`<div class="result ${this.route?.call ? 'with-call' : ''}">
        <div class="result-main">${lookState(this.#result, { loading: words.loading, note: words.loadingNote, ready: (ready) => this.#main(ready) })}</div>
        ${this.route?.call
          ? html`<aside class="result-call" aria-label=${words.callHead}>
              <lc-call .result=${this.#of} .call=${this.route.call} @call-close=${() => this.#closeCall()} @call-move=${(/** @type {CustomEvent<1 | -1>} */ event) => this.#move(event.detail)}></lc-call>
            </aside>`
          : nothing}
      </div>${view ? this.#dialogs(view) : nothing}${this.#replacing.dialog()}`,
    });
  }

  /** @param {ResultView} view */
  #sub(view) {
    const { row } = view;
    const started = row.createdAt ? `${words.started} ${time(row.createdAt) === when(row.createdAt) ? time(row.createdAt) : whenInFull(row.createdAt)}` : '';
    // That nothing changes is said below, where there is something to do about it.
    const stand = standWords({ ...row, stalled: null, left: row.stalled ? null : row.left }, Date.now());
    const changed = row.finished || row.stalled ? '' : listWords.lastChange(row.changedAt, Date.now());
    const { mocks } = view;
    const mocked = !mocks ? '' : mocks.kind === 'all' ? words.mocksAll : mocks.kind === 'none' ? words.mocksNone : words.mocksSome(mocks.names.length);
    return html`${row.agentName ? html`${bdi(row.agentName)} · ` : nothing}${[started, mocked].filter(Boolean).join(' · ')}${stand ? html` · ` : nothing}<span data-test="result-status" data-state=${standState(row)} class=${stand ? '' : 'unseen'}>${stand || 'finished'}</span>${changed ? html` · <span data-test="last-change">${changed}</span>` : nothing}`;
  }

  /** @param {ResultView} view */
  #actions(view) {
    const going = view.row.counts.inProgress;
    const ticked = (this.#model?.groups ?? []).filter((group) => this.ticked.has(group.key) && group.group.evaluator !== null).length;
    const link = view.dashboard;
    const shares = [
      { word: words.copySummary, run: () => void this.#copySummary(view), test: 'copy-summary-menu' },
      { word: words.saveFile, run: () => void this.#saveFile(), test: 'save-file', disabled: this.#work.busy || this.#model?.calls.length === 0 },
      ...(wentWrong(view) ? [{ word: words.ask, run: () => (this.asking = true), test: 'ask-menu' }] : []),
      ...(link ? [
        { word: words.copyLink, run: () => void this.#copy(link), test: 'copy-link' },
        { word: words.open, run: () => this.#openOutside(), test: 'open-outside' },
      ] : []),
    ];
    return html`
      ${going > 0 ? html`<button type="button" class="btn" data-test="stop" ?disabled=${this.#work.busy || view.stopping} @click=${() => (this.stopping = true)}>${view.stopping ? words.stopping : words.stop}</button>` : nothing}
      <lc-menu label=${words.runAgain} hook="run-again" ?disabled=${this.#work.busy}
        .actions=${repeatChoices(view, ticked).map(({ part, word, note, disabled }) => ({ word, note, disabled, test: `run-again-${part.replace('_', '-')}`, run: () => this.#repeat(part) }))}></lc-menu>
      <lc-menu label=${words.share} hook="share" .actions=${shares}></lc-menu>
      <lc-keys></lc-keys>`;
  }

  /** @param {ResultView} view */
  #main(view) {
    const { groups, calls } = this.#narrowed;
    const of = this.#model;
    if (!of) return nothing;
    return html`
      ${trouble(this.#work.error, { actions: [{ word: common.leave, run: () => this.#work.clear() }] })}
      ${this.left ? html`<lc-banner hook="gone" tone="lost" code="gone" say=${this.left.say} todo=${this.left.todo} .actions=${[{ word: words.toPlan, run: () => go('#/new') }]}></lc-banner>` : nothing}
      ${overview(view, {
        chosen: this.filter.outcome,
        choose: (outcome) => this.act.set({ outcome }),
        copy: () => void this.#copySummary(view),
        ask: () => (this.asking = true),
        said: this.said,
      })}
      ${calloutList(view, { follow: (action) => this.#followCallout(action), busy: this.#work.busy })}
      <section class="card result-list" aria-label=${words.views.evaluators}>
        ${filterBar({ model: of, view, filter: this.filter, shown: this.shown, calls: calls.length, act: this.act })}
        <div class="result-table">${of.calls.length === 0
          ? empty(words.noCallsTitle, words.noCallsText)
          : groups.length === 0
            ? empty(words.nothingTitle, words.nothingText, html`<button type="button" class="btn" @click=${this.act.clear}>${words.clear}</button>`)
            : tableOf(this.shown, { view, groups, calls, ticked: this.ticked, open: this.route?.call ?? null, filter: this.filter, act: this.act })}</div>
      </section>`;
  }

  /** @param {ResultView} view */
  #dialogs(view) {
    const { counts } = view.row;
    return html`<lc-dialog heading=${stopWords.heading(counts.inProgress)} ?open=${this.stopping} ?busy=${this.#work.busy} @close=${() => (this.stopping = false)}>
        <p>${stopWords.done(counts)}</p>
        <p class="sub">${stopWords.note}</p>
        <button slot="actions" type="button" class="btn danger" data-test="stop-confirm" ?disabled=${this.#work.busy || counts.inProgress === 0} @click=${() => void this.#stopNow()}>${stopWords.word(counts.inProgress)}</button>
      </lc-dialog>
      <lc-ask .result=${this.#of} ?open=${this.asking} @close=${() => (this.asking = false)}></lc-ask>`;
  }
}
define('lc-result', ResultPanel);
