/**
 * Sets style properties through the element, not through a style attribute: the content policy of
 * the window forbids the attribute.
 *
 *     html`<i ${setStyle({ 'flex-grow': '3' })}></i>`
 */
import { noChange } from 'lit/html.js';
import { Directive, directive } from 'lit/directive.js';

class SetStyle extends Directive {
  /** @param {Record<string, string>} _properties */
  render(_properties) {
    return noChange;
  }

  /**
   * @param {import('lit/directive.js').ElementPart} part
   * @param {[Record<string, string>]} args
   */
  update(part, [properties]) {
    const element = /** @type {HTMLElement} */ (part.element);
    for (const [name, value] of Object.entries(properties)) {
      if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
    }
    return noChange;
  }
}

export const setStyle = directive(SetStyle);
