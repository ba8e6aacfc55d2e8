;; The exceptions that toolchains emitted first.
(module
  (tag $a (param i32)) (tag $b (param i32)) (tag $c)
  (func $throw (param i32)
    (block $2 (block $1 (block $0 (br_table $0 $1 $2 (local.get 0)))
      (throw $a (i32.const 10))) (throw $b (i32.const 20))) (throw $c))

  (func $catch (export "catch") (param i32) (result i32)
    try (result i32) (call $throw (local.get 0)) (i32.const -1)
       catch $a
       catch $b (i32.add (i32.const 1))
       catch_all (i32.const 30) end)
  (func (export "nothing") (result i32)
    try (result i32) (i32.const 7) catch $a catch_all (i32.const 8) end)
  (func (export "local") (param i32) (result i32)
    try (result i32) (if (local.get 0) (then (throw $b (i32.const 5)))) (throw $a (i32.const 6))
       catch $a (i32.add (i32.const 100))
       catch $b end)
  (func (export "around") (param i32) (result i32)
    try (result i32) try (result i32) (call $throw (local.get 0)) (i32.const -1) catch $b end
       catch $a (i32.add (i32.const 1)) end)

  ;; A clause is not protected by its own `try`, and throws again what it was given.
  (func (export "rethrow") (param i32) (result i32)
    try (result i32) try (result i32) (call $throw (local.get 0)) (i32.const -1)
           catch $a (drop) (rethrow 0)
           catch_all (rethrow 0) end
       catch $a (i32.add (i32.const 2))
       catch $b (i32.add (i32.const 3))
       catch_all (i32.const 4) end)
  (func (export "rethrow_outer") (result i32)
    try (result i32) try (result i32) (throw $a (i32.const 1))
           catch $a
            (drop)
            try (result i32) (throw $b (i32.const 2))
               catch $b (drop) (rethrow 1) end end
       catch $a (i32.add (i32.const 40))
       catch $b (i32.add (i32.const 50)) end)

  ;; Handlers of another: of the `try` that is named, past those between.
  (func (export "delegate") (param i32) (result i32)
    try $outer (result i32) try (result i32) try (call $throw (local.get 0)) delegate $outer
            (i32.const -1)
           catch $a (i32.add (i32.const 1000))
           catch_all (i32.const 2000) end
       catch $a (i32.add (i32.const 1))
       catch_all (i32.const 3) end)
  (func $to_caller (param i32) (result i32)
    try (result i32) try (call $throw (local.get 0)) delegate 1 (i32.const -1)
       catch_all (i32.const 1) end)
  (func (export "delegate_to_caller") (param i32) (result i32)
    try (result i32) (call $to_caller (local.get 0)) catch_all (i32.const 2) end)
  ;; From a clause of the one that is named, so not to its handlers.
  (func (export "delegate_from_clause") (result i32)
    try (result i32) try $named (result i32) (call $throw (i32.const 2)) (i32.const -1)
           catch $c
            try (call $throw (i32.const 0)) delegate $named
            (i32.const -2)
           catch $a (drop) (i32.const -3) end
       catch $a (i32.add (i32.const 5)) end)

  ;; In code that is never reached nothing of it matters, but it must not confuse what is.
  (func (export "dead") (result i32)
    (block (br 0) try (call $throw (i32.const 0)) catch $a (drop) catch_all end
      try  delegate 0)
    try (result i32) (call $throw (i32.const 0)) (i32.const 0) catch $a (i32.add (i32.const 9)) end)
  (func (export "uncaught") try (call $throw (i32.const 0)) catch $b (drop) end)
  (func (export "values") (param i32) (result i32) (local $l i32)
    (i32.const 3)
    try (param i32) (result i32) (local.set $l (i32.const 1)) (call $throw (local.get 0)) (local.set $l (i32.const 2))
       catch $a (i32.mul (i32.const 2))
       catch_all (i32.const 77) end
    (i32.add (local.get $l))))

(assert_return (invoke "catch" (i32.const 0)) (i32.const 10))
(assert_return (invoke "catch" (i32.const 1)) (i32.const 21))
(assert_return (invoke "catch" (i32.const 2)) (i32.const 30))
(assert_return (invoke "nothing") (i32.const 7))
(assert_return (invoke "local" (i32.const 0)) (i32.const 106))
(assert_return (invoke "local" (i32.const 1)) (i32.const 5))
(assert_return (invoke "around" (i32.const 0)) (i32.const 11))
(assert_return (invoke "around" (i32.const 1)) (i32.const 20))
(assert_exception (invoke "around" (i32.const 2)))
(assert_return (invoke "rethrow" (i32.const 0)) (i32.const 12))
(assert_return (invoke "rethrow" (i32.const 1)) (i32.const 23))
(assert_return (invoke "rethrow" (i32.const 2)) (i32.const 4))
(assert_return (invoke "rethrow_outer") (i32.const 41))
(assert_return (invoke "delegate" (i32.const 0)) (i32.const 11))
(assert_return (invoke "delegate" (i32.const 1)) (i32.const 3))
(assert_return (invoke "delegate_to_caller" (i32.const 0)) (i32.const 2))
(assert_return (invoke "delegate_from_clause") (i32.const 15))
(assert_return (invoke "dead") (i32.const 19))
(assert_exception (invoke "uncaught"))
(assert_return (invoke "values" (i32.const 0)) (i32.const 21))
(assert_return (invoke "values" (i32.const 1)) (i32.const 78))
(assert_invalid (module (func (rethrow 0))) "invalid rethrow label")
