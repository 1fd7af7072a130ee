/**
 * Puts text on the clipboard. Some web views refuse the modern way outside of their own idea of a
 * press; then the old one, over a selection, still works.
 * @param {string} text
 * @returns {Promise<boolean>} whether it worked
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    const box = document.createElement('textarea');
    box.value = text;
    box.className = 'unseen';
    box.setAttribute('readonly', '');
    // Within an open dialog only its own content can be selected.
    (document.querySelector('dialog[open]') ?? document.body).append(box);
    box.select();
    let done = false;
    try {
      done = document.execCommand('copy');
    } catch {
      done = false;
    }
    box.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    return done;
  }
}
