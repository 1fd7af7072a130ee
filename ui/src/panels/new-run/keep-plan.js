/** Keeps what is chosen as a plan with a name. */
import { html, nothing } from 'lit/html.js';
import { catalogue } from '../../data/catalogue.js';
import { desk } from '../../data/drafts.js';
import { Look } from '../../data/live.js';
import { plans, savePlan } from '../../data/plans.js';
import { announce } from '../../parts/announce.js';
import '../../parts/banner.js';
import '../../parts/dialog.js';
import { LightElement, define, valueOf } from '../../parts/light.js';
import { trouble } from '../../parts/states.js';
import { Task } from '../../parts/task.js';
import { common } from '../../words/common.js';
import { keep as words } from '../../words/new-run.js';

export class KeepPlanElement extends LightElement {
  static properties = { name: {} };

  #saving = new Task(this);
  #plans = new Look(this, () => plans);

  constructor() {
    super();
    const agent = catalogue.value?.agents.find((one) => one.id === desk.body?.agent);
    this.name = desk.body?.name.trim() || agent?.name || '';
  }

  firstUpdated() {
    this.querySelector('input')?.select();
  }

  /** @param {string | null} id of a plan to be replaced */
  async #save(id) {
    const { body } = desk;
    if (!body || this.name.trim() === '') return;
    if (await this.#saving.run(() => savePlan(this.name.trim(), body, id))) {
      announce(words.saved);
      this.dispatchEvent(new CustomEvent('close'));
    }
  }

  render() {
    const name = this.name.trim();
    const taken = this.#saving.error?.code === 'name_taken' ? this.#plans.value?.find((one) => one.name.toLowerCase() === name.toLowerCase()) : undefined;
    return html`<lc-dialog open .heading=${words.title} ?busy=${this.#saving.busy} @close=${(/** @type {Event} */ event) => { event.stopPropagation(); this.dispatchEvent(new CustomEvent('close')); }}>
      <form id="keep-plan" novalidate @submit=${(/** @type {Event} */ event) => { event.preventDefault(); void this.#save(null); }}>
        <label for="keep-name">${words.label}</label>
        <input id="keep-name" data-test="keep-name" maxlength="120" autocomplete="off" autofocus .value=${this.name} @input=${(/** @type {InputEvent} */ event) => { this.name = valueOf(event); this.#saving.clear(); }}>
        <p class="note">${words.note}</p>
        ${trouble(this.#saving.error, { actions: taken ? [{ word: words.replace, run: () => this.#save(taken.id), test: 'keep-replace' }] : [] })}
      </form>
      <button slot="actions" form="keep-plan" class="btn go" data-test="keep-yes" ?disabled=${this.#saving.busy || name === ''}>${common.save}</button>
    </lc-dialog>`;
  }
}
define('lc-keep-plan', KeepPlanElement);
