/** Launches: each attempt to place calls, as the journal has it. Nothing here sends anything twice. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { draft } from './drafts.js';
import { Live } from './live.js';

/** Launches that need a person or are under way, the newest first. @type {Live<Array<import('../host/types').LaunchView>>} */
export const launches = ofWorkspace(new Live({ read: () => call('launches_list', {}), topics: ['launches'] }));

/** @template T @param {Promise<T>} done */
async function changed(done) {
  try {
    return await done;
  } finally {
    void launches.refresh();
  }
}

/**
 * Places the calls of a draft, once. The draft is spent whatever comes of it.
 * @param {string} draftId
 * @param {import('../host/types').Confirmation} confirmation what a person said yes to
 */
export const place = (draftId, confirmation) =>
  changed(call('launch_place', { draftId, confirmation })).finally(() => void draft.refresh());

/** Looks for a lost launch once more. @param {string} id */
export const lookOnceMore = (id) => changed(call('launch_look', { id }));
/** *It started*: ties a launch to the result a person chose. @param {string} id @param {number} result */
export const itStarted = (id, result) => changed(call('launch_adopt', { id, result }));
/** *Leave it*: asks nothing more. @param {string} id */
export const leaveIt = (id) => changed(call('launch_leave', { id }));

/** *It did not*: the same plan as a fresh draft, to be confirmed again. @param {string} id */
export async function planAgain(id) {
  const made = await changed(call('launch_again', { id }));
  draft.set(made.draft);
  return made;
}
