;; More results than registers go through memory of the caller.
;; GOLDEN speed: -O speed
(module
  (func $many (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i32.const 0) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)
    (i32.const 5) (i32.const 6) (i32.const 7) (i32.const 8) (i32.const 9))
  (func $caller (result i32)
    (call $many)
    (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop)))
