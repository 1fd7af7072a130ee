// Every code of the Rust side has words, and the words keep the tone of the house.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { connectionWords, keyStates } from '../src/words/connection.js';
import { errorWords, errors } from '../src/words/errors.js';
import { checkWords, checks } from '../src/words/checks.js';
import { whyWords, whys } from '../src/words/why.js';

const crates = new URL('../../src-tauri/crates/', import.meta.url);
/** @param {string} name */
const rust = (name) => readFile(new URL(name, crates), 'utf8');

/** All Rust text below a folder, so that a file may be split without this test going blind.
 * @param {string} folder @returns {Promise<string>} */
async function rustBelow(folder) {
  const names = await readdir(new URL(folder, crates), { recursive: true });
  const files = names.filter((name) => name.endsWith('.rs'));
  return (await Promise.all(files.map((name) => rust(folder + name)))).join('\n');
}

/** @param {string} text */
const snake = (text) => text.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();

/** Names of the variants of a plain enum, as they cross to the page. @param {string} source @param {string} name */
function variants(source, name) {
  const body = source.match(new RegExp(`pub enum ${name} \\{\\n([\\s\\S]*?)\\n\\}`))?.[1];
  assert.ok(body, `enum ${name} is there`);
  return [...body.matchAll(/^ {4}(\w+),/gm)].map((match) => snake(match[1]));
}

const engine = await rustBelow('engine/src/');
const codes = variants(engine, 'Code');
const checkCodes = variants(engine, 'CheckCode');
const verdict = await rust('verdict/src/why.rs');
const whyList = verdict.match(/pub const CODES: [^=]*= \[([\s\S]*?)\];/)?.[1] ?? '';
const whyCodes = [...whyList.matchAll(/"([a-z_]+)"/g)].map((match) => match[1]);

test('every error code has a sentence, a remedy and a tone', () => {
  assert.ok(codes.length > 40);
  for (const code of codes) {
    assert.ok(Object.hasOwn(errors, code), `no words for ${code}`);
    const words = errorWords({ code: /** @type {never} */ (code), detail: 'a detail', number: 7 });
    assert.match(words.say, /^\p{Lu}.*[.]$/u, code);
    assert.match(words.todo, /^\p{Lu}.*[.]$/u, code);
    assert.ok(['bad', 'lost', 'wait'].includes(words.tone), code);
  }
});

test('there are no words for codes that do not exist', () => {
  const page = ['no_answer', 'not_allowed', 'page_error'];
  assert.deepEqual(Object.keys(errors).filter((code) => !codes.includes(code) && !page.includes(code)), []);
  assert.deepEqual(Object.keys(checks).filter((code) => !checkCodes.includes(code)), []);
});

test('no error promises another try: only the banner of the connection knows of one', () => {
  for (const code of Object.keys(errors)) {
    const words = errorWords({ code: /** @type {never} */ (code), detail: null, number: 7 });
    assert.doesNotMatch(`${words.say} ${words.todo}`, /by itself/, code);
  }
});

test('the offline banner keeps a remedy that only a person can apply', () => {
  /** @param {import('../src/host/types').Code} code */
  const todo = (code) => connectionWords({ state: 'offline', code, detail: null, nextTryAt: null, credits: null, mayLaunch: null, live: 0 })?.todo ?? '';
  assert.ok(todo('tls_untrusted').startsWith(`${errorWords({ code: 'tls_untrusted' }).todo} `));
  assert.ok(todo('proxy_auth').startsWith(`${errorWords({ code: 'proxy_auth' }).todo} `));
  assert.equal(todo('unreachable'), 'What was read before is shown; calls under way go on.');
});

test('a page that stands in the way of a followed call is not blamed on the address', () => {
  const between = errorWords({ code: 'web_page' });
  const said = connectionWords({ state: 'trouble', code: 'not_cekura', detail: null, nextTryAt: null, credits: null, mayLaunch: null, live: 1 });
  assert.deepEqual([said?.say, said?.todo], [between.say, between.todo]);
  assert.match(between.todo, /sign-in page/);
  assert.doesNotMatch(errorWords({ code: 'unreadable' }).todo, /sign-in/, 'no markup, no page');
});

test('every state of the key has words, and one that a retry may mend has the button', () => {
  const states = variants(engine, 'KeyStateView');
  assert.deepEqual(Object.keys(keyStates).sort(), states.sort());
  for (const state of /** @type {const} */ (['store_missing', 'store_failed', 'slow'])) assert.ok(keyStates[state].buttons.includes('retry'), state);
});

test('every check has a sentence, with and without its number and names', () => {
  assert.ok(checkCodes.length > 15);
  for (const code of checkCodes) {
    for (const more of [{ count: null, names: [] }, { count: 1, names: ['One'] }, { count: 5, names: ['A', 'B', 'C', 'D', 'E'] }]) {
      const words = checkWords({ level: 'warn', code: /** @type {never} */ (code), ...more });
      assert.match(words.say, /^[\p{Lu}\d].*[.]$/u, code);
      assert.doesNotMatch(`${words.say}${words.todo}`, /undefined|null|NaN/, code);
    }
  }
});

test('every reason of the verdict has words', () => {
  assert.ok(whyCodes.length > 15);
  assert.deepEqual(Object.keys(whys).filter((code) => !whyCodes.includes(code)), []);
  for (const code of whyCodes) {
    assert.ok(Object.hasOwn(whys, code), `no words for ${code}`);
    for (const text of [null, 'a text']) {
      const words = whyWords({ code, text, side: null, number: 50 });
      assert.ok(words.say.length > 2);
      assert.doesNotMatch(words.say, /undefined|null|NaN/);
    }
  }
});

test('a code from a later version is not silent', () => {
  assert.equal(errorWords({ code: /** @type {never} */ ('from_a_later_version') }).say, errors.internal.say);
  assert.equal(whyWords({ code: 'from_a_later_version', text: null, side: 'moon', number: null }).say, 'from a later version');
});

test('no sentence raises its voice', async () => {
  const folder = new URL('../src/words/', import.meta.url);
  for (const name of await readdir(folder)) {
    const source = (await readFile(new URL(name, folder), 'utf8')).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    for (const [sentence] of source.matchAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g)) {
      const plain = sentence.replace(/\$\{[^}]*\}/g, '');
      // The glyph of *never connected* is a sign, not a sentence.
      if (plain === "'!'") continue;
      assert.ok(!plain.includes('!'), `${name}: ${sentence}`);
    }
  }
});

test('a first contact is quiet, unless it waits for the keychain', () => {
  /** @param {import('../src/host/types').Code | null} code */
  const said = (code) => connectionWords({ state: 'connecting', code, detail: null, nextTryAt: null, credits: null, mayLaunch: null, live: 0 });
  assert.equal(said(null), null);
  assert.equal(said('keychain_waits')?.say, errorWords({ code: 'keychain_waits' }).say);
});
