00000000 <function 0 `load`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  4a 44 40 f9                    ldr     x10, [x2, #0x88]
       c  eb 03 03 2a                    mov     w11, w3
      10  6b 21 00 91                    add     x11, x11, #8
      14  7f 01 0a eb                    cmp     x11, x10
      18  28 01 00 54                    b.hi    #0x3c
      1c  4c 40 40 f9                    ldr     x12, [x2, #0x80]
      20  8d 41 23 8b                    add     x13, x12, w3, uxtw
      24  ad 11 00 91                    add     x13, x13, #4
      28  7f 01 0a eb                    cmp     x11, x10
      2c  8d 81 8d 9a                    csel    x13, x12, x13, hi
      30  a2 01 40 b9                    ldr     w2, [x13]                            ; wasm 0x32, trap: out of bounds memory access
      34  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      38  c0 03 5f d6                    ret
      3c  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000040 <function 1 `size`> [] -> [i32]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  42 44 40 f9                    ldr     x2, [x2, #0x88]
      4c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      50  c0 03 5f d6                    ret
