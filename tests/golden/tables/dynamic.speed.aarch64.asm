00000000 <function 0 `inc`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  62 04 00 11                    add     w2, w3, #1
       c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      10  c0 03 5f d6                    ret

00000020 <function 1 `apply`> [i32 i32] -> [i32]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  50 00 40 f8                    ldur    x16, [x2]
      2c  10 42 00 91                    add     x16, x16, #0x10
      30  ff 63 30 eb                    cmp     sp, x16
      34  a3 02 00 54                    b.lo    #0x88
      38  4e 44 40 f9                    ldr     x14, [x2, #0x88]
      3c  4f 40 40 f9                    ldr     x15, [x2, #0x80]
      40  e0 03 04 2a                    mov     w0, w4
      44  1f 00 0e eb                    cmp     x0, x14
      48  22 02 00 54                    b.hs    #0x8c
      4c  e1 15 00 8b                    add     x1, x15, x0, lsl #5
      50  1f 00 0e eb                    cmp     x0, x14
      54  e0 21 81 9a                    csel    x0, x15, x1, hs
      58  01 00 40 b9                    ldr     w1, [x0]
      5c  42 0c 40 f9                    ldr     x2, [x2, #0x18]
      60  42 00 40 b9                    ldr     w2, [x2]
      64  3f 00 02 6b                    cmp     w1, w2
      68  c1 00 00 54                    b.ne    #0x80
      6c  01 04 40 f9                    ldr     x1, [x0, #8]
      70  02 08 40 f9                    ldr     x2, [x0, #0x10]
      74  20 00 3f d6                    blr     x1                                   ; wasm 0x4e
      78  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      7c  c0 03 5f d6                    ret
      80  81 00 00 34                    cbz     w1, #0x90
      84  1f c1 00 00                    udf     #0xc11f                              ; trap: indirect call type mismatch
      88  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      8c  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x4e, trap: undefined element
      90  1f c1 00 00                    udf     #0xc11f                              ; trap: uninitialized element

000000a0 <entry of type 0> [i32] -> [i32]:
      a0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      a4  fd 03 00 91                    mov     x29, sp
      a8  f3 0f 1f f8                    str     x19, [sp, #-0x10]!
      ac  43 00 40 b9                    ldr     w3, [x2]
      b0  f3 03 02 aa                    mov     x19, x2
      b4  e2 03 00 aa                    mov     x2, x0
      b8  20 00 3f d6                    blr     x1
      bc  e9 03 13 aa                    mov     x9, x19
      c0  22 01 00 b9                    str     w2, [x9]
      c4  f3 07 41 f8                    ldr     x19, [sp], #0x10
      c8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      cc  c0 03 5f d6                    ret

000000d0 <entry of type 1> [i32 i32] -> [i32]:
      d0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      d4  fd 03 00 91                    mov     x29, sp
      d8  f3 0f 1f f8                    str     x19, [sp, #-0x10]!
      dc  43 00 40 b9                    ldr     w3, [x2]
      e0  44 10 40 b9                    ldr     w4, [x2, #0x10]
      e4  f3 03 02 aa                    mov     x19, x2
      e8  e2 03 00 aa                    mov     x2, x0
      ec  20 00 3f d6                    blr     x1
      f0  eb 03 13 aa                    mov     x11, x19
      f4  62 01 00 b9                    str     w2, [x11]
      f8  f3 07 41 f8                    ldr     x19, [sp], #0x10
      fc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     100  c0 03 5f d6                    ret
     104  00 00 00 00                    udf     #0
     108  00 00 00 00                    udf     #0
     10c  00 00 00 00                    udf     #0

00000110 <hostcall of type 0> [i32] -> [i32]:
     110  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     114  fd 03 00 91                    mov     x29, sp
     118  ff 43 00 d1                    sub     sp, sp, #0x10
     11c  e1 03 00 91                    mov     x1, sp
     120  e3 03 00 b8                    stur    w3, [sp]
     124  47 00 40 f9                    ldr     x7, [x2]
     128  e0 03 02 aa                    mov     x0, x2
     12c  e2 03 1d aa                    mov     x2, x29
     130  e0 00 3f d6                    blr     x7
     134  e2 03 40 b8                    ldur    w2, [sp]
     138  ff 43 00 91                    add     sp, sp, #0x10
     13c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     140  c0 03 5f d6                    ret
