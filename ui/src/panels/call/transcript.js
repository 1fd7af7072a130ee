/**
 * The conversation. Turns are drawn in blocks, and a block when it comes near the window, so that
 * ten thousand turns cost no more than a hundred.
 */
import { html, nothing } from 'lit/html.js';
import { keyed } from 'lit/directives/keyed.js';
import { LightElement, define, valueOf } from '../../parts/light.js';
import '../../parts/text.js';
import { setStyle } from '../../parts/set-style.js';
import { words } from '../../words/call.js';
import { moment } from '../../words/format.js';
import { cut, visible } from '../../words/text.js';
import { laidOut, pattern, pieces, places, pointedAt, turnAt } from './find.js';

/** @typedef {import('../../host/types').TurnView} TurnView */

/** Turns in a block. */
const BLOCK = 40;
/** Blocks that are drawn at most, but for those near the window: what was opened in them stays open until then. */
const DRAWN = 12;
/** Pixels a turn usually takes; blocks that are not drawn hold this much room. */
const TURN = 50;
/** Milliseconds after a scroll by hand during which the sound does not scroll. */
const HANDS_OFF = 4000;
/** Characters of a turn shown before *Show the rest*. */
const MOST = 4000;

/** Laid out once each: a sound that plays draws the turns several times a second. @type {Map<string, string>} */
const laid = new Map();
/** @param {string} value */
function readable(value) {
  let text = laid.get(value);
  if (text === undefined) {
    if (laid.size > 400) laid.clear();
    text = laidOut(value.length > 200_000 ? value.slice(0, 200_000) : value);
    laid.set(value, text);
  }
  return text;
}

export class TranscriptElement extends LightElement {
  static properties = {
    call: { type: Number },
    turns: {},
    pointers: {},
    now: { type: Number },
    playing: { type: Boolean },
    query: {},
    at: {},
    drawn: {},
    focused: {},
    searching: { type: Boolean },
  };

  /** @type {Map<number, boolean>} */
  #marked = new Map();
  /** @type {ReturnType<typeof places>} */
  #found = [];
  #scrolledAt = 0;
  #current = -1;
  /** Blocks near the window. @type {Set<number>} */
  #close = new Set();
  /** The room that a block took when it was drawn. @type {Map<number, number>} */
  #heights = new Map();
  /** The turn that was gone to. */
  #shown = 0;
  /** The turn the sound has scrolled to. */
  #followed = -1;
  /** Where somebody went, and the turn that is there: it is lit even where another begins at the same time. @type {{ turn: number, at: number } | null} */
  #gone = null;
  /** @type {IntersectionObserver | null} */
  #near = null;
  #byHand = () => (this.#scrolledAt = performance.now());

  constructor() {
    super();
    /** The API's id: with another call everything begins anew. */
    this.call = 0;
    /** @type {ReadonlyArray<TurnView>} */
    this.turns = [];
    /** Seconds that explanations point at, to whether they speak against the call. @type {ReadonlyMap<number, boolean>} */
    this.pointers = new Map();
    /** Seconds of the sound, or -1. */
    this.now = -1;
    this.playing = false;
    this.searching = false;
    this.query = '';
    /** The place that is shown of those found. */
    this.at = 0;
    /** Blocks that have been near. @type {ReadonlySet<number>} */
    this.drawn = new Set([0]);
    /** The turn that was jumped to. */
    this.focused = -1;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#near = new IntersectionObserver((seen) => {
      for (const one of seen) {
        const block = Number(/** @type {HTMLElement} */ (one.target).dataset.block);
        if (one.isIntersecting) this.#close.add(block);
        else if (this.#close.delete(block) && this.drawn.has(block)) this.#heights.set(block, one.boundingClientRect.height);
      }
      const all = new Set([...this.drawn, ...this.#close]);
      // Far ones are taken out again and keep their room, unless the focus or what was gone to is in them.
      if (all.size > DRAWN) {
        const focus = document.activeElement?.closest('[data-block]');
        const stays = new Set([...this.#close, Math.floor(this.#shown / BLOCK), focus instanceof HTMLElement && this.contains(focus) ? Number(focus.dataset.block) : -1]);
        for (const block of all) {
          if (stays.has(block)) continue;
          const box = this.querySelector(`[data-block="${block}"]`);
          if (box && this.drawn.has(block)) this.#heights.set(block, box.getBoundingClientRect().height);
          all.delete(block);
        }
      }
      if (all.size !== this.drawn.size || [...all].some((block) => !this.drawn.has(block))) this.drawn = all;
    }, { root: this.closest('.call-scroll'), rootMargin: '900px 0px' });
    for (const name of ['wheel', 'touchmove']) this.addEventListener(name, this.#byHand, { passive: true });
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#near?.disconnect();
    for (const name of ['wheel', 'touchmove']) this.removeEventListener(name, this.#byHand);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('call')) {
      this.query = '';
      this.at = 0;
      this.focused = -1;
      this.#followed = -1;
      this.#gone = null;
      this.drawn = new Set([0]);
      this.#close.clear();
      this.#heights.clear();
      this.#shown = 0;
      // Its blocks are told of again, also those that were near before.
      this.#near?.disconnect();
    }
    if (changed.has('turns') || changed.has('pointers')) {
      this.#marked = new Map();
      for (const [seconds, against] of this.pointers) {
        const turn = pointedAt(this.turns, seconds);
        if (turn >= 0) this.#marked.set(turn, (this.#marked.get(turn) ?? false) || against);
      }
    }
    if (changed.has('turns') || changed.has('query') || changed.has('call')) {
      this.#found = places(this.turns, this.query);
      if (this.at >= this.#found.length) this.at = 0;
    }
    if (changed.has('now') || changed.has('turns') || changed.has('focused')) {
      this.#current = this.now < 0 ? -1 : this.#gone?.at === this.now ? this.#gone.turn : turnAt(this.turns, this.now);
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    for (const block of this.querySelectorAll('[data-block]')) this.#near?.observe(block);
    if (changed.has('now') && this.playing && this.#current !== this.#followed && performance.now() - this.#scrolledAt > HANDS_OFF) {
      this.#followed = this.#current;
      if (this.#current >= 0) void this.#show(this.#current, 'nearest');
    }
  }

  /** Scrolls a turn into view. @param {number} turn @param {'nearest' | 'center'} [where] */
  async #show(turn, where = 'center') {
    const block = Math.floor(turn / BLOCK);
    this.#shown = turn;
    if (!this.drawn.has(block)) this.drawn = new Set([...this.drawn, block]);
    await this.updateComplete;
    const line = this.querySelector(`[data-turn="${turn}"]`);
    line?.scrollIntoView({ block: where });
    return line;
  }

  /** Goes to a turn and puts the focus there. @param {ReturnType<typeof import('./find.js').landing>} place */
  async jump(place) {
    if (place.turn < 0) return;
    this.#gone = place;
    this.focused = place.turn;
    const line = await this.#show(place.turn);
    if (line instanceof HTMLElement) line.focus({ preventScroll: true });
  }

  /** Opens the search field. */
  async find() {
    this.searching = true;
    await this.updateComplete;
    const field = this.querySelector('input');
    field?.focus();
    field?.select();
  }

  /** @param {1 | -1} step */
  #next(step) {
    if (this.#found.length === 0) return;
    this.at = (this.at + step + this.#found.length) % this.#found.length;
    void this.#show(this.#found[this.at].turn);
  }

  /** Lets the sound begin at a turn. @param {number} turn @param {number} at */
  #seek(turn, at) {
    this.#gone = { turn, at };
    this.dispatchEvent(new CustomEvent('seek', { detail: at }));
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#next(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.query = '';
      this.searching = false;
      this.dispatchEvent(new CustomEvent('find-close'));
    }
  }

  /** @param {string} text */
  #typed(text) {
    this.query = text;
    this.at = 0;
    void this.updateComplete.then(() => {
      if (this.#found.length > 0) void this.#show(this.#found[0].turn);
    });
  }

  render() {
    const wanted = pattern(this.query);
    const here = this.#found[this.at];
    const blocks = Math.ceil(this.turns.length / BLOCK);
    return html`
      <div class="call-find">
        <h3>${words.transcript}</h3>
        <input type="search" data-test="transcript-find" placeholder=${words.find} aria-label=${words.find} .value=${this.query}
          @input=${(/** @type {Event} */ event) => this.#typed(valueOf(event))} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#keyed(event)}>
        <span class="small" role="status" data-test="transcript-found">${wanted ? words.found(this.at + 1, this.#found.length) : nothing}</span>
        ${wanted ? html`<button type="button" class="btn quiet icon" aria-label=${words.findPrevious} title=${words.findPrevious} ?disabled=${this.#found.length === 0} @click=${() => this.#next(-1)}>↑</button>
          <button type="button" class="btn quiet icon" aria-label=${words.findNext} title=${words.findNext} ?disabled=${this.#found.length === 0} @click=${() => this.#next(1)}>↓</button>` : nothing}
      </div>
      ${/* What was opened of one call is not open in the next. */ keyed(this.call, html`<div class="turns" role="list" aria-label=${words.transcript}>${Array.from({ length: blocks }, (_, block) => {
        const from = block * BLOCK;
        const shown = this.turns.slice(from, from + BLOCK);
        const drawn = this.drawn.has(block);
        return html`<div class="turn-block" role="presentation" data-block=${block} ${setStyle({ height: drawn ? '' : `${this.#heights.get(block) ?? shown.length * TURN}px` })}>${drawn
          ? shown.map((turn, at) => this.#turn(turn, from + at, wanted, here))
          : nothing}</div>`;
      })}</div>`)}`;
  }

  /** @param {TurnView} turn @param {number} index @param {RegExp | null} wanted @param {{ turn: number, nth: number } | undefined} here */
  #turn(turn, index, wanted, here) {
    const against = this.#marked.get(index);
    const { at } = turn;
    const classes = ['turn', `turn-${turn.speaker}`, against === undefined ? '' : against ? 'is-against' : 'is-pointed', index === this.#current ? 'is-now' : '', index === this.focused ? 'is-focused' : ''].join(' ');
    const place = here?.turn === index ? here.nth : null;
    return html`${turn.silence !== null && turn.silence > 0 ? html`<div class="silence" role="listitem" data-test="silence"><span>${words.silence(turn.silence)}</span></div>` : nothing}
      <div class=${classes} role="listitem" tabindex="-1" data-test="transcript-turn" data-turn=${index} data-speaker=${turn.speaker}>
        ${at === null ? html`<span class="turn-at"></span>` : html`<button type="button" class="turn-at" tabindex="-1" aria-label=${words.toTime(moment(at))} @click=${() => this.#seek(index, at)}>${moment(at)}</button>`}
        <div class="turn-said"><span class="who">${this.#who(turn)}</span>${turn.tool ? this.#tool(turn.tool, turn.text, place === -1) : this.#said(turn.text, wanted, place)}</div>
      </div>`;
  }

  /** @param {TurnView} turn */
  #who(turn) {
    if (turn.tool || turn.speaker === 'tool') return words.tool;
    if (turn.speaker === 'agent') return words.agent;
    return turn.speaker === 'caller' ? words.caller : html`<bdi>${visible(cut(turn.role, 60).text)}</bdi>`;
  }

  /** @param {string} text @param {RegExp | null} wanted @param {number | null} place */
  #said(text, wanted, place) {
    // While something is searched, the whole text is there to be found in.
    if (!wanted) return html`<lc-text lines .text=${text} .most=${MOST}></lc-text>`;
    let nth = -1;
    return html`<bdi class="text-lines" dir="auto">${pieces(text, wanted).map((piece) => {
      if (!piece.hit) return visible(piece.text, true);
      nth += 1;
      return html`<mark class=${nth === place ? 'is-here' : ''}>${visible(piece.text, true)}</mark>`;
    })}</bdi>`;
  }

  /** @param {NonNullable<TurnView['tool']>} tool @param {string} text @param {boolean} open */
  #tool(tool, text, open) {
    const part = (/** @type {string} */ head, /** @type {string | null} */ value) =>
      value === null || value === '' ? nothing : html`<div class="small">${head}</div><lc-text lines class="tool-text" .text=${readable(value)} .most=${3000}></lc-text>`;
    return html`<details class="tool" ?open=${open}>
      <summary><code><bdi>${visible(cut(tool.name, 120).text)}</bdi></code> <span class="pill ${tool.result === null ? 'o-lost' : 'o-pass'}">${tool.result === null ? words.noAnswer : words.answered}</span></summary>
      ${text ? html`<lc-text lines .text=${text} .most=${MOST}></lc-text>` : nothing}${part(words.arguments, tool.arguments)}${part(words.result, tool.result)}
    </details>`;
  }
}
define('lc-transcript', TranscriptElement);
