/** Saved plans: kept, opened, shared as files. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { draft } from './drafts.js';
import { Live } from './live.js';

/** @type {Live<Array<import('../host/types').SavedPlanView>>} */
export const plans = ofWorkspace(new Live({ read: () => call('plans_list', {}), topics: ['plans', 'catalogue'] }));

/** Runs a command that changes plans, and reads them again. @template T @param {Promise<T>} done */
async function changed(done) {
  const answer = await done;
  await plans.refresh();
  return answer;
}

/** @param {string} draftId @param {string} name */
export const savePlan = (draftId, name) => changed(call('plan_save', { draftId, name }));
/** @param {string} id @param {string} name */
export const renamePlan = (id, name) => changed(call('plan_rename', { id, name }));
/** @param {string} id */
export const duplicatePlan = (id) => changed(call('plan_duplicate', { id }));
/** @param {string} id */
export const deletePlan = (id) => changed(call('plan_delete', { id }));
/** Writes a plan to a file a person chooses; false when they chose none. @param {string} id */
export const exportPlan = (id) => call('plan_export', { id });
/** Reads a plan from a file a person chooses; null when they chose none. */
export const importPlan = () => changed(call('plan_import', {}));

/** Makes the open draft from a plan. @param {string} id */
export async function openPlan(id) {
  const made = await call('plan_open', { id });
  draft.set(made.draft);
  return made;
}
