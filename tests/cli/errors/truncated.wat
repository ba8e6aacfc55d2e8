;; RUN[1]: ahead compile truncated.wat -o truncated.so
(module binary "\00asm" "\01\00\00")
