// The commands the page knows, with what each takes and gives. The names are the shell's; a command
// that is not listed here cannot be called.
import type {
  AppState, CallView, CatalogueView, Confirmation, ConnectRequest, ConnectionView, DraftBody, DraftMade,
  DraftView, EvaluatorDetail, EvaluatorView, ImportView, KeyView, LaunchView, PlanReview, PlanView,
  RepeatPart, ResultView, ResultsPage, ResultsQuery, SavedPlanView, Settings, UsageView, WorkspaceView,
} from './types';

type Nothing = Record<string, never>;

export interface Commands {
  app_state: { takes: Nothing, gives: AppState };

  practice_open: { takes: Nothing, gives: WorkspaceView };
  workspace_connect: { takes: { key: string, request: ConnectRequest }, gives: WorkspaceView };
  workspace_open: { takes: { id: number }, gives: WorkspaceView };
  workspace_close: { takes: Nothing, gives: null };
  workspace_rename: { takes: { id: number, label: string }, gives: WorkspaceView };
  workspace_erase: { takes: { id: number }, gives: null };

  key_read: { takes: Nothing, gives: KeyView };
  key_replace: { takes: { key: string, sessionOnly: boolean }, gives: KeyView };
  key_retry: { takes: Nothing, gives: KeyView };
  key_forget: { takes: Nothing, gives: KeyView };

  connection_read: { takes: Nothing, gives: ConnectionView };
  connection_retry: { takes: Nothing, gives: ConnectionView };

  settings_read: { takes: Nothing, gives: Settings };
  settings_save: { takes: { settings: Settings }, gives: Settings };
  usage_read: { takes: Nothing, gives: UsageView };
  data_erase: { takes: Nothing, gives: null };

  catalogue_read: { takes: Nothing, gives: CatalogueView };
  catalogue_refresh: { takes: Nothing, gives: null };
  evaluators_list: { takes: { agent: number | null }, gives: Array<EvaluatorView> };
  evaluator_read: { takes: { id: number }, gives: EvaluatorDetail };

  draft_read: { takes: Nothing, gives: DraftView };
  draft_save: { takes: { id: string, body: DraftBody }, gives: DraftView };
  draft_clear: { takes: Nothing, gives: DraftView };
  plan_check: { takes: { id: string }, gives: PlanView };
  plan_review: { takes: { id: string }, gives: PlanReview };

  plans_list: { takes: Nothing, gives: Array<SavedPlanView> };
  plan_save: { takes: { draftId: string, name: string }, gives: SavedPlanView };
  plan_open: { takes: { id: string }, gives: DraftMade };
  plan_rename: { takes: { id: string, name: string }, gives: SavedPlanView };
  plan_duplicate: { takes: { id: string }, gives: SavedPlanView };
  plan_delete: { takes: { id: string }, gives: null };
  plan_export: { takes: { id: string }, gives: boolean };
  plan_import: { takes: Nothing, gives: ImportView | null };

  launch_place: { takes: { draftId: string, confirmation: Confirmation }, gives: LaunchView };
  launches_list: { takes: Nothing, gives: Array<LaunchView> };
  launch_look: { takes: { id: string }, gives: LaunchView };
  launch_adopt: { takes: { id: string, result: number }, gives: LaunchView };
  launch_leave: { takes: { id: string }, gives: LaunchView };
  launch_again: { takes: { id: string }, gives: DraftMade };

  results_list: { takes: { query: ResultsQuery }, gives: ResultsPage };
  results_refresh: { takes: Nothing, gives: null };
  result_read: { takes: { id: number }, gives: ResultView };
  result_stop: { takes: { id: number }, gives: null };
  result_repeat: { takes: { id: number, part: RepeatPart, evaluators: Array<number> }, gives: DraftMade };

  call_read: { takes: { id: number }, gives: CallView };
  call_stop: { takes: { id: number }, gives: null };
  call_note: { takes: { id: number, text: string }, gives: null };
}

export type CommandName = keyof Commands;
