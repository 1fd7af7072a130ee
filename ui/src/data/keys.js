/** Where the key of the open workspace is. The key itself only ever goes from a form to Rust. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { Live } from './live.js';

/** @type {Live<import('../host/types').KeyView>} */
export const key = ofWorkspace(new Live({ read: () => call('key_read', {}), topics: ['connection'] }));

/** @param {string} text @param {boolean} sessionOnly */
export async function replaceKey(text, sessionOnly) {
  key.set(await call('key_replace', { key: text, sessionOnly }));
}
/** Asks the key store again, after a person unlocked or installed it. */
export async function retryKey() {
  key.set(await call('key_retry', {}));
}
export async function forgetKey() {
  key.set(await call('key_forget', {}));
}
