//! Files read back by a reader that is not ours.

use crate::{Config, compile};
use ahead_artifact::header::{IMAGE_OFFSET_FIELD, MODULE_SYMBOL, TEXT_OFFSET_FIELD};
use ahead_artifact::{Metadata, SectionKind};
use ahead_targets::Isa;
use object::elf;
use object::read::elf::{ElfFile64, FileHeader, ProgramHeader};
use object::{
    Endianness, Object, ObjectSection, ObjectSymbol, RelocationFlags, SymbolKind, SymbolSection,
};
use std::collections::BTreeSet;

/// Names that would do harm where a name is not data.
const MODULE: &str = r#"(module
  (memory (export "memory") 4)
  (data (i32.const 70000) "image")
  (table 2 funcref)
  (elem (i32.const 0) func $ahead_module $loop)
  (func $ahead_module (export "main") (param i32) (result i32) (local.get 0))
  (func $loop (export "module") (param i32) (result i32) (local i32)
    (loop
      (local.set 1 (i32.add (local.get 1) (i32.load (local.get 0))))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))))
    (local.get 1))
  (func (export "\1b[2J@@") (export "_init") (export "a b") (param i32) (result i32)
    (call_indirect (param i32) (result i32) (local.get 0) (local.get 0)))
  (func $call (call $loop (i32.const 4)) (drop)))"#;

fn config(target: Isa) -> Config {
    Config {
        verify_clif: true,
        ..Config::for_target(target)
    }
}

fn shared(wat: &str, target: Isa) -> Vec<u8> {
    let wasm = wat::parse_str(wat).unwrap();
    compile(&wasm, &config(target)).unwrap().shared_object()
}

type File<'a> = ElfFile64<'a, Endianness>;

/// The bytes at an address.
fn at<'a>(file: &File<'a>, address: u64) -> &'a [u8] {
    let endian = file.endian();
    for segment in file.elf_program_headers() {
        let start = segment.p_vaddr(endian);
        let range = start..start + segment.p_filesz(endian);
        if segment.p_type(endian) == elf::PT_LOAD && range.contains(&address) {
            let offset = segment.p_offset(endian) + (address - start);
            return &file.data()[offset as usize..];
        }
    }
    panic!("{address:#x} is in no segment")
}

#[test]
fn a_shared_object_needs_nothing() {
    for target in Isa::ALL {
        let bytes = shared(MODULE, target);
        let file = File::parse(&*bytes).unwrap();
        let endian = file.endian();
        assert_eq!(file.elf_header().e_machine(endian), target.machine());
        assert_eq!(file.elf_header().e_entry(endian), 0);

        // One symbol to the outside.
        let dynamic: Vec<_> = file.dynamic_symbols().collect();
        assert_eq!(dynamic.len(), 1);
        assert_eq!(dynamic[0].name(), Ok(MODULE_SYMBOL));
        assert!(dynamic[0].is_definition() && dynamic[0].is_global());
        assert!(file.symbols().all(|symbol| !symbol.is_undefined()));

        // Nothing for the loader to do.
        assert!(file.imports().unwrap().is_empty());
        assert!(
            file.dynamic_relocations()
                .is_none_or(|mut relocations| relocations.next().is_none())
        );
        assert!(
            file.sections()
                .all(|section| section.relocations().next().is_none())
        );
        let section = file.section_by_name(".dynamic").unwrap();
        let (entries, _) = section.data().unwrap().as_chunks::<16>();
        let tags: Vec<_> = entries
            .iter()
            .map(|entry| i64::from_le_bytes(entry[..8].try_into().unwrap()))
            .collect();
        let expected = [
            elf::DT_HASH,
            elf::DT_GNU_HASH,
            elf::DT_STRTAB,
            elf::DT_SYMTAB,
            elf::DT_STRSZ,
            elf::DT_SYMENT,
            elf::DT_NULL,
        ];
        assert_eq!(tags, expected);
        assert_eq!(file.build_id().unwrap().unwrap().len(), 16);
    }
}

#[test]
fn segments_can_be_mapped_on_every_page_size() {
    for target in Isa::ALL {
        let bytes = shared(MODULE, target);
        let file = File::parse(&*bytes).unwrap();
        let endian = file.endian();
        let (mut end, mut kinds) = (0, BTreeSet::new());
        for segment in file.elf_program_headers() {
            let (offset, address) = (segment.p_offset(endian), segment.p_vaddr(endian));
            kinds.insert(segment.p_type(endian));
            assert_eq!(segment.p_filesz(endian), segment.p_memsz(endian));
            if segment.p_type(endian) == elf::PT_GNU_STACK {
                assert_eq!(segment.p_flags(endian), elf::PF_R | elf::PF_W);
            }
            if segment.p_type(endian) != elf::PT_LOAD {
                continue;
            }
            let flags = segment.p_flags(endian);
            assert_ne!(flags & (elf::PF_W | elf::PF_X), elf::PF_W | elf::PF_X);
            assert_eq!(segment.p_align(endian), 65_536);
            assert_eq!(offset % 65_536, address % 65_536);
            assert_eq!(offset % 4096, 0);
            // No two segments share a page of any size.
            assert!(address / 65_536 * 65_536 >= end, "{address:#x}");
            end = address + segment.p_memsz(endian);
            assert!(segment.p_memsz(endian) > 0);
        }
        for kind in [
            elf::PT_DYNAMIC,
            elf::PT_NOTE,
            elf::PT_GNU_EH_FRAME,
            elf::PT_GNU_STACK,
        ] {
            assert!(kinds.contains(&kind));
        }
    }
}

#[test]
fn the_header_leads_to_text_and_image() {
    for target in Isa::ALL {
        let bytes = shared(MODULE, target);
        let file = File::parse(&*bytes).unwrap();
        let address = file.dynamic_symbols().next().unwrap().address();
        let metadata = Metadata::parse(at(&file, address)).unwrap();
        let text = file.section_by_name(".text").unwrap();
        assert_eq!(
            address.wrapping_add_signed(metadata.header.text_offset),
            text.address()
        );
        assert_eq!(metadata.header.text_bytes, text.size());
        let image = address.wrapping_add_signed(metadata.header.image_offset);
        assert_eq!(
            &at(&file, image)[..metadata.header.image_bytes as usize],
            b"image"
        );

        // Each function's symbol is where the function table says.
        let functions = metadata.section(SectionKind::Functions);
        let functions = ahead_artifact::functions::FunctionTable::new(functions);
        let symbols: Vec<_> = file
            .symbols()
            .filter(|symbol| symbol.kind() == SymbolKind::Text)
            .collect();
        for (function, symbol) in functions.iter().zip(&symbols) {
            assert_eq!(
                symbol.address(),
                text.address() + u64::from(function.text_offset)
            );
            assert_eq!(symbol.size(), u64::from(function.bytes));
        }
        let names: Vec<_> = symbols
            .iter()
            .map(|symbol| symbol.name().unwrap())
            .collect();
        assert_eq!(
            names[..4],
            [
                "wasm[0]::ahead_module",
                "wasm[1]::loop",
                "wasm[2]::\\u{1b}[2J\\x40\\x40",
                "wasm[3]::call"
            ]
        );
    }
}

/// A large image is mapped by its parts, so it must lie on a page of any size.
#[test]
fn a_mapped_image_is_aligned_in_the_file() {
    let wat = format!(
        r#"(module (memory 8) (data (i32.const 0) "{}"))"#,
        "x".repeat(100_000)
    );
    let bytes = shared(&wat, Isa::Aarch64);
    let file = File::parse(&*bytes).unwrap();
    let image = file.section_by_name(".ahead.image").unwrap();
    assert_eq!(image.file_range().unwrap().0 % 65_536, 0);
    // And a module without one has no section for it.
    let bytes = shared("(module)", Isa::Aarch64);
    let file = File::parse(&*bytes).unwrap();
    assert!(file.section_by_name(".ahead.image").is_none());
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let wasm = wat::parse_str(MODULE).unwrap();
    for target in Isa::ALL {
        let with_threads = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| {
                let artifact = compile(&wasm, &config(target)).unwrap();
                (artifact.shared_object(), artifact.object("m").unwrap())
            })
        };
        let one = with_threads(1);
        assert_eq!(one, with_threads(2));
        assert_eq!(one, with_threads(5));
    }
}

#[test]
fn features_of_another_machine_are_refused() {
    let wasm = wat::parse_str(MODULE).unwrap();
    let config = Config {
        cpu: ahead_targets::CpuFeatures::default_for(Isa::Aarch64),
        ..config(Isa::X86_64)
    };
    let message = compile(&wasm, &config).err().unwrap().to_string();
    assert!(
        message.ends_with("CPU features of aarch64 for the target x86_64"),
        "{message}"
    );
}

#[test]
fn an_object_defines_exports_for_c() {
    let wasm = wat::parse_str(MODULE).unwrap();
    for target in Isa::ALL {
        let artifact = compile(&wasm, &config(target)).unwrap();
        let bytes = artifact.object("m").unwrap();
        let file = File::parse(&*bytes).unwrap();
        let mut global: Vec<_> = file
            .symbols()
            .filter(|symbol| symbol.is_global() && !symbol.is_undefined())
            .map(|symbol| symbol.name().unwrap().to_owned())
            .collect();
        global.sort();
        let expected = [
            "m__init",
            "m__x1b_x5b2J_x40_x40",
            "m__x6dodule",
            "m_a_x20b",
            "m_main",
            "m_module",
        ];
        assert_eq!(global, expected);
        let undefined: Vec<_> = file
            .symbols()
            .filter(|symbol| symbol.is_undefined())
            .map(|symbol| symbol.name().unwrap().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        assert_eq!(undefined, ["ahead_call_export"]);
        assert!(file.section_by_name(".note.GNU-stack").is_some());

        let header = artifact.c_header("m").unwrap();
        for name in expected.iter().filter(|name| **name != "m_module") {
            assert!(
                header.contains(&format!("ahead_trap_t *{name}(")),
                "{name} in {header}"
            );
        }
        assert!(artifact.object("9").is_err() && artifact.c_header("a-b").is_err());
    }
}

/// What a linker would compute from an object is what the shared object holds.
#[test]
fn relocations_say_what_a_shared_object_resolves() {
    let wasm = wat::parse_str(MODULE).unwrap();
    for target in Isa::ALL {
        let artifact = compile(&wasm, &config(target)).unwrap();
        let bytes = artifact.object("m").unwrap();
        let file = File::parse(&*bytes).unwrap();
        let metadata = file.section_by_name(".rodata.ahead").unwrap();
        let fields: BTreeSet<_> = metadata.relocations().map(|(offset, _)| offset).collect();
        assert_eq!(
            fields,
            [TEXT_OFFSET_FIELD, IMAGE_OFFSET_FIELD]
                .map(|field| field as u64)
                .into()
        );
        for (offset, relocation) in metadata.relocations() {
            // The distance counts from the header.
            assert_eq!(relocation.addend(), offset as i64);
            let distance = match target {
                Isa::X86_64 => elf::R_X86_64_PC64,
                Isa::Aarch64 => elf::R_AARCH64_PREL64,
            };
            assert_eq!(
                relocation.flags(),
                RelocationFlags::Elf { r_type: distance }
            );
        }
        // References that need addresses, in the same number for each way in which they are made.
        let text = file.section_by_name(".text").unwrap();
        let references = text.relocations().count();
        assert_eq!(references, if target == Isa::X86_64 { 2 } else { 4 });
        // One entry of the unwind tables for each function.
        let functions = file
            .symbols()
            .filter(|symbol| symbol.kind() == SymbolKind::Text)
            .count();
        let entries = file
            .section_by_name(".eh_frame")
            .unwrap()
            .relocations()
            .count();
        assert_eq!(entries, functions);
    }
}

#[test]
fn an_executable_starts_at_main() {
    let wasm = wat::parse_str(MODULE).unwrap();
    for target in Isa::ALL {
        let bytes = compile(&wasm, &config(target)).unwrap().executable_object();
        let file = File::parse(&*bytes).unwrap();
        let global: Vec<_> = file
            .symbols()
            .filter(|symbol| symbol.is_global())
            .map(|symbol| (symbol.name().unwrap(), symbol.is_undefined()))
            .collect();
        assert_eq!(global.len(), 2, "{global:?}");
        assert!(global.contains(&("main", false)) && global.contains(&("ahead_wasi_main", true)));
        let main = file
            .symbols()
            .find(|symbol| symbol.name() == Ok("main"))
            .unwrap();
        assert!(matches!(main.section(), SymbolSection::Section(_)));
    }
}
