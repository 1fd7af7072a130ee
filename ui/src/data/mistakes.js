/** What is wrong in a plan, and where: from the checks, and from what the server refused. Pure. */

/** @typedef {import('../host/types').DraftBody} DraftBody */
/** @typedef {import('../host/types').DraftMessage} DraftMessage */
/** @typedef {import('../host/types').LaunchView} LaunchView */
/** @typedef {import('../host/types').ToolMocks} ToolMocks */

/** The mistakes the checks found in JSON, by where they are: '' or a name for messages, the field for settings.
 * @param {import('../host/types').PlanView | null} view @param {'message_not_json' | 'pipecat_not_json'} code
 * @returns {Map<string, import('../parts/json-field.js').Mistake>} */
export function mistakesIn(view, code) {
  const found = (view?.checks ?? []).filter((check) => check.code === code);
  return new Map(found.map((check) => [check.names[0] ?? '', { line: check.count, what: check.names[2] ?? '' }]));
}

/** The tools of an agent that would really act. @param {ToolMocks} mocks @param {ReadonlyArray<string>} tools */
export const realTools = (mocks, tools) => (mocks.kind === 'all' ? [] : mocks.kind === 'none' ? [...tools] : tools.filter((name) => !mocks.names.includes(name)));

/**
 * The messages with one changed or added.
 * @param {ReadonlyArray<DraftMessage>} messages @param {number | null} evaluator @param {string} text
 */
export function withMessage(messages, evaluator, text) {
  const at = messages.findIndex((one) => one.evaluator === evaluator);
  return at < 0 ? [...messages, { evaluator, text }] : messages.map((one, index) => (index === at ? { evaluator, text } : one));
}

/** Our names of fields to those of the draft. */
export const FIELDS = /** @type {Record<string, keyof DraftBody>} */ ({ evaluators: 'evaluators', agent: 'agent', times: 'times', callers: 'callers', profiles: 'profiles', name: 'name', at_once: 'atOnce', mocks: 'mocks' });

/**
 * What the server said about each field, except where the field was changed since.
 * @param {LaunchView | undefined} refused @param {DraftBody} was @param {DraftBody} is
 * @returns {Record<string, Array<string>>}
 */
export function problemsBeside(refused, was, is) {
  /** @type {Record<string, Array<string>>} */
  const beside = {};
  for (const { field, message } of refused?.problems ?? []) {
    const name = FIELDS[field];
    if (name && JSON.stringify(was[name]) === JSON.stringify(is[name])) (beside[field] ??= []).push(message);
  }
  return beside;
}
