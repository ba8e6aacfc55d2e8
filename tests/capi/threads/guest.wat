;; A command with threads. What it does the host's `task` says:
;;   0  four threads call `work` and add up what it gives; exits with the sum
;;   1  starts threads that wait for ever until there may be no more; exits with their count
;;   2  a thread traps
;;   3  a thread calls `work`, which ends the program
(module $threads
  (import "env" "memory" (memory 1 2 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "host" "task" (func $task (result i32)))
  (import "host" "work" (func $work (param i32) (result i32)))
  (export "memory" (memory 0))

  (func $wait_for_ever
    (loop $again
      (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1)))
      (br $again)))

  ;; Called back by `work`.
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))

  (func (export "wasi_thread_start") (param $id i32) (param $argument i32)
    (if (i32.eq (call $task) (i32.const 1)) (then (call $wait_for_ever)))
    (if (i32.eq (call $task) (i32.const 2)) (then (unreachable)))
    (drop (i32.atomic.rmw.add (i32.const 0) (call $work (local.get $argument))))
    (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 4) (i32.const -1))))

  (func (export "_start") (local $count i32) (local $done i32)
    (if (i32.eq (call $task) (i32.const 1))
      (then
        (loop $more
          (if (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0))
            (then
              (local.set $count (i32.add (local.get $count) (i32.const 1)))
              (br $more))))
        (call $proc_exit (local.get $count))))
    (loop $more
      (local.set $count (i32.add (local.get $count) (i32.const 1)))
      (if (i32.le_s (call $spawn (local.get $count)) (i32.const 0)) (then (unreachable)))
      (br_if $more (i32.lt_u (local.get $count) (i32.const 4))))
    (loop $wait
      (local.set $done (i32.atomic.load (i32.const 4)))
      (if (i32.ne (local.get $done) (i32.const 4))
        (then
          (drop (memory.atomic.wait32 (i32.const 4) (local.get $done) (i64.const -1)))
          (br $wait))))
    (call $proc_exit (i32.atomic.load (i32.const 0)))))
