/** Addresses outside Linecheck. The page opens none itself; Rust opens https ones in the browser. */

import { call } from '../host/host.js';

/** @param {string} url */
export const openLink = (url) => call('link_open', { url });
