/** What a person adds to a call: a note, kept by itself, and a verdict of their own. */
import { html, nothing } from 'lit/html.js';
import { notes } from '../../data/notes.js';
import { LightElement, define, valueOf } from '../../parts/light.js';
import '../../parts/menu.js';
import { words } from '../../words/call.js';

export class HumanElement extends LightElement {
  static properties = { call: { type: Number }, note: { type: String }, human: {}, judged: { type: Boolean } };

  /** The call whose note is shown. */
  #of = 0;
  #draw = () => this.requestUpdate();

  constructor() {
    super();
    this.call = 0;
    /** As it is kept. @type {string | null} */
    this.note = null;
    /** @type {import('../../host/types').HumanView} */
    this.human = { review: null, votes: {}, sent: true };
    /** A person's verdict would change something. */
    this.judged = true;
  }

  connectedCallback() {
    super.connectedCallback();
    notes.addEventListener('change', this.#draw);
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    notes.removeEventListener('change', this.#draw);
    void notes.leave(this.call);
  }

  willUpdate() {
    if (this.call === this.#of) return;
    void notes.leave(this.#of);
    this.#of = this.call;
  }

  write() {
    const field = this.querySelector('textarea');
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  /** @param {boolean | null} passed */
  #review(passed) {
    this.dispatchEvent(new CustomEvent('review', { detail: passed }));
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    /** @type {HTMLElement} */ (event.target).blur();
    this.dispatchEvent(new CustomEvent('note-left', { bubbles: true }));
  }

  render() {
    const { review, sent, votes } = this.human;
    const { call } = this;
    const text = notes.text(call, this.note);
    const state = notes.state(call);
    const said = review !== null || Object.keys(votes).length > 0;
    return html`
      ${said || !sent ? html`<div class="small human-said" role="status" data-test="human-said">${review === null ? nothing : html`<b>${review ? words.reviewedPassed : words.reviewedFailed}</b>`} ${sent ? nothing : html`<span data-test="not-sent">${words.notSent}</span>`}</div>` : nothing}
      <div class="human">
        <div class="human-note">
          <textarea rows="1" maxlength="10000" data-test="note" placeholder=${words.note} aria-label=${words.noteLabel} .value=${text}
            @input=${(/** @type {Event} */ event) => notes.type(call, valueOf(event))} @blur=${() => void notes.flush(call)} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#keyed(event)}></textarea>
          <span class="small human-state" role="status" data-test="note-state">${{ saved: words.noteSaved, saving: words.noteSaving, failed: words.noteFailed }[/** @type {string} */ (state)] ?? nothing}</span>
        </div>
        ${this.judged ? html`<lc-menu label=${review === null ? words.judge : words.judgeRight} hook="review" .actions=${[
          { word: words.sayPassed, run: () => this.#review(true), disabled: review === true, test: 'review-passed' },
          { word: words.sayFailed, run: () => this.#review(false), disabled: review === false, test: 'review-failed' },
          ...(review === null ? [] : [{ word: words.sayNone, run: () => this.#review(null), test: 'review-none' }]),
        ]}></lc-menu>` : nothing}
      </div>`;
  }
}
define('lc-human', HumanElement);
