//! Node, for its V8: a baseline compiler first, the optimising one for what is hot. `node.mjs` drives it.
//!
//! Node gives a WASI program directories by name and cannot make them read-only.

use super::{Engine, Way, on_path, refuses_filters};
use crate::child::Step;
use crate::program::Program;
use crate::worker::{Repeat, Task, Worker};
use anyhow::Result;
use std::path::{Path, PathBuf};

const DRIVER: &str = include_str!("node.mjs");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    Default,
    /// Without the baseline compiler, as Envoy runs V8.
    NoLiftoff,
}

impl Variant {
    pub const ALL: [Variant; 2] = [Variant::Default, Variant::NoLiftoff];

    pub fn name(self) -> &'static str {
        match self {
            Variant::Default => "node",
            Variant::NoLiftoff => "node-no-liftoff",
        }
    }

    fn flags(self) -> &'static [&'static str] {
        match self {
            Variant::Default => &["--no-warnings"],
            Variant::NoLiftoff => &["--no-warnings", "--no-liftoff"],
        }
    }
}

#[derive(Clone, Debug)]
pub struct Node {
    program: PathBuf,
    variant: Variant,
    about: String,
}

impl Node {
    pub fn find(variant: Variant) -> Result<Node, String> {
        let program = on_path("node")?;
        let version = super::version(&program, &["--version"])?;
        let v8 = super::version(&program, &["-p", "process.versions.v8"])?;
        let flags = variant.flags()[1..].join(" ");
        Ok(Node {
            program,
            variant,
            about: format!("Node {version}, V8 {v8} {flags}").trim().to_owned(),
        })
    }

    fn step(&self, task: &Task, folder: &Path) -> Result<Step> {
        let driver = folder.join("node.mjs");
        std::fs::write(&driver, DRIVER)?;
        let flags = self.variant.flags().iter().map(Into::into);
        let worker = Worker {
            program: self.program.clone(),
            words: flags.chain([driver.into_os_string()]).collect(),
        };
        worker.step(task, folder)
    }
}

impl Engine for Node {
    fn name(&self) -> &str {
        self.variant.name()
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn way(&self) -> Way {
        Way::JustInTime
    }

    fn refuses(&self, program: &Program) -> Option<String> {
        let read_only = program.dirs.iter().any(|dir| dir.read_only);
        let why = || "Node has no read-only directories".to_owned();
        refuses_filters(program).or_else(|| read_only.then(why))
    }

    fn compile(&self, _: &Program, _: &Path, _: &Path) -> Result<Option<Step>> {
        Ok(None)
    }

    fn once(&self, program: &Program, code: &Path, folder: &Path) -> Result<Step> {
        let task = Task::Once {
            code: code.to_owned(),
            program: program.clone(),
        };
        self.step(&task, folder)
    }

    fn repeat(
        &self,
        program: &Program,
        code: &Path,
        how: &Repeat,
        folder: &Path,
    ) -> Result<Option<Step>> {
        let task = Task::Repeat {
            code: code.to_owned(),
            program: program.clone(),
            how: *how,
            stdout: folder.join("stdout"),
        };
        self.step(&task, folder).map(Some)
    }

    fn task(&self, task: &Task, folder: &Path) -> Result<Option<Step>> {
        match task {
            Task::HostCall { .. } => self.step(task, folder).map(Some),
            _ => Ok(None),
        }
    }
}
