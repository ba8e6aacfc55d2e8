//! How soon does a program start: exec to exit of programs that print one line and are compiled beforehand.

use super::progress;
use crate::compared::{Compared, beside_this, build, done};
use crate::report::{Row, Suite, Target, Unit};
use ahead_bench::statistics::Times;
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const HELLO_C: &str = "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n";

const HELLO_WAT: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\06\00\00\00hello\n")
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))"#;

pub fn measure_all(rounds: usize) -> Result<Suite> {
    progress("start");
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("hello.c"), HELLO_C)?;
    std::fs::write(at("hello.wat"), HELLO_WAT)?;
    done(
        Command::new("cc")
            .args(["-O2", "-o"])
            .args([at("hello-c"), at("hello.c")]),
    )?;
    // Whatever lies beside this program may be of another commit.
    build(&["-p", "ahead", "-p", "ahead-capi"])?;
    let ahead = beside_this("ahead")?;
    for output in ["hello", "hello.so"] {
        done(
            Command::new(&ahead)
                .arg("compile")
                .arg(at("hello.wat"))
                .arg("-o")
                .arg(at(output)),
        )?;
    }

    let mut things = vec![
        Command::new(at("hello")),
        Command::new(at("hello-c")),
        with_args(&ahead, &["run".as_ref(), &at("hello.so")]),
    ];
    let peer = peer(folder.path())?;
    let peer_name = match &peer {
        Some((name, _)) => name.clone(),
        None => "no peer".into(),
    };
    things.extend(peer.map(|(_, command)| command));
    let mut times: Vec<_> = things.iter().map(|_| Times::default()).collect();
    for round in 0..rounds + WARM_UP {
        // Each round starts with another one: who comes behind the peer, whose threads and mappings the kernel
        // still clears away, is at a disadvantage.
        for turn in 0..things.len() {
            let thing = (round + turn) % things.len();
            let command = &mut things[thing];
            command.stdin(Stdio::null()).stdout(Stdio::null());
            let start = Instant::now();
            let status = command.status()?;
            let time = start.elapsed();
            ensure!(status.success(), "{command:?}: {status}");
            if round >= WARM_UP {
                times[thing].push(time);
            }
        }
    }
    let seconds = |thing: usize| {
        let median = times.get(thing).and_then(Times::median);
        median.map(|time| time.as_secs_f64())
    };
    let row = |subject: String, ours, theirs| Row {
        subject,
        quantity: "exec to exit",
        unit: Unit::Seconds,
        ours: seconds(ours).unwrap_or_default(),
        theirs: seconds(theirs),
    };
    let rows = vec![
        row(
            "executable, against hello.c linked dynamically".into(),
            0,
            1,
        ),
        row(format!("`ahead run hello.so`, against {peer_name}"), 2, 3),
    ];
    let target = |row: &Row, at_most| Target {
        what: row.subject.clone(),
        at_most,
        ratio: row.ratio(),
    };
    Ok(Suite {
        name: "start",
        title: format!("median of {rounds} interleaved rounds"),
        ours: "ahead",
        theirs: "theirs".into(),
        targets: vec![target(&rows[0], 1.3), target(&rows[1], 0.5)],
        rows,
    })
}

/// Rounds that do not count: page cache, CPU frequency.
const WARM_UP: usize = 20;

/// The peer that runs a precompiled module: the wasmtime program that `WASMTIME` names, or our stand-in.
fn peer(folder: &Path) -> Result<Option<(String, Command)>> {
    let (module, artefact) = (folder.join("hello.wat"), folder.join("hello.cwasm"));
    if let Some(wasmtime) = std::env::var_os("WASMTIME") {
        let wasmtime = PathBuf::from(wasmtime);
        let (compile, output) = (Path::new("compile"), Path::new("-o"));
        done(&mut with_args(
            &wasmtime,
            &[compile, &module, output, &artefact],
        ))?;
        let (run, trust) = (Path::new("run"), Path::new("--allow-precompiled"));
        let command = with_args(&wasmtime, &[run, trust, &artefact]);
        return Ok(Some(("`wasmtime run hello.cwasm`".into(), command)));
    }
    let compared = Compared::find()?;
    let Some(wasmtime) = compared.engines.get(1) else {
        return Ok(None);
    };
    let wasm = folder.join("hello.wasm");
    std::fs::write(&wasm, wat::parse_str(HELLO_WAT)?)?;
    compared.compile(&**wasmtime, &wasm, &artefact)?;
    let command = with_args(&beside_this("wasmtime-run")?, &[&artefact]);
    Ok(Some(("`wasmtime-run hello.cwasm`".into(), command)))
}

fn with_args(program: &Path, args: &[&Path]) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    command
}
