/** The state of the connection and of the key, in words. */

import { serverWords } from './errors.js';
import { time } from './format.js';

/** @typedef {import('../host/types').ConnectionView} ConnectionView */
/** @typedef {import('../host/types').KeyView} KeyView */
/** @typedef {import('../host/types').KeyStateView} KeyStateView */

/**
 * The one calm banner about the connection; null while there is nothing to say.
 * @param {ConnectionView} view
 * @returns {{ say: string, todo: string, tone: 'bad' | 'lost' | 'wait', button: 'retry' | 'key' | null, word: string } | null}
 */
export function connectionWords(view) {
  const words = view.code ? serverWords({ code: view.code, detail: view.detail }) : null;
  const again = view.nextTryAt ? ` The next try is at ${time(view.nextTryAt)}.` : '';
  switch (view.state) {
    case 'connecting':
      return words && { ...words, button: null, word: 'Waiting for the keychain' };
    case 'online':
      return null;
    case 'offline':
      return {
        say: words?.say ?? 'The server cannot be reached.',
        // These two do not mend by themselves.
        todo: `${words && (view.code === 'tls_untrusted' || view.code === 'proxy_auth') ? `${words.todo} ` : ''}What was read before is shown; calls under way go on.${again}`,
        tone: 'lost', button: 'retry', word: 'Offline',
      };
    case 'throttled':
      return {
        say: 'The server asks for patience.',
        todo: `Reading goes on by itself.${again}`,
        tone: 'wait', button: null, word: 'Waiting for the server',
      };
    case 'key_rejected':
      return {
        say: words?.say ?? 'The server does not accept the key any more.',
        todo: 'Replace the key. What was read before is shown meanwhile.',
        tone: 'bad', button: 'key', word: 'Key not accepted',
      };
    case 'key_missing':
      return {
        say: words?.say ?? 'There is no key for this workspace.',
        todo: words?.todo ?? 'Enter it under Settings. What was read before is shown meanwhile.',
        tone: 'bad', button: 'key', word: 'No key at hand',
      };
    case 'trouble':
    default:
      return {
        say: words?.say ?? 'The server answers, but not with sense.',
        todo: `${words?.todo ?? 'Linecheck tries again by itself.'}${again}`,
        tone: 'lost', button: 'retry', word: 'Trouble with the server',
      };
  }
}

/**
 * Where the key is. `line` is for the foot of the rail, `say` for the settings; `buttons` are what
 * can be done about it, the most useful first.
 * @type {Record<KeyStateView, { line: string, say: string, tone: 'good' | 'bad' | 'wait', buttons: ReadonlyArray<'replace' | 'retry' | 'unlock' | 'forget'> }>}
 */
export const keyStates = {
  none: { line: 'No key is kept', say: 'No key is kept for this workspace. Enter one to go on.', tone: 'bad', buttons: ['replace'] },
  saved: { line: 'Key kept in your system keychain', say: 'Kept in the keychain of this system. Linecheck never shows it.', tone: 'good', buttons: ['replace', 'forget'] },
  session_only: { line: 'Key kept until Linecheck closes', say: 'In memory only. It is gone when Linecheck closes.', tone: 'good', buttons: ['replace', 'forget'] },
  locked: { line: 'Keychain is locked', say: 'The keychain is locked. Unlock it, or enter the key for this session only.', tone: 'bad', buttons: ['unlock', 'replace'] },
  store_missing: { line: 'No keychain on this system', say: 'This system has no keychain that Linecheck can use. Install one (on Linux: GNOME Keyring or KWallet), or enter the key for this session only.', tone: 'bad', buttons: ['retry', 'replace'] },
  store_failed: { line: 'Keychain failed', say: 'The keychain failed, so the key is not known. Try again, or enter the key for this session only.', tone: 'bad', buttons: ['retry', 'replace', 'forget'] },
  unreadable: { line: 'Key cannot be read', say: 'What the keychain holds is not a key. Enter it again.', tone: 'bad', buttons: ['replace', 'forget'] },
  slow: { line: 'Keychain does not answer', say: 'The keychain does not answer. A window that asks for your password may be waiting behind this one.', tone: 'wait', buttons: ['retry', 'replace'] },
  rejected: { line: 'Key not accepted', say: 'The key is kept, but the server does not accept it any more. Enter the new one.', tone: 'bad', buttons: ['replace', 'retry', 'forget'] },
  practice: { line: 'No key needed', say: 'The practice studio needs no key.', tone: 'good', buttons: [] },
};

/** @param {KeyView} view */
export const keyWords = (view) => (Object.hasOwn(keyStates, view.state) ? keyStates[view.state] : keyStates.none);

export const keyButtons = { replace: 'Replace the key…', retry: 'Try again', unlock: 'Unlock and try again', forget: 'Forget the key…' };
