/**
 * Numbers, times and sizes as people read them. Pure: the clock and the language are passed in or
 * read once.
 */

/**
 * A language tag that Intl accepts. Under LANG=C.UTF-8 some web views call themselves "C", which
 * makes every Intl constructor throw. The page is in English, so another language's formats would
 * only mix; its region's English is kept.
 * @param {string | undefined} wanted
 * @returns {string}
 */
export function safeLocale(wanted) {
  try {
    const [tag] = Intl.getCanonicalLocales(wanted ?? '');
    if (tag && tag.toLowerCase().startsWith('en')) return tag;
  } catch {
    // Not a language tag at all.
  }
  return 'en-GB';
}

export const locale = safeLocale(globalThis.navigator?.language);

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const dayMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const dayMonthYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });

/** Grouped: "7,436". @param {number} value */
export const number = (value) => whole.format(value);
/** At most one decimal: "6.3". @param {number} value */
export const decimal = (value) => tenth.format(value);
/** Plain digits for counters that are read by machines too: "1204". @param {number} value */
export const digits = (value) => String(Math.round(value));
/** "1 call", "24 calls". @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
/** The first of many names, quoted, and how many more there are. @param {ReadonlyArray<string>} names @param {number} [most] */
export const quotedNames = (names, most = 3) =>
  names.slice(0, most).map((name) => `“${name}”`).join(', ') + (names.length > most ? ` and ${number(names.length - most)} more` : '');
/** A share of 0 to 1 as "91.4%". @param {number} share */
export const percent = (share) => `${tenth.format(share * 100)}%`;

/** @param {number} part */
const pad = (part) => String(Math.floor(part)).padStart(2, '0');

/** A length in seconds as "3:12", "1:02:05"; "–" when it is not known. @param {number | null | undefined} seconds */
export function length(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const total = Math.max(0, Math.round(seconds));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(total % 60)}` : `${minutes}:${pad(total % 60)}`;
}

/** A place in a call as "02:14". @param {number | null | undefined} seconds */
export function moment(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '';
  const total = Math.max(0, Math.floor(seconds));
  return `${pad(total / 60)}:${pad(total % 60)}`;
}

/** A span as words: "40 s", "6 min", "2 h 5 min". @param {number} seconds */
export function duration(seconds) {
  const total = Math.max(0, Math.round(seconds));
  if (total < 90) return `${total} s`;
  const minutes = Math.round(total / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** "28–36", or "28" when both ends read the same. @param {number} low @param {number} high */
export function range(low, high) {
  const from = number(Math.floor(low));
  const to = number(Math.ceil(high));
  return from === to ? from : `${from}–${to}`;
}

/** Minutes from and to as "under a minute", "about 28–36 min", "up to 2 min" or "about 2–3 h". @param {number} low @param {number} high */
export const aboutMinutes = (low, high) =>
  high < 1 ? 'under a minute' : high >= 120 ? `about ${tenth.format(low / 60)}–${tenth.format(high / 60)} h` : `${low < 1 ? `up to ${Math.ceil(high)}` : `about ${range(low, high)}`} min`;

/** A date of the API, or null when it is not one. @param {string | null | undefined} text */
export function date(text) {
  const at = text ? new Date(text) : null;
  return at && Number.isFinite(at.getTime()) ? at : null;
}

/**
 * When something was: "14:03" today, "Yesterday", "20 Nov", "20 Nov 2025". Text that is not a date
 * is shown as it came.
 * @param {string | null | undefined} text @param {Date} [now]
 */
export function when(text, now = new Date()) {
  const at = date(text);
  if (!at) return text ?? '';
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (at.toDateString() === yesterday.toDateString()) return 'Yesterday';
  return at.getFullYear() === now.getFullYear() ? dayMonth.format(at) : dayMonthYear.format(at);
}

/** In full: "23 Nov 2026, 14:03". @param {string | null | undefined} text */
export function whenInFull(text) {
  const at = date(text);
  return at ? `${dayMonthYear.format(at)}, ${clock.format(at)}` : (text ?? '');
}

/** The time of day: "14:03". @param {string | null | undefined} text */
export function time(text) {
  const at = date(text);
  return at ? clock.format(at) : (text ?? '');
}

/** "1.4 MB". @param {number} bytes */
export function size(bytes) {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? whole.format(value) : tenth.format(value)} ${units[unit]}`;
}
