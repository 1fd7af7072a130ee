/** Tells a screen reader something short that has no place on the screen, politely. */

/** @type {HTMLElement | null} */
let region = null;

/** @param {string} text */
export function announce(text) {
  if (!region) {
    region = document.createElement('div');
    region.className = 'unseen';
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  // The same text twice is news twice.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
