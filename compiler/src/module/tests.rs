//! Modules as a whole: what is declared, which facts hold, what is refused.

use super::facts::StaticTable;
use super::{ModuleInfo, parse};
use crate::config::Config;
use ahead_artifact::const_expr::{ConstExpr, ConstOp};
use ahead_artifact::elements::{ElementItems, ElementMode};
use ahead_artifact::{FuncIndex, GlobalIndex, HeapType, TableIndex, TypeIndex};

/// Parses a module in the text format and lets `look` see it.
fn with<T>(wat: &str, look: impl FnOnce(&ModuleInfo<'_>) -> T) -> T {
    let wasm = wat::parse_str(wat).unwrap_or_else(|error| panic!("{error}"));
    look(&parse(&wasm, &Config::default()).unwrap_or_else(|error| panic!("{error}\n{wat}")))
}

fn is_static(wat: &str) -> bool {
    with(wat, |module| {
        let fact = module.facts.static_table(TableIndex(0)).is_some();
        assert_eq!(module.interface.tables[0].is_static, fact);
        let told = module
            .elements
            .iter()
            .all(|segment| (segment.mode == ElementMode::Static) == fact);
        assert!(told || module.elements.is_empty());
        fact
    })
}

#[test]
fn a_closed_table_is_static() {
    with(
        r#"(module
            (import "a" "f" (func $import))
            (table 4 funcref)
            (elem (i32.const 1) $own $import)
            (func $own (call_indirect (i32.const 1))))"#,
        |module| {
            let rows = vec![None, Some(FuncIndex(1)), Some(FuncIndex(0)), None];
            assert_eq!(
                module.facts.static_table(TableIndex(0)),
                Some(&StaticTable { rows })
            );
            assert_eq!(module.facts.thunks, [FuncIndex(0)]);
            assert!(module.interface.tables[0].is_static);
            assert_eq!(module.elements[0].mode, ElementMode::Static);
            // Nothing escapes, so nothing is entered; the import is a host function, or another guest's.
            assert!(module.facts.entry_types.is_empty());
            assert_eq!(module.facts.hostcall_types, [TypeIndex(0)]);
        },
    );
}

#[test]
fn whatever_could_change_a_table_keeps_it_from_being_static() {
    let table = |rest: &str| format!("(module (table $t 4 8 funcref) (func $f) {rest})");
    assert!(is_static(&table("(elem (i32.const 1) $f)")));
    assert!(is_static(&table(
        "(elem (offset (i32.sub (i32.const 3) (i32.const 1))) $f)"
    )));
    for rest in [
        r#"(elem (i32.const 1) $f) (export "t" (table $t))"#,
        "(elem (i32.const 4) $f)",
        "(elem (i32.const -1) $f)",
        "(elem (i32.const 1) $f) (func (table.set (i32.const 0) (ref.null func)))",
        "(elem (i32.const 1) $f) (func (drop (table.get (i32.const 0))))",
        "(elem (i32.const 1) $f) (func (drop (table.grow (ref.null func) (i32.const 0))))",
        "(elem (i32.const 1) $f) (func (table.fill (i32.const 0) (ref.null func) (i32.const 0)))",
        "(elem (i32.const 1) $f) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 0)))",
        "(elem $e func $f) (func (table.init $e (i32.const 0) (i32.const 0) (i32.const 0)))",
    ] {
        assert!(!is_static(&table(rest)), "{rest}");
    }
    let imported = r#"(module (import "a" "c" (global $c i32)) (table 4 funcref) (func $f)
        (elem (offset (global.get $c)) $f))"#;
    assert!(!is_static(imported));
    assert!(!is_static(
        "(module (table 100000 funcref) (func $f) (elem (i32.const 0) $f))"
    ));
    assert!(!is_static("(module (table 1 externref))"));
    assert!(!is_static("(module (table 0 funcref))"));
}

#[test]
fn element_expressions_are_function_indices_if_they_can_be() {
    with(
        r#"(module (import "a" "g" (global $g funcref)) (func $f)
            (elem funcref (ref.null func) (ref.func $f))
            (elem funcref (ref.null func) (ref.func $f) (global.get $g) (ref.null func)))"#,
        |module| {
            let function = FuncIndex(0);
            let simple = ElementItems::Functions(vec![None, Some(function)]);
            assert_eq!(module.elements[0].items, simple);
            let null = ConstOp::RefNull(HeapType::Func);
            let ops = [
                null,
                ConstOp::RefFunc(function),
                ConstOp::GlobalGet(GlobalIndex(0)),
                null,
            ];
            let mixed = ElementItems::Expressions(ops.map(ConstExpr::of).to_vec());
            assert_eq!(module.elements[1].items, mixed);
        },
    );
}

#[test]
fn globals_are_constants_if_nothing_can_write_them() {
    with(
        r#"(module
            (import "a" "g" (global $import i32))
            (global $fixed i32 (i32.const 7))
            (global $never (mut i64) (i64.const 8))
            (global $written (mut i32) (i32.const 9))
            (global $shown (export "shown") (mut i32) (i32.const 10))
            (global $const (export "const") i32 (i32.const 11))
            (global $sum i32 (i32.add (i32.const 7) (i32.const 1)))
            (global $unknown i32 (global.get $import))
            (func unreachable (global.set $written (i32.const 0))))"#,
        |module| {
            let value = |global| module.facts.constant_global(GlobalIndex(global));
            assert_eq!(value(0), None);
            assert_eq!(value(1), Some(ConstOp::I32Const(7)));
            assert_eq!(value(2), Some(ConstOp::I64Const(8)));
            assert_eq!(value(3), None);
            assert_eq!(value(4), None);
            assert_eq!(value(5), Some(ConstOp::I32Const(11)));
            assert_eq!(value(6), Some(ConstOp::I32Const(8)));
            assert_eq!(value(7), None);
            let unchanging = [true, true, true, false, false, true, true, true];
            assert_eq!(module.facts.unchanging_globals, unchanging);
        },
    );
}

#[test]
fn memories_are_fixed_if_nothing_can_grow_them() {
    let fixed = |rest: &str| {
        let wat =
            format!(r#"(module (import "a" "i" (memory 1)) (memory $m 1) (memory $n 1) {rest})"#);
        with(&wat, |module| module.facts.fixed_memories.clone())
    };
    assert_eq!(fixed(""), [false, true, true]);
    assert_eq!(fixed(r#"(export "m" (memory $m))"#), [false, false, true]);
    let grown = fixed("(func (drop (memory.grow $n (i32.const 0))))");
    assert_eq!(grown, [false, true, false]);
}

#[test]
fn trampolines_are_made_for_what_crosses() {
    with(
        r#"(module
            (type $unused (func (param f32)))
            (type $exported (func (param i32)))
            (type $twin (func (param i32)))
            (type $referenced (func (param i64)))
            (type $imported (func (result i32)))
            (type $indirect (func (result i64)))
            (type $internal (func (result f64)))
            (import "a" "f" (func (type $imported)))
            (table (export "t") 1 funcref)
            (func (export "e") (type $twin))
            (func $r (type $referenced))
            (func (type $internal)
                (drop (call_indirect (type $indirect) (i32.const 0)))
                (drop (ref.func $r))
                (f64.const 0))
            (elem declare func $r))"#,
        |module| {
            assert_eq!(module.canonical_types[2], TypeIndex(1));
            assert_eq!(module.facts.entry_types, [TypeIndex(1), TypeIndex(3)]);
            assert_eq!(module.facts.hostcall_types, [TypeIndex(4), TypeIndex(5)]);
        },
    );
}

#[test]
fn names_are_read_as_far_as_they_are_good() {
    with("(module $it (func $one) (func) (func $three))", |module| {
        assert_eq!(module.name, Some("it"));
        assert_eq!(module.function_name(FuncIndex(0)), Some("one"));
        assert_eq!(module.function_name(FuncIndex(1)), None);
        assert_eq!(module.function_name(FuncIndex(2)), Some("three"));
        assert_eq!(module.label(FuncIndex(2)).to_string(), "function 2 `three`");
    });
    // A name section with a function that is not there, and one that ends early.
    let mut wasm = wat::parse_str("(module (func))").unwrap();
    wasm.extend(b"\x00\x12\x04name\x01\x0a\x02\x00\x01a\xff\xff\xff\x7f\x01b\x00");
    let module = parse(&wasm, &Config::default()).unwrap();
    assert_eq!(module.names, [Some("a")]);
}

#[test]
fn bytes_that_are_no_module_are_errors() {
    let error = |wasm: &[u8]| match parse(wasm, &Config::default()) {
        Ok(_) => panic!("{wasm:?} is no module"),
        Err(error) => error.to_string(),
    };
    assert!(error(b"").contains("unexpected end"));
    assert!(error(b"\x7fELF\x02\x01\x01\x00").contains("magic header not detected"));
    assert!(error(b"\0asm\x02\0\0\0").contains("(at offset 0x4)"));
    let message = error(
        &wat::parse_str(r#"(module (import "a" "b" (func)) (export "c" (func 1)))"#).unwrap(),
    );
    assert!(message.contains("unknown function 1"), "{message}");
}

#[test]
fn a_proposal_that_is_not_built_cannot_be_enabled() {
    let config = Config {
        proposals: crate::Proposals::BUILT.with(crate::Proposal::StackSwitching),
        ..Config::default()
    };
    let error = parse(b"\0asm\x01\0\0\0", &config).err().unwrap();
    assert_eq!(
        error.to_string(),
        "the stack-switching proposal is not built yet"
    );
}

/// A name section may say what we do not show, and may be cut anywhere.
#[test]
fn names_of_other_things_are_passed_over() {
    let text = r#"(module $m
        (type $t (func (param i32)))
        (memory $memory 1) (table $table 1 funcref) (global $global i32 (i32.const 0))
        (elem $elements func) (data $bytes "x")
        (func $named (type $t) (param $first i32) (local $second i64)
            (block $label (loop $again (br $label)))))"#;
    let wasm = wat::parse_str(text).unwrap();
    let names = wasm.windows(4).position(|bytes| bytes == b"name").unwrap();
    let module = parse(&wasm, &Config::default()).unwrap();
    assert_eq!(module.function_name(FuncIndex(0)), Some("named"));
    for byte in names + 4..wasm.len() {
        let mut damaged = wasm.clone();
        damaged[byte] ^= 0xff;
        parse(&damaged, &Config::default()).unwrap();
    }
}

/// Branch hints change nothing, so nothing in their section is an error.
#[test]
fn branch_hints_may_be_nonsense() {
    let text = r#"(module (func $f (param i32)
        (@metadata.code.branch_hint "\01") (if (local.get 0) (then (unreachable)))))"#;
    let wasm = wat::parse_str(text).unwrap();
    let function = FuncIndex(0);
    let hints = |wasm: &[u8]| {
        let module = parse(wasm, &Config::default()).unwrap();
        module.branch_hints.of(function).to_vec()
    };
    assert_eq!(hints(&wasm), [(3, true)]);
    let name = b"metadata.code.branch_hint";
    let section = wasm.windows(name.len()).position(|bytes| bytes == name);
    let start = section.unwrap() + name.len();
    for byte in start..start + 6 {
        let mut damaged = wasm.clone();
        damaged[byte] ^= 0xff;
        hints(&damaged);
    }
}

/// Imports that share a module name are written once in the compact form, and mean the same.
#[test]
fn compact_imports_are_imports() {
    let wasm = [
        b"\0asm\x01\0\0\0".as_slice(),
        // (type (func))
        &[1, 4, 1, 0x60, 0, 0],
        // "m", then an empty name and 0x7f: two names with a type each
        &[2, 13, 1, 1, b'm', 0, 0x7f, 2, 1, b'a', 0, 0, 1, b'b', 0, 0],
    ]
    .concat();
    let mut wasm = wasm;
    wasm[15] = (wasm.len() - 16) as u8;
    let module = parse(&wasm, &Config::default()).unwrap();
    let names: Vec<_> = module
        .interface
        .imports
        .iter()
        .map(|import| format!("{}.{}", import.module, import.name))
        .collect();
    assert_eq!(names, ["m.a", "m.b"]);
    assert_eq!(module.imported_funcs, 2);
}

#[test]
fn functions_that_let_no_exception_out_are_known() {
    let wat = r#"(module
        (import "a" "f" (func $import))
        (tag $t)
        (type $none (func)) (type $one (func (param i32)))
        (table $quiet funcref (elem $leaf $caller))
        (table $mixed funcref (elem $leaf $throws $takes))
        (table $open (export "table") 1 funcref)
        (func $leaf (unreachable))
        (func $throws (throw $t))
        (func $caller (call $leaf) (call $loop))
        (func $loop (call $caller) (return_call $caller))
        (func $above (call $leaf) (call $throws))
        (func $tail (return_call $above))
        (func $calls_import (call $import))
        (func $reference (param (ref $none)) (call_ref $none (local.get 0)))
        (func $through_quiet (call_indirect $quiet (type $none) (i32.const 0)))
        (func $through_mixed (call_indirect $mixed (type $none) (i32.const 0)))
        (func $takes (param i32))
        (func $through_mixed_one (call_indirect $mixed (type $one) (i32.const 0) (i32.const 0)))
        (func $through_open (call_indirect $open (type $none) (i32.const 0)))
        (func $again (param exnref) (throw_ref (local.get 0))))"#;
    with(wat, |module| {
        let throws = &module.facts.throws;
        let quiet: Vec<_> = (0..module.functions.len())
            .map(FuncIndex::new)
            .filter(|&function| throws.is_quiet(function))
            .filter_map(|function| module.function_name(function))
            .collect();
        assert_eq!(
            quiet,
            [
                "leaf",
                "caller",
                "loop",
                "through_quiet",
                "takes",
                "through_mixed_one"
            ]
        );
        let calls = [(0, 0), (0, 1), (1, 1), (0, 2)]
            .map(|(ty, table)| throws.is_quiet_call(TypeIndex(ty), TableIndex(table)));
        assert_eq!(calls, [true, false, true, false]);
    });
    // Without a tag nothing is known.
    with("(module (func $leaf))", |module| {
        assert!(!module.facts.throws.is_quiet(FuncIndex(0)));
    });
}
