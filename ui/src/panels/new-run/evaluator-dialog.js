/** One evaluator, opened beside the list: what it says, what it expects, who calls. */
import { html, nothing } from 'lit/html.js';
import { evaluator } from '../../data/catalogue.js';
import { Look } from '../../data/live.js';
import { folderWords } from '../../data/narrow.js';
import '../../parts/dialog.js';
import { glyph, pill } from '../../parts/glyph.js';
import { LightElement, define } from '../../parts/light.js';
import { lookState } from '../../parts/states.js';
import '../../parts/text.js';
import { bdi, plain } from '../../parts/text.js';
import { common } from '../../words/common.js';
import { length, whenInFull } from '../../words/format.js';
import { list, opened as words } from '../../words/new-run.js';

/** @typedef {import('../../host/types').EvaluatorView} EvaluatorView */

export class EvaluatorElement extends LightElement {
  static properties = { evaluator: { type: Number }, row: {}, ticked: { type: Boolean } };

  #detail = new Look(this, () => (this.evaluator === null ? null : evaluator.get(this.evaluator)));

  constructor() {
    super();
    /** The API's id. @type {number | null} */
    this.evaluator = null;
    /** What the list knows of it already. @type {EvaluatorView | null} */
    this.row = null;
    this.ticked = false;
  }

  render() {
    const row = this.#detail.value?.row ?? this.row;
    return html`<lc-dialog open side data-test="evaluator-open" .heading=${row ? plain(row.name) : words.heading} .cancel=${common.close} @close=${(/** @type {Event} */ event) => { event.stopPropagation(); this.dispatchEvent(new CustomEvent('close')); }}>
      ${row ? this.#facts(row) : nothing}
      ${lookState(this.#detail, { loading: words.loading, ready: (view) => this.#texts(view) })}
      <button slot="actions" type="button" class="btn ${this.ticked ? '' : 'go'}" data-test="evaluator-tick" @click=${() => this.dispatchEvent(new CustomEvent('toggle-tick'))}>${this.ticked ? words.untick : words.tick}</button>
    </lc-dialog>`;
  }

  /** @param {EvaluatorView} row */
  #facts(row) {
    const view = this.#detail.value;
    const fact = (/** @type {string} */ name, /** @type {unknown} */ content) => html`<dt>${name}</dt><dd>${content}</dd>`;
    return html`<dl class="facts new-run-facts">
      ${row.folder ? fact(words.folder, bdi(folderWords(row.folder))) : nothing}
      ${row.tags.length > 0 ? fact(words.tags, html`<span class="new-run-tags">${row.tags.map((tag) => pill(bdi(tag)))}</span>`) : nothing}
      ${fact(words.caller, bdi(row.callerName, words.notSaid))}
      ${view ? fact(words.profile, bdi(view.profileName, words.noProfile)) : nothing}
      ${row.language ? fact(words.language, bdi(row.language)) : nothing}
      ${fact(words.last, html`${row.last.length === 0 ? list.noRuns : html`<span class="marks">${row.last.map((outcome) => glyph(outcome))}</span>`}${row.flaky ? html` ${pill(list.flaky, 'look', list.flakyNote)}` : nothing}`)}
      ${fact(words.usual, length(row.usualSeconds))}
      ${view && view.maxSeconds !== null ? fact(words.most, length(view.maxSeconds)) : nothing}
      ${view && view.updatedAt ? fact(words.changed, whenInFull(view.updatedAt)) : nothing}
    </dl>`;
  }

  /** @param {import('../../host/types').EvaluatorDetail} view */
  #texts(view) {
    const part = (/** @type {string} */ title, /** @type {string | null} */ text, /** @type {string} */ none) =>
      html`<h3>${title}</h3>${text ? html`<lc-text class="new-run-text" lines .text=${text} .most=${6000}></lc-text>` : html`<p class="sub">${none}</p>`}`;
    return html`<div class="new-run-texts" tabindex="0">
      ${part(words.script, view.script, words.notSaid)}
      ${part(words.firstMessage, view.firstMessage, words.notSaid)}
      ${part(words.expected, view.expectedOutcome, words.noExpected)}
      <h3>${words.metrics}</h3>
      ${view.metrics.length > 0 ? html`<p class="new-run-tags">${view.metrics.map((name) => pill(bdi(name)))}</p>` : html`<p class="sub">${words.noMetrics}</p>`}
    </div>`;
  }
}
define('lc-evaluator', EvaluatorElement);
