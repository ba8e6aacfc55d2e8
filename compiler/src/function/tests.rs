//! Translation as a whole: everything that is built passes Cranelift's verifier, for both targets and both
//! kinds of bounds checks, and looks as it should where that matters for speed or safety.

use crate::codegen::Generator;
use crate::config::Config;
use crate::error::Error;
use crate::function::{FunctionContexts, translate};
use crate::module;
use ahead_artifact::{Bounds, DefinedFuncIndex};
use ahead_targets::Isa;
use cranelift_codegen::ir::Function;
use cranelift_codegen::verify_function;

fn configs() -> impl Iterator<Item = Config> {
    Isa::ALL.into_iter().flat_map(|isa| {
        [Bounds::Guard, Bounds::Explicit].map(|bounds| Config {
            bounds,
            ..Config::for_target(isa)
        })
    })
}

/// The CLIF of all functions, verified.
fn translate_all(wasm: &[u8], config: &Config) -> Result<Vec<String>, Error> {
    let module = module::parse(wasm, config)?;
    let generator = Generator::new(config)?;
    let mut contexts = FunctionContexts::default();
    let mut function = Function::new();
    (0..module.bodies.len())
        .map(|index| {
            let index = DefinedFuncIndex::new(index);
            let isa = generator.isa();
            translate(&module, config, isa, index, &mut contexts, &mut function)?;
            let text = function.display().to_string();
            if let Err(errors) = verify_function(&function, isa) {
                panic!("{errors}\n{text}");
            }
            Ok(text)
        })
        .collect()
}

fn clif(wat: &str, bounds: Bounds) -> String {
    let wasm = wat::parse_str(wat).unwrap();
    let config = Config {
        bounds,
        ..Config::for_target(Isa::X86_64)
    };
    translate_all(&wasm, &config).unwrap().concat()
}

fn error(wat: &str) -> String {
    let wasm = wat::parse_str(wat).unwrap();
    let error = translate_all(&wasm, &Config::default()).unwrap_err();
    error.to_string()
}

fn count(text: &str, what: &str) -> usize {
    text.matches(what).count()
}

const SAMPLES: &[&str] = &[
    r#"(module (func (export "add") (param i32 i32) (result i32)
        local.get 0 local.get 1 i32.add))"#,
    // Blocks of all kinds, with parameters and results, left in all ways.
    r#"(module
        (type $p (func (param i32 i64) (result i64 i32)))
        (func (param i32) (result i32)
            (block (result i32)
                (br_if 0 (i32.const 1) (local.get 0))
                (drop)
                (loop (result i32)
                    (br_if 0 (i32.lt_u (local.get 0) (i32.const 3)))
                    (if (result i32) (local.get 0)
                        (then (br 2 (i32.const 7)))
                        (else (i32.const 8))))))
        (func (param i32) (result i64 i32) (local i64)
            (local.get 0) (i64.const 5)
            (if (type $p) (i32.eqz (local.get 0))
                (then (drop) (local.set 0) (unreachable))
                (else (i64.extend_i32_s (local.get 0)) (i64.add) (local.tee 1) (drop) (drop)
                      (i64.const 4) (local.get 0))))
        (func (param i32)
            (block (block (block
                (br_table 0 1 2 3 0 (local.get 0))) (return)) (nop)))
        (func (param i32) (result i32)
            (local.get 0)
            (if (param i32) (result i32) (local.get 0) (then (i32.const 1) (i32.add))))
        (func (param i32) (result i32)
            (local.get 0)
            (if (param i32) (result i32) (local.get 0) (then (br 0) )))
        (func (param i32) (result i32)
            (local.get 0)
            (if (param i32) (result i32) (local.get 0) (then (unreachable)))))"#,
    // Unreachable code of every shape.
    r#"(module (func (result i32)
            (return (i32.const 1))
            (block (loop (br 0)) (if (unreachable) (then) (else (br 0))))
            (br_table 0 0 (i32.const 0)))
        (func (loop (br 0)))
        (func (block (br 0) (loop (nop)) (nop)))
        (func (result i32) (block (result i32) (br 0 (i32.const 1)))))"#,
    // More results than registers.
    r#"(module
        (type $many (func (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)))
        (import "a" "many" (func $import (type $many)))
        (table 1 funcref)
        (func $many (export "many") (type $many)
            (call $many))
        (func (type $many) (call $import))
        (func (type $many) (call_indirect (type $many) (i32.const 0))))"#,
    // Memory.
    r#"(module (memory (export "m") 1)
        (func (param i32 i64 f32 f64)
            (i32.store8 offset=3 (local.get 0) (local.get 0))
            (i64.store32 offset=4294967295 (local.get 0) (i64.load16_s offset=70000 (local.get 0)))
            (f32.store (i32.const 65532) (local.get 2))
            (f32.store (i32.const 65533) (f32.load (i32.const -1)))
            (i64.store (local.get 0) (i64.load32_u offset=33554424 (local.get 0)))
            (f64.store offset=33554425 (local.get 0) (local.get 3))
            (drop (memory.grow (memory.size)))
            (memory.copy (local.get 0) (i32.const 8) (i32.const 31))
            (memory.copy (local.get 0) (i32.const 8) (local.get 0))
            (memory.copy (local.get 0) (i32.const 8) (i32.const 0))
            (memory.fill (local.get 0) (i32.const 8) (i32.const 47))
            (memory.fill (local.get 0) (local.get 0) (local.get 0))
            (memory.init $d (local.get 0) (i32.const 0) (i32.const 1))
            (data.drop $d))
        (data $d "hello"))"#,
    // Tables, references, globals.
    r#"(module
        (import "a" "t" (table $i 2 funcref))
        (import "a" "g" (global $gi (mut i32)))
        (import "a" "c" (global $gc externref))
        (table $t 4 9 funcref)
        (table $x 4 4 externref)
        (table $static 3 funcref)
        (elem (table $static) (i32.const 1) func $f)
        (elem $e funcref (ref.func $f) (ref.null func))
        (global $g (mut i64) (i64.const 3))
        (global $k (mut f32) (f32.const 3))
        (global $r (mut funcref) (ref.null func))
        (func $f (param i32) (result i32)
            (table.set $t (local.get 0) (table.get $i (i32.const 1)))
            (table.set $x (local.get 0) (table.get $x (i32.const 1)))
            (table.copy $t $i (i32.const 0) (i32.const 0) (i32.const 0))
            (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 0))
            (elem.drop $e)
            (table.fill $x (i32.const 0) (global.get $gc) (table.size $t))
            (drop (table.grow $t (ref.func $f) (i32.const 1)))
            (global.set $r (ref.func $f))
            (global.set $gi (i32.wrap_i64 (global.get $g)))
            (global.set $g (i64.extend_i32_u (ref.is_null (global.get $r))))
            (drop (global.get $k))
            (call_indirect $i (param i32) (result i32) (i32.const 1) (i32.const 2))
            (call_indirect $t (param i32) (result i32) (i32.const 2))
            (call_indirect $static (param i32) (result i32) (local.get 0))))"#,
    // Comparisons that are used as numbers, as conditions, and negated.
    r#"(module (func (param i32 f64) (result i32) (local i64)
            (i32.add (i32.lt_s (local.get 0) (i32.const 4)) (i32.eqz (f64.lt (local.get 1) (local.get 1))))
            (local.set 2 (i64.extend_i32_u (i64.eqz (local.get 2))))
            (select (i32.eq (local.get 0) (i32.const 1)) (i32.const 3) (i32.eqz (i32.eqz (local.get 0))))
            (i32.or)
            (br_if 0 (i32.ne (local.get 0) (i32.const 2)))
            (return (i32.gt_u (local.get 0)))))"#,
    // Conversions and arithmetic.
    r#"(module (func (param i32 i64 f32 f64) (result i64)
            (i64.extend_i32_s (i32.div_s (i32.rem_u (local.get 0) (i32.extend8_s (local.get 0)))
                (i32.popcnt (i32.const -1))))
            (i64.extend32_s (i64.rotl (local.get 1) (i64.clz (local.get 1))))
            (i64.trunc_sat_f32_u (f32.demote_f64 (f64.nearest (f64.min (local.get 3) (f64.const -0)))))
            (i64.shr_s)
            (i64.reinterpret_f64 (f64.copysign (f64.convert_i64_u (i64.const 3)) (f64.promote_f32 (local.get 2))))
            (i64.xor)
            (i64.add)
            (i64.add (i64.extend_i32_u (i32.trunc_f64_s (local.get 3))))))"#,
];

#[test]
fn samples_pass_the_verifier() {
    for wat in SAMPLES {
        let wasm = wat::parse_str(wat).unwrap_or_else(|error| panic!("{error}"));
        for config in configs() {
            translate_all(&wasm, &config).unwrap_or_else(|error| panic!("{error}\n{wat}"));
        }
    }
}

#[test]
fn every_prefix_is_an_error() {
    for wat in SAMPLES {
        let wasm = wat::parse_str(wat).unwrap();
        for length in 0..wasm.len() {
            // A prefix that ends between sections can be a module of its own.
            let _ = translate_all(&wasm[..length], &Config::default());
        }
        assert!(translate_all(&wasm[..wasm.len() - 1], &Config::default()).is_err());
    }
}

#[test]
fn a_failed_function_does_not_disturb_the_next() {
    let bad = wat::parse_str("(module (func (param i32) local.get 0 (if (then i64.const 1))))");
    let good = wat::parse_str(SAMPLES[1]).unwrap();
    let config = Config::default();
    let generator = Generator::new(&config).unwrap();
    let mut contexts = FunctionContexts::default();
    let mut function = Function::new();
    let mut run = |wasm: &[u8]| {
        let module = module::parse(wasm, &config).unwrap();
        let first = DefinedFuncIndex(0);
        let isa = generator.isa();
        translate(&module, &config, isa, first, &mut contexts, &mut function)
    };
    assert!(run(&bad.unwrap()).is_err());
    run(&good).unwrap();
}

const ACCESS: &str = r#"(module (memory 1) (func (param i32) (result i32)
    (i32.load offset=16 (local.get 0))
    (i32.add (i32.load offset=20 (local.get 0)))))"#;

#[test]
fn guarded_accesses_have_no_checks_and_one_base() {
    let text = clif(ACCESS, Bounds::Guard);
    assert_eq!(count(&text, "trapnz"), 0, "{text}");
    assert_eq!(
        count(&text, "notrap aligned readonly can_move"),
        1,
        "{text}"
    );
    assert!(text.contains("+16") && text.contains("+20"), "{text}");
}

#[test]
fn explicit_accesses_are_checked_once_each() {
    let text = clif(ACCESS, Bounds::Explicit);
    assert_eq!(count(&text, "trapnz"), 2, "{text}");
    assert_eq!(count(&text, "select_spectre_guard"), 2, "{text}");
}

#[test]
fn offsets_beyond_the_guard_are_checked() {
    let access = |offset: u64, width: &str| {
        clif(
            &format!(
                "(module (memory 1) (func (param i32) (drop (i64.load{width} offset={offset} (local.get 0)))))"
            ),
            Bounds::Guard,
        )
    };
    assert_eq!(count(&access((32 << 20) - 8, ""), "trapnz"), 0);
    assert_eq!(count(&access((32 << 20) - 7, ""), "trapnz"), 1);
    assert_eq!(count(&access((32 << 20) - 1, "8_u"), "trapnz"), 0);
    assert_eq!(count(&access(u64::from(u32::MAX), "8_u"), "trapnz"), 1);
}

#[test]
fn constant_addresses_are_checked_only_beyond_the_first_length() {
    let load = |address: u32| {
        clif(
            &format!("(module (memory 1) (func (drop (i32.load (i32.const {address})))))"),
            Bounds::Explicit,
        )
    };
    assert_eq!(count(&load(65_532), "trapnz"), 0);
    assert_eq!(count(&load(65_533), "trapnz"), 1);
}

#[test]
fn conditions_go_straight_into_branches() {
    let text = clif(
        r#"(module (func (param i32) (result i32)
            (block (br_if 0 (i32.eqz (i32.lt_s (local.get 0) (i32.const 4)))))
            (if (i32.eqz (local.get 0)) (then (nop)))
            (select (i32.const 1) (i32.const 2) (i32.gt_u (local.get 0) (i32.const 7)))))"#,
        Bounds::Guard,
    );
    assert_eq!(count(&text, "uextend"), 0, "{text}");
    assert!(text.contains("icmp sge"), "{text}");
}

#[test]
fn globals_that_never_change_are_constants() {
    let text = clif(
        r#"(module (global $never (mut i32) (i32.const 77)) (global $changes (mut i32) (i32.const 5))
            (func (result i32) (global.set $changes (i32.const 1))
                (i32.add (global.get $never) (global.get $changes))))"#,
        Bounds::Guard,
    );
    assert!(text.contains("iconst.i32 77"), "{text}");
    assert_eq!(count(&text, "load.i32"), 1, "{text}");
}

#[test]
fn calls_through_static_tables_read_the_artefact() {
    let text = clif(
        r#"(module (table 2 funcref) (elem (i32.const 1) $f)
            (func $f (param i32) (call_indirect (param i32) (local.get 0) (local.get 0))))"#,
        Bounds::Guard,
    );
    assert!(text.contains("symbol colocated"), "{text}");
    assert!(
        text.contains("trap user6") && text.contains("trapz"),
        "{text}"
    );
    // The check of the bound is done with the check of the type, in the cold block.
    let cold = text.find(" cold:").unwrap();
    assert!(text.find("trapnz").unwrap() > cold, "{text}");
    assert_eq!(count(&text, "call_indirect"), 1, "{text}");
}

#[test]
fn positions_are_offsets_in_the_module() {
    let wasm = wat::parse_str("(module (func unreachable))").unwrap();
    let text = translate_all(&wasm, &Config::default()).unwrap().concat();
    let unreachable = wasm.iter().rposition(|&byte| byte == 0x00).unwrap();
    assert!(text.contains(&format!("@{unreachable:04x}")), "{text}");
}

#[test]
fn errors_name_function_and_place() {
    let message = error(r#"(module (func) (func $parse (result i32) i64.const 1))"#);
    assert!(
        message.starts_with("function 1 `parse`: type mismatch"),
        "{message}"
    );
    assert!(
        message.ends_with(')') && message.contains("(at offset 0x"),
        "{message}"
    );
}

#[test]
fn unbuilt_proposals_are_named() {
    for (wat, expected) in [
        (
            "(module (memory 1) (func $f (memory.discard (i32.const 0) (i32.const 0))))",
            "function 0 `f`: `memory.discard` needs the memory-control proposal, which is not built yet",
        ),
        (
            "(module (func (drop (ref.i31 (i32.const 0)))))",
            "function 0: `ref.i31` needs the gc proposal",
        ),
        (
            "(module (func unreachable (drop (ref.i31))))",
            "function 0: `ref.i31` needs the gc proposal",
        ),
        ("(module (type (struct)))", "needs the gc proposal"),
        (
            "(module (func (local anyref)))",
            "function 0: the function needs the gc proposal",
        ),
        ("(module (func (param anyref)))", "needs the gc proposal"),
        (
            "(component)",
            "a component needs the component-model proposal",
        ),
    ] {
        let message = error(wat);
        assert!(message.contains(expected), "{wat}: {message}");
    }
}

#[test]
fn proposals_left_out_are_named_with_a_hint() {
    let wasm = wat::parse_str(
        "(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))",
    )
    .unwrap();
    let config = Config {
        proposals: crate::Proposals::NONE,
        ..Config::default()
    };
    let message = translate_all(&wasm, &config).unwrap_err().to_string();
    assert!(
        message.contains("`memory.fill` needs the bulk-memory proposal (at offset 0x"),
        "{message}"
    );
    assert!(
        message.ends_with("hint: enable it with `--wasm bulk-memory`"),
        "{message}"
    );
}

#[test]
fn what_grows_out_of_proportion_is_refused() {
    let results = "i32 ".repeat(1000);
    let wat = format!(
        "(module (func $many (result {results}) unreachable)
            (func (result {results}) (call $many) (br_table {} 0 (i32.const 0))))",
        "0 ".repeat(20_000)
    );
    let message = error(&wat);
    assert!(
        message.contains("operands of calls and branches exceeds the limit of 16777216"),
        "{message}"
    );
}

#[test]
fn locals_that_would_be_too_many_phis_are_memory() {
    let function = |locals: usize, branches: usize| {
        let wat = format!(
            "(module (func (param i32 f64) (result f64) (local {})
                (loop {} (local.set 1 (f64.const 1)) {})
                (local.tee 1 (f64.add (local.get 1) (f64.const 2)))))",
            "i32 ".repeat(locals),
            "(local.set 2 (i32.add (local.get 2) (local.get 0)))",
            "(br_if 0 (local.get 2))".repeat(branches)
        );
        let wasm = wat::parse_str(&wat).unwrap();
        translate_all(&wasm, &Config::default()).unwrap().concat()
    };
    let usual = function(100, 2);
    assert_eq!(count(&usual, "stack_addr"), 0, "{usual}");
    let hostile = function(2_000, 3_000);
    assert!(count(&hostile, "stack_addr") > 3_000);
    assert!(hostile.contains("explicit_slot 32032"));
}

#[test]
fn limits_hold_in_dead_code_too() {
    let nested = |depth: usize, dead: &str| {
        let wat = format!(
            "(module (func {dead} {} {}))",
            "block ".repeat(depth),
            "end ".repeat(depth)
        );
        translate_all(&wat::parse_str(&wat).unwrap(), &Config::default())
    };
    let table = |targets: usize, dead: &str| {
        let wat = format!(
            "(module (func {dead} (i32.const 0) br_table {} 0))",
            "0 ".repeat(targets)
        );
        translate_all(&wat::parse_str(&wat).unwrap(), &Config::default())
    };
    for dead in ["", "unreachable"] {
        nested(4_999, dead).unwrap();
        let message = nested(5_001, dead).unwrap_err().to_string();
        assert!(message.contains("exceeds the limit of 5000"), "{message}");
        table(65_520, dead).unwrap();
        let message = table(65_521, dead).unwrap_err().to_string();
        assert!(message.contains("exceeds the limit of 65520"), "{message}");
    }
}
