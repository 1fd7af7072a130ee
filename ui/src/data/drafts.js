/**
 * The draft on *New run*: what is chosen and not yet placed. `draft` is what Rust keeps; `desk` is
 * what a person sees and changes. Every change reaches Rust within a quarter of a second, and at
 * once when the window is left, so that nothing typed is lost.
 */

import { asHostError, call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { hear } from './feed.js';
import { Live } from './live.js';

/** @typedef {import('../host/types').DraftBody} DraftBody */
/** @typedef {import('../host/types').DraftView} DraftView */
/** @typedef {import('../host/types').DraftMade} DraftMade */
/** @typedef {import('../host/types').PlanView} PlanView */
/** @typedef {import('../host/host.js').HostError} HostError */

/** Milliseconds from a change to the save: a pause in typing, not more. */
const SAVE_AFTER = 250;
/** Milliseconds from a change to the sum. */
const CHECK_AFTER = 60;

/** The open draft. @type {Live<DraftView>} */
export const draft = ofWorkspace(new Live({ read: () => call('draft_read', {}), topics: ['drafts'] }));

/**
 * What a desk needs of the other side; tests give their own.
 * @typedef {object} DeskHost
 * @property {(id: string, body: DraftBody) => Promise<unknown>} save
 * @property {(body: DraftBody) => Promise<PlanView>} check
 */

/** Sends `change` when anything of it changed, and `filter` when only what the list is narrowed to did. */
export class Desk extends EventTarget {
  /** @param {Live<DraftView>} live @param {DeskHost} host */
  constructor(live, host) {
    super();
    this.#live = live;
    this.#host = host;
    /** Id of the draft shown; empty while none is there. */
    this.id = '';
    /** What is chosen. @type {DraftBody | null} */
    this.body = null;
    this.proposedName = '';
    /** Sum and checks; of what was chosen a moment ago while `checked` is false. @type {PlanView | null} */
    this.plan = null;
    /** `plan` is about exactly what is chosen. */
    this.checked = false;
    /** Why the last check failed. @type {HostError | null} */
    this.checkError = null;
    /** Why the last save failed; it is tried again with the next change. @type {HostError | null} */
    this.saveError = null;
    /** Evaluators that were left out when the draft was made from a plan or a result. @type {ReadonlyArray<string>} */
    this.gone = [];
    /** The draft is being placed: another one that Rust opens meanwhile waits. */
    this.held = false;
  }

  /** @type {Live<DraftView>} */ #live;
  /** @type {DeskHost} */ #host;
  #dirty = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #saveTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #checkTimer;
  /** @type {Promise<void> | null} */ #saving = null;
  #version = 0;
  #lookers = 0;
  /** @type {Array<() => void>} */ #stop = [];

  /** Looks at the draft until the returned function is called. @param {() => void} changed @returns {() => void} */
  look(changed) {
    this.addEventListener('change', changed);
    if (this.#lookers++ === 0) {
      this.#stop = [
        this.#live.look(() => this.#follow()),
        ...(/** @type {const} */ (['catalogue', 'connection', 'settings', 'launches']).map((topic) => hear(topic, () => this.#checkSoon()))),
      ];
      this.#follow();
      this.#checkSoon();
    }
    return () => {
      this.removeEventListener('change', changed);
      if (--this.#lookers > 0) return;
      for (const stop of this.#stop) stop();
      this.#stop = [];
      clearTimeout(this.#checkTimer);
      void this.flush();
    };
  }

  get error() {
    return this.#live.error;
  }
  refresh() {
    return this.#live.refresh();
  }

  /** Takes what Rust keeps when it is another draft. Of the same one, what is here is newer than its echo. */
  #follow() {
    const view = this.#live.value;
    if (view && !this.held && view.id !== this.id) {
      this.#park();
      this.id = view.id;
      this.body = view.body;
      this.plan = null;
      this.checked = false;
      this.gone = [];
      this.#dirty = false;
      this.#version += 1;
      this.#checkSoon();
    }
    if (view && view.id === this.id) this.proposedName = view.proposedName;
    this.#tell();
  }

  /** Another workspace is open: the draft of the old one is kept, and no longer shown. */
  reset() {
    this.#park();
    clearTimeout(this.#checkTimer);
    this.id = '';
    this.body = null;
    this.plan = null;
    this.checked = false;
    this.gone = [];
    this.held = false;
    this.#dirty = false;
    this.#version += 1;
    this.#tell();
  }

  /** Changes what is chosen. @param {Partial<DraftBody>} patch */
  change(patch) {
    if (!this.body || this.held) return;
    this.body = { ...this.body, ...patch };
    this.#dirty = true;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.flush(), SAVE_AFTER);
    // What the list is narrowed to changes nothing of the plan.
    if (Object.keys(patch).every((name) => name === 'filter')) {
      this.dispatchEvent(new Event('filter'));
      return;
    }
    this.#version += 1;
    this.checked = false;
    this.#checkSoon();
    this.#tell();
  }

  /** Saves now what is not saved yet. Never rejects; `saveError` says when it failed. @returns {Promise<void>} */
  flush() {
    clearTimeout(this.#saveTimer);
    // A save is under way: what came since goes right after it.
    if (this.#saving) return this.#saving.then(() => (this.#dirty && !this.saveError ? this.flush() : undefined));
    if (!this.#dirty || !this.body) return Promise.resolve();
    const { id, body } = this;
    this.#dirty = false;
    this.#saving = this.#host
      .save(id, body)
      .then(
        () => {
          if (!this.saveError) return;
          this.saveError = null;
          this.#tell();
        },
        (thrown) => {
          const error = asHostError(thrown);
          // It was placed meanwhile: there is nothing left to keep, and another draft is open.
          if (error.code === 'draft_spent') void this.#live.refresh();
          else {
            this.saveError = error;
            if (this.id === id) this.#dirty = true;
            this.#tell();
          }
        },
      )
      .finally(() => {
        this.#saving = null;
      });
    return this.#saving;
  }

  /** Saves what is not saved yet under its own id, because another draft takes its place. */
  #park() {
    clearTimeout(this.#saveTimer);
    if (!this.#dirty || !this.body) return;
    const { id, body } = this;
    this.#dirty = false;
    void (this.#saving ?? Promise.resolve())
      .then(() => this.#host.save(id, body))
      .catch((thrown) => {
        const error = asHostError(thrown);
        if (error.code === 'draft_spent') return;
        this.saveError = error;
        this.#tell();
      });
  }

  #checkSoon() {
    if (this.#lookers === 0) return;
    clearTimeout(this.#checkTimer);
    this.#checkTimer = setTimeout(() => void this.check(), CHECK_AFTER);
  }

  /** The sum and the checks of what is chosen now; null when they cannot be had. @returns {Promise<PlanView | null>} */
  async check() {
    clearTimeout(this.#checkTimer);
    const version = this.#version;
    if (!this.body || this.held) return null;
    try {
      const plan = await this.#host.check(this.body);
      // An answer about what was chosen before is of no use.
      if (version !== this.#version) return null;
      this.plan = plan;
      this.checked = true;
      this.checkError = null;
    } catch (thrown) {
      if (version !== this.#version) return null;
      this.checkError = asHostError(thrown);
    }
    this.#tell();
    return this.checkError ? null : this.plan;
  }

  /** The draft is being placed: it stays on the screen, untouched, until {@link release}. */
  hold() {
    this.held = true;
    this.#tell();
  }

  /** What became of it is known: shows the draft that is open now. */
  async release() {
    this.held = false;
    await this.#live.refresh();
    this.#follow();
    this.#checkSoon();
  }

  /** Shows a draft that another command made, and remembers what it had to leave out. @param {DraftMade} made */
  adopt(made) {
    this.held = false;
    this.#live.set(made.draft);
    this.#follow();
    this.gone = made.gone;
    this.#tell();
  }

  forgetGone() {
    this.gone = [];
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}

export const desk = ofWorkspace(
  new Desk(draft, { save: (id, body) => call('draft_save', { id, body }), check: (body) => call('plan_check', { body }) }),
);

/** A Lit controller: its element is drawn again when the desk changes. */
export class DeskLook {
  /** @param {import('lit').ReactiveControllerHost} host @param {{ filter?: boolean }} [options] `filter`: also at every key in the search */
  constructor(host, { filter = false } = {}) {
    this.#host = host;
    this.#filter = filter;
    host.addController(this);
  }
  #host;
  #filter;
  /** @type {(() => void) | null} */ #stop = null;
  #draw = () => this.#host.requestUpdate();

  hostConnected() {
    this.#stop = desk.look(this.#draw);
    if (this.#filter) desk.addEventListener('filter', this.#draw);
  }
  hostDisconnected() {
    desk.removeEventListener('filter', this.#draw);
    this.#stop?.();
    this.#stop = null;
  }
}

// The window may go without a word; the save is on its way before it does.
globalThis.addEventListener?.('pagehide', () => void desk.flush());
globalThis.document?.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && void desk.flush());

/** How a fresh draft begins; a test holds it against Rust's. */
export const fresh = { times: '1', atOnce: '3', mocks: 'all' };

/** Nothing is chosen or typed in it yet, but for the agent. @param {DraftBody | null | undefined} body */
export const isUntouched = (body) =>
  !body ||
  (body.times === fresh.times && body.atOnce === fresh.atOnce && body.mocks.kind === fresh.mocks && body.evaluators.length === 0 && body.name === '' && body.callers.length === 0 && body.profiles.length === 0 &&
    body.messages.every((one) => one.text === '') && body.pipecat.agentName === '' && body.pipecat.config === '' && body.pipecat.roomProperties === '');

/** What is chosen in the open draft, with everything typed so far. @returns {Promise<DraftBody>} */
export async function openDraft() {
  await desk.flush();
  return (await call('draft_read', {})).body;
}

/** What a plan is made of, as one text to compare; what the list is narrowed to is no part of it. @param {DraftBody} body */
export const choicesOf = (body) => JSON.stringify({ ...body, filter: null });

/** A draft that another command made is the open one now. @param {DraftMade} made */
export function opened(made) {
  desk.adopt(made);
  return made;
}

/** Starts over with an empty draft. */
export async function clearDraft() {
  await desk.flush();
  desk.adopt({ draft: await call('draft_clear', {}), gone: [] });
}

/** The exact request, for review. @param {DraftBody} body */
export const reviewPlan = (body) => call('plan_review', { body });
