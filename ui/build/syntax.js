// What the steps of the build need to know about a module: its tree, and what its names stand for.

import { parse } from 'acorn';

/** @typedef {any} Node a node of acorn's tree; parentheses are nodes of their own */
/** @typedef {{ start: number, end: number, by: string }} Edit */
/**
 * @typedef {object} Syntax
 * @property {Node} root
 * @property {(node: Node) => Node} above the node around another
 * @property {Map<string, Array<Node>>} uses identifiers that stand for a value, by name
 * @property {Map<string, number>} bound how often a name is given a meaning, anywhere in the module
 */

/** Calls `see` for every node, outer ones first. @param {Node} node @param {(node: Node, above: Node | null) => void} see @param {Node | null} [above] */
export function walk(node, see, above = null) {
  see(node, above);
  for (const [key, value] of Object.entries(node)) {
    // The value of `{ name }` is its key too; it is seen once, as the value.
    if (key === 'key' && node.shorthand) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (typeof child?.type === 'string') walk(child, see, node);
  }
}

/** @param {string} text @returns {Syntax} */
export function read(text) {
  const root = parse(text, { ecmaVersion: 'latest', sourceType: 'module', preserveParens: true });
  const parents = new Map();
  /** @type {Syntax} */
  const syntax = { root, above: (node) => parents.get(node), uses: new Map(), bound: new Map() };
  walk(root, (node, above) => {
    parents.set(node, above);
    for (const name of binds(node)) syntax.bound.set(name, (syntax.bound.get(name) ?? 0) + 1);
    if (node.type !== 'Identifier' || isLabel(node, above)) return;
    const before = syntax.uses.get(node.name);
    if (before) before.push(node);
    else syntax.uses.set(node.name, [node]);
  });
  return syntax;
}

/** Whether an identifier only names a member, a key, or what is imported or declared. @param {Node} node @param {Node} above */
function isLabel(node, above) {
  switch (above.type) {
    case 'MemberExpression':
      return above.property === node && !above.computed;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return above.key === node && !above.shorthand && !above.computed;
    case 'VariableDeclarator':
      return above.id === node;
    default:
      return above.type.startsWith('Import') && above.type.endsWith('Specifier');
  }
}

/** The names a pattern binds. @param {Node | null | undefined} pattern @returns {Array<string>} */
function inPattern(pattern) {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((/** @type {Node} */ one) => inPattern(one.type === 'Property' ? one.value : one));
    case 'ArrayPattern':
      return pattern.elements.flatMap(inPattern);
    case 'AssignmentPattern':
      return inPattern(pattern.left);
    case 'RestElement':
      return inPattern(pattern.argument);
    default:
      return [];
  }
}

/** The names a node gives a meaning to. @param {Node} node @returns {Array<string>} */
function binds(node) {
  switch (node.type) {
    case 'VariableDeclarator':
      return inPattern(node.id);
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [node.id, ...node.params].flatMap(inPattern);
    case 'ClassDeclaration':
    case 'ClassExpression':
      return inPattern(node.id);
    case 'CatchClause':
      return inPattern(node.param);
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      return [node.local.name];
    default:
      return [];
  }
}

/** Replaces parts of a text. @param {string} text @param {ReadonlyArray<Edit>} edits none within another */
export const edit = (text, edits) =>
  [...edits].sort((one, other) => other.start - one.start).reduce((done, { start, end, by }) => done.slice(0, start) + by + done.slice(end), text);
