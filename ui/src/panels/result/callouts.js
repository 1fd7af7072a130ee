/** What a person should know before reading on. */
import { html, nothing } from 'lit/html.js';
import { isPractice } from '../../data/app.js';
import { sign } from '../../parts/glyph.js';
import { callouts, words } from '../../words/result.js';

/** More than these at once would push the calls off the screen. */
const MOST = 4;

const SIGN = /** @type {const} */ ({ bad: 'stop', lost: 'lost', look: 'warn', wait: 'wait', info: 'good' });

/**
 * @param {import('../../host/types').ResultView} view
 * @param {{ follow(action: import('../../words/result.js').CalloutAction): unknown, busy: boolean }} with_
 */
export function calloutList(view, { follow, busy }) {
  const found = callouts(view, isPractice());
  if (found.length === 0) return nothing;
  const most = found.length > MOST ? MOST - 1 : MOST;
  const rest = found.slice(most);
  const one = (/** @type {import('../../words/result.js').Callout} */ callout) => html`<div class="card result-callout tone-${callout.tone}" data-test="callout" data-code=${callout.code}>
      ${sign(SIGN[callout.tone])}
      <div class="result-callout-text"><b><bdi>${callout.say}</bdi></b>${callout.todo ? html`<div class="sub"><bdi>${callout.todo}</bdi></div>` : nothing}</div>
      ${[callout.action, callout.also].map((action) => (action ? html`<button type="button" class="btn" data-act=${action.act} ?disabled=${busy} @click=${() => follow(action)}>${action.word}</button>` : nothing))}
    </div>`;
  return html`<div class="result-callouts">${found.slice(0, most).map(one)}${rest.length > 0
    ? html`<details class="result-callouts-rest"><summary>${words.moreCallouts(rest.length)}</summary><div class="result-callouts">${rest.map(one)}</div></details>`
    : nothing}</div>`;
}
