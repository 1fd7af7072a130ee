//! Hands and eyes for the real window.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::desktop::Ended;
use super::{Shown, amiss, target};

/// How long something that should happen may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// More stops than any screen has.
const TABS: usize = 200;

/// How long a picture may take.
const PICTURE: Duration = Duration::from_secs(20);

/// Everything that fits a selector, in shadow trees too.
const ALL: &str = r"
    const [selector] = arguments;
    const found = [];
    const look = (root) => {
        found.push(...root.querySelectorAll(selector));
        for (const element of root.querySelectorAll('*')) {
            if (element.shadowRoot) look(element.shadowRoot);
        }
    };
    look(document);
    return found;
";

/// A command as the page calls it, answered with `{ok}` or `{error}`.
const INVOKE: &str = r"
    const [name, args, done] = arguments;
    window.__TAURI_INTERNALS__.invoke(name, args).then(
        (value) => done({ ok: value === undefined ? null : value }),
        (error) => done({ error }),
    );
";

/// The window of a running app.
pub struct Window {
    client: Client,
    data: PathBuf,
    scene: String,
    // Dropped last: with it the app ends.
    _driver: Ended,
}

impl Window {
    pub(super) async fn drive(
        driver: Ended,
        port: u16,
        program: &Path,
        data: PathBuf,
        scene: &str,
    ) -> Shown<Self> {
        if !program.exists() {
            return amiss(format!("{} is not built", program.display()));
        }
        let mut wanted = serde_json::Map::new();
        wanted.insert(
            "webkitgtk:browserOptions".to_owned(),
            json!({ "binary": program, "args": [] }),
        );
        // A program that ends before it has a window is waited for by the driver without end.
        let address = format!("http://127.0.0.1:{port}");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let opening = builder.capabilities(wanted).connect(&address);
        let client = tokio::time::timeout(PATIENCE, opening)
            .await
            .map_err(|_| format!("{} opened no window", program.display()))??;
        Ok(Self { client, data, scene: scene.to_owned(), _driver: driver })
    }

    /// The driver's own client, for what has no name here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Closes the window, which ends the app.
    pub async fn close(self) -> Shown {
        let pid = self.pid();
        self.client.clone().close().await?;
        // The driver lets go of the app; it does not end it.
        match pid {
            Some(pid) => end(pid, "-TERM"),
            None => Ok(()),
        }
    }

    /// Ends the app as a power cut would.
    pub fn kill(self) -> Shown {
        match self.pid() {
            Some(pid) => end(pid, "-KILL"),
            None => amiss("the app does not run"),
        }
    }

    /// The app's process: the one that was told of this data folder and is no web process.
    pub fn pid(&self) -> Option<u32> {
        let told = format!("LINECHECK_DATA_DIR={}", self.data.display());
        fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
            let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
            let program = fs::read_link(entry.path().join("exe")).ok()?;
            let name = program.file_name()?.to_str()?;
            let ours = name.starts_with("linecheck") || name.starts_with("bare");
            let environ = fs::read(entry.path().join("environ")).ok()?;
            let is_told = environ.split(|byte| *byte == 0).any(|pair| pair == told.as_bytes());
            (ours && is_told).then_some(pid)
        })
    }

    /// The elements of a `data-test` name.
    pub async fn all(&self, name: &str) -> Shown<Vec<Element>> {
        self.all_css(&hook(name)).await
    }

    /// The elements of a selector, in shadow trees too.
    pub async fn all_css(&self, selector: &str) -> Shown<Vec<Element>> {
        let found = self.client.execute(ALL, vec![json!(selector)]).await?;
        let elements = found.as_array().into_iter().flatten().filter_map(|element| {
            let id = element.as_object()?.values().next()?.as_str()?;
            Some(Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned())))
        });
        Ok(elements.collect())
    }

    /// The first element of a `data-test` name, once it is there.
    pub async fn find(&self, name: &str) -> Shown<Element> {
        self.find_css(&hook(name)).await
    }

    /// The same while the page may be loaded anew: then there is nothing for a moment.
    async fn all_now(&self, selector: &str) -> Shown<Vec<Element>> {
        match self.all_css(selector).await {
            Err(error) if between_pages(&*error) => Ok(Vec::new()),
            found => found,
        }
    }

    /// The first element of a selector, once it is there.
    pub async fn find_css(&self, selector: &str) -> Shown<Element> {
        let began = Instant::now();
        loop {
            if let Some(element) = self.all_now(selector).await?.into_iter().next() {
                return Ok(element);
            }
            self.go_on(began, PATIENCE, &format!("{selector} is not there")).await?;
        }
    }

    /// Waits until a script gives something true; tells what it waits for when it does not. A script
    /// that throws has met something that is not there yet.
    pub async fn until(&self, what: &str, script: &str) -> Shown {
        self.until_within(PATIENCE, what, script).await
    }

    /// The same with a time of its own.
    pub async fn until_within(&self, limit: Duration, what: &str, script: &str) -> Shown {
        let began = Instant::now();
        loop {
            let thrown = match self.client.execute(script, Vec::new()).await {
                Ok(value) if value.as_bool().unwrap_or(!value.is_null()) => return Ok(()),
                Ok(_) => String::new(),
                Err(error) if between_pages(&error) => format!(": {error}"),
                Err(error) => return Err(error.into()),
            };
            self.go_on(began, limit, &format!("{what}{thrown}")).await?;
        }
    }

    /// Plays the recording of the open call, and waits until its sound moves.
    pub async fn plays(&self) -> Shown {
        self.click("play").await?;
        self.until(
            "the sound moves",
            "const { audio } = document.querySelector('lc-player'); return Boolean(audio) && !audio.paused && audio.currentTime > 0.3;",
        )
        .await
    }

    /// Waits until an element of a name has a text that fits.
    pub async fn until_text(
        &self,
        name: &str,
        limit: Duration,
        fits: impl Fn(&str) -> bool,
    ) -> Shown<String> {
        self.until_text_css(&hook(name), limit, fits).await
    }

    /// The same for a selector.
    pub async fn until_text_css(
        &self,
        name: &str,
        limit: Duration,
        fits: impl Fn(&str) -> bool,
    ) -> Shown<String> {
        let began = Instant::now();
        loop {
            let text = match self.all_now(name).await?.first() {
                // The page may have drawn it anew in between.
                Some(element) => element.text().await.unwrap_or_default(),
                None => String::new(),
            };
            if fits(&text) {
                return Ok(text);
            }
            self.go_on(began, limit, &format!("{name} says {text:?}")).await?;
        }
    }

    /// The text of an element, once it is there.
    pub async fn text(&self, name: &str) -> Shown<String> {
        self.text_css(&hook(name)).await
    }

    /// The same for a selector.
    pub async fn text_css(&self, selector: &str) -> Shown<String> {
        let began = Instant::now();
        loop {
            match self.find_css(selector).await?.text().await {
                // Drawn anew in between.
                Err(error) if between_pages(&error) => {
                    self.go_on(began, PATIENCE, &format!("{selector}: {error}")).await?;
                }
                text => return Ok(text?),
            }
        }
    }

    /// An attribute of the first element of a selector, read at once with it: an element that is
    /// held may stand for something else a moment later.
    pub async fn attribute(&self, selector: &str, name: &str) -> Shown<String> {
        let began = Instant::now();
        let read =
            "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null;";
        loop {
            let value = self.client.execute(read, vec![json!(selector), json!(name)]).await?;
            if let Value::String(value) = value {
                return Ok(value);
            }
            self.go_on(began, PATIENCE, &format!("{selector} has no {name}")).await?;
        }
    }

    /// Presses an element, once it is there and can be pressed.
    pub async fn click(&self, name: &str) -> Shown {
        self.click_css(&hook(name)).await
    }

    /// The same for a selector.
    pub async fn click_css(&self, selector: &str) -> Shown {
        let began = Instant::now();
        loop {
            let element = self.find_css(selector).await?;
            if element.is_enabled().await.unwrap_or(false) {
                match element.click().await {
                    Ok(()) => return Ok(()),
                    // Covered, moving, or drawn anew in between.
                    Err(error) => {
                        self.go_on(began, PATIENCE, &format!("{selector}: {error}")).await?;
                    }
                }
            } else {
                self.go_on(began, PATIENCE, &format!("{selector} stays disabled")).await?;
            }
        }
    }

    /// Waits until nothing of a name is there any more.
    pub async fn gone(&self, name: &str) -> Shown {
        let began = Instant::now();
        while !self.all_now(&hook(name)).await?.is_empty() {
            self.go_on(began, PATIENCE, &format!("{name} is still there")).await?;
        }
        Ok(())
    }

    /// Runs a script in the page, and gives what it returns.
    pub async fn script(&self, script: &str) -> Shown<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Presses keys, one after another, where the focus is.
    pub async fn keys(&self, keys: &str) -> Shown {
        let strokes = keys.chars().fold(KeyActions::new("keys".to_owned()), |strokes, value| {
            strokes.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        Ok(self.client.perform_actions(strokes).await?)
    }

    /// Presses Tab until the focus is on what fits a selector.
    pub async fn tab_to(&self, selector: &str) -> Shown {
        let script = "let active = document.activeElement;
            while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
            return active?.matches(arguments[0]) ?? false;";
        for _ in 0..TABS {
            self.keys("\u{e004}").await?;
            if self.client.execute(script, vec![json!(selector)]).await? == json!(true) {
                return Ok(());
            }
        }
        amiss(format!("Tab does not lead to {selector}"))
    }

    /// Types into a field, in place of what stands there. The name may be on the field or around it.
    pub async fn fill(&self, name: &str, text: &str) -> Shown {
        let hook = hook(name);
        let selector = format!("{hook}:is(input, textarea), {hook} :is(input, textarea)");
        let began = Instant::now();
        loop {
            let field = self.find_css(&selector).await?;
            match field.clear().await {
                Ok(()) => return Ok(field.send_keys(text).await?),
                // Locked while something is under way, or drawn anew in between.
                Err(error) => {
                    self.go_on(began, PATIENCE, &format!("{selector}: {error}")).await?;
                }
            }
        }
    }

    /// Calls a command as the page does.
    pub async fn invoke(&self, command: &str, arguments: Value) -> Shown<Result<Value, Value>> {
        let mut answer = self.client.execute_async(INVOKE, vec![json!(command), arguments]).await?;
        Ok(match answer.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(answer["ok"].take()),
        })
    }

    /// A picture of the window, into `target/<folder>/<name>.png`.
    pub async fn shot(&self, folder: &str, name: &str) -> Shown<PathBuf> {
        let folder = target(folder);
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{name}.png"));
        let picture = tokio::time::timeout(PICTURE, self.client.screenshot()).await;
        fs::write(&path, picture.map_err(|_| "the driver takes no picture")??)?;
        Ok(path)
    }

    /// Waits until what was changed last has been laid out and drawn, and what that asks for, too.
    pub async fn drawn(&self) -> Shown {
        let drawn = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => done(null)));";
        self.client.execute_async(drawn, Vec::new()).await?;
        Ok(())
    }

    /// Goes on waiting, or gives up with a picture.
    pub(super) async fn go_on(&self, began: Instant, limit: Duration, what: &str) -> Shown {
        if began.elapsed() < limit {
            tokio::time::sleep(Duration::from_millis(50)).await;
            return Ok(());
        }
        let picture = match self.shot("window", &self.scene).await {
            Ok(path) => path.display().to_string(),
            Err(error) => format!("no picture: {error}"),
        };
        amiss(format!("{what}, after {} s ({picture})", limit.as_secs()))
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some(pid) = self.pid() {
            let _ = end(pid, "-KILL");
        }
    }
}

/// Whether an error may only mean that the page, or what was found in it, is being replaced.
fn between_pages(error: &(dyn std::error::Error + 'static)) -> bool {
    error
        .downcast_ref::<CmdError>()
        .is_some_and(|error| error.is_javascript_error() || error.is_stale_element_reference())
}

fn end(pid: u32, signal: &str) -> Shown {
    std::process::Command::new("kill").args([signal, &pid.to_string()]).status()?;
    super::desktop::wait(PATIENCE, "the end of the app", || !is_alive(pid))
}

fn hook(name: &str) -> String {
    format!("[data-test={name:?}]")
}

pub(super) fn is_alive(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit(") ").next().unwrap_or_default().starts_with('Z'))
}
