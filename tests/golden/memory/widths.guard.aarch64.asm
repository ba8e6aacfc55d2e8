00000000 <function 0 `load`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  45 04 40 f9                    ldr     x5, [x2, #8]
       c  a5 40 23 8b                    add     x5, x5, w3, uxtw
      10  a2 10 40 b9                    ldr     w2, [x5, #0x10]                      ; wasm 0x33, trap: out of bounds memory access
      14  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      18  c0 03 5f d6                    ret

00000020 <function 1 `load_wide`> [i32] -> [i64]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  44 04 40 f9                    ldr     x4, [x2, #8]
      2c  82 48 63 f8                    ldr     x2, [x4, w3, uxtw]                   ; wasm 0x3b, trap: out of bounds memory access
      30  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      34  c0 03 5f d6                    ret

00000040 <function 2 `load_narrow`> [i32] -> [i32]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  44 04 40 f9                    ldr     x4, [x2, #8]
      4c  82 48 a3 38                    ldrsb   x2, [x4, w3, uxtw]                   ; wasm 0x43, trap: out of bounds memory access
      50  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      54  c0 03 5f d6                    ret

00000060 <function 3 `store`> [i32 f64] -> []:
      60  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      64  fd 03 00 91                    mov     x29, sp
      68  45 04 40 f9                    ldr     x5, [x2, #8]
      6c  a5 40 23 8b                    add     x5, x5, w3, uxtw
      70  a0 04 00 fd                    str     d0, [x5, #8]                         ; wasm 0x4d, trap: out of bounds memory access
      74  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      78  c0 03 5f d6                    ret

00000080 <function 4 `store_narrow`> [i32 i64] -> []:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  45 04 40 f9                    ldr     x5, [x2, #8]
      8c  a4 48 23 78                    strh    w4, [x5, w3, uxtw]                   ; wasm 0x57, trap: out of bounds memory access
      90  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      94  c0 03 5f d6                    ret
