/** The data messages of a plan: one for all evaluators, and one for those that need their own. */
import { html, nothing } from 'lit/html.js';
import { evaluators } from '../../data/catalogue.js';
import { DeskLook, desk } from '../../data/drafts.js';
import { Look } from '../../data/live.js';
import { mistakesIn, withMessage } from '../../data/mistakes.js';
import { indexOf } from '../../data/narrow.js';
import '../../parts/dialog.js';
import '../../parts/json-field.js';
import { LightElement, define } from '../../parts/light.js';
import '../../parts/menu.js';
import { plain } from '../../parts/text.js';
import { plan as words } from '../../words/new-run.js';

export class MessagesElement extends LightElement {
  #rows = new Look(this, () => (desk.body ? evaluators.get(desk.body.agent) : null));

  constructor() {
    super();
    new DeskLook(this);
  }

  render() {
    const { body } = desk;
    if (!body) return nothing;
    const names = this.#rows.value ? indexOf(this.#rows.value.rows).byId : new Map();
    const nameOf = (/** @type {number} */ id) => names.get(id)?.name ?? String(id);
    const mistakes = mistakesIn(desk.plan, 'message_not_json');
    const forAll = body.messages.find((one) => one.evaluator === null);
    const own = body.messages.filter((one) => one.evaluator !== null);
    const change = (/** @type {number | null} */ id, /** @type {string} */ text) => desk.body && desk.change({ messages: withMessage(desk.body.messages, id, text) });
    const others = body.evaluators.filter((id) => !own.some((one) => one.evaluator === id));
    return html`<lc-dialog open wide data-test="messages" .heading=${words.messagesTitle} cancel="" @close=${(/** @type {Event} */ event) => { event.stopPropagation(); this.#closed(); }}>
      <p>${words.messagesText}</p>
      <lc-json hook="message-all" label=${words.forAll} .text=${forAll?.text ?? ''} .mistake=${mistakes.get('') ?? null} @change=${(/** @type {CustomEvent} */ event) => change(null, event.detail)}></lc-json>
      ${own.map((one) => {
        const id = /** @type {number} */ (one.evaluator);
        return html`<div class="new-run-message">
          <lc-json hook="message-one" label=${words.forOne(plain(nameOf(id)))} .text=${one.text} .mistake=${mistakes.get(nameOf(id)) ?? mistakes.get(String(id)) ?? null} @change=${(/** @type {CustomEvent} */ event) => change(id, event.detail)}></lc-json>
          <button type="button" class="link" @click=${() => desk.body && desk.change({ messages: desk.body.messages.filter((other) => other.evaluator !== id) })}>${words.takeAway}</button>
        </div>`;
      })}
      ${body.evaluators.length === 0
        ? html`<p class="sub">${words.chooseFirst}</p>`
        : others.length > 0
          ? html`<lc-choice single says=${`+ ${words.addMessage}`} label=${words.addMessage} .options=${others.slice(0, 500).map((id) => ({ value: String(id), label: nameOf(id) }))} .chosen=${[]} @change=${(/** @type {CustomEvent} */ event) => change(Number(event.detail[0]), '')}></lc-choice>`
          : nothing}
      <button slot="actions" type="button" class="btn go" data-test="messages-done" @click=${() => this.#closed()}>${words.done}</button>
    </lc-dialog>`;
  }

  #closed() {
    // A field left empty is no message.
    if (desk.body?.messages.some((one) => one.text.trim() === '')) desk.change({ messages: desk.body.messages.filter((one) => one.text.trim() !== '') });
    this.dispatchEvent(new CustomEvent('close'));
  }
}
define('lc-messages', MessagesElement);
