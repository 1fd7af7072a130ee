/**
 * What became of a launch, and what can be done about it.
 *
 *     html`<lc-launch-cards></lc-launch-cards>`                       every launch that needs a person or is under way
 *     html`<lc-launch-card .launch=${view}></lc-launch-card>` one
 *
 * The card carries data-test="launch-state" and data-state. Nothing is ever sent from here: each
 * way out ends in the plan, where a person presses *Place*.
 */
import { html, nothing } from 'lit/html.js';
import { app } from '../data/app.js';
import { desk, draft } from '../data/drafts.js';
import { dismiss, isOf, itDidNot, itStarted, launches, leaveIt, lookOnceMore, openAgain, planThatFits } from '../data/launches.js';
import { Look } from '../data/live.js';
import { FIELDS } from '../data/mistakes.js';
import { resultIdIn } from '../data/narrow.js';
import { everything, resultsPage, stopResult } from '../data/results.js';
import { waitLeft } from '../data/waits.js';
import { announce } from '../parts/announce.js';
import '../parts/banner.js';
import { sign } from '../parts/glyph.js';
import { LightElement, define, valueOf } from '../parts/light.js';
import { question } from '../parts/question.js';
import { trouble } from '../parts/states.js';
import { Task } from '../parts/task.js';
import '../parts/text.js';
import { bdi, plain } from '../parts/text.js';
import { go, resultAddress } from '../router.js';
import { plural, whenInFull } from '../words/format.js';
import { launches as words, launchWords } from '../words/launches.js';
import { plans } from '../words/plans.js';
import { Replacing, wouldReplace } from './replacing.js';

/** @typedef {import('../host/types').LaunchView} LaunchView */
/** @typedef {'choose' | 'again' | 'leave' | 'stop'} Asking */

const SIGN = /** @type {const} */ ({ good: 'good', wait: 'wait', lost: 'lost', bad: 'stop' });

export class LaunchCardElement extends LightElement {
  static properties = { launch: {}, onPlan: { type: Boolean, attribute: 'on-plan' }, asking: {}, typed: {}, chosen: {} };

  #doing = new Task(this);
  #replacing = new Replacing(this);
  /** Whether the plan can be opened again depends on what is chosen now. */
  #draw = () => this.requestUpdate();
  /** *It did not* would replace what is chosen. */
  #replaces = false;
  #draft = new Look(this, () => (this.onPlan ? null : draft));
  #recent = new Look(this, () => (this.asking === 'choose' ? resultsPage({ ...everything, limit: 20 }) : null));
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock = undefined;

  constructor() {
    super();
    /** @type {LaunchView | null} */
    this.launch = null;
    /** It stands above the plan itself. */
    this.onPlan = false;
    /** @type {Asking | null} */
    this.asking = null;
    this.typed = '';
    /** @type {number | null} */
    this.chosen = null;
    this.work = new Task(this);
  }

  connectedCallback() {
    super.connectedCallback();
    desk.addEventListener('change', this.#draw);
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    desk.removeEventListener('change', this.#draw);
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  updated() {
    const view = this.launch;
    const ticking = this.isConnected && view !== null && (view.state === 'sending' || (view.code === 'throttled' && waitLeft(view) > 0));
    if (ticking && !this.#clock) this.#clock = setInterval(() => this.requestUpdate(), 1000);
    if (!ticking && this.#clock) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }

  /** @param {Asking} asking */
  async #ask(asking) {
    this.#replaces = asking === 'again' && (await wouldReplace());
    this.#doing.clear();
    this.typed = '';
    this.chosen = this.launch?.found[0] ?? null;
    this.asking = asking;
  }

  #toPlan() {
    if (this.onPlan) this.dispatchEvent(new CustomEvent('to-plan', { bubbles: true }));
    else go('#/new');
  }

  render() {
    const view = this.launch;
    if (!view) return nothing;
    const said = launchWords(view, new Date());
    const left = view.code === 'throttled' ? waitLeft(view) : 0;
    // Above the plan, what is about a field stands beside the field.
    const problems = this.onPlan ? view.problems.filter((problem) => !Object.hasOwn(FIELDS, problem.field)) : view.problems;
    return html`<section class="banner banner-${said.tone === 'good' ? 'info' : said.tone}" data-test="launch-state" data-state=${view.state} data-id=${view.id} aria-label=${plain(said.say)}>
        ${view.state === 'unknown' ? html`<span class="o o-lost o-big" role="img" aria-label=${words.notKnown}>?</span>` : sign(SIGN[said.tone], { big: true })}
        <div class="banner-text">
          <b role="status">${bdi(said.say)}</b>
          <div class="sub">${bdi(said.todo)}</div>
          ${problems.length > 0
            ? html`<ul class="problems">${problems.map((problem) => html`<li><lc-text .text=${problem.message} .most=${400}></lc-text></li>`)}</ul>`
            : nothing}
          ${view.state === 'refused' && view.code === 'throttled' ? html`<div class="sub launch-wait">${left > 0 ? words.wait(left) : words.waited}</div>` : nothing}
          ${view.state === 'refused' && view.fits ? html`<div class="sub">${words.fitsNote(view.fits, app.value?.current?.kind === 'practice')}</div>` : nothing}
          ${trouble(this.work.error)}
          ${this.#acts(view, left)}
        </div>
      </section>${this.#dialog(view)}${this.#replacing.dialog()}`;
  }

  /** @param {LaunchView} view @param {number} left seconds the server asked to wait */
  #acts(view, left) {
    const { work } = this;
    const kept = (/** @type {import('../host/types').DraftBody} */ body) => isOf(view.id, body);
    /** What opens a draft, after a question where that would take another one's place. @type {(open: (id: string) => Promise<unknown>) => unknown} */
    const opens = (open) => this.#replacing.ask(() => work.run(async () => { await open(view.id); this.#toPlan(); }), kept);
    const body = this.onPlan ? desk.body : this.#draft.value?.body;
    const plan = () => (isOf(view.id, body) ? button(words.toPlan, 'launch-to-plan', () => this.#toPlan()) : button(words.reopen, 'launch-reopen', () => opens(openAgain)));
    /** @type {(word: string, test: string, run: () => unknown, look?: string) => unknown} */
    const button = (word, test, run, look = '') =>
      html`<button type="button" class="btn ${look}" data-test=${test} ?disabled=${work.busy} @click=${run}>${word}</button>`;
    const away = button(words.dismiss, 'launch-dismiss', () => work.run(() => dismiss(view.id)), 'quiet');
    const open = view.resultId === null ? nothing : html`<a class="btn" href=${resultAddress(view.resultId)} data-test="launch-open">${words.open}</a>`;
    switch (view.state) {
      case 'sending':
        return nothing;
      case 'launched':
        return html`<div class="acts">${view.otherAgent !== null && view.resultId !== null ? button(words.stop, 'launch-stop', () => this.#ask('stop'), 'danger') : nothing}${open}${view.otherAgent === null ? nothing : away}</div>`;
      case 'refused':
        return html`<div class="acts">
          ${view.fits ? button(words.fits(view.fits.calls), 'launch-fit', () => opens(planThatFits)) : nothing}
          ${this.onPlan && left > 0 && isOf(view.id, body) ? nothing : plan()}${away}
        </div>`;
      case 'not-sent':
        return html`<div class="acts">${plan()}${away}</div>`;
      default:
        return view.settled
          ? html`<div class="acts">${open}</div>`
          : html`<div class="acts">
              ${button(words.started, 'launch-started', () => this.#ask('choose'))}
              ${button(words.notStarted, 'launch-not-started', () => this.#ask('again'))}
              ${button(work.busy ? words.looking : words.look, 'launch-look', () => work.run(() => lookOnceMore(view.id)))}
              ${button(words.leave, 'launch-leave', () => this.#ask('leave'), 'quiet')}
            </div>`;
    }
  }

  /** @param {LaunchView} view */
  #dialog(view) {
    if (!this.asking) return nothing;
    /** @type {(heading: string, body: unknown, yes: string, work: () => Promise<unknown>, more?: { danger?: boolean, ready?: boolean, wide?: boolean }) => unknown} */
    const frame = (heading, body, yes, work, more) => question({ heading, body, yes, work, doing: this.#doing, close: () => (this.asking = null), ...more });
    switch (this.asking) {
      case 'again':
        return frame(words.againTitle, html`<p>${words.againText(view)}</p>${this.#replaces ? html`<p>${plans.openText}</p>` : nothing}`, words.againYes, async () => { await itDidNot(view.id); this.#toPlan(); });
      case 'leave':
        return frame(words.leaveTitle, html`<p>${words.leaveText}</p>`, words.leave, () => leaveIt(view.id));
      case 'stop':
        return frame(words.stopTitle(view.callsPlaced ?? view.expectedCalls), html`<p>${words.stopText}</p>`, words.stop, async () => {
          if (view.resultId !== null) await stopResult(view.resultId);
          announce(words.stopped);
          await dismiss(view.id);
          if (view.resultId !== null) go(resultAddress(view.resultId));
        }, { danger: true });
      default: {
        const pasted = resultIdIn(this.typed);
        const result = this.typed.trim() === '' ? this.chosen : pasted;
        return frame(words.chooseTitle, this.#choices(view, pasted), words.chooseYes, async () => {
          const adopted = await itStarted(view.id, /** @type {number} */ (result));
          if (adopted.resultId !== null) go(resultAddress(adopted.resultId));
        }, { ready: result !== null, wide: true });
      }
    }
  }

  /** @param {LaunchView} view @param {number | null} pasted */
  #choices(view, pasted) {
    const rows = this.#recent.value?.rows ?? [];
    const known = new Map(rows.map((row) => [row.id, row]));
    const others = rows.filter((row) => !view.found.includes(row.id)).map((row) => row.id);
    const radio = (/** @type {number} */ id) => {
      const row = known.get(id);
      return html`<label class="pop-row launch-choice"><input type="radio" name="launch-result" .checked=${this.typed.trim() === '' && this.chosen === id} @change=${() => { this.chosen = id; this.typed = ''; }}>
        <span><b>${row?.name ? bdi(row.name) : words.resultName(id)}</b><small class="sub">${row ? html`${row.agentName ? html`${bdi(row.agentName)} · ` : nothing}${plural(row.calls, 'call')} · ${whenInFull(row.createdAt)}` : nothing}</small></span></label>`;
    };
    return html`<p>${words.chooseText(plain(view.name))}</p>
      ${view.found.length > 0 ? html`<fieldset class="launch-choices"><legend>${words.found}</legend>${view.found.map(radio)}</fieldset>` : nothing}
      <fieldset class="launch-choices"><legend>${words.recent}</legend>${others.length > 0 ? others.map(radio) : html`<p class="sub">${this.#recent.loading ? words.looking : words.noResults}</p>`}</fieldset>
      <label for="launch-paste">${words.paste}</label>
      <input id="launch-paste" data-test="launch-paste" autocomplete="off" spellcheck="false" .value=${this.typed} aria-invalid=${this.typed.trim() !== '' && pasted === null ? 'true' : nothing} aria-describedby="launch-paste-note" @input=${(/** @type {Event} */ event) => (this.typed = valueOf(event))}>
      <p class="note note-wrong" id="launch-paste-note" role="status">${this.typed.trim() !== '' && pasted === null ? words.pasteWrong : nothing}</p>`;
  }
}
define('lc-launch-card', LaunchCardElement);

/** All launches that need a person or are under way; nothing where there are none. */
export class LaunchesElement extends LightElement {
  static properties = { onPlan: { type: Boolean, attribute: 'on-plan' }, without: { type: String } };

  #launches = new Look(this, () => launches);

  constructor() {
    super();
    this.onPlan = false;
    /** A launch that is shown elsewhere. */
    this.without = '';
  }

  render() {
    const shown = (this.#launches.value ?? []).filter((one) => one.id !== this.without);
    this.hidden = shown.length === 0 && !this.#launches.error;
    return html`${this.#launches.error ? html`<lc-banner .error=${this.#launches.error} .retry=${() => this.#launches.refresh()}></lc-banner>` : nothing}
      ${shown.map((one) => html`<lc-launch-card .launch=${one} ?on-plan=${this.onPlan}></lc-launch-card>`)}`;
  }
}
define('lc-launch-cards', LaunchesElement);

