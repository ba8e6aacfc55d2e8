//! Opening artefacts: the right ones from wherever they come, damaged and foreign ones with a clear error.

mod embedder;

use ahead_compiler::Config;
use ahead_runtime::{Bounds, Linker, Module, Store};
use ahead_targets::Isa;
use ahead_tests::samples;
use embedder::{artefact, open};

fn sample() -> Vec<u8> {
    artefact(samples::EVERY_SECTION, Bounds::Guard)
}

/// Where the module's header starts in the file.
fn header_of(bytes: &[u8]) -> usize {
    let magic = &ahead_artifact::MAGIC;
    bytes
        .windows(magic.len())
        .position(|window| window == magic)
        .expect("a header")
}

fn message(bytes: &[u8]) -> String {
    match open(bytes) {
        Ok(_) => "opened".into(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_prefix_is_an_error() {
    let bytes = sample();
    // The section headers at the end are for tools: without them the artefact is whole.
    let loaded = header_of(&bytes) + 80;
    for length in (0..loaded).chain((loaded..bytes.len() / 2).step_by(97)) {
        assert!(open(&bytes[..length]).is_err(), "prefix of {length} bytes");
    }
}

/// Whatever a byte of what is read at opening is changed to, opening and looking at the module ends well.
#[test]
fn no_changed_byte_crashes_the_open() {
    let bytes = sample();
    let metadata = header_of(&bytes);
    let metadata_end =
        metadata + u64::from_le_bytes(bytes[metadata + 32..][..8].try_into().unwrap()) as usize;
    let places = (0..1024)
        .chain(metadata..metadata_end)
        .chain(dynamic_section(&bytes));
    let (mut refused, mut opened) = (0, 0);
    for place in places {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = bytes.clone();
            bytes[place] ^= change;
            match open(&bytes) {
                Ok(module) => {
                    opened += 1;
                    look_at(&module);
                }
                Err(error) => {
                    refused += 1;
                    assert!(!error.to_string().is_empty());
                }
            }
        }
    }
    assert!(
        refused > 500 && opened > 500,
        "{refused} refused, {opened} opened"
    );
}

fn look_at(module: &Module) {
    module.name();
    for function in 0..20 {
        module.function_name(ahead_runtime::FuncIndex(function));
    }
    assert!(module.interface().exports.len() < 1000);
}

fn dynamic_section(bytes: &[u8]) -> std::ops::Range<usize> {
    use object::{Object, ObjectSection};
    let file = object::File::parse(bytes).unwrap();
    let (start, length) = file
        .section_by_name(".dynamic")
        .unwrap()
        .file_range()
        .unwrap();
    start as usize..(start + length) as usize
}

#[test]
fn what_does_not_fit_this_machine_is_named() {
    let bytes = sample();
    let header = header_of(&bytes);
    let with = |offset: usize, value: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[header + offset..][..value.len()].copy_from_slice(value);
        message(&bytes)
    };
    assert_eq!(
        with(8, &[9, 0, 2, 0]),
        "the artefact has ABI version 9.2, and this runtime reads 3.0 to 3.0\n\nhint: compile the module again"
    );
    assert!(with(12, &[243, 0]).starts_with("the artefact is for machine 243, this machine is "));
    assert_eq!(
        with(20, &1000u32.to_le_bytes()),
        "the artefact is laid out for pages of 1000 bytes, and this machine's have 4096"
    );
    assert!(
        with(16, &999u32.to_le_bytes())
            .starts_with("the artefact calls 999 builtins, and this runtime has ")
    );
    assert!(with(24, &(1u64 << 63).to_le_bytes()).contains("lacks: unknown feature 63"));

    let foreign = Isa::ALL
        .into_iter()
        .find(|isa| Some(*isa) != Isa::host())
        .unwrap();
    let wasm = samples::assemble(samples::HELLO);
    let config = Config::for_target(foreign);
    let foreign_bytes = ahead_compiler::compile(&wasm, &config)
        .unwrap()
        .shared_object();
    let expected = format!(
        "the artefact is for {foreign}, this machine is {}",
        Isa::host().unwrap()
    );
    assert_eq!(message(&foreign_bytes), expected);
}

#[test]
fn files_that_are_no_artefacts_are_told_so() {
    assert_eq!(
        message(b""),
        "not an Ahead artefact: too short for an ELF file"
    );
    assert_eq!(message(&[0; 100]), "not an Ahead artefact: not an ELF file");
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    assert_eq!(
        message(&program),
        "not an Ahead artefact: it is a program, not a library"
    );
    for (flags, problem) in [
        (7u32, "a segment both writable and executable"),
        (1, "a segment that cannot be read"),
        (4, "not exactly one executable segment"),
    ] {
        let mut bytes = sample();
        let text = (64..)
            .step_by(56)
            .find(|&at| bytes[at..at + 8] == [1, 0, 0, 0, 5, 0, 0, 0])
            .unwrap();
        bytes[text + 4..text + 8].copy_from_slice(&flags.to_le_bytes());
        assert_eq!(message(&bytes), format!("not an Ahead artefact: {problem}"));
    }
}

#[test]
fn a_file_is_opened_like_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("module.so");
    std::fs::write(&path, sample()).unwrap();
    let module = embedder::open_file(&path).unwrap();
    assert_eq!(module.name(), Some("every_section"));
    assert_eq!(module.interface().imports.len(), 1);
    let missing = embedder::open_file(&folder.path().join("missing.so"))
        .unwrap_err()
        .to_string();
    assert!(
        missing.starts_with("cannot open `") && missing.ends_with("(os error 2)"),
        "{missing}"
    );
    assert!(
        embedder::open_file(folder.path())
            .unwrap_err()
            .to_string()
            .ends_with("not a regular file")
    );
    // The file may go: what is mapped stays.
    std::fs::remove_file(&path).unwrap();
    let mut linker = Linker::new();
    linker.func_dynamic(
        "wasi_snapshot_preview1",
        "fd_write",
        module.interface().types[1].clone(),
        |_, _, _| Ok(()),
    );
    let mut store = Store::new(());
    let types = &module.interface().types;
    if linker.instantiate(&mut store, &module).is_err() {
        panic!("cannot instantiate a module with {types:?}");
    }
}
