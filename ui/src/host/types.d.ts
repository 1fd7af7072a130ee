// Written by `cargo xtask bindings` from the shell's list of commands. Do not edit.

/** An agent. */
export type AgentView = {
  /** The API's id. */
  id: number;
  /** Its name. */
  name: string;
  /** The project it belongs to. */
  projectName: string | null;
  /** Whether it has its Pipecat connection; absent when the answer does not say. */
  pipecatReady: boolean | null;
  /** The agent's name on Pipecat Cloud. */
  pipecatAgentName: string | null;
  /** Names of the tools that can be mocked. */
  mockTools: Array<string>;
  /** Callers that may be used in place of the evaluators' own; empty means not known. */
  enabledCallers: Array<number>;
};

/** What the page needs to know before it can choose a screen. */
export type AppState = {
  /** All workspaces, the last used first. */
  workspaces: Array<WorkspaceView>;
  /** The one that is open. */
  current: WorkspaceView | null;
  /** Version of the program. */
  version: string;
  /** Where the ledger lives. */
  dataDir: string;
  /** Things that happened at start and that a person must hear of. */
  notices: Array<Notice>;
};

/** A call in a result. */
export type CallRowView = {
  /** The API's id. */
  id: number;
  /** Its outcome. */
  outcome: OutcomeView;
  /** Why. */
  why: WhyView;
  /** Which repetition, from 1. */
  time: number;
  /** Of how many. */
  of: number;
  /** Who called. */
  callerName: string | null;
  /** What the caller carried. */
  profileName: string | null;
  /** Length in seconds. */
  seconds: number | null;
  /** A person decided the outcome. */
  reviewed: boolean;
  /** A note is kept with it. */
  noted: boolean;
  /** A person has voted on what was judged of it. */
  voted: boolean;
  /** The server does not know yet what a person said of it, or took back. */
  untold: boolean;
  /** The agent took unusually long to say its first word. */
  cold: boolean;
};

/** A call, opened. */
export type CallView = {
  /** The row. */
  row: CallRowView;
  /** The result it belongs to. */
  result: number;
  /** The evaluator's name. */
  evaluatorName: string;
  /** When it began, RFC 3339. */
  startedAt: string | null;
  /** The API's reason for its end, as text. */
  endedReason: string | null;
  /** The API's error message. */
  errorMessage: string | null;
  /** What was expected and what came; absent when nothing was. */
  expected: ExpectedView | null;
  /** Metrics, the ones that decide first. */
  metrics: Array<MetricView>;
  /** The conversation; absent while it has not been read. */
  transcript: Array<TurnView> | null;
  /** A note kept here. */
  note: string | null;
  /** The call has been read in full. Before, what is missing here may still be on the server. */
  whole: boolean;
  /** It is being read in full. */
  loading: boolean;
  /** Why it could not be read in full, when that was last tried. */
  error: ErrorView | null;
  /** It is being ended on request. */
  stopping: boolean;
  /** A recording is said to exist. */
  recording: boolean;
  /** Loudness over time, 0 to 1: the agent's, then the caller's; absent where the API gives none. */
  waveform: WaveformView | null;
  /** Which channel of a stereo recording the caller is on. */
  callerChannel: number | null;
  /** What a person said of the judge. */
  human: HumanView;
  /** The names of the tools that were mocked in this call. */
  mockedTools: Array<string>;
  /** Where it can be seen on the vendor's dashboard. */
  dashboard: string | null;
};

/** See [`CatalogueView::state`]. */
export type CatalogueState = "loading" | "ready" | "refreshing" | "failed";

/** The agents, callers and so on that a run can be made of. */
export type CatalogueView = {
  /** `loading` (nothing yet), `ready`, `refreshing` (something old is shown), `failed` (nothing to show). */
  state: CatalogueState;
  /** Why the last refresh failed. */
  error: ErrorView | null;
  /** When it was last read in full, RFC 3339. */
  fetchedAt: string | null;
  /** Agents, by name. */
  agents: Array<AgentView>;
  /** Callers, by name. */
  callers: Array<NamedView>;
  /** Test profiles, by name. */
  profiles: Array<NamedView>;
  /** Folders in use, by path. */
  folders: Array<FolderView>;
  /** Tags in use. */
  tags: Array<string>;
  /** Entries the server sent that could not be read. */
  unreadable: number;
};

/** Calls that went wrong for the same reason. */
export type CauseView = {
  /** Stays the same while the result is read again. */
  key: string;
  /** The outcome these calls share. */
  outcome: OutcomeView;
  /** The reason they share. */
  why: WhyView;
  /** The calls. */
  calls: Array<number>;
  /** How many evaluators they belong to. */
  evaluators: number;
};

/** What is checked before calls are placed. */
export type CheckCode = "no_agent" | "agent_gone" | "agent_ready" | "agent_not_set_up" | "agent_unknown" | "no_evaluators" | "evaluators_gone" | "no_expected_outcome" | "times_out_of_range" | "at_once_out_of_range" | "name_too_long" | "callers_not_enabled" | "overrides_gone" | "tools_real" | "tools_mocked" | "balance_enough" | "balance_low" | "offline" | "server_trouble" | "key_rejected" | "key_missing" | "key_may_not_launch" | "placed_moments_ago" | "launch_under_way" | "message_not_json" | "pipecat_not_json" | "pipecat_replaces" | "at_once_above_plan" | "day_calls_reached" | "day_credits_reached";

/** How a check came out. */
export type CheckLevel = "stop" | "warn" | "good";

/** What is under way when somebody wants to close the window. */
export type Closing = "calls" | "launch";

/** Everything that can go wrong, once. The page holds one sentence for each; a test there fails when a code has none. */
export type Code = "bad_address" | "unreachable" | "tls_untrusted" | "proxy_auth" | "timed_out" | "connection_lost" | "bad_key" | "forbidden" | "not_found" | "out_of_credit" | "refused" | "throttled" | "server_trouble" | "redirected" | "web_page" | "unreadable" | "not_cekura" | "too_big" | "keychain_missing" | "keychain_locked" | "keychain_slow" | "keychain_unreadable" | "keychain_failed" | "key_too_long" | "key_bad_characters" | "key_empty" | "ledger_in_use" | "ledger_damaged" | "disk_full" | "disk_read_only" | "ledger_failed" | "ledger_closed" | "journal_moved" | "draft_spent" | "launch_under_way" | "confirm_needed" | "plan_not_ready" | "no_workspace" | "gone" | "bad_input" | "practice_failed" | "killed" | "archive_set_aside" | "journal_restored" | "name_taken" | "plan_unreadable" | "day_limit" | "nothing_to_repeat" | "recording_gone" | "not_recorded" | "journal_set_aside" | "journal_missing" | "archive_missing" | "plan_changed" | "nothing_fits" | "key_stays" | "keychain_waits" | "other_account" | "bad_length" | "internal";

/** Why placing asks once more. */
export type ConfirmReason = "many_calls" | "many_credits" | "same_plan";

/** A person's yes to what placing asks. */
export type Confirmation = {
  /** The number of calls that was read out in the question. */
  calls: number;
  /** The reasons that were read out. */
  reasons: Array<ConfirmReason>;
};

/** What to connect to. */
export type ConnectRequest = {
  /** Server address, empty for Cekura's own. */
  server: string;
  /** Keep the key in memory only, after the key store refused. */
  sessionOnly: boolean;
};

/** See [`ConnectionView::state`]. */
export type ConnectionState = "connecting" | "online" | "offline" | "throttled" | "key_rejected" | "key_missing" | "trouble";

/** How the connection to the current workspace's server is. */
export type ConnectionView = {
  /** `connecting, online, offline, throttled, key_rejected, key_missing, trouble`. */
  state: ConnectionState;
  /** Why, when it is not online. */
  code: Code | null;
  /** Technical detail for the curious. */
  detail: string | null;
  /** When the next attempt is due (RFC 3339), where one is planned. */
  nextTryAt: string | null;
  /** What the key may see of the account's balance; absent for keys that may not. */
  credits: number | null;
  /** What the key may do, as far as known: false after a refused launch for lack of rights. */
  mayLaunch: boolean | null;
  /** How many results are being followed. */
  live: number;
};

/** The six counts. */
export type CountsView = { passed: number, agentFailed: number, neverConnected: number, needsALook: number, stopped: number, inProgress: number, };

/** One criterion, or one line of what a judge wrote. */
export type CriterionView = {
  /** What was expected, or what the judge wrote: without its mark and time. */
  text: string;
  /** Met, not met, or not said. */
  met: boolean | null;
  /** Where in the call, seconds. */
  at: Array<number>;
  /** What came, where the server says so beside what was expected. */
  came: string | null;
  /** What the judge wrote about it beside that. */
  judge: string | null;
};

/** What a person has chosen so far on *New run*. Everything has a default, so that an older or a damaged draft opens. */
export type DraftBody = {
  /** The agent under test. */
  agent: number | null;
  /** The evaluators ticked. */
  evaluators: Array<number>;
  /** The name of the run; empty means the one Linecheck proposes. */
  name: string;
  /** Times each, as typed: 1 to 100 is checked, not enforced, so that nothing typed is lost. */
  times: string;
  /** Calls at once, as typed. */
  atOnce: string;
  /** Callers in place of the evaluators' own; empty means their own. */
  callers: Array<number>;
  /** Test profiles in place of the evaluators' own; empty means their own. */
  profiles: Array<number>;
  /** Tools to mock. */
  mocks: ToolMocks;
  /** Data messages as typed: one for all evaluators (`evaluator` absent) or for one of them. */
  messages: Array<DraftMessage>;
  /** Settings of the agent's Pipecat connection for this run only, as typed. */
  pipecat: DraftPipecat;
  /** What the list of evaluators is narrowed to. */
  filter: DraftFilter;
  /** The result this run repeats a part of. */
  parent: DraftParent | null;
};

/** What the list of evaluators is narrowed to. */
export type DraftFilter = {
  /** The search box. */
  search: string;
  /** Folder paths. */
  folders: Array<string>;
  /** Tags; any of them. */
  tags: Array<string>;
  /** Only those the agent failed the last time they were judged. */
  failedLast: boolean;
  /** Only flaky ones. */
  flaky: boolean;
};

/** What a repeat or an opened plan leaves to choose on *New run*. */
export type DraftMade = {
  /** The draft that is open now. */
  draft: DraftView;
  /** Names, or ids, of evaluators that are gone and were left out. */
  gone: Array<string>;
};

/** A data message as typed. It is checked, never corrected, so that nothing typed is lost. */
export type DraftMessage = {
  /** The evaluator it is for; absent for all that have none of their own. */
  evaluator: number | null;
  /** JSON, as typed. */
  text: string;
};

/** Which result a run repeats a part of, and which part. */
export type DraftParent = {
  /** The API's id of the result. */
  result: number;
  /** The part. */
  part: RepeatPart;
};

/** Settings of the agent's Pipecat connection for one run. They replace the kept ones as a whole; nothing is merged (the API's own rule). Empty means the kept one. */
export type DraftPipecat = {
  /** Name of the agent on Pipecat Cloud. */
  agentName: string;
  /** JSON, as typed. */
  config: string;
  /** JSON, as typed. */
  roomProperties: string;
};

/** A draft: what is chosen and not yet placed. */
export type DraftView = {
  /** Minted by the backend, good for one launch. */
  id: string;
  /** What is chosen. */
  body: DraftBody;
  /** The name that is used when none is typed. */
  proposedName: string;
};

/** An error as the page gets it. */
export type ErrorView = {
  /** Stable code; the sentence is the page's. */
  code: Code;
  /** Technical detail for *Details*; never the key, never a body longer than a few lines. */
  detail: string | null;
  /** Sentences of the API, each with the field it is about. */
  problems: Array<FieldProblem>;
  /** A number for the sentence: seconds to wait, calls to confirm. */
  number: number | null;
};

/** How long and how much. */
export type EstimateView = {
  /** Minutes on the clock, from. */
  minutesLow: number;
  /** Minutes on the clock, to. */
  minutesHigh: number;
  /** Credits, from. */
  creditsLow: number;
  /** Credits, to. */
  creditsHigh: number;
  /** No call of this workspace has finished yet: usual lengths are assumed. */
  assumed: boolean;
  /** The balance, where the key may see it. */
  balance: number | null;
  /** How many finished calls it is learnt from. */
  learntFrom: number;
};

/** One evaluator, opened. */
export type EvaluatorDetail = {
  /** The row. */
  row: EvaluatorView;
  /** What the caller is told to do. */
  script: string | null;
  /** What the caller says first. */
  firstMessage: string | null;
  /** What a good call ends in. */
  expectedOutcome: string | null;
  /** Names of the metrics that judge it. */
  metrics: Array<string>;
  /** Its own test profile. */
  profileName: string | null;
  /** Longest allowed call, seconds. */
  maxSeconds: number | null;
  /** When it was last changed, RFC 3339. */
  updatedAt: string | null;
};

/** One evaluator's calls side by side. */
export type EvaluatorGroup = {
  /** The API's id; absent when the evaluator was deleted. */
  evaluator: number | null;
  /** Its name. */
  name: string;
  /** Judged calls disagree. */
  flaky: boolean;
  /** It went wrong here, and all of that passes since this try, counted from 2. */
  fixedOn: number | null;
  /** Tags of the evaluator, where it is still in the catalogue. */
  tags: Array<string>;
  /** What went wrong most often; absent when nothing did. */
  wrong: WhyView | null;
  /** Median length in seconds. */
  usualSeconds: number | null;
  /** Its calls in the order they were placed. */
  calls: Array<CallRowView>;
};

/** A row of the evaluator list. */
export type EvaluatorView = {
  /** The API's id. */
  id: number;
  /** Its name. */
  name: string;
  /** Dot-separated folder path. */
  folder: string | null;
  /** Its tags. */
  tags: Array<string>;
  /** The caller it uses by itself. */
  callerName: string | null;
  /** Language code. */
  language: string | null;
  /** Whether a pass can mean more than "the call connected". */
  hasExpectedOutcome: boolean;
  /** The last five outcomes, oldest first. */
  last: Array<OutcomeView>;
  /** Usual length of its calls in seconds, learnt from finished calls. */
  usualSeconds: number | null;
  /** Judged calls of the last five disagree. */
  flaky: boolean;
};

/** The evaluators of an agent. */
export type EvaluatorsTold = {
  /** Names the list when it is asked for again; the same while nothing of it changes. */
  reading: number;
  /** The rows are the first ones only; the rest is told when asked again. */
  more: boolean;
  /** The rows, by name. */
  rows: Array<Piece<EvaluatorView>>;
};

/** What was expected of a call. */
export type ExpectedView = {
  /** 0 to 100. */
  score: number | null;
  /** What was asked for, as the evaluator puts it. */
  prompt: string | null;
  /** Criterion by criterion. */
  criteria: Array<CriterionView>;
  /** What a person said of the judgement, as the server had it when the call was read. */
  thumbsUp: boolean | null;
};

/** What changed: the page reads again what it shows of it. */
export type FeedNotice = {
  /** Grows by one with each notice. */
  seq: number;
  /** Topic to ids; an empty list means all of that topic. */
  changes: Partial<Record<FeedTopic, Array<number>>>;
  /** Somebody wants to close the window, and this is under way: the page tells and asks them. */
  closing: Closing | null;
  /** The address of the screen to open: a notification was pressed. */
  go: string | null;
};

/** What a notice is about. */
export type FeedTopic = "workspaces" | "connection" | "settings" | "drafts" | "launches" | "catalogue" | "results" | "calls" | "plans" | "notes";

/** What the API said about one field. */
export type FieldProblem = {
  /** Our name of the field (`evaluators, agent, times, callers, profiles, name, at_once, mocks`), or empty. */
  field: string;
  /** The API's words. */
  message: string;
};

/** What the page shows first: it stands in the page, so that nothing has to be asked. */
export type FirstScreen = {
  /** Decides which screen there is. */
  state: AppState;
  /** The first page of results of the workspace that is open, if one is. */
  results: ResultsPage | null;
};

/** The largest part of a plan that the balance covers. */
export type FitView = {
  /** Evaluators of it. */
  evaluators: number;
  /** Calls of it. */
  calls: number;
  /** Credits it may take at most. */
  credits: number;
};

/** What a result comes to. */
export type Fitness = "fit" | "not_fit" | "too_little" | "running";

/** An evaluator that was fixed. */
export type FixedView = {
  /** The API's id. */
  evaluator: number;
  /** On which try of this evaluator; the result itself is the first. */
  onTry: number;
};

/** A folder of evaluators. */
export type FolderView = {
  /** Last part of the path. */
  name: string;
  /** The API's dot-separated path. */
  path: string;
};

/** An evaluator of a result that is new or has changed. */
export type GroupTold = {
  /** Its place in the page's list, where it has it: kept calls are that one's. */
  was: number | null;
  /** All of it but the calls. */
  head: EvaluatorGroup;
  /** Its calls in the order they were placed. */
  calls: Array<Piece<CallRowView>>;
};

/** The ingredients of the one sentence on top of a result. */
export type HeadlineView = {
  /** What it comes to. */
  fitness: Fitness;
  /** Evaluators with at least one judged call. */
  judgedEvaluators: number;
  /** All evaluators of the result. */
  evaluators: number;
  /** Evaluators with at least one call the agent failed. */
  failing: number;
  /** Evaluators whose judged calls all failed. */
  alwaysFailing: number;
  /** Evaluators without a judged call. */
  unjudged: number;
  /** Evaluators whose judged calls disagree. */
  flaky: number;
  /** Judged calls that passed. */
  passed: number;
  /** Judged calls. */
  judged: number;
  /** All calls. */
  calls: number;
  /** The reason that most of the failures share. */
  cause: WhyView | null;
  /** All of the failures share it. */
  oneCause: boolean;
};

/** What a person said of the judge's work on a call. */
export type HumanView = {
  /** A person's own verdict: passed, failed, or none. */
  review: boolean | null;
  /** Metric id, or `expected_outcome`, to thumbs up (true) or down. */
  votes: { [key in string]: boolean };
  /** The server has been told. */
  sent: boolean;
};

/** What came of an import. */
export type ImportView = {
  /** The plan as it was saved. */
  plan: SavedPlanView;
  /** It was saved under another name, because the name was taken. */
  renamed: boolean;
};

/** See [`KeyView::state`]. */
export type KeyStateView = "none" | "saved" | "session_only" | "locked" | "store_missing" | "store_failed" | "unreadable" | "slow" | "rejected" | "practice";

/** Where the key of the current workspace is. */
export type KeyView = {
  /** `none, saved, session_only, locked, store_missing, store_failed, unreadable, slow, rejected, practice`. */
  state: KeyStateView;
  /** The last four characters, where a key is held. */
  last4: string | null;
  /** The only origin it is sent to. */
  origin: string;
};

/** See [`LaunchView::state`]. */
export type LaunchStateView = "sending" | "launched" | "refused" | "not-sent" | "unknown";

/** A launch, as its card shows it. */
export type LaunchView = {
  /** Local id. */
  id: string;
  /** `sending, launched, refused, not_sent, unknown`. */
  state: LaunchStateView;
  /** Name of the run. */
  name: string;
  /** Agent asked for. */
  agentName: string;
  /** The agent the answer names is another one. */
  otherAgent: string | null;
  /** Calls the plan makes. */
  expectedCalls: number;
  /** Calls the answer lists. */
  callsPlaced: number | null;
  /** When it was sent, RFC 3339. */
  startedAt: string;
  /** The result, once known. */
  resultId: number | null;
  /** Why it was refused, not sent, or is unknown. */
  code: Code | null;
  /** Sentences of the API, each with the field it is about. */
  problems: Array<FieldProblem>;
  /** How often it was looked for. */
  looks: number;
  /** When it was last looked for, RFC 3339. */
  lastLookAt: string | null;
  /** Results that may be it, when there is more than one. */
  found: Array<number>;
  /** Whether the calls were found by looking for them. */
  adopted: boolean;
  /** Nothing more is asked of a person about it. */
  settled: boolean;
  /** When it is looked for again by itself, RFC 3339; absent when only a person can. */
  nextLookAt: string | null;
  /** Seconds the server asked to wait, for a launch it put off. */
  waitSeconds: number | null;
  /** For a launch refused for want of credits: the largest part of the plan that fits. */
  fits: FitView | null;
};

/** One metric of a call. */
export type MetricView = {
  /** The API's id, needed to vote on it. */
  id: number | null;
  /** Its name. */
  name: string;
  /** It decides the outcome. */
  decides: boolean;
  /** `yes_no, rating, number, category, unknown`. */
  kind: string;
  /** For yes or no. */
  passed: boolean | null;
  /** For a rating (0 to 5) or a number. */
  value: number | null;
  /** For a category. */
  text: string | null;
  /** `ms` where the number is known to be milliseconds. */
  unit: string | null;
  /** Why. */
  explanation: Array<CriterionView>;
  /** What a person said of it, as the server had it when the call was read. */
  thumbsUp: boolean | null;
};

/** An id with a name. */
export type NamedView = {
  /** The API's id. */
  id: number;
  /** The name. */
  name: string;
  /** A line more, where there is one. */
  description: string | null;
};

/** Something that happened without anybody asking, told once. */
export type Notice = {
  /** Stable code; the sentence is the page's. */
  code: Code;
  /** For instance the folder a damaged file was moved to. */
  detail: string | null;
};

/** The outcome of a call, as words and glyphs know it. */
export type OutcomeView = "passed" | "agent_failed" | "never_connected" | "needs_a_look" | "stopped" | "in_progress";

/** A part of a result. */
export type PartView = {
  /** Its calls. */
  calls: number;
  /** Their evaluators. */
  evaluators: number;
  /** Calls that are placed for them at most: every evaluator with every caller and profile. */
  upTo: number;
};

/** A piece of a list. */
export type Piece<T> = [number, number] | T;

/** One check. */
export type PlanCheck = {
  /** How it came out. */
  level: CheckLevel;
  /** Stable code; the sentence is the page's. */
  code: CheckCode;
  /** A number for the sentence. */
  count: number | null;
  /** Names for the sentence. */
  names: Array<string>;
};

/** The exact request, for review. */
export type PlanReview = {
  /** `POST` and the address. */
  address: string;
  /** The body, laid out for reading. */
  body: string;
  /** A command that sends the same, with the key left out. */
  curl: string;
};

/** The sum and the checks of a plan. */
export type PlanView = {
  /** Calls this makes at most. */
  calls: number;
  /** Factors of the sum. */
  evaluators: number;
  /** Times each. */
  times: number;
  /** Callers chosen in place of the evaluators' own, 0 for none. */
  callers: number;
  /** Profiles chosen in place of the evaluators' own, 0 for none. */
  profiles: number;
  /** What it takes; absent where there is nothing to place. */
  estimate: EstimateView | null;
  /** What was checked, the worst first. */
  checks: Array<PlanCheck>;
  /** Whether *Place* may be pressed. */
  mayPlace: boolean;
  /** Why *Place* asks once more; empty when it does not. */
  confirm: Array<ConfirmReason>;
  /** The number of calls is the most it can be; the API may decide otherwise. */
  upTo: boolean;
};

/** A range. */
export type RangeView = {
  /** From. */
  low: number;
  /** To. */
  high: number;
};

/** A result that repeats a part of another. */
export type RelatedView = {
  /** The API's id of the result. */
  result: number;
  /** Its name. */
  name: string;
  /** Which part was repeated. */
  part: RepeatPart;
  /** Its counts. */
  counts: CountsView;
  /** Evaluators that went wrong in the earlier result, and the last of that passes since the later one. */
  fixed: Array<FixedView>;
};

/** What a repeat of a part of a result leaves to choose on *New run*, and what it could not take. */
export type RepeatMade = {
  /** The draft that is open now. */
  draft: DraftView;
  /** Names, or ids, of evaluators that are gone and were left out. */
  gone: Array<string>;
  /** How the calls were connected, where that was not Pipecat: the API's word. */
  runType: string | null;
  /** The API's names of settings that a plan has no place for. */
  settings: Array<string>;
  /** Calls of the part that name no evaluator any more. */
  unnamed: number;
};

/** The part of a result that is run again. */
export type RepeatPart = "never_connected" | "at_limit" | "agent_failed" | "chosen" | "everything";

/** What running a part of a result again would place. */
export type RepeatView = {
  /** The calls that never connected. */
  neverConnected: PartView;
  /** Those of them that found no place. */
  atLimit: PartView;
  /** The calls the agent failed. */
  agentFailed: PartView;
  /** Everything. */
  everything: PartView;
  /** Calls that one whole evaluator makes, at most. */
  each: number;
};

/** A row of the results list. */
export type ResultRowView = {
  /** The API's id. */
  id: number;
  /** Its name, or empty. */
  name: string;
  /** The agent's name. */
  agentName: string | null;
  /** RFC 3339. */
  createdAt: string | null;
  /** Counted from its calls. All zero while the calls have not been read. */
  counts: CountsView;
  /** How many calls it has, as far as known. */
  calls: number;
  /** The calls have been read. */
  counted: boolean;
  /** Every call has ended. */
  finished: boolean;
  /** Being followed. */
  followed: boolean;
  /** Placed from this computer. */
  mine: boolean;
  /** Started by a schedule on the server. */
  scheduled: boolean;
  /** Credits by duration, where durations are known. */
  credits: number | null;
  /** When anything last changed, RFC 3339. */
  changedAt: string;
  /** What most of the calls in progress are doing: `waiting, connecting, talking, judging`. */
  doing: string | null;
  /** Usual time between changes is exceeded: seconds since the last change, and the usual length. */
  stalled: StallView | null;
  /** Minutes left, from and to. */
  left: RangeView | null;
};

/** A result, opened. */
export type ResultTold = {
  /** Names the list of evaluators when it is asked for again; the same while nothing of it changes. */
  reading: number;
  /** The evaluators are the first ones only; the rest is told when asked again. */
  more: boolean;
  /** All of it but the evaluators. */
  head: ResultView;
  /** The evaluators, the worst first. */
  groups: Array<Piece<GroupTold>>;
};

/** A result, opened. */
export type ResultView = {
  /** The row. */
  row: ResultRowView;
  /** Whether the agent is fit for callers, as far as these calls tell. */
  headline: HeadlineView;
  /** Evaluators, the worst first. */
  groups: Array<EvaluatorGroup>;
  /** Calls that went wrong, identical reasons together, the most frequent first. */
  causes: Array<CauseView>;
  /** The result this one repeats a part of. */
  parent: RelatedView | null;
  /** Results that repeat a part of this one, or of one of those, the oldest first. */
  repeats: Array<RelatedView>;
  /** What running it again would place. */
  again: RepeatView;
  /** The server calls the result finished, and these calls are still in progress. */
  judgingAfterEnd: number;
  /** Calls that took unusually long to the agent's first word. */
  coldStarts: number;
  /** Completed calls that nothing judged. */
  nothingJudged: number;
  /** The launch it came of, when placed from this computer. */
  launch: LaunchView | null;
  /** Placed from this computer, and the journal that said how has been lost. */
  launchLost: boolean;
  /** Which tools were mocked, when placed from this computer. */
  mocks: ToolMocks | null;
  /** Calls the server sent that could not be read. */
  unreadable: number;
  /** Calls that never started because the agent was at its limit. */
  atLimit: number;
  /** The API's own summary, as text. */
  summary: SummaryView | null;
  /** Where it can be seen on the vendor's dashboard. */
  dashboard: string | null;
  /** Calls are being ended on request. */
  stopping: boolean;
};

/** A page of results. */
export type ResultsPage = {
  /** How many there are in all. */
  total: number;
  /** The rows asked for. */
  rows: Array<ResultRowView>;
  /** Whether the server's list has been read since start, and how that went. */
  state: CatalogueState;
  /** Why the last read failed. */
  error: ErrorView | null;
};

/** Which results are asked for. */
export type ResultsQuery = {
  /** Words in the name or the agent's name. */
  search: string;
  /** Only this agent's. */
  agent: number | null;
  /** Only those with a call the agent failed. */
  onlyFailing: boolean;
  /** Only those placed from this computer. */
  onlyMine: boolean;
  /** Only those of the last so many days; 0 for any time. */
  days: number;
  /** Rows to leave out from the start. */
  offset: number;
  /** Rows at most, up to 500. */
  limit: number;
};

/** What people have said of a call. */
export type SaidView = {
  /** The API's id of the call. */
  call: number;
  /** A person's verdict: passed or not. */
  review: boolean | null;
  /** A note. */
  note: string | null;
};

/** A saved plan. */
export type SavedPlanView = {
  /** Local id. */
  id: string;
  /** Its name. */
  name: string;
  /** The agent's name, where it is still in the catalogue. */
  agentName: string | null;
  /** Evaluators in it. */
  evaluators: number;
  /** Names, or ids, of evaluators that are gone. */
  gone: Array<string>;
  /** Calls it makes at most. */
  calls: number;
  /** RFC 3339. */
  changedAt: string;
};

/** What a person can set. */
export type Settings = {
  /** Ask once more above this many calls. 1 to 10,000. */
  confirmAbove: number;
  /** Ask once more above this many credits; 0 for never. */
  confirmCredits: number;
  /** Place at most this many calls in 24 hours; 0 for no limit. */
  dayCalls: number;
  /** Spend at most this many credits in 24 hours, by the upper end of the estimates; 0 for no limit. */
  dayCredits: number;
  /** Tell through the system's notifications when a result ends, stalls or needs a person. */
  notify: boolean;
};

/** Who speaks in a transcript. */
export type Speaker = "agent" | "caller" | "tool" | "other";

/** No change for longer than such calls usually take. */
export type StallView = {
  /** Seconds since anything changed. */
  seconds: number;
  /** Seconds such calls usually take. */
  usualSeconds: number;
};

/** The API's own words about a finished result. */
export type SummaryView = { whatHappened: string | null, whyItHappened: string | null, howToFix: string | null, nextSteps: Array<string>, reasons: Array<string>, };

/** Which tools are answered by mocks instead of the real thing. */
export type ToolMocks = { "kind": "all" } | { "kind": "none" } | { "kind": "chosen", "names": Array<string> };

/** A tool that was used. */
export type ToolView = {
  /** The provider's id of this use, where there is one. */
  id: string | null;
  /** Its name. */
  name: string;
  /** What it was given, as text. */
  arguments: string | null;
  /** What it gave back, as text. */
  result: string | null;
};

/** One turn of the conversation; a tool's call and its result are one turn. */
export type TurnView = {
  /** Who. */
  speaker: Speaker;
  /** The API's role, for those Linecheck does not know. */
  role: string;
  /** Seconds from the start. */
  at: number | null;
  /** Seconds from the start. */
  end: number | null;
  /** What was said. */
  text: string;
  /** The tool. */
  tool: ToolView | null;
  /** Seconds of silence before this turn, where it is more than a few. */
  silence: number | null;
};

/** What is kept on this computer. */
export type UsageView = {
  /** The folder. */
  folder: string;
  /** Bytes of the journal. */
  journalBytes: number;
  /** Bytes of the archive. */
  archiveBytes: number;
  /** Bytes of damaged files that were set aside. */
  setAsideBytes: number;
  /** Bytes of everything else in the folder: the practice studio's record, the log, the window. */
  otherBytes: number;
  /** Results kept. */
  results: number;
  /** Calls kept. */
  calls: number;
};

/** Loudness of both sides over time. */
export type WaveformView = { agent: Array<number>, caller: Array<number>, };

/** Why a call has its outcome. */
export type WhyView = {
  /** Stable code, see `verdict::Why::code`. */
  code: string;
  /** A name, a criterion or the API's reason. */
  text: string | null;
  /** Whose side it was on: `agent, tester, network, limit, unknown`. */
  side: string | null;
  /** A score. */
  number: number | null;
};

/** Which kind of server a workspace talks to. */
export type WorkspaceKind = "practice" | "cekura";

/** One account, or the practice studio. */
export type WorkspaceView = {
  /** Local id. */
  id: number;
  /** Practice or real. */
  kind: WorkspaceKind;
  /** The name people see in the rail. */
  label: string;
  /** Scheme, host and port of the server; `"practice"` for the practice studio, whose port changes. */
  origin: string;
};
