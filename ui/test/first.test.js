// The first screen's data that Rust put into the page: taken once, and asked for where it is not there.
import test from 'node:test';
import assert from 'node:assert/strict';

/** @param {string | undefined} block what stands in the page */
async function page(block) {
  /** @type {Array<string>} */
  const asked = [];
  const answers = /** @type {Record<string, unknown>} */ ({ app_state: { current: null, asked: true }, results_list: { total: 0, rows: [], state: 'ready', error: null } });
  Object.assign(globalThis, {
    document: { getElementById: (/** @type {string} */ id) => (id === 'first' && block !== undefined ? { textContent: block } : null) },
    window: { __TAURI_INTERNALS__: { invoke: async (/** @type {string} */ name) => (asked.push(name), answers[name]) } },
  });
  // Modules are read anew for each page.
  const { takeFirst } = await import(`../src/data/first.js?${Math.random()}`);
  return { asked, takeFirst };
}

test('each answer is taken once', async () => {
  const { takeFirst } = await page('{"state":{"current":{"label":"\\u003c/script>"}},"results":{"total":3}}');
  assert.deepEqual(takeFirst('state'), { current: { label: '</script>' } });
  assert.equal(takeFirst('state'), undefined);
  assert.deepEqual(takeFirst('results'), { total: 3 });
  assert.equal(takeFirst('results'), undefined);
});

test('without a workspace there are no results, and without a block there is nothing', async () => {
  const { takeFirst } = await page('{"state":{"current":null},"results":null}');
  assert.equal(takeFirst('results'), undefined);
  const none = await page(undefined);
  assert.equal(none.takeFirst('state'), undefined);
});

test('what the block holds is not asked for, and the next time it is', async () => {
  const { asked } = await page('{"state":{"current":null},"results":{"total":1,"rows":[{"id":7}],"state":"ready","error":null}}');
  const { app } = await import('../src/data/app.js');
  const { ResultsList, unfiltered } = await import('../src/data/results-list.js');
  await app.refresh();
  const list = new ResultsList(unfiltered);
  list.open();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([app.value, list.rows, asked], [{ current: null }, [{ id: 7 }], []]);
  await app.refresh();
  list.heard([]);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(asked, ['app_state', 'results_list']);
});
