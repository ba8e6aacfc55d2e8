//! wasmtime as a crate, through the program `ahead-bench-wasmtime`, which serves tasks as we do. It is built from
//! `benches/` (feature `peers`) and looked for beside this program.

use super::{Engine, Way, on_path};
use crate::child::Step;
use crate::program::Program;
use crate::worker::{Repeat, Task, Worker};
use anyhow::Result;
use std::path::Path;

/// The program that has wasmtime in it.
pub const PROGRAM: &str = "ahead-bench-wasmtime";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// Cranelift, compiled before to a `.cwasm`.
    Precompiled,
    /// Cranelift, compiled when the program starts.
    Cranelift,
    /// The baseline compiler, when the program starts.
    Winch,
}

impl Variant {
    pub const ALL: [Variant; 3] = [Variant::Precompiled, Variant::Cranelift, Variant::Winch];

    pub fn name(self) -> &'static str {
        match self {
            Variant::Precompiled => "wasmtime",
            Variant::Cranelift => "wasmtime-jit",
            Variant::Winch => "wasmtime-winch",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Variant::Precompiled => "Cranelift, compiled before",
            Variant::Cranelift => "Cranelift, compiled at the start",
            Variant::Winch => "Winch, compiled at the start",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Wasmtime {
    worker: Worker,
    variant: Variant,
    about: String,
}

impl Wasmtime {
    pub fn find(own: &Path, variant: Variant) -> Result<Wasmtime, String> {
        let beside = own.with_file_name(PROGRAM);
        let program = match beside.is_file() {
            true => beside,
            false => on_path(PROGRAM).map_err(|_| {
                format!(
                    "`{PROGRAM}` is neither beside this program nor on the search path; \
                         `cargo build --release -p ahead-benches --features peers` makes it"
                )
            })?,
        };
        let version = super::version(&program, &["--version"])?;
        Ok(Wasmtime {
            worker: Worker {
                program,
                words: vec![variant.name().into()],
            },
            variant,
            about: format!("{version}, {}", variant.about()),
        })
    }
}

impl Engine for Wasmtime {
    fn name(&self) -> &str {
        self.variant.name()
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn way(&self) -> Way {
        match self.variant {
            Variant::Precompiled => Way::Ahead,
            Variant::Cranelift | Variant::Winch => Way::JustInTime,
        }
    }

    fn compile(&self, program: &Program, output: &Path, folder: &Path) -> Result<Option<Step>> {
        if self.way() == Way::JustInTime {
            return Ok(None);
        }
        let task = Task::Compile {
            module: program.module.clone(),
            output: output.to_owned(),
        };
        self.worker.step(&task, folder).map(Some)
    }

    fn once(&self, program: &Program, code: &Path, folder: &Path) -> Result<Step> {
        let task = Task::Once {
            code: code.to_owned(),
            program: program.clone(),
        };
        self.worker.step(&task, folder)
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
        self.worker.step(&task, folder).map(Some)
    }

    fn task(&self, task: &Task, folder: &Path) -> Result<Option<Step>> {
        self.worker.step(task, folder).map(Some)
    }
}
