/** New run: what to test, the plan, its cost, and the one press that places the calls. */
import { html, nothing } from 'lit/html.js';
import { app } from '../data/app.js';
import { catalogue } from '../data/catalogue.js';
import { DeskLook, clearDraft, desk, isUntouched } from '../data/drafts.js';
import { launch, launches, place } from '../data/launches.js';
import { Look } from '../data/live.js';
import { problemsBeside } from '../data/mistakes.js';
import { waitLeft } from '../data/waits.js';
import { HostError } from '../host/host.js';
import { announce } from '../parts/announce.js';
import '../parts/banner.js';
import '../parts/dialog.js';
import { LightElement, define } from '../parts/light.js';
import { question } from '../parts/question.js';
import { screen } from '../parts/screen.js';
import { loading } from '../parts/states.js';
import { Task } from '../parts/task.js';
import { go, resultAddress } from '../router.js';
import { common } from '../words/common.js';
import { confirm, estimateWords, list, newRun as words, plan as planWords } from '../words/new-run.js';
import { partWords } from '../words/result.js';
import './launch-card.js';
import './new-run/evaluator-list.js';
import './new-run/keep-plan.js';
import './new-run/open-plan.js';
import './new-run/plan-column.js';
import './new-run/review.js';

/** @typedef {import('../host/types').LaunchView} LaunchView */
/** @typedef {import('../host/types').PlanView} PlanView */
/** @typedef {import('../host/types').DraftBody} DraftBody */
/** @typedef {{ kind: 'confirm', plan: PlanView } | { kind: 'review' | 'keep' | 'open' | 'over' }} Asking */

export class NewRunPanel extends LightElement {
  static properties = { route: {}, asking: {}, note: {}, current: {} };

  /** An agent in the address is chosen once. */
  #fromAddress = '';
  /** What was chosen when the server refused, by launch: its choices come back a moment after the refusal. @type {Map<string, DraftBody>} */
  #refusedWith = new Map();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock = undefined;
  #placing = new Task(this);
  #over = new Task(this);
  #catalogue = new Look(this, () => catalogue);
  #launches = new Look(this, () => launches);
  #following = new Look(this, () => (this.current ? launch.get(this.current) : null));

  constructor() {
    super();
    /** @type {import('../router.js').Route | null} */
    this.route = null;
    /** The dialog that is open. @type {Asking | null} */
    this.asking = null;
    /** Said beneath the button. */
    this.note = '';
    /** The launch that was placed from here and is followed here. */
    this.current = '';
    new DeskLook(this);
    this.addEventListener('to-plan', () => this.#focusPlace());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#clock);
    this.#clock = undefined;
    // What becomes of the launch is told on its card wherever one is.
    if (desk.held && !this.#placing.busy) void desk.release();
    this.current = '';
  }

  willUpdate() {
    this.#chooseAgent();
    const view = this.#following.value;
    if (view && view.id === this.current && view.state !== 'sending' && desk.held) this.#ended(view);
    // It cannot be followed here; its card comes with the others.
    if (!view && this.#following.error && this.current) {
      this.current = '';
      void desk.release();
    }
    // The note was about what was chosen then.
    if (this.note && !desk.checked) this.note = '';
  }

  /** The only agent there is, or the one the address names. */
  #chooseAgent() {
    const view = this.#catalogue.value;
    const { body } = desk;
    if (!view || !body) return;
    const asked = this.route?.query.get('agent') ?? '';
    if (asked && asked !== this.#fromAddress) {
      this.#fromAddress = asked;
      const agent = view.agents.find((one) => String(one.id) === asked);
      if (agent && agent.id !== body.agent) desk.change({ agent: agent.id, evaluators: [] });
    } else if (body.agent === null && view.agents.length === 1) {
      desk.change({ agent: view.agents[0].id });
    }
  }

  updated() {
    const waiting = this.isConnected && this.#waiting > 0;
    if (waiting && !this.#clock) this.#clock = setInterval(() => this.requestUpdate(), 1000);
    if (!waiting && this.#clock) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }

  /** Seconds the server asked to wait. */
  get #waiting() {
    return Math.max(0, ...(this.#launches.value ?? []).map((one) => (one.state === 'refused' ? waitLeft(one) : 0)));
  }

  /** @param {LaunchView} view */
  #ended(view) {
    void desk.release();
    if (view.state === 'launched' && view.otherAgent === null && view.resultId !== null) {
      go(resultAddress(view.resultId));
    } else {
      // It is among the cards above, with its ways out.
      this.current = '';
      void launches.refresh();
      void this.updateComplete.then(() => this.querySelector('[data-test=launch-state]')?.scrollIntoView({ block: 'nearest' }));
    }
  }

  /** A press on *Place*. @param {number} shown the number of calls that stood on the button */
  async #press(shown) {
    if (this.#placing.busy || desk.held) return;
    this.note = '';
    await this.#placing.run(async () => {
      await desk.flush();
      if (desk.saveError) throw desk.saveError;
      const plan = await desk.check();
      if (!plan) {
        if (desk.checkError) throw desk.checkError;
        this.#say(planWords.changedMeanwhile);
      } else if (!plan.mayPlace) {
        this.#say(planWords.notReady);
        this.querySelector('[data-test=plan-check][data-level=stop]')?.scrollIntoView({ block: 'nearest' });
      } else if (plan.calls !== shown) {
        this.#say(planWords.changedMeanwhile);
      } else if (plan.confirm.length > 0) {
        this.asking = { kind: 'confirm', plan };
      } else {
        await this.#send(null);
      }
    });
  }

  /** Yes to the question. @param {PlanView} plan */
  async #confirmed(plan) {
    if (this.#placing.busy || desk.held) return;
    this.asking = null;
    await this.#placing.run(() => this.#send({ calls: plan.calls, reasons: plan.confirm }));
  }

  /** @param {import('../host/types').Confirmation | null} confirmation */
  async #send(confirmation) {
    desk.hold();
    try {
      const view = await place(desk.id, confirmation);
      this.current = view.id;
      if (!this.isConnected) await desk.release();
    } catch (thrown) {
      await desk.release();
      // The second press of one intention: the first is on its way, and that is all there is to say.
      if (thrown instanceof HostError && thrown.code === 'draft_spent') return;
      if (thrown instanceof HostError && thrown.code === 'confirm_needed' && confirmation === null) {
        const plan = await desk.check();
        if (plan && plan.confirm.length > 0) {
          this.asking = { kind: 'confirm', plan };
          return;
        }
      }
      throw thrown;
    }
  }

  /** @param {string} note */
  #say(note) {
    this.note = note;
    announce(note);
  }

  async #focusPlace() {
    await this.updateComplete;
    const button = this.querySelector('[data-test=launch]');
    if (button instanceof HTMLElement) button.focus();
  }

  render() {
    const { body } = desk;
    const refused = (this.#launches.value ?? []).find((one) => one.state === 'refused' && one.problems.length > 0);
    if (refused && body && !desk.held && isUntouched(this.#refusedWith.get(refused.id))) this.#refusedWith.set(refused.id, body);
    const problems = refused && body ? problemsBeside(refused, this.#refusedWith.get(refused.id) ?? body, body) : {};
    const busy = this.#placing.busy || desk.held;
    return screen({
      title: words.title,
      sub: words.sub,
      plain: true,
      actions: html`${isUntouched(body) ? nothing : html`<button type="button" class="btn quiet" data-test="plan-clear" ?disabled=${busy} @click=${() => (this.asking = { kind: 'over' })}>${words.startOver}</button>`}
        <button type="button" class="btn" data-test="plan-choose" ?disabled=${busy || !body} @click=${() => (this.asking = { kind: 'open' })}>${words.openPlan}</button>`,
      body: html`${this.#notices(body)}
        ${body
          ? html`<div class="new-run" ?inert=${busy}>
              <section class="card new-run-list" aria-label=${list.label}><lc-evaluators .problems=${problems.evaluators ?? []}></lc-evaluators></section>
              <aside class="card new-run-plan" aria-label=${planWords.label}><lc-plan .problems=${problems} ?busy=${busy} .waiting=${this.#waiting} .note=${this.note} .error=${this.#placing.error}
                @place=${(/** @type {CustomEvent} */ event) => this.#press(event.detail.calls)} @review=${() => (this.asking = { kind: 'review' })} @keep=${() => (this.asking = { kind: 'keep' })}></lc-plan></aside>
            </div>`
          : desk.error
            ? html`<lc-banner class="new-run-pad" .error=${desk.error} .retry=${() => desk.refresh()}></lc-banner>`
            : loading(words.reading)}
        ${this.#dialog()}`,
    });
  }

  /** @param {DraftBody | null} body */
  #notices(body) {
    const current = this.#following.value;
    const cards = (this.#launches.value ?? []).filter((one) => one.id !== this.current);
    if (!current && cards.length === 0 && !desk.saveError && desk.gone.length === 0 && !body?.parent && !this.#launches.error) return nothing;
    return html`<div class="new-run-notices">
      ${current ? html`<lc-launch-card .launch=${current} on-plan></lc-launch-card>` : nothing}
      <lc-launch-cards on-plan .without=${this.current}></lc-launch-cards>
      ${desk.saveError ? html`<lc-banner .error=${desk.saveError} .retry=${() => { desk.saveError = null; void desk.flush(); }}></lc-banner>` : nothing}
      ${desk.gone.length > 0
        ? html`<lc-banner class="slim" code="evaluators_gone" hook="plan-gone" tone="lost" .say=${words.gone(desk.gone.length)} .todo=${words.goneTodo(desk.gone)} .actions=${[{ word: common.dismiss, run: () => desk.forgetGone() }]}></lc-banner>`
        : nothing}
      ${body?.parent ? html`<p class="small new-run-parent">${words.repeats(partWords(body.parent.part))} <a href=${resultAddress(body.parent.result)}>${words.toParent}</a></p>` : nothing}
    </div>`;
  }

  #dialog() {
    const { asking } = this;
    const close = () => (this.asking = null);
    switch (asking?.kind) {
      case 'confirm': {
        const { plan } = asking;
        const practice = app.value?.current?.kind === 'practice';
        return html`<lc-dialog open data-test="confirm" .heading=${confirm.title(plan.calls, plan.upTo)} @close=${close}>
          ${/* The focus is on *Cancel*: a key held down must not answer. */ plan.confirm.map((reason) => html`<p>${confirm.reasons[reason]?.(plan, practice) ?? nothing}</p>`)}
          ${plan.estimate ? html`<p>${confirm.takes(estimateWords(plan.estimate, practice))}</p>` : nothing}
          <button slot="actions" type="button" class="btn go" data-test="launch-confirm" @click=${() => this.#confirmed(plan)}>${confirm.yes(plan.calls)}</button>
        </lc-dialog>`;
      }
      case 'review':
        return html`<lc-review @close=${close}></lc-review>`;
      case 'keep':
        return html`<lc-keep-plan @close=${close}></lc-keep-plan>`;
      case 'open':
        return html`<lc-open-plan @close=${close}></lc-open-plan>`;
      case 'over':
        return question({ heading: words.startOverTitle, body: html`<p>${words.startOverText}</p>`, yes: words.startOverYes, danger: true, doing: this.#over, work: clearDraft, close });
      default:
        return nothing;
    }
  }
}
define('lc-new-run', NewRunPanel);
