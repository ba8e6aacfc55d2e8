//! No engine: a native build of the same source, which the user gives.

use super::{Engine, Way, refuses_all_but_commands};
use crate::child::Step;
use crate::program::Program;
use crate::worker::Repeat;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Debug)]
pub struct Native {
    program: PathBuf,
    about: String,
}

impl Native {
    pub fn new(program: &Path) -> Native {
        // A name without a folder would be looked for on the search path.
        let program = std::path::absolute(program).unwrap_or_else(|_| program.to_owned());
        Native {
            about: format!("`{}`", program.display()),
            program,
        }
    }
}

impl Engine for Native {
    fn name(&self) -> &str {
        "native"
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn way(&self) -> Way {
        Way::Native
    }

    fn refuses(&self, program: &Program) -> Option<String> {
        refuses_all_but_commands(program)
    }

    fn compile(&self, _: &Program, _: &Path, _: &Path) -> Result<Option<Step>> {
        Ok(None)
    }

    fn once(&self, program: &Program, _: &Path, _: &Path) -> Result<Step> {
        let mut command = Command::new(&self.program);
        command.args(&program.words()[1..]);
        command.envs(program.env.iter().map(|(name, value)| (name, value)));
        Ok(Step {
            stdin: program.stdin.clone(),
            ..Step::new(command)
        })
    }

    fn code_file(&self, _: &Path) -> PathBuf {
        self.program.clone()
    }

    fn repeat(&self, _: &Program, _: &Path, _: &Repeat, _: &Path) -> Result<Option<Step>> {
        Ok(None)
    }
}
