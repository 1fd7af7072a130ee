/** The draft on *New run*: what is chosen and not yet placed. Kept by Rust at every change. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { Live } from './live.js';

/** @typedef {import('../host/types').DraftBody} DraftBody */
/** @typedef {import('../host/types').DraftView} DraftView */
/** @typedef {import('../host/types').DraftMade} DraftMade */

/** The open draft. @type {Live<DraftView>} */
export const draft = ofWorkspace(new Live({ read: () => call('draft_read', {}), topics: ['drafts'] }));

/**
 * Shows what is chosen at once and keeps it. The answer carries nothing, so what was typed
 * meanwhile is never overwritten by it.
 * @param {DraftView} view @param {DraftBody} body
 */
export async function saveDraft(view, body) {
  draft.set({ ...view, body });
  await call('draft_save', { id: view.id, body });
}

/** Starts over with an empty draft. */
export async function clearDraft() {
  draft.set(await call('draft_clear', {}));
}

/** A draft that another command made is the open one now. @param {DraftMade} made */
export function opened(made) {
  draft.set(made.draft);
  return made;
}

/** The sum and the checks of what is chosen. @param {DraftBody} body */
export const checkPlan = (body) => call('plan_check', { body });

/** The exact request, for review. @param {DraftBody} body */
export const reviewPlan = (body) => call('plan_review', { body });

/**
 * The sum and the checks as a value for a Look: made anew for each body, read again when what they
 * depend on changes. The choose of the Look must give the same value for the same body.
 * @param {DraftBody} body
 */
export const planOf = (body) =>
  new Live({ read: () => checkPlan(body), topics: ['catalogue', 'connection', 'settings', 'launches'] });
