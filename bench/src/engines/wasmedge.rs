//! WasmEdge, where it is installed: `wasmedge compile`, then `wasmedge run --run-mode aot`. Without that mode it would
//! interpret what it was asked to compile.

use super::{Engine, Way, on_path, refuses_all_but_wasi};
use crate::child::Step;
use crate::program::Program;
use crate::worker::Repeat;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Debug)]
pub struct WasmEdge {
    program: PathBuf,
    about: String,
    /// Versions before 0.15 choose by the file and do not know the option.
    has_modes: bool,
}

impl WasmEdge {
    pub fn find() -> Result<WasmEdge, String> {
        let program = on_path("wasmedge")?;
        let about = super::version(&program, &["--version"])?;
        let help = Command::new(&program).args(["run", "--help"]).output();
        let help = help.map_err(|error| error.to_string())?;
        Ok(WasmEdge {
            program,
            about,
            has_modes: String::from_utf8_lossy(&help.stdout).contains("--run-mode"),
        })
    }
}

impl Engine for WasmEdge {
    fn name(&self) -> &str {
        "wasmedge"
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn way(&self) -> Way {
        Way::Ahead
    }

    fn refuses(&self, program: &Program) -> Option<String> {
        refuses_all_but_wasi(program)
    }

    fn compile(&self, program: &Program, output: &Path, _: &Path) -> Result<Option<Step>> {
        let mut command = Command::new(&self.program);
        command.args(["compile", "--optimize", "3"]);
        command.arg(&program.module).arg(output);
        Ok(Some(Step::new(command)))
    }

    fn once(&self, program: &Program, code: &Path, _: &Path) -> Result<Step> {
        let mut command = Command::new(&self.program);
        command.arg("run");
        if self.has_modes {
            command.args(["--run-mode", "aot"]);
        }
        for dir in &program.dirs {
            let access = if dir.read_only { ":readonly" } else { "" };
            let (guest, host) = (&dir.guest, dir.host.display());
            command.arg("--dir").arg(format!("{guest}:{host}{access}"));
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
