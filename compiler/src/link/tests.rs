//! A linked module, checked against its own tables.

use super::*;
use crate::config::Quiet;
use crate::{codegen, module};
use ahead_artifact::address_map::AddressMap;
use ahead_artifact::functions::{FunctionTable, TrampolineTable};
use ahead_artifact::names::Names;
use ahead_artifact::trap::TrapTable;
use ahead_artifact::{Metadata, SectionKind, TrapKind, TypeIndex};
use ahead_targets::Isa;
use std::fmt::Write;

fn linked(wat: &str, target: Isa, reach: Option<u64>) -> Linked {
    let wasm = wat::parse_str(wat).unwrap();
    let config = Config {
        verify_clif: true,
        ..Config::for_target(target)
    };
    let module = module::parse(&wasm, &config).unwrap();
    let code = codegen::generate(&module, &config, &Quiet).unwrap();
    let Some(bytes) = reach else {
        return link(module, code, &config).unwrap();
    };
    let veneer_bytes = target.backend().veneer().code.len() as u32;
    let reach = Reach {
        bytes,
        veneer_bytes,
    };
    link_within(reach, module, code, &config).unwrap()
}

const MODULE: &str = r#"(module $sample
  (import "env" "log" (func $log (param i32)))
  (type $unary (func (param i32) (result i32)))
  (table 4 funcref)
  (elem (i32.const 1) func $half $divide)
  (func $half (type $unary) (i32.shr_u (local.get 0) (i32.const 1)))
  (func $divide (type $unary) (i32.div_u (i32.const 7) (local.get 0)))
  (func (export "run") (param i32) (result i32)
    (call $log (local.get 0))
    (call_indirect (type $unary) (local.get 0) (local.get 0)))
  (func $stop unreachable))"#;

#[test]
fn tables_describe_the_code() {
    for target in Isa::ALL {
        let linked = linked(MODULE, target, None);
        let metadata = Metadata::parse(&linked.metadata).unwrap();
        assert_eq!(metadata.header.machine, target.machine());
        assert_eq!(metadata.header.text_bytes, linked.text.len() as u64);

        let functions: Vec<_> = FunctionTable::new(metadata.section(SectionKind::Functions))
            .iter()
            .collect();
        assert_eq!(functions.len(), 4);
        let names = Names::new(metadata.section(SectionKind::Names)).unwrap();
        assert_eq!(names.look_up(FuncIndex(2)), Some("divide"));
        // Without a name of its own a function is called as it is exported.
        assert_eq!(names.look_up(FuncIndex(3)), Some("run"));
        assert_eq!(metadata.section(SectionKind::ModuleName), b"sample");

        // The one trap of `stop` that an instruction of the module makes is its `unreachable`.
        let traps = TrapTable::new(metadata.section(SectionKind::Traps)).unwrap();
        let addresses = AddressMap::new(metadata.section(SectionKind::Addresses)).unwrap();
        let stop = functions[3];
        let range = stop.text_offset..stop.text_offset + stop.bytes;
        let in_stop: Vec<_> = traps
            .iter()
            .filter(|(offset, kind)| range.contains(offset) && *kind != TrapKind::StackOverflow)
            .collect();
        let [(site, TrapKind::Unreachable)] = in_stop[..] else {
            panic!("{target}: {in_stop:?}")
        };
        assert!(addresses.look_up(site).is_some());
        assert!(
            traps
                .iter()
                .any(|(_, kind)| kind == TrapKind::IntegerDivideByZero)
        );

        // Rows of the static table lead to the functions.
        let row = |row: usize| {
            let bytes = &metadata.section(SectionKind::StaticTables)[row * 8..][..8];
            let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
            (word(0), word(4))
        };
        assert_eq!(row(0), (0, 0));
        assert_eq!(row(1).1, functions[0].text_offset);
        assert_eq!(row(2).1, functions[1].text_offset);
        assert_eq!(row(1).0, row(2).0);
        assert_eq!(row(3), (0, 0));

        // What the host can call has a way in, what it can be called by a way out.
        let trampolines = TrampolineTable::new(metadata.section(SectionKind::Trampolines));
        let types = &linked.interface.types;
        let of = |params: usize, results: usize| {
            let ty = types
                .iter()
                .position(|ty| (ty.params.len(), ty.results.len()) == (params, results));
            trampolines.look_up(TypeIndex::new(ty.unwrap())).unwrap()
        };
        assert!(of(1, 1).entry.is_some());
        assert!(of(1, 0).hostcall.is_some());

        // Symbols and unwind tables cover the code, in order.
        for pair in linked.symbols.windows(2) {
            assert!(pair[0].start + pair[0].bytes <= pair[1].start);
        }
        assert_eq!(linked.symbols.len(), linked.frames.rows.len());
        assert!(
            linked.frames.programs.len() <= 4,
            "{:?}",
            linked.frames.programs
        );
    }
}

/// With calls that reach 600 bytes, each function calls the first and the last one through veneers.
#[test]
fn calls_out_of_reach_go_through_veneers() {
    const FUNCTIONS: usize = 60;
    const REACH: u64 = 600;
    let mut wat = String::from("(module");
    for _ in 0..FUNCTIONS {
        let _ = write!(wat, "(func (call 0) (call {}))", FUNCTIONS - 1);
    }
    wat.push(')');
    let linked = linked(&wat, Isa::Aarch64, Some(REACH));
    let starts: Vec<u32> = linked.symbols.iter().map(|symbol| symbol.start).collect();

    let word = |at: u32| u32::from_le_bytes(linked.text[at as usize..][..4].try_into().unwrap());
    // Where a veneer jumps to, by what is left to be filled into it.
    let veneer_target = |at: u32| {
        let first = linked
            .references
            .binary_search_by_key(&at, |reference| reference.offset);
        let first = first.expect("a call leads to a function or a veneer");
        let [page, rest] = &linked.references[first..first + 2] else {
            panic!("a veneer has two references")
        };
        assert_eq!((page.target, page.offset + 4), (rest.target, rest.offset));
        assert_eq!(word(at + 8), 0xd61f_0200, "br x16");
        match page.target {
            Target::Text(target) => target,
            Target::Metadata(_) => panic!("a veneer into the metadata"),
        }
    };
    let mut through_veneers = 0;
    for symbol in &linked.symbols {
        let mut callees = Vec::new();
        for at in (symbol.start..symbol.start + symbol.bytes).step_by(4) {
            let instruction = word(at);
            if instruction >> 26 != 0x25 {
                continue;
            }
            let distance = (instruction << 6).cast_signed() >> 4;
            assert!(u64::from(distance.unsigned_abs()) <= REACH);
            let mut target = at.wrapping_add_signed(distance);
            if starts.binary_search(&target).is_err() {
                target = veneer_target(target);
                through_veneers += 1;
            }
            callees.push(target);
        }
        assert_eq!(
            callees,
            [starts[0], starts[FUNCTIONS - 1]],
            "{}",
            symbol.name
        );
    }
    assert!(through_veneers > FUNCTIONS);
}

/// A frame that could step over any guard is compared with the stack limit as a whole: first the stack
/// pointer alone, so that the sum cannot wrap, then with the frame's size.
#[test]
fn large_frames_are_checked_before_they_exist() {
    const VALUES: usize = 5000;
    let mut wat = String::from("(module (memory 1) (func $deep (param i32) (result i64)");
    for value in 0..VALUES {
        let _ = write!(wat, "(i64.load offset={} (local.get 0))", value * 8);
    }
    wat.push_str("(drop (call $deep (local.get 0)))");
    wat.push_str(&"(i64.add)".repeat(VALUES - 1));
    wat.push_str("))");
    for target in Isa::ALL {
        let linked = linked(&wat, target, None);
        let metadata = Metadata::parse(&linked.metadata).unwrap();
        let traps = TrapTable::new(metadata.section(SectionKind::Traps)).unwrap();
        let checks = traps
            .iter()
            .filter(|(_, kind)| *kind == TrapKind::StackOverflow);
        assert_eq!(checks.count(), 2, "{target}");
    }
}

#[test]
fn a_module_without_code_links() {
    for target in Isa::ALL {
        let linked = linked("(module)", target, None);
        assert!(!linked.text.is_empty());
        assert!(linked.symbols.is_empty());
    }
}
