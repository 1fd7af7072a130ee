/** Rows kept above and below those in view, so that a quick scroll shows no holes. */
const SPARE = 8;

/**
 * Which rows to draw.
 * @param {{ top: number, height: number, rowHeight: number, count: number, spare?: number }} view
 * @returns {{ from: number, to: number }} `to` is one past the last
 */
export function slice({ top, height, rowHeight, count, spare = SPARE }) {
  const from = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - spare));
  const to = Math.max(from, Math.min(count, Math.ceil((top + height) / rowHeight) + spare));
  return { from, to };
}
