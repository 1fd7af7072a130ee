/** Launches: each attempt to place calls, as the journal has it. Nothing here sends anything twice. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { choicesOf, desk, opened } from './drafts.js';
import { Live, LiveMap } from './live.js';

/** @typedef {import('../host/types').LaunchView} LaunchView */

/** Those a person may have to do something about. @type {Live<Array<LaunchView>>} */
export const launches = ofWorkspace(new Live({ read: () => call('launches_open', {}), topics: ['launches'] }));

/** One launch, followed. @type {LiveMap<string, LaunchView>} */
export const launch = ofWorkspace(
  new LiveMap((id) => new Live({ read: () => call('launch_read', { id }), topics: ['launches'] }), 4),
);

/** @template T @param {Promise<T>} done */
async function changed(done) {
  try {
    return await done;
  } finally {
    void launches.refresh();
  }
}

/**
 * Places the calls of a draft, once. Comes back as soon as the launch is written down; what comes of
 * it is told by the feed: look at `launch`.
 * @param {string} draftId
 * @param {import('../host/types').Confirmation | null} confirmation what a person said yes to
 */
// What it gives is not put into `launch`: the feed may have told of a newer state already.
export async function place(draftId, confirmation) {
  const choices = desk.id === draftId && desk.body ? choicesOf(desk.body) : '';
  const view = await changed(call('launch_place', { draftId, confirmation }));
  placed.set(view.id, choices);
  return view;
}

/** What was placed from this window, by launch. @type {Map<string, string>} */
const placed = new Map();
/** Whether these are the choices of a launch; false where that is not known. @param {string} id @param {import('../host/types').DraftBody | null | undefined} body */
export const isOf = (id, body) => Boolean(body) && placed.get(id) === choicesOf(/** @type {import('../host/types').DraftBody} */ (body));

/** The choices of a launch that placed nothing are open again as a draft. @param {string} id */
export async function openAgain(id) {
  await desk.flush();
  return opened(await changed(call('launch_reopen', { id })));
}

/** Looks for a lost launch once more, now. @param {string} id */
export const lookOnceMore = (id) => changed(call('launch_look', { id }));
/** *It started*: ties a launch to the result a person chose. @param {string} id @param {number} result */
export const itStarted = (id, result) => changed(call('launch_started', { id, result }));
/** *It did not*: its choices are open again as a draft; nothing is sent. @param {string} id */
export async function itDidNot(id) {
  await desk.flush();
  return opened(await changed(call('launch_not_started', { id })));
}
/** *Leave it*: it stays unknown and asks nothing more. @param {string} id */
export const leaveIt = (id) => changed(call('launch_leave', { id }));
/** Takes the card of a launch that needs nothing more away. @param {string} id */
export const dismiss = (id) => changed(call('launch_dismiss', { id }));
/** A draft with the largest part of a refused plan that the balance covers. @param {string} id */
export async function planThatFits(id) {
  await desk.flush();
  return opened(await changed(call('launch_fit', { id })));
}
