/**
 * The sound of a call: two lanes, the agent above and the caller below. The recording is fetched
 * when it is first played; Rust does that, and the page gets bytes.
 *
 * Events: `position` (detail: seconds, a few times a second while it plays), `playing` (detail: boolean).
 */
import { html, nothing } from 'lit/html.js';
import { recording } from '../../data/calls.js';
import '../../parts/banner.js';
import { LightElement, define, valueOf } from '../../parts/light.js';
import { trouble } from '../../parts/states.js';
import { Task } from '../../parts/task.js';
import { speeds, words } from '../../words/call.js';
import { moment } from '../../words/format.js';
import { draw, lanesOf, silences, skipTo, soundKind } from './wave.js';

/** Longer files are played, but not decoded as a whole for their lanes: that takes ten bytes a sample. */
const DECODE_MOST = 60_000_000;

/**
 * An address to play a recording from. WebKitGTK (2.50) reads a blob through a ring of 2 MiB, and what fills the
 * ring may pass what reads it: of a longer recording the beginning is then not found, or heard wrong. What
 * stands in the address itself is read from memory; Rust gives no more than such an address may hold. Elsewhere
 * a blob is sound, and takes less room.
 * @param {Blob} sound @returns {string | Promise<string>}
 */
const addressOf = (sound) =>
  /Linux/.test(navigator.platform)
    ? new Promise((resolve) => {
        const reader = new FileReader();
        // Where it cannot be read this is null, which is no address, and so an error of the sound.
        reader.onloadend = () => resolve(/** @type {string} */ (reader.result));
        reader.readAsDataURL(sound);
      })
    : URL.createObjectURL(sound);

/** Its length is known, or it cannot be played. @param {HTMLAudioElement} audio */
const begun = (audio) =>
  new Promise((resolve) => {
    for (const name of ['loadedmetadata', 'error']) audio.addEventListener(name, resolve, { once: true });
  });

/** Kept from call to call. */
const kept = { speed: 1, skip: false };

export class PlayerElement extends LightElement {
  static properties = {
    call: { type: Number },
    seconds: { type: Number },
    waveform: {},
    callerChannel: {},
    available: { type: Boolean },
    ended: { type: Boolean },
    known: { type: Boolean },
    playing: {},
    at: {},
    total: {},
    lanes: {},
    speed: {},
    skip: {},
    state: {},
  };

  #work = new Task(this);
  #url = '';
  #frame = 0;
  #told = -1;
  /** @type {Array<[number, number]>} */
  #quiet = [];
  #turn = 0;
  /** @type {ResizeObserver | null} */
  #sizes = null;
  #redraw = () => this.#paint();
  #scheme = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    super();
    this.call = 0;
    /** Length as the server has it. @type {number | null} */
    this.seconds = null;
    /** @type {import('../../host/types').WaveformView | null} */
    this.waveform = null;
    /** @type {number | null} */
    this.callerChannel = null;
    /** A recording is said to exist. */
    this.available = false;
    /** The call has ended. */
    this.ended = true;
    /** The call was read in full: without a recording now, it has none. */
    this.known = true;
    this.playing = false;
    /** Seconds. */
    this.at = 0;
    /** Seconds of the file, once it is known. @type {number | null} */
    this.total = null;
    /** From the file, where the server gives none. @type {import('./wave.js').Lanes | null} */
    this.lanes = null;
    this.speed = kept.speed;
    this.skip = kept.skip;
    /** @type {'none' | 'ready' | 'gone' | 'unplayable'} */
    this.state = 'none';
    /** @type {HTMLAudioElement | null} */
    this.audio = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#sizes = new ResizeObserver(this.#redraw);
    this.#sizes.observe(this);
    this.#scheme.addEventListener('change', this.#redraw);
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#scheme.removeEventListener('change', this.#redraw);
    this.#leave();
  }

  /** Lets go of the recording. */
  #leave() {
    this.#turn += 1;
    cancelAnimationFrame(this.#frame);
    if (this.audio) {
      this.audio.pause();
      this.audio.removeAttribute('src');
      this.audio.load();
    }
    this.audio = null;
    URL.revokeObjectURL(this.#url);
    this.#url = '';
    this.playing = false;
    this.at = 0;
    this.total = null;
    this.lanes = null;
    this.state = 'none';
    // What is still on its way belongs to the call that was left.
    this.#work = new Task(this);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('call') && changed.get('call') !== undefined) this.#leave();
    if (changed.has('waveform') || changed.has('lanes') || changed.has('total') || changed.has('seconds') || changed.has('call')) {
      this.#quiet = this.#shown ? silences(this.#shown, this.#length) : [];
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (['waveform', 'lanes', 'at', 'total', 'call', 'seconds'].some((name) => changed.has(name))) this.#paint();
  }

  get #length() {
    return this.total ?? this.seconds ?? 0;
  }
  /** @returns {import('./wave.js').Lanes | null} */
  get #shown() {
    const given = this.waveform;
    return given && (given.agent.length > 0 || given.caller.length > 0) ? given : this.lanes;
  }

  #paint() {
    const canvas = this.querySelector('canvas');
    const lanes = this.#shown;
    if (!canvas || !lanes) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0) return;
    const scale = Math.min(3, devicePixelRatio || 1);
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }
    const on = canvas.getContext('2d');
    if (!on) return;
    on.setTransform(scale, 0, 0, scale, 0, 0);
    const style = getComputedStyle(this);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    draw(on, lanes, { width, height, share: this.#length > 0 ? this.at / this.#length : 0, played: colour('--accent'), rest: colour('--wave-rest'), now: colour('--fail-bar') });
  }

  /** Gets the recording, once. @returns {Promise<boolean>} */
  async #obtain() {
    if (this.audio) return true;
    const turn = this.#turn;
    const work = this.#work;
    const done = await work.run(async () => {
      const bytes = await recording(this.call);
      if (turn !== this.#turn) return;
      if (!(bytes instanceof ArrayBuffer) || bytes.byteLength === 0) {
        this.state = 'gone';
        return;
      }
      const url = await addressOf(new Blob([bytes], { type: soundKind(bytes) }));
      if (turn !== this.#turn) return;
      this.#url = url;
      const audio = new Audio();
      audio.preload = 'auto';
      audio.addEventListener('loadedmetadata', () => {
        if (audio === this.audio && Number.isFinite(audio.duration) && audio.duration > 0) this.total = audio.duration;
      });
      audio.addEventListener('ended', () => audio === this.audio && this.#stopped());
      audio.addEventListener('pause', () => audio === this.audio && this.#stopped());
      audio.addEventListener('error', () => {
        if (audio !== this.audio) return;
        this.state = 'unplayable';
        this.#stopped();
      });
      audio.src = this.#url;
      this.audio = audio;
      this.state = 'ready';
      if (!this.#shown && bytes.byteLength <= DECODE_MOST) void this.#decode(bytes, turn);
      // A large one takes a few seconds; until then it is on its way.
      await begun(audio);
    });
    if (!done && turn === this.#turn) {
      const code = work.error?.code;
      if (code === 'recording_gone' || code === 'not_recorded') this.state = 'gone';
      if (code === 'too_big') {
        this.state = 'unplayable';
        work.clear();
      }
    }
    return turn === this.#turn && this.audio !== null;
  }

  /** Lanes from the file. Without them it still plays. @param {ArrayBuffer} bytes @param {number} turn */
  async #decode(bytes, turn) {
    try {
      // The rate is of no matter for lanes; a low one takes less room.
      const context = new OfflineAudioContext(2, 1, 8000);
      const sound = await context.decodeAudioData(bytes.slice(0));
      if (turn === this.#turn) this.lanes = lanesOf(sound, this.callerChannel);
    } catch {
      // A form this window cannot take apart.
    }
  }

  /** There is a recording, and it was not found to be gone or in a form that cannot be played. */
  get canPlay() {
    return this.available && this.state !== 'gone' && this.state !== 'unplayable';
  }

  async toggle() {
    if (this.playing) {
      this.audio?.pause();
      return;
    }
    if (!this.available || this.#work.busy) return;
    const from = this.at;
    if (!(await this.#obtain()) || !this.audio) return;
    const { audio } = this;
    audio.playbackRate = this.speed;
    if (from > 0 && Math.abs(audio.currentTime - from) > 0.3) await this.#place(from);
    if (this.#length > 0 && this.at >= this.#length - 0.05) await this.#place(0);
    try {
      await audio.play();
    } catch (thrown) {
      if (audio === this.audio && thrown instanceof DOMException && thrown.name === 'NotSupportedError') this.state = 'unplayable';
      return;
    }
    if (audio !== this.audio) return;
    this.playing = true;
    this.#tell('playing', true);
    this.#run();
  }

  #stopped() {
    cancelAnimationFrame(this.#frame);
    if (this.audio) this.at = this.audio.currentTime;
    if (!this.playing) return;
    this.playing = false;
    this.#tell('playing', false);
  }

  #run() {
    cancelAnimationFrame(this.#frame);
    const step = () => {
      const { audio } = this;
      if (!audio || !this.playing) return;
      const to = this.skip ? skipTo(this.#quiet, audio.currentTime) : null;
      if (to !== null && to < this.#length - 0.1) audio.currentTime = to;
      this.at = audio.currentTime;
      const now = Math.floor(this.at * 4);
      if (now !== this.#told) {
        this.#told = now;
        this.#tell('position', this.at);
      }
      this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  /** Puts the sound at a place once it can be put there. @param {number} seconds */
  async #place(seconds) {
    const { audio } = this;
    this.at = seconds;
    if (!audio) return;
    if (audio.readyState === 0) await begun(audio);
    if (audio === this.audio) audio.currentTime = seconds;
  }

  /** @param {number} seconds */
  async seek(seconds) {
    if (!this.available) return;
    const to = Math.max(0, this.#length > 0 ? Math.min(seconds, this.#length) : seconds);
    await this.#place(to);
    this.#tell('position', to);
  }

  /** @param {string} name @param {unknown} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    if (box.width > 0) void this.seek(((event.clientX - box.left) / box.width) * this.#length);
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const steps = /** @type {Record<string, number>} */ ({ ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 30, PageDown: -30, Home: -Infinity, End: Infinity });
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      void this.toggle();
      return;
    }
    if (!Object.hasOwn(steps, event.key)) return;
    event.preventDefault();
    void this.seek(this.at + steps[event.key] === Infinity ? this.#length : Math.max(0, this.at + steps[event.key]));
  }

  /** @param {number} speed */
  #setSpeed(speed) {
    this.speed = kept.speed = speed;
    if (this.audio) this.audio.playbackRate = speed;
  }

  render() {
    if (!this.available && !this.known) return nothing;
    if (!this.available) return html`<p class="call-quiet small" data-test="no-recording">${this.ended ? words.notRecorded : words.noSoundYet}</p>`;
    if (this.state === 'gone') return html`<p class="call-quiet small" role="status" data-test="recording-gone">${this.#work.error?.code === 'not_recorded' ? words.notRecorded : words.gone}</p>`;
    const lanes = this.#shown;
    const at = moment(this.at);
    const of = moment(this.#length);
    return html`<div class="player" data-test="player" data-playing=${this.playing}>
      ${this.state === 'unplayable' ? html`<p class="call-quiet small" role="status">${words.unplayable}</p>` : nothing}
      ${trouble(this.#work.error, { retry: () => this.toggle() })}
      <div class="wave ${lanes ? '' : 'is-flat'}" role="slider" tabindex="0" aria-label=${words.position} aria-valuemin="0" aria-valuemax=${Math.round(this.#length)} aria-valuenow=${Math.round(this.at)} aria-valuetext=${`${at} of ${of}`}
        @click=${(/** @type {MouseEvent} */ event) => this.#pressed(event)} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#keyed(event)}>
        ${lanes ? html`<canvas></canvas>${lanes.caller.length > 0 ? html`<span class="lane lane-agent" aria-hidden="true">${words.agent}</span><span class="lane lane-caller" aria-hidden="true">${words.caller}</span>` : nothing}` : html`<progress max=${this.#length || 1} .value=${this.at} aria-hidden="true"></progress>`}
      </div>
      <div class="player-line">
        <button type="button" class="btn quiet icon" data-test="play" aria-disabled=${this.#work.busy ? 'true' : nothing} aria-label=${this.playing ? words.pause : words.play} title=${this.playing ? words.pause : words.play} @click=${() => void this.toggle()}>${this.#work.busy
          ? html`<span class="spinner" aria-hidden="true"></span>`
          : html`<svg width="12" height="12" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true"><path d=${this.playing ? 'M2 1h3v10H2zM7 1h3v10H7z' : 'M2 1l9 5-9 5z'}></path></svg>`}</button>
        <span class="small" data-test="position">${this.#work.busy ? words.fetching : html`${at} / ${of}`}</span>
        <select class="speed" aria-label=${words.speed} @change=${(/** @type {Event} */ event) => this.#setSpeed(Number(valueOf(event)))}>${speeds.map((speed) => html`<option value=${speed} ?selected=${speed === this.speed}>${speed}×</option>`)}</select>
        ${lanes ? html`<label class="player-skip"><input type="checkbox" .checked=${this.skip} @change=${(/** @type {Event} */ event) => (this.skip = kept.skip = /** @type {HTMLInputElement} */ (event.target).checked)}> ${words.skip}</label>` : nothing}
      </div>
    </div>`;
  }
}
define('lc-player', PlayerElement);
