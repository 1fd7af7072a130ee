/** What a person adds to a call: a note, kept by itself, and a verdict of their own. */
import { html, nothing } from 'lit';
import { saveNote } from '../../data/calls.js';
import '../../parts/banner.js';
import { LightElement, define } from '../../parts/light.js';
import '../../parts/menu.js';
import { Task } from '../../parts/task.js';
import { words } from '../../words/call.js';

/** Milliseconds after the last key before a note is kept. */
const TYPING = 700;

export class HumanElement extends LightElement {
  static properties = { call: { type: Number }, note: {}, human: { attribute: false }, ended: { type: Boolean }, busy: { type: Boolean }, text: { state: true }, state: { state: true } };

  #timer = 0;
  #work = new Task(this);

  constructor() {
    super();
    this.call = 0;
    /** As it is kept. @type {string | null} */
    this.note = null;
    /** @type {import('../../host/types').HumanView} */
    this.human = { review: null, votes: {}, sent: true };
    this.ended = true;
    /** A verdict is being kept. */
    this.busy = false;
    this.text = '';
    /** @type {'' | 'typing' | 'saving' | 'saved'} */
    this.state = '';
    /** The call the text belongs to; it may be left before the text is kept. */
    this.of = 0;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    void this.#flush();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (this.call !== this.of) {
      void this.#flush();
      this.of = this.call;
      this.text = this.note ?? '';
      this.state = '';
      this.#work.error = null;
    } else if (changed.has('note') && this.state !== 'typing' && this.state !== 'saving') {
      this.text = this.note ?? '';
    }
  }

  /** Keeps what has been typed and not yet kept. */
  async #flush() {
    clearTimeout(this.#timer);
    if (this.state !== 'typing') return;
    const { of, text } = this;
    this.state = 'saving';
    const done = await this.#work.run(() => saveNote(of, text));
    // More was typed meanwhile, or another call is open.
    if (of !== this.of) return;
    // The note of the call before was still being kept: this one waits its turn.
    const waits = !done && !this.#work.error;
    if (text !== this.text || waits) {
      this.state = 'typing';
      this.#timer = window.setTimeout(() => void this.#flush(), TYPING);
    } else {
      this.state = done ? 'saved' : 'typing';
    }
  }

  /** @param {string} text */
  #typed(text) {
    this.text = text;
    if (this.state !== 'saving') this.state = 'typing';
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#flush(), TYPING);
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
    void this.#flush();
    this.dispatchEvent(new CustomEvent('note-left', { bubbles: true }));
  }

  render() {
    const { review, sent, votes } = this.human;
    const said = review !== null || Object.keys(votes).length > 0;
    return html`
      ${this.#work.error ? html`<lc-banner class="inline" .error=${this.#work.error} .retry=${() => { this.state = 'typing'; return this.#flush(); }}></lc-banner>` : nothing}
      ${said ? html`<div class="small human-said" role="status" data-test="human-said">${review === null ? nothing : html`<b>${review ? words.reviewedPassed : words.reviewedFailed}</b>`} ${sent ? nothing : html`<span data-test="not-sent">${words.notSent}</span>`}</div>` : nothing}
      <div class="human">
        <div class="human-note">
          <textarea rows="1" maxlength="20000" data-test="note" placeholder=${words.note} aria-label=${words.noteLabel} .value=${this.text}
            @input=${(/** @type {InputEvent} */ event) => this.#typed(/** @type {HTMLTextAreaElement} */ (event.target).value)} @blur=${() => void this.#flush()} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#keyed(event)}></textarea>
          <span class="small human-state" role="status" data-test="note-state">${this.state === 'saved' ? words.noteSaved : this.state === 'saving' ? words.noteSaving : nothing}</span>
        </div>
        ${this.ended ? html`<lc-menu label=${review === null ? words.judge : words.judgeRight} hook="review" ?disabled=${this.busy} .actions=${[
          { word: words.sayPassed, run: () => this.#review(true), disabled: review === true, test: 'review-passed' },
          { word: words.sayFailed, run: () => this.#review(false), disabled: review === false, test: 'review-failed' },
          ...(review === null ? [] : [{ word: words.sayNone, run: () => this.#review(null), test: 'review-none' }]),
        ]}></lc-menu>` : nothing}
      </div>`;
  }
}
define('lc-human', HumanElement);
