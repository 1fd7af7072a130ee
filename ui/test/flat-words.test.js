// Tables of words are made flat when the page is bundled, and only where that changes nothing.
import test from 'node:test';
import assert from 'node:assert/strict';
import { flatWords } from '../build/flat-words.js';

let runs = 0;
/** The modules made flat, and what the last of them exports then. Each run has its own modules. @param {Record<string, string>} texts */
async function run(texts) {
  const { texts: flat, flat: tables, unused } = flatWords(new Map(Object.entries(texts)));
  runs += 1;
  /** @type {Map<string, string>} */
  const addresses = new Map();
  for (const [name, text] of flat) {
    const linked = text.replace(/from '\.\/([\w-]+\.js)'/g, (_, one) => `from '${addresses.get(one)}'`);
    addresses.set(name, `data:text/javascript;base64,${Buffer.from(`${linked}\n// ${runs}`).toString('base64')}`);
  }
  return { flat, tables, unused, module: await import(/** @type {string} */ ([...addresses.values()].at(-1))) };
}

const words = `
import { plural } from './format.js';
/** Said on one screen. */
export const words = {
  title: 'Things',
  count: /** @param {number} count */ (count) => plural(count, words.one),
  one: 'thing',
  views: { list: 'As a list', grid: 'As a grid' },
  never: ('never' + ' said'),
};
`;
const format = "export const plural = (count, one) => `${count} ${count === 1 ? one : `${one}s`}`;";

test('a table read by its members becomes a constant for each', async () => {
  const { flat, tables, module, unused } = await run({
    'format.js': format,
    'words.js': words,
    'panel.js': "import { words as said } from './words.js'; const key = { title: 1 }; export const shown = [said.title, said.count(2), said.views.grid, key.title, { one: said.one }.one];",
  });
  assert.deepEqual(module.shown, ['Things', '2 things', 'As a grid', 1, 'thing']);
  assert.match(flat.get('words.js') ?? '', /^export const words\$views\$grid = 'As a grid';$/m);
  assert.doesNotMatch([...flat.values()].join(), /\b(words|said)\.(title|count|one|views)/);
  assert.deepEqual(tables, ['words.js words']);
  assert.deepEqual(unused, ['words.js words$views$list', 'words.js words$never']);
});

for (const [why, panel, ...shown] of /** @type {Array<[string, string, ...Array<unknown>]>} */ ([
  ['indexed', "import { words } from './words.js'; const key = 'title'; export const shown = words[key];", 'Things'],
  ['passed whole', "import { words } from './words.js'; export const shown = Object.keys(words).length;", 5],
  ['spread', "import { words } from './words.js'; export const shown = { ...words }.title;", 'Things'],
  ['taken apart', "import { words } from './words.js'; const { title } = words; export const shown = title;", 'Things'],
  ['put into a shorthand', "import { words } from './words.js'; export const shown = { words }.words.title;", 'Things'],
  ['shadowed by a parameter', "import { words } from './words.js'; export const shown = [{ title: 'other' }].map((words) => words.title)[0] + words.title;", 'otherThings'],
  ['shadowed by a variable', "import { words } from './words.js'; function one() { const [words] = [{ title: 'other' }]; return words.title; } export const shown = one() + words.title;", 'otherThings'],
  ['written to', "import { words } from './words.js'; words.title = 'other'; export const shown = words.title;", 'other'],
  ['written to in a pattern', "import { words } from './words.js'; ({ a: words.title } = { a: 'other' }); export const shown = words.title;", 'other'],
  ['imported as a whole', "import * as all from './words.js'; import { words } from './words.js'; export const shown = all.words.title + words.title;", 'ThingsThings'],
  ['passed on', "export { words } from './words.js'; import { words } from './words.js'; export const shown = words.title;", 'Things'],
  ['asked for what may be missing', "import { words } from './words.js'; export const shown = words?.title;", 'Things'],
])) {
  test(`a table that is ${why} stays an object`, async () => {
    const { flat, module } = await run({ 'format.js': format, 'words.js': words, 'panel.js': panel });
    assert.deepEqual(module.shown, shown[0]);
    assert.equal(flat.get('words.js'), words);
    assert.equal(flat.get('panel.js'), panel);
  });
}

test('an entry that is a table and is indexed stays one', async () => {
  const { module, flat } = await run({
    'format.js': format,
    'words.js': words,
    'panel.js': "import { words } from './words.js'; export const shown = ['list', 'grid'].map((one) => words.views[one] + words.title);",
  });
  assert.deepEqual(module.shown, ['As a listThings', 'As a gridThings']);
  assert.match(flat.get('words.js') ?? '', /^export const words\$views = \{ list/m);
});

for (const [what, entries] of [['a getter', "get title() { return 'Things'; }"], ['a method', "title() { return 'Things'; }"], ['a function with `this`', "one: 1, title: function () { return this.one; }"], ['a spread', "...{ title: 'Things' }"], ['a computed key', "['title']: 'Things'"]]) {
  test(`a table with ${what} stays an object`, async () => {
    const table = `export const words = { ${entries} };`;
    const { flat } = await run({ 'words.js': table, 'panel.js': "import { words } from './words.js'; export const shown = words.title;" });
    assert.equal(flat.get('words.js'), table);
  });
}

test('a use that alone keeps a table from being flat is told', () => {
  const { held, flat } = flatWords(new Map([['words.js', "export const words = { a: 'A', b: 'B', c: 'C' };\nexport const codes = { a: 'A' };"], ['panel.js', "import { codes, words } from './words.js';\nexport const shown = (one) => [words.a, words.b, words.c, words.a,\n  words[one], codes[one], codes.a];"]]));
  assert.deepEqual(flat, []);
  assert.deepEqual(held, ['words.js words, by panel.js:3']);
});

test('a member that is not there stops the build', () => {
  const build = (/** @type {string} */ panel) => flatWords(new Map([['format.js', format], ['words.js', words], ['panel.js', panel]]));
  assert.throws(() => build("import { words as said } from './words.js'; export const shown = said.tilte;"), /panel\.js: said\.tilte is not in words\.js/);
  assert.throws(() => build("import { words } from './words.js'; export const shown = words.views.tree;"), /words\.views\.tree is not in words\.js/);
});

test('a table nobody reads leaves no hole in an import', async () => {
  for (const list of ['{ words, other }', '{ other, words }', '{ words }']) {
    const { module } = await run({ 'words.js': "export const words = { title: 'Things' }; export const other = 1;", 'panel.js': `import ${list} from './words.js'; export const shown = 1;` });
    assert.equal(module.shown, 1, list);
  }
});
