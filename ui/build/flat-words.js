/**
 * Turns exported tables, such as `export const words = { loading: '…' }`, into a constant for each
 * entry, and `words.loading` into an import of it. The name of a member outlives minification twice,
 * where it stands and where it is used; that of a constant does not.
 *
 * A table is left as it is unless that is safe: its entries are plain, every use of it in every module
 * reads a member that is written out, and its name means one thing in each. An entry that is a table
 * itself is treated likewise. A member that such a table lacks is a mistake, and stops the build.
 */

import path from 'node:path';
import { edit, read, walk } from './syntax.js';

/** @typedef {import('./syntax.js').Node} Node */
/** @typedef {import('./syntax.js').Syntax} Syntax */
/** @typedef {import('./syntax.js').Edit} Edit */
/** @typedef {{ name: string, value: Node, entries: Map<string, Table> | null }} Table a table or an entry of one; `name` is that of its constant */
/** @typedef {{ module: string, node: Node, members: Array<Node>, local: string, specifier: Node | null }} Use where a table is used, and the members read there, one after another */
/** @typedef {{ importers: (home: string, name: string) => Array<{ module: string, specifier: Node }>, passedOn: (home: string, name: string) => boolean }} Links */

/**
 * The modules with their tables made flat.
 * @param {ReadonlyMap<string, string>} texts by path from one root, with `/`
 * @returns {{ texts: Map<string, string>, flat: Array<string>, unused: Array<string>, held: Array<string> }} `flat` names the tables, `unused` the entries that nobody
 *   reads, `held` the tables that a few uses alone keep from being flat, with the first of those
 * @throws {Error} when a module reads a member that is not there
 */
export function flatWords(texts) {
  const modules = new Map([...texts].map(([name, text]) => [name, read(text)]));
  const links = linksOf(modules);
  /** @type {Map<string, Array<Edit>>} */
  const edits = new Map([...texts.keys()].map((name) => [name, []]));
  /** What is imported in place of a table, each constant with its name there. @type {Map<Node, Map<string, string>>} */
  const instead = new Map();
  /** @type {Array<string>} */
  const flat = [];
  /** @type {Array<string>} */
  const unused = [];
  /** @type {Array<string>} */
  const held = [];

  for (const [home, { root }] of modules) {
    for (const statement of root.body) {
      const table = tableOf(statement);
      const uses = table && usesOf(modules, links, home, table.name);
      if (!table || !uses) continue;
      const others = uses.filter(({ members }) => members.length === 0);
      if (others.length > 0) {
        const [{ module, node }] = others;
        if (others.length < uses.length / 4) held.push(`${home} ${table.name}, by ${module}:${(texts.get(module) ?? '').slice(0, node.start).split('\n').length}`);
        continue;
      }
      keepWhole(table, uses);
      for (const { specifier } of links.importers(home, table.name)) instead.set(specifier, new Map());
      const read = new Set();
      for (const use of uses) {
        const { entry, end } = entryAt(table, use);
        if (!entry) throw new Error(`${use.module}: ${texts.get(use.module)?.slice(use.node.start, end)} is not in ${home}`);
        const name = use.local + entry.name.slice(table.name.length);
        edits.get(use.module)?.push({ start: use.node.start, end, by: name });
        if (use.specifier) instead.get(use.specifier)?.set(entry.name, name);
        read.add(entry);
      }
      const constants = constantsOf(table);
      let from = statement.start;
      for (const { name, value } of constants) {
        edits.get(home)?.push({ start: from, end: value.start, by: `${from === statement.start ? '' : ';\n'}export const ${name} = ` });
        from = value.end;
      }
      edits.get(home)?.push({ start: from, end: statement.end, by: ';' });
      flat.push(`${home} ${table.name}`);
      unused.push(...constants.filter((one) => !read.has(one)).map(({ name }) => `${home} ${name}`));
    }
  }
  for (const [specifier, names] of instead) {
    for (const [module, { above }] of modules) {
      const statement = above(specifier);
      if (!statement) continue;
      const list = [...names].map(([from, as]) => `${from} as ${as}`).join(', ');
      // A table of which nothing is read leaves its place empty, and with it a comma too many.
      const after = list === '' ? /^\s*,?/.exec(texts.get(module)?.slice(specifier.end) ?? '')?.[0].length ?? 0 : 0;
      edits.get(module)?.push({ start: specifier.start, end: specifier.end + after, by: list });
    }
  }
  return { texts: new Map([...texts].map(([name, text]) => [name, edit(text, edits.get(name) ?? [])])), flat, unused, held };
}

/** The table a statement exports. @param {Node} statement @returns {Table | null} */
function tableOf(statement) {
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : null;
  if (declared?.type !== 'VariableDeclaration' || declared.kind !== 'const' || declared.declarations.length !== 1) return null;
  const { id, init } = declared.declarations[0];
  const table = id.type === 'Identifier' ? { name: id.name, value: init, entries: entriesOf(id.name, init) } : null;
  let speaksOfItself = false;
  walk(init, (node) => {
    speaksOfItself ||= node.type === 'ThisExpression' || node.type === 'Super';
  });
  return table?.entries && !speaksOfItself ? table : null;
}

/** The entries of an object; null when one of them is not plain. @param {string} name @param {Node} value @returns {Map<string, Table> | null} */
function entriesOf(name, value) {
  const object = value.type === 'ParenthesizedExpression' ? value.expression : value;
  if (object.type !== 'ObjectExpression' || object.properties.length === 0) return null;
  /** @type {Map<string, Table>} */
  const entries = new Map();
  for (const one of object.properties) {
    const plain = one.type === 'Property' && one.kind === 'init' && !one.method && !one.computed && !one.shorthand && one.key.type === 'Identifier';
    if (!plain || one.key.name === '__proto__' || entries.has(one.key.name)) return null;
    const constant = `${name}$${one.key.name}`;
    entries.set(one.key.name, { name: constant, value: one.value, entries: entriesOf(constant, one.value) });
  }
  return entries;
}

/** Every use of a table; null when one cannot be known. @param {ReadonlyMap<string, Syntax>} modules @param {Links} links @param {string} home @param {string} name @returns {Array<Use> | null} */
function usesOf(modules, links, home, name) {
  if (links.passedOn(home, name)) return null;
  const importers = links.importers(home, name);
  const places = [{ module: home, specifier: null, local: name }, ...importers.map(({ module, specifier }) => ({ module, specifier, local: specifier.local.name }))];
  /** @type {Array<Use>} */
  const found = [];
  for (const { module, specifier, local } of places) {
    const syntax = modules.get(module);
    if (!syntax || syntax.bound.get(local) !== 1 || [...syntax.bound.keys()].some((one) => one.startsWith(`${local}$`))) return null;
    for (const node of syntax.uses.get(local) ?? []) found.push({ module, node, members: membersOf(node, syntax), local, specifier });
  }
  return found;
}

/** The members read one after another: two for `words.views.calls`. @param {Node} node @param {Syntax} syntax @returns {Array<Node>} */
function membersOf(node, { above }) {
  const members = [];
  for (let inner = node, outer = above(node); outer?.type === 'MemberExpression' && outer.object === inner && !outer.computed && !outer.optional && outer.property.type === 'Identifier'; inner = outer, outer = above(outer)) members.push(outer);
  return isWritten(members.at(-1) ?? node, above) ? [] : members;
}

/** Whether a member is written to, or taken away. @param {Node} member @param {Syntax['above']} above */
function isWritten(member, above) {
  const outer = above(member);
  switch (outer.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return outer.left === member;
    case 'UnaryExpression':
      return outer.operator === 'delete';
    case 'Property':
      return above(outer).type === 'ObjectPattern' && outer.value === member;
    default:
      return ['UpdateExpression', 'ArrayPattern', 'RestElement'].includes(outer.type);
  }
}

/** Keeps an entry whole that is a table, where it is not read by its own members alone. @param {Table} table @param {ReadonlyArray<Use>} uses */
function keepWhole(table, uses) {
  for (const [key, entry] of table.entries ?? []) {
    const deep = [...(entry.entries?.values() ?? [])].some((one) => one.entries);
    if (deep || !uses.every(({ members }) => members[0].property.name !== key || members.length > 1)) entry.entries = null;
  }
}

/** The entry a use reads, none when it is not there. @param {Table} table @param {Use} use @returns {{ entry: Table | undefined, end: number }} */
function entryAt(table, { members }) {
  /** @type {Table | undefined} */
  let entry = table;
  let end = 0;
  for (const member of members) {
    if (!entry?.entries) break;
    entry = entry.entries.get(member.property.name);
    end = member.end;
  }
  return { entry, end };
}

/** The constants a table becomes, in its order. @param {Table} table @returns {Array<Table>} */
const constantsOf = (table) => (table.entries ? [...table.entries.values()].flatMap(constantsOf) : [table]);

/** Who imports what, and what is taken in other ways. @param {ReadonlyMap<string, Syntax>} modules @returns {Links} */
function linksOf(modules) {
  /** @type {Map<string, Array<{ module: string, specifier: Node }>>} */
  const importers = new Map();
  /** Modules, and exports of them, of which not every use can be seen: `import * as`, `export *`, `import()`. */
  const passedOn = new Set();
  for (const [module, { root }] of modules) {
    walk(root, (node) => {
      if (typeof node.source?.value !== 'string') return;
      const home = path.posix.join(path.posix.dirname(module), node.source.value);
      for (const one of node.specifiers ?? [{ type: node.type }]) {
        if (one.type === 'ImportSpecifier') importers.set(`${home} ${one.imported.name}`, [...(importers.get(`${home} ${one.imported.name}`) ?? []), { module, specifier: one }]);
        else if (one.type === 'ExportSpecifier') passedOn.add(`${home} ${one.local.name}`);
        else passedOn.add(home);
      }
    });
  }
  return {
    importers: (home, name) => importers.get(`${home} ${name}`) ?? [],
    passedOn: (home, name) => passedOn.has(home) || passedOn.has(`${home} ${name}`),
  };
}
