/** The calls of a result in three forms: an evaluator a row, a cause a row, a call a row. */
import { html, noChange, nothing } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { glyph, pill } from '../../parts/glyph.js';
import '../../parts/rows.js';
import { empty } from '../../parts/states.js';
import { bdi, plain } from '../../parts/text.js';
import { length, number } from '../../words/format.js';
import { outcomeWords } from '../../words/outcomes.js';
import { saidOf, saidOfAll, words } from '../../words/result.js';
import { cut, visible } from '../../words/text.js';
import { shared, whyBriefly, whyWords } from '../../words/why.js';
import { repetitions } from './model.js';

/** @typedef {import('./model.js').FlatCall} FlatCall */
/** @typedef {import('./model.js').FlatGroup} FlatGroup */
/** @typedef {import('../../host/types').WhyView} WhyView */
/** @typedef {import('../../host/types').CauseView} CauseView */
/**
 * @typedef {object} TableParts
 * @property {import('../../host/types').ResultView} view
 * @property {Array<FlatGroup>} groups
 * @property {Array<FlatCall>} calls
 * @property {ReadonlySet<string>} ticked
 * @property {number | null} open
 * @property {import('./model.js').Filter} filter
 * @property {{ openCall(id: number): unknown, openGroup(group: FlatGroup): unknown, openCause(key: string): unknown, everyCall(key: string): unknown, tick(key: string): unknown, tickAll(): unknown }} act
 */

/** Repetitions beside each other in one line, and all that a row has room for. */
const LINE = 8;
const MOST = 16;

/** @param {import('../result.js').Shown} shown @param {TableParts} parts */
export function tableOf(shown, parts) {
  if (shown === 'causes') return causesTable(parts);
  return shown === 'calls' ? callsTable(parts) : evaluatorsTable(parts);
}

/** A reason in a few words: the check that was failed where one is named, otherwise ours. @param {WhyView} why */
export function shortWhy(why) {
  return html`<bdi>${visible(cut(whyBriefly(why), 160).text)}</bdi>`;
}
/** @param {WhyView} why */
function longWhy(why) {
  const { say, text, side } = whyWords(why);
  return [say, text ? plain(text) : '', side].filter(Boolean).join(' · ');
}

/** What a mark says on hover and to a screen reader; made once a call, for a jump in a long list needs hundreds. @type {WeakMap<FlatCall, string>} */
const spoken = new WeakMap();
/** @param {FlatCall} one */
function inFull(one) {
  let said = spoken.get(one);
  if (said === undefined) {
    const { call } = one;
    said = [`${outcomeWords(call.outcome).Word}, time ${call.time} of ${call.of}`, plain(call.callerName), longWhy(call.why), ...saidOf(call, 'full')].filter(Boolean).join(' · ');
    spoken.set(one, said);
  }
  return said;
}

/** What people have said of a call, as a small mark in words. @param {FlatCall['call']} call */
function saidMark(call) {
  const said = saidOf(call);
  return said.length === 0 ? nothing : html`<div class="small one"><span class="result-said-of" data-test="said" title=${saidOf(call, 'full').join(', ')}>${said.join(' · ')}</span></div>`;
}

/** @param {FlatCall} one @param {number | null} open @param {(id: number) => unknown} openCall */
function mark(one, open, openCall) {
  const { call } = one;
  const { glyph: shape, tone } = outcomeWords(call.outcome);
  const said = inFull(one);
  return html`<button type="button" tabindex="-1" class="o o-${tone} result-mark ${call.noted ? 'is-noted' : ''} ${call.voted ? 'is-voted' : ''} ${call.reviewed ? 'is-reviewed' : ''}" data-test="call-row" data-id=${call.id} data-outcome=${call.outcome}
    aria-label=${said} title=${said} aria-current=${call.id === open ? 'true' : nothing}
    @click=${(/** @type {Event} */ event) => { event.stopPropagation(); openCall(call.id); }}>${shape}</button>`;
}

/** @param {TableParts} parts */
function evaluatorsTable({ view, groups, ticked, open, act }) {
  const most = view.groups.reduce((top, group) => Math.max(top, group.calls.length), 1);
  const line = Math.max(3, Math.min(LINE, most));
  const all = groups.length > 0 && groups.every((group) => ticked.has(group.key));
  const columns = [
    {
      id: 'tick', width: '38px',
      head: html`<input type="checkbox" data-test="choose-all" aria-label=${words.chooseAll} title=${words.chooseAll} .checked=${live(all)} .indeterminate=${!all && ticked.size > 0} @change=${() => act.tickAll()}>`,
      cell: (/** @type {FlatGroup} */ { key, group }) => html`<input type="checkbox" tabindex="-1" data-test="evaluator-tick" aria-label=${`${words.choose} ${plain(group.name)}`} .checked=${live(ticked.has(key))}
        @click=${(/** @type {Event} */ event) => event.stopPropagation()} @change=${() => act.tick(key)}>`,
    },
    {
      id: 'name', head: words.evaluator, width: 'minmax(110px, 1.5fr)',
      cell: (/** @type {FlatGroup} */ { group }) => html`<b class="two" title=${plain(group.name)}>${bdi(group.name, words.gone)}</b>`,
    },
    {
      id: 'times', head: words.times, width: `${line * 21 + 21}px`,
      cell: (/** @type {FlatGroup} */ { calls, key }) => {
        const { shown, left } = repetitions(calls, calls.length > MOST ? MOST - 2 : MOST);
        return html`<div class="result-marks">${shown.map((one) => mark(one, open, act.openCall))}${left > 0
          ? html`<button type="button" tabindex="-1" class="result-rest" aria-label=${words.moreCallsInFull(left)} title=${words.moreCallsInFull(left)} @click=${(/** @type {Event} */ event) => { event.stopPropagation(); act.everyCall(key); }}>${words.moreCalls(left)}</button>`
          : nothing}</div>`;
      },
    },
    {
      id: 'wrong', head: words.wrong, width: 'minmax(110px, 1.6fr)',
      cell: (/** @type {FlatGroup} */ { group }) => {
        const why = group.wrong && shared(group.wrong);
        return html`<div class="result-wrong"><div class="two ${why ? '' : 'sub'}" title=${why ? longWhy(why) : nothing}>${why ? shortWhy(why) : words.nothingWrong}</div>${group.flaky || group.fixedOn !== null
          ? html`<div class="result-wrong-marks">${group.flaky ? pill(words.flaky, 'look', words.flakyInFull) : nothing}${group.fixedOn === null ? nothing : pill(words.fixed(group.fixedOn), 'pass', words.fixedInFull(group.fixedOn))}</div>`
          : nothing}</div>`;
      },
    },
    { id: 'length', head: html`<span title=${words.usualLength}>${words.length}</span>`, width: '68px', num: true, cell: (/** @type {FlatGroup} */ { group }) => length(group.usualSeconds) },
  ];
  return html`<lc-rows label=${words.views.evaluators} .rows=${groups} .columns=${columns} row-height="58"
    .active=${open === null ? noChange : groups.findIndex((group) => group.calls.some(({ call }) => call.id === open))}
    .keyOf=${(/** @type {FlatGroup} */ group) => group.key} .hooks=${(/** @type {FlatGroup} */ group) => ({ test: 'evaluator-group', id: group.group.evaluator ?? '' })}
    .classOf=${(/** @type {FlatGroup} */ group) => (open !== null && group.calls.some(({ call }) => call.id === open) ? 'on' : '')} .checkedOf=${(/** @type {FlatGroup} */ group) => ticked.has(group.key)}
    @row-open=${(/** @type {CustomEvent<{ row: FlatGroup, shift: boolean }>} */ { detail: { row, shift } }) => (shift ? act.everyCall(row.key) : act.openGroup(row))} @row-toggle=${(/** @type {CustomEvent<{ row: FlatGroup }>} */ event) => act.tick(event.detail.row.key)}></lc-rows>`;
}

/** @param {TableParts} parts */
function causesTable({ view, calls, act }) {
  const left = new Map(calls.map(({ call }) => [call.id, call]));
  const rows = view.causes
    .map((cause) => ({ cause, calls: cause.calls.flatMap((id) => left.get(id) ?? []) }))
    .map((row) => ({ ...row, count: row.calls.length, said: saidOfAll(row.calls) }))
    .filter(({ count }) => count > 0);
  if (rows.length === 0) return empty(words.noCauses);
  const columns = [
    { id: 'outcome', head: words.causeOutcome, width: '166px', cell: (/** @type {{ cause: CauseView }} */ { cause }) => html`<span class="result-outcome">${glyph(cause.outcome, { quiet: true })} ${outcomeWords(cause.outcome).Word}</span>` },
    {
      id: 'why', head: words.causeHead, width: 'minmax(160px, 3fr)',
      cell: (/** @type {{ cause: CauseView, said: string }} */ { cause, said }) => {
        const why = shared(cause.why);
        const { say, text, side } = whyWords(why);
        const brief = whyBriefly(why);
        return html`<div title=${longWhy(why)}><b class="one">${bdi(brief)}</b><div class="small one">${bdi([brief === text ? say : text, side].filter(Boolean).join(' · '))}${said ? html`<span class="result-said-of" data-test="said">${said}</span>` : nothing}</div></div>`;
      },
    },
    { id: 'calls', head: 'Calls', width: '64px', num: true, cell: (/** @type {{ count: number }} */ { count }) => number(count) },
    { id: 'evaluators', head: 'Evaluators', width: '92px', num: true, cell: (/** @type {{ cause: CauseView }} */ { cause }) => number(cause.evaluators) },
  ];
  return html`<lc-rows label=${words.views.causes} .rows=${rows} .columns=${columns} row-height="58"
    .keyOf=${(/** @type {{ cause: CauseView }} */ row) => row.cause.key} .hooks=${(/** @type {{ cause: CauseView }} */ row) => ({ test: 'cause-row', outcome: row.cause.outcome })}
    @row-open=${(/** @type {CustomEvent<{ row: { cause: CauseView } }>} */ event) => act.openCause(event.detail.row.cause.key)}></lc-rows>`;
}

/** @param {TableParts} parts */
function callsTable({ calls, open, act }) {
  const columns = [
    {
      id: 'outcome', head: words.causeOutcome, width: '166px',
      cell: (/** @type {FlatCall} */ { call }) => html`<span class="result-outcome">${glyph(call.outcome, { quiet: true })} ${outcomeWords(call.outcome).Word}</span>${saidMark(call)}`,
    },
    {
      id: 'call', head: words.evaluator, width: 'minmax(120px, 1.6fr)',
      cell: (/** @type {FlatCall} */ { call, group }) => html`<b class="one" title=${plain(group.name)}>${bdi(group.name, words.gone)}</b><div class="small one">${words.timeOf(call.time, call.of)}${call.callerName ? html` · ${bdi(call.callerName)}` : nothing}</div>`,
    },
    { id: 'why', head: words.wrong, width: 'minmax(110px, 1.6fr)', cell: (/** @type {FlatCall} */ { call }) => html`<div class="two ${call.outcome === 'passed' ? 'sub' : ''}" title=${longWhy(call.why)}>${shortWhy(call.why)}</div>` },
    { id: 'length', head: words.length, width: '72px', num: true, cell: (/** @type {FlatCall} */ { call }) => length(call.seconds) },
  ];
  return html`<lc-rows label=${words.views.calls} .rows=${calls} .columns=${columns} row-height="58"
    .active=${/* When a call is closed, the list stays at its row. */ open === null ? noChange : calls.findIndex(({ call }) => call.id === open)}
    .keyOf=${(/** @type {FlatCall} */ one) => one.call.id} .hooks=${(/** @type {FlatCall} */ { call }) => ({ test: 'call-row', id: call.id, outcome: call.outcome })}
    .classOf=${(/** @type {FlatCall} */ { call }) => (call.id === open ? 'on' : '')}
    @row-open=${(/** @type {CustomEvent<{ row: FlatCall }>} */ event) => act.openCall(event.detail.row.call.id)}></lc-rows>`;
}
