;; The message names the function and the offset.
;; RUN[1]: ahead compile invalid.wat -o invalid.so
(module
  (func $first)
  (func $add_up (result i32)
    i64.const 1))
