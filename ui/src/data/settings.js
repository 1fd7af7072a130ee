/** What a person can set, and what is kept on this computer. */

import { call } from '../host/host.js';
import { Live } from './live.js';

/** @type {Live<import('../host/types').Settings>} */
export const settings = new Live({ read: () => call('settings_read', {}), topics: ['settings'] });

/** @type {Live<import('../host/types').UsageView>} */
export const usage = new Live({ read: () => call('usage_read', {}), topics: ['workspaces'] });

/** @param {import('../host/types').Settings} changed */
export async function saveSettings(changed) {
  settings.set(await call('settings_save', { settings: changed }));
}
