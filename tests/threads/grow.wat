;; Threads that grow the memory and use what they got, while others use what was there.
(module
  (import "env" "memory" (memory 1 65 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (func (export "wasi_thread_start") (param $id i32) (param $arg i32) (local $page i32) (local $round i32)
    (loop $more
      (local.set $page (memory.grow (i32.const 1)))
      (if (i32.eq (local.get $page) (i32.const -1)) (then unreachable))
      ;; The last word of the new page, and the first of the memory.
      (i32.store offset=65532 (i32.shl (local.get $page) (i32.const 16)) (local.get $page))
      (if (i32.ne (i32.load offset=65532 (i32.shl (local.get $page) (i32.const 16))) (local.get $page))
        (then unreachable))
      (drop (i32.atomic.rmw.add (i32.const 0) (local.get $page)))
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $round) (i32.const 16))))
    (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 4) (i32.const 1))))
  (func (export "_start") (local $index i32) (local $done i32)
    (loop $start
      (if (i32.le_s (call $spawn (i32.const 0)) (i32.const 0)) (then unreachable))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $start (i32.lt_u (local.get $index) (i32.const 4))))
    (loop $wait
      (local.set $done (i32.atomic.load (i32.const 4)))
      (if (i32.lt_u (local.get $done) (i32.const 4))
        (then
          (drop (memory.atomic.wait32 (i32.const 4) (local.get $done) (i64.const -1)))
          (br $wait))))
    ;; 1 + 2 + ... + 64: each page was had once.
    (if (i32.ne (i32.atomic.load (i32.const 0)) (i32.const 2080)) (then unreachable))
    (if (i32.ne (memory.size) (i32.const 65)) (then unreachable))))
