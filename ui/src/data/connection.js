/** How the connection to the open workspace's server is, its credits, and how many results are live. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { Live } from './live.js';

/** @type {Live<import('../host/types').ConnectionView>} */
export const connection = ofWorkspace(
  new Live({ read: () => call('connection_read', {}), topics: ['connection', 'results', 'launches'] }),
);

/** Tries the server now instead of at the end of the pause. */
export async function retryConnection() {
  connection.set(await call('connection_retry', {}));
}
