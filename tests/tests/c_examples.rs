//! The C API from C: the programs of `examples/`, built and run as their READMEs say, a program that checks what
//! the header promises, and what `libahead` shows to a linker.

use ahead_tests::aarch64::Aarch64;
use ahead_tests::{Limits, built, run, workspace};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the READMEs give to `cc` behind the sources.
const LINK_FLAGS: [&str; 5] = [
    "-static-libgcc",
    "-Wl,--gc-sections",
    "-lpthread",
    "-ldl",
    "-lm",
];

/// Where C programs are built for and run: here, or under qemu.
struct Machine(Option<Aarch64>);

impl Machine {
    const HOST: Machine = Machine(None);

    fn cc(&self) -> Command {
        match &self.0 {
            Some(aarch64) => aarch64.cc(),
            None => Command::new("cc"),
        }
    }

    fn libraries(&self) -> &Path {
        match &self.0 {
            Some(aarch64) => aarch64.folder(),
            None => built::libraries(),
        }
    }

    fn command(&self, program: &Path) -> Command {
        match &self.0 {
            Some(aarch64) => aarch64.command(program),
            None => Command::new(program),
        }
    }
}

/// A C program with its guests, being built in a folder of its own.
struct Program<'m> {
    machine: &'m Machine,
    sources: PathBuf,
    out: tempfile::TempDir,
}

impl<'m> Program<'m> {
    fn new(machine: &'m Machine, sources: &str) -> Self {
        Program {
            machine,
            sources: workspace().join(sources),
            out: tempfile::tempdir().unwrap(),
        }
    }

    fn out(&self, file: &str) -> PathBuf {
        self.out.path().join(file)
    }

    /// Compiles a guest, and writes a header if it is to be linked in.
    fn guest(&self, wat: &str, output: &str) -> PathBuf {
        self.guest_with(wat, output, &[])
    }

    fn guest_with(&self, wat: &str, output: &str, options: &[&str]) -> PathBuf {
        let output = self.out(output);
        let mut ahead = Command::new(ahead_tests::ahead());
        ahead.arg("compile").args(options);
        ahead.arg(self.sources.join(wat));
        if self.machine.0.is_some() {
            ahead.args(["--target", "aarch64"]);
        }
        ahead.arg("-o").arg(&output);
        if output.extension().is_some_and(|extension| extension == "o") {
            ahead.arg("--header").arg(output.with_extension("h"));
        }
        run(&mut ahead, Limits::default()).ok();
        output
    }

    /// Compiles `main.c` and links it with `objects`; no warning is accepted.
    fn link(&self, objects: &[&Path], flags: &[&str]) -> PathBuf {
        let program = self.out("main");
        let mut cc = self.machine.cc();
        cc.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-O1"]);
        cc.arg("-I").arg(header().parent().unwrap());
        cc.arg("-I").arg(self.out.path());
        cc.arg(self.sources.join("main.c"))
            .args(objects)
            .args(flags);
        cc.arg("-o").arg(&program);
        run(&mut cc, Limits::default()).ok();
        program
    }

    fn static_library(&self) -> PathBuf {
        self.machine.libraries().join("libahead.a")
    }

    /// Runs an example, which prints what is beside it.
    fn prints_what_it_should(&self, command: &mut Command) {
        let finished = run(command, Limits::default()).ok();
        let expected = std::fs::read_to_string(self.sources.join("expected.txt")).unwrap();
        assert_eq!(finished.stdout(), expected, "{}", finished.stderr());
    }
}

fn embed(machine: &Machine) {
    let example = Program::new(machine, "examples/embed-so");
    let guest = example.guest("guest.wat", "guest.so");
    let program = example.link(&[&example.static_library()], &LINK_FLAGS);
    example.prints_what_it_should(machine.command(&program).arg(&guest));
}

fn link_in(machine: &Machine) {
    let example = Program::new(machine, "examples/link-o");
    let guest = example.guest("guest.wat", "guest.o");
    let program = example.link(&[&guest, &example.static_library()], &LINK_FLAGS);
    example.prints_what_it_should(&mut machine.command(&program));
}

/// `tests/capi/main.c` checks what the header promises, from C.
fn keep_promises(machine: &Machine) {
    let test = Program::new(machine, "tests/capi");
    let guests = ["guest", "importer", "command"]
        .map(|name| test.guest(&format!("{name}.wat"), &format!("{name}.so")));
    let program = test.link(&[&test.static_library()], &LINK_FLAGS);
    run(machine.command(&program).args(guests), Limits::default()).ok();
}

/// `tests/capi/linked/main.c` passes vectors to exports of an object and back.
fn pass_vectors(machine: &Machine) {
    let test = Program::new(machine, "tests/capi/linked");
    let guest = test.guest("guest.wat", "guest.o");
    let program = test.link(&[&guest, &test.static_library()], &LINK_FLAGS);
    run(&mut machine.command(&program), Limits::default()).ok();
}

/// `tests/capi/signals/main.c` sets signal handlers of its own between two instances.
fn share_signals(machine: &Machine) {
    let test = Program::new(machine, "tests/capi/signals");
    for bounds in ["guard", "explicit"] {
        let guest = test.guest_with("guest.wat", "guest.so", &["--bounds", bounds]);
        let program = test.link(&[&test.static_library()], &LINK_FLAGS);
        run(machine.command(&program).arg(guest), Limits::default()).ok();
    }
}

/// `tests/capi/threads/main.c` runs commands with threads that call it.
fn run_threads(machine: &Machine) {
    let test = Program::new(machine, "tests/capi/threads");
    let guests =
        ["guest", "plain"].map(|name| test.guest(&format!("{name}.wat"), &format!("{name}.so")));
    let mut flags = LINK_FLAGS.to_vec();
    if machine.0.is_some() {
        // Under qemu's user mode a program that loads its libraries cannot make threads.
        flags.push("-static");
    }
    let program = test.link(&[&test.static_library()], &flags);
    run(machine.command(&program).args(guests), Limits::default()).ok();
}

#[test]
fn a_program_embeds_a_shared_object() {
    embed(&Machine::HOST);
}

#[test]
fn a_program_embeds_with_the_shared_library() {
    let machine = Machine::HOST;
    let example = Program::new(&machine, "examples/embed-so");
    let guest = example.guest("guest.wat", "guest.so");
    let library = machine.libraries().join("libahead.so");
    let program = example.link(&[&library], &[]);
    let mut command = machine.command(&program);
    command
        .arg(&guest)
        .env("LD_LIBRARY_PATH", machine.libraries());
    example.prints_what_it_should(&mut command);
}

#[test]
fn a_program_holds_a_linked_object() {
    link_in(&Machine::HOST);
}

#[test]
fn the_c_api_keeps_its_promises() {
    keep_promises(&Machine::HOST);
}

#[test]
fn a_program_keeps_its_signal_handlers() {
    share_signals(&Machine::HOST);
}

#[test]
fn a_program_runs_commands_with_threads() {
    run_threads(&Machine::HOST);
}

#[test]
fn linked_functions_take_vectors() {
    pass_vectors(&Machine::HOST);
}

#[test]
fn all_of_it_on_aarch64() {
    if let Some(aarch64) = Aarch64::find_or_skip() {
        let machine = Machine(Some(aarch64));
        embed(&machine);
        link_in(&machine);
        keep_promises(&machine);
        share_signals(&machine);
        pass_vectors(&machine);
        run_threads(&machine);
    }
}

fn header() -> PathBuf {
    workspace().join("runtime-support/capi/include/ahead.h")
}

/// The functions that the header declares.
fn declared() -> Vec<String> {
    let header = std::fs::read_to_string(header()).unwrap();
    let mut names = Vec::new();
    let mut in_comment = false;
    for line in header.lines() {
        in_comment |= line.starts_with("/*");
        let code = !in_comment && !line.starts_with([' ', '#', '}']);
        in_comment &= !line.ends_with("*/");
        let inline = line.starts_with("static ") || line.starts_with("typedef ");
        if !code || inline {
            continue;
        }
        if let Some((before, _)) = line.split_once('(') {
            names.push(before.rsplit([' ', '*']).next().unwrap().to_owned());
        }
    }
    names.sort();
    names
}

#[test]
fn the_shared_library_exports_what_the_header_declares() {
    use object::{Object, ObjectSymbol};
    let bytes = std::fs::read(built::libraries().join("libahead.so")).unwrap();
    let library = object::File::parse(&*bytes).unwrap();
    let mut exported: Vec<String> = library
        .dynamic_symbols()
        .filter(|symbol| symbol.is_definition() && symbol.is_global())
        .map(|symbol| symbol.name().unwrap().to_owned())
        .collect();
    exported.sort();
    let declared = declared();
    assert!(declared.len() > 40, "{declared:?}");
    assert_eq!(exported, declared);
}

/// A header that only works behind others, or only in C, is one that somebody cannot use.
#[test]
fn the_header_stands_alone() {
    for (compiler, language) in [("cc", "c"), ("c++", "c++")] {
        let mut check = Command::new(compiler);
        check.args(["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
        check
            .args(["-x", language])
            .arg("-include")
            .arg(header())
            .arg("/dev/null");
        run(&mut check, Limits::default()).ok();
    }
}
