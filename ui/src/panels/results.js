/** Results. */
import { LightElement, define } from '../parts/light.js';
import { screen } from '../parts/screen.js';
import { loading } from '../parts/states.js';

export class ResultsPanel extends LightElement {
  static properties = { route: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../router.js').Route | null} */
    this.route = null;
  }

  render() {
    return screen({ title: 'Results', body: loading() });
  }
}
define('lc-results', ResultsPanel);
