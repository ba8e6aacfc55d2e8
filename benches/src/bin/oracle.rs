//! Records what every module of the corpus does that is no filter, by asking wasmtime:
//! `cargo run --release -p ahead-benches --features peers --bin oracle` writes `tests/corpus/expected.tsv`. With
//! parts of paths as arguments, only modules with such a path are run and the other lines stay.
//!
//! A module is first judged by what it declares (its proposals, its imports, its exports), then run: once with an
//! empty directory and every `path_*` function watched, to see whether it wants files, then twice, with nothing or with
//! the files that the corpus has for it, to see what it prints and whether it prints it again. Each run is a child
//! process with a time limit. Where the corpus says what a program must print, wasmtime's word is held against it.

use ahead_tests::corpus::Corpus;
use ahead_tests::expected::{self, Directory, Does, Expected};
use anyhow::{Context, Result, anyhow, bail, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, Validator, WasmFeatures};
use wasmtime::{Config, Engine, Linker, Module, Store, Val};
use wasmtime_wasi::p0;
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtxBuilder};

/// A run longer than this counts as long.
const LONG: Duration = Duration::from_secs(5);
/// A run longer than this counts as endless.
const ENDLESS: Duration = Duration::from_secs(300);
/// What the tests give for a trap.
const TRAP: i32 = 134;
/// Stack of a guest. Less than `ahead run` gives, and enough for what is in the corpus.
const STACK_BYTES: usize = 1 << 20;

/// What is said of output that cannot be compared.
const VARIES: &str = "prints something else in each run, such as times";

/// Programs whose output cannot be compared though two runs may well print the same.
const NOT_COMPARED: &[(&str, &str)] = &[
    ("wasi/wasi-testsuite/rust/poll_oneoff_stdio.wasm", VARIES),
    ("wasi/wasm3/test__self-hosting__wasm3-fib.wasm", VARIES),
    (
        "wasi/wasi-testsuite/rust/path_open_preopen.wasm",
        "prints which rights there are, and every engine has others",
    ),
];

/// Where we mean to differ from wasmtime: module, exit code, reason.
const DIFFERENT: &[(&str, i32, &str)] = &[
    (
        "wasi/wazero/cmd__wazero__testdata__wasi_random_get.wasm",
        0,
        "exports no memory: wasmtime traps, we answer `fault`",
    ),
    (
        "features/wasm-micro-runtime/tests__regression__ba-issues__issues__issue-3403__test.wasm",
        1,
        "its `_start` gives a number: an error before anything runs, which is told apart from a trap",
    ),
];

/// Arguments that make a program do more than print its usage, or less than run for minutes.
const ARGUMENTS: &[(&str, &[&str])] = &[
    ("wasi/WAVM/Benchmarks__binary-trees.wasm", &["12"]),
    ("wasi/WAVM/Benchmarks__fannkuch-redux.wasm", &["8"]),
    ("wasi/WAVM/Benchmarks__mandelbrot.wasm", &["200"]),
    ("wasi/WAVM/Benchmarks__spectral-norm.wasm", &["100"]),
    (
        "wasi/wasm-micro-runtime/tests__standalone__fasta__fasta.wasm",
        &["50000"],
    ),
    ("wasi/wasm3/test__self-hosting__wasm3-fib.wasm", &["16"]),
    ("wasi/wasm3/test__wasi__smallpt__smallpt-ex.wasm", &["4"]),
];

/// Directories for programs that want files, where they are not those of its suite or benchmark.
const DIRECTORIES: &[(&str, &str)] = &[
    (
        "wasi/wasm-micro-runtime/tests__standalone__tsf__tsf.wasm",
        "::.",
    ),
    // One file: the order of several depends on the file system.
    (
        "wasi/wasmer-js/tests__mapdir.wasm",
        "wasi/sightglass-data/benchmarks/richards::.",
    ),
    (
        "wasi/wasmi/crates__wasmi__benches__wasm__bz2.wasm",
        "wasi/sightglass-data/benchmarks/bz2::.",
    ),
];

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("child") => child(&args[1..]),
        _ => record(&args),
    }
}

fn record(wanted: &[String]) -> Result<()> {
    let corpus = Corpus::find().context("no corpus\n\nhint: set AHEAD_CORPUS")?;
    let file = ahead_tests::workspace().join("tests/corpus/expected.tsv");
    let known = match wanted {
        [] => Vec::new(),
        _ => expected::read(&std::fs::read_to_string(&file)?),
    };
    let mut list = Vec::new();
    for path in corpus.listed() {
        let kept = known.iter().find(|row| row.path == path);
        let is_wanted = wanted.is_empty() || wanted.iter().any(|part| path.contains(part));
        if let (Some(row), false) = (kept, is_wanted) {
            list.push(row.clone());
            continue;
        }
        let row = judge(&corpus, &path).with_context(|| path.clone())?;
        eprintln!("{path}: {:?} {}", row.does, row.note);
        list.push(row);
    }
    std::fs::write(&file, expected::write(&list))?;
    Ok(())
}

/// What the tests will expect of one module.
fn judge(corpus: &Corpus, path: &str) -> Result<Expected> {
    let mut row = Expected {
        path: path.to_owned(),
        does: Does::Invalid,
        args: Vec::new(),
        env: Vec::new(),
        exit: 0,
        stdout_bytes: 0,
        stdout_hash: expected::hash(b""),
        note: String::new(),
        directory: None,
    };
    let wasm = corpus.read(path);
    let declared = declared(&wasm)?;
    (row.does, row.note) = declared;
    if row.does != Does::Run {
        return Ok(row);
    }
    let known = ARGUMENTS.iter().find(|known| known.0 == path);
    if let Some((_, args)) = known {
        row.args = args.iter().map(|arg| arg.to_string()).collect();
    }
    let suite = Suite::of(corpus, path)?;
    row.args.extend(suite.args.iter().cloned());
    row.env = suite.env.clone();
    row.directory = suite.directory.clone();
    let benchmark = corpus.benchmark(path);
    if row.directory.is_none() {
        let Some(watched) = run(corpus, &row, Files::Watched)? else {
            row.does = Does::Endless;
            row.note = format!("still running after {} s", ENDLESS.as_secs());
            return Ok(row);
        };
        if watched.wanted_files {
            let known = DIRECTORIES.iter().find(|known| known.0 == path);
            row.directory = match (known, &benchmark) {
                (Some((_, directory)), _) => Directory::parse(directory),
                (None, Some(benchmark)) => Directory::parse(&format!("{}::.", benchmark.files)),
                (None, None) => None,
            };
        }
        // A program of the suite that gets no directory is to see what it does without.
        if watched.wanted_files && row.directory.is_none() && suite.exit.is_none() {
            row.does = Does::Files;
            row.note = "opens or looks up files".into();
            return Ok(row);
        }
    }
    let first = run(corpus, &row, Files::AsSaid)?.context("a second run took much longer")?;
    let second = run(corpus, &row, Files::AsSaid)?.context("a third run took much longer")?;
    ensure!(first.exit == second.exit, "the exit code varies");
    row.exit = first.exit;
    if first.exit != suite.exit.unwrap_or(first.exit) {
        // The suite is the judge; programs that wasmtime does not pass are run all the same.
        row.note = format!("wasmtime ends with {}", first.exit);
        row.exit = suite.exit.unwrap_or(0);
        row.does = Does::Exit;
        return Ok(row);
    }
    let not_compared = NOT_COMPARED.iter().find(|known| known.0 == path);
    let stable = first.stdout == second.stdout && not_compared.is_none();
    let long = first.time > LONG;
    row.does = match (stable, long) {
        (true, false) => Does::Run,
        (true, true) => Does::RunLong,
        (false, false) => Does::Exit,
        (false, true) => Does::ExitLong,
    };
    if stable {
        row.stdout_bytes = first.stdout.len();
        row.stdout_hash = expected::hash(&first.stdout);
    } else {
        row.note = not_compared.map_or(VARIES, |known| known.1).into();
    }
    if let Some(stdout) = suite.stdout {
        ensure!(stdout.as_bytes() == first.stdout, "not the suite's output");
    }
    if benchmark.is_some() && row.directory.is_some() && first.exit != 0 {
        row.note = "its input is not in the corpus".into();
    } else if let Some(stdout) = benchmark.and_then(|benchmark| benchmark.stdout) {
        let same = stdout.trim_ascii_end() == first.stdout.trim_ascii_end();
        ensure!(same, "not what the benchmark is to print");
    }
    if let Some((_, exit, why)) = DIFFERENT.iter().find(|known| known.0 == path) {
        row.exit = *exit;
        row.note = why.to_string();
    }
    if long {
        let note = format!("takes wasmtime {} s", first.time.as_secs());
        row.note = [row.note, note].join("; ").trim_matches([';', ' ']).into();
    }
    Ok(row)
}

/// What a module says of itself; `Run` means that it may be run.
fn declared(wasm: &[u8]) -> Result<(Does, String)> {
    if Parser::is_component(wasm) {
        return Ok((Does::Invalid, "a component".into()));
    }
    let newest = WasmFeatures::all();
    if let Err(error) = Validator::new_with_features(newest).validate_all(wasm) {
        return Ok((Does::Invalid, error.message().to_owned()));
    }
    let built = WasmFeatures::WASM3.difference(WasmFeatures::GC)
        | WasmFeatures::CUSTOM_PAGE_SIZES
        | WasmFeatures::LEGACY_EXCEPTIONS
        | WasmFeatures::WIDE_ARITHMETIC;
    if let Err(error) = Validator::new_with_features(built).validate_all(wasm) {
        return Ok((Does::Proposal, error.message().to_owned()));
    }
    let (mut foreign, mut is_command) = (Vec::new(), false);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    let wasi = ["wasi_snapshot_preview1", "wasi_unstable"].contains(&import.module);
                    let bench = import.module == "bench" && ["start", "end"].contains(&import.name);
                    if !(wasi || bench) || !matches!(import.ty, TypeRef::Func(_)) {
                        foreign.push(format!("{}.{}", import.module, import.name));
                    }
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    is_command |= export.name == "_start" && export.kind == ExternalKind::Func;
                }
            }
            _ => {}
        }
    }
    Ok(match (foreign.first(), is_command) {
        (_, false) => (Does::Library, String::new()),
        (Some(import), true) => (Does::Imports, import.clone()),
        (None, true) => (Does::Run, String::new()),
    })
}

/// What the WASI test suite says beside a module.
#[derive(Default)]
struct Suite {
    args: Vec<String>,
    env: Vec<(String, String)>,
    exit: Option<i32>,
    stdout: Option<String>,
    directory: Option<Directory>,
}

impl Suite {
    fn of(corpus: &Corpus, path: &str) -> Result<Suite> {
        let mut suite = Suite::default();
        if !path.starts_with("wasi/wasi-testsuite/") {
            return Ok(suite);
        }
        suite.exit = Some(0);
        let Ok(text) = std::fs::read_to_string(corpus.path(path).with_extension("json")) else {
            return Ok(suite);
        };
        let json: serde_json::Value = serde_json::from_str(&text)?;
        let words = json["args"].as_array().into_iter().flatten();
        suite.args = words
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect();
        for (name, value) in json["env"].as_object().into_iter().flatten() {
            let value = value.as_str().context("a variable's value is no string")?;
            suite.env.push((name.clone(), value.to_owned()));
        }
        suite.exit = Some(json["exit_code"].as_i64().unwrap_or(0) as i32);
        suite.stdout = json["stdout"].as_str().map(str::to_owned);
        if let Some(root) = json["root"].as_str() {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            suite.directory = Directory::parse(&format!("{folder}/{root}::/"));
        }
        Ok(suite)
    }
}

/// What a run gets to see of a file system.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Files {
    /// What the row says.
    AsSaid,
    /// An empty directory; whether it is used is seen.
    Watched,
}

struct Run {
    exit: i32,
    stdout: Vec<u8>,
    time: Duration,
    wanted_files: bool,
}

/// Runs a module in a child; `None` if it does not end.
fn run(corpus: &Corpus, row: &Expected, files: Files) -> Result<Option<Run>> {
    let marks = tempfile::tempdir()?;
    let stdout = tempfile::NamedTempFile::new()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("child").arg(corpus.path(&row.path));
    let given = marks.path().join("given");
    let (marks_given, directory_given, name) = match (files, &row.directory) {
        (Files::Watched, _) => (marks.path(), Path::new(""), ""),
        (Files::AsSaid, None) => (Path::new(""), Path::new(""), ""),
        (Files::AsSaid, Some(directory)) => {
            directory.make(corpus, &given);
            (Path::new(""), given.as_path(), directory.guest.as_str())
        }
    };
    command.arg(marks_given).arg(directory_given).arg(name);
    command.arg(row.env.len().to_string());
    command.args(
        row.env
            .iter()
            .map(|(name, value)| format!("{name}={value}")),
    );
    command.args(&row.args);
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(stdout.reopen()?)
        .stderr(Stdio::null())
        .spawn()?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > ENDLESS {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Ok(Some(Run {
        exit: status.code().context("wasmtime crashed")?,
        time: start.elapsed(),
        stdout: std::fs::read(stdout.path())?,
        wanted_files: marks.path().join(WANTED).exists(),
    }))
}

/// The file that a child leaves in its marks directory.
const WANTED: &str = "wanted";

/// `child <module> <marks directory or nothing> <directory or nothing> <its name> <count of variables> [variables]
/// [args]`
fn child(args: &[String]) -> Result<()> {
    let [module, marks, directory, name, count, rest @ ..] = args else {
        bail!("too few arguments for a child");
    };
    let (env, args) = rest.split_at(count.parse()?);
    let file = Path::new(module);
    let mut wasi = WasiCtxBuilder::new();
    wasi.inherit_stdio()
        .arg(file.file_name().unwrap_or_default().to_string_lossy())
        .args(args);
    for pair in env {
        let (name, value) = pair.split_once('=').context("a variable without `=`")?;
        wasi.env(name, value);
    }
    let empty = tempfile::tempdir()?;
    if !directory.is_empty() {
        wasi.preopened_dir(directory, name, FsPerms::ReadWrite)
            .map_err(flat)?;
    }
    if !marks.is_empty() {
        for guest in [".", "/"] {
            wasi.preopened_dir(empty.path(), guest, FsPerms::ReadWrite)
                .map_err(flat)?;
        }
    }

    let mut config = Config::new();
    config
        .max_wasm_stack(STACK_BYTES)
        .async_stack_size(2 * STACK_BYTES);
    let engine = Engine::new(&config).map_err(flat)?;
    let module = Module::from_file(&engine, file).map_err(flat)?;
    let mut linker = Linker::<WasiP1Ctx>::new(&engine);
    p1::add_to_linker_sync(&mut linker, |ctx| ctx).map_err(flat)?;
    p0::add_to_linker_sync(&mut linker, |ctx| ctx).map_err(flat)?;
    for name in ["start", "end"] {
        linker.func_wrap("bench", name, || {}).map_err(flat)?;
    }
    // wasmtime's own takes codes below 126 only, and only from modules that export a memory.
    linker.allow_shadowing(true);
    for version in ["wasi_snapshot_preview1", "wasi_unstable"] {
        let exit = |code: i32| -> wasmtime::Result<()> { Err(I32Exit(code).into()) };
        linker.func_wrap(version, "proc_exit", exit).map_err(flat)?;
    }
    let wanted = Arc::new(AtomicBool::new(false));
    if !marks.is_empty() {
        watch(&module, &mut linker, &wanted)?;
    }
    let mut store = Store::new(&engine, wasi.build_p1());
    let outcome = linker
        .instantiate(&mut store, &module)
        .and_then(|instance| instance.get_typed_func::<(), ()>(&mut store, "_start"))
        .and_then(|start| start.call(&mut store, ()));
    if wanted.load(Ordering::Relaxed) {
        std::fs::write(Path::new(marks).join(WANTED), "")?;
    }
    let code = match outcome {
        Ok(()) => 0,
        Err(error) => match error.downcast_ref::<I32Exit>() {
            Some(exit) => exit.0,
            None => {
                eprintln!("{error:?}");
                TRAP
            }
        },
    };
    std::process::exit(code);
}

/// Replaces the functions that look up paths by ones that find nothing and remember that they were called.
fn watch(module: &Module, linker: &mut Linker<WasiP1Ctx>, wanted: &Arc<AtomicBool>) -> Result<()> {
    const NO_ENTRY: i32 = 44;
    for import in module.imports() {
        let looks_up = import.name().starts_with("path_") || import.name() == "fd_readdir";
        let Some(ty) = import.ty().func().cloned() else {
            continue;
        };
        if looks_up {
            let wanted = wanted.clone();
            linker
                .func_new(import.module(), import.name(), ty, move |_, _, results| {
                    wanted.store(true, Ordering::Relaxed);
                    results[0] = Val::I32(NO_ENTRY);
                    Ok(())
                })
                .map_err(flat)?;
        }
    }
    Ok(())
}

/// wasmtime's errors are its own type.
fn flat(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:?}")
}
