/** What was expected and what came, and what was measured; each time in it is a link. */
import { html, nothing } from 'lit/html.js';
import { keyed } from 'lit/directives/keyed.js';
import { pill } from '../../parts/glyph.js';
import { bdi, plain } from '../../parts/text.js';
import { expectedWords, isTold, metricWords, words } from '../../words/call.js';
import { moment, whenInFull } from '../../words/format.js';
import { cut, visible } from '../../words/text.js';
import { whyWords } from '../../words/why.js';

/** @typedef {import('../../host/types').CallView} CallView */
/** @typedef {import('../../host/types').MetricView} MetricView */
/** @typedef {import('../../host/types').CriterionView} CriterionView */
/** @typedef {{ jump(seconds: number): unknown, vote(on: string, up: boolean | null): unknown, busy: boolean }} Acts */

/** More explanations than these help nobody. */
const MOST = 100;

const thumb = (/** @type {boolean} */ up) => html`<svg width="14" height="14" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true"><path d=${up
  ? 'M5 14V7l3-5.5c1.2 0 1.8.9 1.6 2L9.2 6H13c.9 0 1.4.8 1.2 1.6l-1.3 5.2c-.2.7-.8 1.2-1.5 1.2H5ZM5 7H2v7h3'
  : 'M11 2v7l-3 5.5c-1.2 0-1.8-.9-1.6-2L6.8 10H3c-.9 0-1.4-.8-1.2-1.6l1.3-5.2C3.3 2.500 3.900 2 4.600 2H11ZM11 9h3V2h-3'}></path></svg>`;

/**
 * The two thumbs, and what the server says that somebody said there.
 * @param {string} on @param {string} what for whom hears it @param {boolean | undefined} said @param {boolean | null | undefined} there @param {Acts} acts
 */
export function thumbs(on, what, said, there, acts) {
  const one = (/** @type {boolean} */ up) => {
    const label = up ? words.right(what) : words.wrong(what);
    return html`<button type="button" class="thumb" data-test=${up ? 'vote-up' : 'vote-down'} aria-label=${label} title=${label} aria-pressed=${said === up} aria-disabled=${acts.busy ? 'true' : nothing} @click=${() => acts.vote(on, said === up ? null : up)}>${thumb(up)}</button>`;
  };
  // What was said here comes back from there, and is said once.
  const other = typeof there === 'boolean' && said === undefined ? html`<span class="small" data-test="vote-there" data-up=${there}>${words.saidThere(there)}</span>` : nothing;
  return html`<span class="thumbs">${other}${one(true)}${one(false)}</span>`;
}

/** @param {ReadonlyArray<number>} at @param {Acts} acts */
const times = (at, acts) =>
  at.slice(0, 12).map((seconds) => html` <button type="button" class="link call-time" data-test="call-time" aria-label=${words.toTime(moment(seconds))} @click=${() => acts.jump(seconds)}>${moment(seconds)}</button>`);

/** @param {CriterionView} one @param {Acts} acts */
function criterion(one, acts) {
  const mark = one.met === null ? nothing : html`<span class="mark-${one.met ? 'met' : 'not'}" role="img" aria-label=${one.met ? words.met : words.notMet} title=${one.met ? words.met : words.notMet}>${one.met ? '✓' : '✕'}</span>`;
  const more = (/** @type {string} */ head, /** @type {string | null} */ text, /** @type {string} */ hook) =>
    text ? html`<span class="criterion-more" data-test=${hook}>${head} <bdi>${visible(cut(text, 1200).text)}</bdi></span>` : nothing;
  return html`<li class=${one.met === false ? 'is-not' : ''} data-test="criterion" data-met=${one.met === null ? 'unknown' : String(one.met)}>${mark}<span><bdi>${visible(cut(one.text, 1200).text)}</bdi>${times(one.at, acts)}${more(words.came, one.came, 'criterion-came')}${more(words.judgeSays, one.judge, 'criterion-judge')}</span></li>`;
}

/** The thumbs on what was expected, where it was judged. @param {NonNullable<CallView['expected']>} of @param {CallView['human']} human @param {Acts} acts */
const onExpected = (of, human, acts) =>
  of.score === null && of.criteria.length === 0 ? nothing : thumbs('expected_outcome', words.expectedOutcome, human.votes['expected_outcome'], of.thumbsUp, acts);

/** Whether the outcome was decided by what was expected. @param {CallView} view */
export const byExpectation = (view) => view.expected !== null && /^(expected_outcome_|partly_met)/.test(view.row.why.code);

/** Why the call has its outcome; the criteria with it, where they decided. @param {CallView} view @param {Acts} acts */
export function reason(view, acts) {
  const { row, expected: of, human } = view;
  const { say, text, side } = whyWords(row.why);
  const decided = byExpectation(view) && of !== null;
  return html`<section class="call-part" aria-label=${words.outcome}>
    <div data-test="call-why" data-why=${row.why.code}>
      <div class="call-line"><h3 class="call-expected"><bdi>${say}</bdi></h3>${decided ? onExpected(of, human, acts) : nothing}</div>
      ${text && !(decided && isTold(row.why.text ?? '', of.criteria.slice(0, MOST))) ? html`<div class="call-why-text"><bdi dir="auto">${visible(cut(text, 1500).text)}</bdi></div>` : nothing}
      ${side ? html`<div class="sub">${side.charAt(0).toUpperCase()}${side.slice(1)}</div>` : nothing}
      ${decided && of.criteria.length > 0 ? html`<ul class="criteria" data-test="expected">${of.criteria.slice(0, MOST).map((one) => criterion(one, acts))}</ul>` : nothing}
    </div>
    ${view.errorMessage ? html`<div class="call-error" data-test="call-error"><span class="small">${words.error}</span> <lc-text .text=${view.errorMessage} .most=${400}></lc-text></div>` : nothing}
    ${row.reviewed ? html`<div class="small">${pill(words.reviewed, 'wait')}</div>` : nothing}
    ${decided ? prompt(of.prompt, row.id) : nothing}
  </section>`;
}

/** What was opened of one call is not open in the next. @param {string | null} text @param {number} call */
const prompt = (text, call) => (text ? keyed(call, html`<details><summary>${words.prompt}</summary><lc-text lines class="small" .text=${text} .most=${1500}></lc-text></details>`) : nothing);

/** What was expected, where something else decided. @param {CallView} view @param {Acts} acts */
export function expected(view, acts) {
  const { expected: of, human } = view;
  if (!of || byExpectation(view)) return nothing;
  return html`<section class="call-part" aria-label=${words.expected} data-test="expected">
    <div class="call-line"><h3 class="call-expected">${expectedWords(of)}</h3>${onExpected(of, human, acts)}</div>
    ${of.criteria.length > 0 ? html`<ul class="criteria">${of.criteria.slice(0, MOST).map((one) => criterion(one, acts))}</ul>` : nothing}
    ${prompt(of.prompt, view.row.id)}
  </section>`;
}

/** @param {MetricView} metric @param {CallView} view @param {Acts} acts */
function one(metric, view, acts) {
  const { value, foreign, tone, word } = metricWords(metric);
  const name = plain(metric.name);
  const label = html`<span class="pill o-${tone}"><bdi>${name}</bdi>${foreign ? ': ' : ' '}${foreign ? html`<bdi>${visible(cut(value, 60).text)}</bdi>` : html`<span title=${word || nothing}><span aria-hidden=${word && word !== value ? 'true' : nothing}>${value}</span>${word && word !== value ? html`<span class="unseen">${word}</span>` : nothing}</span>`}</span>`;
  const foot = metric.id === null ? nothing : thumbs(String(metric.id), name, view.human.votes[String(metric.id)], metric.thumbsUp, acts);
  if (metric.explanation.length === 0 && metric.id === null) return html`<li data-test="metric" data-kind=${metric.kind}>${label}</li>`;
  return html`<li data-test="metric" data-kind=${metric.kind}><details ?open=${metric.decides && metric.passed === false && !byExpectation(view)}>
    <summary>${label}${metric.decides ? html`<span class="unseen">${words.decides}</span>` : nothing}</summary>
    <div class="metric-why">${metric.explanation.length > 0 ? html`<ul class="criteria">${metric.explanation.slice(0, MOST).map((why) => criterion(why, acts))}</ul>` : nothing}${foot}</div>
  </details></li>`;
}

/** @param {CallView} view @param {Acts} acts */
export function metrics(view, acts) {
  if (view.metrics.length === 0) return nothing;
  return html`<section class="call-part" aria-label=${words.metrics}><ul class="metrics">${view.metrics.slice(0, 200).map((metric) => one(metric, view, acts))}</ul></section>`;
}

/** The turns that explanations point at, and whether they speak against the call. @param {CallView} view @returns {Map<number, boolean>} seconds to "not met" */
export function pointers(view) {
  /** @type {Map<number, boolean>} */
  const found = new Map();
  const all = [...(view.expected?.criteria ?? []), ...view.metrics.filter((metric) => metric.decides).flatMap((metric) => metric.explanation)];
  for (const why of all) for (const at of why.at) found.set(at, (found.get(at) ?? false) || why.met === false);
  return found;
}

/** What else is known of it. @param {CallView} view */
export function facts(view) {
  if (!view.startedAt && !view.endedReason && view.mockedTools.length === 0) return nothing;
  return html`<dl class="call-facts">
    ${view.startedAt ? html`<dt>${words.started}</dt><dd>${whenInFull(view.startedAt)}</dd>` : nothing}
    ${view.endedReason ? html`<dt>${words.ended}</dt><dd>${bdi(view.endedReason)}</dd>` : nothing}
    ${view.mockedTools.length > 0 ? html`<dt>${words.mocked}</dt><dd>${view.mockedTools.slice(0, 30).map((name, at) => html`${at > 0 ? ', ' : nothing}${bdi(name)}`)}</dd>` : nothing}
  </dl>`;
}
