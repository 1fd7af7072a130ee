/** Saved plans: opened again, renamed, copied, deleted, shared as files. */
import { html, nothing } from 'lit/html.js';
import { DeskLook, desk, isUntouched } from '../data/drafts.js';
import { Look } from '../data/live.js';
import { deletePlan, duplicatePlan, exportPlan, importPlan, openPlan, plans, renamePlan } from '../data/plans.js';
import { announce } from '../parts/announce.js';
import '../parts/banner.js';
import { sign } from '../parts/glyph.js';
import { LightElement, define } from '../parts/light.js';
import '../parts/menu.js';
import { question } from '../parts/question.js';
import { screen } from '../parts/screen.js';
import { empty, lookState } from '../parts/states.js';
import { Task } from '../parts/task.js';
import { bdi, plain } from '../parts/text.js';
import { go } from '../router.js';
import { common } from '../words/common.js';
import { number, when, whenInFull } from '../words/format.js';
import { plans as words } from '../words/plans.js';

/** @typedef {import('../host/types').SavedPlanView} SavedPlanView */
/** @typedef {{ kind: 'rename' | 'delete' | 'open', plan: SavedPlanView }} Asking */

export class PlansPanel extends LightElement {
  static properties = { route: {}, asking: {}, news: {} };

  #plans = new Look(this, () => plans);
  #work = new Task(this);
  #doing = new Task(this);

  constructor() {
    super();
    /** @type {import('../router.js').Route | null} */
    this.route = null;
    /** The dialog that is open. @type {Asking | null} */
    this.asking = null;
    /** What was just done, said above the list. */
    this.news = '';
    new DeskLook(this);
  }

  /** @param {Asking} asking */
  #ask(asking) {
    this.#doing.clear();
    this.asking = asking;
  }

  /** @param {string} news */
  #tell(news) {
    this.news = news;
    announce(news);
  }

  /** @param {SavedPlanView} plan */
  #open(plan) {
    if (!isUntouched(desk.body)) this.#ask({ kind: 'open', plan });
    else void this.#work.run(() => this.#opened(plan));
  }

  /** @param {SavedPlanView} plan */
  async #opened(plan) {
    await openPlan(plan.id);
    go('#/new');
  }

  async #import() {
    this.news = '';
    await this.#work.run(async () => {
      const made = await importPlan();
      if (made) this.#tell(made.renamed ? words.renamedOnImport(plain(made.plan.name)) : words.imported(plain(made.plan.name)));
    });
  }

  /** @param {SavedPlanView} plan */
  async #export(plan) {
    this.news = '';
    await this.#work.run(async () => {
      const path = await exportPlan(plan.id);
      if (path) this.#tell(words.exported(plain(path)));
    });
  }

  /** @param {SavedPlanView} plan */
  async #duplicate(plan) {
    this.news = '';
    await this.#work.run(async () => {
      const made = await duplicatePlan(plan.id);
      this.#tell(words.duplicated(plain(made.name)));
    });
  }

  render() {
    const bring = (/** @type {string} */ look) => html`<button type="button" class="btn ${look}" data-test="plan-import" ?disabled=${this.#work.busy} @click=${() => this.#import()}>${words.import}</button>`;
    return screen({
      title: words.title,
      sub: words.sub,
      actions: bring(''),
      body: html`
        ${this.#work.error ? html`<lc-banner class="plans-news" .error=${this.#work.error} .actions=${[{ word: common.dismiss, run: () => this.#work.clear() }]}></lc-banner>` : nothing}
        ${this.news ? html`<lc-banner class="slim plans-news" code="done" hook="plans-news" tone="info" .say=${this.news} .actions=${[{ word: common.dismiss, run: () => (this.news = '') }]}></lc-banner>` : nothing}
        ${lookState(this.#plans, {
          loading: words.loading,
          ready: (all) => all.length === 0
            ? empty(words.none, words.noneText, html`<a class="btn go" href="#/new">${words.toNewRun}</a>${bring('')}`)
            : html`<div class="card plans-card">
                <div class="plans-row plans-head" aria-hidden="true"><span>${words.name}</span><span>${words.agent}</span><span class="num">${words.evaluators}</span><span class="num">${words.calls}</span><span>${words.changed}</span><span class="plans-acts"></span></div>
                <ul class="plain-list" aria-label=${words.title}>${all.map((plan) => this.#row(plan))}</ul>
              </div>`,
        })}
        ${this.#dialog()}`,
    });
  }

  /** @param {SavedPlanView} plan */
  #row(plan) {
    const name = plain(plan.name);
    const agent = plan.agentName === null ? html`<span class="sub">${words.agentGone}</span>` : bdi(plan.agentName);
    return html`<li class="plans-row" data-test="plan-row" data-id=${plan.id}>
      <div class="plans-name">
        <b>${bdi(plan.name)}</b>
        <div class="small plans-narrow">${agent} · ${words.facts(plan.evaluators, plan.calls)} · ${when(plan.changedAt)}</div>
        ${plan.gone.length > 0 ? html`<div class="plans-gone" data-test="plan-gone">${sign('lost')}<span>${bdi(words.gone(plan.gone))}</span></div>` : nothing}
      </div>
      <span class="sub plans-wide">${agent}</span>
      <span class="num plans-wide"><span class="unseen">${words.evaluators}: </span>${number(plan.evaluators)}</span>
      <span class="num plans-wide"><span class="unseen">${words.calls}: </span>${number(plan.calls)}</span>
      <span class="sub plans-wide" title=${whenInFull(plan.changedAt)}>${when(plan.changedAt)}</span>
      <div class="plans-acts">
        <button type="button" class="btn" data-test="plan-open" aria-label=${`${words.open} ${name}`} ?disabled=${this.#work.busy} @click=${() => this.#open(plan)}>${words.open}</button>
        <lc-menu label=${words.more} hook="plan-more" ?disabled=${this.#work.busy} .actions=${[
          { word: words.rename, test: 'plan-rename', run: () => this.#ask({ kind: 'rename', plan }) },
          { word: words.duplicate, test: 'plan-duplicate', run: () => this.#duplicate(plan) },
          { word: words.export, test: 'plan-export', run: () => this.#export(plan) },
          { word: words.delete, test: 'plan-delete', danger: true, run: () => this.#ask({ kind: 'delete', plan }) },
        ]}></lc-menu>
      </div>
    </li>`;
  }

  #dialog() {
    const { asking } = this;
    if (!asking) return nothing;
    const { plan } = asking;
    /** @type {(heading: string, body: unknown, yes: string, work: () => Promise<unknown>, danger?: boolean) => unknown} */
    const frame = (heading, body, yes, work, danger) => question({ heading, body, yes, work, danger, doing: this.#doing, close: () => (this.asking = null) });
    switch (asking.kind) {
      case 'rename':
        return frame(words.renameTitle, html`<label for="plan-new-name">${words.renameLabel}</label><input id="plan-new-name" data-test="plan-new-name" maxlength="120" autocomplete="off" autofocus .value=${plan.name}>`, common.save, async () => {
          const field = /** @type {HTMLInputElement} */ (this.querySelector('#plan-new-name'));
          await renamePlan(plan.id, field.value.trim());
        });
      case 'delete':
        return frame(words.deleteTitle(plain(plan.name)), html`<p>${words.deleteText}</p>`, words.deleteYes, async () => {
          await deletePlan(plan.id);
          this.#tell(words.deleted);
        }, true);
      default:
        return frame(words.openTitle(plain(plan.name)), html`<p>${words.openText}</p>`, words.open, () => this.#opened(plan));
    }
  }
}
define('lc-plans', PlansPanel);
