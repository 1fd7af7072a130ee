/** A call, opened: its transcript, metrics, recording, note and what a person said of it. */

import { call } from '../host/host.js';
import { ofWorkspace } from './all.js';
import { Live, LiveMap } from './live.js';

/** @type {LiveMap<string, import('../host/types').CallView>} */
const calls = ofWorkspace(
  new LiveMap((key) => {
    const [result, id] = key.split('/').map(Number);
    // The feed names changed calls by their result, and notes by their call.
    return new Live({ read: () => readCall(result, id), topics: [['calls', result], ['notes', id]] });
  }, 16),
);

/** @param {number} result @param {number} id */
export const readCall = (result, id) => call('call_read', { result, id });

/** A call of a result; equal ids share one value. @param {number} result @param {number} id */
export const callOf = (result, id) => calls.get(`${result}/${id}`);

/** Reads a call in full again; the feed tells when that is over. @param {number} result @param {number} id */
export const refetchCall = (result, id) => call('call_refetch', { result, id });

/** Ends one call. @param {number} result @param {number} id */
export const stopCall = (result, id) => call('call_stop', { result, id });
/** The recording, as it came; fetched by Rust without the key. @param {number} id */
export const recording = (id) => call('call_recording', { id });
/** Keeps a copy where a person chooses: its path, or null when they chose none. @param {number} id */
export const saveRecording = (id) => call('recording_save', { id });
/** Opens the live sound, or the dashboard; false where there is neither. @param {number} result @param {number} id */
export const listen = (result, id) => call('call_listen', { result, id });
/** Keeps a note with a call; an empty one takes it away. @param {number} id @param {string} text */
export const saveNote = (id, text) => call('note_save', { call: id, text });
/** Says whether the judge was right; null takes it back.
 * @param {number} id @param {string} on a metric's id, or `expected_outcome` @param {boolean | null} up */
export const vote = (id, on, up) => call('vote_save', { call: id, on, up });
/** A person's own verdict; null takes it back. @param {number} id @param {boolean | null} passed */
export const review = (id, passed) => call('review_save', { call: id, passed });
