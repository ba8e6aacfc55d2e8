//! Starts the real Envoy: its own process, on free ports of the loopback interface, stopped when it is dropped.
//!
//! The program is the one that `AHEAD_ENVOY` names, or that `scripts/setup.sh` put into `target/envoy`.
//! [`configuration`] makes what it is started with.

pub mod configuration;
mod log;

pub use log::{Level, LogLine};

use crate::http::{Client, Message, Outgoing, PATIENCE, Protocol};
use crate::{skip, workspace};
use configuration::Bootstrap;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The version that setup.sh installs and that these tests are about.
pub const VERSION: &str = "1.40.0";

/// The program, or `None` with a message for whoever runs the tests.
///
/// # Panics
/// If `AHEAD_ENVOY` names nothing.
pub fn find_or_skip() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("AHEAD_ENVOY") {
        let path = PathBuf::from(path);
        assert!(path.is_file(), "AHEAD_ENVOY: no `{}`", path.display());
        return Some(path);
    }
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace().join("target"), PathBuf::from);
    let path = target.join("envoy/envoy");
    if path.is_file() {
        return Some(path);
    }
    skip("no Envoy: scripts/setup.sh installs it, or AHEAD_ENVOY names it");
    None
}

/// A running Envoy.
pub struct Envoy {
    child: Child,
    folder: TempDir,
    admin: SocketAddr,
}

impl Envoy {
    /// Starts `program` and waits until it serves.
    ///
    /// # Panics
    /// If it does not come to serve, with its log.
    pub fn start(program: &Path, bootstrap: &Bootstrap) -> Envoy {
        Envoy::start_with(program, bootstrap, |_| {})
    }

    /// The same with something added to its command line or environment.
    ///
    /// # Panics
    /// If it does not come to serve, with its log.
    pub fn start_with(
        program: &Path,
        bootstrap: &Bootstrap,
        adjust: impl FnOnce(&mut Command),
    ) -> Envoy {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let mut command = command(program, bootstrap, folder.path());
        let address_file = folder.path().join("admin");
        command.arg("--admin-address-path").arg(&address_file);
        let workers = bootstrap.workers.unwrap_or(2).to_string();
        command.args(["--concurrency", &workers]);
        command.args(["--log-format", log::FORMAT, "--log-level", "info"]);
        let log = File::create(log_path(folder.path())).expect("a new file");
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file"))
            .stderr(log);
        adjust(&mut command);
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let nobody = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut envoy = Envoy {
            child,
            folder,
            admin: nobody,
        };
        let mut started = false;
        envoy.wait_until("it serves", |envoy| {
            if envoy.admin == nobody {
                let written = fs::read_to_string(&address_file).unwrap_or_default();
                envoy.admin = written.trim().parse().unwrap_or(nobody);
            }
            started |= envoy.admin != nobody && envoy.ask("/ready").text() == "LIVE\n";
            started
        });
        envoy
    }

    /// Checks a configuration as `envoy --mode validate` does: what it said, and whether it was accepted.
    ///
    /// # Panics
    /// If the program cannot be started.
    pub fn validate(program: &Path, bootstrap: &Bootstrap) -> (bool, String) {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let mut command = command(program, bootstrap, folder.path());
        command.args(["--mode", "validate"]);
        let finished = crate::run(&mut command, crate::Limits::default());
        (finished.code() == Some(0), finished.stderr())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where a listener listens.
    ///
    /// # Panics
    /// If there is none of that name.
    pub fn listener(&self, name: &str) -> SocketAddr {
        let text = self.ask("/listeners?format=json").text();
        let json: serde_json::Value = serde_json::from_str(&text).expect("the admin's JSON");
        let all = json["listener_statuses"].as_array().expect("a list");
        let found = all
            .iter()
            .find(|status| status["name"] == name)
            .unwrap_or_else(|| panic!("no listener `{name}`\n{}", self.log_tail()));
        let address = &found["local_address"]["socket_address"];
        let port = address["port_value"].as_u64().expect("a port");
        SocketAddr::from(([127, 0, 0, 1], port.try_into().expect("a port")))
    }

    /// Statistics whose names match a regular expression, with their values as text.
    pub fn stats(&self, pattern: &str) -> BTreeMap<String, String> {
        // What means something in a query is escaped; the rest of a pattern may stand there.
        let pattern: String = pattern
            .chars()
            .map(|c| match c {
                '+' | '&' | '#' | '%' | '|' | '^' | '\\' | ' ' => format!("%{:02X}", c as u32),
                c => c.to_string(),
            })
            .collect();
        let text = self.ask(&format!("/stats?filter={pattern}")).text();
        text.lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Asks the admin interface.
    ///
    /// # Panics
    /// If Envoy is not there any more, with its log.
    pub fn ask(&self, path: &str) -> Message {
        self.admin().send(&Outgoing::get(path))
    }

    /// Tells the admin interface to do something.
    ///
    /// # Panics
    /// If Envoy is not there any more, with its log.
    pub fn tell(&self, path: &str) -> Message {
        let mut outgoing = Outgoing::get(path);
        outgoing.method = "POST".into();
        self.admin().send(&outgoing)
    }

    fn admin(&self) -> Client {
        Client::try_connect(self.admin, Protocol::Http1)
            .unwrap_or_else(|error| panic!("Envoy is gone: {error}\n{}", self.log_tail()))
    }

    /// Waits for something that is sure to happen.
    ///
    /// # Panics
    /// If it does not, or if Envoy ends before it does, with Envoy's log.
    pub fn wait_until(&mut self, what: &str, mut happened: impl FnMut(&mut Envoy) -> bool) {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                panic!("Envoy ended before {what}: {status}\n{}", self.log_tail());
            }
            if happened(self) {
                return;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "waited in vain until {what}\n{}",
                self.log_tail()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until no request is under way and all connections of clients are closed, so that
    /// everything that they cause has happened.
    ///
    /// # Panics
    /// As [`Envoy::wait_until`].
    pub fn wait_until_idle(&mut self) {
        const ACTIVE: &str = r"^(http|tcp)\..*downstream_(cx|rq)_active$";
        self.wait_until("all connections are closed", |envoy| {
            let active = envoy.stats(ACTIVE);
            let admin = |name: &String| name.starts_with("http.admin.");
            let mut others = active.iter().filter(|(name, _)| !admin(name));
            others.all(|(_, count)| count == "0")
        });
    }

    /// All that it logged so far.
    pub fn log(&self) -> Vec<LogLine> {
        log::parse(&self.log_text())
    }

    /// The last lines of its log.
    pub fn log_tail(&self) -> String {
        const LINES: usize = 60;
        let text = self.log_text();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    }

    pub fn log_text(&self) -> String {
        let bytes = fs::read(log_path(self.folder.path())).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Stops it as an operator would; returns its whole log.
    ///
    /// # Panics
    /// If it does not end well.
    pub fn stop(mut self) -> Vec<LogLine> {
        self.tell("/quitquitquit");
        let status = self.ended();
        assert!(status.success(), "{status}\n{}", self.log_tail());
        self.log()
    }

    /// Waits for it to end.
    ///
    /// # Panics
    /// If it does not end.
    pub fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "it does not end\n{}",
                self.log_tail()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Envoy {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn log_path(folder: &Path) -> PathBuf {
    folder.join("envoy.log")
}

fn command(program: &Path, bootstrap: &Bootstrap, folder: &Path) -> Command {
    let configuration = folder.join("envoy.json");
    fs::write(&configuration, bootstrap.to_json().to_string()).expect("a new file");
    let mut command = Command::new(program);
    // Without hot restart nothing is shared between processes, and tests may run side by side.
    command.arg("--disable-hot-restart");
    command.arg("--config-path").arg(configuration);
    command
}
