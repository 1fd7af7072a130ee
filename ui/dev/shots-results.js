// The pictures and checks of results, a result and a call; see shots.js for what a shot is.

const press = (/** @type {string} */ selector) => `document.querySelector('${selector}').click();`;
const key = (/** @type {string} */ name) => `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: ${JSON.stringify(name)}, bubbles: true, cancelable: true }));`;
/** The call of a result with this outcome, opened. */
const open = (/** @type {string} */ outcome) => press(`[data-test=call-row][data-outcome=${outcome}]`);

export const resultShots = [
  { name: 'results', at: '/?world=cekura#/results', must: `document.querySelectorAll('[data-test=result-row]').length > 5 && document.querySelector('[data-test=results-count]').textContent === '1,240 results'` },
  { name: 'results-dark', at: '/?world=practice#/results', dark: true },
  { name: 'results-unknown', at: '/?world=offline#/results' },
  { name: 'results-small', at: '/?world=cekura#/results', width: 900, height: 600 },
  { name: 'results-zoomed', at: '/?world=cekura#/results', width: 450, height: 300, zoom: 2 },
  { name: 'results-far', at: '/?world=cekura#/results', do: `document.querySelector('.rows').scrollTop = 46 * 900;`, must: `[...document.querySelectorAll('[data-test=result-row]')].some((row) => row.textContent.includes('Nightly 9'))` },
  { name: 'results-back', at: '/?world=cekura#/results', do: `document.querySelector('[data-test=results-failing]').click(); setTimeout(() => { document.querySelector('.rows').scrollTop = 460; setTimeout(() => { document.elementFromPoint(600, 400).closest('[data-test=result-row]').click(); setTimeout(() => { location.hash = '#/results'; }, 500); }, 200); }, 300);`, wait: 1800, must: `document.querySelector('[data-test=results-failing]').getAttribute('aria-pressed') === 'true' && document.querySelector('.rows').scrollTop === 460` },
  { name: 'results-nothing', at: '/?world=cekura#/results', do: `const f = document.querySelector('[data-test=results-search]'); f.value = 'no such thing'; f.dispatchEvent(new Event('input', { bubbles: true }));` },
  { name: 'result', at: '/?world=cekura#/results/1', must: `document.querySelector('[data-test=count-passed]').textContent === '11' && document.querySelectorAll('[data-test=call-row]').length === 24` },
  { name: 'result-call', at: '/?world=cekura#/results/1', do: open('agent_failed'), must: `document.querySelectorAll('[data-test=transcript-turn]').length === 12 && !!document.querySelector('[data-test=call-why]')` },
  { name: 'result-call-dark', at: '/?world=cekura#/results/1', do: open('agent_failed'), dark: true },
  { name: 'result-dark', at: '/?world=practice#/results/3', dark: true },
  { name: 'result-everything', at: '/?world=cekura#/results/902', height: 1200 },
  { name: 'result-causes', at: '/?world=cekura#/results/3', do: press('[data-test=view-causes]') },
  { name: 'result-calls', at: '/?world=cekura#/results/902', do: `${press('[data-test=view-calls]')}`, height: 1000 },
  { name: 'result-small', at: '/?world=cekura#/results/1', width: 900, height: 600 },
  { name: 'result-call-small', at: '/?world=cekura#/results/1', width: 900, height: 600, do: open('agent_failed'), must: `document.activeElement.tagName === 'H2'` },
  { name: 'result-zoomed', at: '/?world=cekura#/results/1', width: 640, height: 410, zoom: 2 },
  { name: 'result-call-zoomed', at: '/?world=cekura#/results/1', width: 640, height: 410, zoom: 2, do: open('agent_failed') },
  { name: 'result-tiny', at: '/?world=cekura#/results/3', width: 450, height: 300, zoom: 2 },
  { name: 'result-call-tiny', at: '/?world=cekura#/results/3', width: 450, height: 700, zoom: 2, do: open('agent_failed'), dark: true },
  { name: 'result-stalled', at: '/?world=practice#/results/2' },
  { name: 'result-fixed', at: '/?world=cekura#/results/6' },
  { name: 'result-gone', at: '/?world=cekura#/results/904' },
  { name: 'result-stop', at: '/?world=cekura#/results/1', do: press('[data-test=stop]') },
  { name: 'result-again', at: '/?world=cekura#/results/1', do: press('[data-test=run-again]') },
  { name: 'result-repeat', at: '/?world=cekura#/results/1', do: press('[data-test=callout] button'), must: `location.hash === '#/new' && window.fakeRepeat.part === 'never_connected'` },
  { name: 'result-ask', at: '/?world=cekura#/results/1', do: `${press('[data-test=ask]')} setTimeout(() => document.querySelector('[data-test=ask-send]').click(), 200);`, wait: 2000, must: `document.querySelector('[data-test=ask-answer]').textContent.includes('<b>repeat every address</b>')` },
  { name: 'result-keys', at: '/?world=cekura#/results/1', do: press('.result-keys-button') },
  { name: 'result-keyboard', at: '/?world=cekura#/results/1', do: `${key('n')} setTimeout(() => { ${key('n')} setTimeout(() => { ${key('j')} setTimeout(() => { ${key('e')} }, 300); }, 300); }, 300);`, wait: 1600, must: `location.hash.includes('/calls/') && document.activeElement.dataset.test === 'note' && document.querySelector('[data-test=call-outcome]').dataset.outcome === 'passed'` },
  { name: 'result-hostile', at: '/?world=cekura#/results/901', do: open('agent_failed'), must: `!document.querySelector('#content img, #content script, .turns h1, .turns b') && [...document.querySelectorAll('[data-test=transcript-turn]')].some((turn) => turn.textContent.includes('<img src=x onerror=boom()>')) && typeof boom === 'undefined'` },
  { name: 'result-large', at: '/?world=cekura#/results/900', wait: 6000, do: `(async () => { const field = document.querySelector('[data-test=call-search]'); const panel = document.querySelector('lc-result'); const times = []; for (const word of ['v', 'va', 'variant 12', 'address', 'roses failed', '']) { const from = performance.now(); field.value = word; field.dispatchEvent(new Event('input', { bubbles: true })); await panel.updateComplete; await document.querySelector('lc-rows')?.updateComplete; document.body.offsetHeight; times.push(performance.now() - from); } const box = document.querySelector('.rows'); for (let n = 0; n < 40; n += 1) { const from = performance.now(); box.scrollTop = (n * 7919) % (480 * 58); box.dispatchEvent(new Event('scroll')); await new Promise((r) => setTimeout(r)); await document.querySelector('lc-rows').updateComplete; document.body.offsetHeight; times.push(performance.now() - from); } window.speed = times.map(Math.round); console.info(window.speed.join(' ')); })()`, must: `window.speed.sort((a, b) => a - b)[23] < 60 && document.querySelectorAll('.rows-body > *').length < 60` },
  { name: 'call-long', at: '/?world=cekura#/results/900', do: `document.querySelector('[data-test=call-row]').click(); setTimeout(() => { const f = document.querySelector('[data-test=transcript-find]'); f.value = 'Turn 9000 '; f.dispatchEvent(new Event('input', { bubbles: true })); }, 600);`, wait: 2000, must: `document.querySelector('[data-test=transcript-found]').textContent === '1 of 1' && document.querySelector('mark.is-here').getBoundingClientRect().top > 0 && document.querySelectorAll('[data-test=transcript-turn]').length < 500` },
  { name: 'call-next', at: '/?world=cekura#/results/900', do: `document.querySelector('[data-test=call-row]').click(); setTimeout(() => document.querySelector('.call-scroll').scrollTo(0, 200000), 500); setTimeout(() => document.querySelectorAll('[data-test=call-row]')[1].click(), 1000);`, wait: 2200, must: `document.querySelectorAll('[data-test=transcript-turn]').length === 12 && document.querySelector('.call-scroll').scrollTop === 0` },
  { name: 'call-play', at: '/?world=cekura#/results/4', do: `document.querySelector('[data-test=call-row]').click(); setTimeout(() => document.querySelector('[data-test=play]').click(), 500);`, wait: 2500, must: `document.querySelector('[data-test=player]').dataset.playing === 'true' && !!document.querySelector('canvas') && document.querySelector('lc-player').at > 0.3` },
  { name: 'call-jump', at: '/?world=cekura#/results/1', do: `${open('agent_failed')} setTimeout(() => document.querySelector('[data-test=call-time]').click(), 500);`, wait: 1500, must: `document.activeElement.dataset.test === 'transcript-turn' && document.activeElement.textContent.includes('What day should it arrive') && document.querySelector('lc-player').at === 134` },
  { name: 'call-human', at: '/?world=cekura#/results/1', do: `${open('agent_failed')} setTimeout(() => { document.querySelector('[data-test=vote-down]').click(); const n = document.querySelector('[data-test=note]'); n.value = 'The judge missed the second read-back.'; n.dispatchEvent(new Event('input', { bubbles: true })); }, 500); setTimeout(() => document.querySelector('[data-test=review]').click(), 900); setTimeout(() => document.querySelector('[data-test=review-passed]').click(), 1200);`, wait: 2600, must: `document.querySelector('[data-test=not-sent]') && document.querySelector('[data-test=vote-down]').getAttribute('aria-pressed') === 'true' && document.querySelector('[data-test=note]').value.startsWith('The judge') && document.querySelector('[data-test=note-state]').textContent === 'Saved.'` },
  { name: 'call-lost', at: '/?world=cekura#/results/1', do: open('never_connected') },
  { name: 'call-running', at: '/?world=cekura#/results/1', do: open('in_progress'), dark: true },
];
