/**
 * The six counts as a bar and as a legend.
 *
 *     bar(counts, { counted })                            thin, for rows
 *     bar(counts, { counted, large: true })
 *     legend(counts, { chosen, choose })                  the counts, with their test hooks
 */
import { html, nothing } from 'lit/html.js';
import { common } from '../words/common.js';
import { digits, plural } from '../words/format.js';
import { countsInWords, order, outcomes, sum } from '../words/outcomes.js';
import { glyph } from './glyph.js';
import { setStyle } from './set-style.js';

/** @typedef {import('../host/types').CountsView} Counts */
/** @typedef {import('../host/types').OutcomeView} Outcome */

/**
 * A template and not an element: a list of results shows two dozen at once.
 * @param {Counts} counts @param {{ counted: boolean, large?: boolean }} options `counted`: the calls have been read, so that none are none
 */
export function bar(counts, { counted, large = false }) {
  const none = sum(counts) === 0;
  const said = !none ? countsInWords(counts) : counted ? 'no calls yet' : common.loading;
  return html`<span class="bar ${large ? 'bar-large' : ''}" role="img" aria-label=${said} title=${none ? nothing : said}>${none ? part('rest', 1) : order.map((outcome) => {
    const { count, tone } = outcomes[outcome];
    return counts[count] > 0 ? part(tone, counts[count]) : nothing;
  })}</span>`;
}

/** @param {string} tone @param {number} share */
const part = (tone, share) => html`<i class="b-${tone}" ${setStyle({ 'flex-grow': String(share) })}></i>`;

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
