// The scale of type. On Linux each size, weight or font feature more costs fontconfig a few milliseconds at
// its first use, and a sign that the first font lacks is looked for in all the others: a screen that is
// drawn in six descriptions instead of sixteen is there that much sooner.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';

const root = new URL('../src/', import.meta.url);
const names = await readdir(root, { recursive: true });
/** @param {string} name */
const read = (name) => readFile(new URL(name, root), 'utf8');

const allowed = {
  'font-size': ['12px', '13.5px', '15px', '18px', '26px', 'inherit'],
  'font-weight': ['400', '600'],
  'font-family': ['var(--font)', 'var(--mono)'],
  // Written out it sets the features of the text back to none: the same letters, as another description.
  font: ['inherit'],
};
const rootFont = '13.5px/1.5 var(--font)';
const why = 'each other font is looked up anew, 3 to 10 ms at the start; the scale stands at the top of style/base.css';

/** What a sheet says of fonts, where it is not on the scale. @param {string} css */
const off = (css) =>
  [...css.replace(/\/\*[^]*?\*\//g, '').matchAll(/(?<![\w-])(font(?!-face)[\w-]*):\s*([^;}]+?)\s*(?:!important\s*)?(?=[;}])/g)]
    .filter(([, name, value]) => name !== '-webkit-font-smoothing' && !allowed[/** @type {keyof typeof allowed} */ (name)]?.includes(value))
    .map(([, name, value]) => `${name}: ${value}`);

test('every font of the styles is on the scale', async () => {
  assert.deepEqual(off('a { font-size: 11px; --font: "Inter"; } b{font-weight:700;font:600 12px/1 x}i{font-size:12px!important}/* font: x */ u { font-variant-numeric: tabular-nums }'),
    ['font-size: 11px', 'font-weight: 700', 'font: 600 12px/1 x', 'font-variant-numeric: tabular-nums']);
  const sheets = names.filter((name) => name.endsWith('.css'));
  assert.ok(sheets.length > 8);
  for (const name of sheets) {
    const first = name === 'style/base.css' ? [`font: ${rootFont}`, 'font-feature-settings: "tnum", "cv05"'] : [];
    assert.deepEqual(off(await read(name)), first, `${name}: ${why}`);
  }
});

// `✕` is not in Inter: it is the mark of a failed call, and costs its search only where there is one.
const signs = '…·“”’–—✓✕×↑↓←→›■⌘±';

test('signs are ones that Inter has', async () => {
  for (const name of names.filter((one) => /\.(js|css|html)$/.test(one))) {
    const others = [...new Set((await read(name)).match(/[^\x00-\x7f]/g))].filter((sign) => !signs.includes(sign));
    assert.deepEqual(others, [], `${name}: a sign that the font lacks is looked for in every font; draw it, or check fc-list ":family=Inter:charset=…" and add it here`);
  }
});
