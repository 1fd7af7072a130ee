/** A call, opened beside its result. Loaded by panels/result.js when the address names a call. */
import { LightElement, define } from '../parts/light.js';
import { loading } from '../parts/states.js';

export class CallPanel extends LightElement {
  static properties = { call: { type: Number }, result: { type: Number } };

  constructor() {
    super();
    /** The API's id of the call. */
    this.call = 0;
    /** The API's id of its result. */
    this.result = 0;
  }

  render() {
    return loading();
  }
}
define('lc-call', CallPanel);
