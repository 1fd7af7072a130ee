/** Results: everything this workspace has run, the newest first. */
import { html, nothing } from 'lit/html.js';
import { app } from '../data/app.js';
import { catalogue } from '../data/catalogue.js';
import { Look } from '../data/live.js';
import { refreshResults } from '../data/results.js';
import { ResultsList, unfiltered } from '../data/results-list.js';
import { bar } from '../parts/bar.js';
import { pill } from '../parts/glyph.js';
import { LightElement, define, valueOf } from '../parts/light.js';
import '../parts/menu.js';
import '../parts/rows.js';
import { screen } from '../parts/screen.js';
import { empty, loading, trouble } from '../parts/states.js';
import { Task } from '../parts/task.js';
import { bdi, plain } from '../parts/text.js';
import { go, resultAddress } from '../router.js';
import { number, when, whenInFull } from '../words/format.js';
import { passedOfJudged, sum } from '../words/outcomes.js';
import { count, creditsWords, standState, standWords, times, words } from '../words/results.js';
import './launch-card.js';

/** @typedef {import('../host/types').ResultRowView} ResultRowView */
/** @typedef {import('../data/results-list.js').ResultsFilter} ResultsFilter */

/** Milliseconds after the last key before the list is asked for. */
const TYPING = 180;
/** Milliseconds between two looks at the clock while something runs. */
const TICK = 20_000;

// The same each time: the list draws its rows anew when one of these is another.
const keyOf = (/** @type {ResultRowView | null} */ row, /** @type {number} */ index) => row?.id ?? -1 - index;
const hooks = (/** @type {ResultRowView | null} */ row) => (row ? { test: 'result-row', id: row.id } : {});

/** What was chosen, kept while the window is open: coming back from a result finds it as it was.
 * @type {{ workspace: number, filter: ResultsFilter, top: number }} */
const kept = { workspace: 0, filter: unfiltered, top: 0 };

export class ResultsPanel extends LightElement {
  static properties = { route: {}, filter: {}, list: {} };

  /** Where the list was scrolled to when it was left. */
  #restore = 0;
  /** Shown until the first page of a new filter is there. @type {ResultsList | null} */
  #earlier = null;
  /** @type {() => void} */
  #stop = () => {};
  #typing = 0;
  #tick = 0;
  #app = new Look(this, () => app);
  #catalogue = new Look(this, () => catalogue);
  #reading = new Task(this);
  #changed = () => {
    if (this.list?.rows) this.#earlier = null;
    this.requestUpdate();
  };
  // Noted as it happens: an element that has left the page is scrolled nowhere.
  #scrolled = (/** @type {Event} */ event) => {
    if (event.target instanceof Element && event.target.matches('.rows') && this.#restore === 0) kept.top = event.target.scrollTop;
  };
  /** @type {ReadonlyArray<import('../parts/rows.js').Column>} */
  #columns = [];
  #columnsFor = '';

  constructor() {
    super();
    /** @type {import('../router.js').Route | null} */
    this.route = null;
    /** @type {ResultsFilter} */
    this.filter = unfiltered;
    /** @type {ResultsList | null} */
    this.list = null;
  }

  connectedCallback() {
    super.connectedCallback();
    const workspace = app.value?.current?.id ?? 0;
    // Agents and names of another workspace mean nothing here.
    if (kept.workspace !== workspace) Object.assign(kept, { workspace, filter: unfiltered, top: 0 });
    this.#restore = kept.top;
    this.addEventListener('scroll', this.#scrolled, true);
    this.#ask(kept.filter);
    this.#tick = window.setInterval(() => {
      if (this.list?.rows?.some((row) => row && !row.finished)) /** @type {LightElement | null} */ (this.querySelector('lc-rows'))?.requestUpdate();
    }, TICK);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
    clearInterval(this.#tick);
    clearTimeout(this.#typing);
    kept.filter = this.filter;
    this.removeEventListener('scroll', this.#scrolled, true);
  }

  updated() {
    const rows = this.querySelector('lc-rows');
    if (!this.#restore || !rows || !this.list?.rows) return;
    const top = this.#restore;
    this.#restore = 0;
    void /** @type {LightElement} */ (rows).updateComplete.then(() => rows.querySelector('.rows')?.scrollTo(0, top));
  }

  /** Another list. @param {ResultsFilter} filter */
  #ask(filter) {
    clearTimeout(this.#typing);
    this.#stop();
    if (this.list?.rows) this.#earlier = this.list;
    this.filter = filter;
    const list = new ResultsList(filter);
    this.list = list;
    list.visible = () => {
      const rows = /** @type {import('../parts/rows.js').RowsElement | null} */ (this.querySelector('lc-rows'));
      return rows ? [rows.from, rows.to] : [0, 1];
    };
    list.addEventListener('change', this.#changed);
    const close = list.open();
    this.#stop = () => {
      list.removeEventListener('change', this.#changed);
      close();
    };
  }

  /** @param {Partial<ResultsFilter>} part */
  #set(part) {
    this.#ask({ ...this.filter, ...part });
  }

  /** @param {string} search */
  #typed(search) {
    this.filter = { ...this.filter, search };
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => this.#ask(this.filter), TYPING);
  }

  get #narrowed() {
    return JSON.stringify(this.filter) !== JSON.stringify(unfiltered);
  }

  get #studio() {
    return this.#app.value?.current?.kind === 'practice';
  }

  /** @param {boolean} studio */
  #columnsOf(studio) {
    const key = String(studio);
    if (this.#columnsFor === key) return this.#columns;
    this.#columnsFor = key;
    /** @param {(row: ResultRowView) => unknown} cell @returns {(row: ResultRowView | null, index: number) => unknown} */
    const read = (cell) => (row, index) => {
      // Also of one that is there, which may have changed since it was read.
      this.list?.need(index);
      return row ? cell(row) : html`<span class="results-wait">…</span>`;
    };
    this.#columns = [
      { id: 'name', head: words.result, width: 'minmax(170px, 3fr)', cell: read((row) => this.#name(row)) },
      { id: 'agent', head: words.agent, width: 'minmax(80px, 1.5fr)', cell: read((row) => html`<span class="sub two" title=${plain(row.agentName)}>${bdi(row.agentName, words.noAgent)}</span>`) },
      { id: 'bar', head: words.outcomes, width: 'minmax(80px, 1.4fr)', cell: read((row) => bar(row.counts, row)) },
      { id: 'passed', head: words.passed, width: '140px', num: true, cell: read((row) => this.#passed(row)) },
      { id: 'calls', head: words.calls, width: '70px', num: true, cell: read((row) => number(row.calls)) },
      { id: 'credits', head: studio ? words.creditsPretend : words.credits, width: studio ? '118px' : '78px', num: true, cell: read((row) => creditsWords(row)) },
      { id: 'when', head: words.when, width: '98px', cell: read((row) => html`<span class="sub" title=${whenInFull(row.createdAt)}>${when(row.createdAt)}</span>`) },
    ];
    return this.#columns;
  }

  /** @param {ResultRowView} row */
  #passed(row) {
    const known = sum(row.counts);
    if (row.counted) return passedOfJudged(row.counts);
    if (known === 0) return html`<span class="sub" title=${words.notCountedInFull}>${words.notCounted}</span>`;
    // Some of its calls cannot be read; what the others came to is still true.
    return html`<span title=${words.unreadInFull}>${passedOfJudged(row.counts)}<br><small class="sub">${words.unread(Math.max(0, row.calls - known))}</small></span>`;
  }

  /** @param {ResultRowView} row */
  #name(row) {
    const stand = standWords(row, Date.now());
    const allPassed = row.counted && row.finished && row.counts.passed > 0 && row.counts.passed === row.calls;
    return html`<div class="results-name">
        <b title=${plain(row.name)}>${bdi(row.name, words.noName)}</b>
        ${row.scheduled ? pill(words.scheduled, 'wait') : nothing}
        ${allPassed ? pill(words.allPassed, 'pass') : nothing}
      </div>
      <div class=${stand ? 'small results-stand' : 'unseen'} data-test="result-status" data-state=${standState(row)} title=${stand ? `${stand} · ${words.lastChange(row.changedAt, Date.now())}` : nothing}>${stand || words.finished}</div>`;
  }

  render() {
    const studio = this.#studio;
    return screen({
      title: words.title,
      sub: studio ? words.subPractice : words.sub,
      actions: html`<button type="button" class="btn quiet" data-test="results-refresh" ?disabled=${this.#reading.busy} @click=${() => void this.#reading.run(() => refreshResults())}>${words.refresh}</button>
        <a class="btn" href="#/new">${words.newRun}</a>`,
      plain: true,
      body: html`<div class="results">
        <lc-launch-cards></lc-launch-cards>
        ${this.#reading.error ? html`<lc-banner .error=${this.#reading.error} .actions=${[]}></lc-banner>` : nothing}
        ${this.#filters()}
        ${this.#troubles()}
        <div class="card results-card">${this.#table(studio)}</div>
      </div>`,
    });
  }

  #filters() {
    const agents = this.#catalogue.value?.agents ?? [];
    const { filter, list } = this;
    const chip = (/** @type {'onlyFailing' | 'onlyMine'} */ name, /** @type {string} */ word, title = '') =>
      html`<button type="button" class="chip" data-test=${`results-${name === 'onlyMine' ? 'mine' : 'failing'}`} aria-pressed=${filter[name]} title=${title || nothing} @click=${() => this.#set({ [name]: !filter[name] })}>${word}</button>`;
    const total = list?.rows ? list.total : this.#earlier?.total;
    return html`<div class="results-filters" role="search" aria-label=${words.filters}>
      <input type="search" data-test="results-search" placeholder=${words.search} aria-label=${words.searchLabel} .value=${filter.search}
        @input=${(/** @type {Event} */ event) => this.#typed(valueOf(event))}>
      ${agents.length > 1 || filter.agent !== null
        ? html`<lc-choice single label=${words.agent} all=${words.allAgents} .options=${[{ value: '', label: words.allAgents }, ...agents.map((agent) => ({ value: String(agent.id), label: agent.name, ...(agent.projectName ? { hint: agent.projectName } : {}) }))]}
            .chosen=${[filter.agent === null ? '' : String(filter.agent)]} @change=${(/** @type {CustomEvent<Array<string>>} */ event) => this.#set({ agent: event.detail[0] ? Number(event.detail[0]) : null })}></lc-choice>`
        : nothing}
      <lc-choice single label=${words.time} all=${words.anyTime} .options=${times} .chosen=${[filter.days === 0 ? '' : String(filter.days)]}
        @change=${(/** @type {CustomEvent<Array<string>>} */ event) => this.#set({ days: Number(event.detail[0] || 0) })}></lc-choice>
      ${chip('onlyFailing', words.onlyFailing)}${chip('onlyMine', words.onlyMine, words.onlyMineInFull)}
      ${list?.state === 'refreshing' && list.rows ? html`<span class="small" data-test="results-refreshing">${words.refreshing}</span>` : nothing}
      <span class="results-count sub" role="status" data-test="results-count">${total === undefined ? nothing : count(total)}</span>
    </div>`;
  }

  #troubles() {
    const { list } = this;
    if (!list) return nothing;
    return html`${trouble(list.error, { retry: () => this.#ask(this.filter) })}
      ${list.serverError && !list.error && list.state === 'failed' ? html`<lc-banner class="inline" .error=${list.serverError} .retry=${() => this.#reading.run(() => refreshResults())}></lc-banner>` : nothing}`;
  }

  /** @param {boolean} studio */
  #table(studio) {
    const shown = this.list?.rows ? this.list : this.#earlier;
    if (!shown?.rows) return this.list?.error ? nothing : loading(words.loading, words.loadingNote);
    if (shown.rows.length === 0) {
      if (shown.state === 'loading') return loading(words.loading, words.loadingNote);
      return this.#narrowed
        ? empty(words.nothingTitle, words.nothingText, html`<button type="button" class="btn" @click=${() => this.#ask(unfiltered)}>${words.clear}</button>`)
        : empty(words.emptyTitle, words.emptyText, html`<a class="btn" href="#/new">${words.newRun}</a>`);
    }
    return html`<lc-rows label=${words.list} .rows=${shown.rows} .columns=${this.#columnsOf(studio)} row-height="46" min-width="760"
      .keyOf=${keyOf} .hooks=${hooks}
      @row-open=${(/** @type {CustomEvent<{ row: ResultRowView | null }>} */ event) => event.detail.row && go(resultAddress(event.detail.row.id))}></lc-rows>`;
  }
}
define('lc-results', ResultsPanel);
