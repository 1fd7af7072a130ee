/** New run. */
import { LightElement, define } from '../parts/light.js';
import { screen } from '../parts/screen.js';
import { loading } from '../parts/states.js';

export class NewRunPanel extends LightElement {
  static properties = { route: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../router.js').Route | null} */
    this.route = null;
  }

  render() {
    return screen({ title: 'New run', body: loading() });
  }
}
define('lc-new-run', NewRunPanel);
