/**
 * What is said when something went wrong: a sentence for every code of Rust, what to do about it,
 * and its tone. The only place for these sentences. A test holds that no code is without one.
 *
 * Tones: `bad` (something failed), `lost` (not reachable, not known), `wait` (time will tell).
 */

import { duration, number, plural } from './format.js';

/** @typedef {import('../host/types').Code} Code */
/** @typedef {import('../host/host.js').PageCode} PageCode */
/** @typedef {{ number: number | null, detail: string | null }} Facts */
/** @typedef {string | ((facts: Facts) => string)} Sentence */
/** @typedef {'bad' | 'lost' | 'wait'} Tone */
/** @typedef {{ say: Sentence, todo: Sentence, tone?: Tone }} ErrorEntry `bad` where there is no tone */

/** @type {Record<Code | PageCode, ErrorEntry>} */
export const errors = {
  bad_address: {
    say: 'This address cannot be used.',
    todo: 'Give one that begins with https. Plain http works for this computer only, for instance http://127.0.0.1:8080.',
  },
  unreachable: {
    say: 'The server cannot be reached.',
    todo: 'Check the network, a VPN or the server address, then try again.',
    tone: 'lost',
  },
  tls_untrusted: {
    say: 'The server could not prove who it is.',
    todo: 'Check the date of this computer and the server address. Where your company inspects traffic, its certificate must be installed in the system.',
  },
  proxy_auth: {
    say: 'A proxy on the way asks for a name and a password.',
    todo: 'Set them in the network settings of the system, then try again.',
    tone: 'lost',
  },
  timed_out: {
    say: 'The server took too long to answer.',
    todo: 'Try again in a moment.',
    tone: 'lost',
  },
  connection_lost: {
    say: 'The connection broke before the answer was there.',
    todo: 'Check the network and try again.',
    tone: 'lost',
  },
  bad_key: {
    say: 'The server does not accept this key.',
    todo: 'Copy it again from Settings, Organization, API Key on Cekura. It must be the key of this server.',
  },
  forbidden: {
    say: 'This key may not do that.',
    todo: 'Ask an admin of your Cekura organisation for a key with the right to do it.',
  },
  not_found: {
    say: 'The server does not have this any more.',
    todo: 'It may have been deleted, or it belongs to another key. Read the list again.',
  },
  out_of_credit: {
    say: 'The balance does not cover these calls.',
    todo: 'Place fewer calls, or have the balance topped up.',
  },
  refused: {
    say: 'The server refused the request.',
    todo: 'What it objects to stands below. Change that and try again.',
  },
  throttled: {
    say: (facts) =>
      facts.number === null ? 'The server asks for patience.' : `The server asks to wait ${duration(facts.number)}.`,
    todo: (facts) => (facts.number === null ? 'Try again in a minute.' : 'Then try again.'),
    tone: 'wait',
  },
  server_trouble: {
    say: 'The server has trouble of its own.',
    todo: 'Try again in a few minutes. If it lasts, look at the status page of Cekura.',
    tone: 'lost',
  },
  redirected: {
    say: 'The server points to another address.',
    todo: 'Linecheck does not follow, so that the key stays where it belongs. Check the server address, or sign in to the network you are on.',
  },
  web_page: {
    say: 'A web page came instead of an answer.',
    todo: 'A sign-in page of the network or a proxy may stand in between. Check that, then try again.',
  },
  unreadable: {
    say: 'The answer of the server cannot be read.',
    todo: 'Try again in a few minutes. If it lasts, the fault lies with the server; the details name the place.',
  },
  not_cekura: {
    say: 'What answers at this address is not Cekura.',
    todo: 'Check the server address under Advanced.',
  },
  too_big: {
    say: 'The answer was too big to read.',
    todo: 'Ask for less at a time. If this is a single call, open it in Cekura.',
  },
  keychain_missing: {
    say: 'This system has no keychain that Linecheck can use.',
    todo: 'Install one (on Linux: GNOME Keyring or KWallet), or use the key for this session only. Linecheck never writes it to a file.',
  },
  keychain_locked: {
    say: 'The keychain is locked.',
    todo: 'Unlock it and try again, or use the key for this session only.',
  },
  keychain_slow: {
    say: 'The keychain does not answer.',
    todo: 'A window that asks for your password may be waiting behind this one. Try again, or use the key for this session only.',
    tone: 'wait',
  },
  keychain_unreadable: {
    say: 'What the keychain holds for this server is not a key.',
    todo: 'Enter the key again. It replaces the old entry.',
  },
  keychain_waits: {
    say: 'The keychain has not given the key yet.',
    todo: 'A window that asks for your password may be waiting behind this one. What was read before is shown meanwhile.',
    tone: 'wait',
  },
  keychain_failed: {
    say: 'The keychain refused.',
    todo: 'Try again, or use the key for this session only.',
  },
  key_too_long: {
    say: 'This is too long to be a key.',
    todo: 'Copy only the key, without the text around it.',
  },
  key_bad_characters: {
    say: 'There are characters in it that no key has.',
    todo: 'Copy the key again, without spaces, line breaks or quotation marks.',
  },
  key_stays: {
    say: 'A key is still in the keychain.',
    todo: (facts) =>
      `Everything else of that workspace is erased. The keychain did not let go of the key${facts.detail === null ? '' : ` for ${facts.detail}`}: remove it with the system’s own tool.`,
  },
  other_account: {
    say: (facts) => `This key is of another account than ${facts.detail === null ? 'the workspace of this server' : `the workspace “${facts.detail}”`}.`,
    todo: 'Nothing was changed: a workspace keeps the calls of one account. Erase that workspace under Settings to use this key in its place, or start Linecheck with a data folder of its own (LINECHECK_DATA_DIR) to have both.',
  },
  key_empty: {
    say: 'There is no key yet.',
    todo: 'Enter the API key of your workspace.',
  },
  ledger_in_use: {
    say: 'Another Linecheck is open with the same data.',
    todo: 'Close it, or go on there. Two at once could place the same calls twice.',
  },
  ledger_damaged: {
    say: 'The journal on this computer is damaged.',
    todo: 'Restore the data folder from a backup, or move the folder away to start afresh. Results can be read from the server again.',
  },
  disk_full: {
    say: 'The disk is full.',
    todo: 'Make room. Until then nothing is placed, because nothing could be written down.',
  },
  disk_read_only: {
    say: 'The data folder cannot be written to.',
    todo: 'Check the rights of the folder named under Settings, Data.',
  },
  ledger_closed: {
    say: 'Linecheck is closing.',
    todo: 'Open it again to go on.',
  },
  journal_moved: {
    say: 'Nothing was placed: the data folder was moved or replaced while Linecheck was open.',
    todo: 'Close Linecheck, put the folder back, and open Linecheck again.',
  },
  ledger_failed: {
    say: 'Something could not be kept on this computer.',
    todo: 'Close Linecheck and open it again. If this comes back, the details help whoever looks into it.',
  },
  draft_spent: {
    say: 'This plan has been placed already.',
    todo: 'Its calls are under Results. Run it again from there for another round.',
  },
  launch_under_way: {
    say: 'Calls are being placed just now.',
    todo: 'Wait for the answer. Nothing is sent twice.',
    tone: 'wait',
  },
  confirm_needed: {
    say: (facts) =>
      facts.number === null ? 'This asks for a confirmation.' : `This places ${number(facts.number)} calls and asks for a confirmation.`,
    todo: 'Read the question again: the plan has changed since it was asked.',
  },
  plan_not_ready: {
    say: 'The plan is not ready.',
    todo: 'The checks beside it say what is missing.',
  },
  no_workspace: {
    say: 'No workspace is open.',
    todo: 'Open one from the welcome screen.',
  },
  gone: {
    say: 'This is not here any more.',
    todo: 'It was deleted, or it belongs to another workspace.',
  },
  bad_input: {
    say: 'This cannot be used as it is.',
    todo: (facts) => (facts.detail === null ? 'Check what was entered.' : `Check what was entered: ${facts.detail}.`),
  },
  bad_length: {
    say: 'This is empty or too long.',
    todo: (facts) => (facts.number === null ? 'Change it.' : `It may have up to ${plural(facts.number, 'character')}.`),
  },
  practice_failed: {
    say: 'The practice studio could not start.',
    todo: 'Close Linecheck and open it again. The details say what stood in the way.',
  },
  killed: {
    say: 'Linecheck was closed before the answer was there.',
    todo: 'It looks for these calls. Nothing is sent again unless you say so.',
    tone: 'lost',
  },
  archive_set_aside: {
    say: 'The archive of results was damaged and has been set aside.',
    todo: (facts) =>
      `It is read from the server again. The damaged file is kept${facts.detail === null ? '' : ` in ${facts.detail}`}.`,
    tone: 'lost',
  },
  journal_restored: {
    say: 'Launches, notes and saved plans were restored from a backup.',
    todo: (facts) =>
      facts.detail === null
        ? 'Their file was gone. What was placed or written since the backup is missing here: check what was placed before you place calls again.'
        : `Their file was damaged or incomplete. Newer launches were read out of it where that was possible; notes and plans of the last hours may be missing. The file is kept in ${facts.detail}.`,
    tone: 'lost',
  },
  journal_set_aside: {
    say: 'The journal was damaged, and there was no copy to restore it from.',
    todo: (facts) =>
      `It begins anew with the launches that could be read; notes and saved plans are not in it.${facts.detail === null ? '' : ` The damaged file is kept in ${facts.detail}.`}`,
  },
  journal_missing: {
    say: 'The record of launches was gone, and there was no backup of it.',
    todo: 'Results and calls are still here. Launches, notes and saved plans are not: check what was placed before you place calls again.',
    tone: 'lost',
  },
  archive_missing: {
    say: 'Results that were kept on this computer were missing.',
    todo: 'They are read from the server again. Launches, notes and saved plans are kept in another file and are still here.',
    tone: 'lost',
  },
  name_taken: {
    say: 'This name is taken.',
    todo: 'Choose another one.',
  },
  plan_unreadable: {
    say: 'This file is not a plan that Linecheck can read.',
    todo: 'Choose a file that ends in .linecheck.json. A plan from a newer Linecheck needs the newer one.',
  },
  day_limit: {
    say: (facts) =>
      facts.number === null
        ? 'This would pass the limit you set for a day.'
        : `This would pass the limit you set for a day: ${number(facts.number)} left.`,
    todo: 'Place fewer calls, wait, or change the limit under Settings.',
  },
  plan_changed: {
    say: 'Your choices changed while they were being checked. Nothing was placed.',
    todo: 'Look at the sum once more, then place the calls.',
    tone: 'lost',
  },
  nothing_fits: {
    say: 'No part of this plan fits the balance any more.',
    todo: 'Choose fewer evaluators, or have the balance topped up.',
  },
  nothing_to_repeat: {
    say: 'There is nothing in this result to run again.',
    todo: 'The evaluators may have been deleted since. Start a new run instead.',
  },
  recording_gone: {
    say: 'The recording is gone.',
    todo: 'The server does not have it any more. The transcript is still here.',
    tone: 'lost',
  },
  not_recorded: {
    say: 'This call was not recorded.',
    todo: 'Recording is a setting of the agent.',
    tone: 'lost',
  },
  internal: {
    say: 'Something went wrong inside Linecheck.',
    todo: 'Try again. If this comes back, the details help whoever looks into it.',
  },

  // Only the page gives these.
  no_answer: {
    say: 'Linecheck did not answer in time.',
    todo: 'It may still be at work. Look at the list before you try again.',
    tone: 'lost',
  },
  not_allowed: {
    say: 'This window may not do that.',
    todo: 'Close Linecheck and open it again. If this comes back, install it again.',
  },
  page_error: {
    say: 'Something went wrong on this page.',
    todo: 'Open the page again from the left. Nothing you placed is affected.',
  },
};

/**
 * The words for an error of a server that was found to be Cekura's before: the address is right, and what
 * answers instead stands on the way. @type {typeof errorWords}
 */
export const serverWords = (error) => errorWords(error.code === 'not_cekura' ? { ...error, code: 'web_page' } : error);

/**
 * The words for an error, or for a notice. A code from a later version reads as `internal`.
 * @param {{ code: Code | PageCode, detail?: string | null, number?: number | null }} error
 * @returns {{ say: string, todo: string, tone: Tone }}
 */
export function errorWords(error) {
  const entry = Object.hasOwn(errors, error.code) ? errors[error.code] : errors.internal;
  const facts = { number: error.number ?? null, detail: error.detail ?? null };
  const read = (/** @type {Sentence} */ sentence) => (typeof sentence === 'string' ? sentence : sentence(facts));
  return { say: read(entry.say), todo: read(entry.todo), tone: entry.tone ?? 'bad' };
}
