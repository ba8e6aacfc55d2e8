00000000 <function 0 `load`> [i64] -> [i64]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  49 44 40 f9                    ldr     x9, [x2, #0x88]
       c  29 41 00 d1                    sub     x9, x9, #0x10
      10  7f 00 09 eb                    cmp     x3, x9
      14  28 01 00 54                    b.hi    #0x38
      18  4b 40 40 f9                    ldr     x11, [x2, #0x80]
      1c  6c 01 03 8b                    add     x12, x11, x3
      20  8c 21 00 91                    add     x12, x12, #8
      24  7f 00 09 eb                    cmp     x3, x9
      28  6c 81 8c 9a                    csel    x12, x11, x12, hi
      2c  82 01 40 f9                    ldr     x2, [x12]                            ; wasm 0x43, trap: out of bounds memory access
      30  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      34  c0 03 5f d6                    ret
      38  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000040 <function 1 `store`> [i64 i32] -> []:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  48 44 40 f9                    ldr     x8, [x2, #0x88]
      4c  08 05 00 d1                    sub     x8, x8, #1
      50  7f 00 08 eb                    cmp     x3, x8
      54  08 01 00 54                    b.hi    #0x74
      58  4a 40 40 f9                    ldr     x10, [x2, #0x80]
      5c  4b 01 03 8b                    add     x11, x10, x3
      60  7f 00 08 eb                    cmp     x3, x8
      64  4b 81 8b 9a                    csel    x11, x10, x11, hi
      68  64 01 00 39                    strb    w4, [x11]                            ; wasm 0x4d, trap: out of bounds memory access
      6c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      70  c0 03 5f d6                    ret
      74  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000080 <function 2 `constant`> [] -> [i32]:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  44 40 40 f9                    ldr     x4, [x2, #0x80]
      8c  83 ff 9f d2                    mov     x3, #0xfffc
      90  82 68 63 b8                    ldr     w2, [x4, x3]                         ; wasm 0x57, trap: out of bounds memory access
      94  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      98  c0 03 5f d6                    ret

000000a0 <function 3 `far`> [i64] -> [i32]:
      a0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      a4  fd 03 00 91                    mov     x29, sp
      a8  45 44 40 f9                    ldr     x5, [x2, #0x88]
      ac  25 00 80 52                    mov     w5, #1
      b0  bf 1c 00 72                    tst     w5, #0xff
      b4  a1 00 00 54                    b.ne    #0xc8
      b8  47 40 40 f9                    ldr     x7, [x2, #0x80]
      bc  e2 00 40 b9                    ldr     w2, [x7]                             ; wasm 0x5f, trap: out of bounds memory access
      c0  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      c4  c0 03 5f d6                    ret
      c8  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

000000d0 <function 4 `size`> [] -> [i64]:
      d0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      d4  fd 03 00 91                    mov     x29, sp
      d8  43 44 40 f9                    ldr     x3, [x2, #0x88]
      dc  62 fc 50 d3                    lsr     x2, x3, #0x10
      e0  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      e4  c0 03 5f d6                    ret

000000f0 <function 5 `grow`> [i64] -> [i64]:
      f0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      f4  fd 03 00 91                    mov     x29, sp
      f8  50 00 40 f8                    ldur    x16, [x2]
      fc  10 42 00 91                    add     x16, x16, #0x10
     100  ff 63 30 eb                    cmp     sp, x16
     104  43 01 00 54                    b.lo    #0x12c
     108  46 08 40 f9                    ldr     x6, [x2, #0x10]
     10c  c6 00 40 f9                    ldr     x6, [x6]
     110  01 00 80 52                    mov     w1, #0
     114  e0 03 02 aa                    mov     x0, x2
     118  e2 03 03 aa                    mov     x2, x3
     11c  c0 00 3f d6                    blr     x6                                   ; wasm 0x75
     120  e2 03 00 aa                    mov     x2, x0
     124  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     128  c0 03 5f d6                    ret
     12c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
