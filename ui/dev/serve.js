// Serves the development build on loopback, under the policy of the real window, with the fake host
// put in front of the page. Only for looking; nothing of it is in the bundle.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.map': 'application/json' };
const conf = JSON.parse(await readFile(path.join(here, '../../tauri.conf.json'), 'utf8'));
const policy = Object.entries(conf.app.security?.csp ?? { 'default-src': "'self'" }).map(([name, value]) => `${name} ${value}`).join('; ');

/** @param {number} port 0 for any free one @returns {Promise<{ origin: string, close(): void }>} */
export async function serve(port) {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname;
    try {
      if (name === '/' || name === '/parts') {
        const html = await readFile(path.join(here, '../src/index.html'), 'utf8');
        const entry = name === '/parts' ? html.replace('boot.js', 'parts.js').replace(/<lc-app>.*<\/lc-app>/s, '<main id="content"></main>') : html;
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
        response.end(entry.replace('<link', '<script src="fake-results.js"></script>\n<script src="fake-host.js"></script>\n<script src="fake-launch.js"></script>\n<link'));
        return;
      }
      if (!/^\/[\w.-]+$/.test(name)) throw new Error('no such file');
      const file = /^\/fake-[a-z]+\.js$/.test(name) ? path.join(here, name) : name === '/axe.min.js' ? path.join(here, '../node_modules/axe-core/axe.min.js') : path.join(here, '../dist-dev', name);
      const bytes = await readFile(file);
      response.writeHead(200, { 'content-type': `${types[/** @type {keyof typeof types} */ (path.extname(name))] ?? 'text/plain'}; charset=utf-8`, 'cache-control': 'no-store' });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { origin: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { origin } = await serve(Number(process.env.PORT ?? 4173));
  process.stdout.write(`${origin}/  ${origin}/?world=practice#/settings  ${origin}/parts\n`);
}
