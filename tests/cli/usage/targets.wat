;; RUN: ahead compile targets.wat -o a.so --target aarch64-unknown-linux-gnu --cpu armv8.1
;; RUN: ahead inspect a.so
;; RUN: ahead completions bash --help
(module)
