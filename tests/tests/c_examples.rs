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

/// An example being built: its folder, and where the outputs go.
struct Example {
    folder: PathBuf,
    out: tempfile::TempDir,
}

impl Example {
    fn new(name: &str) -> Self {
        Example {
            folder: workspace().join("examples").join(name),
            out: tempfile::tempdir().unwrap(),
        }
    }

    fn out(&self, file: &str) -> PathBuf {
        self.out.path().join(file)
    }

    /// Compiles `guest.wat` with more arguments.
    fn compile_guest(&self, target: &[&str], output: &Path, header: Option<&Path>) {
        let mut ahead = Command::new(ahead_tests::ahead());
        ahead.arg("compile").arg(self.folder.join("guest.wat"));
        ahead.args(target).arg("-o").arg(output);
        if let Some(header) = header {
            ahead.arg("--header").arg(header);
        }
        run(&mut ahead, Limits::default()).ok();
    }

    /// Compiles and links `main.c` with `more`; no warning is accepted.
    fn compile_main(&self, mut cc: Command, more: &[&Path]) -> PathBuf {
        let program = self.out("main");
        cc.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-O1"]);
        cc.arg(self.folder.join("main.c")).args(more);
        cc.arg("-I")
            .arg(workspace().join("runtime-support/capi/include"));
        cc.arg("-I").arg(self.out.path());
        cc.arg("-o").arg(&program);
        run(&mut cc, Limits::default()).ok();
        program
    }

    fn expect(&self, mut program: Command) {
        let finished = run(&mut program, Limits::default()).ok();
        let expected = std::fs::read_to_string(self.folder.join("expected.txt")).unwrap();
        assert_eq!(finished.stdout(), expected, "{}", finished.stderr());
    }
}

/// A C compiler that links `libahead.a` of `folder`. The library has to come behind what needs it, so the
/// flags are a response file behind the sources.
fn cc(command: Command, flags: &[&str], example: &Example, folder: &Path) -> (Command, PathBuf) {
    let library = folder.join("libahead.a");
    let mut lines = format!("\"{}\"\n", library.display());
    for flag in flags {
        lines.push_str(flag);
        lines.push('\n');
    }
    let file = example.out("flags");
    std::fs::write(&file, lines).unwrap();
    (command, PathBuf::from(format!("@{}", file.display())))
}

#[test]
fn a_program_embeds_a_shared_object() {
    let example = Example::new("embed-so");
    let guest = example.out("guest.so");
    example.compile_guest(&[], &guest, None);
    let (cc, flags) = cc(
        Command::new("cc"),
        &LINK_FLAGS,
        &example,
        built::libraries(),
    );
    let program = example.compile_main(cc, &[&flags]);
    let mut command = Command::new(program);
    command.arg(&guest);
    example.expect(command);
}

#[test]
fn a_program_embeds_with_the_shared_library() {
    let example = Example::new("embed-so");
    let guest = example.out("guest.so");
    example.compile_guest(&[], &guest, None);
    let library = built::libraries().join("libahead.so");
    let program = example.compile_main(Command::new("cc"), &[&library]);
    let mut command = Command::new(program);
    command
        .arg(&guest)
        .env("LD_LIBRARY_PATH", built::libraries());
    example.expect(command);
}

#[test]
fn a_program_holds_a_linked_object() {
    let example = Example::new("link-o");
    let guest = example.out("guest.o");
    example.compile_guest(&[], &guest, Some(&example.out("guest.h")));
    let (cc, flags) = cc(
        Command::new("cc"),
        &LINK_FLAGS,
        &example,
        built::libraries(),
    );
    let program = example.compile_main(cc, &[&guest, &flags]);
    example.expect(Command::new(program));
}

#[test]
fn both_examples_run_on_aarch64() {
    let Some(aarch64) = Aarch64::find_or_skip() else {
        return;
    };
    let target = ["--target", "aarch64"];
    let example = Example::new("embed-so");
    let guest = example.out("guest.so");
    example.compile_guest(&target, &guest, None);
    let (compiler, flags) = cc(aarch64.cc(), &LINK_FLAGS, &example, aarch64.folder());
    let program = example.compile_main(compiler, &[&flags]);
    let mut command = aarch64.command(&program);
    command.arg(&guest);
    example.expect(command);

    let example = Example::new("link-o");
    let guest = example.out("guest.o");
    example.compile_guest(&target, &guest, Some(&example.out("guest.h")));
    let (compiler, flags) = cc(aarch64.cc(), &LINK_FLAGS, &example, aarch64.folder());
    let program = example.compile_main(compiler, &[&guest, &flags]);
    example.expect(aarch64.command(&program));
}

/// `tests/capi/main.c` checks what the header promises, from C.
#[test]
fn the_c_api_keeps_its_promises() {
    let example = Example {
        folder: workspace().join("tests/capi"),
        out: tempfile::tempdir().unwrap(),
    };
    let modules = ["guest", "importer", "command"].map(|name| {
        let output = example.out(&format!("{name}.so"));
        let mut ahead = Command::new(ahead_tests::ahead());
        ahead
            .arg("compile")
            .arg(example.folder.join(format!("{name}.wat")));
        ahead.arg("-o").arg(&output);
        run(&mut ahead, Limits::default()).ok();
        output
    });
    let (cc, flags) = cc(
        Command::new("cc"),
        &LINK_FLAGS,
        &example,
        built::libraries(),
    );
    let program = example.compile_main(cc, &[&flags]);
    run(Command::new(program).args(modules), Limits::default()).ok();
}

/// The functions that the header declares.
fn declared() -> Vec<String> {
    let header = workspace().join("runtime-support/capi/include/ahead.h");
    let header = std::fs::read_to_string(header).unwrap();
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
    let header = workspace().join("runtime-support/capi/include/ahead.h");
    for (compiler, language) in [("cc", "c"), ("c++", "c++")] {
        let mut check = Command::new(compiler);
        check.args(["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
        check
            .args(["-x", language])
            .arg("-include")
            .arg(&header)
            .arg("/dev/null");
        run(&mut check, Limits::default()).ok();
    }
}
