;; Threads of a script: each has instances of its own, and shares the memories that it is given.

(module $Mem
  (memory (export "shared") 1 2 shared)
  (memory (export "own") 1))

;; Nothing but shared memories goes to another thread.
(thread $Registers (shared (module $Mem))
  (register "mem" $Mem)
  (assert_unlinkable (module (import "mem" "own" (memory 1))) "unknown import")
  (module (import "mem" "shared" (memory 1 2 shared)))
  (assert_unlinkable (module (import "mem" "shared" (memory 1))) "incompatible import type")
  (assert_unlinkable (module (import "mem" "shared" (memory 3 4 shared))) "incompatible import type"))
(wait $Registers)

;; A message: what was written before the flag is there when the flag is seen.
(thread $Sends (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 2 shared)
    (func (export "run")
      (i64.store (i32.const 64) (i64.const 42))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))
  (invoke "run"))
(thread $Receives (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 2 shared)
    (func (export "run") (result i64)
      (loop $again
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
        (br_if $again (i32.eqz (i32.atomic.load (i32.const 0)))))
      (i64.load (i32.const 64))))
  (assert_return (invoke "run") (i64.const 42)))
(wait $Sends)
(wait $Receives)

;; Each writes its own flag and reads the other's: sequentially consistent accesses do not both miss.
(thread $Left (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 2 shared)
    (func (export "run")
      (i32.atomic.store (i32.const 128) (i32.const 1))
      (i32.store (i32.const 136) (i32.atomic.load (i32.const 132)))))
  (invoke "run"))
(thread $Right (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 2 shared)
    (func (export "run")
      (i32.atomic.store (i32.const 132) (i32.const 1))
      (i32.store (i32.const 140) (i32.atomic.load (i32.const 128)))))
  (invoke "run"))
(wait $Left)
(wait $Right)

;; One grows the memory, the other sees it grown.
(thread $Grows (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 2 shared)
    (func (export "run") (result i32) (memory.grow (i32.const 1))))
  (assert_return (invoke "run") (i32.const 1))
  (assert_return (invoke "run") (i32.const -1)))
(wait $Grows)

(register "mem" $Mem)
(module
  (memory (import "mem" "shared") 2 2 shared)
  (func (export "either") (result i32)
    (i32.or (i32.load (i32.const 136)) (i32.load (i32.const 140))))
  (func (export "size") (result i32) (memory.size)))
(assert_return (invoke "either") (i32.const 1))
(assert_return (invoke "size") (i32.const 2))

;; A thread may start threads, and share what was shared with it.
(thread $Outer (shared (module $Mem))
  (thread $Inner (shared (module $Mem))
    (register "mem" $Mem)
    (module
      (memory (import "mem" "shared") 1 2 shared)
      (func (export "run") (result i32) (i32.atomic.rmw.add (i32.const 256) (i32.const 1))))
    (assert_return (invoke "run") (i32.const 0)))
  (wait $Inner)
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 2 shared)
    (func (export "run") (result i32) (i32.atomic.rmw.add (i32.const 256) (i32.const 1))))
  (assert_return (invoke "run") (i32.const 1)))
(wait $Outer)
