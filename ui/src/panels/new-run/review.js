/** The exact request, before it is sent, and as a command with the key left out. */
import { html, nothing } from 'lit/html.js';
import { desk, reviewPlan } from '../../data/drafts.js';
import { announce } from '../../parts/announce.js';
import '../../parts/banner.js';
import '../../parts/dialog.js';
import { LightElement, define } from '../../parts/light.js';
import { loading, trouble } from '../../parts/states.js';
import { Task } from '../../parts/task.js';
import '../../parts/text.js';
import { bdi } from '../../parts/text.js';
import { common } from '../../words/common.js';
import { review as words } from '../../words/new-run.js';

export class ReviewElement extends LightElement {
  static properties = { said: {} };

  #reading = new Task(this);

  constructor() {
    super();
    /** @type {import('../../host/types').PlanReview | null} */
    this.request = null;
    this.said = '';
  }

  firstUpdated() {
    void this.#read();
  }

  #read() {
    return this.#reading.run(async () => {
      if (desk.body) this.request = await reviewPlan(desk.body);
    });
  }

  /** @param {string} text */
  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.said = words.copied;
    } catch {
      // No right to the clipboard: the text stands there, ready to be taken by hand.
      this.said = words.notCopied;
      const field = this.querySelector('textarea');
      const more = this.querySelector('details');
      if (more) more.open = true;
      field?.focus();
      field?.select();
    }
    announce(this.said);
  }

  render() {
    const { request } = this;
    return html`<lc-dialog open wide data-test="review" .heading=${words.title} .cancel=${common.close} @close=${(/** @type {Event} */ event) => { event.stopPropagation(); this.dispatchEvent(new CustomEvent('close')); }}>
      <p>${words.text}</p>
      ${trouble(this.#reading.error, { retry: () => this.#read() })}
      ${request
        ? html`<p class="mono new-run-address" data-test="review-address">${bdi(request.address)}</p>
            <h3>${words.body}</h3><div class="new-run-code" tabindex="0" role="region" aria-label=${words.body}><lc-text class="mono" data-test="review-body" lines .text=${request.body} .most=${20_000}></lc-text></div>
            <details><summary>${words.curl}</summary><textarea class="mono new-run-curl" readonly rows="8" data-test="review-curl" aria-label=${words.curl} .value=${request.curl}></textarea></details>`
        : this.#reading.busy ? loading(words.loading) : nothing}
      ${this.said ? html`<span slot="actions" class="sub new-run-said">${this.said}</span>` : nothing}
      ${request ? html`<button slot="actions" type="button" class="btn" data-test="review-copy" @click=${() => this.#copy(request.curl)}>${words.copy}</button>` : nothing}
    </lc-dialog>`;
  }
}
define('lc-review', ReviewElement);
