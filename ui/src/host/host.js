/**
 * The one door to Rust. Nothing else in the page imports `@tauri-apps/api`.
 *
 * `call` promises to settle: a command that does not answer within its deadline is an error here,
 * because a command that panics on the other side may never answer at all. A deadline says nothing
 * about what Rust went on to do; for a launch the journal knows.
 */

import { invoke, transformCallback } from '@tauri-apps/api/core';

/** @typedef {import('./commands').Commands} Commands */
/** @typedef {import('./commands').CommandName} CommandName */
/** @typedef {import('./types').Code} Code */
/** @typedef {import('./types').FieldProblem} FieldProblem */

/** Codes only the page can give: no answer in time, an answer that is not one, a mistake of the page itself.
 * @typedef {'no_answer' | 'not_allowed' | 'page_error'} PageCode */

/** Milliseconds a command may take, unless it is listed below. */
const DEADLINE = 20_000;
/** Commands that wait for a person, a key store (60 s) or the server (120 s for a launch), each with some
 * time beside. Whoever adds a command that asks the server, or opens a file dialog, adds it here. */
const DEADLINES = /** @type {Partial<Record<CommandName, number>>} */ ({
  practice_open: 90_000,
  workspace_open: 90_000,
  workspace_erase: 90_000,
  key_read: 90_000,
  key_retry: 90_000,
  key_forget: 90_000,
  evaluator_read: 90_000,
  call_read: 90_000,
  call_listen: 90_000,
  call_stop: 90_000,
  result_stop: 90_000,
  vote_save: 90_000,
  review_save: 90_000,
  launch_look: 90_000,
  launch_started: 90_000,
  workspace_connect: 180_000,
  key_replace: 180_000,
  data_erase: 180_000,
  call_recording: 180_000,
  launch_place: 180_000,
  // The answer comes in pieces and takes its time.
  failures_ask: 300_000,
  // A file dialog is open for as long as a person looks at it.
  plan_export: 3_600_000,
  plan_import: 3_600_000,
  result_export: 3_600_000,
  recording_save: 3_600_000,
  // Waits for as long as nothing changes. A timer knows no longer time than 24 days; then it is asked again.
  feed_next: 2_000_000_000,
});

/** What went wrong with a call, always in this form. `code` chooses the sentence, see words/errors.js. */
export class HostError extends Error {
  /**
   * @param {Code | PageCode} code
   * @param {{ detail?: string | null, problems?: Array<FieldProblem>, number?: number | null }} [more]
   */
  constructor(code, more = {}) {
    super(code);
    this.name = 'HostError';
    /** @type {Code | PageCode} */
    this.code = code;
    /** Technical detail for *Details*. @type {string | null} */
    this.detail = more.detail ?? null;
    /** The API's sentences about fields. @type {Array<FieldProblem>} */
    this.problems = more.problems ?? [];
    /** A number for the sentence. @type {number | null} */
    this.number = more.number ?? null;
  }
}

/**
 * Any thrown thing as a HostError.
 * @param {unknown} thrown
 * @returns {HostError}
 */
export function asHostError(thrown) {
  if (thrown instanceof HostError) return thrown;
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') {
    const view = /** @type {import('./types').ErrorView} */ (thrown);
    return new HostError(view.code, {
      detail: typeof view.detail === 'string' ? view.detail : null,
      problems: Array.isArray(view.problems) ? view.problems : [],
      number: typeof view.number === 'number' ? view.number : null,
    });
  }
  // Tauri itself answers with a bare string: an unknown command, an argument that does not fit.
  if (typeof thrown === 'string') return new HostError('not_allowed', { detail: thrown.slice(0, 500) });
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new HostError('page_error', { detail: detail.slice(0, 500) });
}

/**
 * Calls a command. Rejects with a {@link HostError}, never with anything else.
 * @template {CommandName} N
 * @param {N} name
 * @param {Commands[N]['takes']} args
 * @returns {Promise<Commands[N]['gives']>}
 */
export function call(name, args) {
  const deadline = DEADLINES[name] ?? DEADLINE;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new HostError('no_answer', { detail: `${name}: no answer within ${deadline / 1000} s` })),
      deadline,
    );
    invoke(name, args)
      .then((answer) => resolve(/** @type {Commands[N]['gives']} */ (answer)), (thrown) => reject(asHostError(thrown)))
      .finally(() => clearTimeout(timer));
  });
}

/**
 * Calls a command that answers in pieces: `hear` is told each, the promise settles at the end.
 * @template {'failures_ask'} N
 * @param {N} name
 * @param {Omit<Commands[N]['takes'], 'channel'>} args
 * @param {(piece: string) => void} hear
 * @returns {Promise<Commands[N]['gives']>}
 */
export function stream(name, args, hear) {
  /** Pieces that came before their turn, by number. @type {Array<string | undefined>} */
  const pieces = [];
  let next = 0;
  // What Tauri's own Channel does, and is eight times as long for: numbered messages, the last one empty.
  const id = transformCallback((/** @type {{ index: number, message?: string }} */ { index, message = '' }) => {
    pieces[index] = message;
    for (let piece; (piece = pieces[next]) !== undefined; next++) hear(piece);
  });
  return call(name, /** @type {any} */ ({ ...args, channel: `__CHANNEL__:${id}` }));
}
