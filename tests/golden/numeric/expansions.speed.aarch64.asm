00000000 <function 0 `min`> [f64 f64] -> [f64]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  00 58 61 1e                    fmin    d0, d0, d1
       c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      10  c0 03 5f d6                    ret

00000020 <function 1 `nearest`> [f32] -> [f32]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  00 40 24 1e                    frintn  s0, s0
      2c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      30  c0 03 5f d6                    ret

00000040 <function 2 `copysign`> [f64 f64] -> [f64]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  24 04 41 7f                    ushr    d4, d1, #0x3f
      4c  80 54 7f 7f                    sli     d0, d4, #0x3f
      50  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      54  c0 03 5f d6                    ret

00000060 <function 3 `clz`> [i32] -> [i32]:
      60  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      64  fd 03 00 91                    mov     x29, sp
      68  62 10 c0 5a                    clz     w2, w3
      6c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      70  c0 03 5f d6                    ret

00000080 <function 4 `popcnt`> [i64] -> [i64]:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  62 00 67 9e                    fmov    d2, x3
      8c  44 58 20 0e                    cnt     v4.8b, v2.8b
      90  86 b8 31 0e                    addv    b6, v4.8b
      94  c2 3c 01 0e                    umov    w2, v6.b[0]
      98  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      9c  c0 03 5f d6                    ret

000000a0 <function 5 `convert`> [i64] -> [f32]:
      a0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      a4  fd 03 00 91                    mov     x29, sp
      a8  60 00 23 9e                    ucvtf   s0, x3
      ac  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      b0  c0 03 5f d6                    ret

000000c0 <function 6 `extend`> [i64] -> [i64]:
      c0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      c4  fd 03 00 91                    mov     x29, sp
      c8  62 3c 40 93                    sxth    x2, w3
      cc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      d0  c0 03 5f d6                    ret
