/**
 * What the screen of a result works with: its calls flattened once, with the texts that are searched,
 * and what a filter leaves of them. Pure. Ten thousand calls are ordinary: a text that many of them
 * share is there once, and is looked through once a search.
 */

import { outcomeWords } from '../../words/outcomes.js';
import { whyWords } from '../../words/why.js';

/** @typedef {import('../../host/types').ResultView} ResultView */
/** @typedef {import('../../host/types').EvaluatorGroup} EvaluatorGroup */
/** @typedef {import('../../host/types').CallRowView} CallRowView */
/** @typedef {import('../../host/types').OutcomeView} Outcome */
/** @typedef {import('../../host/types').CauseView} CauseView */

/** @typedef {(word: string) => boolean} Text whether it has a word; asked for the same word again, it remembers */
/** @typedef {{ call: CallRowView, group: EvaluatorGroup, key: string, who: Text, why: Text, cause: string }} FlatCall */
/** @typedef {{ group: EvaluatorGroup, key: string, of: string, calls: Array<FlatCall> }} FlatGroup */
/**
 * @typedef {object} Filter
 * @property {string} search
 * @property {Outcome | null} outcome
 * @property {string | null} cause key of a cause
 * @property {string | null} caller
 * @property {string | null} tag
 * @property {string | null} evaluator key of a group
 * @property {ReadonlyArray<string> | null} why codes of reasons, for callouts
 * @property {true | null} cold only calls whose first word came late, for callouts
 */

/** @type {Filter} */
export const noFilter = { search: '', outcome: null, cause: null, caller: null, tag: null, evaluator: null, why: null, cold: null };

/** @param {Filter} filter */
export const filtered = (filter) => Object.values(filter).some((value) => value !== null && value !== '');

/** Outcomes that a person should look at, the gravest first. @type {ReadonlyArray<Outcome>} */
export const attention = ['agent_failed', 'needs_a_look', 'never_connected'];

const gravity = /** @type {Record<string, number>} */ ({ agent_failed: 0, needs_a_look: 1, never_connected: 2, in_progress: 3, stopped: 4, passed: 5 });

/** Stays the same while the result is read again; deleted evaluators are told apart by their names. @param {EvaluatorGroup} group */
const groupKey = (group) => (group.evaluator === null ? `gone ${group.name}` : String(group.evaluator));

/** @typedef {{ groups: Array<FlatGroup>, calls: Array<FlatCall>, byId: Map<number, FlatCall>, callers: Array<string>, tags: Array<string>, last: [Filter, Array<FlatGroup>] }} Model `last`: what was asked of it, and what that left */

/** Laid out once: an evaluator of which nothing changed is the same object in the next reading. @type {WeakMap<EvaluatorGroup, FlatGroup>} */
const laid = new WeakMap();

/** @param {string} text @returns {Text} */
function textOf(text) {
  let last = '';
  let has = true;
  return (word) => {
    if (word !== last) has = text.includes((last = word));
    return has;
  };
}

/** @param {EvaluatorGroup} group @param {Map<number, string>} causeOf @param {Map<string, Text>} said names, outcomes and reasons @returns {FlatGroup} */
function layOut(group, causeOf, said) {
  const key = groupKey(group);
  /** @param {string} same @param {() => string} [made] */
  const low = (same, made = () => same) => {
    const text = said.get(same) ?? textOf(made().toLowerCase());
    said.set(same, text);
    return text;
  };
  const calls = group.calls.map((call) => ({
    call, group, key,
    who: low(`${call.callerName ?? ''}\n${call.profileName ?? ''}`),
    why: low(`${call.outcome}\n${call.why.code}\n${call.why.text}\n${call.why.number}`, () => {
      const { say, text } = whyWords(call.why);
      return `${outcomeWords(call.outcome).word}\n${say} ${text}`;
    }),
    cause: causeOf.get(call.id) ?? '',
  }));
  return { group, key, of: group.name.toLowerCase(), calls };
}

/** @param {ResultView} view @returns {Model} */
export function model(view) {
  const causeOf = new Map();
  for (const cause of view.causes) for (const id of cause.calls) causeOf.set(id, cause.key);
  const callers = new Set();
  const tags = new Set();
  /** @type {Array<FlatCall>} */
  const calls = [];
  const byId = new Map();
  const said = new Map();
  const groups = view.groups.map((group) => {
    const flat = laid.get(group) ?? layOut(group, causeOf, said);
    laid.set(group, flat);
    for (const tag of group.tags) tags.add(tag);
    for (const one of flat.calls) {
      if (one.call.callerName) callers.add(one.call.callerName);
      calls.push(one);
      byId.set(one.call.id, one);
    }
    return flat;
  });
  const sorted = (/** @type {Set<string>} */ names) => [...names].sort((one, other) => one.localeCompare(other));
  return { groups, calls, byId, callers: sorted(callers), tags: sorted(tags), last: [noFilter, groups] };
}

/** The calls a filter leaves, within their evaluators. @param {Model} of @param {Filter} filter @returns {Array<FlatGroup>} */
export function narrow(of, filter) {
  const { search } = filter;
  const [was, had] = of.last;
  // Letters added to a search can only take from what it left.
  let left = search.startsWith(was.search) && JSON.stringify({ ...was, search }) === JSON.stringify(filter) ? had : of.groups;
  /** @param {FlatGroup} group @param {(one: FlatCall) => boolean} fits */
  const only = (group, fits) => ({ ...group, calls: group.calls.filter(fits) });
  if (filtered({ ...filter, search: '' })) {
    left = left.map((flat) => only(flat, ({ call, cause, key, group }) =>
      (filter.evaluator === null || key === filter.evaluator) &&
      (filter.tag === null || group.tags.includes(filter.tag)) &&
      (filter.outcome === null || call.outcome === filter.outcome) &&
      (filter.cause === null || cause === filter.cause) &&
      (filter.caller === null || call.callerName === filter.caller) &&
      (filter.why === null || filter.why.includes(call.why.code)) &&
      (filter.cold === null || call.cold)));
  }
  // Word by word, so that a text is looked through once for each. Every text has the empty word.
  for (const word of search.toLowerCase().split(/\s+/)) {
    left = left.map((flat) => (flat.of.includes(word) ? flat : only(flat, ({ who, why }) => who(word) || why(word))));
  }
  if (filtered(filter)) left = left.filter(({ calls }) => calls.length);
  of.last = [filter, left];
  return left;
}

/** Calls in the order in which they stand on the screen. @param {Array<FlatGroup>} groups */
export const flatten = (groups) => groups.flatMap((group) => group.calls);

/**
 * The repetitions shown of one evaluator: all in their order where they have room, otherwise those
 * a person should look at before the others.
 * @param {Array<FlatCall>} calls @param {number} most
 * @returns {{ shown: Array<FlatCall>, left: number }}
 */
export function repetitions(calls, most) {
  if (calls.length <= most) return { shown: calls, left: 0 };
  const order = calls.map((one, at) => ({ one, at })).sort((a, b) => (gravity[a.one.call.outcome] ?? 1) - (gravity[b.one.call.outcome] ?? 1) || a.at - b.at);
  const kept = order.slice(0, most).sort((a, b) => a.at - b.at).map(({ one }) => one);
  return { shown: kept, left: calls.length - kept.length };
}

/**
 * The call to go to.
 * @param {Array<FlatCall>} calls as shown
 * @param {number | null} from the one that is open
 * @param {1 | -1} step
 * @param {boolean} [attentionOnly] only those that need attention; wraps around
 * @returns {FlatCall | null}
 */
export function neighbour(calls, from, step, attentionOnly = false) {
  const at = calls.findIndex(({ call }) => call.id === from);
  if (!attentionOnly) {
    if (at < 0) return calls[step > 0 ? 0 : calls.length - 1] ?? null;
    return calls[at + step] ?? null;
  }
  for (let turn = 1; turn <= calls.length; turn += 1) {
    const one = calls[(((at < 0 && step < 0 ? 0 : at) + turn * step) % calls.length + calls.length) % calls.length];
    if (one.call.id !== from && attention.includes(one.call.outcome)) return one;
  }
  return null;
}

/** The call to open for an evaluator: the first of its gravest. @param {FlatGroup} group */
export const gravest = (group) =>
  group.calls.reduce((best, one) => ((gravity[one.call.outcome] ?? 1) < (gravity[best.call.outcome] ?? 1) ? one : best), group.calls[0]);
