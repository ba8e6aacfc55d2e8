//! What a figure was measured on: no number without its commit, its CPU and its command.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::process::Command;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Machine {
    /// What is checked out where this was built, if that is still there; else the version. Not what it was built from, if
    /// it was not built since.
    pub commit: String,
    pub cpu: String,
    pub cores: usize,
    pub system: String,
    /// Of one minute, when the measurement began.
    pub load: f64,
    pub command: String,
}

impl Machine {
    /// This machine, and the command that `program` was started by.
    pub fn this(program: &str) -> Machine {
        let words = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
        Machine {
            commit: commit().unwrap_or_else(|| format!("version {}", env!("CARGO_PKG_VERSION"))),
            cpu: cpu().unwrap_or_else(|| "unknown".into()),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get()),
            system: system(),
            load: load().unwrap_or(0.0),
            command: format!("{program} {words}"),
        }
    }

    /// Whether others keep the machine busy.
    pub fn is_loaded(&self) -> bool {
        self.load > 0.3 * self.cores as f64
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "commit   {}", self.commit)?;
        writeln!(
            f,
            "machine  {}, {} cores, {}",
            self.cpu, self.cores, self.system
        )?;
        writeln!(f, "load     {:.2}", self.load)?;
        writeln!(f, "command  {}", self.command)
    }
}

fn commit() -> Option<String> {
    let git = |args: &[&str]| -> Option<String> {
        let output = Command::new("git")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(args)
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short", "HEAD"])?;
    let changes = git(&["status", "--porcelain", "--untracked-files=no"])?;
    Some(if changes.is_empty() {
        commit
    } else {
        format!("{commit} with changes")
    })
}

fn cpu() -> Option<String> {
    let info = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = info.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn system() -> String {
    let kernel = |name: &str| {
        let text = std::fs::read_to_string(format!("/proc/sys/kernel/{name}"));
        text.unwrap_or_default().trim().to_owned()
    };
    let (name, release) = (kernel("ostype"), kernel("osrelease"));
    format!("{name} {release} {}", std::env::consts::ARCH)
}

fn load() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}
