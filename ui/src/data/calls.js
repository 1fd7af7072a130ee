/** A call, opened: its transcript, metrics, note. */

import { call as ask } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { Live, LiveMap } from './live.js';

/**
 * The feed names calls by the id of their result, so a call is read again whenever calls or notes
 * change; only those looked at are read.
 * @type {LiveMap<number, import('../host/types').CallView>}
 */
export const call = ofWorkspace(
  new LiveMap((id) => new Live({ read: () => ask('call_read', { id }), topics: ['calls', 'notes'] }), 16),
);

/** Ends one call. @param {number} id */
export const stopCall = (id) => ask('call_stop', { id });

/** Keeps a note with a call; an empty one removes it. @param {number} id @param {string} text */
export async function keepNote(id, text) {
  await ask('call_note', { id, text });
  await call.get(id).refresh();
}
