//! Real modules from public repositories, outside this one: where they are, and what is recorded of them.
//!
//! A corpus is a folder with a `MANIFEST.tsv`, named by `AHEAD_CORPUS` or checked out beside the repository.

use crate::workspace;
use std::path::{Path, PathBuf};

/// What the corpus has of a program of Sightglass.
#[derive(Clone, Debug)]
pub struct Benchmark {
    /// The folder that it is run in, in the corpus.
    pub files: String,
    /// What it says, where that is known.
    pub stdout: Option<Vec<u8>>,
    pub stderr: Option<Vec<u8>>,
}

/// The folders whose every module is in the list of what modules do ([`crate::expected`]).
const LISTED: &[&str] = &["features", "large", "wapc", "wasi"];

/// Copies a folder, leaving permissions behind: a corpus may be read-only.
///
/// # Panics
/// If it cannot be copied.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a new folder");
    for entry in std::fs::read_dir(from).expect("the folder to copy") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::write(to, std::fs::read(from).expect("a file")).expect("a copy");
        }
    }
}

/// A corpus on this machine.
#[derive(Clone, Debug)]
pub struct Corpus {
    root: PathBuf,
}

impl Corpus {
    /// The corpus, if there is one.
    ///
    /// # Panics
    /// If `AHEAD_CORPUS` names a folder that is none.
    pub fn find() -> Option<Corpus> {
        let is_one = |root: &Path| root.join("MANIFEST.tsv").is_file();
        if let Some(root) = std::env::var_os("AHEAD_CORPUS") {
            let root = PathBuf::from(root);
            assert!(
                is_one(&root),
                "AHEAD_CORPUS names `{}`, which has no MANIFEST.tsv",
                root.display()
            );
            return Some(Corpus { root });
        }
        let root = workspace().join("../shared/corpus");
        is_one(&root).then_some(Corpus { root })
    }

    /// The corpus; or says that there is none.
    pub fn find_or_skip() -> Option<Corpus> {
        let corpus = Corpus::find();
        if corpus.is_none() {
            crate::skip("there is no corpus; set AHEAD_CORPUS");
        }
        corpus
    }

    pub fn path(&self, module: &str) -> PathBuf {
        self.root.join(module)
    }

    /// The bytes of a module, named by its path in the corpus.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn read(&self, module: &str) -> Vec<u8> {
        let path = self.path(module);
        std::fs::read(&path).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()))
    }

    /// What a program of Sightglass is run on and says, if that is in the corpus: `benchmarks__A__B.wasm` has
    /// its files in `benchmarks/A`.
    pub fn benchmark(&self, module: &str) -> Option<Benchmark> {
        let name = module.strip_prefix("wasi/sightglass/benchmarks__")?;
        let (folder, file) = name.strip_suffix(".wasm")?.split_once("__")?;
        let files = format!("wasi/sightglass-data/benchmarks/{folder}");
        self.path(&files).is_dir().then_some(())?;
        let said = |stream: &str| {
            let names = [file, "default"].map(|name| format!("{files}/{name}.{stream}.expected"));
            let mut paths = names.iter().map(|name| self.path(name));
            std::fs::read(paths.find(|path| path.is_file())?).ok()
        };
        Some(Benchmark {
            stdout: said("stdout"),
            stderr: said("stderr"),
            files,
        })
    }

    /// Paths of all modules that are to be in the list, sorted.
    pub fn listed(&self) -> Vec<String> {
        LISTED
            .iter()
            .flat_map(|folder| self.modules(folder))
            .collect()
    }

    /// Paths of all modules below `folder`, sorted.
    ///
    /// # Panics
    /// If a folder cannot be read.
    pub fn modules(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.join(folder)];
        while let Some(folder) = folders.pop() {
            let entries = std::fs::read_dir(&folder)
                .unwrap_or_else(|error| panic!("`{}`: {error}", folder.display()));
            for entry in entries {
                let path = entry.expect("a folder's entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path
                    .extension()
                    .is_some_and(|extension| extension == "wasm")
                {
                    let inside = path.strip_prefix(&self.root).expect("it was found inside");
                    found.push(inside.to_str().expect("corpus paths are ASCII").to_owned());
                }
            }
        }
        found.sort();
        found
    }
}
