/** The six outcomes: glyph, word, the name of their colour, and where they stand in a bar. */

/** @typedef {import('../host/types').OutcomeView} Outcome */
/** @typedef {import('../host/types').CountsView} Counts */

/** @type {Record<Outcome, { glyph: string, word: string, Word: string, tone: string, count: keyof Counts, test: string }>} */
export const outcomes = {
  passed: { glyph: '✓', word: 'passed', Word: 'Passed', tone: 'pass', count: 'passed', test: 'count-passed' },
  agent_failed: { glyph: '✕', word: 'agent failed', Word: 'Agent failed', tone: 'fail', count: 'agentFailed', test: 'count-agent-failed' },
  never_connected: { glyph: '!', word: 'never connected', Word: 'Never connected', tone: 'lost', count: 'neverConnected', test: 'count-never-connected' },
  needs_a_look: { glyph: '?', word: 'needs a look', Word: 'Needs a look', tone: 'look', count: 'needsALook', test: 'count-needs-a-look' },
  stopped: { glyph: '■', word: 'stopped', Word: 'Stopped', tone: 'wait', count: 'stopped', test: 'count-stopped' },
  in_progress: { glyph: '…', word: 'in progress', Word: 'In progress', tone: 'rest', count: 'inProgress', test: 'count-in-progress' },
};

/** The order of bars, legends and filters. @type {ReadonlyArray<Outcome>} */
export const order = ['passed', 'agent_failed', 'never_connected', 'needs_a_look', 'stopped', 'in_progress'];

/** An outcome of a later version reads as *needs a look*. @param {string} outcome */
export const outcomeWords = (outcome) =>
  Object.hasOwn(outcomes, outcome) ? outcomes[/** @type {Outcome} */ (outcome)] : outcomes.needs_a_look;

/** All calls counted. @param {Counts} counts */
export const sum = (counts) => order.reduce((total, outcome) => total + counts[outcomes[outcome].count], 0);
/** Calls that say something about the agent. @param {Counts} counts */
export const judged = (counts) => counts.passed + counts.agentFailed;
/** "11 of 16 judged", "none judged". @param {Counts} counts */
export const passedOfJudged = (counts) => (judged(counts) ? `${counts.passed} of ${judged(counts)}` : 'none') + ' judged';

/** "11 passed, 5 agent failed": what a bar says to a screen reader. @param {Counts} counts */
export function countsInWords(counts) {
  const parts = order.filter((outcome) => counts[outcomes[outcome].count] > 0).map((outcome) => `${counts[outcomes[outcome].count]} ${outcomes[outcome].word}`);
  return parts.length === 0 ? 'no calls yet' : parts.join(', ');
}
