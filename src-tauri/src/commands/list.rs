// Every command of the page, declared once. The build script reads the names out of this list,
// the shell the functions, and the page its types. Each is `noun { name(arguments) -> result; }`;
// its body is one line in `commands/<noun>.rs`.
commands! {
    app {
        /// What the page needs to choose its first screen.
        app_state() -> AppState;
        /// Waits for what changes next and tells it, at most ten times a second. `heard` is the number
        /// of the last notice that arrived, 0 for none: the first ask is answered at once. A second one
        /// takes the place of the first, which ends with an empty notice.
        feed_next(heard: u64) -> FeedNotice;
        /// Tells through the system's notifications, unless the window is in front or a person does
        /// not want them; whether it was told. A press on it opens the screen of `route`.
        notice_show(title: String, body: String, route: String) -> bool;
        /// A person has seen what was said under this code; it is not said again.
        notice_dismiss(code: String) -> ();
        /// Ends the program, after a person was told what is under way.
        window_close() -> ();
        /// The page has drawn its first screen: shows the window, which is hidden until then.
        window_ready() -> ();
        /// A person was told so and stays; the next time it is asked again.
        window_stay() -> ();
    }
    workspace {
        /// Starts the practice studio and opens its workspace.
        practice_open() -> WorkspaceView;
        /// Checks the key against the server, keeps it, and opens the workspace.
        workspace_connect(key: KeyText, request: ConnectRequest) -> WorkspaceView;
        /// Opens a workspace that is known.
        workspace_open(id: i64) -> WorkspaceView;
        /// Leaves the open workspace; nothing is erased.
        workspace_close() -> ();
        /// Gives a workspace another name, 1 to 80 characters.
        workspace_rename(id: i64, label: String) -> WorkspaceView;
        /// Erases a workspace: its key, and everything kept of it.
        workspace_erase(id: i64) -> ();
    }
    key {
        /// Where the key is; never the key.
        key_read() -> KeyView;
        /// Puts another key in place of the kept one, after the server has accepted it.
        key_replace(key: KeyText, session_only: bool) -> KeyView;
        /// Asks the key store again, after a person unlocked or installed it.
        key_retry() -> KeyView;
        /// Forgets the key. What was read with it stays readable.
        key_forget() -> KeyView;
    }
    connection {
        /// How the connection of the open workspace is.
        connection_read() -> ConnectionView;
        /// Tries the server now instead of at the end of the pause.
        connection_retry() -> ConnectionView;
    }
    settings {
        /// The settings.
        settings_read() -> Settings;
        /// Keeps the settings.
        settings_save(settings: Settings) -> Settings;
        /// What is kept on this computer.
        usage_read() -> UsageView;
        /// Erases everything: keys, launches, results, the practice studio's own record.
        data_erase() -> ();
    }
    catalogue {
        /// Agents, callers and so on, as the ledger has them.
        catalogue_read() -> CatalogueView;
        /// Reads the catalogue from the server again; the feed tells when it is there.
        catalogue_refresh() -> ();
        /// Evaluators, all or those of one agent; `have` is the reading the page has of them.
        evaluators_list(agent: Option<i64>, have: Option<u64>) -> EvaluatorsTold;
        /// One evaluator, opened.
        evaluator_read(id: i64) -> EvaluatorDetail;
    }
    draft {
        /// The open draft of the workspace; an empty one is made when there is none.
        draft_read() -> DraftView;
        /// Keeps what is chosen. A draft that was placed takes nothing more.
        draft_save(id: String, body: DraftBody) -> ();
        /// Puts an empty draft in place of the open one.
        draft_clear() -> DraftView;
    }
    plan {
        /// The sum, what it takes, and what was checked.
        plan_check(body: DraftBody) -> PlanView;
        /// The exact request of a plan that nothing stops.
        plan_review(body: DraftBody) -> PlanReview;
        /// The saved plans, by name.
        plans_list() -> Vec<SavedPlanView>;
        /// Saves choices under a name; with an id, in place of what was saved before.
        plan_save(name: String, body: DraftBody, id: Option<String>) -> SavedPlanView;
        /// Opens a saved plan as the draft; evaluators that are gone are left out and named.
        plan_open(id: String) -> DraftMade;
        /// Saves a copy under a name that is free.
        plan_duplicate(id: String) -> SavedPlanView;
        /// Gives a plan another name.
        plan_rename(id: String, name: String) -> SavedPlanView;
        /// Deletes a plan.
        plan_delete(id: String) -> ();
        /// Writes a plan to a file that a person chooses; the path, or nothing when they chose none.
        plan_export(id: String) -> Option<String>;
        /// Saves the plan of a file that a person chooses; nothing when they chose none.
        plan_import() -> Option<ImportView>;
    }
    launch {
        /// Places the calls of a draft once; what comes of it is told by the feed.
        launch_place(draft_id: String, confirmation: Option<Confirmation>) -> LaunchView;
        /// A launch as its card shows it.
        launch_read(id: String) -> LaunchView;
        /// Launches that a person may have to do something about.
        launches_open() -> Vec<LaunchView>;
        /// Looks for an unknown launch once more, now.
        launch_look(id: String) -> LaunchView;
        /// A person says that it started, and which result it is.
        launch_started(id: String, result: i64) -> LaunchView;
        /// A person says that it did not start: its choices are open again; nothing is sent.
        launch_not_started(id: String) -> DraftMade;
        /// A person leaves it unknown.
        launch_leave(id: String) -> LaunchView;
        /// Opens the choices of a launch that did not start once more.
        launch_reopen(id: String) -> DraftMade;
        /// Takes the card of a launch that needs nothing more away.
        launch_dismiss(id: String) -> ();
        /// A fresh draft with the largest part of a refused plan that the balance covers.
        launch_fit(id: String) -> DraftMade;
    }
    result {
        /// A page of results, the newest first.
        results_list(query: ResultsQuery) -> ResultsPage;
        /// Asks for the server's list again.
        results_refresh() -> ();
        /// A result with its evaluators and calls; `have` is the reading the page has of it.
        result_read(id: i64, have: Option<u64>) -> ResultTold;
        /// Ends the calls of a result that have not ended.
        result_stop(id: i64) -> ();
        /// Opens a draft that repeats a part of a result.
        result_repeat(id: i64, part: RepeatPart, evaluators: Vec<i64>) -> RepeatMade;
        /// Opens a result, or a call of it, on the vendor's dashboard; false where there is none.
        result_open(id: i64, call: Option<i64>) -> bool;
        /// What people have said of the calls of a result.
        result_said(id: i64) -> Vec<SaidView>;
        /// Writes a text about a result to a file that a person chooses; the path, or nothing.
        result_export(id: i64, text: String) -> Option<String>;
        /// Asks the API about the failures of a result; its answer comes in pieces.
        failures_ask(result: i64, question: String, channel: TextChannel) -> ();
        /// Hears no more of that answer; the question under way ends.
        failures_leave(result: i64) -> ();
    }
    call {
        /// A call as it is kept; what is lacking is fetched and told of by the feed.
        call_read(result: i64, id: i64) -> CallView;
        /// Reads a call in full again, whether that was tried before or not; the feed tells.
        call_refetch(result: i64, id: i64) -> ();
        /// Ends one call; asked for again until a read confirms it.
        call_stop(result: i64, id: i64) -> ();
        /// The recording of a call, as it came or, where the window could not play it so, lighter.
        call_recording(id: i64) -> Bytes;
        /// Writes the recording of a call to a file that a person chooses; the path, or nothing.
        recording_save(id: i64) -> Option<String>;
        /// Opens the live sound of a call, or its dashboard page; false where there is neither.
        call_listen(result: i64, id: i64) -> bool;
        /// Keeps a note with a call; an empty one takes it away.
        note_save(call: i64, text: String) -> ();
        /// Says whether the judge was right about a metric (by its id) or the expected outcome.
        vote_save(call: i64, on: String, up: Option<bool>) -> HumanView;
        /// A person's own verdict on a call.
        review_save(call: i64, passed: Option<bool>) -> HumanView;
    }
}
