//! The program `wasmtime`, where one is installed: `wasmtime compile`, then `wasmtime run --allow-precompiled`.

use super::{Engine, Way, on_path, refuses_all_but_wasi};
use crate::child::Step;
use crate::program::Program;
use crate::worker::Repeat;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Debug)]
pub struct WasmtimeProgram {
    program: PathBuf,
    about: String,
}

impl WasmtimeProgram {
    pub fn find() -> Result<WasmtimeProgram, String> {
        let program = on_path("wasmtime")?;
        let about = super::version(&program, &["--version"])?;
        Ok(WasmtimeProgram { program, about })
    }
}

impl Engine for WasmtimeProgram {
    fn name(&self) -> &str {
        "wasmtime-program"
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
        let mut command = Command::new(&self.program);
        command.arg("compile").arg("-o").arg(output);
        command.arg(&program.module);
        Ok(Some(Step::new(command)))
    }

    fn once(&self, program: &Program, code: &Path, _: &Path) -> Result<Step> {
        let mut command = Command::new(&self.program);
        command.args(["run", "--allow-precompiled"]);
        command.args(["--argv0", &program.name]);
        for dir in &program.dirs {
            let host = dir.host.display();
            command.arg("--dir").arg(format!("{host}::{}", dir.guest));
        }
        for (name, value) in &program.env {
            command.arg("--env").arg(format!("{name}={value}"));
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
