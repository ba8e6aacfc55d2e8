//! Makes modules of the sources of filters.
//!
//! What needs a toolchain that this machine has not got is left out with a message; `scripts/setup.sh` installs
//! them all. Text modules need none: they are made here, with some liberties, since a filter in this language would
//! otherwise be half boilerplate. `(s "text")` stands for the address and the length of that text in memory, `(out)`
//! for the two places to which a hostcall writes where its result is, and the fields of `tests/filters/prelude.wat`
//! are put in the place of `(; prelude ;)`.

use super::{Scenario, Source, folder};
use crate::corpus::Corpus;
use crate::{Limits, ahead, run, skip, workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::{NamedTempFile, TempDir};

/// Modules that could be made.
pub struct Built {
    modules: BTreeMap<Source, PathBuf>,
    artefacts: BTreeMap<Source, PathBuf>,
    /// Where artefacts are.
    scratch: TempDir,
}

impl Built {
    /// Makes the modules of all scenarios.
    ///
    /// # Panics
    /// If a source is wrong.
    pub fn new(scenarios: &[Scenario]) -> Built {
        let output = target().join("filters");
        fs::create_dir_all(&output).expect("a folder in target");
        let corpus = Corpus::find_or_skip();
        let mut skipped = BTreeSet::new();
        let mut modules = BTreeMap::new();
        let sources: BTreeSet<_> = scenarios.iter().map(|scenario| &scenario.source).collect();
        for source in sources {
            let made = match source {
                Source::Corpus(path) => corpus.as_ref().map(|corpus| corpus.path(path)).ok_or(None),
                Source::Ours(path) => make(path, &output),
            };
            match made {
                Ok(module) => drop(modules.insert(source.clone(), module)),
                Err(why) => skipped.extend(why),
            }
        }
        for why in skipped {
            skip(&why);
        }
        Built {
            modules,
            artefacts: BTreeMap::new(),
            scratch: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    /// With every module compiled by us, with some options.
    ///
    /// # Panics
    /// If one cannot be compiled.
    pub fn compiled(mut self, options: &[&str]) -> Built {
        for (number, (source, module)) in self.modules.iter().enumerate() {
            let artefact = self.scratch.path().join(format!("{number}.so"));
            let mut compile = Command::new(ahead());
            compile.arg("compile").args(options);
            compile.arg(module).arg("-o").arg(&artefact);
            run(&mut compile, BUILD).ok();
            self.artefacts.insert(source.clone(), artefact);
        }
        self
    }

    /// The module of a source, if there is one.
    pub fn module(&self, source: &Source) -> Option<&Path> {
        self.modules.get(source).map(PathBuf::as_path)
    }

    /// The artefact of a source, if it was compiled.
    pub fn artefact(&self, source: &Source) -> Option<&Path> {
        self.artefacts.get(source).map(PathBuf::as_path)
    }
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace().join("target"), |path| path.into())
}

/// The module, or what is missing to make it.
fn make(source: &str, output: &Path) -> Result<PathBuf, Option<String>> {
    let path = folder().join(source);
    let module = output.join(source.replace('/', "_")).with_extension("wasm");
    match source.split_once('/').map_or(source, |split| split.0) {
        "rust" => return rust(&path, output).map_err(Some),
        "c" => c(&path, &module).map_err(Some)?,
        "go" => go(&path, &module).map_err(Some)?,
        "assemblyscript" => assemblyscript(&path, &module).map_err(Some)?,
        _ => {
            let text = fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("`{}`: {error}", path.display()));
            let bytes =
                assemble(&text).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()));
            write_if_other(&module, &bytes);
        }
    }
    Ok(module)
}

/// How long a toolchain may take that builds its own library first.
const BUILD: Limits = Limits {
    time: Duration::from_secs(900),
    memory_bytes_max: 8 << 30,
};

/// Builds the crate of all filters in Rust.
fn rust(folder: &Path, output: &Path) -> Result<PathBuf, String> {
    let target = output.join("rust");
    let mut cargo = Command::new(workspace().join("scripts/wasi-cargo.sh"));
    cargo.args([
        "build",
        "--release",
        "--locked",
        "--target",
        "wasm32-wasip1",
    ]);
    cargo
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        // What cargo tells its tests is about another build.
        .env_remove("CARGO_TARGET_DIR");
    run(&mut cargo, BUILD).ok();
    Ok(target.join("wasm32-wasip1/release/filters.wasm"))
}

fn c(source: &Path, module: &Path) -> Result<(), String> {
    let mut clang = Command::new(found("clang-19")?);
    clang
        .args(["--target=wasm32", "-O2", "-nostdlib", "-Wl,--no-entry"])
        .arg(source)
        .arg("-o")
        .arg(module);
    run(&mut clang, BUILD).ok();
    Ok(())
}

/// Builds the package that the file belongs to.
fn go(source: &Path, module: &Path) -> Result<(), String> {
    let program = found("go").or_else(|why| existing(&target().join("go/bin/go")).ok_or(why))?;
    let mut go = Command::new(program);
    go.current_dir(source.parent().expect("a file in a folder"))
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .env("GOCACHE", target().join("go/cache"))
        .env("GOFLAGS", "-mod=mod")
        .env("GOTOOLCHAIN", "local")
        .args(["build", "-buildmode=c-shared", "-ldflags=-s -w", "-o"])
        .arg(module)
        .arg(".");
    run(&mut go, BUILD).ok();
    Ok(())
}

fn assemblyscript(source: &Path, module: &Path) -> Result<(), String> {
    const COMPILER: &str = "assemblyscript/node_modules/.bin/asc";
    let program =
        existing(&target().join(COMPILER)).ok_or("no asc: scripts/setup.sh installs it")?;
    let mut asc = Command::new(program);
    asc.arg(source)
        .args([
            "--optimize",
            "--runtime",
            "minimal",
            "--use",
            "abort=",
            "-o",
        ])
        .arg(module);
    run(&mut asc, BUILD).ok();
    Ok(())
}

/// The path of a program that can be called by its name.
fn found(name: &str) -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(name));
    places
        .find(|place| place.is_file())
        .ok_or_else(|| format!("no {name}: scripts/setup.sh installs it"))
}

fn existing(path: &Path) -> Option<PathBuf> {
    path.is_file().then(|| path.to_owned())
}

/// Writes a file that may be in use elsewhere with the same content.
fn write_if_other(path: &Path, bytes: &[u8]) {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return;
    }
    let folder = path.parent().expect("a file in a folder");
    let mut new = NamedTempFile::new_in(folder).expect("a file in target");
    new.write_all(bytes).expect("a file in target");
    new.persist(path).expect("a file in target");
}

/// Where texts begin in memory; below is the prelude's own.
const TEXTS: usize = 4096;

/// Makes a module of its text.
pub fn assemble(text: &str) -> Result<Vec<u8>, String> {
    let prelude =
        fs::read_to_string(folder().join("prelude.wat")).map_err(|error| error.to_string())?;
    let text = text.replace("(; prelude ;)", &prelude);
    let text = text.replace("(out)", "(global.get $out0) (global.get $out1)");
    let mut texts = Vec::new();
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("(s \"") {
        let (before, from) = rest.split_at(at);
        let literal = &from["(s \"".len()..];
        let end = literal.find("\")").ok_or("a text without end")?;
        let bytes = unescape(&literal[..end])?;
        out += before;
        out += &format!(
            "(i32.const {}) (i32.const {})",
            TEXTS + texts.len(),
            bytes.len()
        );
        texts.extend(bytes);
        rest = &literal[end + 2..];
    }
    out += rest;
    let end = out.rfind(')').ok_or("not a module")?;
    let data: String = texts.iter().map(|byte| format!("\\{byte:02x}")).collect();
    out.insert_str(end, &format!("(data (i32.const {TEXTS}) \"{data}\")"));
    wat::parse_str(&out).map_err(|error| error.to_string())
}

/// The escapes of the text format that are used: `\00`.
fn unescape(literal: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = literal.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first != b'\\' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(code.ok_or_else(|| format!("a bad escape in \"{literal}\""))?);
        rest = &after[2..];
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_addresses() {
        let text = "(module (memory 1) (func (param i32 i32)) (func (call 0 (s \"a\\00b\"))))";
        let bytes = assemble(text).unwrap();
        assert!(bytes.windows(3).any(|window| window == b"a\0b"));
        assert!(assemble("(module (func (call 0 (s \"a\\xx\"))))").is_err());
    }
}
