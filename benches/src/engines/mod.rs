//! The engines that are compared, behind one trait: compile, open, run.

pub(crate) mod ahead;
#[cfg(feature = "peers")]
mod wasmtime;

use anyhow::Result;
use std::path::Path;
use std::time::{Duration, Instant};

/// What a measurement needs of an engine.
pub trait Engine {
    /// Makes the engine's native artefact for this machine, optimised for speed.
    fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>>;

    /// Makes a module out of an artefact, ready to be instantiated, and drops it.
    fn open(&self, artefact: &Path) -> Result<()>;

    /// Runs a WASI command with the process's streams, and with a directory as `.` if there is one. Gives the time between the guest's calls of `start` and
    /// `end` of module `bench`, if it makes them; else the time of instantiation and `_start`.
    fn run(&self, artefact: &Path, directory: Option<&Path>, args: &[String]) -> Result<Duration>;
}

/// Names of engines, ours first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Ahead,
    Wasmtime,
}

impl Name {
    /// The engines this was built with.
    pub const BUILT: &'static [Name] = if cfg!(feature = "peers") {
        &[Name::Ahead, Name::Wasmtime]
    } else {
        &[Name::Ahead]
    };

    pub fn as_str(self) -> &'static str {
        match self {
            Name::Ahead => "ahead",
            Name::Wasmtime => "wasmtime",
        }
    }

    pub fn parse(text: &str) -> Option<Name> {
        [Name::Ahead, Name::Wasmtime]
            .into_iter()
            .find(|name| name.as_str() == text)
    }

    /// The engine, set up.
    pub fn engine(self) -> Result<Box<dyn Engine>> {
        match self {
            Name::Ahead => Ok(Box::new(ahead::Ahead)),
            #[cfg(feature = "peers")]
            Name::Wasmtime => Ok(Box::new(wasmtime::Wasmtime::new()?)),
            #[cfg(not(feature = "peers"))]
            Name::Wasmtime => anyhow::bail!("built without the feature `peers`"),
        }
    }
}

/// Takes the time of one region; a second start starts again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stopwatch {
    started: Option<Instant>,
    elapsed: Option<Duration>,
}

impl Stopwatch {
    pub fn start(&mut self) {
        self.started = Some(Instant::now());
    }

    pub fn stop(&mut self) {
        self.elapsed = self.started.map(|started| started.elapsed());
    }

    pub fn elapsed(&self) -> Option<Duration> {
        self.elapsed
    }
}
