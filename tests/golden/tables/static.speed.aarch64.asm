00000000 <function 0 `inc`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  62 04 00 11                    add     w2, w3, #1
       c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      10  c0 03 5f d6                    ret

00000020 <function 1 `dec`> [i32] -> [i32]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  62 04 00 51                    sub     w2, w3, #1
      2c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      30  c0 03 5f d6                    ret

00000040 <function 2 `apply`> [i32 i32] -> [i32]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  50 00 40 f8                    ldur    x16, [x2]
      4c  10 42 00 91                    add     x16, x16, #0x10
      50  ff 63 30 eb                    cmp     sp, x16
      54  e3 02 00 54                    b.lo    #0xb0
      58  6e ff ff f0                    adrp    x14, #0xfffffffffffef000
      5c  ce c1 14 91                    add     x14, x14, #0x530
      60  4f 00 80 52                    mov     w15, #2
      64  9f 10 00 71                    cmp     w4, #4
      68  ef 21 84 9a                    csel    x15, x15, x4, hs
      6c  ef 03 0f 2a                    mov     w15, w15
      70  e0 f1 7d d3                    lsl     x0, x15, #3
      74  cf 0d 0f 8b                    add     x15, x14, x15, lsl #3
      78  c0 69 60 b8                    ldr     w0, [x14, x0]
      7c  1f 04 00 71                    cmp     w0, #1
      80  01 01 00 54                    b.ne    #0xa0
      84  00 00 00 90                    adrp    x0, #0
      88  00 00 00 91                    add     x0, x0, #0
      8c  e1 05 40 b9                    ldr     w1, [x15, #4]
      90  00 40 21 8b                    add     x0, x0, w1, uxtw
      94  00 00 3f d6                    blr     x0                                   ; wasm 0x51
      98  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      9c  c0 03 5f d6                    ret
      a0  9f 10 00 71                    cmp     w4, #4
      a4  82 00 00 54                    b.hs    #0xb4
      a8  80 00 00 34                    cbz     w0, #0xb8
      ac  1f c1 00 00                    udf     #0xc11f                              ; trap: indirect call type mismatch
      b0  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      b4  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x51, trap: undefined element
      b8  1f c1 00 00                    udf     #0xc11f                              ; trap: uninitialized element

000000c0 <entry of type 1> [i32 i32] -> [i32]:
      c0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      c4  fd 03 00 91                    mov     x29, sp
      c8  f3 0f 1f f8                    str     x19, [sp, #-0x10]!
      cc  43 00 40 b9                    ldr     w3, [x2]
      d0  44 10 40 b9                    ldr     w4, [x2, #0x10]
      d4  f3 03 02 aa                    mov     x19, x2
      d8  e2 03 00 aa                    mov     x2, x0
      dc  20 00 3f d6                    blr     x1
      e0  eb 03 13 aa                    mov     x11, x19
      e4  62 01 00 b9                    str     w2, [x11]
      e8  f3 07 41 f8                    ldr     x19, [sp], #0x10
      ec  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      f0  c0 03 5f d6                    ret
