//! The WebAssembly Micro Runtime, where it is installed: `wamrc` compiles, `iwasm` runs.
//!
//! `wamrc` enables SIMD unless told not to, and an `iwasm` built without SIMD then refuses what it made.

use super::{Engine, Way, on_path, refuses_all_but_wasi};
use crate::child::Step;
use crate::program::Program;
use crate::worker::Repeat;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Debug)]
pub struct Wamr {
    compiler: PathBuf,
    program: PathBuf,
    about: String,
}

impl Wamr {
    pub fn find() -> Result<Wamr, String> {
        let (compiler, program) = (on_path("wamrc")?, on_path("iwasm")?);
        let about = super::version(&program, &["--version"])?;
        Ok(Wamr {
            compiler,
            program,
            about,
        })
    }
}

impl Engine for Wamr {
    fn name(&self) -> &str {
        "wamr"
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn way(&self) -> Way {
        Way::Ahead
    }

    fn refuses(&self, program: &Program) -> Option<String> {
        let read_only = program.dirs.iter().any(|dir| dir.read_only);
        let why = || "its command line has no read-only directories".to_owned();
        refuses_all_but_wasi(program).or_else(|| read_only.then(why))
    }

    fn compile(&self, program: &Program, output: &Path, _: &Path) -> Result<Option<Step>> {
        let mut command = Command::new(&self.compiler);
        command.args(["--opt-level=3", "-o"]).arg(output);
        command.arg(&program.module);
        Ok(Some(Step::new(command)))
    }

    fn once(&self, program: &Program, code: &Path, _: &Path) -> Result<Step> {
        let mut command = Command::new(&self.program);
        for dir in &program.dirs {
            let (guest, host) = (&dir.guest, dir.host.display());
            command.arg(format!("--map-dir={guest}::{host}"));
        }
        for (name, value) in &program.env {
            command.arg(format!("--env={name}={value}"));
        }
        command.arg(code).args(&program.words()[1..]);
        Ok(Step {
            stdin: program.stdin.clone(),
            ..Step::new(command)
        })
    }

    fn repeat(&self, _: &Program, _: &Path, _: &Repeat, _: &Path) -> Result<Option<Step>> {
        Ok(None)
    }
}
