//! What an artefact is as an ELF file, for both instruction sets, as `readelf`, `nm` and the dynamic linker see it.
//!
//! The file is made by `ahead compile`; the tools are binutils, which read aarch64 files on any machine.

use ahead_tests::process::{Limits, run};
use ahead_tests::{ahead, samples};
use object::elf;
use object::read::elf::{ElfFile64, FileHeader, ProgramHeader};
use object::{Endianness, Object, ObjectSection, ObjectSymbol};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGETS: [&str; 2] = ["x86_64", "aarch64"];
/// The largest page size that Linux has on our targets.
const PAGE_BYTES_MAX: u64 = 64 * 1024;

struct Made {
    folder: tempfile::TempDir,
}

impl Made {
    fn new() -> Made {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("module.wat"), samples::EVERY_SECTION).unwrap();
        Made { folder }
    }

    fn compile(&self, output: &str, options: &[&str]) -> PathBuf {
        let output = self.folder.path().join(output);
        let mut command = Command::new(ahead());
        command
            .arg("compile")
            .arg(self.folder.path().join("module.wat"))
            .arg("-o")
            .arg(&output)
            .args(options);
        run(&mut command, Limits::default()).ok();
        output
    }
}

fn said_by(tool: &str, options: &[&str], file: &Path) -> String {
    let mut command = Command::new(tool);
    let finished = run(command.args(options).arg(file), Limits::default()).ok();
    assert_eq!(finished.stderr(), "", "{tool} warns");
    finished.stdout()
}

#[test]
fn a_shared_object_needs_nothing_and_does_nothing_at_load() {
    let made = Made::new();
    for target in TARGETS {
        let file = made.compile("module.so", &["--target", target]);
        let dynamic = said_by("readelf", &["-Wd"], &file);
        for tag in [
            "NEEDED",
            "TEXTREL",
            "INIT",
            "FINI",
            "INIT_ARRAY",
            "FINI_ARRAY",
            "PREINIT_ARRAY",
            "RELA",
            "REL",
            "RELR",
            "JMPREL",
            "RPATH",
            "RUNPATH",
            "FLAGS",
        ] {
            assert!(
                !dynamic.contains(&format!("({tag})")),
                "{target}: {tag}\n{dynamic}"
            );
        }
        assert_eq!(
            said_by("nm", &["-D", "--undefined-only"], &file),
            "",
            "{target}"
        );
        assert_eq!(said_by("nm", &["-u"], &file), "", "{target}");
        let exported = said_by("nm", &["-D", "--defined-only"], &file);
        let names: Vec<_> = exported
            .lines()
            .filter_map(|line| line.split_whitespace().last())
            .collect();
        assert_eq!(names, ["ahead_module"], "{target}");
        assert!(
            said_by("readelf", &["-Wr"], &file).contains("There are no relocations in this file.")
        );
    }
}

#[test]
fn segments_are_apart_and_map_on_every_page_size() {
    let made = Made::new();
    for target in TARGETS {
        let bytes = std::fs::read(made.compile("module.so", &["--target", target])).unwrap();
        let file = ElfFile64::<Endianness>::parse(&*bytes).unwrap();
        let endian = file.endian();
        let machine = if target == "x86_64" {
            elf::EM_X86_64
        } else {
            elf::EM_AARCH64
        };
        assert_eq!(file.elf_header().e_machine(endian), machine);
        assert_eq!(file.elf_header().e_type(endian), elf::ET_DYN);
        let (mut kinds, mut last_page) = (Vec::new(), None);
        for segment in file.elf_program_headers() {
            let (kind, flags) = (segment.p_type(endian), segment.p_flags(endian));
            kinds.push(kind);
            assert!(
                flags & (elf::PF_W | elf::PF_X) != elf::PF_W | elf::PF_X,
                "{target}: writable code"
            );
            if kind == elf::PT_GNU_STACK {
                assert_eq!(flags & elf::PF_X, 0, "{target}: executable stack");
            }
            if kind != elf::PT_LOAD {
                continue;
            }
            let (address, offset) = (segment.p_vaddr(endian), segment.p_offset(endian));
            assert!(segment.p_align(endian) >= PAGE_BYTES_MAX, "{target}");
            assert_eq!(
                address % PAGE_BYTES_MAX,
                offset % PAGE_BYTES_MAX,
                "{target}"
            );
            let first_page = address / PAGE_BYTES_MAX;
            assert!(
                last_page.is_none_or(|last| first_page > last),
                "{target}: segments share a page"
            );
            last_page = Some((address + segment.p_memsz(endian).max(1) - 1) / PAGE_BYTES_MAX);
        }
        for needed in [
            elf::PT_DYNAMIC,
            elf::PT_GNU_EH_FRAME,
            elf::PT_NOTE,
            elf::PT_GNU_STACK,
        ] {
            assert!(
                kinds.contains(&needed),
                "{target}: no segment of type {needed:#x} in {kinds:x?}"
            );
        }
        assert!(
            file.build_id().unwrap().is_some_and(|id| id.len() >= 16),
            "{target}: no build id"
        );
    }
}

#[test]
fn tools_see_function_names_and_unwind_tables() {
    let made = Made::new();
    for target in TARGETS {
        let path = made.compile("module.so", &["--target", target]);
        let bytes = std::fs::read(&path).unwrap();
        let file = ElfFile64::<Endianness>::parse(&*bytes).unwrap();
        let text = file.section_by_name(".text").unwrap();
        let functions: Vec<_> = file
            .symbols()
            .filter(|symbol| symbol.kind() == object::SymbolKind::Text)
            .collect();
        for name in ["add", "pick", "spin"] {
            let found = functions
                .iter()
                .find(|symbol| symbol.name().is_ok_and(|has| has.contains(name)));
            let symbol = found.unwrap_or_else(|| panic!("{target}: no symbol for `{name}`"));
            let inside = text.address()..text.address() + text.size();
            assert!(
                inside.contains(&symbol.address()) && symbol.size() > 0,
                "{target}: `{name}`"
            );
        }
        let frames = said_by("readelf", &["--debug-dump=frames"], &path);
        let described = frames.matches(" FDE ").count();
        assert!(
            described >= functions.len() / 2,
            "{target}: {described} of {}",
            functions.len()
        );
    }
}

#[test]
fn the_dynamic_linker_takes_it() {
    let made = Made::new();
    let module = made.compile("module.so", &[]);
    let source = made.folder.path().join("open.c");
    std::fs::write(
        &source,
        r#"#include <dlfcn.h>
           #include <stdio.h>
           #include <string.h>
           int main(int argc, char **argv) {
             void *handle = dlopen(argv[argc - 1], RTLD_NOW);
             if (!handle) { puts(dlerror()); return 1; }
             const char *header = dlsym(handle, "ahead_module");
             return !header || memcmp(header, "\177AHEAD\r\n", 8) != 0 || dlclose(handle) != 0;
           }"#,
    )
    .unwrap();
    let program = made.folder.path().join("open");
    let mut cc = Command::new("cc");
    run(
        cc.arg("-o").arg(&program).arg(&source).arg("-ldl"),
        Limits::default(),
    )
    .ok();
    run(Command::new(&program).arg(&module), Limits::default()).ok();
}

#[test]
fn a_relocatable_object_has_the_prefix_on_all_it_exports() {
    let made = Made::new();
    for target in TARGETS {
        let object = made.compile("module.o", &["--target", target, "--prefix", "mine"]);
        let exported = said_by("nm", &["-g", "--defined-only"], &object);
        let names: Vec<_> = exported
            .lines()
            .filter_map(|line| line.split_whitespace().last())
            .collect();
        assert!(names.contains(&"mine_module"), "{target}: {names:?}");
        assert!(
            names.iter().all(|name| name.starts_with("mine_")),
            "{target}: {names:?}"
        );
        let undefined = said_by("nm", &["-u"], &object);
        for name in undefined
            .lines()
            .filter_map(|line| line.split_whitespace().last())
        {
            assert!(name.starts_with("ahead_"), "{target}: needs `{name}`");
        }
    }
}

#[test]
fn two_compiles_give_the_same_bytes() {
    let made = Made::new();
    for output in ["module.so", "module.o"] {
        for target in TARGETS {
            let bytes = |threads: &str| {
                let mut command = Command::new(ahead());
                command
                    .env("RAYON_NUM_THREADS", threads)
                    .arg("compile")
                    .arg(made.folder.path().join("module.wat"))
                    .arg("-o")
                    .arg(made.folder.path().join(output))
                    .args(["--target", target]);
                run(&mut command, Limits::default()).ok();
                std::fs::read(made.folder.path().join(output)).unwrap()
            };
            assert_eq!(bytes("1"), bytes("4"), "{output} for {target}");
        }
    }
}
