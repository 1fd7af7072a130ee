/** Saved plans: kept, opened, shared as files. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { desk, opened } from './drafts.js';
import { Live } from './live.js';

/** By name. @type {Live<Array<import('../host/types').SavedPlanView>>} */
export const plans = ofWorkspace(new Live({ read: () => call('plans_list', {}), topics: ['plans', 'catalogue'] }));

/** Runs a command that changes plans, and reads them again. @template T @param {Promise<T>} done */
async function changed(done) {
  const answer = await done;
  await plans.refresh();
  return answer;
}

/**
 * Saves what is chosen; with an id, in place of what was saved before.
 * @param {string} name @param {import('../host/types').DraftBody} body @param {string | null} [id]
 */
export const savePlan = (name, body, id = null) => changed(call('plan_save', { name, body, id }));
/** @param {string} id @param {string} name */
export const renamePlan = (id, name) => changed(call('plan_rename', { id, name }));
/** @param {string} id */
export const duplicatePlan = (id) => changed(call('plan_duplicate', { id }));
/** @param {string} id */
export const deletePlan = (id) => changed(call('plan_delete', { id }));
/** Writes a plan to a file a person chooses: its path, or null when they chose none. @param {string} id */
export const exportPlan = (id) => call('plan_export', { id });
/** Reads a plan from a file a person chooses; null when they chose none. */
export const importPlan = () => changed(call('plan_import', {}));
/** Makes the open draft from a plan. @param {string} id */
export async function openPlan(id) {
  await desk.flush();
  return opened(await call('plan_open', { id }));
}
