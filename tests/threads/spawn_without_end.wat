;; A guest that starts threads until it gets no more, and ends while all of them wait for ever.
;; OPTIONS: --max-threads 8
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (func (export "wasi_thread_start") (param i32 i32)
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
  (func (export "_start") (local $count i32) (local $id i32)
    (loop $more
      (local.set $id (call $spawn (i32.const 0)))
      (if (i32.gt_s (local.get $id) (i32.const 0))
        (then
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (br $more))))
    ;; `again`
    (if (i32.ne (local.get $id) (i32.const -6)) (then unreachable))
    (if (i32.ne (local.get $count) (i32.const 8)) (then unreachable))))
