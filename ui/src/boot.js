import { showWindow } from './host/show.js';

/**
 * The first script, and the only one that may not fail: it imports the app and, when that does not
 * work, says so in words. Some web views swallow an error in a module without a trace, and a blank
 * window is the worst message there is. So nothing that may fail is imported statically here.
 */

/** @param {unknown} error */
function failurePage(error) {
  const text = `${error}\n${/** @type {any} */ (error)?.stack ?? ''}`;
  const put = (/** @type {string} */ tag, said = '') => {
    const element = document.createElement(tag);
    element.textContent = said;
    return element;
  };
  const page = put('main');
  page.className = 'failure';
  page.setAttribute('role', 'alert');
  page.dataset.test = 'error-banner';
  page.dataset.code = 'page_failed';
  const detail = put('pre', text.slice(0, 4000));
  detail.tabIndex = 0;
  const again = put('button', 'Try again');
  again.className = 'btn';
  again.addEventListener('click', () => location.reload());
  page.append(
    put('h1', 'Linecheck could not open its window'),
    put('p', 'Nothing of yours is lost, and calls under way go on. Close Linecheck and open it again. If this comes back, install it again and pass on the text below.'),
    again,
    detail,
  );
  document.body.replaceChildren(page);
  showWindow();
}

try {
  const app = await import('./app.js');
  app.start();
} catch (error) {
  failurePage(error);
}
