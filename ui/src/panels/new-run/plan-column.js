/** The plan: with whom, how often, the sum, the checks, and the one button. */
import { html, nothing } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { app } from '../../data/app.js';
import { catalogue, evaluators } from '../../data/catalogue.js';
import { DeskLook, desk } from '../../data/drafts.js';
import { Look } from '../../data/live.js';
import { mistakesIn, realTools } from '../../data/mistakes.js';
import { callsOf, indexOf } from '../../data/narrow.js';
import '../../parts/banner.js';
import { sign } from '../../parts/glyph.js';
import '../../parts/json-field.js';
import { LightElement, define, valueOf } from '../../parts/light.js';
import '../../parts/menu.js';
import { trouble } from '../../parts/states.js';
import { bdi, plain } from '../../parts/text.js';
import { checkWords } from '../../words/checks.js';
import { estimateWords, factors, plan as words, restsOn, sumWords } from '../../words/new-run.js';
import './messages.js';

/** @typedef {import('../../host/types').DraftBody} DraftBody */
/** @typedef {import('../../host/types').AgentView} AgentView */
/** @typedef {import('../../host/types').NamedView} NamedView */
/** @typedef {import('../../host/types').ToolMocks} ToolMocks */

export class PlanColumnElement extends LightElement {
  static properties = { problems: {}, busy: { type: Boolean }, waiting: { type: Number }, note: { type: String }, error: {}, writing: {} };

  #pipecatOpen = false;
  /** Per agent, what was chosen when another one was taken. @type {Map<number | null, { evaluators: Array<number>, mocks: ToolMocks }>} */
  #left = new Map();
  #app = new Look(this, () => app);
  #catalogue = new Look(this, () => catalogue);
  #rows = new Look(this, () => (desk.body ? evaluators.get(desk.body.agent) : null));

  constructor() {
    super();
    /** What the server said, by field. @type {Record<string, ReadonlyArray<string>>} */
    this.problems = {};
    /** Calls are being placed. */
    this.busy = false;
    /** Seconds the server asked to wait. */
    this.waiting = 0;
    /** Said beneath the button. */
    this.note = '';
    /** Why placing failed. @type {import('../../parts/banner.js').ShownError | null} */
    this.error = null;
    /** The data messages are open. */
    this.writing = false;
    new DeskLook(this);
  }

  get #practice() {
    return this.#app.value?.current?.kind === 'practice';
  }

  /** The sum: as checked, or by the same rule until it is. @param {DraftBody} body */
  #calls(body) {
    if (desk.checked && desk.plan) return desk.plan.calls;
    const rows = this.#rows.value;
    return callsOf(body, rows && !rows.more ? indexOf(rows.rows).ids : new Set(body.evaluators));
  }

  /** @param {DraftBody} body @param {number} id */
  #chooseAgent(body, id) {
    this.#left.set(body.agent, { evaluators: body.evaluators, mocks: body.mocks });
    // Evaluators belong to an agent; those of the other one wait until it is chosen again. What was
    // ticked before any agent was chosen is kept, and those that do not fit are named below the list.
    const kept = this.#left.get(id) ?? (body.agent === null ? { evaluators: body.evaluators, mocks: body.mocks } : { evaluators: [], mocks: /** @type {ToolMocks} */ ({ kind: 'all' }) });
    desk.change({ agent: id, ...kept });
  }

  render() {
    const { body } = desk;
    if (!body) return nothing;
    const view = this.#catalogue.value;
    const agent = view?.agents.find((one) => one.id === body.agent) ?? null;
    return html`<div class="new-run-scroll" tabindex="-1">
        ${this.#agentPart(body, agent)}
        <div class="new-run-sec">
          <label for="plan-name">${words.name}</label>
          <input id="plan-name" data-test="plan-name" autocomplete="off" .value=${body.name} placeholder=${plain(desk.proposedName)} aria-describedby="plan-name-note" aria-invalid=${this.#bad('name', ['name_too_long'])}
            @input=${(/** @type {Event} */ event) => desk.change({ name: valueOf(event) })}>
          ${this.#problem('name', 'plan-name-note')}
        </div>
        <div class="new-run-sec new-run-pair">
          ${this.#numberField('times', 'plan-times', words.times, body.times, (times) => desk.change({ times }), 'times', 'times_out_of_range')}
          ${this.#numberField('at-once', 'plan-at-once', words.atOnce, body.atOnce, (atOnce) => desk.change({ atOnce }), 'at_once', 'at_once_out_of_range')}
        </div>
        ${this.#callersPart(body, view?.callers ?? [], agent)}
        ${this.#restPart(body, view?.profiles ?? [], agent)}
        ${this.#pipecatPart(body, agent)}
        ${this.#sumPart(body)}
        ${this.#checksPart()}
      </div>
      ${this.#foot(body)}
      ${this.writing ? html`<lc-messages @close=${() => (this.writing = false)}></lc-messages>` : nothing}`;
  }

  /** @param {string} field @param {ReadonlyArray<string>} [codes] */
  #bad(field, codes = []) {
    return (this.problems[field]?.length ?? 0) > 0 || (desk.plan?.checks ?? []).some((check) => check.level === 'stop' && codes.includes(check.code)) ? 'true' : nothing;
  }

  /** What the server said about a field, beside it. @param {string} field @param {string} id */
  #problem(field, id) {
    const said = this.problems[field] ?? [];
    return html`<p class="note note-wrong" id=${id} ?hidden=${said.length === 0}>${said.length > 0 ? bdi(said.join(' ')) : nothing}</p>`;
  }

  /** @param {DraftBody} body @param {AgentView | null} agent */
  #agentPart(body, agent) {
    const agents = this.#catalogue.value?.agents ?? [];
    const projects = new Set(agents.map((one) => one.projectName));
    const gone = body.agent !== null && !agent && agents.length > 0;
    // The first option stays when an agent is chosen: WebKit keeps the place of what was chosen and not the
    // option, so that by keyboard another agent that came to be at that place would be shown and not told.
    const option = (/** @type {AgentView} */ one) => {
      const name = projects.size > 1 && one.projectName ? `${plain(one.name)} — ${plain(one.projectName)}` : plain(one.name);
      // The attribute says nothing any more once a person has picked, and the select has no value
      // before its options are there: so each option is told, against what it is by then.
      return html`<option value=${one.id} .selected=${live(one.id === body.agent)}>${one.pipecatReady === false ? words.notSetUp(name) : name}</option>`;
    };
    return html`<div class="new-run-sec">
      <label for="agent">${words.agent}</label>
      <select id="agent" data-test="agent-select" ?disabled=${agents.length === 0} aria-describedby="agent-note" aria-invalid=${this.#bad('agent', ['agent_gone', 'agent_not_set_up'])}
        @change=${(/** @type {Event} */ event) => this.#chooseAgent(body, Number(valueOf(event)))}>
        <option value="" disabled ?hidden=${agent} .selected=${live(!agent)}>${gone ? words.agentGone : agent || body.agent === null ? words.chooseAgent : words.agentUnread}</option>
        ${agents.map(option)}
      </select>
      ${this.#problem('agent', 'agent-note')}
    </div>`;
  }

  /** @param {string} id @param {string} hook @param {string} label @param {string} value @param {(text: string) => void} change @param {string} field @param {string} code */
  #numberField(id, hook, label, value, change, field, code) {
    return html`<div>
      <label for=${id}>${label}</label>
      <input id=${id} data-test=${hook} inputmode="numeric" autocomplete="off" .value=${value} aria-describedby=${`${id}-note`} aria-invalid=${this.#bad(field, [code])}
        @input=${(/** @type {Event} */ event) => change(valueOf(event))}>
      ${this.#problem(field, `${id}-note`)}
    </div>`;
  }

  /** Chips for what is chosen in place of the evaluators' own, and a menu for more.
   * @param {ReadonlyArray<number>} chosen @param {ReadonlyArray<NamedView>} all @param {(ids: Array<number>) => void} change @param {{ label: string, own: string }} says @param {ReadonlyArray<number>} [enabled] */
  #chips(chosen, all, change, says, enabled = []) {
    const names = new Map(all.map((one) => [one.id, one.name]));
    const usable = enabled.length > 0 ? all.filter((one) => enabled.includes(one.id) || chosen.includes(one.id)) : all;
    return html`${chosen.length === 0
        ? html`<span class="chip new-run-own">${says.own}</span>`
        : chosen.map((id) => {
            const name = names.get(id) ?? words.gone(id);
            return html`<button type="button" class="chip on" aria-label=${words.remove(plain(name))} title=${words.remove(plain(name))} @click=${() => change(chosen.filter((one) => one !== id))}>${bdi(name)} <span aria-hidden="true">×</span></button>`;
          })}
      <lc-choice label=${says.label} says=${words.add} .options=${usable.map((one) => ({ value: String(one.id), label: one.name, hint: one.description ?? '' }))} .chosen=${chosen.map(String)}
        @change=${(/** @type {CustomEvent} */ event) => change(event.detail.map(Number))}></lc-choice>`;
  }

  /** @param {DraftBody} body @param {ReadonlyArray<NamedView>} all @param {AgentView | null} agent */
  #callersPart(body, all, agent) {
    return html`<div class="new-run-sec" role="group" aria-labelledby="callers-label" data-test="plan-callers">
      <div class="new-run-label" id="callers-label">${words.callers}</div>
      <div class="new-run-chips">${this.#chips(body.callers, all, (callers) => desk.change({ callers }), { label: words.addCaller, own: words.ownCallers }, agent?.enabledCallers ?? [])}</div>
      ${this.#problem('callers', 'callers-note')}
    </div>`;
  }

  /** @param {DraftBody} body @param {ReadonlyArray<NamedView>} all @param {AgentView | null} agent */
  #restPart(body, all, agent) {
    const tools = agent?.mockTools ?? [];
    const { mocks } = body;
    const named = mocks.kind === 'chosen' ? mocks.names : [];
    const written = body.messages.filter((one) => one.text.trim() !== '').length;
    const wrong = mistakesIn(desk.plan, 'message_not_json').size > 0;
    const real = realTools(mocks, tools);
    const kinds = [
      { value: '', label: words.mockAll(tools.length), hint: words.mockAllHint },
      { value: 'none', label: words.mockNone, hint: words.mockNoneHint },
      { value: 'chosen', label: words.mockChosen, hint: words.mockChosenHint },
    ];
    /** @type {(kind: string) => ToolMocks} */
    const kindOf = (kind) => (kind === 'chosen' ? { kind, names: named.length > 0 ? named : [...tools] } : kind === 'none' ? { kind } : { kind: 'all' });
    return html`<div class="new-run-sec" role="group" aria-labelledby="rest-label">
      <div class="new-run-label" id="rest-label">${words.rest}</div>
      <div class="new-run-chips">
        <lc-choice data-test="plan-profiles" label=${words.profiles} all=${words.ownProfiles} .options=${[...all.map((one) => ({ value: String(one.id), label: one.name, hint: one.description ?? '' })), ...body.profiles.filter((id) => !all.some((one) => one.id === id)).map((id) => ({ value: String(id), label: words.gone(id) }))]} .chosen=${body.profiles.map(String)}
          @change=${(/** @type {CustomEvent} */ event) => desk.change({ profiles: event.detail.map(Number) })}></lc-choice>
        <lc-choice class=${mocks.kind === 'all' ? '' : 'new-run-real'} data-test="plan-mocks" single label=${words.tools} .options=${kinds} .chosen=${[mocks.kind === 'all' ? '' : mocks.kind]}
          @change=${(/** @type {CustomEvent} */ event) => desk.change({ mocks: kindOf(event.detail[0]) })}></lc-choice>
        ${mocks.kind === 'chosen'
          ? html`<lc-choice data-test="plan-tools" label=${words.whichTools} all=${words.chooseTools} .options=${[...new Set([...tools, ...named])].map((name) => ({ value: name, label: name }))} .chosen=${named}
              @change=${(/** @type {CustomEvent} */ event) => desk.change({ mocks: { kind: 'chosen', names: event.detail } })}></lc-choice>`
          : nothing}
        <button type="button" class="chip ${wrong ? 'new-run-bad' : written > 0 ? 'on' : ''}" data-test="plan-messages" aria-haspopup="dialog" aria-label=${words.messagesLabel(written === 0 ? words.noMessages : words.someMessages(written))} @click=${() => (this.writing = true)}>${written === 0 ? words.noMessages : words.someMessages(written)}</button>
      </div>
      ${mocks.kind === 'all' || (mocks.kind === 'chosen' && real.length === 0 && tools.length > 0)
        ? nothing
        : html`<p class="note new-run-warn" data-test="plan-real" role="status">${sign('lost')}<span>${mocks.kind === 'chosen' && real.length > 0 ? words.someReal(real.map(plain)) : mocks.kind === 'none' ? words.real : words.noTools}</span></p>`}
      ${this.#problem('mocks', 'mocks-note')}${this.#problem('profiles', 'profiles-note')}
    </div>`;
  }

  /** @param {DraftBody} body @param {AgentView | null} agent */
  #pipecatPart(body, agent) {
    const { pipecat } = body;
    const used = pipecat.agentName !== '' || pipecat.config !== '' || pipecat.roomProperties !== '';
    // Once open it stays, also when the last letter of a field is taken away.
    this.#pipecatOpen ||= used;
    const mistakes = mistakesIn(desk.plan, 'pipecat_not_json');
    const change = (/** @type {Partial<import('../../host/types').DraftPipecat>} */ patch) => desk.body && desk.change({ pipecat: { ...desk.body.pipecat, ...patch } });
    return html`<div class="new-run-sec">
      <details class="new-run-more" ?open=${this.#pipecatOpen}>
        <summary data-test="plan-pipecat">${words.pipecat}</summary>
        <p class="note">${words.pipecatNote}</p>
        <label for="pipecat-name">${words.pipecatName}</label>
        <input id="pipecat-name" data-test="plan-pipecat-name" autocomplete="off" spellcheck="false" .value=${pipecat.agentName} placeholder=${plain(agent?.pipecatAgentName)} @input=${(/** @type {Event} */ event) => change({ agentName: valueOf(event) })}>
        <lc-json hook="plan-pipecat-config" label=${words.pipecatConfig} .text=${pipecat.config} .mistake=${mistakes.get('config') ?? null} @change=${(/** @type {CustomEvent} */ event) => change({ config: event.detail })}></lc-json>
        <lc-json hook="plan-pipecat-room" label=${words.pipecatRoom} .text=${pipecat.roomProperties} .mistake=${mistakes.get('room_properties') ?? null} @change=${(/** @type {CustomEvent} */ event) => change({ roomProperties: event.detail })}></lc-json>
      </details>
    </div>`;
  }

  /** @param {DraftBody} body */
  #sumPart(body) {
    const calls = this.#calls(body);
    const { plan } = desk;
    const estimate = desk.checked ? plan?.estimate : null;
    const view = desk.checked && plan ? plan : { evaluators: body.evaluators.length, times: Number(body.times) || 0, callers: body.callers.length, profiles: body.profiles.length };
    return html`<div class="new-run-sum" data-test="plan-sum" data-calls=${calls} role="status" aria-atomic="true">
      <div><b>${sumWords(calls, plan?.upTo ?? false)}</b>${calls > 0 ? html` <span class="sub">= ${factors(view)}</span>` : html` <span class="sub">${body.evaluators.length === 0 ? words.nothing : words.seeChecks}</span>`}</div>
      ${desk.checkError
        ? html`<lc-banner class="inline" .error=${desk.checkError} .retry=${() => desk.check()}></lc-banner>`
        : html`<div class="new-run-cost">${estimate ? estimateWords(estimate, this.#practice) : calls > 0 ? words.checking : '\u00a0'}</div>
            <div class="small ${estimate?.assumed ? '' : 'new-run-learnt'}">${estimate ? restsOn(estimate) : '\u00a0'}</div>`}
    </div>`;
  }

  #checksPart() {
    const checks = desk.plan?.checks ?? [];
    return html`<ul class="new-run-checks" aria-label=${words.checks}>${checks.map((check) => {
      const said = checkWords(check, this.#practice);
      return html`<li class="new-run-check" data-test="plan-check" data-code=${check.code} data-level=${check.level}>${sign(check.level)}<span>${bdi(said.say)}${said.todo ? html` <span class="sub">${bdi(said.todo)}</span>` : nothing}</span></li>`;
    })}</ul>`;
  }

  /** @param {DraftBody} body */
  #foot(body) {
    const calls = this.#calls(body);
    const ready = desk.checked ? (desk.plan?.mayPlace ?? false) : calls > 0;
    const tell = (/** @type {string} */ name) => this.dispatchEvent(new CustomEvent(name, { detail: { calls } }));
    return html`<div class="new-run-place">
      ${trouble(this.error)}
      <button type="button" class="btn go wide" data-test="launch" ?disabled=${this.busy || this.waiting > 0 || !ready} aria-describedby="place-note" @click=${() => tell('place')}>${this.busy ? words.placing : words.place(calls)}</button>
      <p class="note new-run-note" id="place-note" role="status">${this.waiting > 0 ? words.wait(this.waiting) : this.note || nothing}</p>
      <div class="new-run-links"><button type="button" class="link" data-test="plan-review" @click=${() => tell('review')}>${words.review}</button> · <button type="button" class="link" data-test="plan-keep" @click=${() => tell('keep')}>${words.save}</button></div>
    </div>`;
  }
}
define('lc-plan', PlanColumnElement);
