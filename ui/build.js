// Builds the page into dist/: `npm run build`. With --dev also the development pages beside it.
//
// boot.js stays tiny and stands alone, so that a mistake anywhere else still ends in words on the
// screen. All else is one bundle: it compresses better than its parts, and is read once.

import { build } from 'esbuild';
import { minify } from 'terser';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { flatWords } from './build/flat-words.js';
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
  minify: !dev,
  target: ['es2022', 'safari16.4'],
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: here,
};

const source = path.join(here, 'src');
/**
 * Modules that resemble each other stand together in the bundle, which saves 2 % of the zipped page:
 * gzip looks back 32 kB and no further. The order in which they are imported is their order there.
 */
const order = ['words/', 'host/', 'data/', 'parts/', 'panels/call', 'panels/result', 'panels/new-run/', 'panels/'];
const modules = (await readdir(source, { recursive: true })).map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.js')).sort();
const neighbours = order.flatMap((start, at) => modules.filter((name) => order.findIndex((one) => name.startsWith(one)) === at));

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

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  ...common,
  entryPoints: { boot: 'src/boot.js', app: 'src/app.js', ...(dev ? { parts: 'dev/parts.js' } : {}) },
  splitting: true,
  chunkNames: 'part-[name]-[hash]',
  outdir: out,
  plugins: [compact],
  define: { 'process.env.NODE_ENV': '"production"' },
});
await build({ ...common, entryPoints: { app: 'src/style/app.css' }, outdir: out });
// A second pass, which saves 5 % of the zipped page. Functions stay where they are: put in place of
// their calls they are fewer bytes, but compress worse.
const tighter = { module: true, ecma: /** @type {const} */ (2020), compress: { passes: 2, inline: 0, reduce_funcs: false, lhs_constants: false } };
for (const name of dev ? [] : ['app.js', 'boot.js']) {
  const file = path.join(out, name);
  const { code } = await minify(await readFile(file, 'utf8'), tighter);
  await writeFile(file, code ?? '');
}
await copyFile(path.join(here, 'src/index.html'), path.join(out, 'index.html'));

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
