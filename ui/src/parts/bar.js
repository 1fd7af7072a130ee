/**
 * The six counts as a bar and as a legend.
 *
 *     html`<lc-bar .counts=${counts}></lc-bar>`           thin, for rows
 *     html`<lc-bar large .counts=${counts}></lc-bar>`
 *     legend(counts, { chosen, choose })                  the counts, with their test hooks
 */
import { html, nothing } from 'lit/html.js';
import { common } from '../words/common.js';
import { digits, plural } from '../words/format.js';
import { countsInWords, order, outcomes, sum } from '../words/outcomes.js';
import { glyph } from './glyph.js';
import { LightElement, define } from './light.js';
import { setStyle } from './set-style.js';

/** @typedef {import('../host/types').CountsView} Counts */
/** @typedef {import('../host/types').OutcomeView} Outcome */

export class BarElement extends LightElement {
  static properties = { counts: {}, large: { type: Boolean, reflect: true }, unknown: { type: Boolean } };
  constructor() {
    super();
    /** @type {Counts | null} */
    this.counts = null;
    this.large = false;
    /** The calls have not been read, so nothing is counted. */
    this.unknown = false;
  }
  render() {
    const counts = this.counts;
    if (!counts || this.unknown || sum(counts) === 0) {
      return html`<span class="bar" role="img" aria-label=${this.unknown ? common.loading : 'no calls yet'}><i class="b-rest" ${setStyle({ 'flex-grow': '1' })}></i></span>`;
    }
    const said = countsInWords(counts);
    return html`<span class="bar" role="img" aria-label=${said} title=${said}>${order.map((outcome) => {
      const { count, tone } = outcomes[outcome];
      return counts[count] > 0 ? html`<i class="b-${tone}" ${setStyle({ 'flex-grow': String(counts[count]) })}></i>` : nothing;
    })}</span>`;
  }
}
define('lc-bar', BarElement);

/**
 * The counts with their glyphs and words; counts of zero are shown only where a test or a filter
 * needs them. With `choose` each is a button that filters.
 * @param {Counts} counts
 * @param {{ chosen?: Outcome | null, choose?: (outcome: Outcome | null) => void, more?: string }} [options] `more`: what stands in none of the counts, or in one of them without being known
 */
export function legend(counts, { chosen = null, choose, more = '' } = {}) {
  const entry = (/** @type {Outcome} */ outcome) => {
    const { word, count, test } = outcomes[outcome];
    return html`${glyph(outcome, { quiet: true })} <b data-test=${test}>${digits(counts[count])}</b> ${word}`;
  };
  return html`<div class="legend">${order.map((outcome) => {
    // Stopped is rare, and its zero would only be noise to the eye; tests read it all the same.
    const quiet = counts[outcomes[outcome].count] === 0 && chosen !== outcome;
    return choose
      ? html`<button type="button" class="legend-entry ${quiet ? 'is-zero' : ''}" aria-pressed=${chosen === outcome} @click=${() => choose(chosen === outcome ? null : outcome)}>${entry(outcome)}</button>`
      : html`<span class="legend-entry ${quiet ? 'is-zero' : ''}">${entry(outcome)}</span>`;
  })}<span class="legend-sum sub" data-test="calls-in-all">${plural(sum(counts), 'call')}${more ? html` <span>${more}</span>` : nothing}</span></div>`;
}
