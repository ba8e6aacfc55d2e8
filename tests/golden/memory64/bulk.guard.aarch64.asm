00000000 <function 0 `to_wide`> [i64 i32 i32] -> []:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  50 00 40 f8                    ldur    x16, [x2]
       c  10 42 00 91                    add     x16, x16, #0x10
      10  ff 63 30 eb                    cmp     sp, x16
      14  83 03 00 54                    b.lo    #0x84
      18  41 4c 40 f9                    ldr     x1, [x2, #0x98]
      1c  7f 00 01 eb                    cmp     x3, x1
      20  e0 97 9f 9a                    cset    x0, hi
      24  21 00 03 cb                    sub     x1, x1, x3
      28  e6 03 03 aa                    mov     x6, x3
      2c  e3 03 05 2a                    mov     w3, w5
      30  3f 00 03 eb                    cmp     x1, x3
      34  e1 27 9f 9a                    cset    x1, lo
      38  00 00 01 2a                    orr     w0, w0, w1
      3c  1f 1c 00 72                    tst     w0, #0xff
      40  41 02 00 54                    b.ne    #0x88
      44  40 48 40 f9                    ldr     x0, [x2, #0x90]
      48  41 44 40 f9                    ldr     x1, [x2, #0x88]
      4c  65 40 24 8b                    add     x5, x3, w4, uxtw
      50  bf 00 01 eb                    cmp     x5, x1
      54  c8 01 00 54                    b.hi    #0x8c
      58  41 08 40 f9                    ldr     x1, [x2, #0x10]
      5c  25 04 40 f9                    ldr     x5, [x1, #8]
      60  e1 03 06 aa                    mov     x1, x6
      64  01 00 01 8b                    add     x1, x0, x1
      68  40 04 40 f9                    ldr     x0, [x2, #8]
      6c  e6 03 02 aa                    mov     x6, x2
      70  02 40 24 8b                    add     x2, x0, w4, uxtw
      74  e0 03 06 aa                    mov     x0, x6
      78  a0 00 3f d6                    blr     x5                                   ; wasm 0x48
      7c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      80  c0 03 5f d6                    ret
      84  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      88  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x48, trap: out of bounds memory access
      8c  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000090 <function 1 `within`> [i64 i64 i64] -> []:
      90  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      94  fd 03 00 91                    mov     x29, sp
      98  50 00 40 f8                    ldur    x16, [x2]
      9c  10 42 00 91                    add     x16, x16, #0x10
      a0  ff 63 30 eb                    cmp     sp, x16
      a4  a3 03 00 54                    b.lo    #0x118
      a8  40 4c 40 f9                    ldr     x0, [x2, #0x98]
      ac  7f 00 00 eb                    cmp     x3, x0
      b0  e1 97 9f 9a                    cset    x1, hi
      b4  06 00 03 cb                    sub     x6, x0, x3
      b8  df 00 05 eb                    cmp     x6, x5
      bc  e6 27 9f 9a                    cset    x6, lo
      c0  21 00 06 2a                    orr     w1, w1, w6
      c4  3f 1c 00 72                    tst     w1, #0xff
      c8  a1 02 00 54                    b.ne    #0x11c
      cc  47 48 40 f9                    ldr     x7, [x2, #0x90]
      d0  9f 00 00 eb                    cmp     x4, x0
      d4  e6 97 9f 9a                    cset    x6, hi
      d8  00 00 04 cb                    sub     x0, x0, x4
      dc  1f 00 05 eb                    cmp     x0, x5
      e0  e0 27 9f 9a                    cset    x0, lo
      e4  c0 00 00 2a                    orr     w0, w6, w0
      e8  1f 1c 00 72                    tst     w0, #0xff
      ec  a1 01 00 54                    b.ne    #0x120
      f0  40 08 40 f9                    ldr     x0, [x2, #0x10]
      f4  e8 03 02 aa                    mov     x8, x2
      f8  06 04 40 f9                    ldr     x6, [x0, #8]
      fc  e1 00 03 8b                    add     x1, x7, x3
     100  e2 00 04 8b                    add     x2, x7, x4
     104  e0 03 08 aa                    mov     x0, x8
     108  e3 03 05 aa                    mov     x3, x5
     10c  c0 00 3f d6                    blr     x6                                   ; wasm 0x55
     110  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     114  c0 03 5f d6                    ret
     118  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     11c  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x55, trap: out of bounds memory access
     120  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000130 <function 2 `fill`> [i64 i32 i64] -> []:
     130  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     134  fd 03 00 91                    mov     x29, sp
     138  50 00 40 f8                    ldur    x16, [x2]
     13c  10 42 00 91                    add     x16, x16, #0x10
     140  ff 63 30 eb                    cmp     sp, x16
     144  83 02 00 54                    b.lo    #0x194
     148  4d 4c 40 f9                    ldr     x13, [x2, #0x98]
     14c  7f 00 0d eb                    cmp     x3, x13
     150  ee 97 9f 9a                    cset    x14, hi
     154  af 01 03 cb                    sub     x15, x13, x3
     158  ff 01 05 eb                    cmp     x15, x5
     15c  ef 27 9f 9a                    cset    x15, lo
     160  cf 01 0f 2a                    orr     w15, w14, w15
     164  ff 1d 00 72                    tst     w15, #0xff
     168  81 01 00 54                    b.ne    #0x198
     16c  40 48 40 f9                    ldr     x0, [x2, #0x90]
     170  41 08 40 f9                    ldr     x1, [x2, #0x10]
     174  26 08 40 f9                    ldr     x6, [x1, #0x10]
     178  01 00 03 8b                    add     x1, x0, x3
     17c  e3 03 05 aa                    mov     x3, x5
     180  e0 03 02 aa                    mov     x0, x2
     184  e2 03 04 aa                    mov     x2, x4
     188  c0 00 3f d6                    blr     x6                                   ; wasm 0x62
     18c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     190  c0 03 5f d6                    ret
     194  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     198  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x62, trap: out of bounds memory access
