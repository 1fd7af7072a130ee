/** The settings. */
import { number, plural, size } from './format.js';

/** @typedef {import('../host/types').UsageView} UsageView */

export const settings = {
  title: 'Settings',
  sub: 'Workspaces, the key, limits, and what is kept on this computer.',

  workspaces: 'Workspaces',
  current: 'open',
  open: 'Open',
  opening: 'Opening…',
  leave: 'Leave',
  rename: 'Rename…',
  erase: 'Erase…',
  add: 'Connect another workspace',
  renameTitle: 'Rename this workspace',
  renameLabel: 'Name, 1 to 80 characters',
  eraseTitle: /** @param {string} name */ (name) => `Erase ${name}?`,
  eraseText: 'Its key, launches, results, notes and saved plans are removed from this computer. What the server has stays there. A key in a locked keychain stays in it, and you are told so. This cannot be undone.',
  erasePractice: 'The practice studio starts afresh: its launches, results, notes and saved plans are removed from this computer. This cannot be undone.',
  eraseYes: 'Erase this workspace',

  key: 'Key',
  keyLoading: 'Asking the keychain…',
  keyEnds: /** @param {string} last4 */ (last4) => `ends in ${last4}`,
  server: 'Server',
  serverPractice: 'The practice studio, inside Linecheck',
  serverNote: 'The key is sent to this address and to no other.',
  replaceTitle: 'Replace the key',
  replaceText: 'The new key is checked with the server first. The old one is replaced only when the server accepts it.',
  replaceLabel: 'New API key',
  replaceYes: 'Check and replace',
  forgetTitle: 'Forget the key?',
  forgetText: 'It is removed from the keychain. What was read with it stays readable; nothing new is read or placed until you enter a key again.',
  forgetYes: 'Forget the key',

  limits: 'Before calls are placed',
  confirmAbove: 'Ask once more above this many calls',
  confirmAboveNote: '1 to 10,000.',
  confirmCredits: 'Ask once more above this many credits',
  dayCalls: 'At most this many calls in 24 hours',
  dayCredits: 'At most this many credits in 24 hours',
  noneNote: '0 for no limit.',
  limitsNote: 'Every launch is checked against these limits.',
  notify: 'Notify me when a result ends, stalls or needs me',
  save: 'Save',
  whole: /** @param {string} low @param {string} high */ (low, high) => `Enter a whole number from ${low} to ${high}.`,

  data: 'What is kept on this computer',
  measuring: 'Measuring…',
  folder: 'Folder',
  kept: /** @param {UsageView} usage */ (usage) => `${plural(usage.results, 'result')} and ${plural(usage.calls, 'call')}`,
  sizes: /** @param {UsageView} usage */ (usage) =>
    `Journal ${size(usage.journalBytes)}, archive ${size(usage.archiveBytes)}${usage.setAsideBytes > 0 ? `, damaged files set aside ${size(usage.setAsideBytes)}` : ''}, practice studio, log and window ${size(usage.otherBytes)}`,
  until: 'Kept until you erase it.',
  eraseAll: 'Erase everything…',
  eraseAllTitle: 'Erase everything on this computer?',
  eraseAllText: /** @param {number} workspaces */ (workspaces) =>
    `All ${workspaces === 1 ? 'of your workspace' : `${number(workspaces)} workspaces`}, keys, launches, results, notes and saved plans. What the server has stays there, and calls under way go on. A key in a locked keychain stays in it; remove that one with the system’s own tool. This cannot be undone.`,
  eraseAllLabel: 'Type ERASE to confirm',
  eraseAllWord: 'ERASE',
  eraseAllYes: 'Erase everything',

  about: 'About',
  version: /** @param {string} version */ (version) => `Linecheck ${version}`,
  promises: 'What Linecheck promises',
  promiseList: [
    'The key is in the keychain, in one header to one server, and nowhere else.',
    'A launch is written down before it is sent, and is never sent again by itself.',
    'Everything the server sends is shown as text.',
    'What is kept here stays readable without a network.',
  ],
  notPromised: 'What it cannot promise',
  notPromisedList: [
    'Protection from other programs that run under your name, or from whoever administers this computer. They can read its memory and ask the keychain.',
    'That the server charges what Linecheck estimates.',
    'That lost calls did not start when a search does not find them.',
    'That what you export stays private.',
  ],
};
