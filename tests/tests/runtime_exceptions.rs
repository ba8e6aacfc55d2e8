//! Exceptions between guests and host: thrown by either, caught by either, or by nobody.

mod embedder;

use ahead_runtime::{
    Caller, Exception, ExnRef, Extern, Func, Instance, Linker, Store, Tag, Trap, TrapKind,
    TrapReason, Val, ValType,
};
use embedder::{MODES, module};

/// A guest with everything that the tests below call. `host` is a function that may throw.
const GUEST: &str = r#"(module $guest
  (import "env" "tag" (tag $tag (param i32 v128)))
  (import "env" "host" (func $host (param i32)))
  (tag $own (export "own") (param i64))
  (func $catch (export "catch") (param i32) (result i32 v128)
    (block $caught (result i32 v128)
      (try_table (catch $tag $caught) (call $host (local.get 0)))
      (i32.const -1) (v128.const i64x2 0 0)))
  (func (export "pass") (param i32) (call $host (local.get 0)))
  (func $inner (param i64) (throw $own (local.get 0)))
  (func (export "throw") (param i64) (call $inner (local.get 0)))
  (func (export "reference") (param i64) (result exnref)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (call $inner (local.get 0)))
      (unreachable)))
  (func (export "again") (param exnref) (throw_ref (local.get 0))))"#;

/// What the host function is to do with its parameter.
const THROW: i32 = 1;
const CALL_THROW: i32 = 2;
const CALL_AND_CATCH: i32 = 3;
const FAIL: i32 = 4;

struct Setting {
    store: Store<Option<Instance>>,
    instance: Instance,
    tag: Tag,
}

impl Setting {
    fn new(bounds: ahead_runtime::Bounds) -> Self {
        let mut store = Store::new(None);
        let mut linker = Linker::new();
        let tag = Tag::new(&mut store, vec![ValType::I32, ValType::V128]);
        linker.define("env", "tag", tag);
        linker.func(
            "env",
            "host",
            move |mut caller: Caller<'_, Option<Instance>>, what: i32| -> Result<(), Trap> {
                let instance = caller.data().expect("set before any call");
                let throw = instance.func(&caller, "throw").unwrap();
                match what {
                    THROW => {
                        let payload = vec![Val::I32(5), Val::V128(1 << 100)];
                        Err(Exception::new(&caller, tag, payload).unwrap().into())
                    }
                    CALL_THROW => throw.call(&mut caller, &[Val::I64(3)]).map(|_| ()),
                    CALL_AND_CATCH => {
                        let trap = throw.call(&mut caller, &[Val::I64(4)]).unwrap_err();
                        assert_eq!(trap.exception().unwrap().payload(), [Val::I64(4)]);
                        Ok(())
                    }
                    FAIL => Err(Trap::host("no exception")),
                    _ => Ok(()),
                }
            },
        );
        let instance = linker
            .instantiate(&mut store, &module(GUEST, bounds))
            .unwrap();
        *store.data_mut() = Some(instance);
        Setting {
            store,
            instance,
            tag,
        }
    }

    fn call(&mut self, name: &str, params: &[Val]) -> Result<Vec<Val>, Trap> {
        let func: Func = self.instance.func(&self.store, name).unwrap();
        func.call(&mut self.store, params)
    }

    fn own(&self) -> Tag {
        match self.instance.export(&self.store, "own") {
            Some(Extern::Tag(tag)) => tag,
            other => panic!("a tag, not {other:?}"),
        }
    }
}

#[test]
fn a_guest_catches_what_a_host_function_throws() {
    for bounds in MODES {
        let mut setting = Setting::new(bounds);
        let caught = setting.call("catch", &[Val::I32(THROW)]).unwrap();
        assert_eq!(caught, [Val::I32(5), Val::V128(1 << 100)]);
        let nothing = setting.call("catch", &[Val::I32(0)]).unwrap();
        assert_eq!(nothing, [Val::I32(-1), Val::V128(0)]);
        // What is no exception goes past handlers.
        let trap = setting.call("catch", &[Val::I32(FAIL)]).unwrap_err();
        assert!(matches!(trap.kind(), TrapReason::Host(_)), "{trap}");
        // And so does one of another tag, through the host function in between.
        let trap = setting.call("catch", &[Val::I32(CALL_THROW)]).unwrap_err();
        let exception = trap.exception().unwrap();
        assert_eq!(exception.tag(), setting.own());
        assert_eq!(exception.payload(), [Val::I64(3)]);
        // The host may catch, too, and the guest goes on.
        setting.call("pass", &[Val::I32(CALL_AND_CATCH)]).unwrap();
    }
}

#[test]
fn what_nobody_catches_comes_with_a_backtrace() {
    for bounds in MODES {
        let mut setting = Setting::new(bounds);
        let trap = setting.call("throw", &[Val::I64(-9)]).unwrap_err();
        assert_eq!(trap.trap_kind(), Some(TrapKind::UncaughtException));
        assert_eq!(trap.exception().unwrap().payload(), [Val::I64(-9)]);
        let names: Vec<_> = trap
            .backtrace()
            .iter()
            .map(|frame| frame.func_name.as_deref())
            .collect();
        assert_eq!(names, [Some("inner"), Some("throw")]);
        assert!(
            trap.to_string()
                .starts_with("wasm trap: uncaught exception\n")
        );
        // Through the host: where it came from first, and on which way.
        let trap = setting.call("pass", &[Val::I32(CALL_THROW)]).unwrap_err();
        let names: Vec<_> = trap
            .backtrace()
            .iter()
            .map(|frame| frame.func_name.as_deref())
            .collect();
        assert_eq!(names, [Some("inner"), Some("throw"), Some("pass")]);
        let trap = setting.call("pass", &[Val::I32(THROW)]).unwrap_err();
        assert_eq!(trap.exception().unwrap().tag(), setting.tag);
        assert_eq!(trap.backtrace().len(), 1);
    }
}

/// Where the host throws, the function that catches has many values alive, and so has one in between.
#[test]
fn registers_come_back_from_the_host() {
    const VALUES: i64 = 14;
    let value =
        |place: i64| format!("(local.set {place} (i64.mul (local.get 0) (i64.const {place})))");
    let values: String = (1..=VALUES).map(value).collect();
    let add = |place: i64| format!("(i64.add (local.get {place}))");
    let sum: String = (1..=VALUES).map(add).collect();
    let locals = format!("(local {})", "i64 ".repeat(VALUES as usize));
    let guest = format!(
        r#"(module
          (import "env" "host" (func $host (param i64) (result i64)))
          (func $between (param i64) (result i64) {locals} {values}
            (call $host (local.get 0)) {sum})
          (func (export "keep") (param i64) (result i64) {locals} {values}
            (block $caught
              (try_table (catch_all $caught)
                (drop (call $between (i64.add (local.get 0) (i64.const 1))))
                (unreachable)))
            (i64.const 0) {sum}))"#
    );
    for bounds in MODES {
        let mut store = Store::new(());
        let mut linker = Linker::new();
        let tag = Tag::new(&mut store, vec![]);
        linker.func(
            "env",
            "host",
            move |caller: Caller<'_, ()>, _: i64| -> Result<i64, Trap> {
                Err(Exception::new(&caller, tag, vec![]).unwrap().into())
            },
        );
        let instance = linker
            .instantiate(&mut store, &module(&guest, bounds))
            .unwrap();
        let keep = instance.func(&store, "keep").unwrap();
        let kept = keep.call(&mut store, &[Val::I64(1000)]).unwrap();
        assert_eq!(kept, [Val::I64(1000 * VALUES * (VALUES + 1) / 2)]);
    }
}

#[test]
fn references_go_to_the_host_and_back() {
    for bounds in MODES {
        let mut setting = Setting::new(bounds);
        let results = setting.call("reference", &[Val::I64(8)]).unwrap();
        let [Val::ExnRef(Some(reference))] = results[..] else {
            panic!("{results:?}");
        };
        assert_eq!(reference.exception(&setting.store).payload(), [Val::I64(8)]);
        // It outlives whatever the guest does meanwhile.
        for number in 0..3000 {
            setting.call("throw", &[Val::I64(number)]).unwrap_err();
        }
        let trap = setting.call("again", &results).unwrap_err();
        assert_eq!(trap.exception().unwrap().payload(), [Val::I64(8)]);
        let trap = setting.call("again", &[Val::ExnRef(None)]).unwrap_err();
        assert_eq!(trap.trap_kind(), Some(TrapKind::NullExceptionReference));

        let payload = vec![Val::I32(1), Val::V128(2)];
        let made = Exception::new(&setting.store, setting.tag, payload).unwrap();
        let reference = ExnRef::new(&mut setting.store, &made).unwrap();
        let again = [Val::ExnRef(Some(reference))];
        let trap = setting.call("again", &again).unwrap_err();
        assert_eq!(trap.exception(), Some(&made));
    }
}

#[test]
fn tags_are_matched_by_their_types() {
    for bounds in MODES {
        let mut store = Store::new(());
        let mut linker = Linker::new();
        let tag = Tag::new(&mut store, vec![ValType::I32]);
        linker.define("env", "tag", tag);
        let fits = module(r#"(module (import "env" "tag" (tag (param i32))))"#, bounds);
        linker.instantiate(&mut store, &fits).unwrap();
        let other = module(r#"(module (import "env" "tag" (tag (param i64))))"#, bounds);
        let error = linker.instantiate(&mut store, &other).unwrap_err();
        assert_eq!(
            error.to_string(),
            "incompatible import type for `env`.`tag`: the module wants a tag of type [i64] -> [], \
             it is given a tag of type [i32] -> []"
        );
    }
}
