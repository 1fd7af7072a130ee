/** The window: what it shows first, closing it, and the system's notifications. */

import { call } from '../host/host.js';

/** Closes the window; calls under way go on. */
export const closeWindow = () => call('window_close', {});
/** The window stays; the next time somebody closes it they are asked again. */
export const stay = () => call('window_stay', {});

/**
 * Has the next start show this until the page has drawn; a window that closes waits for it. Without
 * it the start takes a moment longer, and nobody needs to hear why.
 * @param {{ markup: string, style: string, when: Array<[string, string, string]> }} snapshot
 */
export const keepSnapshot = (snapshot) => call('snapshot_keep', snapshot).catch(() => {});

/**
 * Tells through the system, unless the window is in front or a person does not want it.
 * @param {{ title: string, body: string, route: string }} notice
 */
export const showNotice = (notice) => call('notice_show', notice);
