/** Finding words in a conversation. Pure. */

/** @typedef {import('../../host/types').TurnView} TurnView */

/** More places than these are not shown one by one. */
const MOST = 5000;

/** The words as a pattern that pays no heed to case, or null when there are none. @param {string} words */
export function pattern(words) {
  const text = words.trim();
  if (text === '') return null;
  // Lone halves of characters have no meaning to a pattern that knows whole ones.
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  // A pattern that knows whole characters takes a backslash before its own signs only: never before a hyphen.
  return new RegExp(whole.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\s+/g, '\\s+'), 'giu');
}

/**
 * The turns in which the words are, each as often as it holds them.
 * @param {ReadonlyArray<TurnView>} turns @param {string} words
 * @returns {Array<{ turn: number, nth: number }>} `nth` counts within what is said; -1 within a tool's use
 */
export function places(turns, words) {
  const wanted = pattern(words);
  if (!wanted) return [];
  const found = [];
  for (let turn = 0; turn < turns.length && found.length < MOST; turn += 1) {
    const { text, tool } = turns[turn];
    let nth = 0;
    for (const _ of text.matchAll(wanted)) {
      found.push({ turn, nth });
      nth += 1;
    }
    if (tool) {
      wanted.lastIndex = 0;
      if (wanted.test(`${tool.name}\n${tool.arguments ?? ''}\n${tool.result ?? ''}`)) found.push({ turn, nth: -1 });
      wanted.lastIndex = 0;
    }
  }
  return found;
}

/**
 * A text in pieces: what lies between the words, and the words.
 * @param {string} text @param {RegExp | null} wanted
 * @returns {Array<{ text: string, hit: boolean }>}
 */
export function pieces(text, wanted) {
  if (!wanted) return [{ text, hit: false }];
  const out = [];
  let from = 0;
  for (const match of text.matchAll(wanted)) {
    if (match[0] === '') continue;
    if (match.index > from) out.push({ text: text.slice(from, match.index), hit: false });
    out.push({ text: match[0], hit: true });
    from = match.index + match[0].length;
  }
  if (from < text.length || out.length === 0) out.push({ text: text.slice(from), hit: false });
  return out;
}

/**
 * The turn that is being heard at a time: the last that has begun, or -1. The use of a tool is not heard;
 * it counts only where nothing was said before it.
 * @param {ReadonlyArray<TurnView>} turns @param {number} seconds
 */
export function turnAt(turns, seconds) {
  let found = -1;
  for (let at = 0; at < turns.length; at += 1) {
    const { at: begin, tool } = turns[at];
    if (begin === null || begin > seconds + 0.05) continue;
    const best = turns[found];
    if (!best || (best.tool && !tool) || (Boolean(best.tool) === Boolean(tool) && begin >= (best.at ?? 0))) found = at;
  }
  return found;
}

/**
 * The turn an explanation points at. Its times are whole seconds, so first comes what begins within that
 * second: what the agent says before what the caller says, since it is the agent that is judged, and both
 * before the use of a tool. Where nothing begins then, it is the turn that is being heard.
 * @param {ReadonlyArray<TurnView>} turns @param {number} seconds
 */
export function pointedAt(turns, seconds) {
  const rank = (/** @type {TurnView} */ turn) => (turn.tool ? 2 : turn.speaker === 'agent' ? 0 : 1);
  let found = -1;
  for (let at = 0; at < turns.length; at += 1) {
    const { at: begin } = turns[at];
    if (begin === null || begin < seconds - 0.05 || begin >= seconds + 0.95) continue;
    if (found < 0 || rank(turns[at]) < rank(turns[found])) found = at;
  }
  return found >= 0 ? found : Math.max(turns.length > 0 ? 0 : -1, turnAt(turns, seconds));
}

/**
 * Where a jump to a time leads: the turn, and the second of the sound. That is where the turn begins, or
 * the time itself where that lies within the turn.
 * @param {ReadonlyArray<TurnView>} turns @param {number} seconds
 * @returns {{ turn: number, at: number }} `turn` is -1 where there are none
 */
export function landing(turns, seconds) {
  const turn = pointedAt(turns, seconds);
  return { turn, at: Math.max(seconds, turns[turn]?.at ?? seconds) };
}

/**
 * JSON laid out for reading; anything else as it came. Only the blanks between its parts change: a
 * number too long for this language keeps its digits, a name that stands there twice stays twice.
 * @param {string} text
 */
export function laidOut(text) {
  const start = text.trimStart()[0];
  if (start !== '{' && start !== '[') return text;
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(Math.min(depth, 40))}`;
  const parts = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  parts.forEach((part, at) => {
    if (part === '{' || part === '[') {
      depth += 1;
      const close = parts[at + 1];
      out += close === '}' || close === ']' ? part : part + line();
    } else if (part === '}' || part === ']') {
      depth -= 1;
      const open = parts[at - 1];
      out += open === '{' || open === '[' ? part : line() + part;
    } else if (part === ',') out += part + line();
    else out += part === ':' ? ': ' : part;
  });
  return out;
}
