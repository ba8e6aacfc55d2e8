//! What a program is given when it is run: variables, directories, streams, sockets, and how much of each.

use crate::limits::LimitOptions;
use crate::report::Usage;
use ahead_wasi::{Grant, Limits, PathLookup, Stdio, Trace, WasiConfig};
use anyhow::{Context, Result};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

/// Nothing is given that is not asked for here, but for the standard streams.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "What the program is given")]
pub struct GuestOptions {
    /// Directory, with all that is below it: `HOST[::GUEST][:ro]`. The program knows it as GUEST, or as
    /// HOST; `:ro` lets it read and not write. No path and no link in it leads out
    #[arg(long = "dir", value_name = "DIR")]
    dirs: Vec<OsString>,

    /// Environment variable for the program: `NAME=VALUE`, or `NAME` to pass our own on
    #[arg(long = "env", value_name = "NAME[=VALUE]")]
    env: Vec<OsString>,

    /// Pass our whole environment on
    #[arg(long)]
    env_inherit: bool,

    /// Read standard input from a file
    #[arg(long, value_name = "FILE")]
    stdin: Option<PathBuf>,

    /// Write standard output to a file, which is made or emptied
    #[arg(long, value_name = "FILE")]
    stdout: Option<PathBuf>,

    /// Listen on a TCP address, such as `127.0.0.1:8080`: the program can accept connections from the
    /// descriptor behind those of its directories
    #[arg(long, value_name = "ADDRESS")]
    listen: Vec<String>,

    /// Where the system has no `openat2`, resolve paths component by component, which is slower; without
    /// this, a program with directories is not run there
    #[arg(long)]
    fs_fallback: bool,

    /// Print each call of the program to the system to standard error, with its result
    #[arg(long, value_name = "WHAT")]
    trace: Option<Traced>,

    /// Give the program `start` and `end` of module `bench`, which benchmark programs call around what is to be
    /// measured, and print the time between them to standard error
    #[arg(long)]
    pub bench: bool,

    #[command(flatten)]
    limits: LimitOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Traced {
    /// Calls of WASI
    Wasi,
}

impl GuestOptions {
    /// What the program with these words as its command line gets.
    pub fn wasi<'w>(&self, words: impl Iterator<Item = &'w OsStr>) -> Result<WasiConfig> {
        let mut config = WasiConfig {
            args: words.map(|word| word.as_bytes().to_vec()).collect(),
            env: self.environment(),
            ..WasiConfig::inherit_stdio()
        };
        for dir in &self.dirs {
            let grant = Grant::parse(dir).map_err(|error| Usage(format!("`--dir`: {error}")))?;
            config.preopens.push(grant.open()?);
        }
        if let Some(path) = &self.stdin {
            let file = File::open(path);
            let file = file.with_context(|| format!("cannot open `{}`", path.display()))?;
            config.stdin = Stdio::Fd(file.into());
        }
        if let Some(path) = &self.stdout {
            let file = File::create(path);
            let file = file.with_context(|| format!("cannot write `{}`", path.display()))?;
            config.stdout = Stdio::Fd(file.into());
        }
        for address in &self.listen {
            let listener = TcpListener::bind(address)
                .with_context(|| format!("cannot listen on `{address}`"))?;
            config.listeners.push(listener.into());
        }
        self.limits().set(&mut config);
        if self.fs_fallback {
            config.path_lookup = PathLookup::KernelOrWalk;
        }
        if self.trace == Some(Traced::Wasi) {
            config.trace = Some(Trace::new(|line| {
                // Standard error may be closed; the program goes on.
                let _ = writeln!(std::io::stderr(), "wasi: {line}");
            }));
        }
        Ok(config)
    }

    /// How much the program may take.
    pub fn limits(&self) -> Limits {
        self.limits.limits()
    }

    /// The program's environment, later settings over earlier ones.
    fn environment(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut env: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        if self.env_inherit {
            let ours = std::env::vars_os();
            env.extend(ours.map(|(name, value)| (name.into_vec(), value.into_vec())));
        }
        for setting in &self.env {
            let bytes = setting.as_bytes();
            let (name, value) = match bytes.iter().position(|&byte| byte == b'=') {
                Some(at) => (bytes[..at].to_vec(), bytes[at + 1..].to_vec()),
                None => match std::env::var_os(setting) {
                    Some(value) => (bytes.to_vec(), value.into_vec()),
                    None => continue,
                },
            };
            env.retain(|known| known.0 != name);
            env.push((name, value));
        }
        env
    }
}
