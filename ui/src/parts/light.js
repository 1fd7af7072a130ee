/**
 * The base of the page's elements: properties that draw anew when they change, and templates of
 * lit-html. It keeps to the names and the order of Lit's own base, of which this page needs a third,
 * and which would take a fortieth of all the room it may have.
 *
 * Elements render into the page itself: hooks for tests, labels and the one stylesheet reach them;
 * only parts that wrap other content use a shadow root (lc-dialog).
 */
import { nothing, render } from 'lit/html.js';

/**
 * How a property is set. One with a `type` has an attribute, named like it in lower case unless said
 * otherwise; `reflect` keeps the attribute of a Boolean in step.
 * @typedef {{ type?: BooleanConstructor | NumberConstructor | StringConstructor, attribute?: string, reflect?: boolean }} Property
 */
/** @typedef {{ hostConnected?(): void, hostDisconnected?(): void, hostUpdate?(): void }} Controller */

/** @param {string} name @param {Property} property */
const attributeOf = (name, { attribute }) => attribute ?? name.toLowerCase();

export class LightElement extends HTMLElement {
  /** @type {Record<string, Property>} */
  static properties = {};

  /** Asked for once, when the element is defined: the properties come to be here. */
  static get observedAttributes() {
    const properties = Object.entries(this.properties);
    for (const [name] of properties) {
      Object.defineProperty(this.prototype, name, {
        /** @this {LightElement} */
        get() {
          return this.#values[name];
        },
        /** @this {LightElement} @param {unknown} value */
        set(value) {
          const before = this.#values[name];
          if (Object.is(value, before)) return;
          this.#values[name] = value;
          if (!this.#changed.has(name)) this.#changed.set(name, before);
          this.requestUpdate();
        },
      });
    }
    return properties.filter(([, property]) => property.type).map(([name, property]) => attributeOf(name, property));
  }

  /** @type {Record<string, unknown>} */
  #values = {};
  /** Names of properties that changed since the last drawing, and what they were. @type {Map<string, unknown>} */
  #changed = new Map();
  /** @type {Set<Controller>} */
  #controllers = new Set();
  #waiting = false;
  #drawn = false;
  /** @type {() => void} */
  #begin = () => {};
  /** @type {import('lit').RenderOptions | undefined} */
  #place;
  /** @type {import('lit').RootPart | undefined} */
  #part;
  /** Settles when what was asked for has been drawn, with false when more was asked for meanwhile; rejects when that failed. @type {Promise<boolean>} */
  updateComplete = new Promise((resolve) => (this.#begin = () => resolve(true)));
  /** Where it renders to; there once it has been in the page. @type {HTMLElement | ShadowRoot} */
  renderRoot = this;

  constructor() {
    super();
    this.requestUpdate();
  }

  /** @returns {HTMLElement | ShadowRoot} */
  createRenderRoot() {
    return this;
  }
  /** Before it is drawn: properties set here are drawn with the rest. @param {Map<string, unknown>} _changed */
  willUpdate(_changed) {}
  /** @returns {unknown} */
  render() {
    return nothing;
  }
  /** After it was drawn for the first time. */
  firstUpdated() {}
  /** After it was drawn. @param {Map<string, unknown>} _changed */
  updated(_changed) {}

  /** @param {Controller} controller */
  addController(controller) {
    this.#controllers.add(controller);
    if (this.isConnected) controller.hostConnected?.();
  }
  /** @param {Controller} controller */
  removeController(controller) {
    this.#controllers.delete(controller);
  }

  /** Draws it anew, once, when all that runs now has ended; not before it is in the page. */
  requestUpdate() {
    if (this.#waiting) return;
    this.#waiting = true;
    this.updateComplete = this.#drawAfter(this.updateComplete);
  }

  /** @param {Promise<boolean>} before */
  async #drawAfter(before) {
    try {
      await before;
    } catch (error) {
      // Nobody may have waited for it; it is told all the same.
      void Promise.reject(error);
    }
    this.#draw();
    return !this.#waiting;
  }

  #draw() {
    const changed = this.#changed;
    let content;
    try {
      this.willUpdate(changed);
      for (const controller of this.#controllers) controller.hostUpdate?.();
      content = this.render();
    } finally {
      this.#changed = new Map();
      this.#waiting = false;
    }
    for (const [name, property] of Object.entries(/** @type {typeof LightElement} */ (this.constructor).properties)) {
      if (property.reflect && changed.has(name)) this.toggleAttribute(attributeOf(name, property), Boolean(this.#values[name]));
    }
    // The same place each time: lit-html knows by it what it drew before.
    this.#place ??= { host: this, isConnected: this.isConnected, renderBefore: this.renderRoot.firstChild };
    this.#part = render(content, this.renderRoot, this.#place);
    if (!this.#drawn) {
      this.#drawn = true;
      this.firstUpdated();
    }
    this.updated(changed);
  }

  connectedCallback() {
    if (!this.#drawn) this.renderRoot = this.shadowRoot ?? this.createRenderRoot();
    this.#begin();
    for (const controller of this.#controllers) controller.hostConnected?.();
    this.#part?.setConnected(true);
  }
  disconnectedCallback() {
    for (const controller of this.#controllers) controller.hostDisconnected?.();
    this.#part?.setConnected(false);
  }
  /** @param {string} attribute @param {string | null} _before @param {string | null} text */
  attributeChangedCallback(attribute, _before, text) {
    for (const [name, property] of Object.entries(/** @type {typeof LightElement} */ (this.constructor).properties)) {
      if (attributeOf(name, property) !== attribute) continue;
      const value = property.type === Boolean ? text !== null : text === null ? null : /** @type {NumberConstructor} */ (property.type)(text);
      /** @type {any} */ (this)[name] = value;
    }
  }
}

/** Defines an element once, also when a module is loaded twice by tests.
 * @param {string} name @param {CustomElementConstructor} type */
export function define(name, type) {
  if (!customElements.get(name)) customElements.define(name, type);
}

/** What stands in the field an event comes from. @param {Event} event */
export const valueOf = (event) => /** @type {HTMLInputElement} */ (event.target).value;
