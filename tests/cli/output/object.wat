;; RUN: ahead compile object.wat -o filter.o --header filter.h
;; RUN: show filter.h
;; RUN: ahead compile object.wat -o other.o --prefix mine --header other.h
;; RUN: show other.h
;; RUN[1]: ahead compile object.wat -o bad.o --prefix 1+1
;; RUN: list
(module
  (memory (export "memory") 1)
  (func (export "add") (param i32 i64) (result f32 f64) (f32.const 1) (f64.const 2))
  (func (export "odd name; int main(void)") (param i32)))
