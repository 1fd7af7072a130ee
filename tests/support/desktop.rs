//! A desktop for one test: a display, a session bus and, where wanted, a key store, all of them its
//! own, in a home of its own. What it starts ends with it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{KEY, Server, Shown, Window, amiss};

/// How long a program may take to be there. Generous: the machines that run this are small.
const START: Duration = Duration::from_secs(60);

/// The key store on the bus, and its default keyring.
const SECRETS: &str = "org.freedesktop.secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/aliases/default";

/// Which key store the desktop has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// A real one, unlocked.
    Unlocked,
    /// A real one, locked. Nothing on the bus can ask a person for its password, so that a question
    /// to unlock it counts as dismissed.
    Locked,
    /// None at all.
    Absent,
}

/// How the app is started.
#[derive(Debug, Clone)]
pub struct Start {
    /// `LANG`.
    pub lang: String,
    /// `LINECHECK_PRACTICE_SPEED`.
    pub speed: String,
    /// The folder of its data, inside the desktop's home.
    pub data: String,
    /// The folder for files a person would choose, inside the desktop's home; with it no dialog
    /// opens.
    pub files: Option<String>,
    /// By night.
    pub dark: bool,
    /// The window may be smaller than its least size.
    pub any_size: bool,
    /// Leaves the choice of renderer to the app. With the one it chooses WebKit 2.50 takes no
    /// pictures for the driver, so that only a test that needs none asks for this.
    pub own_renderer: bool,
    /// The program; the app itself when there is none.
    pub program: Option<PathBuf>,
    /// For the program with a broken page: its script waits for ever, where otherwise it throws.
    pub waits: bool,
    /// For the same program, with nothing else broken: commands that never answer.
    pub silent: Option<&'static str>,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            lang: "en_GB.UTF-8".to_owned(),
            // A call of three minutes in under half a second.
            speed: "600".to_owned(),
            data: "data".to_owned(),
            files: None,
            dark: false,
            any_size: false,
            own_renderer: false,
            program: None,
            waits: false,
            silent: None,
        }
    }
}

/// See the module.
pub struct Desktop {
    home: TempDir,
    display: String,
    bus: String,
    children: Vec<Child>,
    keyring: Option<Ended>,
    name: String,
}

impl Desktop {
    /// Starts everything; `name` names the pictures taken on it.
    pub fn start(name: &str, keyring: Keyring) -> Shown<Self> {
        let home = tempfile::Builder::new().prefix("linecheck-").tempdir()?;
        for folder in ["run", "config", "cache", "share", "tmp", "bin"] {
            let folder = home.path().join(folder);
            fs::create_dir(&folder)?;
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
        }
        // Its browser writes down what it is asked to open.
        let browser = home.path().join("bin/xdg-open");
        fs::write(&browser, "#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$HOME/opened\"\n")?;
        fs::set_permissions(&browser, fs::Permissions::from_mode(0o700))?;
        let mut desktop = Self {
            home,
            display: String::new(),
            bus: String::new(),
            children: Vec::new(),
            keyring: None,
            name: name.to_owned(),
        };
        desktop.display = format!(":{}", desktop.start_display()?);
        desktop.bus = desktop.start_bus()?;
        if keyring != Keyring::Absent {
            desktop.start_keyring()?;
        }
        if keyring == Keyring::Locked {
            desktop.lock_keyring()?;
        }
        Ok(desktop)
    }

    /// The name given at the start.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The addresses that the desktop's browser was asked to open.
    pub fn opened(&self) -> Vec<String> {
        let opened = fs::read_to_string(self.home.path().join("opened")).unwrap_or_default();
        opened.lines().map(str::to_owned).collect()
    }

    /// A window connected to a server, on a desktop of its own.
    pub async fn connected(name: &str, server: &Server) -> Shown<(Self, Window)> {
        let desktop = Self::start(name, Keyring::Unlocked)?;
        let window = desktop.open(&Start::default()).await?;
        window.connect(KEY, &server.base_url).await?;
        Ok((desktop, window))
    }

    /// A window in the practice studio, on a desktop of its own.
    pub async fn practice(name: &str) -> Shown<(Self, Window)> {
        let desktop = Self::start(name, Keyring::Absent)?;
        let window = desktop.open(&Start::default()).await?;
        window.open_practice().await?;
        Ok((desktop, window))
    }

    /// Everything the desktop's programs have written.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The data folder of an app started with `start`.
    pub fn data_dir(&self, start: &Start) -> PathBuf {
        self.home.path().join(&start.data)
    }

    /// Lets time pass for the practice studio of an app that is closed: its calls go on meanwhile.
    /// Once for each data folder.
    pub fn hours_pass(&self, start: &Start, hours: u32) -> Shown {
        let kept = self.data_dir(start).join("practice/practice.jsonl");
        let mut kept = fs::OpenOptions::new().append(true).open(kept)?;
        let ahead = serde_json::json!({ "what": "clock", "seconds": hours * 3600 });
        Ok(writeln!(kept, "{ahead}")?)
    }

    /// Opens the app and waits for its window.
    pub async fn open(&self, start: &Start) -> Shown<Window> {
        self.last_has_ended()?;
        let mut command = self.command("WebKitWebDriver");
        command
            // Any free one. One that was chosen here could be taken before the driver has it.
            .arg("--port=0")
            .arg("--host=127.0.0.1")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("LINECHECK_DATA_DIR", self.data_dir(start))
            .env("LINECHECK_PRACTICE_SPEED", &start.speed)
            .env("LANG", &start.lang);
        if !start.own_renderer {
            command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "0");
        }
        if let Some(files) = &start.files {
            let folder = self.home.path().join(files);
            fs::create_dir_all(&folder)?;
            command.env("LINECHECK_FILES_DIR", folder);
        }
        if start.any_size {
            command.env("LD_PRELOAD", super::display::without_least_size(self.home.path())?);
        }
        if start.waits {
            command.env("LINECHECK_BROKEN_WAITS", "1");
        }
        if let Some(silent) = start.silent {
            command.env("LINECHECK_BROKEN_SILENT", silent);
        }
        if start.dark {
            command.env("GTK_THEME", "Adwaita:dark");
        }
        let driver = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(lacks("WebKitWebDriver"))?;
        let driver = Ended(driver);
        let mut port = None;
        wait(START, "WebKitWebDriver", || {
            port = port_of(driver.0.id());
            port.is_some()
        })?;
        let Some(port) = port else { return amiss("WebKitWebDriver does not listen") };
        let program = start.program.clone().unwrap_or_else(app_binary);
        Window::drive(driver, port, &program, self.data_dir(start), &self.name).await
    }

    /// Gives the window a size, and waits until the page has it.
    pub async fn resize(&self, window: &Window, width: u32, height: u32) -> Shown {
        super::display::resize(&self.display, width, height)?;
        let so = format!("return innerWidth === {width} && innerHeight === {height};");
        window.until("the size of the window", &so).await
    }

    /// A command that sees this desktop and nothing of the machine's own.
    pub fn command(&self, program: &str) -> Command {
        let home = self.home.path();
        let mut path = home.join("bin").into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", home)
            .env("TMPDIR", home.join("tmp"))
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_DATA_HOME", home.join("share"))
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env("GSETTINGS_BACKEND", "memory")
            // A virtual display has no graphics card.
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .stdin(Stdio::null());
        // Traffic of tests stays on this machine.
        command.env("no_proxy", "127.0.0.1,localhost");
        if !self.display.is_empty() {
            command.env("DISPLAY", &self.display);
        }
        if !self.bus.is_empty() {
            command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
        }
        command
    }

    fn start_display(&mut self) -> Shown<String> {
        let mut child = self
            .command("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1440x960x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(lacks("Xvfb"))?;
        let number = first_line(&mut child);
        self.children.push(child);
        match number {
            Some(number) => Ok(number),
            None => amiss("Xvfb did not start"),
        }
    }

    /// A bus that starts nothing by itself: what is on it was put there.
    fn start_bus(&mut self) -> Shown<String> {
        let config = self.home.path().join("bus.conf");
        fs::write(
            &config,
            format!(
                r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
                self.home.path().join("run").display()
            ),
        )?;
        let mut child = self
            .command("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(lacks("dbus-daemon"))?;
        let address = first_line(&mut child);
        self.children.push(child);
        match address {
            Some(address) => Ok(address),
            None => amiss("the session bus did not start"),
        }
    }

    /// Starts a key store with an unlocked default keyring, in place of the one that runs: without a
    /// dialog that is the only way to unlock one. What was kept is there still.
    pub fn start_keyring(&mut self) -> Shown {
        if self.keyring.take().is_some() {
            wait(START, "the end of the key store", || !self.is_on_bus(SECRETS))?;
        }
        let mut child = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(lacks("gnome-keyring-daemon"))?;
        let password = child.stdin.take();
        self.keyring = Some(Ended(child));
        if let Some(mut stdin) = password {
            stdin.write_all(b"only of this test")?;
        }
        wait(START, "the key store", || self.is_on_bus(SECRETS))
    }

    /// Locks the default keyring, as the system does when a person asks it to.
    pub fn lock_keyring(&self) -> Shown {
        self.ask_secrets(
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            &[&format!("array:objpath:{COLLECTION}")],
        )?;
        let locked = self.of_collection("Locked")?;
        if locked.contains("boolean true") {
            Ok(())
        } else {
            amiss(format!("the keyring does not lock: {locked}"))
        }
    }

    /// How many secrets the default keyring holds.
    pub fn keys_kept(&self) -> Shown<usize> {
        Ok(self.of_collection("Items")?.matches("object path").count())
    }

    fn of_collection(&self, property: &str) -> Shown<String> {
        let asked = ["string:org.freedesktop.Secret.Collection", &format!("string:{property}")];
        self.ask_secrets(COLLECTION, "org.freedesktop.DBus.Properties.Get", &asked)
    }

    fn ask_secrets(&self, object: &str, method: &str, arguments: &[&str]) -> Shown<String> {
        let said = self
            .command("dbus-send")
            .args(["--session", "--print-reply", &format!("--dest={SECRETS}"), object, method])
            .args(arguments)
            .output()?;
        if !said.status.success() {
            return amiss(String::from_utf8_lossy(&said.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    }

    /// Waits for the end of the last one, on the bus too: a program that has just ended may still
    /// have its name there, and a new one of the same data folder would take it for the one that
    /// runs, and end.
    pub fn last_has_ended(&self) -> Shown {
        wait(START, "the end of the last one on the bus", || self.instances_live())
    }

    /// Whether every Linecheck the bus knows of is a process that lives.
    fn instances_live(&self) -> bool {
        self.ask_bus("ListNames", None)
            .split('"')
            .filter(|name| name.contains("SingleInstance"))
            .all(|name| {
                let told = self.ask_bus("GetConnectionUnixProcessID", Some(name));
                // No answer: the name has gone meanwhile.
                let pid = told.rsplit(' ').next().and_then(|word| word.trim().parse().ok());
                pid.is_none_or(super::window::is_alive)
            })
    }

    /// Does what a second start does: has the one that runs come forward.
    pub fn bring_forward(&self) -> Shown {
        let names = self.ask_bus("ListNames", None);
        let Some(name) = names.split('"').find(|name| name.ends_with(".SingleInstance")) else {
            return amiss(format!("none runs: {names}"));
        };
        let said = self
            .command("dbus-send")
            .args(["--session", "--print-reply"])
            .arg(format!("--dest={name}"))
            .arg(format!("/{}", name.replace('.', "/").replace('-', "_")))
            .args(["org.SingleInstance.DBus.ExecuteCallback", "array:string:", "string:/"])
            .output()?;
        if said.status.success() {
            return Ok(());
        }
        amiss(String::from_utf8_lossy(&said.stderr).into_owned())
    }

    fn ask_bus(&self, method: &str, name: Option<&str>) -> String {
        let mut command = self.command("dbus-send");
        command
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"])
            .arg(format!("org.freedesktop.DBus.{method}"))
            .args(name.map(|name| format!("string:{name}")));
        let said = command.output().map(|said| said.stdout).unwrap_or_default();
        String::from_utf8_lossy(&said).into_owned()
    }

    fn is_on_bus(&self, name: &str) -> bool {
        self.ask_bus("NameHasOwner", Some(name)).contains("boolean true")
    }

    /// Files under the home in which `needle` stands.
    pub fn files_with(&self, needle: &[u8]) -> Vec<PathBuf> {
        let mut found = Vec::new();
        search(self.home.path(), needle, &mut found);
        found
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.keyring = None;
        for child in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A child that ends when it is dropped.
pub struct Ended(pub Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn search(folder: &Path, needle: &[u8], found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            search(&path, needle, found);
        } else if kind.is_file() {
            let mut bytes = Vec::new();
            let read = fs::File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes));
            if read.is_ok() && bytes.windows(needle.len()).any(|part| part == needle) {
                found.push(path);
            }
        }
    }
}

/// Where Cargo put the app; examples lie one folder deeper than it.
pub fn app_binary() -> PathBuf {
    const NAME: &str = "CARGO_BIN_EXE_linecheck";
    // At run time first: a copy can be driven while the next one is built.
    if let Some(path) = std::env::var_os(NAME).map(PathBuf::from).filter(|path| path.exists()) {
        return path;
    }
    if let Some(path) = option_env!("CARGO_BIN_EXE_linecheck") {
        return PathBuf::from(path);
    }
    let here = std::env::current_exe().unwrap_or_default();
    here.ancestors().nth(2).map(|folder| folder.join("linecheck")).unwrap_or_default()
}

fn first_line(child: &mut Child) -> Option<String> {
    let mut line = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}

/// The port a process listens on, once it does: its sockets, looked up in the kernel's table.
fn port_of(pid: u32) -> Option<u16> {
    const LISTENS: &str = "0A";
    let open = fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
    let sockets: Vec<String> = open
        .flatten()
        .filter_map(|entry| Some(fs::read_link(entry.path()).ok()?.to_str()?.to_owned()))
        .collect();
    let table = fs::read_to_string(format!("/proc/{pid}/net/tcp")).ok()?;
    table.lines().find_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (address, state, inode) = (columns.get(1)?, columns.get(3)?, columns.get(9)?);
        let is_its = sockets.contains(&format!("socket:[{inode}]"));
        let (_, port) = address.split_once(':')?;
        (*state == LISTENS && is_its).then(|| u16::from_str_radix(port, 16).ok())?
    })
}

/// Waits until something is so that nobody tells of.
pub fn wait(limit: Duration, what: &str, mut is_so: impl FnMut() -> bool) -> Shown {
    let began = Instant::now();
    while !is_so() {
        if began.elapsed() > limit {
            return amiss(format!("{what}: not there after {} s", limit.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// The same for something that has to be asked over the network.
pub async fn until(
    limit: Duration,
    what: &str,
    mut is_so: impl AsyncFnMut() -> Shown<bool>,
) -> Shown {
    let began = Instant::now();
    while !is_so().await? {
        if began.elapsed() > limit {
            return amiss(format!("{what}: not so after {} s", limit.as_secs()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

fn lacks(program: &'static str) -> impl Fn(std::io::Error) -> String {
    move |error| format!("{program} cannot be started ({error}); `cargo xtask test` installs it")
}
