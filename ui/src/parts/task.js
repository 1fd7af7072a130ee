/**
 * A button's work: busy while it runs, the error when it fails, one at a time.
 *
 *     this.saving = new Task(this);                          // in the constructor of an element
 *     this.saving.run(() => saveSettings(values));           // a second press while busy does nothing
 *     this.saving.busy, this.saving.error, this.saving.clear()
 */

/** @typedef {Error & { code: import('../host/types').Code | import('../host/host.js').PageCode, detail: string | null, problems: Array<import('../host/types').FieldProblem>, number: number | null }} TaskError */

export class Task {
  /** @param {import('lit').ReactiveControllerHost} host */
  constructor(host) {
    this.host = host;
    this.busy = false;
    /** @type {TaskError | null} */
    this.error = null;
  }

  /**
   * True when the work was done, false when it failed or another is under way.
   * @param {() => Promise<unknown>} work
   * @returns {Promise<boolean>}
   */
  async run(work) {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    this.host.requestUpdate();
    try {
      await work();
      return true;
    } catch (thrown) {
      this.error = coded(thrown);
      return false;
    } finally {
      this.busy = false;
      this.host.requestUpdate();
    }
  }

  clear() {
    this.error = null;
    this.host.requestUpdate();
  }
}

/** What the host throws has a code; a mistake of the page gets one. @param {unknown} thrown @returns {TaskError} */
function coded(thrown) {
  if (thrown instanceof Error && 'code' in thrown && 'problems' in thrown) return /** @type {TaskError} */ (thrown);
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return Object.assign(new Error(text), { code: /** @type {const} */ ('page_error'), detail: text, problems: [], number: null });
}
