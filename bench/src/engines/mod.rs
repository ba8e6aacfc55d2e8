//! The engines that are compared, one file each: how it compiles, how it runs once, how it runs again and again.
//!
//! An engine says these as processes to start ([`Step`]); it measures nothing itself. One that is not on this machine
//! is [`Missing`], with what to do about it.

pub mod ahead;
pub mod native;
pub mod node;
pub mod wamr;
pub mod wasm2c;
pub mod wasmedge;
pub mod wasmer;
pub mod wasmtime;
pub mod wasmtime_program;

use crate::child::Step;
use crate::program::{Declared, Program};
use crate::worker::{Repeat, Task};
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Command;

/// When an engine compiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Before it runs, to a file.
    Ahead,
    /// When it runs.
    JustInTime,
    /// It is no engine: the same source, compiled for this machine.
    Native,
}

pub trait Engine {
    /// Short, without spaces.
    fn name(&self) -> &str;

    /// Version and settings, in a line.
    fn about(&self) -> &str;

    fn way(&self) -> Way;

    /// Why the engine cannot run such a program, if it cannot.
    fn refuses(&self, _program: &Program) -> Option<String> {
        None
    }

    /// Makes the artefact `output`; `None` if the engine compiles when it runs. Files may be left in `folder`.
    fn compile(&self, program: &Program, output: &Path, folder: &Path) -> Result<Option<Step>>;

    /// Runs the program once, in a process that is new. `code` is the artefact, or the module itself.
    fn once(&self, program: &Program, code: &Path, folder: &Path) -> Result<Step>;

    /// The file with the code that [`Engine::once`] runs: for a cold start it is taken out of the file cache.
    fn code_file(&self, code: &Path) -> PathBuf {
        code.to_owned()
    }

    /// Runs it again and again in one process. `None` if the engine is a program that runs once.
    fn repeat(
        &self,
        program: &Program,
        code: &Path,
        how: &Repeat,
        folder: &Path,
    ) -> Result<Option<Step>>;

    /// Does a task of [`crate::worker`], for what is the same for every program; `None` if the engine cannot.
    fn task(&self, _task: &Task, _folder: &Path) -> Result<Option<Step>> {
        Ok(None)
    }
}

/// An engine that is not on this machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Missing {
    pub name: String,
    pub why: String,
}

/// What was found and what was not.
#[derive(Default)]
pub struct Found {
    pub engines: Vec<Box<dyn Engine>>,
    pub missing: Vec<Missing>,
}

impl Found {
    fn take(&mut self, name: &str, engine: Result<Box<dyn Engine>, String>) {
        match engine {
            Ok(engine) => self.engines.push(engine),
            Err(why) => self.missing.push(Missing {
                name: name.to_owned(),
                why,
            }),
        }
    }
}

/// Looks for all engines. `own` is the program that serves our own engine's tasks; `native` a native build of what is
/// measured.
pub fn find(own: &Path, native: Option<&Path>) -> Found {
    let mut found = Found::default();
    for variant in ahead::Variant::ALL {
        found.take(
            variant.name(),
            Ok(Box::new(ahead::Ahead::new(own, variant))),
        );
    }
    for variant in wasmtime::Variant::ALL {
        let engine = wasmtime::Wasmtime::find(own, variant);
        found.take(variant.name(), engine.map(|engine| Box::new(engine) as _));
    }
    for variant in node::Variant::ALL {
        let engine = node::Node::find(variant);
        found.take(variant.name(), engine.map(|engine| Box::new(engine) as _));
    }
    for variant in wasm2c::Variant::ALL {
        let engine = wasm2c::Wasm2c::find(variant);
        found.take(variant.name(), engine.map(|engine| Box::new(engine) as _));
    }
    let boxed = |engine: Result<_, String>| engine.map(|engine| Box::new(engine) as _);
    found.take(
        "wasmtime-program",
        wasmtime_program::WasmtimeProgram::find().map(|engine| Box::new(engine) as _),
    );
    found.take("wasmer", boxed(wasmer::Wasmer::find()));
    found.take(
        "wamr",
        wamr::Wamr::find().map(|engine| Box::new(engine) as _),
    );
    found.take(
        "wasmedge",
        wasmedge::WasmEdge::find().map(|engine| Box::new(engine) as _),
    );
    match native {
        Some(program) => found.take("native", Ok(Box::new(native::Native::new(program)))),
        None => found.take(
            "native",
            Err("no native build was given with `--native`".into()),
        ),
    }
    found
}

/// A program on the search path; what to say if it is not there.
fn on_path(name: &str) -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .ok_or_else(|| format!("no `{name}` on the search path"))
}

/// The first line that a program prints of its version.
fn version(program: &Path, args: &[&str]) -> Result<String, String> {
    let failed = |why: String| format!("`{} {}`: {why}", program.display(), args.join(" "));
    let output = Command::new(program)
        .args(args)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// Why an engine without a host for filters cannot run this program.
fn refuses_filters(program: &Program) -> Option<String> {
    let why = || "our host of filters does not run on it".to_owned();
    program.is_filter().then(why)
}

/// Why what runs commands cannot run this program.
fn refuses_all_but_commands(program: &Program) -> Option<String> {
    let why = || "it is measured with commands only".to_owned();
    (!program.is_command()).then(why)
}

/// Why an engine's own command line cannot run this program: it has WASI for it, and nothing else.
fn refuses_all_but_wasi(program: &Program) -> Option<String> {
    refuses_all_but_commands(program).or_else(|| {
        let wasm = std::fs::read(&program.module).ok()?;
        let imports = Declared::read(&wasm).ok()?.imports;
        let mut others = imports.iter().filter(|from| !from.starts_with("wasi_"));
        let other = others.next()?.escape_default();
        Some(format!("its command line has no module `{other}`"))
    })
}
