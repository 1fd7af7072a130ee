/** What makes one bundle of the page's modules: how esbuild is asked, and what is done to a module first. */

import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { flatWords } from './flat-words.js';
import { smallTemplates } from './templates.js';

/** The folder of the page, `ui`. */
export const page = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(page, 'src');

/** What every build has in common. @type {import('esbuild').BuildOptions & { target: Array<string> }} */
export const common = {
  bundle: true,
  format: 'esm',
  target: ['es2022', 'safari16.4'],
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: page,
};

/**
 * The modules of the page and their texts, tables of words flat and templates small. Tables that only a few
 * uses keep from being flat are told: such a use costs more than it looks.
 * @param {(line: string) => void} [tell] @returns {Promise<Map<string, string>>} by path from `src`, with `/`
 */
export async function readModules(tell = () => {}) {
  const names = (await readdir(source, { recursive: true })).map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.js')).sort();
  const texts = await Promise.all(names.map((name) => readFile(path.join(source, name), 'utf8')));
  const flat = flatWords(new Map(names.map((name, at) => [name, texts[at]])));
  for (const one of flat.held) tell(`not flat: ${one}`);
  return smallTemplates(flat.texts);
}

/** Gives esbuild the modules, in an order: the entry imports them one after another. @param {ReadonlyMap<string, string>} modules @param {() => ReadonlyArray<string>} order @returns {import('esbuild').Plugin} */
export const inThisOrder = (modules, order) => ({
  name: 'modules',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      const name = path.relative(source, file).replaceAll('\\', '/');
      const text = modules.get(name);
      if (text === undefined) return undefined;
      return { contents: name === 'app.js' ? order().map((one) => `import './${one}';`).join('') + text : text };
    });
  },
});

/**
 * What the build of `@tauri-apps/api` uses for private members, without its checks for mistakes a
 * compiler has already found. Members are kept in maps by object; a method comes as such.
 * @type {import('esbuild').Plugin}
 */
export const privateMembers = {
  name: 'private members',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]tslib\.es6\.js$/ }, () => ({
      contents: `export const __classPrivateFieldGet = (object, members, kind, method) => (kind === 'm' ? method : members.get(object));
        export const __classPrivateFieldSet = (object, members, value) => (members.set(object, value), value);`,
    }));
  },
};
