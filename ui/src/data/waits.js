/**
 * How long the server asked to wait before calls are placed again. The journal says how many seconds
 * and when the launch was sent, not when the answer came, so the wait is counted from when it was
 * first seen here.
 */

/** Launch to the time its wait ends, milliseconds. @type {Map<string, number>} */
const ends = new Map();
/** The longest an answer may take, milliseconds. */
const ANSWER = 120_000;

/**
 * Whole seconds that are left of a wait; 0 when there is none.
 * @param {import('../host/types').LaunchView} view @param {number} [now] milliseconds
 */
export function waitLeft(view, now = Date.now()) {
  if (view.code !== 'throttled' || view.waitSeconds === null) return 0;
  const wait = view.waitSeconds * 1000;
  let end = ends.get(view.id);
  if (end === undefined) {
    const sent = new Date(view.startedAt).getTime();
    // Seen only long after: it cannot still be going on.
    end = Math.min(now + wait, Number.isFinite(sent) ? sent + ANSWER + wait : Number.POSITIVE_INFINITY);
    ends.set(view.id, end);
  }
  return Math.max(0, Math.ceil((end - now) / 1000));
}
