//! What a figure was measured on: no number without its commit, its CPU and its command.

use std::fmt;
use std::process::Command;

#[derive(Clone, Debug)]
pub struct Machine {
    pub commit: String,
    pub cpu: String,
    pub cores: usize,
    pub command: String,
}

impl Machine {
    pub fn this() -> Machine {
        Machine {
            commit: commit().unwrap_or_else(|| "unknown".into()),
            cpu: cpu().unwrap_or_else(|| "unknown".into()),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get()),
            command: format!(
                "ahead-benches {}",
                std::env::args().skip(1).collect::<Vec<_>>().join(" ")
            ),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "commit   {}", self.commit)?;
        writeln!(f, "machine  {}, {} cores", self.cpu, self.cores)?;
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
