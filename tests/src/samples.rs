//! Small modules of our own that several tests use, as WAT.

/// A WASI command that prints `hello` and a line feed.
pub const HELLO: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\06\00\00\00hello\n")
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))"#;

/// Functions, a table that never changes, a table that does, a start function, segments of all kinds, globals:
/// something in every section that there is.
pub const EVERY_SECTION: &str = r#"(module $every_section
  (type $binary (func (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (tag $tag (export "tag") (param i32 v128))
  (global $count (mut i32) (i32.const 7))
  (global $limit i64 (i64.const -3))
  (memory (export "memory") 1 4)
  (table $closed 3 funcref)
  (table $open (export "table") 2 10 funcref)
  (elem (table $closed) (i32.const 0) func $add $sub $add)
  (elem $passive func $sub)
  (elem declare func $add)
  (data (i32.const 100) "an active segment")
  (data $later "a passive segment")
  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func $sub (type $binary) (i32.sub (local.get 0) (local.get 1)))
  (func $init (table.set $open (i32.const 1) (ref.func $add)))
  (func $pick (export "pick") (param i32 i32 i32) (result i32)
    (call_indirect $closed (type $binary) (local.get 1) (local.get 2) (local.get 0)))
  (func (export "divide") (param i32 i32) (result i32 i32)
    (i32.div_s (local.get 0) (local.get 1))
    (i32.rem_s (local.get 0) (local.get 1)))
  (func (export "fill") (param i32)
    (memory.init $later (local.get 0) (i32.const 0) (i32.const 17))
    (table.init $open $passive (i32.const 0) (i32.const 0) (i32.const 1)))
  (func (export "switch") (param i32) (result i32)
    (block $c (block $b (block $a (br_table $a $b $c (local.get 0))) (return (i32.const 10))) (return (i32.const 20)))
    (i32.const 30))
  (func (export "spin") (param i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (i32.load offset=4 (local.get 0))))
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get $sum))
  (func (export "catch") (param i32) (result i32)
    (block $caught (result i32 v128)
      (try_table (catch $tag $caught) (call $throw (local.get 0)))
      (unreachable))
    (i32.add (i32x4.extract_lane 0)))
  (func $throw (param i32) (throw $tag (local.get 0) (v128.const i32x4 1 2 3 4)))
  (func (export "_start") (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0))))
  (start $init))"#;

/// A module's bytes.
///
/// # Panics
/// If the text is no module.
pub fn assemble(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap_or_else(|error| panic!("{error}\n{wat}"))
}
