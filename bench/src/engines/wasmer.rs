//! The program `wasmer`, where one is installed: `wasmer compile`, with LLVM if it has it, then `wasmer run`.

use super::{Engine, Way, on_path, refuses_all_but_wasi};
use crate::child::Step;
use crate::program::Program;
use crate::worker::Repeat;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Debug)]
pub struct Wasmer {
    program: PathBuf,
    about: String,
    /// The option that chooses the compiler.
    compiler: &'static str,
}

impl Wasmer {
    pub fn find() -> Result<Wasmer, String> {
        let program = on_path("wasmer")?;
        let version = super::version(&program, &["--version"])?;
        let help = Command::new(&program).args(["compile", "--help"]).output();
        let help = help.map_err(|error| error.to_string())?;
        let compiler = match String::from_utf8_lossy(&help.stdout).contains("--llvm") {
            true => "--llvm",
            false => "--cranelift",
        };
        Ok(Wasmer {
            program,
            about: format!("{version}, `{compiler}`"),
            compiler,
        })
    }
}

impl Engine for Wasmer {
    fn name(&self) -> &str {
        "wasmer"
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
        command.args(["compile", self.compiler, "-o"]).arg(output);
        command.arg(&program.module);
        Ok(Some(Step::new(command)))
    }

    fn once(&self, program: &Program, code: &Path, _: &Path) -> Result<Step> {
        let mut command = Command::new(&self.program);
        command.arg("run");
        for dir in &program.dirs {
            let host = dir.host.display();
            command.arg("--mapdir").arg(format!("{}:{host}", dir.guest));
        }
        for (name, value) in &program.env {
            command.arg("--env").arg(format!("{name}={value}"));
        }
        command.arg(code).arg("--").args(&program.words()[1..]);
        Ok(Step {
            stdin: program.stdin.clone(),
            ..Step::new(command)
        })
    }

    fn repeat(&self, _: &Program, _: &Path, _: &Repeat, _: &Path) -> Result<Option<Step>> {
        Ok(None)
    }
}
