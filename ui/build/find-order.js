// Looks for an order of the modules that compresses better than that of order.js, and writes it there:
// `npm run order [seconds]`. Moves a few modules at random, keeps what is smaller, and at first now and
// then what is not, so as not to stop at the nearest good order.

import { build } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import path from 'node:path';
import { common, inThisOrder, page, privateMembers, readModules } from './bundle.js';
import { inOrder } from './order.js';

const file = path.join(page, 'build/order.js');
const span = Number(process.argv[2] ?? 600) * 1000;
const modules = await readModules();
/** @param {ReadonlyArray<string>} order */
async function size(order) {
  const { outputFiles } = await build({ ...common, minify: true, write: false, entryPoints: ['src/app.js'], plugins: [inThisOrder(modules, () => order), privateMembers] });
  return gzipSync(outputFiles?.[0].contents ?? '', { level: 9 }).length;
}
/** @param {number} below */
const random = (below) => Math.floor(Math.random() * below);

let now = { order: inOrder([...modules.keys()]), size: 0 };
now.size = await size(now.order);
let best = now;
const before = now.size;
const start = Date.now();
for (let past = 0; past < 1; past = (Date.now() - start) / span) {
  const order = [...now.order];
  const count = 1 + random(1 + random(10));
  const moved = order.splice(random(order.length - count), count);
  order.splice(random(order.length + 1), 0, ...moved);
  const tried = { order, size: await size(order) };
  if (tried.size > now.size && Math.random() > Math.exp((now.size - tried.size) / Math.max(0.01, 5 * (1 - past / 0.8)))) continue;
  now = tried;
  if (now.size < best.size) best = now;
}

const lines = [''];
for (const name of best.order) {
  if ((lines.at(-1) ?? '').length + name.length > 140) lines.push('');
  lines[lines.length - 1] += `${lines.at(-1) === '' ? '  ' : ' '}'${name}',`;
}
await writeFile(file, (await readFile(file, 'utf8')).replace(/(const measured = \[\n)[^\]]*\n(\];)/, `$1${lines.join('\n')}\n$2`));
process.stdout.write(`before ${before}, now ${best.size} bytes, as esbuild alone makes it\n`);
