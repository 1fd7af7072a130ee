/** The words of *Saved plans*. */

import { number, plural } from './format.js';

export const plans = {
  title: 'Saved plans',
  sub: 'Plans to open again, or to share with others as files.',
  import: 'Import from a file…',
  imported: /** @param {string} name */ (name) => `Imported as “${name}”.`,
  renamedOnImport: /** @param {string} name */ (name) => `The name was taken, so it is kept as “${name}”.`,
  loading: 'Reading the saved plans…',
  none: 'No plan is saved yet',
  noneText: 'On New run, choose what to test and press Save as a plan. A plan of somebody else can be imported from its file.',
  toNewRun: 'New run',
  name: 'Plan',
  agent: 'Agent',
  evaluators: 'Evaluators',
  calls: 'Calls',
  changed: 'Changed',
  agentGone: 'The agent is gone',
  facts: /** @param {number} evaluators @param {number} calls */ (evaluators, calls) => `${plural(evaluators, 'evaluator')}, up to ${plural(calls, 'call')}`,
  gone: /** @param {ReadonlyArray<string>} names */ (names) => {
    const shown = names.slice(0, 3).map((name) => `“${name}”`).join(', ');
    const more = names.length > 3 ? ` and ${number(names.length - 3)} more` : '';
    return `${names.length === 1 ? 'One evaluator is' : `${number(names.length)} evaluators are`} gone: ${shown}${more}.`;
  },
  open: 'Open',
  more: 'More',
  openTitle: /** @param {string} name */ (name) => `Open “${name}”?`,
  openText: 'What is chosen on New run now is replaced.',
  replaceTitle: 'Replace what is chosen?',
  replaceYes: 'Replace it',
  rename: 'Rename…',
  renameTitle: 'Rename the plan',
  renameLabel: 'New name',
  duplicate: 'Duplicate',
  duplicated: /** @param {string} name */ (name) => `Kept as “${name}”.`,
  export: 'Export to a file…',
  exported: /** @param {string} path */ (path) => `Written to ${path}.`,
  delete: 'Delete…',
  deleteTitle: /** @param {string} name */ (name) => `Delete “${name}”?`,
  deleteText: 'The plan is removed from this computer. Results placed from it stay.',
  deleteYes: 'Delete',
  deleted: 'The plan is deleted.',
};
