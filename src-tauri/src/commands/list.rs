// Every command of the page, declared once. The build script reads the names out of this list,
// the shell the functions, and the page its types. Each is `noun { name(arguments) -> result; }`;
// its body is one line in `commands/<noun>.rs`.
commands! {
    app {
        /// What the page needs to choose its first screen.
        app_state() -> AppState;
        /// Tells what changes from now on, at most ten times a second. A second subscription takes
        /// the place of the first.
        feed_subscribe(channel: FeedChannel) -> ();
        /// Opens an https address in the system's browser.
        link_open(url: String) -> ();
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
        /// Evaluators, all or those of one agent.
        evaluators_list(agent: Option<i64>) -> Vec<EvaluatorView>;
        /// One evaluator, opened.
        evaluator_read(id: i64) -> EvaluatorDetail;
    }
}
