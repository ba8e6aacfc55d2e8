;; A module that has `_start`: it is called before anything else of it.
(module
  (; prelude ;)
  (global $started (mut i32) (i32.const 0))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "_start") (global.set $started (i32.add (global.get $started) (i32.const 1))))
  (func (export "proxy_on_context_create") (param i32 i32)
    (call $is (s "context create, started") (global.get $started)))
  (func (export "proxy_on_vm_start") (param i32 i32) (result i32)
    (call $is (s "vm start, started") (global.get $started)) (i32.const 1)))
