//! Runs aarch64 programs under qemu's user mode.
//!
//! `scripts/setup.sh` installs what this needs and `scripts/test.sh` builds the aarch64 runtime, whose folder it
//! names in `AHEAD_AARCH64_DIR`; a build left in `target/aarch64` is found too.

use crate::workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

const QEMU: &str = "qemu-aarch64-static";
const SYSROOT: &str = "/usr/aarch64-linux-gnu";

/// What is needed to link and run aarch64 programs on this machine.
#[derive(Clone, Debug)]
pub struct Aarch64 {
    folder: PathBuf,
}

impl Aarch64 {
    /// The built aarch64 runtime; or says what is missing.
    ///
    /// # Panics
    /// If `AHEAD_AARCH64_DIR` names a folder without it.
    pub fn find_or_skip() -> Option<Aarch64> {
        let given = std::env::var_os("AHEAD_AARCH64_DIR").map(PathBuf::from);
        let folder = given.clone().unwrap_or_else(|| {
            workspace().join("target/aarch64/aarch64-unknown-linux-gnu/release")
        });
        let complete = folder.join("ahead").exists() && folder.join("libahead.a").exists();
        if complete {
            return Some(Aarch64 { folder });
        }
        assert!(
            given.is_none(),
            "AHEAD_AARCH64_DIR names `{}`, which has no `ahead` or no `libahead.a`",
            folder.display()
        );
        crate::skip("the aarch64 runtime is not built; run scripts/test.sh");
        None
    }

    /// The folder of `ahead`, `libahead.a` and `libahead.so` for aarch64.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A command that runs an aarch64 program.
    pub fn command(&self, program: &Path) -> Command {
        let mut qemu = Command::new(QEMU);
        qemu.args(["-L", SYSROOT]).arg(program);
        qemu
    }

    /// The runtime-only `ahead` for aarch64.
    pub fn ahead(&self) -> Command {
        self.command(&self.folder.join("ahead"))
    }

    /// The C compiler for aarch64.
    pub fn cc(&self) -> Command {
        Command::new("aarch64-linux-gnu-gcc")
    }
}
