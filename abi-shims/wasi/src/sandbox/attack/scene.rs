//! The directories that are attacked, and how an escape shows.

use super::operations::Seen;
use crate::descriptor::Host;
use crate::directory::{Access, Directory};
use crate::sandbox::Resolver;
use crate::types::Errno;
use rustix::fs::{CWD, Mode};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// What the link outside says.
pub(super) const FOREIGN_TARGET: &[u8] = b"a foreign target";

/// All that can be told of a file from outside, but for when it was read.
type Fact = (PathBuf, u64, u32, u64, u64, i64, i64);

pub(super) struct Scene {
    base: TempDir,
    root: File,
    /// What is outside, as it should be.
    facts: Vec<Fact>,
    /// What is inside, as it is made.
    own: Vec<Fact>,
    foreign: BTreeSet<u64>,
}

impl Scene {
    pub(super) fn new() -> Self {
        // In memory if possible: scenes are made by the thousand.
        let base = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        build(base.path());
        let mut scene = Scene {
            root: File::open(base.path().join("given")).unwrap(),
            base,
            facts: Vec::new(),
            own: Vec::new(),
            foreign: BTreeSet::new(),
        };
        scene.remember();
        scene
    }

    pub(super) fn base(&self) -> &Path {
        self.base.path()
    }

    pub(super) fn directory(&self, resolver: Resolver) -> Directory {
        let root = self.root.try_clone().unwrap();
        Directory {
            host: Arc::new(Host::Owned(root.into())),
            listing: Arc::default(),
            resolver,
            access: Access::ReadWrite,
        }
    }

    fn remember(&mut self) {
        self.facts = self.outside();
        self.own = self.inside();
        self.foreign = self.facts.iter().map(|fact| fact.1).collect();
    }

    /// Makes everything anew if anything is not as it was made.
    pub(super) fn restore(&mut self) {
        if self.outside() == self.facts && self.inside() == self.own {
            return;
        }
        for entry in fs::read_dir(self.base()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                fs::remove_dir_all(path).unwrap();
            } else {
                fs::remove_file(path).unwrap();
            }
        }
        build(self.base());
        self.root = File::open(self.base().join("given")).unwrap();
        self.remember();
    }

    /// Whether an operation brought something back that is not the guest's.
    pub(super) fn is_foreign(&self, seen: Result<&Seen, &Errno>) -> bool {
        match seen {
            Ok(Seen::Inode(inode)) => !has(&self.inside(), *inode),
            Ok(Seen::Target(target)) => target == FOREIGN_TARGET,
            Ok(Seen::Nothing) | Err(_) => false,
        }
    }

    /// The same while the inside changes: whether it is something known to be outside.
    pub(super) fn is_known_foreign(&self, seen: Result<&Seen, &Errno>) -> bool {
        match seen {
            Ok(Seen::Inode(inode)) => self.foreign.contains(inode),
            seen => self.is_foreign(seen),
        }
    }

    pub(super) fn has_changed_outside(&self) -> bool {
        self.outside() != self.facts
    }

    /// Whether anything changed outside, or came in from there.
    pub(super) fn has_leaked(&self) -> bool {
        let is_foreign = |fact: &Fact| self.foreign.contains(&fact.1);
        self.has_changed_outside() || self.inside().iter().any(is_foreign)
    }

    fn inside(&self) -> Vec<Fact> {
        let root = self.base().join("given");
        let mut facts = Vec::new();
        // In a lost game it may be gone.
        if root.exists() {
            facts.push(fact(&root));
            list(&root, &mut facts);
        }
        facts.sort();
        facts
    }

    fn outside(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        for entry in fs::read_dir(self.base()).unwrap() {
            let path = entry.unwrap().path();
            if !path.ends_with("given") {
                facts.push(fact(&path));
                list(&path, &mut facts);
            }
        }
        facts.push(fact(self.base()));
        facts.sort();
        facts
    }
}

fn has(facts: &[Fact], inode: u64) -> bool {
    facts.iter().any(|fact| fact.1 == inode)
}

fn fact(path: &Path) -> Fact {
    let metadata = fs::symlink_metadata(path).unwrap();
    (
        path.to_owned(),
        metadata.ino(),
        metadata.mode(),
        metadata.nlink(),
        metadata.size(),
        metadata.mtime(),
        metadata.mtime_nsec(),
    )
}

fn list(directory: &Path, facts: &mut Vec<Fact>) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        facts.push(fact(&path));
        if !path.is_symlink() && path.is_dir() {
            list(&path, facts);
        }
    }
}

fn build(base: &Path) {
    for directory in ["outside/empty", "given/dir/sub", "given/empty"] {
        fs::create_dir_all(base.join(directory)).unwrap();
    }
    for file in [
        "outside/secret",
        "given/file",
        "given/spare",
        "given/dir/file",
    ] {
        fs::write(base.join(file), file).unwrap();
    }
    rustix::fs::mkfifoat(CWD, base.join("given/fifo"), Mode::RUSR | Mode::WUSR).unwrap();
    let foreign_target = std::str::from_utf8(FOREIGN_TARGET).unwrap();
    symlink(foreign_target, base.join("outside/link")).unwrap();
    let link = |name: &str, target: &Path| symlink(target, base.join("given").join(name)).unwrap();
    for (name, target) in [
        ("in", "dir"),
        ("dir/sub/top", "../.."),
        ("up", ".."),
        ("out", "../outside"),
        ("out_file", "../outside/secret"),
        ("out_new", "../outside/new"),
        ("by_link", "dir/../out"),
        ("loop", "loop"),
        ("ping", "pong"),
        ("pong", "ping"),
        ("dangling", "nothing"),
        ("chain0", "dir/file"),
        ("magic_root", "/proc/self/root"),
        ("magic_cwd", "/proc/self/cwd"),
        ("magic_fd", "/proc/self/fd/0"),
    ] {
        link(name, Path::new(target));
    }
    link("absolute", &base.join("outside"));
    link("absolute_file", &base.join("outside/secret"));
    // Following `chain40` takes 40 links, the last that is allowed.
    for length in 1..=41 {
        let target = if length == 1 {
            "file".to_owned()
        } else {
            format!("chain{}", length - 1)
        };
        link(&format!("chain{length}"), Path::new(&target));
    }
}
