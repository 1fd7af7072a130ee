/**
 * What a screen looks like, as markup without behaviour. Rust puts it into the page of the next start,
 * which then shows the list before a script has been read (src-tauri/src/snapshot.rs: when, and what may
 * be in it). The page's own elements come as `div` with their name as a class: as themselves they would
 * begin to draw.
 */

import { when } from '../words/format.js';

/** Attributes the stylesheet asks for. No other has a value that is ours alone. */
const KEPT = ['class', 'id', 'type', 'placeholder', 'aria-current', 'aria-haspopup'];
/** What the first drawing does not have either, because it is not known yet, and what is not to be seen. */
const LEFT_OUT = '.banners, .badge, .foot *, .unseen, [popover], lc-banner, lc-closing, [data-test=results-refreshing]';
/** What changes with the clock: an empty line stands for it. */
const CLOCK = '.results-stand';

/** @param {string} text */
const plain = (text) => text.replace(/[&<>"\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/**
 * When something was (`data-when`) is left open, and told as it reads today, tomorrow and on the days after.
 * @param {Element} root @returns {{ markup: string, style: string, when: Array<[string, string, string]> }}
 */
export function snapshot(root) {
  /** @type {Array<[string, string, string]>} */
  const times = [];
  /** Style of elements, by its text: the class that stands for it. @type {Map<string, string>} */
  const styles = new Map();
  /** @param {Node} node @returns {string} */
  const draw = (node) => {
    if (node instanceof Text) return plain(node.data);
    if (!(node instanceof HTMLElement) || node.matches(LEFT_OUT)) return '';
    const at = node.dataset.when;
    if (at) times.push(/** @type {[string, string, string]} */ ([0, 1, 2].map((days) => {
      const then = new Date();
      then.setDate(then.getDate() + days);
      return plain(when(at, then));
    })));
    const inside = at ? '<i id="when"></i>' : node.matches(CLOCK) ? '<br>' : [...node.childNodes].map(draw).join('');
    const own = node.localName.includes('-');
    // An element of ours that shows nothing takes no room, which a `div` would.
    if (own && !inside.trim()) return '';
    const tag = own ? 'div' : node.localName;
    const look = node.style.cssText;
    if (look && !styles.has(look)) styles.set(look, `s${styles.size}`);
    const classes = [node.className, own ? node.localName : '', styles.get(look)].filter(Boolean).join(' ');
    const attributes = KEPT.map((name) => {
      const value = name === 'class' ? classes : node.getAttribute(name);
      return value ? ` ${name}="${plain(value)}"` : '';
    });
    return `<${tag}${attributes.join('')}>${inside}${tag === 'input' ? '' : `</${tag}>`}`;
  };
  const markup = draw(root);
  return { markup, when: times, style: [...styles].map(([look, name]) => `.snapshot .${name}{${look}}`).join('') };
}
