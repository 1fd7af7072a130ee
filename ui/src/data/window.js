/** The window: what it shows first, closing it, and the system's notifications. */

import { call } from '../host/host.js';

/** There is something to see: shows the window. Without an answer it is shown all the same, a little later. */
export const windowReady = () => call('window_ready', {}).catch(() => {});
/** Ends the program; calls under way go on. */
export const closeWindow = () => call('window_close', {});
/** The window stays; the next time somebody closes it they are asked again. */
export const stay = () => call('window_stay', {});

/**
 * Tells through the system, unless the window is in front or a person does not want it.
 * @param {{ title: string, body: string, route: string }} notice
 */
export const showNotice = (notice) => call('notice_show', notice);

/** A person has seen what is said under this code; it is not said again. @param {string} code */
export const dismissNotice = (code) => call('notice_dismiss', { code });
