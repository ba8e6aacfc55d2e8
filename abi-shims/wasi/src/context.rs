//! What a guest was given: arguments, environment, standard streams, directories, sockets, clocks.
//!
//! An embedder fills a [`WasiConfig`], makes a [`WasiCtx`] of it and keeps that in its store's data.
//! Nothing is inherited unless the embedder says so. Everything is bytes: neither arguments nor the
//! environment need be UTF-8.

use crate::blocking::Blocking;
use crate::clock::{Clocks, HostClocks};
use crate::descriptor::{Descriptor, Host, Role};
use crate::descriptors::{DESCRIPTORS_MAX, Descriptors};
use crate::directory::Access;
use crate::end::End;
use crate::quota::Quota;
use crate::sandbox::{PathLookup, Resolver};
use crate::trace::Trace;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// How many threads a guest may have beside its first, unless the embedder says otherwise.
const THREADS_MAX: u32 = 256;

/// Where a standard stream goes.
#[derive(Debug, Default)]
pub enum Stdio {
    /// Reads end at once, writes are dropped.
    #[default]
    Null,
    /// The process's own stream.
    Inherit,
    /// A file, a pipe, a terminal.
    Fd(OwnedFd),
    /// The descriptor does not exist: the guest gets `badf`.
    Closed,
}

/// A directory to give to a guest, open.
#[derive(Debug)]
pub struct Preopen {
    pub host: OwnedFd,
    /// What the guest calls it: paths that start with this name lead here. `/` and `.` are names too.
    pub guest: Vec<u8>,
    pub access: Access,
}

impl Preopen {
    /// Opens the directory `host`.
    pub fn open(host: &Path, guest: Vec<u8>, access: Access) -> Result<Self, ConfigError> {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match rustix::fs::open(host, flags, Mode::empty()) {
            Ok(fd) => Ok(Preopen {
                host: fd,
                guest,
                access,
            }),
            Err(errno) => Err(ConfigError::Preopen(host.to_owned(), errno)),
        }
    }
}

/// What to give a guest. The default is nothing: no arguments, no environment, null streams.
#[derive(Debug)]
pub struct WasiConfig {
    /// The program's name first, by convention.
    pub args: Vec<Vec<u8>>,
    /// Names and values.
    pub env: Vec<(Vec<u8>, Vec<u8>)>,
    pub stdin: Stdio,
    pub stdout: Stdio,
    pub stderr: Stdio,
    /// Directories, from descriptor 3 on.
    pub preopens: Vec<Preopen>,
    /// Sockets that listen, behind the directories. The guest can accept connections from them.
    pub listeners: Vec<OwnedFd>,
    /// How the guest's paths are resolved.
    pub path_lookup: PathLookup,
    /// Whether the guest's calls may wait.
    pub blocking: Blocking,
    pub clocks: Box<dyn Clocks>,
    /// How many descriptors the guest may have at once.
    pub descriptors_max: u32,
    /// How many bytes the guest may write to files, its streams among them if they are files. Making a file longer
    /// counts as writing. Spent for good: removing and writing over give nothing back. Beyond it is `dquot`.
    pub written_bytes_max: Option<u64>,
    /// How many files, directories and links the guest may make, spent in the same way.
    pub files_max: Option<u64>,
    /// How many threads the guest may have beside its first, 8192 at most; see `Threads`.
    pub threads_max: u32,
    /// How many random bytes one call may ask for; more are `inval`.
    pub random_bytes_max: Option<u32>,
    /// Is told each call and its result.
    pub trace: Option<Trace>,
}

impl Default for WasiConfig {
    fn default() -> Self {
        WasiConfig {
            args: Vec::new(),
            env: Vec::new(),
            stdin: Stdio::Null,
            stdout: Stdio::Null,
            stderr: Stdio::Null,
            preopens: Vec::new(),
            listeners: Vec::new(),
            path_lookup: PathLookup::default(),
            blocking: Blocking::default(),
            clocks: Box::new(HostClocks),
            descriptors_max: DESCRIPTORS_MAX,
            written_bytes_max: None,
            files_max: None,
            threads_max: THREADS_MAX,
            random_bytes_max: None,
            trace: None,
        }
    }
}

impl WasiConfig {
    /// The configuration of a command that stands for the process: its streams are the process's.
    pub fn inherit_stdio() -> Self {
        WasiConfig {
            stdin: Stdio::Inherit,
            stdout: Stdio::Inherit,
            stderr: Stdio::Inherit,
            ..WasiConfig::default()
        }
    }
}

/// Why a [`WasiConfig`] cannot be given to a guest.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("argument {0} has a NUL byte in it")]
    NulInArgument(usize),
    #[error("environment variable `{0}` has a NUL byte in its name or value")]
    NulInVariable(String),
    #[error("environment variable name `{0}` is empty or has `=` in it")]
    VariableName(String),
    #[error("{0} take more than {STRINGS_BYTES_MAX} bytes")]
    TooLong(&'static str),
    #[error("cannot open `/dev/null`: {0}")]
    Null(rustix::io::Errno),
    #[error("cannot open directory `{}`: {}", .0.display(), .1)]
    Preopen(PathBuf, rustix::io::Errno),
    #[error("directory name `{0}` has a NUL byte in it")]
    NulInDirectory(String),
    #[error(
        "this system has no usable `openat2`, by which paths are kept inside a directory: {0}\n\nhint: a slower \
         lookup that does without has to be asked for; for the command line that is `--fs-fallback`"
    )]
    NoOpenat2(rustix::io::Errno),
    #[error(
        "the streams, directories and sockets are more than the {0} descriptors that the guest may have"
    )]
    TooManyDescriptors(u32),
}

/// Arguments, and variables, take at most this much: a quarter of a 32-bit memory.
const STRINGS_BYTES_MAX: usize = 1 << 30;

/// The state of one guest's WASI. Lives in the store's data; see [`crate::add_to_linker`].
///
/// A clone is the same state, for a store of another thread: one table of descriptors, one quota.
#[derive(Clone, Debug)]
pub struct WasiCtx {
    pub(crate) process: Arc<Process>,
}

/// What all threads of a guest share. Nothing in it is locked while the host is asked to do something that may take
/// time, but the trace while it takes a line.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) args: Strings,
    pub(crate) environ: Strings,
    pub(crate) clocks: Box<dyn Clocks>,
    pub(crate) descriptors: Descriptors,
    pub(crate) blocking: Blocking,
    pub(crate) quota: Quota,
    pub(crate) random_bytes_max: Option<u32>,
    pub(crate) threads_max: u32,
    pub(crate) trace: Option<Mutex<Trace>>,
    pub(crate) end: End,
}

impl WasiCtx {
    pub fn new(config: WasiConfig) -> Result<Self, ConfigError> {
        let args = Strings::new("arguments", config.args.into_iter())?;
        if let Some(index) = args.with_nul() {
            return Err(ConfigError::NulInArgument(index));
        }
        let printable = |bytes: &[u8]| bytes.escape_ascii().to_string();
        for (name, _) in &config.env {
            if name.is_empty() || name.contains(&b'=') {
                return Err(ConfigError::VariableName(printable(name)));
            }
        }
        let variables = config.env.iter().map(|(name, value)| {
            let mut variable = Vec::with_capacity(name.len() + 1 + value.len());
            variable.extend_from_slice(name);
            variable.push(b'=');
            variable.extend_from_slice(value);
            variable
        });
        let environ = Strings::new("environment variables", variables)?;
        if let Some(index) = environ.with_nul() {
            return Err(ConfigError::NulInVariable(printable(&config.env[index].0)));
        }
        let descriptors = Descriptors::new(config.descriptors_max);
        for (stdio, role, inherited) in [
            (config.stdin, Role::Input, Host::Stdin),
            (config.stdout, Role::Output, Host::Stdout),
            (config.stderr, Role::Output, Host::Stderr),
        ] {
            let host = match stdio {
                Stdio::Null => Some(Host::Owned(null()?)),
                Stdio::Inherit => Some(inherited),
                Stdio::Fd(fd) => Some(Host::Owned(fd)),
                Stdio::Closed => None,
            };
            descriptors.push_stdio(host, role);
        }
        let too_many = |_| ConfigError::TooManyDescriptors(config.descriptors_max);
        for preopen in config.preopens {
            if preopen.guest.contains(&0) {
                return Err(ConfigError::NulInDirectory(printable(&preopen.guest)));
            }
            let resolver = Resolver::choose(config.path_lookup, preopen.host.as_fd())
                .map_err(ConfigError::NoOpenat2)?;
            let directory =
                Descriptor::preopened(preopen.host, preopen.guest, resolver, preopen.access);
            descriptors.push(directory).map_err(too_many)?;
        }
        for listener in config.listeners {
            let listener = Descriptor::listener(listener);
            descriptors.push(listener).map_err(too_many)?;
        }
        Ok(WasiCtx {
            process: Arc::new(Process {
                args,
                environ,
                clocks: config.clocks,
                descriptors,
                blocking: config.blocking,
                quota: Quota::new(config.written_bytes_max, config.files_max),
                random_bytes_max: config.random_bytes_max,
                threads_max: config.threads_max,
                trace: config.trace.map(Mutex::new),
                end: End::default(),
            }),
        })
    }
}

fn null() -> Result<OwnedFd, ConfigError> {
    use rustix::fs::{Mode, OFlags};
    rustix::fs::open(
        "/dev/null",
        OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOCTTY,
        Mode::empty(),
    )
    .map_err(ConfigError::Null)
}

/// A list of strings as `args_get` and `environ_get` hand it out: each ended by a NUL.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    /// The strings one behind the other, NULs included.
    pub(crate) bytes: Vec<u8>,
    /// Where each starts.
    pub(crate) starts: Vec<u32>,
}

impl Strings {
    fn new(what: &'static str, list: impl Iterator<Item = Vec<u8>>) -> Result<Self, ConfigError> {
        let mut strings = Strings::default();
        for string in list {
            strings.starts.push(strings.bytes.len() as u32);
            strings.bytes.extend_from_slice(&string);
            strings.bytes.push(0);
            // Each string costs a pointer in the guest as well.
            if strings.bytes.len() + strings.starts.len() * 4 > STRINGS_BYTES_MAX {
                return Err(ConfigError::TooLong(what));
            }
        }
        Ok(strings)
    }

    /// The first string that has a NUL before its end.
    fn with_nul(&self) -> Option<usize> {
        let ends = self.starts.iter().skip(1).map(|start| *start as usize);
        let ends = ends.chain([self.bytes.len()]);
        self.starts
            .iter()
            .zip(ends)
            .position(|(start, end)| self.bytes[*start as usize..end - 1].contains(&0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_args(args: &[&[u8]]) -> Result<WasiCtx, ConfigError> {
        WasiCtx::new(WasiConfig {
            args: args.iter().map(|arg| arg.to_vec()).collect(),
            ..WasiConfig::default()
        })
    }

    fn with_env(name: &[u8], value: &[u8]) -> Result<WasiCtx, ConfigError> {
        WasiCtx::new(WasiConfig {
            env: vec![(b"A".to_vec(), vec![]), (name.to_vec(), value.to_vec())],
            ..WasiConfig::default()
        })
    }

    #[test]
    fn strings_lie_one_behind_the_other() {
        let ctx = with_args(&[b"prog", b"", b"\xff\xfe"]).unwrap();
        assert_eq!(ctx.process.args.bytes, b"prog\0\0\xff\xfe\0");
        assert_eq!(ctx.process.args.starts, [0, 5, 6]);
    }

    #[test]
    fn a_nul_cannot_be_passed() {
        assert!(matches!(
            with_args(&[b"a", b"b\0c"]),
            Err(ConfigError::NulInArgument(1))
        ));
        assert!(matches!(
            with_env(b"B", b"\0"),
            Err(ConfigError::NulInVariable(name)) if name == "B"
        ));
    }

    #[test]
    fn a_variable_s_name_is_checked() {
        for name in [&b""[..], b"a=b", b"="] {
            assert!(matches!(
                with_env(name, b"x"),
                Err(ConfigError::VariableName(_))
            ));
        }
        let ctx = with_env(b"\xff", b"=").unwrap();
        assert_eq!(ctx.process.environ.bytes, b"A=\0\xff==\0");
    }
}
