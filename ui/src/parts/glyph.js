/**
 * An outcome as a sign with a colour and a word; the word is there for screen readers and on hover,
 * so that neither colour nor shape is the only carrier.
 *
 *     glyph('passed')                          a sign alone
 *     glyph('agent_failed', { note: 'time 2 of 6' })
 *     sign('good' | 'warn' | 'stop')           for checks
 */
import { html, nothing } from 'lit/html.js';
import { signs } from '../words/common.js';
import { outcomeWords } from '../words/outcomes.js';

/**
 * @param {string} outcome
 * @param {{ note?: string, big?: boolean, quiet?: boolean }} [options] `quiet`: the word stands beside it already
 */
export function glyph(outcome, { note = '', big = false, quiet = false } = {}) {
  const { glyph: shape, Word, tone } = outcomeWords(outcome);
  const said = note ? `${Word}, ${note}` : Word;
  return quiet
    ? html`<span class="o o-${tone} ${big ? 'o-big' : ''}" aria-hidden="true">${shape}</span>`
    : html`<span class="o o-${tone} ${big ? 'o-big' : ''}" role="img" aria-label=${said} title=${said}>${shape}</span>`;
}

const shapes = /** @type {const} */ ({
  good: { shape: '✓', tone: 'pass' },
  warn: { shape: '?', tone: 'look' },
  stop: { shape: '✕', tone: 'fail' },
  lost: { shape: '!', tone: 'lost' },
  wait: { shape: '…', tone: 'wait' },
});

/** @param {keyof typeof shapes} level @param {{ big?: boolean }} [options] */
export function sign(level, { big = false } = {}) {
  const { shape, tone } = shapes[level];
  const word = signs[level];
  return html`<span class="o o-${tone} ${big ? 'o-big' : ''}" role="img" aria-label=${word} title=${word}>${shape}</span>`;
}

/** A word in its colour. @param {unknown} content @param {'pass' | 'fail' | 'lost' | 'look' | 'wait' | 'accent'} tone @param {string} [title] */
export const pill = (content, tone = 'wait', title) => html`<span class="pill o-${tone}" title=${title ?? nothing}>${content}</span>`;

/** An outcome as a word with its sign. @param {string} outcome */
export function outcomePill(outcome) {
  const { glyph: shape, Word, tone } = outcomeWords(outcome);
  return html`<span class="pill o-${tone === 'rest' ? 'wait' : tone}"><span aria-hidden="true">${shape}</span>${Word}</span>`;
}
