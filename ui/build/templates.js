/**
 * Makes templates smaller: without the indentation, and with constant texts written into them. Text
 * that is part of a template needs no place of its own while the page runs.
 */

import path from 'node:path';
import { edit, read, walk } from './syntax.js';

/** @typedef {import('./syntax.js').Node} Node */
/** @typedef {import('./syntax.js').Syntax} Syntax */
/** @typedef {import('./syntax.js').Edit} Edit */

/**
 * The modules with smaller templates.
 * @param {ReadonlyMap<string, string>} texts by path from one root, with `/`
 * @returns {Map<string, string>}
 */
export function smallTemplates(texts) {
  const modules = new Map([...texts].map(([name, text]) => [name, read(text)]));
  const said = new Map([...modules].map(([name, syntax]) => [name, constantsOf(syntax)]));
  return new Map([...modules].map(([name, syntax]) => {
    const text = texts.get(name) ?? '';
    const known = namesOf(name, syntax, said);
    /** @type {Array<Edit>} */
    const edits = [];
    walk(syntax.root, (node) => {
      if (node.type !== 'TaggedTemplateExpression' || node.tag.name !== 'html') return;
      const { quasis, expressions } = node.quasi;
      for (const { start, end } of quasis) edits.push({ start, end, by: text.slice(start, end).replace(/\s*\n\s*/g, ' ') });
      const markups = quasis.map((/** @type {Node} */ one) => one.value.raw);
      expressions.forEach((/** @type {Node} */ one, /** @type {number} */ at) => {
        const constant = one.type === 'Identifier' ? known.get(one.name) : undefined;
        const markup = constant === undefined ? null : markupOf(constant, markups.slice(0, at + 1).join('\0'), markups[at + 1]);
        if (markup !== null) edits.push({ start: quasis[at].end, end: quasis[at + 1].start, by: markup });
      });
    });
    return [name, edit(text, edits)];
  }));
}

/** How a text is written into a template in place of an expression; null where it must stay one. @param {string} text @param {string} before the markup, each expression a `\0` @param {string} after the markup up to the next expression */
function markupOf(text, before, after) {
  // What would end the template, or mean something else in it.
  if (/[`\\$]/.test(text)) return null;
  const written = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const open = /<([a-z][\w-]*)(?:\s[^<>]*)?$/.exec(before);
  if (!open) return /<(textarea|title|style|script)[^<]*$/.test(before) ? null : written;
  return /\s[a-z][\w-]*=$/.test(before) && /^[\s>]/.test(after) ? `"${written.replaceAll('"', '&quot;')}"` : null;
}

/** The texts a module declares as constants, by name. @param {Syntax} syntax @returns {Map<string, string>} */
function constantsOf({ root, bound }) {
  const found = new Map();
  for (const statement of root.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'VariableDeclaration' || declared.kind !== 'const') continue;
    for (const { id, init } of declared.declarations) {
      if (id.type === 'Identifier' && init?.type === 'Literal' && typeof init.value === 'string' && bound.get(id.name) === 1) found.set(id.name, init.value);
    }
  }
  return found;
}

/** The texts a module knows by a name of its own. @param {string} module @param {Syntax} syntax @param {ReadonlyMap<string, Map<string, string>>} said @returns {Map<string, string>} */
function namesOf(module, { root, bound }, said) {
  const known = new Map(said.get(module));
  for (const statement of root.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    const from = said.get(path.posix.join(path.posix.dirname(module), statement.source.value));
    for (const one of statement.specifiers) {
      const text = one.type === 'ImportSpecifier' ? from?.get(one.imported.name) : undefined;
      if (text !== undefined && bound.get(one.local.name) === 1) known.set(one.local.name, text);
    }
  }
  return known;
}
