// Results and calls for the stand-in of Tauri (fake-host.js), made up and believable. Results of note:
//   1 running, 2 stalled, 3 finished with everything in it, 4 fit, 5 little judged, 6 repeated since,
//   900 ten thousand calls, 901 hostile text, 902 every callout, 904 not there.
(() => {
  const query = new URLSearchParams(location.search);
  let seed = 11;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  const zero = { passed: 0, agentFailed: 0, neverConnected: 0, needsALook: 0, stopped: 0, inProgress: 0 };
  const fields = { passed: 'passed', agent_failed: 'agentFailed', never_connected: 'neverConnected', needs_a_look: 'needsALook', stopped: 'stopped', in_progress: 'inProgress' };
  const why = (code, text = null, more = {}) => ({ code, text, side: null, number: null, ...more });
  const reasons = {
    passed: () => why('expected_outcome_met'),
    agent_failed: () => pick([why('expected_outcome_not_met', 'Did not read the address back before confirming', { number: 50 }), why('metric_failed', 'Workflow: Asked for the card number twice'), why('expected_outcome_not_met', 'Silent for over 10 seconds', { number: 0 })]),
    never_connected: () => pick([why('at_limit', 'pipecat-max-sessions', { side: 'limit' }), why('no_answer', null, { side: 'agent' })]),
    needs_a_look: () => pick([why('partly_met', null, { number: 80 }), why('nothing_judged')]),
    stopped: () => why('stopped_by_person'),
    in_progress: () => pick([why('talking'), why('waiting')]),
  };
  const callers = ['Elderly, noisy line', 'Friendly', 'Impatient', 'Strong accent'];

  let nextCall = 5000;
  const callOf = (outcome, time, of, more = {}) => ({
    id: nextCall++, outcome, why: reasons[outcome](), time, of, callerName: callers[time % callers.length], profileName: null,
    seconds: outcome === 'never_connected' || outcome === 'in_progress' ? null : 150 + Math.floor(random() * 200), reviewed: false, noted: false, voted: false, untold: false, cold: false, ...more,
  });
  const letters = { p: 'passed', f: 'agent_failed', n: 'never_connected', l: 'needs_a_look', s: 'stopped', w: 'in_progress' };
  const group = (evaluator, name, marks, more = {}) => {
    const calls = [...marks].map((mark, at) => callOf(letters[mark], at + 1, marks.length));
    const judged = new Set(calls.map((call) => call.outcome).filter((outcome) => outcome === 'passed' || outcome === 'agent_failed'));
    const bad = calls.find((call) => call.outcome === 'agent_failed') ?? calls.find((call) => call.outcome === 'needs_a_look') ?? calls.find((call) => call.outcome === 'never_connected');
    return { evaluator, name, flaky: judged.size > 1, fixedOn: null, tags: evaluator % 2 ? ['smoke'] : ['nightly', 'v2'], wrong: bad ? bad.why : null, usualSeconds: 150 + Math.floor(random() * 180), calls, ...more };
  };
  const view = (id, name, groups, more = {}, rowMore = {}) => {
    const calls = groups.flatMap((one) => one.calls);
    const counts = { ...zero };
    for (const call of calls) counts[fields[call.outcome]] += 1;
    const byCause = new Map();
    for (const one of groups) for (const call of one.calls) {
      if (['passed', 'in_progress', 'stopped'].includes(call.outcome)) continue;
      const key = `${call.outcome} ${call.why.code} ${call.why.text}`;
      const cause = byCause.get(key) ?? { key, outcome: call.outcome, why: call.why, calls: [], of: new Set() };
      byCause.set(key, cause);
      cause.calls.push(call.id);
      cause.of.add(one.name);
    }
    const causes = [...byCause.values()].map(({ of, ...cause }) => ({ ...cause, evaluators: of.size })).sort((a, b) => b.calls.length - a.calls.length);
    const has = (one, outcome) => one.calls.some((call) => call.outcome === outcome);
    const failing = groups.filter((one) => has(one, 'agent_failed'));
    const always = failing.filter((one) => !has(one, 'passed'));
    const judged = counts.passed + counts.agentFailed;
    const failure = causes.find((cause) => cause.outcome === 'agent_failed') ?? null;
    const again = (/** @type {string} */ outcome) => { const of = groups.filter((one) => has(one, outcome)); return { calls: calls.filter((call) => call.outcome === outcome).length, evaluators: of.length, upTo: of.length * Math.max(0, ...of.map((one) => one.calls.filter((call) => call.outcome === outcome).length)) }; };
    const unjudged = groups.filter((one) => !has(one, 'passed') && !has(one, 'agent_failed')).length;
    return {
      row: { id, name, agentName: 'Flower bot', createdAt: ago(19), counts, calls: calls.length, counted: true, finished: counts.inProgress === 0, followed: counts.inProgress > 0, mine: true, scheduled: false, credits: judged * 13, changedAt: ago(1), doing: counts.inProgress ? 'talking' : null, stalled: null, left: counts.inProgress ? { low: 7, high: 9 } : null, ...rowMore },
      headline: { fitness: counts.agentFailed ? 'not_fit' : counts.inProgress ? 'running' : judged * 5 >= calls.length * 4 && unjudged === 0 ? 'fit' : 'too_little', judgedEvaluators: groups.length - unjudged, evaluators: groups.length, failing: failing.length, alwaysFailing: always.length, unjudged, flaky: groups.filter((one) => one.flaky).length, passed: counts.passed, judged, calls: calls.length, cause: failure && failure.calls.length * 2 > counts.agentFailed ? failure.why : null, oneCause: failure !== null && failure.calls.length === counts.agentFailed },
      groups, causes, parent: null, repeats: [], again: { neverConnected: again('never_connected'), atLimit: again('never_connected'), agentFailed: again('agent_failed'), everything: { calls: calls.length, evaluators: groups.length, upTo: calls.length }, each: 6 }, judgingAfterEnd: 0, coldStarts: 0, nothingJudged: 0, launch: null, mocks: { kind: 'all' }, unreadable: 0, atLimit: calls.filter((call) => call.why.code === 'at_limit').length, summary: null, dashboard: `https://dashboard.example.org/results/${id}`, stopping: false, ...more,
    };
  };

  const payloads = [
    '<img src=x onerror=boom()>', '<script>boom()</script>', '"><svg/onload=boom()>', '{{7*7}}${7*7}', '\u202egnp.exe\u202c', 'a\u0000b\u0007c\u001b[31mred', '\u200b\u2060\ufeffhidden', 'W'.repeat(5000), 'ورود سفارش گل با نام دشوار', 'مرحبا <b>bold</b> hello', '👩‍👩‍👧‍👦 family', '\ud800 lone', 'line\nbreak\r\nand\ttab', 'javascript:boom()', '&lt;b&gt;&amp;', '</textarea><h1>out</h1>', 'Z̸̢͎̗̾a̵͙͝l̷̰̈́g̸͓̈́o̶', '?'.repeat(300), '    ', '\u2028\u2029sep',
  ];
  const hostile = () => view(901, payloads[0], payloads.map((text, at) => ({ ...group(3000 + at, text, 'fpl'), tags: [text], wrong: why('metric_failed', text) })).map((one) => ({ ...one, calls: one.calls.map((call) => ({ ...call, callerName: one.name, profileName: one.name, why: why(call.outcome === 'passed' ? 'expected_outcome_met' : 'no_judgement', one.name, { side: one.name }) })) })), { summary: { whatHappened: payloads[1], whyItHappened: payloads[2], howToFix: payloads[8], nextSteps: payloads, reasons: payloads } }, { agentName: payloads[4] });

  const names = ['Complex address, spoken slowly', 'Mid-order bouquet switch', 'Orchid unavailable, offer roses', 'Anniversary, relative delivery date', 'Birthday gift order', 'Graduation gold delivery', 'Multi-item order with delivery', 'Recipient with a difficult name', 'Sympathy whites, funeral order', 'Wildflower medley, special note', 'Change of mind at the very end of a long and complicated order with three recipients', 'Wrong number, polite exit'];
  const summary = {
    whatHappened: 'The agent took most orders correctly. In five calls it confirmed a delivery without reading the address back.',
    whyItHappened: 'After a spelled address the agent goes straight to the delivery day.',
    howToFix: 'Tell the agent to repeat every address and wait for a yes before it goes on.',
    nextSteps: ['Add the step to the prompt.', 'Run the address evaluators again.'], reasons: ['Address not read back (5 calls)'],
  };
  const made = new Map();
  const makers = {
    1: () => view(1, 'Failed last time · 23 Nov 14:03', [
      group(1003, names[0], 'ffpflw', { wrong: why('expected_outcome_not_met', 'Did not read the address back before confirming', { number: 50 }) }), group(1000, names[1], 'pfppfw', { wrong: why('metric_failed', 'Silent for over 10 seconds') }),
      group(1001, names[2], 'pnpnpw', { wrong: why('at_limit', 'Agent at its limit', { side: 'limit' }) }), group(1002, names[3], 'ppppww', { wrong: null }),
    ], { atLimit: 2 }),
    2: () => view(2, 'Speech stress, nightly', names.slice(0, 4).map((name, at) => group(1000 + at, name, at === 0 ? 'pppwww' : 'wwwwww')), {}, { doing: 'waiting', stalled: { seconds: 360, usualSeconds: 120 }, createdAt: ago(48) }),
    3: () => view(3, 'Release 42 candidate', names.map((name, at) => group(1000 + at, name, at === 1 ? 'ffff' : at === 3 ? 'pfpn' : at === 5 ? 'llpp' : 'pppp')), { summary, nothingJudged: 2, coldStarts: 3 }, { createdAt: ago(190) }),
    4: () => view(4, 'Greeting smoke test', names.slice(0, 3).map((name, at) => group(1000 + at, name, 'pppp')), {}, { agentName: 'Clinic line', createdAt: ago(1500) }),
    5: () => view(5, 'Friday regression', names.slice(0, 6).map((name, at) => group(1000 + at, name, at < 3 ? 'nnnp' : 'nnnn')), {}, { scheduled: true, mine: false, createdAt: ago(5000) }),
    6: () => { const of = view(6, 'Release 41, full suite', names.slice(0, 5).map((name, at) => ({ ...group(1000 + at, name, at < 2 ? 'nnnn' : 'ppfp'), fixedOn: at < 2 ? 2 : null }))); of.repeats = [{ result: 4, name: 'Release 41, full suite, again', part: 'never_connected', counts: { ...zero, passed: 8 }, fixed: [{ evaluator: 1000, onTry: 2 }, { evaluator: 1001, onTry: 2 }] }]; return of; },
    900: () => view(900, 'Ten thousand calls', Array.from({ length: 500 }, (_, at) => group(4000 + at, `${names[at % names.length]}, variant ${at + 1}`, 'ppppfpppnplppppppfpp'.slice(0, 20))).sort((a, b) => b.calls.filter((call) => call.outcome === 'agent_failed').length - a.calls.filter((call) => call.outcome === 'agent_failed').length), { summary }),
    901: hostile,
    902: () => view(902, 'Everything at once', names.slice(0, 5).map((name, at) => group(at === 4 ? null : 1000 + at, name, at === 0 ? 'p'.repeat(40) + 'fnl' : 'pfnlsw')), { judgingAfterEnd: 3, coldStarts: 4, nothingJudged: 2, unreadable: 1, atLimit: 2, stopping: true, summary, launch: { id: 'l', state: 'launched', name: 'x', agentName: 'Flower bot', otherAgent: 'Flower bot (production)', expectedCalls: 67, callsPlaced: 67, startedAt: ago(19), resultId: 902, code: null, problems: [], looks: 0, lastLookAt: null, found: [], adopted: false, settled: true, nextLookAt: null, waitSeconds: null, fits: null }, parent: { result: 3, name: 'Release 42 candidate', part: 'agent_failed', counts: zero, fixed: [1001, 1003] } }),
  };
  const result = (id) => {
    if (!made.has(id) && makers[id]) made.set(id, makers[id]());
    return made.get(id);
  };

  const listed = Array.from({ length: 1240 }, (_, at) => {
    const id = at + 1;
    const of = [1, 2, 3, 4, 5, 6].includes(id) ? result(id) : null;
    if (of) return of.row;
    const passed = Math.floor(random() * 60);
    const counts = { ...zero, passed, agentFailed: Math.floor(random() * 8), neverConnected: Math.floor(random() * 3) };
    const calls = Object.values(counts).reduce((sum, one) => sum + one, 0);
    return { id: 10 + at, name: `Nightly ${at}${at === 9 ? ' with a name that somebody wrote as if it were a whole story about what the run is for' : ''}`, agentName: pick(['Flower bot', 'Clinic line']), createdAt: ago(6000 + at * 300), counts: at % 17 === 8 ? zero : counts, calls, counted: at % 17 !== 8, finished: true, followed: false, mine: at % 3 === 0, scheduled: at % 11 === 0, credits: at % 17 === 8 ? null : calls * 13, changedAt: ago(6000), doing: null, stalled: null, left: null };
  });

  // Two of its calls cannot be read.
  Object.assign(listed[7], { counted: false, calls: listed[7].calls + 2 });

  const turns = [
    ['agent', 0, 'Bloom Florists, good afternoon. What may I do for you?'], ['caller', 6, 'I would like to send flowers to my sister.'], ['agent', 11, 'With pleasure. Where should they go?'],
    ['caller', 121, "It's flat 3 B, Saint Aldhelm's, that's A-L-D-H…"], ['agent', 134, 'Great, I have that. What day should it arrive?'], ['caller', 139, "Don't you need to read it back to me?"],
    ['tool', 147, '', { id: 't1', name: 'set_delivery_details', arguments: '{"address":"Flat 3 B, Saint Aldhelm’s","day":"friday","retry":false}', result: '{"ok":true,"id":4412}' }],
    ['agent', 151, "I've saved it. Is Friday all right?"], ['caller', 158, 'Friday is fine.'], ['tool', 170, '', { id: 't2', name: 'place_order', arguments: '{"flowers":["tulips",12],"card":null}', result: null }], ['agent', 220, 'Delivery on Friday between nine and noon, confirmed.'], ['caller', 232, 'Thank you, goodbye.'],
  ].map(([speaker, at, text, tool]) => ({ speaker, role: speaker, at, end: at + 4, text, tool: tool ?? null, silence: at === 121 ? 12.4 : null }));
  const wave = (() => {
    const agent = []; const caller = [];
    for (let at = 0; at < 312; at += 1) {
      const turn = turns.findLast((one) => one.at <= at);
      const on = turn && at < turn.at + Math.max(4, turn.text.length / 9);
      agent.push(on && turn.speaker === 'agent' ? 0.25 + random() * 0.7 : 0.004);
      caller.push(on && turn.speaker === 'caller' ? 0.2 + random() * 0.6 : 0.004);
    }
    return { agent, caller };
  })();
  const humans = new Map();
  const notes = new Map();

  /** A stereo WAV, the caller on channel 0. */
  const wav = (seconds) => {
    const rate = 8000; const count = seconds * rate; const bytes = new ArrayBuffer(44 + count * 4); const data = new DataView(bytes);
    const put = (at, text) => [...text].forEach((char, n) => data.setUint8(at + n, char.charCodeAt(0)));
    put(0, 'RIFF'); data.setUint32(4, 36 + count * 4, true); put(8, 'WAVEfmt '); data.setUint32(16, 16, true); data.setUint16(20, 1, true); data.setUint16(22, 2, true); data.setUint32(24, rate, true); data.setUint32(28, rate * 4, true); data.setUint16(32, 4, true); data.setUint16(34, 16, true); put(36, 'data'); data.setUint32(40, count * 4, true);
    for (let at = 0; at < count; at += 1) {
      const slot = Math.floor(at / rate / 3) % 3; const tone = Math.round(Math.sin(at * 0.17) * 9000 * (0.5 + 0.5 * Math.sin(at / 900)));
      data.setInt16(44 + at * 4, slot === 1 ? tone : 0, true); data.setInt16(46 + at * 4, slot === 0 ? tone : 0, true);
    }
    return bytes;
  };

  const callView = (resultId, id) => {
    const of = result(resultId);
    const found = of?.groups.map((one) => ({ one, call: one.calls.find((call) => call.id === id) })).find(({ call }) => call);
    if (!found) return null;
    const { one, call } = found;
    const human = humans.get(id) ?? { review: null, votes: {}, sent: true };
    const ended = call.outcome !== 'in_progress';
    const connected = ended && call.outcome !== 'never_connected';
    const evil = resultId === 901;
    const say = (text) => (evil ? one.name : text);
    const long = resultId === 900 && call.time === 1;
    const failed = call.outcome === 'agent_failed';
    const spoken = long ? Array.from({ length: 10_000 }, (_, at) => ({ speaker: at % 2 ? 'caller' : 'agent', role: 'x', at: at * 3, end: at * 3 + 2, text: `Turn ${at + 1} of a very long call`, tool: null, silence: null })) : evil ? payloads.map((text, at) => ({ speaker: ['agent', 'caller', 'other', 'tool'][at % 4], role: text, at: at * 5, end: at * 5 + 4, text, tool: at % 4 === 3 ? { id: text, name: text, arguments: text, result: text } : null, silence: at === 4 ? 8 : null })) : turns;
    return {
      row: { ...call, noted: Boolean(notes.get(id)), seconds: connected ? (one.name === names[0] ? 312 : call.seconds) : null }, result: resultId, evaluatorName: one.name, startedAt: ago(12), endedReason: ended ? say(connected ? 'customer-ended-call' : 'pipecat-max-sessions') : null, errorMessage: call.outcome === 'never_connected' || evil ? say('Max concurrent sessions reached for agent flower-bot') : null,
      expected: connected ? { score: failed ? 50 : 100, prompt: say('The agent takes the address, reads it back once and confirms the day.'), criteria: [{ text: say('Address never read back'), met: !failed, at: [134], came: say('It asked for the day at once.'), judge: null }, { text: say('Delivery date confirmed'), met: true, at: [220], came: null, judge: say('on the second question') }, { text: say('Says goodbye'), met: null, at: [], came: null, judge: null }], thumbsUp: null } : null,
      metrics: connected ? [
        { id: 71, name: say('Workflow'), decides: true, kind: 'yes_no', passed: !failed, value: null, text: null, unit: null, explanation: [{ text: say('The agent went on to the day without repeating the address.'), met: failed ? false : true, at: [134, 151], came: null, judge: null }], thumbsUp: null },
        { id: 72, name: say('Tools'), decides: true, kind: 'yes_no', passed: true, value: null, text: null, unit: null, explanation: [{ text: say('Every tool was used once.'), met: true, at: [147], came: null, judge: null }], thumbsUp: true },
        { id: 73, name: say('Speech'), decides: false, kind: 'rating', passed: null, value: 5, text: null, unit: null, explanation: [], thumbsUp: null },
        { id: 74, name: say('Latency'), decides: false, kind: 'number', passed: null, value: 6300, text: null, unit: 'ms', explanation: [], thumbsUp: null },
        { id: null, name: say('Mood'), decides: false, kind: 'category', passed: null, value: null, text: say('Neutral'), unit: null, explanation: [], thumbsUp: null },
      ] : [],
      transcript: connected ? spoken : ended ? [] : null, note: notes.get(id) ?? (evil ? one.name : null), whole: true, loading: false, error: null, stopping: false, recording: connected, waveform: connected && resultId !== 4 ? wave : null, callerChannel: 0, human, mockedTools: evil ? [one.name] : connected ? ['set_delivery_details'] : [], dashboard: `https://dashboard.example.org/results/${resultId}/calls/${id}`,
    };
  };

  window.fakeResults = ({ later, error }) => ({
    results_list: async ({ query }) => {
      await later(20);
      const rows = listed.filter((row) => (!query.onlyFailing || row.counts.agentFailed > 0) && (!query.onlyMine || row.mine) && (query.days === 0 || Date.parse(row.createdAt) > Date.now() - query.days * 864e5) && (query.agent === null || row.agentName === (query.agent === 11 ? 'Flower bot' : 'Clinic line')) && row.name.toLowerCase().includes(query.search.toLowerCase()));
      return { total: rows.length, rows: rows.slice(query.offset, query.offset + query.limit), state: 'ready', error: null };
    },
    results_refresh: () => null,
    result_read: ({ id }) => { const of = result(id); if (!of) throw error('gone'); return { reading: 0, more: false, head: { ...of, groups: [] }, groups: of.groups.map((group) => ({ was: null, head: { ...group, calls: [] }, calls: group.calls })) }; },
    result_stop: async ({ id }) => { await later(200); result(id).stopping = true; window.fakeFeed({ results: [id] }); return null; },
    result_repeat: ({ part, evaluators }) => { window.fakeRepeat = { part, evaluators }; return { draft: { id: 'd-2', body: { agent: 11, evaluators: [1000], name: '', times: '1', atOnce: '2', callers: [], profiles: [], mocks: { kind: 'all' }, messages: [], pipecat: { agentName: '', config: '', roomProperties: '' }, filter: { search: '', folders: [], tags: [], failedLast: false, flaky: false }, parent: { result: 1, part } }, proposedName: 'Again' }, gone: [], runType: query.has('livekit') ? 'LiveKit' : null, settings: query.has('livekit') ? ['livekit_data'] : [], unnamed: query.has('livekit') ? 2 : 0 }; },
    result_open: () => true,
    result_said: () => [...notes].map(([call, note]) => ({ call, note, review: humans.get(call)?.review ?? null })),
    result_export: ({ text }) => { window.fakeFile = text; return '/home/ada/Documents/Release 42.csv'; },
    call_read: async ({ result: of, id }) => { await later(30); const found = callView(of, id); if (!found) throw error('gone'); return found; },
    call_refetch: ({ result: of }) => { window.fakeFeed?.({ calls: [of] }); return null; },
    call_stop: ({ result: of, id }) => { window.fakeStopped = [of, id]; return null; },
    recording_save: () => '/home/ada/Music/call.wav',
    call_recording: async ({ id }) => { await later(query.has('slow') ? 1500 : 80); if (id % 7 === 6) throw error('recording_gone'); return wav(30); },
    call_listen: () => true,
    note_save: async ({ call, text }) => { await later(query.has('slow') ? 400 : 5); if (query.has('full')) throw error('disk_full'); notes.set(call, text.trim()); for (const of of made.values()) for (const one of of.groups) for (const row of one.calls) if (row.id === call) row.noted = text.trim() !== ''; window.fakeFeed?.({ notes: [call] }); return null; },
    vote_save: ({ call, on, up }) => { const held = humans.get(call) ?? { review: null, votes: {}, sent: true }; const votes = { ...held.votes }; if (up === null) delete votes[on]; else votes[on] = up; const human = { ...held, votes, sent: false }; humans.set(call, human); for (const of of made.values()) for (const one of of.groups) for (const row of one.calls) if (row.id === call) row.voted = Object.keys(votes).length > 0; window.fakeFeed?.({ notes: [call] }); return human; },
    review_save: ({ call, passed }) => { const human = { ...(humans.get(call) ?? { votes: {} }), review: passed, sent: false }; humans.set(call, human); window.fakeFeed?.({ notes: [call] }); return human; },
    failures_ask: async ({ question, channel }) => {
      if (question.includes('throttle')) throw error('throttled', { number: 12 });
      const say = window.__TAURI_INTERNALS__.callbacks.get(channel.id);
      const words = 'All five failures have one thing in common: the address is never read back.\n\nFirst fix the prompt: <b>repeat every address</b> and wait for a yes.'.split(/(?<= )/);
      for (const [index, message] of words.entries()) { say({ index, message }); await later(15); }
      return null;
    },
  });
})();
