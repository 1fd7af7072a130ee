/** What the calls of a result are narrowed to, and how they are shown. */
import { html, nothing } from 'lit/html.js';
import { valueOf } from '../../parts/light.js';
import '../../parts/menu.js';
import { plain } from '../../parts/text.js';
import { order, outcomes } from '../../words/outcomes.js';
import { onlyWhy, words } from '../../words/result.js';
import { failedCheck, shared, whyBriefly, whyWords } from '../../words/why.js';
import { filtered } from './model.js';

/** @typedef {import('./model.js').Filter} Filter */
/** @typedef {import('../result.js').Shown} Shown */

/** Choices of cause, made once a reading of the result: a search draws the bar at every key.
 * @type {WeakMap<object, Array<{ value: string, label: string, hint: string }>>} */
const choices = new WeakMap();
/** @param {import('../../host/types').ResultView} view */
function causeChoices(view) {
  const made = choices.get(view) ?? view.causes.slice(0, 400).map((cause) => ({ value: cause.key, label: causeLabel(cause), hint: String(cause.calls.length) }));
  choices.set(view, made);
  return made;
}

/** The name of a cause in a list of choices. @param {import('../../host/types').CauseView} cause */
function causeLabel(cause) {
  const { say, text } = whyWords(shared(cause.why));
  return plain(failedCheck(cause.why) === null && text ? `${say}: ${text}` : whyBriefly(shared(cause.why)));
}

/**
 * @param {{ model: import('./model.js').Model, view: import('../../data/results.js').OpenResult, filter: Filter, shown: Shown, calls: number,
 *   act: { set(part: Partial<Filter>): unknown, clear(): unknown, show(shown: Shown): unknown } }} parts
 */
export function filterBar({ model, view, filter, shown, calls, act }) {
  const choice = (/** @type {keyof Filter} */ name, /** @type {string} */ label, /** @type {string} */ all, /** @type {Array<{ value: string, label: string, hint?: string }>} */ options) =>
    options.length === 0
      ? nothing
      : html`<lc-choice single label=${label} all=${all} .options=${[{ value: '', label: all }, ...options]} .chosen=${[filter[name] ?? '']}
          @change=${(/** @type {CustomEvent<Array<string>>} */ event) => act.set({ [name]: event.detail[0] || null })}></lc-choice>`;
  // What only a press elsewhere sets has no list of choices: it says here what it is.
  const chip = (/** @type {keyof Filter} */ name, /** @type {string} */ said) =>
    html`<button type="button" class="chip on" data-test="filter-chip" data-of=${name} title=${words.without(said)} aria-label=${words.without(said)} @click=${() => act.set({ [name]: null })}><bdi>${said}</bdi> <span aria-hidden="true">×</span></button>`;
  const present = order.filter((outcome) => view.row.counts[outcomes[outcome].count] > 0 || filter.outcome === outcome);
  const evaluator = filter.evaluator === null ? null : model.groups.find((group) => group.key === filter.evaluator);
  return html`<div class="result-filters">
    <div class="seg" role="group" aria-label=${words.view}>${/** @type {const} */ (['evaluators', 'causes', 'calls']).map(
      (one) => html`<button type="button" data-test=${`view-${one}`} aria-pressed=${shown === one} @click=${() => act.show(one)}>${words.views[one]}</button>`,
    )}</div>
    <input type="search" data-test="call-search" placeholder=${words.find} title=${words.findLabel} aria-label=${words.findLabel} .value=${filter.search}
      @input=${(/** @type {Event} */ event) => act.set({ search: valueOf(event) })}>
    ${choice('outcome', words.outcome, words.anyOutcome, present.map((outcome) => ({ value: outcome, label: outcomes[outcome].Word })))}
    ${choice('cause', words.cause, words.anyCause, causeChoices(view))}
    ${model.callers.length > 1 || filter.caller ? choice('caller', words.caller, words.anyCaller, model.callers.map((name) => ({ value: name, label: name }))) : nothing}
    ${choice('tag', words.tag, words.anyTag, model.tags.map((name) => ({ value: name, label: name })))}
    ${filter.why === null ? nothing : chip('why', onlyWhy(filter.why))}
    ${filter.cold === null ? nothing : chip('cold', words.onlyCold)}
    ${filter.evaluator === null ? nothing : chip('evaluator', plain(evaluator?.group.name) || words.gone)}
    ${filtered(filter) ? html`<button type="button" class="chip" data-test="filter-clear" @click=${() => act.clear()}>${words.clear} <span aria-hidden="true">×</span></button>` : nothing}
    <span class="sub result-filters-count" role="status" data-test="calls-shown">${view.more ? nothing : words.ofCalls(calls, model.calls.length)}</span>
  </div>`;
}
