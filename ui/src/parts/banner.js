/**
 * Something went wrong, or something happened that a person must hear of.
 *
 *     html`<lc-banner .error=${hostError} .retry=${() => …}></lc-banner>`
 *     html`<lc-banner code="offline" tone="lost" say="…" todo="…" .actions=${[{ word, run }]}></lc-banner>`
 *
 * The element carries data-test="error-banner" and data-code. `hook` gives it another test name.
 */
import { html, nothing } from 'lit/html.js';
import { common } from '../words/common.js';
import { errorWords } from '../words/errors.js';
import { visible } from '../words/text.js';
import { sign } from './glyph.js';
import { LightElement, define } from './light.js';
import './text.js';

/** @typedef {{ word: string, run: () => unknown, test?: string }} BannerAction */
/** @typedef {Parameters<typeof errorWords>[0] & { problems?: ReadonlyArray<import('../host/types').FieldProblem> }} ShownError */

const SIGN = /** @type {const} */ ({ bad: 'stop', lost: 'lost', wait: 'wait', info: 'good' });

export class BannerElement extends LightElement {
  static properties = {
    error: {},
    retry: {},
    actions: {},
    code: { type: String },
    tone: { type: String },
    say: { type: String },
    todo: { type: String },
    detail: { type: String },
    hook: { type: String },
  };

  constructor() {
    super();
    /** @type {ShownError | null} */
    this.error = null;
    /** Adds *Try again*. @type {(() => unknown) | null} */
    this.retry = null;
    /** @type {ReadonlyArray<BannerAction>} */
    this.actions = [];
    this.code = '';
    /** @type {'bad' | 'lost' | 'wait' | 'info'} */
    this.tone = 'bad';
    this.say = '';
    this.todo = '';
    /** @type {string | null} */
    this.detail = null;
    this.hook = 'error-banner';
  }

  /** @param {Map<string, unknown>} _changed */
  willUpdate(_changed) {
    this.dataset.test = this.hook;
    this.dataset.code = this.error?.code ?? this.code;
    // What failed is read out at once; a state that time will mend waits its turn.
    const tone = this.error ? errorWords(this.error).tone : this.tone;
    this.setAttribute('role', tone === 'bad' ? 'alert' : 'status');
  }

  render() {
    const words = this.error ? errorWords(this.error) : { say: this.say, todo: this.todo, tone: this.tone };
    const given = this.error ? (this.error.detail ?? null) : this.detail;
    const detail = given && words.todo.includes(given) ? null : given;
    const problems = this.error?.problems ?? [];
    const actions = this.retry ? [...this.actions, { word: common.again, run: this.retry }] : this.actions;
    return html`<div class="banner banner-${words.tone}">
      ${sign(SIGN[words.tone], { big: true })}
      <div class="banner-text">
        <b>${visible(words.say)}</b>
        ${words.todo ? html`<div class="sub">${visible(words.todo)}</div>` : nothing}
        ${problems.length > 0
          ? html`<ul class="problems">${problems.map((problem) => html`<li><lc-text .text=${problem.message} .most=${400}></lc-text></li>`)}</ul>`
          : nothing}
        ${actions.length > 0
          ? html`<div class="acts">${actions.map(
              (action) => html`<button type="button" class="btn" data-test=${/** @type {BannerAction} */ (action).test ?? nothing} @click=${action.run}>${action.word}</button>`,
            )}</div>`
          : nothing}
        ${detail
          ? html`<details class="more"><summary>${common.details}</summary><lc-text class="mono" lines .text=${detail} .most=${1500}></lc-text></details>`
          : nothing}
      </div>
    </div>`;
  }
}
define('lc-banner', BannerElement);
