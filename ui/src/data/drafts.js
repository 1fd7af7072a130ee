/** The draft on *New run*: what is chosen and not yet placed. Kept by Rust at every change. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { Live, LiveMap } from './live.js';

/** @type {Live<import('../host/types').DraftView>} */
export const draft = ofWorkspace(new Live({ read: () => call('draft_read', {}), topics: ['drafts'] }));

/** The sum and the checks of a draft, by its id. @type {LiveMap<string, import('../host/types').PlanView>} */
export const plan = ofWorkspace(
  new LiveMap(
    (id) => new Live({ read: () => call('plan_check', { id }), topics: ['drafts', 'catalogue', 'connection', 'settings', 'launches'] }),
    4,
  ),
);

/** Keeps the draft. @param {string} id @param {import('../host/types').DraftBody} body */
export async function saveDraft(id, body) {
  const kept = await call('draft_save', { id, body });
  draft.set(kept);
  void plan.get(id).refresh();
  return kept;
}

/** Starts over with an empty draft. */
export async function clearDraft() {
  const kept = await call('draft_clear', {});
  draft.set(kept);
  return kept;
}

/** The exact request, for review. @param {string} id */
export const reviewPlan = (id) => call('plan_review', { id });
