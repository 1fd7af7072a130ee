/** A call, opened beside its result: what was expected, what was said, what it sounded like. */
import { html, nothing } from 'lit/html.js';
import { keyed } from 'lit/directives/keyed.js';
import { callOf, listen, refetchCall, review, saveRecording, stopCall, vote } from '../data/calls.js';
import { notes } from '../data/notes.js';
import { Look } from '../data/live.js';
import { openOnDashboard } from '../data/results.js';
import { announce } from '../parts/announce.js';
import { copyText } from '../parts/copy.js';
import { outcomePill } from '../parts/glyph.js';
import { LightElement, define } from '../parts/light.js';
import '../parts/menu.js';
import { question } from '../parts/question.js';
import { empty, loading, lookState, trouble } from '../parts/states.js';
import { Task } from '../parts/task.js';
import { bdi, plain } from '../parts/text.js';
import { callText, lengthWords, timeWords, words } from '../words/call.js';
import { common } from '../words/common.js';
import { words as resultWords } from '../words/result.js';
import { landing } from './call/find.js';
import './call/human.js';
import { expected, facts, metrics, pointers, reason } from './call/judgement.js';
import './call/player.js';
import './call/transcript.js';

/** @typedef {import('../host/types').CallView} CallView */

export class CallPanel extends LightElement {
  static properties = { call: { type: Number }, result: { type: Number }, now: {}, playing: {}, said: {}, stopping: {} };

  #look = new Look(this, () => (this.call && this.result ? callOf(this.result, this.call) : null));
  #work = new Task(this);
  #votes = new Task(this);
  #saidTimer = 0;
  /** @type {{ view: CallView, map: ReturnType<typeof pointers> } | null} */
  #points = null;

  constructor() {
    super();
    /** The API's id of the call. */
    this.call = 0;
    /** The API's id of its result. */
    this.result = 0;
    /** Seconds of the sound, -1 before it was touched. */
    this.now = -1;
    this.playing = false;
    this.said = '';
    /** The question before the call is stopped is open. */
    this.stopping = false;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('call')) return;
    this.now = -1;
    this.playing = false;
    this.said = '';
    this.stopping = false;
    this.#work.error = null;
    this.#votes.error = null;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('call')) return;
    const box = this.querySelector('.call-scroll');
    if (box) box.scrollTop = 0;
  }

  get #player() {
    return /** @type {import('./call/player.js').PlayerElement | null} */ (this.querySelector('lc-player'));
  }
  get #transcript() {
    return /** @type {import('./call/transcript.js').TranscriptElement | null} */ (this.querySelector('lc-transcript'));
  }

  /** Opens the search in the conversation. */
  find() {
    void this.#transcript?.find();
  }
  /** There is sound to play. */
  get canPlay() {
    return this.#player?.canPlay ?? false;
  }
  togglePlay() {
    void this.#player?.toggle();
  }
  /** Puts the focus into the note. */
  write() {
    /** @type {import('./call/human.js').HumanElement | null} */ (this.querySelector('lc-human'))?.write();
  }

  /** Goes to a time that an explanation names, in what was said and in the sound. @param {number} seconds */
  #jump(seconds) {
    const place = landing(this.#look.value?.transcript ?? [], seconds);
    this.now = place.at;
    void this.#player?.seek(place.at);
    void this.#transcript?.jump(place);
  }

  /** @param {string} on @param {boolean | null} up */
  #vote(on, up) {
    const { call, result } = this;
    void this.#votes.run(async () => {
      const { sent } = await vote(call, on, up);
      // What was kept of the call may hold the vote that was taken back.
      if (up === null && sent) await refetchCall(result, call);
      await this.#look.refresh();
    });
  }
  /** @param {boolean | null} passed */
  #review(passed) {
    const { call } = this;
    void this.#votes.run(async () => {
      await review(call, passed);
      await this.#look.refresh();
    });
  }

  /** @param {string} text */
  async #copy(text) {
    this.#say((await copyText(text)) ? resultWords.copied : resultWords.notCopied);
  }

  /** Says something for a moment: it is read out, and stands on top. @param {string} text @param {number} [long] milliseconds */
  #say(text, long = 4000) {
    this.said = text;
    announce(text);
    clearTimeout(this.#saidTimer);
    this.#saidTimer = window.setTimeout(() => (this.said = ''), long);
  }

  #saveSound() {
    const { call } = this;
    return this.#work.run(async () => {
      const path = await saveRecording(call);
      if (!path || call !== this.call) return;
      // A path takes longer to read.
      this.#say(words.savedSound(plain(path)), 20_000);
    });
  }

  /** @param {CallView} view */
  #pointersOf(view) {
    if (this.#points?.view !== view) this.#points = { view, map: pointers(view) };
    return this.#points.map;
  }

  /** @param {string} name @param {unknown} [detail] */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  render() {
    const view = this.#look.value?.row.id === this.call ? this.#look.value : undefined;
    return html`<header class="call-head">
        <div class="call-title"><h2 class="two" tabindex="-1" title=${view ? plain(view.evaluatorName) : nothing}>${view ? bdi(view.evaluatorName, resultWords.gone) : words.loading}</h2>
          <div class="call-buttons">
            <button type="button" class="btn quiet icon" data-test="call-previous" aria-label=${words.previous} title="${words.previous} (k)" @click=${() => this.#tell('call-move', -1)}>↑</button>
            <button type="button" class="btn quiet icon" data-test="call-next" aria-label=${words.next} title="${words.next} (j)" @click=${() => this.#tell('call-move', 1)}>↓</button>
            ${view ? this.#menu(view) : nothing}
            <button type="button" class="btn quiet icon" data-test="call-close" aria-label=${words.close} title="${words.close} (Esc)" @click=${() => this.#tell('call-close')}>×</button>
          </div>
        </div>
        ${view ? html`<div class="call-sub"><div class="sub two">${timeWords(view.row)}${view.row.callerName ? html` · ${bdi(view.row.callerName)}` : nothing}${view.row.profileName ? html` · ${bdi(view.row.profileName)}` : nothing} · ${lengthWords(view.row.seconds)}${view.stopping ? html` · <span role="status" data-test="call-being-stopped">${words.stopping}</span>` : nothing}</div><span data-test="call-outcome" data-outcome=${view.row.outcome}>${outcomePill(view.row.outcome)}</span></div>` : nothing}
      </header>
      ${lookState({ value: view, error: this.#look.error, loading: this.#look.loading, refresh: () => this.#look.refresh() }, { loading: words.loading, ready: (ready) => this.#body(ready) })}`;
  }

  /** @param {CallView} view */
  #menu(view) {
    const going = view.row.outcome === 'in_progress';
    const link = view.dashboard;
    const actions = [
      ...(going ? [
        { word: words.listen, run: () => void this.#work.run(async () => { if (!(await listen(this.result, this.call))) this.#say(resultWords.notHeard); }), test: 'listen', note: words.linkOutside },
        view.stopping
          ? { word: words.stopping, run: () => undefined, test: 'call-stopping', note: words.stoppingNote, disabled: true }
          : { word: words.stop, run: () => (this.stopping = true), test: 'call-stop', danger: true },
      ] : []),
      { word: words.copy, run: () => void this.#copy(callText(view, notes.text(this.call, view.note))), test: 'call-copy' },
      ...(view.recording ? [{ word: words.saveSound, run: () => void this.#saveSound(), test: 'recording-save' }] : []),
      ...(link ? [
        { word: words.open, run: () => void this.#work.run(async () => { if (!(await openOnDashboard(this.result, this.call))) this.#say(resultWords.nowhere); }), test: 'call-open', note: words.linkOutside },
        { word: words.copyLink, run: () => void this.#copy(link), test: 'call-copy-link' },
      ] : []),
    ];
    return html`<lc-menu quiet label=${words.more} hook="call-more" .actions=${actions}></lc-menu>`;
  }

  /** @param {CallView} view */
  #body(view) {
    const going = view.row.outcome === 'in_progress';
    const acts = {
      jump: (/** @type {number} */ seconds) => this.#jump(seconds),
      vote: (/** @type {string} */ on, /** @type {boolean | null} */ up) => this.#vote(on, up),
      busy: this.#votes.busy,
    };
    return html`<div class="call-scroll">
        ${trouble(this.#work.error, { actions: [{ word: common.leave, run: () => this.#work.clear() }] })}
        ${trouble(this.#votes.error, { actions: [{ word: common.leave, run: () => this.#votes.clear() }] })}
        ${this.said ? html`<p class="call-part small" aria-hidden="true">${this.said}</p>` : nothing}
        ${reason(view, acts)}
        ${expected(view, acts)}
        ${keyed(view.row.id, metrics(view, acts))}
        <lc-player class="call-sound" .call=${this.call} .seconds=${view.row.seconds} .waveform=${view.waveform} .callerChannel=${view.callerChannel} .available=${view.recording} .ended=${!going} .known=${view.whole || going}
          @position=${(/** @type {CustomEvent<number>} */ event) => (this.now = event.detail)} @playing=${(/** @type {CustomEvent<boolean>} */ event) => (this.playing = event.detail)}></lc-player>
        ${this.#conversation(view, going)}
        ${facts(view)}
      </div>
      <lc-human class="call-foot" .call=${this.call} .note=${view.note} .human=${view.human} .judged=${view.human.review !== null || !['in_progress', 'stopped', 'never_connected'].includes(view.row.outcome)}
        @review=${(/** @type {CustomEvent<boolean | null>} */ event) => this.#review(event.detail)} @note-left=${() => this.#focusTitle()}></lc-human>${going ? this.#dialog() : nothing}`;
  }

  async #stop() {
    try {
      await stopCall(this.result, this.call);
    } catch (thrown) {
      await this.#look.refresh();
      // Where the server did not hear it the wish stands, and the call says so.
      if (!this.#look.value?.stopping) throw thrown;
      return;
    }
    await this.#look.refresh();
  }

  /** Reads from the server what could not be read before. */
  #readAgain() {
    const { result, call } = this;
    void this.#work.run(() => refetchCall(result, call));
  }

  #focusTitle() {
    this.querySelector('h2')?.focus();
  }

  #dialog() {
    return this.stopping
      ? question({ heading: words.stopTitle, body: html`<p>${words.stopText}</p>`, yes: words.stopYes, danger: true, doing: this.#work, work: () => this.#stop(), close: () => (this.stopping = false) })
      : nothing;
  }

  /** @param {CallView} view @param {boolean} going */
  #conversation(view, going) {
    const { transcript } = view;
    if (transcript && transcript.length > 0) {
      return html`<lc-transcript .call=${this.call} .turns=${transcript} .pointers=${this.#pointersOf(view)} .now=${this.now} .playing=${this.playing} @find-close=${() => this.#focusTitle()} @seek=${(/** @type {CustomEvent<number>} */ event) => { this.now = event.detail; void this.#player?.seek(event.detail); }}></lc-transcript>`;
    }
    if (view.loading) return loading(words.reading, words.readingNote);
    if (!view.whole && !going) {
      // Why it failed comes with the way to try again.
      return view.error
        ? html`<div data-test="not-read"><p class="call-quiet small">${words.notReadText}</p>${trouble(view.error, { retry: () => this.#readAgain() })}</div>`
        : html`<div data-test="not-read">${empty(words.notRead, words.notReadText, html`<button type="button" class="btn" data-test="read-again" @click=${() => this.#readAgain()}>${common.again}</button>`)}</div>`;
    }
    return empty(words.noTranscript, going ? words.noTranscriptYet : words.noTranscriptEver);
  }
}
define('lc-call', CallPanel);
