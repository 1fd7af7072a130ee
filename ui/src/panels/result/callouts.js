/** What a person should know before reading on. */
import { html, nothing } from 'lit';
import { sign } from '../../parts/glyph.js';
import { callouts } from '../../words/result.js';

const SIGN = /** @type {const} */ ({ bad: 'stop', lost: 'lost', wait: 'wait', info: 'good' });

/**
 * @param {import('../../host/types').ResultView} view
 * @param {{ follow(callout: import('../../words/result.js').Callout): unknown, busy: boolean }} with_
 */
export function calloutList(view, { follow, busy }) {
  const found = callouts(view);
  if (found.length === 0) return nothing;
  return html`<div class="result-callouts">${found.map(
    (callout) => html`<div class="card result-callout tone-${callout.tone}" data-test="callout" data-code=${callout.code}>
      ${sign(SIGN[callout.tone])}
      <div class="result-callout-text"><b><bdi>${callout.say}</bdi></b>${callout.todo ? html`<div class="sub"><bdi>${callout.todo}</bdi></div>` : nothing}</div>
      ${callout.action ? html`<button type="button" class="btn" ?disabled=${busy} @click=${() => follow(callout)}>${callout.action.word}</button>` : nothing}
    </div>`,
  )}</div>`;
}
