/**
 * A list of any length: rows of one height, of which only those in view are in the page.
 *
 *     html`<lc-rows label="Evaluators" .rows=${rows} .columns=${[
 *              { id: 'name', head: 'Evaluator', width: 'minmax(180px, 2fr)', cell: (row) => bdi(row.name) },
 *              { id: 'length', head: 'Usual length', width: '90px', num: true, cell: (row) => length(row.usualSeconds) },
 *            ]}
 *            .keyOf=${(row) => row.id} .hooks=${(row) => ({ test: 'evaluator-row', id: row.id })}
 *            .classOf=${(row) => (ticked.has(row.id) ? 'on' : '')} .checkedOf=${(row) => ticked.has(row.id)}
 *            @row-open=${(e) => e.detail.row} @row-toggle=${(e) => e.detail}></lc-rows>`
 *
 * Rows are an array; pass a new array when something changed. The active row stays the same row, by
 * its key, when others come or go. Elements are used again for other rows, so a checkbox in a cell
 * binds `.checked=${live(…)}`, and cells keep no state of their own. Columns should be one constant array
 * or made anew only when they change.
 *
 * Events, each with `detail: { row, index, shift }`: `row-open` (press, Enter), `row-toggle` (Space;
 * shift-Space and shift-press set `shift`, for ranges), `row-move` (the active row changed by key).
 * Keys: up, down, page up, page down, Home, End; `j` and `k` are the panel's to give (`move(±1)`).
 * `active` is the index of the active row, -1 for none; set it to select and show a row.
 * For a press inside a cell that must not open the row (a checkbox, a link) stop the event there.
 *
 * It fills its parent, which must have a height (in a flex column: `flex: 1; min-height: 0`). Columns
 * that need more room than there is scroll sideways from `min-width` (pixels) on.
 *
 * For screen readers it is a grid: the list holds the focus and names the active row.
 */
import { html, nothing } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { LightElement, define } from './light.js';
import { setStyle } from './set-style.js';
import { slice } from './slice.js';

/**
 * @typedef {object} Column
 * @property {string} id
 * @property {unknown} head text, or a template such as a checkbox
 * @property {string} width a track of CSS grid
 * @property {boolean} [num] right-aligned
 * @property {(row: any, index: number) => unknown} cell
 */
/** @typedef {{ test?: string, id?: string | number, [name: string]: string | number | undefined }} Hooks */

let made = 0;


export class RowsElement extends LightElement {
  static properties = {
    label: { type: String },
    rows: {},
    columns: {},
    rowHeight: { type: Number, attribute: 'row-height' },
    minWidth: { type: Number, attribute: 'min-width' },
    active: { type: Number },
    keyOf: {},
    hooks: {},
    classOf: {},
    checkedOf: {},
    from: {},
    to: {},
  };

  /** Elements there are at most: a row uses the one of its index modulo this. */
  #pool = 30;
  /** Key of the row that was scrolled to. @type {unknown} */
  #shownKey;
  #gridId = `rows-${++made}`;
  /** @type {ResizeObserver | null} */
  #sizes = null;

  constructor() {
    super();
    this.label = '';
    /** @type {ReadonlyArray<any>} */
    this.rows = [];
    /** @type {ReadonlyArray<Column>} */
    this.columns = [];
    this.rowHeight = 38;
    this.minWidth = 0;
    this.active = -1;
    /** @type {(row: any, index: number) => unknown} */
    this.keyOf = (_row, index) => index;
    /** data-test, data-id and further data- names of a row. @type {(row: any, index: number) => Hooks} */
    this.hooks = () => ({});
    /** @type {(row: any, index: number) => string} */
    this.classOf = () => '';
    /** Whether a row is ticked, where rows can be. @type {((row: any, index: number) => boolean) | null} */
    this.checkedOf = null;
    this.from = 0;
    // As many as a window shows; the others follow when the list knows its height.
    this.to = 16;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#sizes = new ResizeObserver(() => this.#see());
    this.#sizes.observe(this);
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
  }

  get #scroller() {
    return /** @type {HTMLElement | null} */ (this.querySelector(':scope > .rows'));
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('rows')) return;
    const before = /** @type {ReadonlyArray<any> | undefined} */ (changed.get('rows'));
    const at = this.active;
    // A row that has not been read yet has no key of its own; its place is all that is known of it.
    if (before?.[at] && !changed.has('active')) {
      const key = this.keyOf(before[at], at);
      const stays = at < this.rows.length && this.keyOf(this.rows[at], at) === key;
      if (!stays) this.active = this.rows.findIndex((row, index) => this.keyOf(row, index) === key);
    }
    if (this.active >= this.rows.length) this.active = this.rows.length - 1;
    this.#see();
  }
  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('active')) {
      // A row that others have moved stays where it is looked at: only another row is scrolled to.
      const key = this.rows[this.active] ? this.keyOf(this.rows[this.active], this.active) : undefined;
      if (key !== this.#shownKey && key !== undefined) this.show(this.active);
      this.#shownKey = key;
    }
    if (changed.has('rows')) this.#see();
  }

  #see() {
    const box = this.#scroller;
    // Without a height there is nothing to see yet.
    if (!box?.clientHeight) return;
    const { from, to } = slice({ top: box.scrollTop, height: box.clientHeight, rowHeight: this.rowHeight, count: this.rows.length });
    this.#pool = Math.max(this.#pool, to - from);
    if (from !== this.from) this.from = from;
    if (to !== this.to) this.to = to;
  }

  /** Moves the active row and tells. @param {number} step */
  move(step) {
    this.#go(this.active < 0 ? (step > 0 ? 0 : this.rows.length - 1) : this.active + step);
  }

  /** Scrolls a row into view. @param {number} index */
  show(index) {
    const box = this.#scroller;
    if (!box) return;
    const head = this.querySelector('.rows-head')?.clientHeight ?? 0;
    const top = index * this.rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + this.rowHeight > box.scrollTop + box.clientHeight - head) box.scrollTop = top + this.rowHeight - box.clientHeight + head;
  }

  /** @param {number} index */
  #go(index) {
    const next = Math.max(0, Math.min(this.rows.length - 1, index));
    if (this.rows.length === 0 || next === this.active) return;
    this.active = next;
    this.#tell('row-move', next, false);
  }

  /** @param {string} name @param {number} index @param {boolean} shift */
  #tell(name, index, shift) {
    this.dispatchEvent(new CustomEvent(name, { detail: { row: this.rows[index], index, shift } }));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target instanceof HTMLElement && event.target !== this.#scroller) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((this.#scroller?.clientHeight ?? 0) / this.rowHeight) - 2);
    const at = this.active;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      PageDown: () => this.#go(at + page),
      PageUp: () => this.#go(at - page),
      Home: () => this.#go(0),
      End: () => this.#go(this.rows.length - 1),
      Enter: () => at >= 0 && this.#tell('row-open', at, event.shiftKey),
      ' ': () => at >= 0 && this.#tell('row-toggle', at, event.shiftKey),
    };
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {MouseEvent} event @param {number} index */
  #press(event, index) {
    this.active = index;
    this.#tell('row-open', index, event.shiftKey);
  }

  render() {
    const { rows, columns, rowHeight } = this;
    const template = columns.map((column) => column.width).join(' ');
    const tracks = setStyle({ 'grid-template-columns': template });
    const shown = rows.slice(this.from, this.to);
    const active = this.active >= this.from && this.active < this.to ? `${this.#gridId}-${this.active}` : nothing;
    return html`<div class="rows" role="grid" tabindex="0" aria-label=${this.label} aria-rowcount=${rows.length + 1} aria-colcount=${columns.length}
        aria-multiselectable=${this.checkedOf ? 'true' : nothing} aria-activedescendant=${active}
        @scroll=${() => this.#see()} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}>
      <div class="rows-head" role="rowgroup" ${setStyle({ 'min-width': `${this.minWidth}px` })}><div class="rows-row" role="row" aria-rowindex="1" ${tracks}>${columns.map(
        (column) => html`<div role="columnheader" class=${column.num ? 'cell num' : 'cell'}>${column.head}</div>`,
      )}</div></div>
      <div class="rows-body" role="rowgroup" ${setStyle({ height: `${rows.length * rowHeight}px`, 'min-width': `${this.minWidth}px` })}>${repeat(
        shown,
        (_row, at) => (this.from + at) % this.#pool,
        (row, at) => {
          const index = this.from + at;
          const { test, id, ...data } = this.hooks(row, index);
          return html`<div id="${this.#gridId}-${index}" role="row" aria-rowindex=${index + 2} aria-selected=${this.checkedOf ? String(this.checkedOf(row, index)) : nothing}
              class="rows-row ${index === this.active ? 'active' : ''} ${this.classOf(row, index)}"
              data-test=${test ?? nothing} data-id=${id ?? nothing} data-outcome=${data.outcome ?? nothing} data-state=${data.state ?? nothing}
              ${setStyle({ 'grid-template-columns': template, top: `${index * rowHeight}px`, height: `${rowHeight}px` })}
              @click=${(/** @type {MouseEvent} */ event) => this.#press(event, index)}>${columns.map(
                (column) => html`<div role="gridcell" class=${column.num ? 'cell num' : 'cell'}>${column.cell(row, index)}</div>`,
              )}</div>`;
        },
      )}</div>
    </div>`;
  }
}
define('lc-rows', RowsElement);
