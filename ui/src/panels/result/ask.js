/** Asks the API about the failures of a result. The answer is the API's, and is labelled so. */
import { html, nothing } from 'lit/html.js';
import { isPractice } from '../../data/app.js';
import { askAboutFailures, leaveFailures } from '../../data/results.js';
import { announce } from '../../parts/announce.js';
import '../../parts/banner.js';
import '../../parts/dialog.js';
import { LightElement, define, valueOf } from '../../parts/light.js';
import { trouble } from '../../parts/states.js';
import { Task } from '../../parts/task.js';
import '../../parts/text.js';
import { common } from '../../words/common.js';
import { askWords } from '../../words/result.js';

/** An answer longer than this is cut; nobody reads it, and the page must stay quick. */
const MOST = 200_000;

export class AskElement extends LightElement {
  static properties = { result: { type: Number }, open: { type: Boolean }, question: {}, answer: {}, wait: {}, stopped: {} };

  #clock = 0;
  #turn = 0;
  /** The result that was asked about. */
  #of = 0;
  #work = new Task(this);

  constructor() {
    super();
    this.result = 0;
    this.open = false;
    this.question = askWords.question;
    /** @type {string | null} */
    this.answer = null;
    /** Seconds until it may be asked again. */
    this.wait = 0;
    /** A person ended the answer. */
    this.stopped = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#clock);
    this.#leave();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('result') && changed.get('result') !== undefined) {
      this.#leave();
      this.answer = null;
    }
  }

  /** Ends the question under way: nobody hears its answer. */
  #leave() {
    this.#turn += 1;
    this.stopped = this.#work.busy;
    if (this.stopped) void leaveFailures(this.#of);
    this.#work = new Task(this);
  }

  async #send() {
    const question = this.question.trim();
    if (!question || this.wait > 0) return;
    const turn = ++this.#turn;
    this.answer = '';
    this.stopped = false;
    this.#of = this.result;
    const work = this.#work;
    const done = await work.run(() =>
      askAboutFailures(this.result, question, (piece) => {
        // A later question, or another result, has taken its place.
        if (turn === this.#turn && typeof piece === 'string' && (this.answer ?? '').length < MOST) this.answer = (this.answer ?? '') + piece;
      }),
    );
    if (turn !== this.#turn) return;
    if (done) announce(askWords.done);
    else if (this.answer === '') this.answer = null;
    // It may still come; but nobody waits for it any more.
    if (work.error?.code === 'no_answer') void leaveFailures(this.#of);
    if (work.error?.code === 'throttled') this.#countDown(work.error.number ?? 30);
  }

  /** @param {number} seconds */
  #countDown(seconds) {
    this.wait = Math.max(1, Math.ceil(seconds));
    clearInterval(this.#clock);
    this.#clock = window.setInterval(() => {
      this.wait -= 1;
      if (this.wait <= 0) {
        clearInterval(this.#clock);
        this.#work.clear();
      }
    }, 1000);
  }

  render() {
    const { busy, error } = this.#work;
    const practice = isPractice();
    return html`<lc-dialog wide heading=${askWords.heading} cancel=${common.close} ?open=${this.open} @close=${() => this.dispatchEvent(new CustomEvent('close'))}>
      <label for="ask-question">${askWords.label}</label>
      <textarea id="ask-question" rows="2" maxlength="2000" data-test="ask-question" .value=${this.question} @input=${(/** @type {Event} */ event) => (this.question = valueOf(event))}></textarea>
      <p class="small" data-test="ask-cost">${askWords.cost(practice)}</p>
      ${trouble(error)}
      ${this.answer !== null
        ? html`<section class="result-answer" aria-busy=${busy} data-test="ask-answer">
            <h3>${askWords.answer(practice)}</h3>
            ${this.answer ? html`<lc-text lines .text=${this.answer} .most=${MOST}></lc-text>` : html`<p class="sub">${busy ? html`<span class="spinner" aria-hidden="true"></span> ${askWords.thinking}` : this.stopped ? nothing : askWords.nothing}</p>`}
            ${this.stopped ? html`<p class="sub" data-test="ask-stopped">${askWords.stopped}</p>` : nothing}
            <p class="small">${askWords.note(practice)}</p>
          </section>`
        : nothing}
      ${busy ? html`<button slot="actions" type="button" class="btn" data-test="ask-stop" @click=${() => this.#leave()}>${askWords.stop}</button>` : nothing}
      <button slot="actions" type="button" class="btn go" data-test="ask-send" ?disabled=${busy || this.wait > 0 || this.question.trim() === ''} @click=${() => void this.#send()}>${busy ? askWords.sending : this.wait > 0 ? askWords.wait(this.wait) : askWords.send(practice)}</button>
    </lc-dialog>`;
  }
}
define('lc-ask', AskElement);
