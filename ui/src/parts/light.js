/**
 * The base of elements that render into the page itself. Hooks for tests, labels and the one
 * stylesheet reach them; only parts that wrap other content use a shadow root (lc-dialog).
 */
import { LitElement } from 'lit';

export class LightElement extends LitElement {
  createRenderRoot() {
    return this;
  }
}

/** Defines an element once, also when a module is loaded twice by tests.
 * @param {string} name @param {CustomElementConstructor} type */
export function define(name, type) {
  if (!customElements.get(name)) customElements.define(name, type);
}

/** What stands in the field an event comes from. @param {Event} event */
export const valueOf = (event) => /** @type {HTMLInputElement} */ (event.target).value;
