/**
 * Puts text on the clipboard. Some web views refuse the modern way outside of their own idea of a
 * press; then the old one, over a selection, still works.
 * @param {string | Promise<string>} given text that has to be read first is promised to the clipboard at once, within the press
 * @returns {Promise<boolean>} whether it worked
 */
export async function copyText(given) {
  try {
    if (typeof given === 'string') await navigator.clipboard.writeText(given);
    else await navigator.clipboard.write([new ClipboardItem({ 'text/plain': given.then((text) => new Blob([text], { type: 'text/plain' })) })]);
    return true;
  } catch {
    const text = await given;
    const before = document.activeElement;
    const box = document.createElement('textarea');
    box.value = text;
    box.className = 'unseen';
    box.setAttribute('readonly', '');
    // Within an open dialog only its own content can be selected; its own element takes what it shows.
    (document.querySelector('lc-dialog[open]') ?? document.body).append(box);
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
