// Written by `cargo xtask bindings` from the shell's list of commands. Do not edit.
import type { Channel } from '@tauri-apps/api/core';
import type {
  AppState,
  CallView,
  CatalogueView,
  Confirmation,
  ConnectRequest,
  ConnectionView,
  DraftBody,
  DraftMade,
  DraftView,
  EvaluatorDetail,
  EvaluatorsTold,
  FeedNotice,
  HumanView,
  ImportView,
  KeyView,
  LaunchView,
  PlanReview,
  PlanView,
  RepeatMade,
  RepeatPart,
  ResultTold,
  ResultsPage,
  ResultsQuery,
  SaidView,
  SavedPlanView,
  Settings,
  UsageView,
  WorkspaceView,
} from './types';

/** Takes no arguments. */
export type Nothing = Record<string, never>;

/** Every command: what it takes and what it gives. */
export interface Commands {
  /** What the page needs to choose its first screen. */
  app_state: { takes: Nothing; gives: AppState };
  /** Waits for what changes next and tells it, at most ten times a second. `heard` is the number of the last notice that arrived, 0 for none: the first ask is answered at once. A second one takes the place of the first, which ends with an empty notice. */
  feed_next: { takes: { heard: number }; gives: FeedNotice };
  /** Tells through the system's notifications, unless the window is in front or a person does not want them; whether it was told. A press on it opens the screen of `route`. */
  notice_show: { takes: { title: string; body: string; route: string }; gives: boolean };
  /** A person has seen what was said under this code; it is not said again. */
  notice_dismiss: { takes: { code: string }; gives: null };
  /** Ends the program, after a person was told what is under way. */
  window_close: { takes: Nothing; gives: null };
  /** The page has drawn its first screen: shows the window, which is hidden until then. */
  window_ready: { takes: Nothing; gives: null };
  /** A person was told so and stays; the next time it is asked again. */
  window_stay: { takes: Nothing; gives: null };
  /** Starts the practice studio and opens its workspace. */
  practice_open: { takes: Nothing; gives: WorkspaceView };
  /** Checks the key against the server, keeps it, and opens the workspace. */
  workspace_connect: { takes: { key: string; request: ConnectRequest }; gives: WorkspaceView };
  /** Opens a workspace that is known. */
  workspace_open: { takes: { id: number }; gives: WorkspaceView };
  /** Leaves the open workspace; nothing is erased. */
  workspace_close: { takes: Nothing; gives: null };
  /** Gives a workspace another name, 1 to 80 characters. */
  workspace_rename: { takes: { id: number; label: string }; gives: WorkspaceView };
  /** Erases a workspace: its key, and everything kept of it. */
  workspace_erase: { takes: { id: number }; gives: null };
  /** Where the key is; never the key. */
  key_read: { takes: Nothing; gives: KeyView };
  /** Puts another key in place of the kept one, after the server has accepted it. */
  key_replace: { takes: { key: string; sessionOnly: boolean }; gives: KeyView };
  /** Asks the key store again, after a person unlocked or installed it. */
  key_retry: { takes: Nothing; gives: KeyView };
  /** Forgets the key. What was read with it stays readable. */
  key_forget: { takes: Nothing; gives: KeyView };
  /** How the connection of the open workspace is. */
  connection_read: { takes: Nothing; gives: ConnectionView };
  /** Tries the server now instead of at the end of the pause. */
  connection_retry: { takes: Nothing; gives: ConnectionView };
  /** The settings. */
  settings_read: { takes: Nothing; gives: Settings };
  /** Keeps the settings. */
  settings_save: { takes: { settings: Settings }; gives: Settings };
  /** What is kept on this computer. */
  usage_read: { takes: Nothing; gives: UsageView };
  /** Erases everything: keys, launches, results, the practice studio's own record. */
  data_erase: { takes: Nothing; gives: null };
  /** Agents, callers and so on, as the ledger has them. */
  catalogue_read: { takes: Nothing; gives: CatalogueView };
  /** Reads the catalogue from the server again; the feed tells when it is there. */
  catalogue_refresh: { takes: Nothing; gives: null };
  /** Evaluators, all or those of one agent; `have` is the reading the page has of them. */
  evaluators_list: { takes: { agent: number | null; have: number | null }; gives: EvaluatorsTold };
  /** One evaluator, opened. */
  evaluator_read: { takes: { id: number }; gives: EvaluatorDetail };
  /** The open draft of the workspace; an empty one is made when there is none. */
  draft_read: { takes: Nothing; gives: DraftView };
  /** Keeps what is chosen. A draft that was placed takes nothing more. */
  draft_save: { takes: { id: string; body: DraftBody }; gives: null };
  /** Puts an empty draft in place of the open one. */
  draft_clear: { takes: Nothing; gives: DraftView };
  /** The sum, what it takes, and what was checked. */
  plan_check: { takes: { body: DraftBody }; gives: PlanView };
  /** The exact request of a plan that nothing stops. */
  plan_review: { takes: { body: DraftBody }; gives: PlanReview };
  /** The saved plans, by name. */
  plans_list: { takes: Nothing; gives: Array<SavedPlanView> };
  /** Saves choices under a name; with an id, in place of what was saved before. */
  plan_save: { takes: { name: string; body: DraftBody; id: string | null }; gives: SavedPlanView };
  /** Opens a saved plan as the draft; evaluators that are gone are left out and named. */
  plan_open: { takes: { id: string }; gives: DraftMade };
  /** Saves a copy under a name that is free. */
  plan_duplicate: { takes: { id: string }; gives: SavedPlanView };
  /** Gives a plan another name. */
  plan_rename: { takes: { id: string; name: string }; gives: SavedPlanView };
  /** Deletes a plan. */
  plan_delete: { takes: { id: string }; gives: null };
  /** Writes a plan to a file that a person chooses; the path, or nothing when they chose none. */
  plan_export: { takes: { id: string }; gives: string | null };
  /** Saves the plan of a file that a person chooses; nothing when they chose none. */
  plan_import: { takes: Nothing; gives: ImportView | null };
  /** Places the calls of a draft once; what comes of it is told by the feed. */
  launch_place: { takes: { draftId: string; confirmation: Confirmation | null }; gives: LaunchView };
  /** A launch as its card shows it. */
  launch_read: { takes: { id: string }; gives: LaunchView };
  /** Launches that a person may have to do something about. */
  launches_open: { takes: Nothing; gives: Array<LaunchView> };
  /** Looks for an unknown launch once more, now. */
  launch_look: { takes: { id: string }; gives: LaunchView };
  /** A person says that it started, and which result it is. */
  launch_started: { takes: { id: string; result: number }; gives: LaunchView };
  /** A person says that it did not start: its choices are open again; nothing is sent. */
  launch_not_started: { takes: { id: string }; gives: DraftMade };
  /** A person leaves it unknown. */
  launch_leave: { takes: { id: string }; gives: LaunchView };
  /** Opens the choices of a launch that did not start once more. */
  launch_reopen: { takes: { id: string }; gives: DraftMade };
  /** Takes the card of a launch that needs nothing more away. */
  launch_dismiss: { takes: { id: string }; gives: null };
  /** A fresh draft with the largest part of a refused plan that the balance covers. */
  launch_fit: { takes: { id: string }; gives: DraftMade };
  /** A page of results, the newest first. */
  results_list: { takes: { query: ResultsQuery }; gives: ResultsPage };
  /** Asks for the server's list again. */
  results_refresh: { takes: Nothing; gives: null };
  /** A result with its evaluators and calls; `have` is the reading the page has of it. */
  result_read: { takes: { id: number; have: number | null }; gives: ResultTold };
  /** Ends the calls of a result that have not ended. */
  result_stop: { takes: { id: number }; gives: null };
  /** Opens a draft that repeats a part of a result. */
  result_repeat: { takes: { id: number; part: RepeatPart; evaluators: Array<number> }; gives: RepeatMade };
  /** Opens a result, or a call of it, on the vendor's dashboard; false where there is none. */
  result_open: { takes: { id: number; call: number | null }; gives: boolean };
  /** What people have said of the calls of a result. */
  result_said: { takes: { id: number }; gives: Array<SaidView> };
  /** Writes a text about a result to a file that a person chooses; the path, or nothing. */
  result_export: { takes: { id: number; text: string }; gives: string | null };
  /** Asks the API about the failures of a result; its answer comes in pieces. */
  failures_ask: { takes: { result: number; question: string; channel: Channel<string> }; gives: null };
  /** Hears no more of that answer; the question under way ends. */
  failures_leave: { takes: { result: number }; gives: null };
  /** A call as it is kept; what is lacking is fetched and told of by the feed. */
  call_read: { takes: { result: number; id: number }; gives: CallView };
  /** Reads a call in full again, whether that was tried before or not; the feed tells. */
  call_refetch: { takes: { result: number; id: number }; gives: null };
  /** Ends one call; asked for again until a read confirms it. */
  call_stop: { takes: { result: number; id: number }; gives: null };
  /** The recording of a call, as it came or, where the window could not play it so, lighter. */
  call_recording: { takes: { id: number }; gives: ArrayBuffer };
  /** Writes the recording of a call to a file that a person chooses; the path, or nothing. */
  recording_save: { takes: { id: number }; gives: string | null };
  /** Opens the live sound of a call, or its dashboard page; false where there is neither. */
  call_listen: { takes: { result: number; id: number }; gives: boolean };
  /** Keeps a note with a call; an empty one takes it away. */
  note_save: { takes: { call: number; text: string }; gives: null };
  /** Says whether the judge was right about a metric (by its id) or the expected outcome. */
  vote_save: { takes: { call: number; on: string; up: boolean | null }; gives: HumanView };
  /** A person's own verdict on a call. */
  review_save: { takes: { call: number; passed: boolean | null }; gives: HumanView };
}

/** The name of a command. */
export type CommandName = keyof Commands;
