// What the build does to templates, to the names in styles, and to the order of modules.
import test from 'node:test';
import assert from 'node:assert/strict';
import { inOrder } from '../build/order.js';
import { shortProperties, small } from '../build/minify.js';
import { smallTemplates } from '../build/templates.js';

/** @param {string} panel @param {string} [words] */
const templates = (panel, words = "export const title = 'Ends & means'; export const quoted = 'Say \"a < b\"'; export const odd = 'costs `$1`'; export let later = 'x'; export const count = (n) => n;") =>
  smallTemplates(new Map([['words/words.js', words], ['panels/panel.js', panel]])).get('panels/panel.js');
const imports = "import { title, quoted, odd, later, count } from '../words/words.js';";

test('constant text is written into a template, as text and as an attribute', () => {
  assert.equal(templates(`${imports}html\`<p>\${title}</p>\`;`), `${imports}html\`<p>Ends &amp; means</p>\`;`);
  assert.equal(templates(`${imports}html\`<p title=\${quoted} id=\${x}>\${quoted}</p>\`;`), `${imports}html\`<p title="Say &quot;a &lt; b&quot;" id=\${x}>Say "a &lt; b"</p>\`;`);
  assert.equal(templates("const own = 'Own'; html`<lc-part ?on=${on} label=${own}></lc-part>`;"), "const own = 'Own'; html`<lc-part ?on=${on} label=\"Own\"></lc-part>`;");
});

test('what is not plain text in a plain place stays an expression', () => {
  for (const one of [
    'html`<p .title=${title} ?hidden=${title} @click=${title}></p>`',
    'html`<p title="${title}, ${title}"></p>`',
    'html`<p title=${title}${title}></p>`',
    'html`<textarea>${title}</textarea>`',
    'html`<p>${odd} ${later} ${count} ${count(title)} ${more.title}</p>`',
    'html`<p ${title}></p>`',
    'other`<p>${title}</p>`',
    '`<p>${title}</p>`',
    'things.map((title) => html`<p>${title}</p>`)',
  ]) assert.equal(templates(`${imports}${one};`), `${imports}${one};`);
});

test('a template loses its indentation and nothing else', () => {
  assert.equal(templates("html`<p>\n    One ${x}\n  </p>`; const kept = 'a';\n\nlet more = `\n  two`;"), "html`<p> One ${x} </p>`; const kept = 'a';\n\nlet more = `\n  two`;");
});

test('own properties of a style get short names where all their uses are seen', () => {
  const short = shortProperties({
    css: ':root{--line:#000;--line-strong:#111;--seen:1;--set:2}a{color:var(--line);top:var(--line-strong, 1px);left:var(--seen);right:var(--set);--a:0}',
    script: "css`b{color:var(--line)}`;style.setProperty('--set',1);line--;",
    page: '<i style="--seen:2">',
  });
  assert.equal(short.css, ':root{--b:#000;--c:#111;--seen:1;--set:2}a{color:var(--b);top:var(--c, 1px);left:var(--seen);right:var(--set);--d:0}');
  assert.equal(short.script, "css`b{color:var(--b)}`;style.setProperty('--set',1);line--;");
});

test('a script that is made small still does the same', async () => {
  const code = await small("class One { _$AB = 2; #own = 3; quoted = { _$litType$: 1 }; sum() { return this._$AB + this.#own + this.quoted._$litType$; } } export const start = () => [new One().sum(), Object.keys(new One().quoted)];", ['es2022']);
  const { start } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
  assert.deepEqual(start(), [6, ['_$litType$']]);
  assert.doesNotMatch(code, /_\$AB/);
});

test('a script that is made small is ASCII, and says the same', async () => {
  const code = await small("const tag = (texts, ...values) => texts[0] + values.join(); export const start = () => [tag`… ${'×'}`, '\u{1f600} é', '–'.replace(/[–—]/u, '·')];", ['es2022']);
  assert.match(code, /^[\x00-\x7f]*$/);
  const { start } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
  assert.deepEqual(start(), ['… ×', '\u{1f600} é', '·']);
});

test('every module but the entries has its place in the bundle, new ones beside their folder', () => {
  const list = inOrder(['app.js', 'panels/call/new.js', 'words/call.js', 'panels/call/find.js', 'words/zeal.js', 'odd/one.js']);
  assert.deepEqual([...list].sort(), ['odd/one.js', 'panels/call/find.js', 'panels/call/new.js', 'words/call.js', 'words/zeal.js']);
  assert.equal(list.indexOf('panels/call/new.js'), list.indexOf('panels/call/find.js') + 1);
  assert.equal(list.indexOf('words/zeal.js'), list.indexOf('words/call.js') + 1);
});
