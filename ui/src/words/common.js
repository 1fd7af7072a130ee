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
};

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

export const rail = {
  credits: /** @param {string} credits */ (credits) => `${credits} credits`,
  pretend: /** @param {string} credits */ (credits) => `${credits} pretend credits`,
  practiceOrigin: 'On this computer',
  workspaces: 'Workspaces',
};

/** Keys are shown as the system writes them. */
export const mac = /mac/i.test(globalThis.navigator?.platform ?? '');
export const shortcut = (/** @type {string} */ letter) => (mac ? `⌘${letter}` : `Ctrl ${letter}`);
