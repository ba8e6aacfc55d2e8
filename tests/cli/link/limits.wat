;; What an executable may take, and the address it listens on, are kept in it.
;; RUN: ahead compile limits.wat -o free
;; RUN[0]: ./free
;; RUN: ahead compile limits.wat -o bound --dir . --max-memory 128K --max-fds 5 --max-written 1M --max-files 0 --listen 127.0.0.1:0
;; RUN[123]: ./bound --max-files 1
;; RUN: ahead compile limits.wat -o crowded --dir . --max-fds 4 --listen 127.0.0.1:0
;; RUN[1]: ./crowded
;; RUN: ahead compile limits.wat -o nowhere --listen here
;; RUN[1]: ./nowhere
;; RUN[2]: ahead compile limits.wat -o limits.so --max-files 0
;; RUN[2]: ahead compile limits.wat -o limits.so --listen 127.0.0.1:0
(module
  (import "wasi_snapshot_preview1" "path_create_directory"
    (func $create (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $stat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "made")
  ;; 100 if no directory may be made, 20 if memory cannot grow beyond two pages, 3 if the last descriptor is a socket.
  (func (export "_start")
    (drop (call $stat (i32.const 4) (i32.const 64)))
    (call $exit
      (i32.add
        (i32.mul (i32.const 100)
          (i32.eq (call $create (i32.const 3) (i32.const 16) (i32.const 4)) (i32.const 19)))
        (i32.add
          (i32.mul (i32.const 20)
            (i32.and (i32.eq (memory.grow (i32.const 1)) (i32.const 1))
              (i32.eq (memory.grow (i32.const 1)) (i32.const -1))))
          (i32.mul (i32.const 3) (i32.eq (i32.load8_u (i32.const 64)) (i32.const 6))))))))
