00000000 <function 0 `copy`> [i32 i32 i32] -> []:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  50 00 40 f8                    ldur    x16, [x2]
       c  10 42 00 91                    add     x16, x16, #0x10
      10  ff 63 30 eb                    cmp     sp, x16
      14  83 02 00 54                    b.lo    #0x64
      18  ee 03 03 aa                    mov     x14, x3
      1c  e3 03 05 2a                    mov     w3, w5
      20  ef 03 0e aa                    mov     x15, x14
      24  6c 40 2f 8b                    add     x12, x3, w15, uxtw
      28  9f 41 40 f1                    cmp     x12, #0x10, lsl #12
      2c  e8 01 00 54                    b.hi    #0x68
      30  6e 40 24 8b                    add     x14, x3, w4, uxtw
      34  df 41 40 f1                    cmp     x14, #0x10, lsl #12
      38  a8 01 00 54                    b.hi    #0x6c
      3c  40 08 40 f9                    ldr     x0, [x2, #0x10]
      40  06 04 40 f9                    ldr     x6, [x0, #8]
      44  41 40 40 f9                    ldr     x1, [x2, #0x80]
      48  e0 03 02 aa                    mov     x0, x2
      4c  25 40 2f 8b                    add     x5, x1, w15, uxtw
      50  22 40 24 8b                    add     x2, x1, w4, uxtw
      54  e1 03 05 aa                    mov     x1, x5
      58  c0 00 3f d6                    blr     x6                                   ; wasm 0x2e
      5c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      60  c0 03 5f d6                    ret
      64  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      68  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x2e, trap: out of bounds memory access
      6c  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000070 <function 1 `fill`> [i32 i32 i32] -> []:
      70  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      74  fd 03 00 91                    mov     x29, sp
      78  50 00 40 f8                    ldur    x16, [x2]
      7c  10 42 00 91                    add     x16, x16, #0x10
      80  ff 63 30 eb                    cmp     sp, x16
      84  03 02 00 54                    b.lo    #0xc4
      88  ed 03 03 aa                    mov     x13, x3
      8c  e3 03 05 2a                    mov     w3, w5
      90  ee 03 0d aa                    mov     x14, x13
      94  6a 40 2e 8b                    add     x10, x3, w14, uxtw
      98  5f 41 40 f1                    cmp     x10, #0x10, lsl #12
      9c  68 01 00 54                    b.hi    #0xc8
      a0  4c 08 40 f9                    ldr     x12, [x2, #0x10]
      a4  8c 09 40 f9                    ldr     x12, [x12, #0x10]
      a8  4d 40 40 f9                    ldr     x13, [x2, #0x80]
      ac  a1 41 2e 8b                    add     x1, x13, w14, uxtw
      b0  e0 03 02 aa                    mov     x0, x2
      b4  e2 03 04 aa                    mov     x2, x4
      b8  80 01 3f d6                    blr     x12                                  ; wasm 0x3b
      bc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      c0  c0 03 5f d6                    ret
      c4  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      c8  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x3b, trap: out of bounds memory access

000000d0 <function 2 `init`> [i32 i32 i32] -> []:
      d0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      d4  fd 03 00 91                    mov     x29, sp
      d8  50 00 40 f8                    ldur    x16, [x2]
      dc  10 42 00 91                    add     x16, x16, #0x10
      e0  ff 63 30 eb                    cmp     sp, x16
      e4  63 01 00 54                    b.lo    #0x110
      e8  49 08 40 f9                    ldr     x9, [x2, #0x10]
      ec  e0 03 02 aa                    mov     x0, x2
      f0  29 0d 40 f9                    ldr     x9, [x9, #0x18]
      f4  02 00 80 52                    mov     w2, #0
      f8  e3 03 03 2a                    mov     w3, w3
      fc  e1 03 02 aa                    mov     x1, x2
     100  20 01 3f d6                    blr     x9                                   ; wasm 0x47
     104  80 00 00 35                    cbnz    w0, #0x114
     108  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     10c  c0 03 5f d6                    ret
     110  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     114  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x47, trap: out of bounds memory access

00000120 <function 3 `drop`> [] -> []:
     120  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     124  fd 03 00 91                    mov     x29, sp
     128  50 00 40 f8                    ldur    x16, [x2]
     12c  10 42 00 91                    add     x16, x16, #0x10
     130  ff 63 30 eb                    cmp     sp, x16
     134  03 01 00 54                    b.lo    #0x154
     138  44 08 40 f9                    ldr     x4, [x2, #0x10]
     13c  84 10 40 f9                    ldr     x4, [x4, #0x20]
     140  01 00 80 52                    mov     w1, #0
     144  e0 03 02 aa                    mov     x0, x2
     148  80 00 3f d6                    blr     x4                                   ; wasm 0x4e
     14c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     150  c0 03 5f d6                    ret
     154  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
