;; A guest's names reach the terminal as text and as nothing else.
;; RUN[1]: ahead compile names_are_escaped.wat -o a.so --wasm=-sign-extension
;; RUN: ahead compile names_are_escaped.wat -o a.so
;; RUN[134]: ahead run a.so --invoke run
;; RUN: ahead inspect a.so
;; RUN: ahead objdump a.so -f 1
(module
  (global (export "\1b[2J\0a`\e2\80\ae") i32 (i32.const 0))
  (func $extend (param i32) (result i32) (i32.extend8_s (local.get 0)))
  (func (@name "\1b]0;owned\07`") (export "run") (unreachable)))
