// Stands in for the plan, launches and saved plans while looking at the page in a browser; put after
// fake-host.js by serve.js. ?case= chooses how placing ends:
//   launched (in 1.2 s), slow (never answers), refused, credit, forbidden, throttled, not-sent, unknown,
//   other-agent; or what there is to choose from: loading, failed, no-agents, no-evaluators, long.
(() => {
  const query = new URLSearchParams(location.search);
  const how = query.get('case') ?? 'launched';
  const filled = query.has('filled');
  const emptyBody = { agent: 11, evaluators: [], name: '', times: '1', atOnce: '3', callers: [], profiles: [], mocks: { kind: 'all' }, messages: [], pipecat: { agentName: '', config: '', roomProperties: '' }, filter: { search: '', folders: [], tags: [], failedLast: false, flaky: false }, parent: null };
  const filledBody = { ...emptyBody, evaluators: [1000, 1001, 1002, 1003], times: '3', callers: [52, 50] };
  const rejecting = (code, more = {}) => ({ code, detail: null, problems: [], number: null, ...more });
  const clone = (value) => structuredClone(value);
  const real = window.__TAURI_INTERNALS__;
  const inner = real.invoke.bind(real);
  const tell = (...topics) => window.fakeFeed?.(Object.fromEntries(topics.map((topic) => [topic, []])));

  let drafts = 1;
  let draft = { id: 'd-1', proposedName: 'Flower bot · 24 Nov 14:03', body: clone(filled ? filledBody : emptyBody) };
  if (query.has('mocks')) draft.body.mocks = { kind: 'none' };
  const fresh = (body) => (draft = { ...draft, id: `d-${++drafts}`, body: clone(body) });
  const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
  const launchOf = (state, more = {}) => ({ id: 'l-1', state, name: 'Refund suite · 23 Nov 14:41 ·k3x9ab', agentName: 'Flower bot', otherAgent: null, expectedCalls: 24, callsPlaced: null, startedAt: ago(3), resultId: null, code: null, problems: [], looks: 0, lastLookAt: null, found: [], adopted: false, settled: false, nextLookAt: null, waitSeconds: null, fits: null, ...more });
  const unknown = () => launchOf('unknown', { code: 'connection_lost', looks: 4, startedAt: ago(150), lastLookAt: ago(30), nextLookAt: ago(-60), found: query.has('found') ? [3, 6] : [] });
  let launches = how === 'unknown-before' ? [unknown()] : [];
  const spent = new Set();
  window.placed = 0;
  window.saved = [];

  const names = new Map();
  const nameOf = (id) => names.get(id) ?? String(id);
  const line = (text) => {
    if (!text.trim()) return null;
    try {
      JSON.parse(text);
      return null;
    } catch {
      // Good enough to look at: a bare word where a value should be, or else the end.
      const at = /:\s*(?!true|false|null)[a-z]/.exec(text)?.index ?? text.length;
      const number = text.slice(0, at).split('\n').length;
      return { line: number, what: `expected value at line ${number} column 10` };
    }
  };
  const planOf = (body) => {
    const times = /^\d+$/.test(body.times.trim()) ? Number(body.times) : 0;
    const good = times >= 1 && times <= 100;
    const calls = good ? body.evaluators.length * times * Math.max(1, body.callers.length) * Math.max(1, body.profiles.length) : 0;
    const checks = [];
    const add = (level, code, count = null, named = []) => checks.push({ level, code, count, names: named });
    if (body.agent === null) add('stop', 'no_agent');
    else if (body.agent === 12) add('stop', 'agent_not_set_up');
    else add('good', 'agent_ready');
    if (body.evaluators.length === 0) add('stop', 'no_evaluators');
    if (!good) add('stop', 'times_out_of_range');
    if (!/^[1-9]\d*$/.test(body.atOnce.trim())) add('stop', 'at_once_out_of_range');
    if (body.evaluators.includes(1003)) add('warn', 'no_expected_outcome', 1, [nameOf(1003)]);
    if (body.mocks.kind === 'none') add('warn', 'tools_real');
    else add('good', 'tools_mocked', null, body.mocks.kind === 'chosen' ? body.mocks.names : []);
    for (const message of body.messages) {
      const mistake = line(message.text);
      if (mistake) add('stop', 'message_not_json', mistake.line, [message.evaluator === null ? '' : nameOf(message.evaluator), '1', mistake.what]);
    }
    for (const [which, text] of [['config', body.pipecat.config], ['room_properties', body.pipecat.roomProperties]]) {
      const mistake = line(text);
      if (mistake) add('stop', 'pipecat_not_json', mistake.line, [which, '1', mistake.what]);
      else if (text.trim()) add('warn', 'pipecat_replaces');
    }
    if (calls > 0) add(calls * 23 > 7436 ? 'warn' : 'good', calls * 23 > 7436 ? 'balance_low' : 'balance_enough');
    const level = { stop: 0, warn: 1, good: 2 };
    checks.sort((a, b) => level[a.level] - level[b.level]);
    const mayPlace = !checks.some((check) => check.level === 'stop');
    return { calls, evaluators: body.evaluators.length, times, callers: body.callers.length, profiles: body.profiles.length, checks, mayPlace, upTo: query.has('upto') && body.callers.length > 0, confirm: [...(calls > 50 ? ['many_calls'] : []), ...(query.has('same') ? ['same_plan'] : [])],
      estimate: calls ? { minutesLow: calls * 1.17, minutesHigh: calls * 1.5, creditsLow: calls * 17.9, creditsHigh: calls * 23.3, assumed: query.has('assumed'), balance: 7436, learntFrom: 60 } : null };
  };

  let plans = how === 'no-plans' ? [] : [
    { id: 'p-1', name: 'Friday regression', agentName: 'Flower bot', evaluators: 48, gone: [], calls: 144, changedAt: ago(400_000) },
    { id: 'p-2', name: 'Greeting smoke test', agentName: 'Flower bot', evaluators: 4, gone: [], calls: 12, changedAt: ago(3000) },
    { id: 'p-3', name: 'Refund suite', agentName: 'Clinic line', evaluators: 9, gone: ['Refund without a receipt', 'Refund twice'], calls: 27, changedAt: ago(90_000) },
    { id: 'p-4', name: 'A plan of a former agent with a name that goes on and on, so that it has to wrap somewhere before it meets the buttons', agentName: null, evaluators: 2, gone: ['4711', '4712', '4713', '4714'], calls: 2, changedAt: ago(9_000_000) },
  ];

  const endings = {
    launched: { state: 'launched', resultId: 1, callsPlaced: 24 },
    'other-agent': { state: 'launched', resultId: 1, callsPlaced: 24, otherAgent: 'Clinic line, production' },
    refused: { state: 'refused', code: 'refused', problems: [{ field: 'evaluators', message: 'Scenario 1003 does not belong to this agent.' }, { field: 'times', message: 'Ensure this value is less than or equal to 2.' }, { field: '', message: 'The request could not be fulfilled.' }] },
    credit: { state: 'refused', code: 'out_of_credit', problems: [{ field: '', message: 'Insufficient balance' }], fits: { evaluators: 2, calls: 12, credits: 280 } },
    forbidden: { state: 'refused', code: 'forbidden', problems: [{ field: '', message: 'You do not have permission to perform this action.' }] },
    throttled: { state: 'refused', code: 'throttled', waitSeconds: 42 },
    'not-sent': { state: 'not-sent', code: 'unreachable' },
    unknown: unknown(),
  };

  const answers = {
    draft_read: () => draft,
    draft_save: ({ id, body }) => { if (spent.has(id)) throw rejecting('draft_spent'); window.saved.push(body); if (id === draft.id) draft = { ...draft, body }; tell('drafts'); return null; },
    draft_clear: () => fresh(emptyBody),
    plan_check: ({ body }) => planOf(body),
    plan_review: ({ body }) => {
      if (!planOf(body).mayPlace) throw rejecting('plan_not_ready');
      const request = { name: body.name || draft.proposedName, agent: body.agent, scenarios: body.evaluators.map((scenario) => ({ scenario })), frequency: Number(body.times), concurrency_limit: Number(body.atOnce), ...(body.callers.length ? { personality_ids: body.callers } : {}), mock_tool_names: ['set_delivery_details', 'place_order', 'look_up_stock'] };
      const text = JSON.stringify(request, null, 2);
      return { address: 'POST https://api.example.org/test_framework/v1/scenarios/run_scenarios_pipecat_v2/', body: text, curl: `curl -X POST 'https://api.example.org/test_framework/v1/scenarios/run_scenarios_pipecat_v2/' \\\n  -H "X-CEKURA-API-KEY: $CEKURA_API_KEY" \\\n  -H 'Content-Type: application/json' \\\n  -d '${text}'` };
    },
    launch_place: ({ draftId, confirmation }) => {
      if (spent.has(draftId)) throw rejecting('draft_spent');
      const { body } = draft;
      const plan = planOf(body);
      if (plan.confirm.length > 0 && confirmation?.calls !== plan.calls) throw rejecting('confirm_needed', { number: plan.calls });
      window.placed += 1;
      spent.add(draftId);
      const view = launchOf('sending', { name: body.name || draft.proposedName, expectedCalls: plan.calls, startedAt: ago(0) });
      launches = [view];
      fresh(emptyBody);
      tell('launches', 'drafts');
      if (how !== 'slow') {
        setTimeout(() => {
          Object.assign(view, { ...endings[how] ?? endings.launched, id: view.id, name: view.name, expectedCalls: view.expectedCalls, startedAt: view.startedAt });
          if (['refused', 'not-sent'].includes(view.state)) fresh(body);
          tell('launches', 'drafts', 'results');
        }, 1200);
      }
      return view;
    },
    launch_read: ({ id }) => launches.find((one) => one.id === id) ?? (() => { throw rejecting('gone'); })(),
    launches_open: () => launches.filter((one) => !one.dismissed && !(one.state === 'launched' && one.otherAgent === null) && !one.settled),
    launch_look: async ({ id }) => { await new Promise((resolve) => setTimeout(resolve, 600)); const view = launches.find((one) => one.id === id); view.looks += 1; view.lastLookAt = ago(0); tell('launches'); return view; },
    launch_started: ({ id, result }) => { const view = launches.find((one) => one.id === id); Object.assign(view, { state: 'launched', resultId: result, adopted: true, settled: true }); tell('launches'); return view; },
    launch_not_started: ({ id }) => { launches.find((one) => one.id === id).settled = true; return { draft: fresh(filledBody), gone: [] }; },
    launch_leave: ({ id }) => { const view = launches.find((one) => one.id === id); view.settled = true; tell('launches'); return view; },
    launch_dismiss: ({ id }) => { launches.find((one) => one.id === id).dismissed = true; tell('launches'); return null; },
    launch_reopen: ({ id }) => { launches.find((one) => one.id === id).dismissed = true; tell('launches'); return { draft: fresh(filledBody), gone: [] }; },
    launch_fit: ({ id }) => { launches.find((one) => one.id === id).dismissed = true; return { draft: fresh({ ...filledBody, evaluators: [1000, 1001] }), gone: [] }; },
    plans_list: () => [...plans].sort((a, b) => a.name.localeCompare(b.name)),
    plan_save: ({ name, body, id }) => {
      if (plans.some((one) => one.name === name && one.id !== id)) throw rejecting('name_taken');
      const plan = { id: id ?? `p-${plans.length + 9}`, name, agentName: 'Flower bot', evaluators: body.evaluators.length, gone: [], calls: planOf(body).calls, changedAt: ago(0) };
      plans = [...plans.filter((one) => one.id !== id), plan];
      return plan;
    },
    plan_open: ({ id }) => ({ draft: fresh(filledBody), gone: plans.find((one) => one.id === id).gone }),
    plan_duplicate: ({ id }) => { const copy = { ...plans.find((one) => one.id === id), id: `p-${plans.length + 9}` }; copy.name += ' 2'; plans = [...plans, copy]; return copy; },
    plan_rename: ({ id, name }) => { if (plans.some((one) => one.name === name && one.id !== id)) throw rejecting('name_taken'); plans = plans.map((one) => (one.id === id ? { ...one, name } : one)); return plans.find((one) => one.id === id); },
    plan_delete: ({ id }) => { plans = plans.filter((one) => one.id !== id); return null; },
    plan_export: ({ id }) => (query.has('closed') ? null : `/home/ada/Documents/${plans.find((one) => one.id === id).name.replaceAll(' ', '-')}.linecheck.json`),
    plan_import: () => { if (query.has('closed')) return null; if (how === 'unreadable') throw rejecting('plan_unreadable', { detail: 'expected value at line 1 column 1' }); const plan = { ...plans[0], id: `p-${plans.length + 9}`, name: `${plans[0].name} 2` }; plans = [...plans, plan]; return { plan, renamed: true }; },
  };

  real.invoke = async (name, args = {}) => {
    if (Object.hasOwn(answers, name)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return clone(await answers[name](clone(args)));
    }
    const value = await inner(name, args);
    if (name === 'evaluators_list') {
      for (const row of value.rows) names.set(row.id, row.name);
      // From the catalogue being there to the rows standing on the screen.
      const answered = performance.now();
      const look = () => (document.querySelector('[data-test=evaluator-row]') ? (window.openedIn ??= performance.now() - answered) : requestAnimationFrame(look));
      requestAnimationFrame(look);
      if (how === 'no-evaluators') return { ...value, rows: [] };
      if (how === 'long') {
        value.rows[0].name = 'A customer who calls about an order placed by somebody else for a third person and does not know the number of it nor the day on which it was placed';
        value.rows[1].name = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
        value.rows[1].folder = 'Orders.A folder with a very long name.And another one below it';
        value.rows[2].callerName = 'Somebody with a strong accent on a very noisy line who is in a hurry';
      }
      return how === 'loading-list' ? new Promise(() => {}) : args.agent === 12 ? { ...value, rows: value.rows.slice(0, 3) } : value;
    }
    if (name === 'catalogue_read') {
      if (how === 'loading') return { ...value, state: 'loading', agents: [], fetchedAt: null };
      if (how === 'failed') return { ...value, state: 'failed', agents: [], fetchedAt: null, error: { code: 'unreachable', detail: 'dns error', problems: [], number: null } };
      if (how === 'no-agents') return { ...value, agents: [] };
    }
    return value;
  };
})();
