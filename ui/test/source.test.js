// Ways to turn text into markup or code are banned from the source, whatever the policy of the
// window would stop at run time.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { parse } from 'acorn';

const root = new URL('../src/', import.meta.url);
const names = (await readdir(root, { recursive: true })).filter((name) => /\.(js|html)$/.test(name));

const banned = [
  /\binnerHTML\b/, /\bouterHTML\b/, /\binsertAdjacentHTML\b/, /\bdocument\.write/, /\bunsafeHTML\b/, /\bunsafeSVG\b/,
  /\bsrcdoc\b/, /\beval\s*\(/, /\bnew Function\b/, /\bstyleMap\b/, /\bjavascript:/, /\bsetHTML/, /\bcreateContextualFragment\b/,
  /\bDOMParser\b/, /\bwindow\.open\b/, /\bfetch\s*\(/, /\bXMLHttpRequest\b/, /\bWebSocket\b/, /\blocalStorage\b/, /\bsessionStorage\b/,
  // A style or an event handler as an attribute is blocked by the content policy.
  /<[a-z-]+\s[^>]*\sstyle=/, /\son[a-z]+="/,
];

test('no banned way to make markup, code or requests', async () => {
  assert.ok(names.length > 20);
  for (const name of names) {
    const text = await readFile(new URL(name, root), 'utf8');
    for (const pattern of banned) assert.doesNotMatch(text, pattern, `${name}: ${pattern}`);
  }
});

test('only the host speaks to Rust, and parts know no data', async () => {
  for (const name of names) {
    const text = await readFile(new URL(name, root), 'utf8');
    if (!name.startsWith('host')) assert.doesNotMatch(text, /from '@tauri-apps|__TAURI/, name);
    if (name.startsWith('parts')) assert.doesNotMatch(text, /from '\.\.\/(data|host|panels)\//, name);
    if (name.startsWith('panels')) assert.doesNotMatch(text, /import \{[^}]*\bcall\b[^}]*\} from '\.\.\/host/, name);
  }
});

/** Text between tags and in the attributes that are shown or read out. @param {string} markup */
const shownIn = (markup) => [
  ...markup.replace(/<[^>]*>/g, '\n').split('\n'),
  ...[...markup.matchAll(/\s(?:aria-label|title|placeholder|label|heading|cancel|say|todo|word)="([^"]*)"/g)].map((match) => match[1]),
];
/** A word with a capital and more after it, or a word and the dots of a wait. @param {string} text */
const isSentence = (text) => /^\p{Lu}\p{Ll}+(?: \S|…)/u.test(text.trim());

/** What a module would show in words of its own. @param {string} source @returns {Array<string>} */
function sentencesIn(source) {
  /** @type {Array<string>} */
  const found = [];
  /** @param {any} node @param {boolean} markup */
  const look = (node, markup) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) return node.forEach((one) => look(one, markup));
    // What a mistake of the program says is for whoever mends it.
    if (node.type === 'NewExpression' && /Error$/.test(node.callee.name ?? '') && node.callee.name !== 'HostError') return;
    if (node.type === 'Literal' && typeof node.value === 'string' && isSentence(node.value)) found.push(node.value);
    if (node.type === 'TaggedTemplateExpression') return look(node.quasi, true);
    if (node.type === 'TemplateLiteral') {
      // Each value stands for itself; an attribute's own text is cut off where a value begins.
      const text = node.quasis.map((/** @type {any} */ one) => one.value.cooked);
      if (markup) found.push(...shownIn(text.join('\n')).filter((one) => isSentence(one) || /^\p{Lu}\p{Ll}+$/u.test(one.trim())));
      else if (isSentence(text.join('x'))) found.push(text.join('x'));
      return look(node.expressions, false);
    }
    for (const [name, value] of Object.entries(node)) if (name !== 'type') look(value, false);
  };
  look(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }), false);
  return found;
}

test('every sentence stands in words/', async () => {
  assert.deepEqual(sentencesIn('const a = "Leave it"; b({ c: `Opening ${a}…` }); html`<p title="Close it">Find</p>${d ? "Stop it" : e}`; throw new Error("No such thing")').sort(),
    ['Close it', 'Find', 'Leave it', 'Opening x…', 'Stop it']);
  for (const name of names) {
    // boot.js stands alone: it speaks when nothing else could be read, so it imports nothing.
    if (!name.endsWith('.js') || name.startsWith('words') || name === 'boot.js') continue;
    const yet = name === 'app.js' ? ['Opening Linecheck…', 'Go to the key'] : [];
    assert.deepEqual(sentencesIn(await readFile(new URL(name, root), 'utf8')).filter((one) => !yet.includes(one)), [], name);
  }
});

test('the page has no inline script or style', async () => {
  const html = await readFile(new URL('index.html', root), 'utf8');
  assert.doesNotMatch(html, /<style/);
  for (const [tag] of html.matchAll(/<script[^>]*>/g)) assert.match(tag, /\ssrc=/);
});
