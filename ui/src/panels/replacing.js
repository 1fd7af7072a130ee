/**
 * Asks before another draft takes the place of one in which something is chosen.
 *
 *     #replacing = new Replacing(this);
 *     this.#replacing.ask(() => this.#work.run(…), isTheSame)   runs at once where nothing is lost
 *     html`… ${this.#replacing.dialog()}`
 */
import { html, nothing } from 'lit/html.js';
import { openDraft, isUntouched } from '../data/drafts.js';
import '../parts/dialog.js';
import { plans as words } from '../words/plans.js';

/** Whether opening another draft would replace something that stands nowhere else.
 * @param {(body: import('../host/types').DraftBody) => boolean} [kept] whether these choices are kept elsewhere */
export async function wouldReplace(kept = () => false) {
  const body = await openDraft().catch(() => null);
  return body !== null && !isUntouched(body) && !kept(body);
}

export class Replacing {
  /** @param {import('lit').ReactiveControllerHost} host */
  constructor(host) {
    this.#host = host;
  }
  #host;
  /** @type {(() => unknown) | null} */ #asked = null;

  /** @param {() => unknown} work what puts another draft in place @param {Parameters<typeof wouldReplace>[0]} [kept] */
  async ask(work, kept) {
    if (!(await wouldReplace(kept))) return work();
    this.#asked = work;
    this.#host.requestUpdate();
    return undefined;
  }

  dialog() {
    const work = this.#asked;
    if (!work) return nothing;
    const close = () => {
      this.#asked = null;
      this.#host.requestUpdate();
    };
    return html`<lc-dialog open .heading=${words.replaceTitle} @close=${close}>
      <p>${words.openText}</p>
      <button slot="actions" type="button" class="btn go" data-test="replace-yes" @click=${() => { close(); void work(); }}>${words.replaceYes}</button>
    </lc-dialog>`;
  }
}
