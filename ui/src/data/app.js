/** The workspaces and the one that is open: decides which screen there is. */

import { call } from '../host/host.js';
import { forgetWorkspace } from './all.js';
import { takeFirst } from './first.js';
import { Live } from './live.js';

/** @type {Live<import('../host/types').AppState>} */
export const app = new Live({
  read: async () => takeFirst('state') ?? call('app_state', {}),
  topics: ['workspaces'],
});

/** Whether the practice studio is open, so that nothing passes for the real thing. */
export const isPractice = () => app.value?.current?.kind === 'practice';

/** Another workspace is open (or none): what was shown of the old one is forgotten. */
async function entered() {
  forgetWorkspace();
  await app.refresh();
}

/** Starts the practice studio and opens it. */
export async function openPractice() {
  const workspace = await call('practice_open', {});
  await entered();
  return workspace;
}

/** Checks a key with the server, keeps it and opens the workspace.
 * @param {string} key @param {import('../host/types').ConnectRequest} request */
export async function connectWorkspace(key, request) {
  const workspace = await call('workspace_connect', { key, request });
  await entered();
  return workspace;
}

/** @param {number} id */
export async function openWorkspace(id) {
  const workspace = await call('workspace_open', { id });
  await entered();
  return workspace;
}

/** Leaves the open workspace; nothing is erased. */
export async function leaveWorkspace() {
  await call('workspace_close', {});
  await entered();
}

/** @param {number} id @param {string} label */
export async function renameWorkspace(id, label) {
  const workspace = await call('workspace_rename', { id, label });
  await app.refresh();
  return workspace;
}

/** Erases a workspace with its key and everything kept of it. @param {number} id */
export async function eraseWorkspace(id) {
  await call('workspace_erase', { id });
  await entered();
}

/** Erases everything Linecheck keeps on this computer. */
export async function eraseEverything() {
  await call('data_erase', {});
  await entered();
}
