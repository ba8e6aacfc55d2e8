00000000 <function 0 `one`> [] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  22 00 80 52                    mov     w2, #1
       c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      10  c0 03 5f d6                    ret

00000020 <function 1 `two`> [] -> [i32]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  42 00 80 52                    mov     w2, #2
      2c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      30  c0 03 5f d6                    ret

00000040 <function 2 `call`> [i64] -> [i32]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  50 00 40 f8                    ldur    x16, [x2]
      4c  10 42 00 91                    add     x16, x16, #0x10
      50  ff 63 30 eb                    cmp     sp, x16
      54  c3 02 00 54                    b.lo    #0xac
      58  7f 08 00 f1                    cmp     x3, #2
      5c  a2 02 00 54                    b.hs    #0xb0
      60  6e ff ff f0                    adrp    x14, #0xfffffffffffef000
      64  ce c1 16 91                    add     x14, x14, #0x5b0
      68  0f 00 80 d2                    mov     x15, #0
      6c  7f 08 00 f1                    cmp     x3, #2
      70  ef 21 83 9a                    csel    x15, x15, x3, hs
      74  e0 f1 7d d3                    lsl     x0, x15, #3
      78  cf 0d 0f 8b                    add     x15, x14, x15, lsl #3
      7c  c0 69 60 b8                    ldr     w0, [x14, x0]
      80  1f 04 00 71                    cmp     w0, #1
      84  01 01 00 54                    b.ne    #0xa4
      88  00 00 00 90                    adrp    x0, #0
      8c  00 00 00 91                    add     x0, x0, #0
      90  e1 05 40 b9                    ldr     w1, [x15, #4]
      94  00 40 21 8b                    add     x0, x0, w1, uxtw
      98  00 00 3f d6                    blr     x0                                   ; wasm 0x4d
      9c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      a0  c0 03 5f d6                    ret
      a4  80 00 00 34                    cbz     w0, #0xb4
      a8  1f c1 00 00                    udf     #0xc11f                              ; trap: indirect call type mismatch
      ac  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      b0  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x4d, trap: undefined element
      b4  1f c1 00 00                    udf     #0xc11f                              ; trap: uninitialized element

000000c0 <function 3 `get`> [i64] -> [externref]:
      c0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      c4  fd 03 00 91                    mov     x29, sp
      c8  47 4c 40 f9                    ldr     x7, [x2, #0x98]
      cc  48 48 40 f9                    ldr     x8, [x2, #0x90]
      d0  7f 00 07 eb                    cmp     x3, x7
      d4  e2 00 00 54                    b.hs    #0xf0
      d8  09 0d 03 8b                    add     x9, x8, x3, lsl #3
      dc  7f 00 07 eb                    cmp     x3, x7
      e0  0a 21 89 9a                    csel    x10, x8, x9, hs
      e4  42 01 40 f9                    ldr     x2, [x10]
      e8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      ec  c0 03 5f d6                    ret
      f0  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x55, trap: out of bounds table access

00000100 <function 4 `grow`> [i64] -> [i64]:
     100  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     104  fd 03 00 91                    mov     x29, sp
     108  50 00 40 f8                    ldur    x16, [x2]
     10c  10 42 00 91                    add     x16, x16, #0x10
     110  ff 63 30 eb                    cmp     sp, x16
     114  83 01 00 54                    b.lo    #0x144
     118  ea 03 03 aa                    mov     x10, x3
     11c  47 08 40 f9                    ldr     x7, [x2, #0x10]
     120  e7 28 40 f9                    ldr     x7, [x7, #0x50]
     124  21 00 80 52                    mov     w1, #1
     128  03 00 80 d2                    mov     x3, #0
     12c  e0 03 02 aa                    mov     x0, x2
     130  e2 03 0a aa                    mov     x2, x10
     134  e0 00 3f d6                    blr     x7                                   ; wasm 0x5e
     138  e2 03 00 aa                    mov     x2, x0
     13c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     140  c0 03 5f d6                    ret
     144  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
