// Builds the page into dist/: `npm run build`. With --dev also the development pages beside it.
//
// boot.js stays tiny and stands alone, so that a mistake anywhere else still ends in words on the
// screen. All else is one bundle: it compresses better than its parts, and is read once.

import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import path from 'node:path';
import { common, inThisOrder, page, privateMembers, readModules } from './build/bundle.js';
import { shortProperties, small } from './build/minify.js';
import { inOrder } from './build/order.js';

const dev = process.argv.includes('--dev');
const out = path.join(page, dev ? 'dist-dev' : 'dist');

/** Limit of the whole page, gzipped. A page that grows past it fails to build. */
const LIMIT_BYTES = 82 * 1000;

const modules = await readModules((line) => void process.stdout.write(`${line}\n`));
const order = inOrder([...modules.keys()]);
/** What is built, by file name. It is written at the end, all at once: others may be reading the folder. @type {Map<string, string>} */
const files = new Map([['index.html', await readFile(path.join(page, 'src/index.html'), 'utf8')]]);
for (const options of [
  {
    entryPoints: { boot: 'src/boot.js', app: 'src/app.js', ...(dev ? { parts: 'dev/parts.js' } : {}) },
    splitting: true,
    chunkNames: 'part-[name]-[hash]',
    plugins: [inThisOrder(modules, () => order), privateMembers],
    define: { 'process.env.NODE_ENV': '"production"' },
  },
  { entryPoints: { app: 'src/style/app.css' }, minify: !dev },
]) {
  const { outputFiles } = await build({ ...common, ...options, outdir: out, write: false });
  for (const { path: file, text } of outputFiles) files.set(path.basename(file), text);
}
const text = (/** @type {string} */ name) => files.get(name) ?? '';
if (!dev) {
  for (const name of ['app.js', 'boot.js']) files.set(name, await small(text(name), common.target));
  const short = shortProperties({ css: text('app.css'), script: text('app.js'), page: text('index.html') + text('boot.js') });
  files.set('app.css', short.css).set('app.js', short.script);
}
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const [name, content] of files) await writeFile(path.join(out, name), content);

let plain = 0;
let zipped = 0;
for (const content of files.values()) {
  plain += Buffer.byteLength(content);
  zipped += gzipSync(content, { level: 9 }).length;
}
const kilo = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1);
process.stdout.write(`page: ${kilo(plain)} kB, ${kilo(zipped)} kB gzipped\n`);
if (!dev && zipped > LIMIT_BYTES) {
  process.stderr.write(`The page is over its limit of ${kilo(LIMIT_BYTES)} kB gzipped.\n`);
  process.exitCode = 1;
}
