/** Words that stand on every screen. */

export const product = 'Linecheck';
export const practice = 'Practice';

export const common = {
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  saved: 'Saved.',
  again: 'Try again',
  details: 'Details',
  loading: 'Reading…',
  showAll: 'Show the rest',
  dismiss: 'Understood',
  leave: 'Leave it',
  find: 'Find',
  findIn: /** @param {string} label */ (label) => `Find in ${label}`,
  clear: 'Clear',
  nothingFound: 'Nothing found',
};

/** What the signs beside a line say. */
export const signs = { good: 'In order', warn: 'Worth knowing', stop: 'In the way', lost: 'Not known', wait: 'Waiting' };

export const nav = {
  label: 'Screens',
  newRun: 'New run',
  results: 'Results',
  plans: 'Saved plans',
  settings: 'Settings',
  skip: 'Skip to the content',
  live: /** @param {number} count */ (count) => `${count} live`,
  liveInFull: /** @param {number} count */ (count) => (count === 1 ? '1 result is being followed' : `${count} results are being followed`),
};

/** What is paid with, so that nobody takes the practice studio's for real. @param {boolean} practice */
export const creditsName = (practice) => (practice ? 'pretend credits' : 'credits');

/** Who is at the other end, within a sentence. @param {boolean} practice */
export const serverName = (practice) => (practice ? 'the practice studio' : 'Cekura');

export const rail = {
  practiceOrigin: 'On this computer',
  workspaces: 'Workspaces',
};

/** The window's data is not there in time. */
export const slow = {
  say: 'Linecheck is taking a long time to open.',
  todo: 'The disk may be busy. Nothing is lost: wait a moment, then try again.',
};

/** Keys are shown as the system writes them. */
export const mac = /mac/i.test(globalThis.navigator?.platform ?? '');
export const shortcut = (/** @type {string} */ letter) => (mac ? `⌘${letter}` : `Ctrl ${letter}`);
