// Builds the page into dist/: `npm run build`. With --dev also the development pages beside it.
//
// boot.js stays tiny and stands alone, so that a mistake anywhere else still ends in words on the
// screen. All else is one bundle: it compresses better than its parts, and is read once.

import { build } from 'esbuild';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import path from 'node:path';
import { common, inThisOrder, page, privateMembers, readModules } from './build/bundle.js';
import { shortProperties, small } from './build/minify.js';
import { inOrder } from './build/order.js';

const dev = process.argv.includes('--dev');
const out = path.join(page, dev ? 'dist-dev' : 'dist');

/** Limit of the whole page, gzipped. A page that grows past it fails to build. */
const LIMIT_BYTES = 80 * 1000;

const modules = await readModules((line) => void process.stdout.write(`${line}\n`));
const order = inOrder([...modules.keys()]);
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  ...common,
  entryPoints: { boot: 'src/boot.js', app: 'src/app.js', ...(dev ? { parts: 'dev/parts.js' } : {}) },
  splitting: true,
  chunkNames: 'part-[name]-[hash]',
  outdir: out,
  plugins: [inThisOrder(modules, () => order), privateMembers],
  define: { 'process.env.NODE_ENV': '"production"' },
});
await build({ ...common, minify: !dev, entryPoints: { app: 'src/style/app.css' }, outdir: out });
await copyFile(path.join(page, 'src/index.html'), path.join(out, 'index.html'));
if (!dev) {
  const [script, boot, css, html] = await Promise.all(['app.js', 'boot.js', 'app.css', 'index.html'].map((name) => readFile(path.join(out, name), 'utf8')));
  const short = shortProperties({ css, script: await small(script, common.target), page: html + boot });
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
