00000038 <function 1 `direct`> [i32] -> []:
      38  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      3c  fd 03 00 91                    mov     x29, sp
      40  63 04 00 11                    add     w3, w3, #1
      44  ff ff ff 17                    b       #0x40

00000050 <function 2 `import`> [i32] -> []:
      50  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      54  fd 03 00 91                    mov     x29, sp
      58  50 00 40 f8                    ldur    x16, [x2]
      5c  10 42 00 91                    add     x16, x16, #0x10
      60  ff 63 30 eb                    cmp     sp, x16
      64  a3 00 00 54                    b.lo    #0x78
      68  41 50 40 f9                    ldr     x1, [x2, #0xa0]
      6c  42 54 40 f9                    ldr     x2, [x2, #0xa8]
      70  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      74  20 00 1f d6                    br      x1                                   ; wasm 0x54
      78  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000080 <function 3 `through_static`> [i32] -> []:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  50 00 40 f8                    ldur    x16, [x2]
      8c  10 42 00 91                    add     x16, x16, #0x10
      90  ff 63 30 eb                    cmp     sp, x16
      94  a3 02 00 54                    b.lo    #0xe8
      98  a3 02 00 35                    cbnz    w3, #0xec
      9c  6d ff ff f0                    adrp    x13, #0xfffffffffffef000
      a0  ad 41 16 91                    add     x13, x13, #0x590
      a4  0e 00 80 52                    mov     w14, #0
      a8  7f 00 1f 6b                    cmp     w3, wzr
      ac  ce 11 83 9a                    csel    x14, x14, x3, ne
      b0  ee 03 0e 2a                    mov     w14, w14
      b4  cf f1 7d d3                    lsl     x15, x14, #3
      b8  ae 0d 0e 8b                    add     x14, x13, x14, lsl #3
      bc  af 69 6f b8                    ldr     w15, [x13, x15]
      c0  ff 05 00 71                    cmp     w15, #1
      c4  e1 00 00 54                    b.ne    #0xe0
      c8  00 00 00 90                    adrp    x0, #0
      cc  00 00 00 91                    add     x0, x0, #0
      d0  c1 05 40 b9                    ldr     w1, [x14, #4]
      d4  01 40 21 8b                    add     x1, x0, w1, uxtw
      d8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      dc  20 00 1f d6                    br      x1                                   ; wasm 0x5d
      e0  8f 00 00 34                    cbz     w15, #0xf0
      e4  1f c1 00 00                    udf     #0xc11f                              ; trap: indirect call type mismatch
      e8  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      ec  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x5d, trap: undefined element
      f0  1f c1 00 00                    udf     #0xc11f                              ; trap: uninitialized element

00000100 <function 4 `through_shared`> [i32] -> []:
     100  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     104  fd 03 00 91                    mov     x29, sp
     108  50 00 40 f8                    ldur    x16, [x2]
     10c  10 42 00 91                    add     x16, x16, #0x10
     110  ff 63 30 eb                    cmp     sp, x16
     114  83 02 00 54                    b.lo    #0x164
     118  4c 4c 40 f9                    ldr     x12, [x2, #0x98]
     11c  4d 48 40 f9                    ldr     x13, [x2, #0x90]
     120  ee 03 03 2a                    mov     w14, w3
     124  df 01 0c eb                    cmp     x14, x12
     128  02 02 00 54                    b.hs    #0x168
     12c  af 15 0e 8b                    add     x15, x13, x14, lsl #5
     130  df 01 0c eb                    cmp     x14, x12
     134  af 21 8f 9a                    csel    x15, x13, x15, hs
     138  e0 01 40 b9                    ldr     w0, [x15]
     13c  41 0c 40 f9                    ldr     x1, [x2, #0x18]
     140  21 00 40 b9                    ldr     w1, [x1]
     144  1f 00 01 6b                    cmp     w0, w1
     148  a1 00 00 54                    b.ne    #0x15c
     14c  e1 05 40 f9                    ldr     x1, [x15, #8]
     150  e2 09 40 f9                    ldr     x2, [x15, #0x10]
     154  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     158  20 00 1f d6                    br      x1                                   ; wasm 0x67
     15c  80 00 00 34                    cbz     w0, #0x16c
     160  1f c1 00 00                    udf     #0xc11f                              ; trap: indirect call type mismatch
     164  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     168  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x67, trap: undefined element
     16c  1f c1 00 00                    udf     #0xc11f                              ; trap: uninitialized element

00000170 <hostcall of type 0> [i32] -> []:
     170  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     174  fd 03 00 91                    mov     x29, sp
     178  ff 43 00 d1                    sub     sp, sp, #0x10
     17c  e1 03 00 91                    mov     x1, sp
     180  e3 03 00 b8                    stur    w3, [sp]
     184  46 00 40 f9                    ldr     x6, [x2]
     188  e0 03 02 aa                    mov     x0, x2
     18c  e2 03 1d aa                    mov     x2, x29
     190  c0 00 3f d6                    blr     x6
     194  ff 43 00 91                    add     sp, sp, #0x10
     198  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     19c  c0 03 5f d6                    ret
