/** The evaluators of the chosen agent: found, narrowed, ticked, opened. */
import { html, nothing } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { catalogue, evaluators, refreshCatalogue } from '../../data/catalogue.js';
import { DeskLook, desk } from '../../data/drafts.js';
import { Look } from '../../data/live.js';
import { folderWords, indexOf, isNarrowed, noFilter, rangeOf, withTicked } from '../../data/narrow.js';
import '../../parts/banner.js';
import { glyph, pill } from '../../parts/glyph.js';
import { LightElement, define, valueOf } from '../../parts/light.js';
import '../../parts/menu.js';
import '../../parts/rows.js';
import { empty, loading } from '../../parts/states.js';
import { Task } from '../../parts/task.js';
import { bdi, plain } from '../../parts/text.js';
import { length, when } from '../../words/format.js';
import { outcomeWords } from '../../words/outcomes.js';
import { list as words } from '../../words/new-run.js';
import './evaluator-dialog.js';

/** @typedef {import('../../host/types').EvaluatorView} EvaluatorView */
/** @typedef {import('../../host/types').DraftFilter} DraftFilter */
/** @typedef {import('../../parts/rows.js').Column} Column */

/** Room, in pixels, below which columns are put together. */
const WIDE = 600;
const MIDDLE = 430;
const rowId = (/** @type {EvaluatorView} */ row) => row.id;
const rowHooks = (/** @type {EvaluatorView} */ row) => ({ test: 'evaluator-row', id: row.id });

/** The last five, oldest first; the word and the age are read out. @param {EvaluatorView} row */
export function lastFive(row) {
  if (row.last.length === 0) return html`<span class="sub">${words.noRuns}</span>`;
  // One image with one name: cheaper to draw at every key than five, and quicker to listen to.
  const said = words.lastInWords(row.last.map((outcome) => outcomeWords(outcome).word));
  return html`<span class="marks" role="img" aria-label=${said} title=${said}>${row.last.map((outcome) => glyph(outcome, { quiet: true }))}</span>`;
}

export class EvaluatorListElement extends LightElement {
  static properties = { problems: {}, room: {}, openId: {} };

  /** Where a range begins. @type {number | null} */
  #anchor = null;
  /** What is ticked, for the list it was made of. @type {{ of: ReadonlyArray<number>, set: ReadonlySet<number> }} */
  #ticked = { of: [], set: new Set() };
  /** @type {{ of: unknown, filter: unknown, rows: ReadonlyArray<EvaluatorView> }} */
  #narrowed = { of: null, filter: null, rows: [] };
  #catalogue = new Look(this, () => catalogue);
  #rows = new Look(this, () => (desk.body ? evaluators.get(desk.body.agent) : null));
  #reading = new Task(this);
  /** @type {ResizeObserver | null} */
  #sizes = null;

  constructor() {
    super();
    /** What the server said of the evaluators. @type {ReadonlyArray<string>} */
    this.problems = [];
    /** @type {'wide' | 'middle' | 'small'} */
    this.room = 'wide';
    /** The evaluator that is open beside the list. @type {number | null} */
    this.openId = null;
    /** @type {{ of: unknown, inFolders: unknown, withTags: unknown, folders: ReadonlyArray<import('../../parts/menu.js').Option>, tags: ReadonlyArray<import('../../parts/menu.js').Option> }} */
    this.made = { of: null, inFolders: null, withTags: null, folders: [], tags: [] };
    new DeskLook(this, { filter: true });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#sizes = new ResizeObserver(([entry]) => {
      const { width } = entry.contentRect;
      this.room = width >= WIDE ? 'wide' : width >= MIDDLE ? 'middle' : 'small';
    });
    this.#sizes.observe(this);
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
  }

  /** @param {Partial<DraftFilter>} patch */
  #filter(patch) {
    if (desk.body) desk.change({ filter: { ...desk.body.filter, ...patch } });
  }

  /** @param {ReadonlyArray<EvaluatorView>} rows @param {number} index @param {boolean} shift */
  #toggle(rows, index, shift) {
    const row = rows[index];
    if (!desk.body || !row) return;
    const on = !this.#ticked.set.has(row.id);
    desk.change({ evaluators: withTicked(desk.body.evaluators, shift ? rangeOf(rows, this.#anchor, index) : [row.id], on) });
    this.#anchor = row.id;
  }

  /** @param {ReadonlyArray<number>} ids */
  #tick(ids) {
    if (desk.body) desk.change({ evaluators: withTicked(desk.body.evaluators, ids, true) });
  }

  /** @param {ReadonlyArray<EvaluatorView>} rows @param {number} count how many of them are ticked @param {boolean} more they are the first only @returns {ReadonlyArray<Column>} */
  #columns(rows, count, more) {
    const all = count === rows.length && rows.length > 0;
    const { room } = this;
    const two = (/** @type {unknown} */ content) => html`<span class="two">${content}</span>`;
    /** @type {Array<Column | null>} */
    const columns = [
      {
        id: 'tick', width: '40px',
        // Never unticks: all that match is an addition, and what was ticked before may be elsewhere.
        head: html`<label class="new-run-tick"><input type="checkbox" data-test="evaluators-all" aria-label=${words.all} title=${words.all} ?disabled=${more} .checked=${live(all)} .indeterminate=${live(count > 0 && !all)}
          @change=${(/** @type {Event} */ event) => { this.#tick(rows.map(rowId)); /** @type {HTMLInputElement} */ (event.target).checked = rows.length > 0; }}></label>`,
        cell: (row, index) => html`<label class="new-run-tick" @click=${(/** @type {Event} */ event) => event.stopPropagation()}><input type="checkbox" tabindex="-1" aria-label=${words.choose(plain(row.name))}
          .checked=${live(this.#ticked.set.has(row.id))} @click=${(/** @type {MouseEvent} */ event) => this.#toggle(rows, index, event.shiftKey)}></label>`,
      },
      {
        id: 'name', head: words.evaluator, width: room === 'wide' ? 'minmax(140px, 1.65fr)' : 'minmax(120px, 1fr)',
        cell: (row) => html`<span class="new-run-name ${room === 'wide' ? 'two' : 'one'}" title=${plain(row.name)}>${bdi(row.name)}</span>
          ${room === 'wide' ? nothing : html`<span class="one small">${bdi(folderWords(row.folder))}${row.folder && row.callerName ? ' · ' : ''}${bdi(row.callerName)}</span>`}`,
      },
      room === 'wide' ? { id: 'folder', head: words.folder, width: 'minmax(90px, 1fr)', cell: (row) => html`<span class="sub">${two(bdi(folderWords(row.folder)))}</span>` } : null,
      room === 'wide' ? { id: 'caller', head: words.caller, width: 'minmax(90px, 0.95fr)', cell: (row) => html`<span class="sub">${two(bdi(row.callerName))}</span>` } : null,
      { id: 'last', head: words.lastFive, width: room === 'small' ? '122px' : '128px', cell: (row) => html`<span class="new-run-last">${lastFive(row)}${row.flaky ? pill(words.flaky, 'look', words.flakyNote) : nothing}</span>` },
      room === 'small' ? null : { id: 'usual', head: words.usual, width: '78px', num: true, cell: (row) => length(row.usualSeconds) },
    ];
    return columns.filter((column) => column !== null);
  }

  render() {
    const { body } = desk;
    const view = this.#catalogue.value;
    if (!body || !view) {
      return this.#catalogue.error
        ? html`<lc-banner class="new-run-pad" .error=${this.#catalogue.error} .retry=${() => this.#catalogue.refresh()}></lc-banner>`
        : loading(words.loading, words.loadingNote);
    }
    if (view.state === 'loading' && view.agents.length === 0) return loading(words.loading, words.loadingNote);
    if (view.state === 'failed') return html`<lc-banner class="new-run-pad" .error=${view.error ?? { code: 'internal' }} .retry=${() => this.#readAgain()}></lc-banner>`;
    const again = html`<button type="button" class="btn" data-test="catalogue-refresh" ?disabled=${this.#reading.busy} @click=${() => this.#readAgain()}>${words.readAgain}</button>`;
    if (view.agents.length === 0) return empty(words.noAgents, words.noAgentsText, again);
    const told = this.#rows.value;
    if (!told) {
      return this.#rows.error ? html`<lc-banner class="new-run-pad" .error=${this.#rows.error} .retry=${() => this.#rows.refresh()}></lc-banner>` : loading(words.loadingList);
    }
    const { rows: all, more } = told;
    if (all.length === 0 && body.evaluators.length === 0) {
      return view.state === 'ready' ? empty(words.noEvaluators, words.noEvaluatorsText, again) : loading(words.loadingList);
    }
    const index = indexOf(all);
    if (this.#narrowed.of !== index || this.#narrowed.filter !== body.filter) {
      this.#narrowed = { of: index, filter: body.filter, rows: index.narrow(body.filter) };
    }
    const { rows } = this.#narrowed;
    const { room } = this;
    if (this.#ticked.of !== body.evaluators) this.#ticked = { of: body.evaluators, set: new Set(body.evaluators) };
    const ticked = this.#ticked.set;
    const count = rows.reduce((sum, row) => sum + (ticked.has(row.id) ? 1 : 0), 0);
    return html`${this.#bar(index, body.filter, more)}
      ${this.problems.length > 0 ? html`<p class="note note-wrong new-run-problem" role="status">${bdi(this.problems.join(' '))}</p>` : nothing}
      ${this.#reading.error ? html`<lc-banner class="inline new-run-pad" .error=${this.#reading.error}></lc-banner>` : nothing}
      <div class="new-run-rows ${room}">${more && isNarrowed(body.filter)
        // What matches may stand among those that are still to come.
        ? loading(words.loadingList)
        : rows.length === 0
        ? empty(words.noneMatch, words.noneMatchText, html`<button type="button" class="btn" @click=${() => this.#filter(noFilter)}>${words.clearFilters}</button>`)
        : html`<lc-rows label=${words.label} row-height=${56} .rows=${rows} .columns=${this.#columns(rows, count, more)} .keyOf=${rowId} .hooks=${rowHooks}
            .classOf=${(/** @type {EvaluatorView} */ row) => (ticked.has(row.id) ? 'on' : '')} .checkedOf=${(/** @type {EvaluatorView} */ row) => ticked.has(row.id)}
            @row-open=${(/** @type {CustomEvent} */ { detail }) => (detail.shift ? this.#toggle(rows, detail.index, true) : (this.openId = detail.row.id))}
            @row-toggle=${(/** @type {CustomEvent} */ { detail }) => this.#toggle(rows, detail.index, detail.shift)}></lc-rows>`}</div>
      ${this.#foot(index, rows, count, more)}
      ${this.openId === null
        ? nothing
        : html`<lc-evaluator .evaluator=${this.openId} .row=${index.byId.get(this.openId) ?? null} ?ticked=${ticked.has(this.openId)}
            @close=${() => (this.openId = null)}
            @toggle-tick=${() => { if (desk.body && this.openId !== null) desk.change({ evaluators: withTicked(desk.body.evaluators, [this.openId], !ticked.has(this.openId)) }); }}></lc-evaluator>`}`;
  }

  async #readAgain() {
    if (await this.#reading.run(refreshCatalogue)) await this.#catalogue.refresh();
  }

  /**
   * What the folders and tags are chosen from. What is chosen stays although no row has it any more,
   * so that it can be taken away. The same arrays while nothing of it changed.
   * @param {import('../../data/narrow.js').Index} index @param {DraftFilter} filter
   */
  #options(index, filter) {
    const { made } = this;
    if (made.of === index && made.inFolders === filter.folders && made.withTags === filter.tags) return made;
    const all = (/** @type {ReadonlyArray<string>} */ values, /** @type {ReadonlyArray<string>} */ chosen, /** @type {(value: string) => string} */ word) =>
      [...values, ...chosen.filter((one) => !values.includes(one))].map((value) => ({ value, label: word(value) }));
    this.made = { of: index, inFolders: filter.folders, withTags: filter.tags, folders: all(index.folders, filter.folders, folderWords), tags: all(index.tags, filter.tags, (tag) => tag) };
    return this.made;
  }

  /** @param {import('../../data/narrow.js').Index} index @param {DraftFilter} filter @param {boolean} more what is counted are the first only */
  #bar(index, filter, more) {
    const { folders, tags } = this.#options(index, filter);
    const press = (/** @type {'failedLast' | 'flaky'} */ name, /** @type {string} */ word, /** @type {number} */ count, /** @type {string} */ note) =>
      html`<button type="button" class="chip" data-test=${`filter-${name}`} aria-pressed=${filter[name]} title=${note || nothing} @click=${() => this.#filter({ [name]: !filter[name] })}>${word}${count > 0 && !more ? ` · ${count}` : ''}</button>`;
    return html`<div class="new-run-bar" role="search">
      <input type="search" class="new-run-find" data-test="evaluator-search" placeholder=${words.find} aria-label=${words.findLabel} autocomplete="off" spellcheck="false" .value=${filter.search}
        @input=${(/** @type {Event} */ event) => this.#filter({ search: valueOf(event) })}>
      ${folders.length > 0
        ? html`<lc-choice label=${words.folders} all=${words.allFolders} .options=${folders} .chosen=${filter.folders} @change=${(/** @type {CustomEvent} */ event) => this.#filter({ folders: event.detail })}></lc-choice>`
        : nothing}
      ${tags.length > 0
        ? html`<lc-choice label=${words.tags} .options=${tags} .chosen=${filter.tags} @change=${(/** @type {CustomEvent} */ event) => this.#filter({ tags: event.detail })}></lc-choice>`
        : nothing}
      ${press('failedLast', words.failedLast, index.failedCount, '')}
      ${press('flaky', words.flaky, index.flakyCount, words.flakyNote)}
    </div>`;
  }

  /** @param {import('../../data/narrow.js').Index} index @param {ReadonlyArray<EvaluatorView>} rows @param {number} count @param {boolean} more they are the first only */
  #foot(index, rows, count, more) {
    const chosen = desk.body?.evaluators ?? [];
    const view = this.#catalogue.value;
    const elsewhere = more ? [] : chosen.filter((id) => !index.ids.has(id));
    const narrowed = desk.body !== null && isNarrowed(desk.body.filter);
    const link = (/** @type {string} */ word, /** @type {() => void} */ run, /** @type {string} */ test) => html` · <button type="button" class="link" data-test=${test} @click=${run}>${word}</button>`;
    return html`<div class="new-run-foot">
      <span>${more ? words.loadingList : html`<span data-test="evaluators-chosen">${words.chosen(chosen.length - elsewhere.length, index.rows.length)}</span>
        ${count < rows.length ? link(words.chooseAll(rows.length, narrowed), () => this.#tick(rows.map(rowId)), 'evaluators-choose-all') : nothing}`}
        ${chosen.length > 0 ? link(words.clear, () => desk.change({ evaluators: [] }), 'evaluators-clear') : nothing}</span>
      ${elsewhere.length > 0 ? html`<span>${words.elsewhere(elsewhere.length)}${link(words.untick, () => desk.change({ evaluators: withTicked(chosen, elsewhere, false) }), 'evaluators-untick')}</span>` : nothing}
      ${view && view.unreadable > 0 ? html`<span>${words.unreadable(view.unreadable)}</span>` : nothing}
      <span class="new-run-age">${view?.state === 'refreshing' || this.#reading.busy
        ? html`<span role="status">${words.refreshing}</span>`
        : html`${view?.fetchedAt ? words.old(when(view.fetchedAt)) : nothing}${link(words.readAgain, () => void this.#readAgain(), 'catalogue-refresh')}`}</span>
      <span class="unseen" role="status">${narrowed ? words.matching(rows.length) : nothing}</span>
    </div>`;
  }
}
define('lc-evaluators', EvaluatorListElement);
