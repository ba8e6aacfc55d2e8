//! `ahead bench` as a library: engines that agree are measured, one that is wrong is caught before a time is told.
//!
//! What it says of bad command lines is in `tests/cli/bench`; what is noise and what a difference, in
//! `bench/src/statistics.rs`, on recorded samples. No test here depends on how long something takes.

use ahead_bench::child::Step;
use ahead_bench::engines::ahead::{Ahead, Variant, compile};
use ahead_bench::engines::{self, Engine, Way};
use ahead_bench::filter::Mix;
use ahead_bench::filter::envoy::{self, EnvoyPlan, Host};
use ahead_bench::machine::Machine;
use ahead_bench::program::{Declared, Entry, Program};
use ahead_bench::report::{html, table};
use ahead_bench::session::{Mismatch, Plan, Quantity, Report, Scope, measure};
use ahead_bench::worker::Repeat;
use ahead_tests::built::libraries;
use ahead_tests::{ahead, skip};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// Prints a line, reads its input, ends with 7.
const COMMAND: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\20\00\00\00\06\00\00\00" "\40\00\00\00\40\00\00\00")
  (data (i32.const 32) "HELLO\n")
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
    (drop (call $fd_read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 16)))
    (i32.store (i32.const 12) (i32.load (i32.const 16)))
    (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))
    (call $proc_exit (i32.const 7))))"#;

/// Gives numbers of every type, and leaves something in memory; a call sees what the one before left.
const EXPORTS: &str = r#"(module
  (memory (export "memory") 1)
  (func (export "sum") (param $count i32) (param $scale f64) (result f64) (local $sum i64)
    (loop $again
      (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (local.get $count))))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (i64.store (i32.const 8) (local.get $sum))
    (f64.mul (f64.convert_i64_u (local.get $sum)) (local.get $scale))))"#;

/// Copies a header of each request into another one and into the log, and answers those with a body itself.
const FILTER: &str = r#"(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_send_local_response"
    (func $respond (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "user-agentx-copyREFUSED")
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $get (i32.const 0) (i32.const 16) (i32.const 10) (i32.const 0) (i32.const 4)))
    (drop (call $log (i32.const 2) (i32.load (i32.const 0)) (i32.load (i32.const 4))))
    (drop (call $add (i32.const 0) (i32.const 26) (i32.const 6)
      (i32.load (i32.const 0)) (i32.load (i32.const 4))))
    (i32.const 0))
  (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
    (drop (call $respond (i32.const 403) (i32.const 0) (i32.const 0) (i32.const 32) (i32.const 7)
      (i32.const 0) (i32.const 0) (i32.const -1)))
    (i32.const 1)))"#;

struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Bench {
        Bench {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn module(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, wat::parse_str(text).unwrap()).unwrap();
        path
    }

    fn command(&self) -> Program {
        let stdin = self.folder.path().join("input");
        std::fs::write(&stdin, "input\n").unwrap();
        Program {
            module: self.module("command.wasm", COMMAND),
            name: "command.wasm".into(),
            entry: Entry::Command {
                args: vec!["one".into()],
            },
            env: vec![("LANG".into(), "C".into())],
            dirs: Vec::new(),
            stdin: Some(stdin),
        }
    }

    fn export(&self) -> Program {
        let module = self.module("exports.wasm", EXPORTS);
        let declared = Declared::read(&std::fs::read(&module).unwrap()).unwrap();
        let entry = declared.call("sum", &["1000".into(), "0.5".into()]);
        Program {
            module,
            name: "exports.wasm".into(),
            entry: entry.unwrap(),
            env: Vec::new(),
            dirs: Vec::new(),
            stdin: None,
        }
    }

    fn filter(&self) -> Program {
        Program {
            module: self.module("filter.wasm", FILTER),
            name: "filter.wasm".into(),
            entry: Entry::Filter {
                mix: Mix::default(),
            },
            env: Vec::new(),
            dirs: Vec::new(),
            stdin: None,
        }
    }
}

fn plan(program: Program) -> Plan {
    Plan {
        program,
        rounds: 2,
        repeat: Repeat {
            seconds: 0.0,
            iterations_min: 3,
            iterations_max: 3,
            instances: 2,
        },
        long_iterations_min: 3,
        timeout: Duration::from_secs(120),
        compare_output: true,
        scope: Scope::Everything,
        launcher: ahead().to_owned(),
    }
}

fn measured(program: Program, engines: Vec<Box<dyn Engine>>) -> Result<Report> {
    measured_by(&plan(program), engines)
}

fn measured_by(plan: &Plan, engines: Vec<Box<dyn Engine>>) -> Result<Report> {
    measure(plan, engines, Vec::new(), Machine::this("a test"), &|_| {})
}

#[test]
fn what_takes_long_is_repeated_less() {
    let bench = Bench::new();
    let iterations = |plan: &Plan| {
        let report = measured_by(plan, vec![own(Variant::Guard)]).unwrap();
        report.engines[0].curve.len()
    };
    let mut plan = plan(bench.command());
    plan.long_iterations_min = 1;
    assert_eq!(iterations(&plan), 1, "no time at all is shorter");
    plan.repeat.seconds = 60.0;
    assert_eq!(iterations(&plan), 3);
}

#[test]
fn turns_are_counted_from_the_first_to_the_last() {
    let bench = Bench::new();
    let turns = std::cell::RefCell::new(Vec::new());
    let machine = Machine::this("a test");
    let engines = vec![own(Variant::Guard), own(Variant::Explicit)];
    measure(
        &plan(bench.command()),
        engines,
        Vec::new(),
        machine,
        &|doing| {
            turns.borrow_mut().extend(doing.turns);
        },
    )
    .unwrap();
    // Two rounds of two engines and the reference's twin.
    let all: Vec<_> = (0..6).map(|over| (over, 6)).collect();
    assert_eq!(turns.into_inner(), all);
}

fn own(variant: Variant) -> Box<dyn Engine> {
    Box::new(Ahead::new(ahead(), variant))
}

/// An engine that compiles another module than it was given: what it does is wrong, and it does it well.
struct Wrong {
    engine: Ahead,
    instead: PathBuf,
}

impl Engine for Wrong {
    fn name(&self) -> &str {
        "wrong"
    }

    fn about(&self) -> &str {
        "gives something else"
    }

    fn way(&self) -> Way {
        Way::Ahead
    }

    fn compile(&self, program: &Program, output: &Path, folder: &Path) -> Result<Option<Step>> {
        let program = Program {
            module: self.instead.clone(),
            ..program.clone()
        };
        self.engine.compile(&program, output, folder)
    }

    fn once(&self, program: &Program, code: &Path, folder: &Path) -> Result<Step> {
        self.engine.once(program, code, folder)
    }

    fn repeat(
        &self,
        program: &Program,
        code: &Path,
        how: &Repeat,
        folder: &Path,
    ) -> Result<Option<Step>> {
        self.engine.repeat(program, code, how, folder)
    }
}

/// An engine that runs a program once, and dies when it is to repeat it.
struct Dies(Ahead);

impl Engine for Dies {
    fn name(&self) -> &str {
        "dies"
    }

    fn about(&self) -> &str {
        "does not last"
    }

    fn way(&self) -> Way {
        Way::Ahead
    }

    fn compile(&self, program: &Program, output: &Path, folder: &Path) -> Result<Option<Step>> {
        self.0.compile(program, output, folder)
    }

    fn once(&self, program: &Program, code: &Path, folder: &Path) -> Result<Step> {
        self.0.once(program, code, folder)
    }

    fn repeat(
        &self,
        _program: &Program,
        _code: &Path,
        _how: &Repeat,
        folder: &Path,
    ) -> Result<Option<Step>> {
        let mut command = Command::new("sh");
        command.args(["-c", "kill -ABRT $$"]);
        Ok(Some(Step {
            record: Some(folder.join("no-record")),
            ..Step::new(command)
        }))
    }
}

#[test]
fn an_engine_that_dies_is_named_and_the_others_are_measured() {
    let bench = Bench::new();
    let dies = Dies(Ahead::new(ahead(), Variant::Guard));
    let engines = vec![own(Variant::Guard), Box::new(dies), own(Variant::Explicit)];
    let report = measured(bench.command(), engines).unwrap();
    let rounds: Vec<_> = report
        .engines
        .iter()
        .map(|engine| engine.measured[&Quantity::Steady].samples.len())
        .collect();
    assert_eq!(rounds, [2, 2]);
    let [failed] = &report.failed[..] else {
        panic!("{:?}", report.failed);
    };
    assert_eq!(failed.name, "dies");
    let why = "in round 1: SIGABRT ended it";
    assert!(failed.why.starts_with(why), "{}", failed.why);
}

/// What is said when an engine runs `instead` of the program's own module.
fn caught(bench: &Bench, program: Program, instead: &str) -> Mismatch {
    let wrong = Wrong {
        engine: Ahead::new(ahead(), Variant::Guard),
        instead: bench.module("instead.wasm", instead),
    };
    let error = measured(program, vec![own(Variant::Guard), Box::new(wrong)]).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("`ahead` and `wrong`"), "{said}");
    error.downcast().unwrap()
}

#[test]
fn wrong_output_is_caught() {
    let bench = Bench::new();
    let mismatch = caught(&bench, bench.command(), &COMMAND.replace("HELLO", "HULLO"));
    assert_eq!(mismatch.expected.exit, mismatch.got.exit);
    assert_ne!(mismatch.expected.stdout, mismatch.got.stdout);
}

#[test]
fn a_wrong_exit_code_is_caught() {
    let bench = Bench::new();
    let instead = COMMAND.replace("(i32.const 7)", "(i32.const 0)");
    let mismatch = caught(&bench, bench.command(), &instead);
    assert_eq!(
        (mismatch.expected.exit, mismatch.got.exit),
        (Some(7), Some(0))
    );
}

#[test]
fn a_wrong_number_is_caught() {
    let bench = Bench::new();
    let instead = EXPORTS.replace("f64.mul", "f64.add");
    let mismatch = caught(&bench, bench.export(), &instead);
    assert_ne!(mismatch.expected.values, mismatch.got.values);
}

#[test]
fn a_wrong_byte_in_memory_is_caught() {
    let bench = Bench::new();
    let instead = EXPORTS.replace("(i64.store (i32.const 8)", "(i64.store (i32.const 9)");
    let mismatch = caught(&bench, bench.export(), &instead);
    assert_eq!(mismatch.expected.values, mismatch.got.values);
    assert_ne!(mismatch.expected.memory, mismatch.got.memory);
}

/// A filter that writes another header, logs something else, answers otherwise, or stops.
#[test]
fn a_filter_that_does_something_else_is_caught() {
    let bench = Bench::new();
    for (from, to, seen) in [
        ("x-copy", "x-kopy", "x-kopy"),
        (
            "(call $log (i32.const 2)",
            "(call $log (i32.const 4)",
            "Error",
        ),
        ("(i32.const 403)", "(i32.const 404)", "404"),
        ("REFUSED", "refused", "answered with 403"),
        (
            "(i32.const 0))\n  (func (export \"proxy_on_request_body",
            "(i32.const 4))\n  (func (export \"proxy_on_request_body",
            "held",
        ),
    ] {
        let instead = FILTER.replace(from, to);
        assert_ne!(instead, FILTER, "{from}");
        let mismatch = caught(&bench, bench.filter(), &instead);
        let got = mismatch.got.seen.as_ref().unwrap();
        assert!(got.iter().any(|line| line.contains(seen)), "{got:#?}");
        assert_ne!(mismatch.expected.seen, mismatch.got.seen);
        // The lines that are not the same are told.
        let told = mismatch.to_string();
        for line in ["\n  ahead: request ", "\n  wrong: request "] {
            assert!(told.contains(line), "{told}");
        }
    }
}

/// What becomes of the requests of a filter, under every engine that our host runs on.
#[test]
fn filters_are_measured_request_by_request() {
    let bench = Bench::new();
    let found = engines::find(ahead(), None);
    let report = measured(bench.filter(), found.engines).unwrap();
    for failed in &report.failed {
        let allowed = [
            "host of filters does not run",
            "measured with commands only",
        ];
        assert!(
            allowed.iter().any(|why| failed.why.contains(why)),
            "{failed:?}"
        );
    }
    assert_eq!(report.engines[1].name, "ahead-explicit");
    for engine in &report.engines {
        for quantity in [
            Quantity::First,
            Quantity::Steady,
            Quantity::CallMedian,
            Quantity::CallSlow,
            Quantity::Instantiate,
            Quantity::InstanceMemory,
            Quantity::HostCall,
            Quantity::OncePeak,
            Quantity::OncePageFaults,
        ] {
            let samples = &engine.measured[&quantity].samples;
            assert_eq!(samples.len(), 2, "{} {quantity:?}", engine.name);
        }
        // Twice through the mix, and each request on its own.
        assert!(engine.curve.len() >= 10, "{}", engine.name);
    }
    assert!(report.subject.result.contains("headers, bodies and logs"));
    told(&report);
}

/// The same filter in Envoy, in its own host and in ours; one that answers otherwise there is caught.
#[test]
fn filters_are_measured_in_envoy() {
    let Some(program) = ahead_tests::envoy::find_or_skip() else {
        return;
    };
    let bench = Bench::new();
    let module = bench.filter().module;
    let artefact = bench.folder.path().join("filter.so");
    let code = compile(&std::fs::read(&module).unwrap(), Variant::Guard).unwrap();
    std::fs::write(&artefact, code).unwrap();
    let ours = Host::Ahead {
        adapter: libraries().join("libahead_envoy.so"),
        artefact,
    };
    let plan = |module: PathBuf| EnvoyPlan {
        program: program.clone(),
        mix: Mix::default(),
        hosts: vec![Host::Nothing, ours.clone(), Host::V8 { module }],
        rounds: 2,
        time: Duration::ZERO,
    };
    let report = envoy::measure(&plan(module), &|_| {}).unwrap();
    assert!(
        report.version.contains(ahead_tests::envoy::VERSION),
        "{report:?}"
    );
    let names: Vec<_> = report.hosts.iter().map(|host| host.name.as_str()).collect();
    assert_eq!(names, ["no filter", "ahead", "V8"]);
    for host in &report.hosts {
        assert_eq!(host.request_cpu_ns.len(), 2);
        assert!(host.request_cpu_ns.iter().all(|cpu| *cpu > 0.0), "{host:?}");
        assert!(host.start_cpu_ns > 0 && host.resident_bytes > 0, "{host:?}");
    }
    assert!(report.hosts[2].compared.is_some());
    let other = bench.module("other.wasm", &FILTER.replace("REFUSED", "refused"));
    let error = envoy::measure(&plan(other), &|_| {})
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`ahead` and `V8` do not answer request 3 the same"),
        "{error}"
    );
}

/// A command line has WASI for a program, and not the module by which it marks what is to be measured.
#[test]
fn a_program_that_marks_a_region_is_refused_where_it_cannot_run() {
    let bench = Bench::new();
    let text = r#"(module
      (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
      (memory (export "memory") 1)
      (func (export "_start") (call $start) (call $end)))"#;
    let program = Program {
        module: bench.module("marked.wasm", text),
        stdin: None,
        ..bench.command()
    };
    let found = engines::find(ahead(), None);
    let report = measured(program, found.engines).unwrap();
    assert!(report.engines.iter().any(|engine| engine.name == "ahead"));
    assert_eq!(report.subject.iteration, "what the program marks");
    for failed in &report.failed {
        assert!(failed.why.contains("no module `bench`"), "{failed:?}");
    }
}

/// All engines of this machine, on a command and on an export: ours, and whatever else is installed.
#[test]
fn engines_agree_and_are_measured() {
    let bench = Bench::new();
    for program in [bench.command(), bench.export()] {
        let is_command = program.is_command();
        let found = engines::find(ahead(), None);
        let names: Vec<String> = found
            .engines
            .iter()
            .map(|one| one.name().to_owned())
            .collect();
        for missing in &found.missing {
            skip(&format!("{}: {}", missing.name, missing.why));
        }
        let report = measured(program, found.engines).unwrap();
        for failed in &report.failed {
            let allowed = "measured with commands only";
            assert!(!is_command && failed.why.contains(allowed), "{failed:?}");
        }
        assert_eq!(report.engines.len() + report.failed.len(), names.len());
        assert_eq!(names[0], "ahead");

        let mut wanted = vec![Quantity::OnceWall, Quantity::OnceCpu, Quantity::OncePeak];
        wanted.extend([Quantity::First, Quantity::Steady]);
        for engine in &report.engines {
            for quantity in &wanted {
                let samples = &engine.measured[quantity].samples;
                assert_eq!(samples.len(), 2, "{} {quantity:?}", engine.name);
            }
            // Programs that are run from outside are not looked into.
            let is_embedded = !engine.curve.is_empty();
            assert!(is_embedded || is_command, "{}", engine.name);
            if is_embedded {
                assert_eq!(engine.curve.len(), 3, "{}", engine.name);
                let tells_memory = engine.measured.contains_key(&Quantity::InstanceMemory);
                assert!(
                    tells_memory
                        || engine.name.starts_with("node")
                        || engine.name.starts_with("wasm2c")
                );
                assert!(engine.measured.contains_key(&Quantity::Instantiate));
            }
            if is_embedded && !is_command {
                assert!(engine.measured.contains_key(&Quantity::CallSlow));
            }
        }
        let ours = &report.engines[0].measured;
        for quantity in [
            Quantity::CompileCpu,
            Quantity::ArtefactSize,
            Quantity::HostCall,
        ] {
            assert!(ours[&quantity].interval.middle > 0.0, "{quantity:?}");
        }
        assert!(report.noise[&Quantity::Steady] >= 1.0);
        told(&report);
    }
}

/// The report in its three forms.
fn told(report: &Report) {
    let text = table::render(report);
    let page = html::render(report);
    for engine in &report.engines {
        assert!(text.contains(&engine.name) && page.contains(&engine.name));
    }
    // Complete in itself: nothing is fetched, nothing runs.
    for outside in ["http:", "https:", "src=", "<script", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    let json = serde_json::to_string(report).unwrap();
    let back: Report = serde_json::from_str(&json).unwrap();
    assert_eq!(back.engines.len(), report.engines.len());
    assert_eq!(table::render(&back), text);
}

/// A program that prints something else each time is not measured, unless its user says so.
#[test]
fn a_program_that_changes_its_mind_is_told() {
    let bench = Bench::new();
    let text = r#"(module
      (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "\20\00\00\00\08\00\00\00")
      (func (export "_start")
        (drop (call $random_get (i32.const 32) (i32.const 8)))
        (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))"#;
    let program = Program {
        module: bench.module("random.wasm", text),
        stdin: None,
        ..bench.command()
    };
    let error = measured(program.clone(), vec![own(Variant::Guard)]).unwrap_err();
    assert!(
        format!("{error:#}").contains("something else than before"),
        "{error:#}"
    );
    let plan = Plan {
        compare_output: false,
        ..plan(program)
    };
    let machine = Machine::this("a test");
    let engines = vec![own(Variant::Guard), own(Variant::Explicit)];
    measure(&plan, engines, Vec::new(), machine, &|_| {}).unwrap();
}
