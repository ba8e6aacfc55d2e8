//! Modules and artefacts that mean harm: each is compiled, or refused with a message, in bounded time and memory.
//!
//! All through the program, in processes of their own, since a crash is one of the answers that must not be given.
//! Bounds are generous: they catch what is quadratic, not what is slow.

use ahead_tests::binary::{Binary, code, section, signed, unsigned};
use ahead_tests::process::{Finished, Limits, run};
use ahead_tests::{ahead, samples};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMITS: Limits = Limits {
    time: Duration::from_secs(90),
    memory_bytes_max: 3 << 30,
};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn compile(&self, wasm: &[u8], options: &[&str]) -> Finished {
        let module = self.file("module.wasm", wasm);
        let mut command = Command::new(ahead());
        command
            .arg("compile")
            .arg(module)
            .arg("-o")
            .arg(self.artefact())
            .args(options);
        run(&mut command, LIMITS)
    }

    fn artefact(&self) -> PathBuf {
        self.0.path().join("module.so")
    }

    fn invoke(&self, args: &[&str]) -> Finished {
        let mut command = Command::new(ahead());
        command
            .arg("run")
            .arg(self.artefact())
            .arg("--invoke")
            .args(args);
        run(&mut command, LIMITS)
    }
}

/// Compiled or refused; whichever it is, in bounds and with nothing left behind.
fn survives(wasm: &[u8], options: &[&str]) -> Finished {
    let folder = Folder::new();
    let finished = folder.compile(wasm, options);
    match finished.code() {
        Some(0) => assert!(folder.artefact().exists()),
        _ => {
            assert!(
                !folder.artefact().exists(),
                "a refused module left an artefact"
            );
            finished_is_refusal(&finished);
        }
    }
    finished
}

fn finished_is_refusal(finished: &Finished) {
    let said = finished.stderr();
    assert_eq!(finished.code(), Some(1), "{}\n{said}", finished.status);
    assert!(
        said.starts_with("error: ") && !said.contains("panicked at"),
        "{said}"
    );
}

fn refused(wasm: &[u8], because: &str) {
    let said = Folder::new().compile(wasm, &[]).refused();
    assert!(
        said.contains(because),
        "not because of `{because}`:\n{said}"
    );
}

/// `i32.const n`
fn i32_const(number: i64) -> Vec<u8> {
    [&[0x41][..], &signed(number)].concat()
}

const NO_LOCALS: &[u8] = &[0];

#[test]
fn a_million_nested_blocks() {
    let depth = 1_000_000;
    let body = [
        b"\x02\x40".repeat(depth),
        b"\x0b".repeat(depth),
        i32_const(0),
    ]
    .concat();
    survives(&Binary::function(NO_LOCALS, &body), &[]);
}

#[test]
fn thirty_thousand_nested_ifs() {
    let depth = 30_000;
    // local.get 0; if (result i32) ... i32.const 1 else i32.const 2 end
    let body = [
        b"\x20\0\x04\x7f".repeat(depth),
        i32_const(1),
        b"\x05\x41\x02\x0b".repeat(depth),
    ]
    .concat();
    survives(&Binary::function(NO_LOCALS, &body), &[]);
}

#[test]
fn nesting_like_that_of_real_code_is_taken() {
    let depth = 500;
    let body = [
        b"\x03\x40".repeat(depth),
        b"\x0b".repeat(depth),
        i32_const(7),
    ]
    .concat();
    let folder = Folder::new();
    folder
        .compile(&Binary::function(NO_LOCALS, &body), &[])
        .ok();
    assert_eq!(folder.invoke(&["run", "0"]).ok().stdout(), "7\n");
}

#[test]
fn a_chain_of_a_million_operations() {
    let body = [b"\x20\0".to_vec(), b"\x45".repeat(1_000_000)].concat();
    survives(&Binary::function(NO_LOCALS, &body), &[]);
}

#[test]
fn twenty_thousand_values_alive_at_once() {
    let count = 20_000;
    // Pushes as many different products, then adds them all up.
    let mut body = Vec::new();
    for number in 0..count {
        body.extend(b"\x20\0");
        body.extend(i32_const(number * 2 + 1));
        body.push(0x6c);
    }
    body.extend(b"\x6a".repeat(count as usize - 1));
    let wasm = Binary::function(NO_LOCALS, &body);
    let folder = Folder::new();
    folder.compile(&wasm, &[]).ok();
    // The sum of the first n odd numbers is n squared.
    let sum = (count * count).to_string() + "\n";
    assert_eq!(folder.invoke(&["run", "1"]).ok().stdout(), sum);
}

#[test]
fn a_body_of_two_and_a_half_million_instructions() {
    let mut body = b"\x20\0".to_vec();
    for _ in 0..1_250_000 {
        body.extend(b"\x41\x01\x6a");
    }
    survives(&Binary::function(NO_LOCALS, &body), &[]);
}

#[test]
fn three_hundred_thousand_calls_in_one_body() {
    let body = [b"\x20\0".to_vec(), b"\x10\0".repeat(300_000)].concat();
    survives(&Binary::function(NO_LOCALS, &body), &[]);
}

#[test]
fn branch_tables_up_to_the_limit() {
    let table = |targets: usize, unreachable: bool| {
        let mut body = b"\x02\x40".to_vec();
        if unreachable {
            body.push(0x00);
        }
        body.extend(b"\x20\0\x0e");
        body.extend(unsigned(targets as u64));
        body.extend(vec![0; targets + 1]);
        body.push(0x0b);
        body.extend(i32_const(5));
        Binary::function(NO_LOCALS, &body)
    };
    for target in ["x86_64", "aarch64"] {
        let limit = Folder::new();
        limit
            .compile(&table(65_520, false), &["--target", target])
            .ok();
    }
    for unreachable in [false, true] {
        refused(&table(65_521, unreachable), "65521");
    }
}

#[test]
fn many_locals() {
    let locals = |count: u64| [vec![1], unsigned(count), vec![0x7f]].concat();
    let body = [&[0x20][..], &unsigned(50_000)].concat();
    let folder = Folder::new();
    folder
        .compile(&Binary::function(&locals(50_000 - 1), b"\x20\0"), &[])
        .ok();
    assert_eq!(folder.invoke(&["run", "9"]).ok().stdout(), "9\n");
    refused(&Binary::function(&locals(60_000), &body), "locals");
    refused(
        &Binary::function(&locals(u64::from(u32::MAX)), &body),
        "locals",
    );
}

#[test]
fn a_hundred_thousand_functions() {
    let count = 100_000;
    let wasm = Binary::default()
        .vector(section::TYPE, 1, b"\x60\0\0")
        .vector(section::FUNCTION, count, &vec![0; count])
        .vector(section::CODE, count, &code(NO_LOCALS, b"").repeat(count))
        .finish();
    survives(&wasm, &[]);
}

#[test]
fn an_element_segment_of_a_million_entries() {
    let count = 1_000_000;
    let segment = [
        b"\0\x41\0\x0b".to_vec(),
        unsigned(count as u64),
        vec![0; count],
    ]
    .concat();
    let wasm = Binary::default()
        .vector(section::TYPE, 1, b"\x60\0\0")
        .vector(section::FUNCTION, 1, b"\0")
        .vector(
            section::TABLE,
            1,
            &[b"\x70\0".to_vec(), unsigned(count as u64)].concat(),
        )
        .vector(section::ELEMENT, 1, &segment)
        .vector(section::CODE, 1, &code(NO_LOCALS, b""))
        .finish();
    survives(&wasm, &[]);
}

/// Each call in nested `try`s may go on in every one of them: the product is what is bounded.
#[test]
fn a_thousand_handlers_for_each_of_a_thousand_calls() {
    let wat = |tags: usize, calls: usize| {
        let tag = |number| format!("(tag $t{number})");
        let open = |number| format!("(try_table (catch $t{} $out) ", number % tags);
        format!(
            "(module {} (func $f) (func (block $out {} {} {})))",
            (0..tags).map(tag).collect::<String>(),
            (0..1000).map(open).collect::<String>(),
            "(call $f)".repeat(calls),
            ")".repeat(1000)
        )
    };
    refused(wat(1000, 1000).as_bytes(), "exception handlers of calls");
    // What is caught already is not asked again.
    let finished = survives(wat(1, 1000).as_bytes(), &[]);
    assert_eq!(finished.code(), Some(0), "{}", finished.stderr());
}

#[test]
fn a_table_larger_than_any_machine() {
    let folder = Folder::new();
    let wat = r#"(module (table (export "t") 4294967295 funcref) (func (export "run") (table.set 0 (i32.const 0) (ref.null func))))"#;
    folder.compile(wat.as_bytes(), &[]).ok();
    let said = folder.invoke(&["run"]).refused();
    assert!(said.contains("table"), "{said}");
}

#[test]
fn a_memory_one_page_too_large() {
    let wasm = Binary::default()
        .vector(section::MEMORY, 1, b"\0\x81\x80\x04")
        .finish();
    refused(&wasm, "memory size");
}

#[test]
fn sparse_data_makes_no_large_file() {
    let folder = Folder::new();
    let wat = r#"(module (memory 65536)
        (data (i32.const 0) "first") (data (i32.const -16) "last")
        (func (export "run") (result i32) (i32.load8_u (i32.const -16))))"#;
    folder.compile(wat.as_bytes(), &[]).ok();
    let bytes = std::fs::metadata(folder.artefact()).unwrap().len();
    assert!(bytes < 1 << 20, "{bytes} bytes");
    assert_eq!(folder.invoke(&["run"]).ok().stdout(), "108\n");
}

#[test]
fn data_outside_the_memory_is_a_trap() {
    let folder = Folder::new();
    let wat = r#"(module (memory 1) (data (i32.const 65534) "long") (func (export "run")))"#;
    folder.compile(wat.as_bytes(), &[]).ok();
    folder.invoke(&["run"]).with_code(134);
}

#[test]
fn names_are_data() {
    let names = [
        "main",
        "malloc",
        "_init",
        "../../x",
        "a b;$(id)",
        "\\00",
        "\\1b[31mred\\07",
        "\\f0\\9f\\a6\\80",
        "",
    ];
    let mut wat = String::from("(module\n");
    for (index, name) in names.iter().enumerate() {
        wat += &format!("(func (export \"{name}\") (result i32) (i32.const {index}))\n");
    }
    wat.push(')');
    let folder = Folder::new();
    folder.compile(wat.as_bytes(), &[]).ok();
    // As symbols they are escaped and cannot clash with anything.
    let mut nm = Command::new("nm");
    let symbols = run(
        nm.args(["-D", "--defined-only"]).arg(folder.artefact()),
        LIMITS,
    )
    .ok();
    assert_eq!(symbols.stdout().lines().count(), 1, "{}", symbols.stdout());
    // In what people read, control characters are shown and not sent.
    let mut inspect = Command::new(ahead());
    let shown = run(inspect.arg("inspect").arg(folder.artefact()), LIMITS).ok();
    assert!(
        !shown.stdout.contains(&0x1b) && !shown.stdout.contains(&0),
        "{}",
        shown.stdout()
    );

    let module = folder.file("names.wat", wat.as_bytes());
    let header = folder.0.path().join("names.h");
    let mut command = Command::new(ahead());
    command
        .arg("compile")
        .arg(&module)
        .arg("-o")
        .arg(folder.0.path().join("names.o"));
    run(
        command.args(["--prefix", "n"]).arg("--header").arg(&header),
        LIMITS,
    )
    .ok();
    let source = folder.file(
        "names.c",
        b"#include \"names.h\"\nint main(void) { return 0; }\n",
    );
    let mut cc = Command::new("cc");
    cc.args(["-Wall", "-Werror", "-c", "-o"])
        .arg(folder.0.path().join("use.o"))
        .arg(source);
    let include = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../runtime-support/capi/include"
    );
    run(cc.args(["-I", include]), LIMITS).ok();
}

#[test]
fn names_that_are_no_text_are_refused() {
    let wasm = Binary::default()
        .vector(section::TYPE, 1, b"\x60\0\0")
        .vector(section::FUNCTION, 1, b"\0")
        .vector(section::EXPORT, 1, b"\x02\xc3\x28\0\0")
        .vector(section::CODE, 1, &code(NO_LOCALS, b""))
        .finish();
    refused(&wasm, "UTF-8");
}

#[test]
fn malformed_modules_are_refused() {
    let overlong = Binary::default()
        .section(section::TYPE, b"\x81\x80\x80\x80\x80\0")
        .finish();
    let unknown_section = Binary::default().section(99, b"").finish();
    let backwards = Binary::default()
        .vector(section::CODE, 0, b"")
        .vector(section::TYPE, 0, b"")
        .finish();
    let no_code = Binary::default()
        .vector(section::TYPE, 1, b"\x60\0\0")
        .vector(section::FUNCTION, 1, b"\0")
        .finish();
    let no_end = {
        let mut wasm = Binary::function(NO_LOCALS, b"\x20\0");
        *wasm.last_mut().unwrap() = 0x01;
        wasm
    };
    for wasm in [
        overlong,
        unknown_section,
        backwards,
        no_code,
        no_end,
        b"\0asm".to_vec(),
        Vec::new(),
    ] {
        Folder::new().compile(&wasm, &[]).refused();
    }
    refused(b"\0asm\x0d\0\x01\0", "component");
    refused(&std::fs::read(ahead()).unwrap()[..4096], "error: ");
}

#[test]
fn three_hundred_thousand_custom_sections() {
    let mut wasm = Binary::default().finish();
    let custom = Binary::default()
        .section(section::CUSTOM, b"\x01x")
        .finish();
    for _ in 0..300_000 {
        wasm.extend_from_slice(&custom[8..]);
    }
    let folder = Folder::new();
    folder.compile(&wasm, &[]).ok();
}

#[test]
fn a_file_without_an_end_is_refused() {
    let said = run(Command::new(ahead()).args(["run", "/dev/zero"]), LIMITS).refused();
    assert!(said.contains("larger than 1 GiB"), "{said}");
}

#[test]
fn text_that_is_no_module_is_refused() {
    for text in [
        "(module",
        "(module (func (i32.add)))",
        "not a module",
        "(module (func $a) (func $a))",
    ] {
        let folder = Folder::new();
        let module = folder.file("module.wat", text.as_bytes());
        let mut command = Command::new(ahead());
        run(
            command
                .arg("compile")
                .arg(module)
                .arg("-o")
                .arg(folder.artefact()),
            LIMITS,
        )
        .refused();
    }
    // Deep nesting is the text parser's business, and it too has to end.
    let deep = format!(
        "(module (func {} {}))",
        "(block ".repeat(100_000),
        ")".repeat(100_000)
    );
    survives(deep.as_bytes(), &[]);
}

#[test]
fn a_start_function_that_traps_or_recurses() {
    for body in ["unreachable", "(call $start)"] {
        let wat = format!("(module (func $start {body}) (start $start) (func (export \"run\")))");
        let folder = Folder::new();
        folder.compile(wat.as_bytes(), &[]).ok();
        let said = folder.invoke(&["run"]).with_code(134).stderr();
        assert!(said.contains("start"), "no backtrace:\n{said}");
    }
}

#[test]
fn imports_that_are_missing_or_of_another_type() {
    let cases = [
        (r#"(import "env" "nothing" (func))"#, "nothing"),
        (
            r#"(import "wasi_snapshot_preview1" "fd_write" (func (param i64)))"#,
            "fd_write",
        ),
        (
            r#"(import "wasi_snapshot_preview1" "sched_yield" (memory 1))"#,
            "sched_yield",
        ),
    ];
    for (import, name) in cases {
        let folder = Folder::new();
        let wat = format!("(module {import} (func (export \"run\")))");
        folder.compile(wat.as_bytes(), &[]).ok();
        let said = folder.invoke(&["run"]).refused();
        assert!(said.contains(name), "{said}");
    }
}

/// Runs `ahead inspect` or `ahead run` on an artefact that was tampered with.
fn judge_artefact(command: &str, artefact: &Path) -> Finished {
    run(Command::new(ahead()).arg(command).arg(artefact), LIMITS)
}

#[test]
fn artefacts_cut_short_are_refused() {
    let folder = Folder::new();
    folder.compile(samples::EVERY_SECTION.as_bytes(), &[]).ok();
    let whole = std::fs::read(folder.artefact()).unwrap();
    let cut = folder.0.path().join("cut.so");
    // Behind the last loaded segment lie symbols and section headers, which nothing needs to run.
    let needed = loaded_bytes(&whole);
    for length in (0..needed).step_by((needed / 300).max(1)) {
        std::fs::write(&cut, &whole[..length]).unwrap();
        for command in ["run", "inspect"] {
            let finished = judge_artefact(command, &cut);
            assert_ne!(
                finished.code(),
                Some(0),
                "{command} takes the first {length} of {needed} bytes"
            );
            finished_is_refusal(&finished);
        }
    }
}

/// The end of the last segment that is loaded, except for the writable one that only the system's loader wants.
fn loaded_bytes(artefact: &[u8]) -> usize {
    use object::read::elf::{ElfFile64, ProgramHeader};
    let file = ElfFile64::<object::Endianness>::parse(artefact).unwrap();
    let endian = object::Endianness::Little;
    let needed = file.elf_program_headers().iter().filter(|segment| {
        segment.p_type(endian) == object::elf::PT_LOAD
            && segment.p_flags(endian) & object::elf::PF_W == 0
    });
    let ends = needed.map(|segment| segment.p_offset(endian) + segment.p_filesz(endian));
    ends.max().unwrap() as usize
}

/// A changed byte may go unnoticed, since most bytes are right in many ways; what it must not do is crash the
/// program that looks at it. `inspect` reads every table and runs nothing.
#[test]
fn artefacts_with_a_changed_byte_do_not_crash_inspect() {
    let folder = Folder::new();
    folder.compile(samples::EVERY_SECTION.as_bytes(), &[]).ok();
    let whole = std::fs::read(folder.artefact()).unwrap();
    let changed = folder.0.path().join("changed.so");
    let step = (whole.len() / 1500).max(1);
    for (count, at) in (0..whole.len()).step_by(step).enumerate() {
        let mut bytes = whole.clone();
        bytes[at] ^= [0x01, 0x80, 0xff, 0x10][count % 4];
        std::fs::write(&changed, bytes).unwrap();
        let finished = judge_artefact("inspect", &changed);
        if finished.code() != Some(0) {
            finished_is_refusal(&finished);
        }
    }
}

#[test]
fn artefacts_with_a_changed_header_do_not_crash_run() {
    let folder = Folder::new();
    folder.compile(samples::HELLO.as_bytes(), &[]).ok();
    let whole = std::fs::read(folder.artefact()).unwrap();
    let header = whole
        .windows(8)
        .position(|bytes| bytes == ahead_artifact::MAGIC)
        .unwrap();
    let changed = folder.0.path().join("changed.so");
    let headers = (0..0x200).chain(header..header + ahead_artifact::header::HEADER_BYTES + 13 * 24);
    for at in headers {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        std::fs::write(&changed, bytes).unwrap();
        let finished = judge_artefact("run", &changed);
        match finished.code() {
            Some(0) => {}
            Some(1) => finished_is_refusal(&finished),
            other => panic!(
                "byte {at:#x}: {other:?} {}\n{}",
                finished.status,
                finished.stderr()
            ),
        }
    }
}

#[test]
fn an_artefact_of_another_machine_is_named() {
    let other = if cfg!(target_arch = "x86_64") {
        "aarch64"
    } else {
        "x86_64"
    };
    let folder = Folder::new();
    folder
        .compile(samples::HELLO.as_bytes(), &["--target", other])
        .ok();
    let said = judge_artefact("run", &folder.artefact()).refused();
    assert!(said.contains(other), "{said}");
}

#[test]
fn nothing_is_left_when_the_output_cannot_be_written() {
    let folder = Folder::new();
    let module = folder.file("module.wat", samples::HELLO.as_bytes());
    let nowhere = folder.0.path().join("missing/module.so");
    let mut command = Command::new(ahead());
    let said = run(
        command.arg("compile").arg(&module).arg("-o").arg(&nowhere),
        LIMITS,
    )
    .refused();
    assert!(said.contains("missing"), "{said}");

    // A full disk, as far as the program can tell: no file may grow beyond one block of 512 bytes.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" compile \"$1\" -o \"$2\"";
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script])
        .arg(ahead())
        .arg(&module)
        .arg(folder.artefact());
    let said = run(&mut shell, LIMITS).refused();
    assert!(said.contains("module.so"), "{said}");
    let left: Vec<_> = std::fs::read_dir(folder.0.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["module.wat"], "something was left behind");
}
