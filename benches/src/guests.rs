//! The project's own programs, in `benches/guests/`: how each language is built, and what is called.
//!
//! A toolchain that is not here leaves its programs out, and the page says so.

use crate::compared::done;
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a guest is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// clang with wasi-libc.
    C,
    Rust,
    Go,
    AssemblyScript,
}

/// A program with its source here.
#[derive(Clone, Copy, Debug)]
pub struct Guest {
    pub name: &'static str,
    pub language: Language,
    /// Below `benches/guests/`.
    pub source: &'static str,
    /// The export to call and its arguments; a command if there is none.
    pub call: Option<(&'static str, &'static [&'static str])>,
}

const fn c(name: &'static str, source: &'static str) -> Guest {
    Guest {
        name,
        language: Language::C,
        source,
        call: None,
    }
}

pub const GUESTS: &[Guest] = &[
    c("bodies", "c/bodies.c"),
    c("bytecode", "c/bytecode.c"),
    c("crc32", "c/crc32.c"),
    c("distance", "c/distance.c"),
    c("life", "c/life.c"),
    c("lz", "c/lz.c"),
    c("matrix", "c/matrix.c"),
    c("pi", "c/pi.c"),
    c("queens", "c/queens.c"),
    c("sha256", "c/sha256.c"),
    c("sort", "c/sort.c"),
    c("words", "c/words.c"),
    Guest {
        name: "rust-paths",
        language: Language::Rust,
        source: "rust/paths.rs",
        call: None,
    },
    Guest {
        name: "rust-strings",
        language: Language::Rust,
        source: "rust/strings.rs",
        call: None,
    },
    Guest {
        name: "go-json",
        language: Language::Go,
        source: "go/json/main.go",
        call: None,
    },
    Guest {
        name: "go-maps",
        language: Language::Go,
        source: "go/maps/main.go",
        call: None,
    },
    Guest {
        name: "as-primes",
        language: Language::AssemblyScript,
        source: "assemblyscript/primes.ts",
        call: Some(("run", &["500000"])),
    },
    Guest {
        name: "as-tree",
        language: Language::AssemblyScript,
        source: "assemblyscript/tree.ts",
        call: Some(("run", &["50000"])),
    },
];

/// Where the sources are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("guests")
}

impl Guest {
    /// Builds the module `output`. Programs of a toolchain are named by a variable, or are where `scripts/setup.sh` puts
    /// them, or are looked for under the names that they usually have.
    pub fn build(&self, output: &Path) -> Result<()> {
        let source = folder().join(self.source);
        let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
        let installed = |place: &str| {
            let place = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../target")
                .join(place);
            place.exists().then_some(place)
        };
        let mut command = match self.language {
            Language::C => {
                let mut clang = Command::new(named("WASI_CC").unwrap_or("clang-19".into()));
                clang.args(["--target=wasm32-wasi", "-O3", "-mbulk-memory", "-msign-ext"]);
                clang.args(["-mnontrapping-fptoint", "-o"]).arg(output);
                clang.arg(source).arg("-lm");
                clang
            }
            Language::Rust => {
                let mut rustc = Command::new(named("WASI_RUSTC").unwrap_or("rustc".into()));
                rustc.args(["--edition=2024", "--target=wasm32-wasip1", "-Copt-level=3"]);
                rustc.arg("-o").arg(output).arg(source);
                rustc
            }
            Language::Go => {
                let go = named("GO").or_else(|| installed("go/bin/go"));
                let mut go = Command::new(go.unwrap_or("go".into()));
                go.env("GOOS", "wasip1").env("GOARCH", "wasm");
                go.args(["build", "-o"]).arg(output).arg(source);
                go
            }
            Language::AssemblyScript => {
                let asc =
                    named("ASC").or_else(|| installed("assemblyscript/node_modules/.bin/asc"));
                let mut asc = Command::new(asc.unwrap_or("asc".into()));
                asc.arg(source).arg("-o").arg(output);
                asc.args(["--optimize", "--runtime", "minimal", "--use", "abort="]);
                asc
            }
        };
        done(&mut command)?;
        ensure!(output.exists(), "`{}` was not written", output.display());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_there_and_every_one_is_a_guest() {
        for guest in GUESTS {
            assert!(folder().join(guest.source).is_file(), "{}", guest.source);
        }
        let mut folders = vec![folder()];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => count += 1,
                }
            }
        }
        assert_eq!(count, GUESTS.len());
    }
}
