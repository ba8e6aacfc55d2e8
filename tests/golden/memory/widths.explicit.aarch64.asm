00000000 <function 0 `load`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  e9 03 03 2a                    mov     w9, w3
       c  29 51 00 91                    add     x9, x9, #0x14
      10  3f 41 40 f1                    cmp     x9, #0x10, lsl #12
      14  28 01 00 54                    b.hi    #0x38
      18  4b 40 40 f9                    ldr     x11, [x2, #0x80]
      1c  6c 41 23 8b                    add     x12, x11, w3, uxtw
      20  8c 41 00 91                    add     x12, x12, #0x10
      24  3f 41 40 f1                    cmp     x9, #0x10, lsl #12
      28  6c 81 8c 9a                    csel    x12, x11, x12, hi
      2c  82 01 40 b9                    ldr     w2, [x12]                            ; wasm 0x33, trap: out of bounds memory access
      30  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      34  c0 03 5f d6                    ret
      38  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000040 <function 1 `load_wide`> [i32] -> [i64]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  e8 03 03 2a                    mov     w8, w3
      4c  08 21 00 91                    add     x8, x8, #8
      50  1f 41 40 f1                    cmp     x8, #0x10, lsl #12
      54  08 01 00 54                    b.hi    #0x74
      58  4a 40 40 f9                    ldr     x10, [x2, #0x80]
      5c  4b 41 23 8b                    add     x11, x10, w3, uxtw
      60  1f 41 40 f1                    cmp     x8, #0x10, lsl #12
      64  4b 81 8b 9a                    csel    x11, x10, x11, hi
      68  62 01 40 f9                    ldr     x2, [x11]                            ; wasm 0x3b, trap: out of bounds memory access
      6c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      70  c0 03 5f d6                    ret
      74  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000080 <function 2 `load_narrow`> [i32] -> [i32]:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  e8 03 03 2a                    mov     w8, w3
      8c  08 05 00 91                    add     x8, x8, #1
      90  1f 41 40 f1                    cmp     x8, #0x10, lsl #12
      94  08 01 00 54                    b.hi    #0xb4
      98  4a 40 40 f9                    ldr     x10, [x2, #0x80]
      9c  4b 41 23 8b                    add     x11, x10, w3, uxtw
      a0  1f 41 40 f1                    cmp     x8, #0x10, lsl #12
      a4  4b 81 8b 9a                    csel    x11, x10, x11, hi
      a8  62 01 80 39                    ldrsb   x2, [x11]                            ; wasm 0x43, trap: out of bounds memory access
      ac  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      b0  c0 03 5f d6                    ret
      b4  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

000000c0 <function 3 `store`> [i32 f64] -> []:
      c0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      c4  fd 03 00 91                    mov     x29, sp
      c8  e9 03 03 2a                    mov     w9, w3
      cc  29 41 00 91                    add     x9, x9, #0x10
      d0  3f 41 40 f1                    cmp     x9, #0x10, lsl #12
      d4  28 01 00 54                    b.hi    #0xf8
      d8  4b 40 40 f9                    ldr     x11, [x2, #0x80]
      dc  6c 41 23 8b                    add     x12, x11, w3, uxtw
      e0  8c 21 00 91                    add     x12, x12, #8
      e4  3f 41 40 f1                    cmp     x9, #0x10, lsl #12
      e8  6c 81 8c 9a                    csel    x12, x11, x12, hi
      ec  80 01 00 fd                    str     d0, [x12]                            ; wasm 0x4d, trap: out of bounds memory access
      f0  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      f4  c0 03 5f d6                    ret
      f8  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000100 <function 4 `store_narrow`> [i32 i64] -> []:
     100  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     104  fd 03 00 91                    mov     x29, sp
     108  e8 03 03 2a                    mov     w8, w3
     10c  08 09 00 91                    add     x8, x8, #2
     110  1f 41 40 f1                    cmp     x8, #0x10, lsl #12
     114  08 01 00 54                    b.hi    #0x134
     118  4a 40 40 f9                    ldr     x10, [x2, #0x80]
     11c  4b 41 23 8b                    add     x11, x10, w3, uxtw
     120  1f 41 40 f1                    cmp     x8, #0x10, lsl #12
     124  4b 81 8b 9a                    csel    x11, x10, x11, hi
     128  64 01 00 79                    strh    w4, [x11]                            ; wasm 0x57, trap: out of bounds memory access
     12c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     130  c0 03 5f d6                    ret
     134  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access
