// The one sentence on top of a result, what to know about it, and the summary to copy.
import test from 'node:test';
import assert from 'node:assert/strict';
import { allOf, askWords, callouts, headlineText, headlineWords, leftBehind, onlyWhy, repeatChoices, saidOf, saidOfAll, summaryText, words } from '../src/words/result.js';
import { passedOfJudged } from '../src/words/outcomes.js';
import { leftWords, standWords } from '../src/words/results.js';
import { callText, expectedWords, isTold, metricWords } from '../src/words/call.js';
import { checkWords, checks } from '../src/words/checks.js';
import { shared, whyBriefly, whyWords } from '../src/words/why.js';
import { launches, launchWords } from '../src/words/launches.js';

const zero = { passed: 0, agentFailed: 0, neverConnected: 0, needsALook: 0, stopped: 0, inProgress: 0 };
const head = { fitness: 'fit', judgedEvaluators: 12, evaluators: 12, failing: 0, alwaysFailing: 0, unjudged: 0, flaky: 0, passed: 24, judged: 24, calls: 24, cause: null, oneCause: false };
const why = (/** @type {string} */ code, /** @type {string | null} */ text = null) => ({ code, text, side: null, number: null });
const row = { id: 1, name: 'Release 42', agentName: 'Flower bot', createdAt: null, counts: { ...zero, passed: 9, agentFailed: 3 }, calls: 12, counted: true, finished: true, followed: false, mine: true, scheduled: false, credits: null, changedAt: '', doing: null, stalled: null, left: null };
const part = (calls = 0, evaluators = calls, upTo = calls) => ({ calls, evaluators, upTo });
const again = { neverConnected: part(), atLimit: part(), agentFailed: part(), everything: part(12, 1), each: 12 };
const view = (/** @type {object} */ more = {}) => /** @type {any} */ ({ row, headline: head, groups: [{}], causes: [], parent: null, repeats: [], again, judgingAfterEnd: 0, coldStarts: 0, nothingJudged: 0, launch: null, mocks: null, unreadable: 0, atLimit: 0, summary: null, dashboard: null, stopping: false, ...more });
const says = (/** @type {object} */ part, finished = true) => {
  const { verdict, why: reason, cause } = headlineWords(/** @type {any} */ ({ ...head, ...part }), finished);
  return `${verdict}: ${reason}${cause ? `, ${cause}` : ''}`;
};

test('one call is it, more are them', () => {
  const words = (/** @type {number} */ calls) => callouts(view({ nothingJudged: calls })).map(({ tone, action }) => [tone, action?.word]);
  assert.deepEqual(words(1), [['look', 'Show it']]);
  assert.deepEqual(words(2), [['look', 'Show them']]);
});

test('the sentence says fit, not fit, too little or running, and why', () => {
  assert.equal(says({}), 'Fit: all 24 judged calls passed, of 12 evaluators');
  assert.equal(says({ fitness: 'not_fit', failing: 3, alwaysFailing: 3, cause: why('metric_failed', 'reading the address back'), oneCause: true }), 'Not fit: 3 of 12 evaluators fail every time, always failed: reading the address back');
  assert.equal(says({ fitness: 'not_fit', failing: 3, alwaysFailing: 1 }), 'Not fit: 1 of 12 evaluators fails every time and 2 some of the time');
  assert.equal(says({ fitness: 'not_fit', failing: 1, alwaysFailing: 0 }, false), 'Not fit: 1 of 12 evaluators fails some of the time so far');
  assert.equal(says({ fitness: 'too_little', judged: 0, passed: 0 }), 'Too little to say: none of 24 calls was judged');
  assert.equal(says({ fitness: 'too_little', judged: 1, passed: 1, unjudged: 11 }), 'Too little to say: only 1 of 24 calls was judged, and 11 evaluators not at all');
  assert.equal(says({ fitness: 'running', judged: 5, passed: 5 }, false), 'Running: 5 of 24 calls passed, nothing has failed so far');
  assert.equal(says({ fitness: 'running', judged: 0, passed: 0, calls: 24 }, false), 'Running: no call has been judged yet');
  assert.match(says({ fitness: 'from_a_later_version', judged: 3 }), /^Too little to say/);
});

test('the summary holds the sentence, the counts and the causes, as plain text', () => {
  const text = summaryText(view({
    headline: { ...head, fitness: 'not_fit', failing: 1, alwaysFailing: 1 },
    causes: [{ key: 'a', outcome: 'agent_failed', why: why('expected_outcome_not_met', 'Never read \u202eback'), calls: [1, 2, 3], evaluators: 1 }],
  }));
  assert.match(text, /^Release 42 \(Flower bot\)\nNot fit: 1 of 12 evaluators fails every time\.\n12 calls: 9 passed, 3 agent failed\. 9 of 12 judged calls passed\./);
  assert.match(text, /- 3 calls, agent failed: Expected outcome not met \(Failed: Never read \[RLO\]back\)/);
  assert.doesNotMatch(text, /undefined|null|NaN|\u202e/);
});

test('a check that was failed is never named without saying so, whatever it says itself', () => {
  for (const code of ['expected_outcome_not_met', 'rubric_failed', 'metric_failed']) {
    const of = why(code, 'The agent repeats the order number');
    assert.equal(whyBriefly(of), 'Failed: The agent repeats the order number', code);
    const { say, text } = whyWords(of);
    for (const told of [say, text]) if (told.includes('repeats')) assert.match(told, /failed: The agent repeats/i, code);
    assert.match(says({ fitness: 'not_fit', failing: 1, alwaysFailing: 1, cause: of }), /mostly failed: The agent repeats/, code);
    assert.match(summaryText(view({ causes: [{ key: 'a', outcome: 'agent_failed', why: of, calls: [1], evaluators: 1 }] })), /failed: The agent repeats/i, code);
  }
  assert.equal(whyBriefly(why('expected_outcome_not_met')), 'Expected outcome not met');
  assert.equal(says({ fitness: 'not_fit', failing: 1, alwaysFailing: 1, cause: why('reviewed_failed'), oneCause: true }), 'Not fit: 1 of 12 evaluators fails every time, always: Reviewed by a person: failed');
});

test('what people have said of a call is told in words, and counted where calls stand together', () => {
  const call = (/** @type {object} */ more) => ({ reviewed: false, voted: false, noted: false, untold: false, ...more });
  assert.deepEqual(saidOf(call({})), []);
  assert.deepEqual(saidOf(call({ reviewed: true, voted: true, noted: true })), ['reviewed', 'voted on', 'note']);
  // What was taken back and waits to be told is all that is left of it.
  assert.deepEqual(saidOf(call({ untold: true })), ['kept here only']);
  assert.deepEqual(saidOf(call({ reviewed: true, noted: true }), 'full'), ['reviewed by a person', 'has a note']);
  assert.equal(saidOfAll([call({ noted: true }), call({ voted: true }), call({ voted: true }), call({})]), '2 voted on, 1 note');
  assert.equal(saidOfAll([call({ reviewed: true })]), '');
});

test('the score of one call is not quoted for all that share a cause', () => {
  const of = { ...why('expected_outcome_not_met', 'Reads it back'), number: 67 };
  const cause = { key: 'a', outcome: 'agent_failed', why: of, calls: [1, 2], evaluators: 1 };
  assert.doesNotMatch(summaryText(view({ causes: [cause, { ...cause, why: { ...of, text: null } }] })), /67/);
  assert.doesNotMatch(says({ fitness: 'not_fit', failing: 1, alwaysFailing: 1, cause: { ...of, text: null } }), /67/);
  assert.equal(whyWords(of).say, 'Expected outcome not met (67%)', 'one call has its score');
  assert.equal(whyWords(shared(of)).say, 'Expected outcome not met');
});

test('the counts add up to the calls, and what stands in none of them is said', () => {
  const of = (/** @type {object} */ more, unreadable = 0) => allOf({ row: /** @type {any} */ ({ ...row, ...more }), unreadable });
  assert.deepEqual(of({}), { counts: row.counts, more: '' });
  const early = of({ calls: 10000, finished: false, counts: { ...zero, passed: 900, inProgress: 100 } });
  assert.deepEqual([early.counts.inProgress, early.counts.passed, early.more], [9100, 900, '9,000 not named yet']);
  assert.deepEqual(of({ calls: 14 }, 2).more, '+ 2 unreadable');
  assert.deepEqual(of({ calls: 15 }, 2).more, '+ 1 not read, + 2 unreadable');
  assert.equal(of({ calls: 15 }, 2).counts, row.counts);
  assert.match(summaryText(view({ row: { ...row, calls: 13 }, unreadable: 1 })), /\n12 calls \(\+ 1 unreadable\): 9 passed/);
});

test('where nothing changes the calls can be stopped', () => {
  const stalled = { row: { ...row, finished: false, stalled: { seconds: 360, usualSeconds: 120 } } };
  assert.equal(callouts(view(stalled))[0].action?.act, 'stop');
  assert.equal(callouts(view({ ...stalled, stopping: true })).find(({ code }) => code === 'stalled')?.action, undefined);
});

test('a summary of many causes says how many it leaves out', () => {
  const causes = Array.from({ length: 40 }, (_, at) => ({ key: String(at), outcome: 'agent_failed', why: why('metric_failed', `Check ${at}`), calls: [at], evaluators: 1 }));
  assert.match(summaryText(view({ causes })), /- and 28 more$/);
});

test('callouts come only where there is something to say, and lead somewhere', () => {
  assert.deepEqual(callouts(view()), []);
  const codes = (/** @type {object} */ more) => callouts(view(more)).map((one) => one.code);
  assert.deepEqual(codes({ atLimit: 2, coldStarts: 1, nothingJudged: 1, judgingAfterEnd: 1, unreadable: 1 }), ['at-limit', 'judging-after-end', 'nothing-judged', 'cold-starts', 'unreadable']);
  assert.deepEqual(codes({ launch: { otherAgent: 'B', agentName: 'A' } }), ['other-agent']);
  const going = view({ launch: { otherAgent: 'B', agentName: 'A' }, row: { ...row, finished: false } });
  assert.equal(callouts(going)[0].action?.act, 'stop');
  const fixed = (/** @type {number} */ evaluator, onTry = 2) => ({ evaluator, onTry });
  const repeats = callouts(view({ repeats: [{ result: 9, name: 'Again', part: 'never_connected', counts: { ...zero, passed: 2 }, fixed: [fixed(1), fixed(2)] }] }));
  assert.equal(repeats[0].say, '2 evaluators that went wrong here were fixed on the second try.');
  assert.equal(repeats[0].action?.result, 9);
  for (const one of callouts(view({ atLimit: 1, coldStarts: 1, nothingJudged: 1, judgingAfterEnd: 1, unreadable: 1, stopping: true }))) {
    assert.doesNotMatch(`${one.say} ${one.todo}`, /undefined|null|NaN|1 calls/, one.code);
  }
});

test('run again offers only what there is', () => {
  const of = (/** @type {object} */ more, ticked = 0) => repeatChoices(view({ again: { ...again, ...more } }), ticked).filter(({ disabled }) => !disabled).map(({ part }) => part);
  assert.deepEqual(of({}), ['everything']);
  assert.deepEqual(of({ neverConnected: part(1), agentFailed: part(1) }, 2), ['never_connected', 'agent_failed', 'chosen', 'everything']);
  assert.deepEqual(of({ agentFailed: part(3, 0, 0) }), ['everything'], 'their evaluators were deleted');
});

test('run again says how many calls it places where they are more than those it names', () => {
  const notes = (/** @type {object} */ more, ticked = 0) => repeatChoices(view({ again: { ...again, ...more } }), ticked).map(({ note }) => note);
  assert.deepEqual(notes({ neverConnected: part(1), agentFailed: part(9, 4, 16), each: 3 }, 2), ['1 call', '4 evaluators, up to 16 calls', '2 evaluators, up to 6 calls', '12 calls']);
  assert.match(callouts(view({ atLimit: 2, again: { ...again, atLimit: part(2, 2, 4) } }))[0].todo ?? '', /up to 4 calls/);
  assert.doesNotMatch(callouts(view({ atLimit: 2, again: { ...again, atLimit: part(2, 2, 2) } }))[0].todo ?? '', /up to/);
});

test('a repeat says what it could not take over', () => {
  const made = (/** @type {object} */ more) => leftBehind(/** @type {any} */ ({ draft: {}, gone: [], runType: null, settings: [], unnamed: 0, ...more }));
  assert.equal(made({}), null);
  assert.deepEqual(made({ gone: ['A', 'B\u202e'] }), { say: '2 evaluators are gone and left out.', todo: 'A, B[RLO]' });
  const all = made({ gone: ['A'], runType: 'LiveKit', settings: ['livekit_data', 'mode'], unnamed: 1 });
  assert.equal(all?.say, 'The plan is not quite the same as what was run.');
  for (const part of [/LiveKit/, /livekit_data, mode/, /1 call whose evaluator was deleted is left out/, /One evaluator is gone and left out. A/]) assert.match(all?.todo ?? '', part);
});

test('a running row says what it does, how long it has, and when it stands still', () => {
  const now = Date.parse('2026-11-24T14:20:00Z');
  const live = { ...row, finished: false, createdAt: '2026-11-24T14:01:00Z', doing: 'talking', left: { low: 8.2, high: 8.9 } };
  assert.equal(standWords(live, now), 'about 8–9 min left · 19 min so far · talking');
  assert.equal(standWords({ ...live, doing: 'waiting', stalled: { seconds: 360, usualSeconds: 240 } }, now), 'no change for 6 min, such calls usually take 4 min · waiting for a place');
  assert.equal(standWords({ ...live, doing: 'from a later version', createdAt: null, left: null }, now), 'in progress');
  assert.equal(standWords(row, now), '');
  assert.equal(leftWords({ low: 0, high: 0.4 }), 'under a minute left');
  assert.equal(passedOfJudged({ ...row.counts, passed: 0, agentFailed: 0 }), 'none judged');
  assert.equal(passedOfJudged({ ...row.counts, passed: 0, agentFailed: 2 }), '0 of 2 judged');
  assert.equal(leftWords({ low: 0.2, high: 1.3 }), 'up to 2 min left');
  assert.equal(leftWords({ low: -1, high: 9 }), 'up to 9 min left');
  assert.equal(leftWords({ low: NaN, high: NaN }), '');
});

test('metrics read by their kind', () => {
  const metric = (/** @type {object} */ part) => metricWords(/** @type {any} */ ({ id: 1, name: 'M', decides: false, kind: 'unknown', passed: null, value: null, text: null, unit: null, explanation: [], ...part }));
  assert.deepEqual([metric({ kind: 'yes_no', passed: true }).value, metric({ kind: 'yes_no', passed: false }).tone, metric({ kind: 'yes_no' }).word], ['✓', 'fail', 'not said']);
  assert.equal(metric({ kind: 'rating', value: 4 }).value, '80%');
  assert.equal(metric({ kind: 'number', value: 6300, unit: 'ms' }).value, '6.3 s');
  assert.equal(metric({ kind: 'number', value: 340, unit: 'ms' }).value, '340 ms');
  assert.equal(metric({ kind: 'number', value: 3.25, unit: null }).value.startsWith('3.'), true);
  assert.deepEqual([metric({ kind: 'category', text: '<b>x' }).value, metric({ kind: 'category', text: 'x' }).foreign], ['<b>x', true]);
  assert.equal(metric({ kind: 'from a later version', value: 2 }).value, '2');
  assert.equal(metric({}).value, '–');
});

test('what was expected is met, not met, or not fully', () => {
  const of = (/** @type {number | null} */ score) => expectedWords({ score, prompt: null, criteria: [], thumbsUp: null });
  assert.equal(of(100), 'Expected outcome met');
  assert.equal(of(50), 'Expected outcome not fully met (50%)');
  assert.equal(of(0), 'Expected outcome not met');
  assert.equal(of(null), 'Expected outcome');
});

test('the reason stands by itself only where no criterion says it', () => {
  const criterion = (/** @type {object} */ part) => ({ text: 'Greets', met: true, at: [], came: null, judge: null, ...part });
  assert.equal(isTold('Never read back', [criterion({}), criterion({ text: 'Never read back', met: false })]), true);
  assert.equal(isTold('it asked for the day', [criterion({ judge: 'Instead it asked for the day.' })]), true);
  assert.equal(isTold('it asked for the day', [criterion({ came: 'it asked for the day' })]), true);
  assert.equal(isTold('Never read back', [criterion({})]), false);
  assert.equal(isTold('Never read back', []), false);
});

test('the summary holds the notes of its calls, as text', () => {
  const call = (/** @type {number} */ id) => ({ id, time: id, of: 2, outcome: 'agent_failed', noted: true });
  const of = view({ groups: [{ name: 'Address \u202e', calls: [call(1), call(2)] }] });
  assert.match(summaryText(of, new Map([[2, 'Heard it\ntwice'], [9, 'of another']])), /\n\nNotes:\n- Address \[RLO\], time 2 of 2, agent failed: Heard it\ntwice$/);
  assert.doesNotMatch(summaryText(of, new Map([[1, '']])), /Notes/);
});

test('a call as text: evaluator, outcome, why, criteria, note', () => {
  const of = /** @type {any} */ ({ evaluatorName: 'Complex address', row: { time: 1, of: 3, callerName: 'Impatient', outcome: 'agent_failed', why: { ...why('expected_outcome_not_met', 'Never read back'), number: 50 } }, expected: { score: 50, prompt: null, criteria: [{ text: 'Address read back', met: false, at: [], came: 'It asked for\u202e the day' }, { text: 'Day confirmed', met: true, at: [] }, { text: 'Polite', met: null, at: [] }] } });
  assert.equal(callText(of, ' see 02:14 '), 'Complex address, Time 1 of 3, Impatient\nAgent failed: Expected outcome not met (50%) (Failed: Never read back)\n- not met: Address read back (What came: It asked for[RLO] the day)\n- met: Day confirmed\n- Polite\n\nNote: see 02:14');
  assert.doesNotMatch(callText({ ...of, expected: null }, ''), /Note|undefined|null/);
});

test('only the agent’s own limit is called its limit', () => {
  const lost = (/** @type {string} */ code) => ({ key: code, outcome: 'never_connected', why: { ...why(code, 'Insufficient balance'), side: 'limit' }, calls: [1, 2], evaluators: 1 });
  const told = callouts(view({ causes: [lost('no_credits'), lost('account_limit')] }));
  assert.deepEqual(told.map(({ code }) => code), ['no-credits', 'account-limit']);
  assert.match(told[0].say, /^2 calls never started: there were no credits left\.$/);
  for (const { say, todo, action } of told) {
    assert.doesNotMatch(`${say} ${todo}`, /fewer at once|Pipecat/);
    assert.equal(action?.act, 'show-why');
  }
  assert.match(callouts(view({ causes: [lost('no_credits')] }), true)[0].say, /pretend credits/);
  assert.doesNotMatch(whyBriefly(lost('no_credits').why), /place|agent/);
});

test('a filter that only a press elsewhere sets has words', () => {
  assert.equal(onlyWhy(['nothing_judged', 'no_judgement']), 'Without a judgement');
  assert.equal(onlyWhy(['no_credits']), 'No credits were left');
});

test('every callout that names calls leads somewhere', () => {
  for (const one of callouts(view({ atLimit: 1, coldStarts: 1, nothingJudged: 1, judgingAfterEnd: 1, unreadable: 1, dashboard: 'https://example.org' }))) assert.ok(one.action, one.code);
});

test('repeats come oldest first, and the latest is told first', () => {
  const repeat = (/** @type {number} */ result) => ({ result, name: String(result), part: 'never_connected', counts: zero, fixed: [{ evaluator: result, onTry: result }] });
  const told = callouts(view({ repeats: [2, 3, 4, 5, 6, 7].map(repeat) }));
  assert.deepEqual(told.map((one) => one.action?.result), [7, 6, 5, 4, 3]);
  assert.match(told[0].say, /on the 7th try/);
  assert.match(told[4].say, /on the third try/);
  const mixed = callouts(view({ repeats: [{ ...repeat(9), fixed: [{ evaluator: 1, onTry: 3 }, { evaluator: 2, onTry: 2 }, { evaluator: 3, onTry: 2 }] }] }));
  assert.equal(mixed[0].say, '3 evaluators that went wrong here were fixed on the second or third try.');
});

test('in the practice studio credits are pretend credits', () => {
  const check = (/** @type {string} */ code) => /** @type {any} */ ({ code, level: 'warn', count: 4, names: [] });
  for (const code of ['balance_enough', 'balance_low', 'day_credits_reached']) {
    const { say } = checkWords(check(code), true);
    assert.match(say, /pretend credits/);
    assert.doesNotMatch(checkWords(check(code)).say, /pretend/);
  }
  assert.match(launches.fitsNote({ calls: 2, evaluators: 1, credits: 3 }, true), /3 pretend credits/);
});

test('in the practice studio nothing is said of Cekura', () => {
  const told = callouts(view({ atLimit: 1, coldStarts: 1, nothingJudged: 1, judgingAfterEnd: 1, unreadable: 1, stopping: true }), true);
  assert.ok(told.length > 4);
  const said = told.flatMap((one) => [one.say, one.todo ?? '']);
  for (const code of Object.keys(checks)) said.push(...Object.values(checkWords(/** @type {any} */ ({ code, level: 'warn', count: 4, names: [] }), true)));
  said.push(words.summary(true), words.summaryNote(true), ...[askWords.send, askWords.answer, askWords.note, askWords.cost].map((word) => word(true)));
  for (const sentence of said) assert.doesNotMatch(sentence, /Cekura/);
});

test('one result that may be it is not "not found"', () => {
  const of = (/** @type {Array<number>} */ found) => launchWords(/** @type {any} */ ({ state: 'unknown', expectedCalls: 3, name: 'A', code: 'killed', looks: 2, lastLookAt: null, nextLookAt: null, found, settled: false }), new Date()).todo;
  assert.match(of([]), /not found yet/);
  assert.match(of([7]), /one result may be it/);
  assert.match(of([7, 8]), /2 results may be it/);
});

test('a launch refused for what was chosen says where that is named', () => {
  const of = (/** @type {string} */ code, /** @type {Array<string>} */ fields) => launchWords(/** @type {any} */ ({ state: 'refused', expectedCalls: 3, name: 'A', code, waitSeconds: null, problems: fields.map((field) => ({ field, message: 'No.' })) }), new Date()).todo;
  for (const todo of [of('refused', ['evaluators']), of('refused', ['times', 'agent']), of('not_found', [])]) assert.match(todo, /named in the plan/);
  assert.doesNotMatch(of('refused', ['times']), /named in the plan/);
  assert.doesNotMatch(of('throttled', []), /named in the plan/);
  // A page on the way refused it; the address was right when the key was.
  assert.match(of('not_cekura', []), /sign-in page/);
  assert.doesNotMatch(of('not_cekura', []), /Advanced/);
});
