// Takes screenshots of the screens in light and dark, in the sizes that matter, and runs axe over
// each: `npm run shots [name…]`. Speaks to Chromium over a pipe, so nothing has to be installed for it
// but the browser (CHROMIUM names another than `chromium`). Pictures land in ui/shots/.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { serve } from './serve.js';
import { resultShots } from './shots-results.js';
import { newRunShots } from './shots-new-run.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, '../shots');

/** @typedef {{ name: string, at: string, width?: number, height?: number, zoom?: number, dark?: boolean, do?: string, must?: string, wait?: number }} Shot */
/** `do` is done before the picture is taken; `must` is true afterwards. */
/** Fills a field the way a person does. */
const type = (/** @type {string} */ hook, /** @type {string} */ text) => `document.querySelector('[data-test=${hook}]').value = ${JSON.stringify(text)};`;
const press = (/** @type {string} */ selector) => `document.querySelector('${selector}').click();`;
/** @type {Array<Shot>} */
const shots = [
  { name: 'welcome', at: '/' },
  { name: 'welcome-dark', at: '/', dark: true },
  { name: 'welcome-wrong', at: '/', do: `${type('connect-key', 'wrong')}${press('[data-test=connect-save]')}`, must: `document.querySelector('[data-test=connect-key]').value === 'wrong' && document.querySelector('[data-test=connect-error]').dataset.code === 'bad_key'` },
  { name: 'welcome-empty', at: '/', do: press('[data-test=connect-save]'), must: `document.querySelector('[data-test=connect-error]').dataset.code === 'key_empty' && document.activeElement.id === 'connect-key'` },
  { name: 'welcome-practice', at: '/', do: press('[data-test=connect-practice]'), must: `location.hash === '#/new' && document.querySelector('[data-test=workspace-name]').textContent === 'Practice studio' && /25,000 pretend credits/.test(document.querySelector('.foot').textContent) && document.activeElement.tagName === 'H1'` },
  { name: 'welcome-session', at: '/?world=no-keychain', do: `${type('connect-key', 'some-key')}${press('[data-test=connect-save]')} setTimeout(() => document.querySelector('[data-test=connect-session-only]').click(), 650); setTimeout(() => (window.kept = document.body.textContent.includes('some-key')), 1500);`, wait: 1800, must: `location.hash === '#/new' && !window.kept` },
  { name: 'welcome-no-keychain', at: '/?world=no-keychain', do: `${type('connect-key', 'some-key')}${press('[data-test=connect-save]')}`, dark: true },
  { name: 'welcome-known', at: '/?world=cekura#/welcome', do: press('details summary') },
  { name: 'welcome-small', at: '/', width: 900, height: 600 },
  { name: 'welcome-zoomed', at: '/', width: 450, height: 300, zoom: 2 },
  { name: 'settings', at: '/?world=cekura#/settings' },
  { name: 'settings-dark', at: '/?world=practice#/settings', dark: true },
  { name: 'settings-tall', at: '/?world=rejected#/settings', height: 1700 },
  { name: 'settings-small', at: '/?world=locked#/settings', width: 900, height: 600 },
  { name: 'settings-zoomed', at: '/?world=cekura#/settings', width: 450, height: 300, zoom: 2 },
  { name: 'settings-wrong', at: '/?world=cekura#/settings', do: `${type('setting-confirmAbove', '0')}${press('[data-test=settings-save]')}`, must: `document.querySelector('#confirmAbove').getAttribute('aria-invalid') === 'true' && document.querySelector('#confirmAbove').value === '0' && document.activeElement.id === 'confirmAbove'` },
  { name: 'settings-saved', at: '/?world=cekura#/settings', do: `${type('setting-confirmAbove', '1,200')}${press('[data-test=settings-save]')}`, must: `document.querySelector('#confirmAbove').value === '1200' || document.querySelector('#confirmAbove').value === '1,200'` },
  { name: 'settings-erased', at: '/?world=cekura#/settings', do: `${press('[data-test=erase-all]')} setTimeout(() => { const w = document.querySelector('#erase-word'); w.value = 'ERASE'; w.dispatchEvent(new Event('input', { bubbles: true })); setTimeout(() => document.querySelector('[data-test=dialog-yes]').click(), 100); }, 100);`, must: `!document.querySelector('.rail') && !!document.querySelector('[data-test=connect-practice]') && !document.querySelector('.welcome-known')` },
  { name: 'shortcut', at: '/?world=cekura#/settings', do: `dispatchEvent(new KeyboardEvent('keydown', { key: 'n', ctrlKey: true }))`, must: `location.hash === '#/new' && document.activeElement.tagName === 'H1'` },
  { name: 'settings-erase', at: '/?world=cekura#/settings', do: press('[data-test=erase-all]') },
  { name: 'settings-replace', at: '/?world=cekura#/settings', do: press('[data-test=key-replace]'), dark: true },
  { name: 'offline', at: '/?world=offline#/results' },
  { name: 'broken', at: '/?world=broken' },
  { name: 'parts', at: '/parts', height: 1500 },
  { name: 'parts-dark', at: '/parts', height: 1500, dark: true },
  { name: 'parts-menu', at: '/parts', do: press('lc-choice > button') },
  { name: 'parts-dialog', at: '/parts', do: `[...document.querySelectorAll('.btn')].find((b) => b.textContent === 'Open a dialog').click();`, dark: true },
  { name: 'parts-rows', at: '/parts', height: 1500, do: `for (const key of ['Home', 'End', 'ArrowUp']) document.querySelector('.rows').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))`, must: `(() => { const rows = document.querySelector('.rows'); const active = document.getElementById(rows.getAttribute('aria-activedescendant')); const box = rows.getBoundingClientRect(); const at = active.getBoundingClientRect(); return active.dataset.id === '9999' && at.top >= box.top && at.bottom <= box.bottom + 1 && document.querySelectorAll('.rows-body > *').length < 60; })()` },
  { name: 'parts-stay', at: '/parts', height: 1500, do: `(async () => { const list = document.querySelector('lc-rows'); list.active = 40; await list.updateComplete; const box = list.querySelector('.rows'); box.scrollTop = 200000; await new Promise((r) => setTimeout(r, 100)); list.rows = list.rows.slice(10); await list.updateComplete; window.stayed = [box.scrollTop, list.active].join(); list.active = 3; await list.updateComplete; window.went = box.scrollTop < 1000; })()`, must: `window.stayed === '200000,30' && window.went` },
  { name: 'parts-speed', at: '/parts', height: 1500, do: `(async () => { const list = document.querySelector('lc-rows'); const box = list.querySelector('.rows'); const times = []; const settled = async (change) => { const from = performance.now(); change(); await new Promise((r) => setTimeout(r)); await list.updateComplete; box.offsetHeight; times.push(performance.now() - from); }; const all = list.rows; for (let n = 0; n < 30; n += 1) await settled(() => (list.rows = all.filter((row) => row.id % (n + 2) === 0))); await settled(() => (list.rows = all)); for (let n = 0; n < 60; n += 1) await settled(() => { box.scrollTop = (n * 7919 * 38) % (9900 * 38); box.dispatchEvent(new Event('scroll')); }); times.sort((a, b) => a - b); window.speed = times; })()`, wait: 3000, must: `window.speed.length === 91 && window.speed[Math.floor(91 * 0.95)] < 30` },
  { name: 'parts-hostile', at: '/parts', must: `document.querySelectorAll('img').length === 0 && document.querySelector('.rows').textContent.includes('<img src=x onerror=boom()> [RLO]desrever')` },
  ...newRunShots,
  ...resultShots,
];
const wanted = process.argv.slice(2);

const profile = await mkdtemp(path.join(tmpdir(), 'linecheck-shots-'));
const browser = spawn(process.env.CHROMIUM ?? 'chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--autoplay-policy=no-user-gesture-required', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const [to, from] = [/** @type {import('node:stream').Writable} */ (browser.stdio[3]), /** @type {import('node:stream').Readable} */ (browser.stdio[4])];

let next = 1;
/** @type {Map<number, { resolve(value: any): void, reject(error: Error): void }>} */
const waiting = new Map();
/** @type {(message: any) => void} */
let onEvent = () => {};
let rest = '';
from.setEncoding('utf8');
from.on('data', (text) => {
  const parts = (rest + text).split('\0');
  rest = parts.pop() ?? '';
  for (const part of parts) {
    const message = JSON.parse(part);
    const wait = waiting.get(message.id);
    if (!wait) onEvent(message);
    else if (message.error) wait.reject(new Error(message.error.message));
    else wait.resolve(message.result);
    waiting.delete(message.id);
  }
});
/** @param {string} method @param {object} [params] @param {string} [sessionId] @returns {Promise<any>} */
const send = (method, params = {}, sessionId) =>
  new Promise((resolve, reject) => {
    waiting.set(next, { resolve, reject });
    to.write(`${JSON.stringify({ id: next++, method, params, sessionId })}\0`);
  });

const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
await rm(out, { recursive: wanted.length === 0, force: true }).catch(() => {});
await mkdir(out, { recursive: true });
const server = await serve(0);
const axe = await readFile(path.join(here, '../node_modules/axe-core/axe.min.js'), 'utf8');
let bad = 0;

for (const shot of shots) {
  if (wanted.length > 0 && !wanted.some((name) => shot.name.startsWith(name))) continue;
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  /** @type {Array<string>} */
  const said = [];
  onEvent = (message) => {
    if (message.method === 'Runtime.exceptionThrown') said.push(message.params.exceptionDetails.exception?.description ?? message.params.exceptionDetails.text);
    if (message.method === 'Log.entryAdded' && message.params.entry.level === 'error') said.push(message.params.entry.text);
    if (message.method === 'Runtime.consoleAPICalled' && message.params.type === 'error') said.push(message.params.args.map((/** @type {any} */ arg) => arg.value ?? arg.description).join(' '));
  };
  for (const domain of ['Page', 'Runtime', 'Log']) await send(`${domain}.enable`, {}, sessionId);
  await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: shot.dark ? 'dark' : 'light' }] }, sessionId);
  await send('Emulation.setDeviceMetricsOverride', { width: shot.width ?? 1280, height: shot.height ?? 820, deviceScaleFactor: shot.zoom ?? 1, mobile: false }, sessionId);
  await send('Page.navigate', { url: server.origin + shot.at }, sessionId);
  await pause(700);
  if (shot.do) {
    await send('Runtime.evaluate', { expression: shot.do }, sessionId);
    await pause(shot.wait ?? 900);
  }
  const must = shot.must ? await send('Runtime.evaluate', { expression: `String(${shot.must})` }, sessionId) : null;
  if (shot.name === 'parts-speed') {
    const { result } = await send('Runtime.evaluate', { expression: `'filter and jump: median ' + window.speed[45].toFixed(1) + ' ms, 95 of 100 below ' + window.speed[86].toFixed(1) + ' ms'` }, sessionId);
    process.stdout.write(`  ${result.value}\n`);
  }
  if (must && must.result.value !== 'true') said.push(`not so: ${shot.must} (${must.result.value ?? must.result.description})`);
  const { data } = await send('Page.captureScreenshot', { format: 'png' }, sessionId);
  await writeFile(path.join(out, `${shot.name}.png`), Buffer.from(data, 'base64'));
  await send('Runtime.evaluate', { expression: axe }, sessionId);
  const { result } = await send('Runtime.evaluate', { awaitPromise: true, returnByValue: true, expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => ({ wide: document.documentElement.scrollWidth - innerWidth, found: r.violations.map((v) => v.impact + ' ' + v.id + ': ' + v.nodes.slice(0, 4).map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | ')) }))` }, sessionId);
  const findings = [...(result.value?.found ?? ['axe did not run']), ...(result.value?.wide > 0 ? [`scrolls sideways by ${result.value.wide} px`] : []), ...said.map((text) => `console: ${text.slice(0, 300)}`)];
  bad += findings.length;
  process.stdout.write(`${shot.name}${findings.length ? '\n  ' : ': nothing found'}${findings.join('\n  ')}\n`);
  await send('Target.closeTarget', { targetId });
}
server.close();
browser.kill();
await new Promise((resolve) => browser.once('exit', resolve));
await rm(profile, { recursive: true, force: true, maxRetries: 3 });
process.exitCode = bad > 0 ? 1 : 0;
