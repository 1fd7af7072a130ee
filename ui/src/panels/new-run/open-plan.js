/** Opens a saved plan in place of what is chosen. */
import { html, nothing } from 'lit/html.js';
import { desk, isUntouched } from '../../data/drafts.js';
import { Look } from '../../data/live.js';
import { openPlan, plans } from '../../data/plans.js';
import '../../parts/banner.js';
import '../../parts/dialog.js';
import { LightElement, define } from '../../parts/light.js';
import { empty, lookState, trouble } from '../../parts/states.js';
import { Task } from '../../parts/task.js';
import { bdi } from '../../parts/text.js';
import { common } from '../../words/common.js';
import { openOne as words } from '../../words/new-run.js';
import { plans as planWords } from '../../words/plans.js';

export class OpenPlanElement extends LightElement {
  #opening = new Task(this);
  #plans = new Look(this, () => plans);

  /** @param {string} id */
  async #open(id) {
    if (await this.#opening.run(() => openPlan(id))) this.dispatchEvent(new CustomEvent('close'));
  }

  render() {
    return html`<lc-dialog open .heading=${words.title} ?busy=${this.#opening.busy} .cancel=${common.cancel} @close=${(/** @type {Event} */ event) => { event.stopPropagation(); this.dispatchEvent(new CustomEvent('close')); }}>
      ${lookState(this.#plans, {
        loading: words.loading,
        ready: (all) => all.length === 0
          ? empty(words.none, words.noneText)
          : html`${isUntouched(desk.body) ? nothing : html`<p>${words.replaces}</p>`}
              <ul class="plain-list">${all.map((one) => html`<li><button type="button" class="new-run-open" data-test="open-plan" data-id=${one.id} ?disabled=${this.#opening.busy} @click=${() => this.#open(one.id)}>
                <b>${bdi(one.name)}</b><small class="sub">${one.agentName ? html`${bdi(one.agentName)} · ` : nothing}${planWords.facts(one.evaluators, one.calls)}</small>${one.gone.length > 0 ? html`<small class="note-wrong">${bdi(planWords.gone(one.gone))}</small>` : nothing}</button></li>`)}</ul>`,
      })}
      ${trouble(this.#opening.error)}
      <a slot="actions" class="btn quiet" href="#/plans">${words.manage}</a>
    </lc-dialog>`;
  }
}
define('lc-open-plan', OpenPlanElement);
