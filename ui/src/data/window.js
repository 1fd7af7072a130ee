/** The window: closing it, and the system's notifications. */

import { call } from '../host/host.js';

/** Closes the window; calls under way go on. */
export const closeWindow = () => call('window_close', {});
/** The window stays; the next time somebody closes it they are asked again. */
export const stay = () => call('window_stay', {});

/**
 * Tells through the system, unless the window is in front or a person does not want it.
 * @param {{ title: string, body: string, route: string }} notice
 */
export const showNotice = (notice) => call('notice_show', notice);
