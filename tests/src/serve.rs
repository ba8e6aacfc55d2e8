//! A running `ahead serve`: started, asked where it listens, listened to, stopped.

use crate::http::{Client, Message, Outgoing, PATIENCE, Protocol};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A proxy that takes requests. Dropping it kills it.
pub struct Serve {
    child: Child,
    address: SocketAddr,
    admin: SocketAddr,
    log: Arc<Mutex<Vec<String>>>,
    access: Arc<Mutex<Vec<String>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Serve {
    /// Starts `command`, which is a program with its first arguments, as `serve` on free ports.
    ///
    /// # Panics
    /// If it does not come so far as to listen, with all that it said.
    pub fn start<S: AsRef<OsStr>>(
        mut command: Command,
        args: impl IntoIterator<Item = S>,
    ) -> Serve {
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"])
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let stderr = child.stderr.take().expect("stderr is a pipe");
        let stdout = child.stdout.take().expect("stdout is a pipe");
        let (log, access) = (Arc::default(), Arc::default());
        let readers = vec![collect(stderr, &log), collect(stdout, &access)];
        let mut serve = Serve {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            admin: SocketAddr::from(([127, 0, 0, 1], 0)),
            log,
            access,
            readers,
        };
        serve.wait_for_log("workers ", 1);
        serve.address = serve.told("listening");
        serve.admin = serve.told("admin");
        serve
    }

    /// The address in a line of what it says first.
    fn told(&self, name: &str) -> SocketAddr {
        let log = self.log();
        let line = log.iter().find_map(|line| line.strip_prefix(name));
        let address = line.and_then(|line| line.split("://").nth(1));
        let address = address.map(|address| address.trim_end_matches('/'));
        let address = address.and_then(|address| address.parse().ok());
        address.unwrap_or_else(|| panic!("no address of `{name}`: {log:?}"))
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn client(&self, protocol: Protocol) -> Client {
        Client::connect(self.address, protocol)
    }

    /// Gets a path over a connection of its own.
    pub fn get(&self, path: &str) -> Message {
        self.client(Protocol::Http1).send(&Outgoing::get(path))
    }

    /// Asks the admin address.
    pub fn ask(&self, path: &str) -> Message {
        Client::connect(self.admin, Protocol::Http1).send(&Outgoing::get(path))
    }

    /// The counters, by name with labels.
    pub fn stats(&self) -> BTreeMap<String, String> {
        let text = self.ask("/stats").text();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.rsplit_once(' '));
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// One counter; 0 if there is none.
    pub fn stat(&self, name: &str) -> u64 {
        self.stats()
            .get(name)
            .map_or(0, |value| value.parse().expect("a number"))
    }

    /// Lines of standard error by now.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().expect("no reader panics").clone()
    }

    /// Lines of the access log by now.
    pub fn access_log(&self) -> Vec<String> {
        self.access.lock().expect("no reader panics").clone()
    }

    /// Waits until so many lines of standard error have `text` in them.
    ///
    /// # Panics
    /// If that does not happen.
    pub fn wait_for_log(&mut self, text: &str, count: usize) {
        self.wait_until(&format!("`{text}` is logged"), |serve| {
            serve
                .log()
                .iter()
                .filter(|line| line.contains(text))
                .count()
                >= count
        });
    }

    /// # Panics
    /// If it does not happen, or the proxy ends.
    pub fn wait_until(&mut self, what: &str, happened: impl Fn(&mut Serve) -> bool) {
        let start = Instant::now();
        while !happened(self) {
            let ended = self.child.try_wait().expect("a child");
            assert!(
                ended.is_none() && start.elapsed() < PATIENCE * 3,
                "waited in vain until {what}; the proxy is {ended:?}\n{}",
                self.log().join("\n")
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until no client is connected and no request is under way.
    pub fn wait_until_idle(&mut self) {
        self.wait_until("it is idle", |serve| {
            // The question itself is not counted.
            let stats = serve.stats();
            let is_zero = |name| stats.get(name).is_some_and(|value| value == "0");
            is_zero("ahead_downstream_cx_active") && is_zero("ahead_downstream_rq_active")
        });
    }

    /// Sends a signal: `TERM`, `HUP`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status();
        assert!(status.expect("`kill` is there").success());
    }

    /// Tells it to stop and waits for the end.
    ///
    /// # Panics
    /// If it does not end, or not well, with all that it said.
    pub fn stop(mut self) -> Stopped {
        self.signal("TERM");
        let status = self.wait();
        let stopped = Stopped {
            log: self.log(),
            access_log: self.access_log(),
        };
        assert!(status.success(), "{status}\n{}", stopped.log.join("\n"));
        // A filter's own panic is in a message of its.
        let panic = |line: &String| line.starts_with("thread '") && line.contains("panicked at");
        let panicked = stopped.log.iter().any(panic);
        assert!(!panicked, "{}", stopped.log.join("\n"));
        stopped
    }

    /// Waits for the end.
    pub fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                for reader in self.readers.drain(..) {
                    reader.join().expect("a reader");
                }
                return status;
            }
            assert!(
                start.elapsed() < PATIENCE * 3,
                "it does not end\n{}",
                self.log().join("\n")
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// What it takes of memory, in bytes, at its peak.
    pub fn peak_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kib.and_then(|kib| kib.parse::<u64>().ok()).expect("a size") << 10
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a proxy said in its life.
#[derive(Clone, Debug)]
pub struct Stopped {
    pub log: Vec<String>,
    pub access_log: Vec<String>,
}

fn collect(from: impl Read + Send + 'static, into: &Arc<Mutex<Vec<String>>>) -> JoinHandle<()> {
    let into = into.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            into.lock().expect("nobody panics holding it").push(line);
        }
    })
}
