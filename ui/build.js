// Builds the page into dist/: `npm run build`. With --dev also the development pages beside it.
//
// boot.js stays tiny and stands alone, so that a mistake anywhere else still ends in words on the
// screen. All else is one bundle: it compresses better than its parts, and is read once.

import { build } from 'esbuild';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { flatWords } from './build/flat-words.js';
import { shortProperties, small } from './build/minify.js';
import { inOrder } from './build/order.js';
import { smallTemplates } from './build/templates.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const dev = process.argv.includes('--dev');
const out = path.join(here, dev ? 'dist-dev' : 'dist');

/** Limit of the whole page, gzipped. A page that grows past it fails to build. */
const LIMIT_BYTES = 80 * 1000;

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  format: 'esm',
  target: ['es2022', 'safari16.4'],
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: here,
};

const source = path.join(here, 'src');
const modules = (await readdir(source, { recursive: true })).map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.js')).sort();
const neighbours = inOrder(modules);

/** Orders the modules, makes tables of words flat, and templates small. @type {import('esbuild').Plugin} */
const compact = {
  name: 'compact',
  setup({ onLoad, onStart }) {
    /** @type {Map<string, string>} */
    let texts = new Map();
    onStart(async () => {
      texts = smallTemplates(flatWords(new Map(await Promise.all(modules.map(async (name) => /** @type {const} */ ([name, await readFile(path.join(source, name), 'utf8')]))))).texts);
    });
    onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      const name = path.relative(source, file).replaceAll('\\', '/');
      const text = texts.get(name);
      if (text === undefined) return undefined;
      return { contents: name === 'app.js' ? neighbours.map((one) => `import './${one}';`).join('') + text : text };
    });
  },
};

/**
 * What the build of `@tauri-apps/api` uses for private members, without its checks for mistakes a
 * compiler has already found. Members are kept in maps by object; a method comes as such.
 * @type {import('esbuild').Plugin}
 */
const privateMembers = {
  name: 'private members',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]tslib\.es6\.js$/ }, () => ({
      contents: `export const __classPrivateFieldGet = (object, members, kind, method) => (kind === 'm' ? method : members.get(object));
        export const __classPrivateFieldSet = (object, members, value) => (members.set(object, value), value);`,
    }));
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  ...common,
  entryPoints: { boot: 'src/boot.js', app: 'src/app.js', ...(dev ? { parts: 'dev/parts.js' } : {}) },
  splitting: true,
  chunkNames: 'part-[name]-[hash]',
  outdir: out,
  plugins: [compact, privateMembers],
  define: { 'process.env.NODE_ENV': '"production"' },
});
await build({ ...common, minify: !dev, entryPoints: { app: 'src/style/app.css' }, outdir: out });
await copyFile(path.join(here, 'src/index.html'), path.join(out, 'index.html'));
if (!dev) {
  const [script, boot, css, page] = await Promise.all(['app.js', 'boot.js', 'app.css', 'index.html'].map((name) => readFile(path.join(out, name), 'utf8')));
  const short = shortProperties({ css, script: await small(script, common.target), page: page + boot });
  for (const [name, text] of /** @type {const} */ ([['app.js', short.script], ['app.css', short.css], ['boot.js', await small(boot, common.target)]])) await writeFile(path.join(out, name), text);
}

let plain = 0;
let zipped = 0;
for (const name of await readdir(out)) {
  const bytes = await readFile(path.join(out, name));
  plain += bytes.length;
  zipped += gzipSync(bytes, { level: 9 }).length;
}
const kilo = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1);
process.stdout.write(`page: ${kilo(plain)} kB, ${kilo(zipped)} kB gzipped\n`);
if (!dev && zipped > LIMIT_BYTES) {
  process.stderr.write(`The page is over its limit of ${kilo(LIMIT_BYTES)} kB gzipped.\n`);
  process.exitCode = 1;
}
