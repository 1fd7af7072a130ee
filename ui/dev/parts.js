// Every part in its states, for looking at and for the accessibility check. Built with --dev only.
import { html, render } from 'lit';
import { live } from 'lit/directives/live.js';
import { HostError } from '../src/host/host.js';
import { glyph, outcomePill, pill, sign } from '../src/parts/glyph.js';
import { bar, legend } from '../src/parts/bar.js';
import { screen } from '../src/parts/screen.js';
import { empty, loading } from '../src/parts/states.js';
import { bdi } from '../src/parts/text.js';
import '../src/parts/banner.js';
import '../src/parts/dialog.js';
import '../src/parts/menu.js';
import '../src/parts/rows.js';
import { order, passedOfJudged } from '../src/words/outcomes.js';
import { digits, length } from '../src/words/format.js';

const counts = { passed: 11, agentFailed: 5, neverConnected: 2, needsALook: 1, stopped: 0, inProgress: 5 };
const rows = Array.from({ length: 10_000 }, (_, at) => ({
  id: at + 1, name: at === 1 ? '<img src=x onerror=boom()> \u202edesrever' : at === 2 ? 'ورود سفارش گل با نام دشوار' : `Evaluator ${at + 1}, spoken slowly`, folder: 'Orders › Edge cases', caller: ['Friendly', 'Impatient'][at % 2],
  last: [0, 1, 2, 3, 4].map((n) => order[(at * 7 + n * n) % 4]), seconds: 90 + ((at * 37) % 300),
}));
const ticked = new Set([1, 2, 4]);
const folders = ['Orders.Edge cases', 'Orders.Happy path', 'Speech.Stress', 'Orders.Care', 'A', 'B', 'C', 'D', 'E', 'F'].map((value) => ({ value, label: value.replace('.', ' › ') }));
const main = /** @type {HTMLElement} */ (document.getElementById('content'));
let open = false;

function draw() {
  const columns = [
    { id: 'tick', head: html`<input type="checkbox" aria-label="Choose all" tabindex="-1">`, width: '40px', cell: (/** @type {any} */ row) => html`<input type="checkbox" tabindex="-1" aria-label=${`Choose ${row.name}`} .checked=${live(ticked.has(row.id))}>` },
    { id: 'name', head: 'Evaluator', width: 'minmax(180px, 2fr)', cell: (/** @type {any} */ row) => html`<b>${bdi(row.name)}</b>` },
    { id: 'folder', head: 'Folder', width: '1fr', cell: (/** @type {any} */ row) => html`<span class="sub">${bdi(row.folder)}</span>` },
    { id: 'last', head: 'Last five', width: '130px', cell: (/** @type {any} */ row) => html`<span class="marks">${row.last.map((/** @type {string} */ one) => glyph(one))}</span>` },
    { id: 'length', head: 'Usual length', width: '110px', num: true, cell: (/** @type {any} */ row) => length(row.seconds) },
  ];
  render(
    screen({
      title: 'Parts', sub: 'Everything the screens are made of.',
      actions: html`<lc-menu label="Run again" .actions=${[{ word: 'Never connected', note: '2 calls', run() {} }, { word: 'Everything', run() {} }, { word: 'Erase', danger: true, run() {} }]}></lc-menu><button class="btn" @click=${() => { open = true; draw(); }}>Open a dialog</button><button class="btn" disabled>Not now</button><button class="btn go">Place 24 calls</button>`,
      body: html`
        <div class="settings">
        <lc-banner code="unknown" tone="lost" say="We do not know whether 24 calls started" todo="The connection broke after “Refund suite” was sent. Nothing will be sent again unless you say so." .actions=${[{ word: 'Look once more', run() {} }, { word: 'Leave it', run() {} }]}></lc-banner>
        <lc-banner .error=${new HostError('refused', { detail: 'HTTP 400 from POST /test_framework/v1/…', problems: [{ field: 'times', message: 'Ensure this value is less than or equal to 100.' }] })} .retry=${() => {}}></lc-banner>
        <lc-banner class="slim" code="offline" tone="lost" say="The server cannot be reached." todo="What was read before is shown." .actions=${[{ word: 'Try again', run() {} }]}></lc-banner>
        <div class="card part">${bar(counts, { counted: true, large: true })}${legend(counts, { chosen: 'agent_failed', choose() {} })}</div>
        <div class="card part"><p>${order.map((one) => html`${glyph(one)} ${outcomePill(one)} `)}</p><p>${sign('good')} ${sign('warn')} ${sign('stop')} ${pill('flaky', 'look')} ${pill('scheduled on Cekura')} ${passedOfJudged(counts)} ${digits(1204)}</p>
        <p class="acts"><lc-choice label="Folders" all="All folders" .options=${folders} .chosen=${['Orders.Care', 'A']}></lc-choice><lc-choice label="Tags" all="Tags" .options=${folders.slice(0, 3)}></lc-choice><button class="chip" aria-pressed="true">Failed last time · 4</button></p></div>
        <div class="card part">${loading('Reading 128 evaluators…', 'This usually takes a few seconds.')}${empty('No results yet', 'They appear here when calls have been placed, here or on Cekura.', html`<a class="btn" href="#/new">New run</a>`)}</div>
        <div class="card demo-rows"><lc-rows label="Evaluators" .rows=${rows} .columns=${columns} .keyOf=${(/** @type {any} */ row) => row.id} .hooks=${(/** @type {any} */ row) => ({ test: 'evaluator-row', id: row.id })} .classOf=${(/** @type {any} */ row) => (ticked.has(row.id) ? 'on' : '')} .checkedOf=${(/** @type {any} */ row) => ticked.has(row.id)} @row-toggle=${(/** @type {CustomEvent} */ event) => { const { id } = event.detail.row; if (!ticked.delete(id)) ticked.add(id); draw(); }}></lc-rows></div>
        </div>
        <lc-dialog heading="Place 120 calls?" ?open=${open} @close=${() => { open = false; draw(); }}><p>This is more than the 50 you set as the limit for asking.</p><button slot="actions" class="btn go">Place 120 calls</button></lc-dialog>`,
    }),
    main,
  );
  main.querySelector('.demo-rows')?.setAttribute('data-demo', '');
  /** @type {HTMLElement | null} */ (main.querySelector('.demo-rows'))?.style.setProperty('height', '360px');
}
draw();
