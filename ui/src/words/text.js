/**
 * Text that others wrote, made safe to look at. It is always set as text; here the characters that
 * would change how it looks, or hide something, are turned into signs one can see.
 */

/** Characters that turn the direction of the text after them. */
const BIDI = /** @type {Record<number, string>} */ ({
  0x61c: 'ALM', 0x200e: 'LRM', 0x200f: 'RLM',
  0x202a: 'LRE', 0x202b: 'RLE', 0x202c: 'PDF', 0x202d: 'LRO', 0x202e: 'RLO',
  0x2066: 'LRI', 0x2067: 'RLI', 0x2068: 'FSI', 0x2069: 'PDI',
});

/** Control characters (C0, DEL, C1), separators that break lines, characters without width, lone surrogates. */
const HIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** @param {string} char */
function sign(char) {
  const code = char.charCodeAt(0);
  if (BIDI[code]) return `[${BIDI[code]}]`;
  // Unicode has a picture for each of the old control characters.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}

/**
 * A text with nothing hidden in it. Line breaks and tabs stay when `lines` is set, and become a
 * space otherwise. Joiners that emoji and many scripts need stay as they are.
 * @param {string} text
 * @param {boolean} [lines]
 * @returns {string}
 */
export function visible(text, lines = false) {
  const whole = text.replace(/\r\n?/g, '\n');
  return (lines ? whole : whole.replace(/[\n\t]/g, ' ')).replace(HIDDEN, (char) =>
    lines && (char === '\n' || char === '\t') ? char : sign(char),
  );
}

/**
 * The beginning of a text, cut between whole characters.
 * @param {string} text
 * @param {number} most in UTF-16 units
 * @returns {{ text: string, left: number }} `left` is how much was cut off
 */
export function cut(text, most) {
  if (text.length <= most) return { text, left: 0 };
  const last = text.charCodeAt(most - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? most - 1 : most;
  return { text: text.slice(0, end), left: text.length - end };
}
