00000000 <function 0 `twice`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  47 04 40 f9                    ldr     x7, [x2, #8]
       c  e7 48 63 b8                    ldr     w7, [x7, w3, uxtw]                   ; wasm 0x2d, trap: out of bounds memory access
      10  28 00 80 52                    mov     w8, #1
      14  49 48 40 f9                    ldr     x9, [x2, #0x90]
      18  28 49 23 b8                    str     w8, [x9, w3, uxtw]                   ; wasm 0x34, trap: out of bounds memory access
      1c  e2 00 07 0b                    add     w2, w7, w7
      20  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      24  c0 03 5f d6                    ret
