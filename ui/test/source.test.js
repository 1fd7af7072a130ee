// Ways to turn text into markup or code are banned from the source, whatever the policy of the
// window would stop at run time.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';

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

test('the page has no inline script or style', async () => {
  const html = await readFile(new URL('index.html', root), 'utf8');
  assert.doesNotMatch(html, /<style/);
  for (const [tag] of html.matchAll(/<script[^>]*>/g)) assert.match(tag, /\ssrc=/);
});
