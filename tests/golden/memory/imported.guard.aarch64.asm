00000000 <function 0 `sum`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  47 04 40 f9                    ldr     x7, [x2, #8]
       c  e8 40 23 8b                    add     x8, x7, w3, uxtw
      10  e7 48 63 b8                    ldr     w7, [x7, w3, uxtw]                   ; wasm 0x2c, trap: out of bounds memory access
      14  08 05 40 b9                    ldr     w8, [x8, #4]                         ; wasm 0x31, trap: out of bounds memory access
      18  e2 00 08 0b                    add     w2, w7, w8
      1c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      20  c0 03 5f d6                    ret
