/** The top of a result: its one sentence, the bar, the six counts, and what the API says of it. */
import { html, nothing } from 'lit/html.js';
import { isPractice } from '../../data/app.js';
import { bar, legend } from '../../parts/bar.js';
import { pill } from '../../parts/glyph.js';
import '../../parts/text.js';
import { cut, visible } from '../../words/text.js';
import { allOf, headlineWords, words } from '../../words/result.js';

/** @typedef {import('../../host/types').ResultView} ResultView */
/** @typedef {import('../../host/types').OutcomeView} Outcome */

/**
 * @param {ResultView} view
 * @param {{ chosen: Outcome | null, choose(outcome: Outcome | null): void, copy(): void, ask(): void, said: string }} with_
 */
export function overview(view, { chosen, choose, copy, ask, said }) {
  const { verdict, why, cause, tone } = headlineWords(view.headline, view.row.finished);
  const { counts, more } = allOf(view);
  return html`<section class="card result-top" aria-label=${words.overview}>
    <div class="result-headline">
      <p data-test="headline" data-fitness=${view.headline.fitness}>${pill(verdict, tone)} <span>${capital(why)}${cause ? html`, <bdi>${visible(cut(cause, 300).text)}</bdi>` : nothing}.</span></p>
      <div class="result-headline-acts">
        <span class="small" data-test="result-said" aria-hidden="true">${said}</span>
        ${wentWrong(view) ? html`<button type="button" class="btn quiet small-btn" data-test="ask" @click=${ask}>${words.ask}</button>` : nothing}
        <button type="button" class="btn quiet small-btn" data-test="copy-summary" @click=${copy}>${words.copySummary}</button>
      </div>
    </div>
    ${bar(counts, { counted: view.row.counted, large: true })}
    ${legend(counts, { chosen, choose, more })}
    ${summary(view.summary)}
  </section>`;
}

/** There is something to ask about. @param {ResultView} view */
export const wentWrong = ({ row: { counts } }) => counts.agentFailed + counts.needsALook + counts.neverConnected > 0;

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {ResultView['summary']} said */
function summary(said) {
  if (!said) return nothing;
  const parts = /** @type {const} */ ([[words.whatHappened, said.whatHappened], [words.whyItHappened, said.whyItHappened], [words.howToFix, said.howToFix]]);
  const lists = /** @type {const} */ ([[words.nextSteps, said.nextSteps], [words.reasons, said.reasons]]);
  if (parts.every(([, text]) => !text) && lists.every(([, list]) => list.length === 0)) return nothing;
  return html`<details class="result-said" data-test="summary">
    <summary>${words.summary(isPractice())}</summary>
    <div class="result-said-body" tabindex="0">
      ${parts.map(([title, text]) => (text ? html`<h3>${title}</h3><lc-text lines .text=${text} .most=${1500}></lc-text>` : nothing))}
      ${lists.map(([title, list]) => (list.length > 0 ? html`<h3>${title}</h3><ul>${list.slice(0, 50).map((text) => html`<li><lc-text .text=${text} .most=${600}></lc-text></li>`)}</ul>` : nothing))}
      <p class="small">${words.summaryNote(isPractice())}</p>
    </div>
  </details>`;
}
