// Stands in for Tauri while looking at the page in a browser. A plain script, put in front of the
// page by serve.js. What it answers is made up and believable; ?world= chooses how things are:
//   fresh (nothing known), practice, cekura, offline, rejected, locked, no-keychain, broken.
(() => {
  // As the real window does.
  Object.freeze(Object.prototype);
  const world = new URLSearchParams(location.search).get('world') ?? 'fresh';
  const studio = { id: 1, kind: 'practice', label: 'Practice studio', origin: 'practice' };
  const shop = { id: 2, kind: 'cekura', label: 'Bloom Florists', origin: 'https://api.cekura.ai' };
  const clinic = { id: 3, kind: 'cekura', label: 'Clinic line \u202egnigats', origin: 'https://staging.example.org' };

  const state = {
    workspaces: world === 'fresh' || world === 'no-keychain' ? [] : [studio, shop, clinic],
    current: world === 'practice' ? studio : world === 'fresh' || world === 'no-keychain' ? null : shop,
    settings: { confirmAbove: 50, confirmCredits: 0, dayCalls: 0, dayCredits: 0, notify: true },
    keyState: { practice: 'practice', rejected: 'rejected', locked: 'locked' }[world] ?? 'saved',
    draft: { id: 'd-1', proposedName: 'Flower bot · 24 Nov 14:03', body: { agent: 11, evaluators: [], name: '', times: '1', atOnce: '3', callers: [], profiles: [], mocks: { kind: 'all' }, messages: [], pipecat: { agentName: '', config: '', roomProperties: '' }, filter: { search: '', folders: [], tags: [], failedLast: false, flaky: false }, parent: null } },
  };

  // A small generator, so that every look at the page shows the same world.
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const names = ['Mid-order bouquet switch', 'Orchid unavailable, offer roses', 'Anniversary, relative delivery date', 'Complex address, spoken slowly', 'Birthday gift order', 'Graduation gold delivery', 'Multi-item order with delivery', 'Recipient with a difficult name', 'Sympathy whites, funeral order', 'Wildflower medley, special note'];
  const folders = ['Orders.Edge cases', 'Orders.Happy path', 'Speech.Stress', 'Orders.Care'];
  const count = Number(new URLSearchParams(location.search).get('evaluators') ?? 128);
  const evaluators = Array.from({ length: count }, (_, at) => ({
    id: 1000 + at, name: at < names.length ? names[at] : `${names[at % names.length]}, variant ${Math.floor(at / names.length) + 1}`,
    folder: folders[at % folders.length], tags: at % 3 === 0 ? ['smoke', 'v2'] : ['nightly'], callerName: pick(['Friendly', 'Impatient', 'Elderly, noisy line', 'Talkative']), language: 'en',
    hasExpectedOutcome: at % 9 !== 4, last: Array.from({ length: 5 }, () => pick(['passed', 'passed', 'passed', 'passed', 'agent_failed', 'never_connected', 'needs_a_look'])), usualSeconds: 120 + Math.floor(random() * 240), flaky: at % 13 === 3,
  }));
  const row = (id, name, counts, more = {}) => {
    const full = { passed: 0, agentFailed: 0, neverConnected: 0, needsALook: 0, stopped: 0, inProgress: 0, ...counts };
    const calls = Object.values(full).reduce((sum, one) => sum + one, 0);
    return { id, name, agentName: 'Flower bot', createdAt: new Date(Date.now() - id * 3.1e6).toISOString(), counts: full, calls, counted: true, finished: full.inProgress === 0, followed: full.inProgress > 0, mine: true, scheduled: false, credits: calls * 13, changedAt: new Date(Date.now() - 6e4).toISOString(), doing: full.inProgress ? 'talking' : null, stalled: null, left: full.inProgress ? { low: 5, high: 9 } : null, ...more };
  };
  const results = [
    row(1, 'Failed last time · 23 Nov 14:03', { passed: 11, agentFailed: 5, neverConnected: 2, needsALook: 1, inProgress: 5 }),
    row(2, 'Speech stress, nightly', { passed: 3, inProgress: 21 }, { doing: 'waiting', stalled: { seconds: 360, usualSeconds: 120 } }),
    row(3, 'Release 42 candidate', { passed: 324, agentFailed: 44, neverConnected: 7, needsALook: 9 }),
    row(4, 'Greeting smoke test', { passed: 12 }, { agentName: 'Clinic line' }),
    row(5, 'Friday regression', { passed: 40, agentFailed: 2, stopped: 6 }, { scheduled: true, mine: false, agentName: 'Clinic line' }),
    row(6, 'Release 41, full suite', { passed: 339, agentFailed: 32, neverConnected: 13 }),
  ];

  const error = (code, more = {}) => ({ code, detail: null, problems: [], number: null, ...more });
  const later = (milliseconds, value) => new Promise((resolve) => setTimeout(() => resolve(value), milliseconds));
  const online = { state: 'online', code: null, detail: null, nextTryAt: null, credits: 7436, mayLaunch: true, live: 2 };
  const soon = new Date(Date.now() + 90_000).toISOString();
  const connections = {
    offline: { ...online, state: 'offline', code: 'unreachable', detail: 'dns error: no record found', nextTryAt: soon },
    rejected: { ...online, state: 'key_rejected', code: 'bad_key' },
    locked: { ...online, state: 'key_missing', code: 'keychain_locked', credits: null },
  };

  // What changed since the page was told last, and how it is told now if it waits for that.
  let changed = {};
  let tellPage = null;
  window.fakeFeed = (changes) => {
    for (const [topic, ids] of Object.entries(changes)) changed[topic] = topic in changed ? [] : ids;
    tellPage?.();
  };

  const answers = {
    app_state: () => { if (world === 'broken') throw error('ledger_in_use', { detail: 'journal.db is locked by another process' }); return { workspaces: state.workspaces, current: state.current, version: '0.1.0', dataDir: '/home/ada/.local/share/linecheck', notices: world === 'offline' ? [{ code: 'archive_set_aside', detail: '/home/ada/.local/share/linecheck/damaged' }] : [] }; },
    feed_next: ({ heard }) => new Promise((answer) => {
      tellPage = () => { answer({ seq: heard + 1, changes: changed, closing: null, go: null }); changed = {}; tellPage = null; };
      if (heard === 0 || Object.keys(changed).length > 0) tellPage();
    }),
    practice_open: async () => { await later(400); state.workspaces = [studio, ...state.workspaces.filter((one) => one.id !== 1)]; state.current = studio; state.keyState = 'practice'; return studio; },
    workspace_connect: async ({ key, request }) => {
      await later(500);
      if (world === 'no-keychain' && !request.sessionOnly) throw error('keychain_missing', { detail: 'org.freedesktop.secrets was not provided by any .service files' });
      if (key === 'wrong') throw error('bad_key');
      state.workspaces = [shop]; state.current = shop; state.keyState = request.sessionOnly ? 'session_only' : 'saved'; return shop;
    },
    workspace_open: ({ id }) => (state.current = state.workspaces.find((one) => one.id === id)),
    workspace_close: () => { state.current = null; return null; },
    workspace_rename: ({ id, label }) => Object.assign(state.workspaces.find((one) => one.id === id), { label }),
    workspace_erase: ({ id }) => { state.workspaces = state.workspaces.filter((one) => one.id !== id); if (state.current?.id === id) state.current = null; return null; },
    key_read: () => ({ state: state.keyState, last4: state.keyState === 'practice' || state.keyState === 'locked' ? null : '9f3c', origin: state.current?.origin ?? '' }),
    key_replace: async ({ key, sessionOnly }) => { await later(400); if (key === 'wrong') throw error('bad_key'); state.keyState = sessionOnly ? 'session_only' : 'saved'; return answers.key_read(); },
    key_retry: () => answers.key_read(),
    key_forget: () => { state.keyState = 'none'; return answers.key_read(); },
    connection_read: () => connections[world] ?? { ...online, credits: state.current?.kind === 'practice' ? 25000 : 7436 },
    connection_retry: () => answers.connection_read(),
    settings_read: () => state.settings,
    settings_save: ({ settings }) => (state.settings = settings),
    usage_read: () => ({ folder: '/home/ada/.local/share/linecheck', journalBytes: 212_992, archiveBytes: 48_300_000, setAsideBytes: 0, otherBytes: 1_400_000, results: 214, calls: 9120 }),
    data_erase: () => { state.workspaces = []; state.current = null; return null; },
    catalogue_read: () => ({ state: 'ready', error: null, fetchedAt: new Date().toISOString(), unreadable: 0, tags: ['nightly', 'smoke', 'v2'], folders: folders.map((path) => ({ path, name: path.split('.').at(-1) })),
      agents: [{ id: 11, name: 'Flower bot', projectName: 'Staging', pipecatReady: true, pipecatAgentName: 'flower-bot', mockTools: ['set_delivery_details', 'place_order', 'look_up_stock'], enabledCallers: [] }, { id: 12, name: 'Clinic line', projectName: 'Staging', pipecatReady: false, pipecatAgentName: null, mockTools: [], enabledCallers: [] }],
      callers: ['Elderly, noisy line', 'Friendly', 'Impatient', 'In a hurry', 'Strong accent', 'Talkative', 'Upset', 'Whispering'].map((name, at) => ({ id: 50 + at, name, description: null })),
      profiles: ['Ada, flat 3 B', 'Bo, no phone', 'Cleo, company card'].map((name, at) => ({ id: 70 + at, name, description: null })) }),
    catalogue_refresh: () => null,
    evaluators_list: () => ({ reading: 0, more: false, rows: evaluators }),
    evaluator_read: ({ id }) => ({ row: evaluators.find((one) => one.id === id), script: 'Ask for a bouquet of tulips.\nWhen the agent repeats the order, change to roses.', firstMessage: 'Hello, I would like to order flowers.', expectedOutcome: 'The agent changes the order and reads it back once.', metrics: ['Expected outcome', 'Latency'], profileName: 'Ada, flat 3 B', maxSeconds: 600, updatedAt: new Date().toISOString() }),
    draft_read: () => state.draft,
    draft_save: ({ body }) => { state.draft = { ...state.draft, body }; return null; },
    draft_clear: () => state.draft,
    plan_check: ({ body }) => { const calls = body.evaluators.length * Number(body.times) * Math.max(1, body.callers.length); return { calls, evaluators: body.evaluators.length, times: Number(body.times), callers: body.callers.length, profiles: 0, estimate: calls ? { minutesLow: calls * 1.1, minutesHigh: calls * 1.5, creditsLow: calls * 18, creditsHigh: calls * 23, assumed: false, balance: 7436, learntFrom: 60 } : null, checks: [{ level: 'warn', code: 'no_expected_outcome', count: 1, names: ['Birthday gift order'] }, { level: 'good', code: 'agent_ready', count: null, names: [] }, { level: 'good', code: 'balance_enough', count: null, names: [] }], mayPlace: calls > 0, confirm: calls > 50 ? ['many_calls'] : [], upTo: true }; },
    plans_list: () => [],
    launches_open: () => (world === 'offline' ? [{ id: 'l-1', state: 'unknown', name: 'Refund suite · 23 Nov 14:41', agentName: 'Flower bot', otherAgent: null, expectedCalls: 24, callsPlaced: null, startedAt: new Date(Date.now() - 3e5).toISOString(), resultId: null, code: 'connection_lost', problems: [], looks: 4, lastLookAt: new Date(Date.now() - 6e4).toISOString(), found: [], adopted: false, settled: false, nextLookAt: soon, waitSeconds: null, fits: null }] : []),
    results_list: ({ query }) => ({ total: results.length, rows: results.slice(query.offset, query.offset + query.limit), state: 'ready', error: null }),
  };

  // Results and calls have a file of their own.
  Object.assign(answers, window.fakeResults?.({ later, error }));

  let nextCallback = 1;
  window.__TAURI_INTERNALS__ = {
    callbacks: new Map(),
    transformCallback(callback) { const id = nextCallback++; this.callbacks.set(id, callback); return id; },
    unregisterCallback(id) { this.callbacks.delete(id); },
    async invoke(name, args = {}) {
      const answer = answers[name];
      if (!answer) throw `${name} not allowed. Command not found`;
      await later(5);
      // As over the real bridge, nothing is shared with the other side.
      const value = await answer('channel' in args ? args : structuredClone(args));
      return structuredClone(value);
    },
  };
})();
