00000000 <function 0 `select`> [v128 v128 v128 v128] -> [v128]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  07 1c a0 4e                    mov     v7.16b, v0.16b
       c  40 34 63 4e                    cmgt    v0.8h, v2.8h, v3.8h
      10  f0 1c a7 4e                    mov     v16.16b, v7.16b
      14  00 1e 61 6e                    bsl     v0.16b, v16.16b, v1.16b
      18  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      1c  c0 03 5f d6                    ret

00000020 <function 1 `pmin`> [v128 v128] -> [v128]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  06 1c a0 4e                    mov     v6.16b, v0.16b
      2c  c0 e4 a1 6e                    fcmgt   v0.4s, v6.4s, v1.4s
      30  20 1c 66 6e                    bsl     v0.16b, v1.16b, v6.16b
      34  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      38  c0 03 5f d6                    ret

00000040 <function 2 `pmax`> [v128 v128] -> [v128]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  06 1c a0 4e                    mov     v6.16b, v0.16b
      4c  20 e4 e6 6e                    fcmgt   v0.2d, v1.2d, v6.2d
      50  20 1c 66 6e                    bsl     v0.16b, v1.16b, v6.16b
      54  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      58  c0 03 5f d6                    ret

00000060 <function 3 `neighbours`> [v128] -> [v128]:
      60  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      64  fd 03 00 91                    mov     x29, sp
      68  00 28 20 6e                    uaddlp  v0.8h, v0.16b
      6c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      70  c0 03 5f d6                    ret

00000080 <function 4 `products`> [v128 v128] -> [v128]:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  00 c0 a1 6e                    umull2  v0.2d, v0.4s, v1.4s
      8c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      90  c0 03 5f d6                    ret

000000a0 <function 5 `widened`> [i32] -> [v128]:
      a0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      a4  fd 03 00 91                    mov     x29, sp
      a8  46 04 40 f9                    ldr     x6, [x2, #8]
      ac  c6 40 23 8b                    add     x6, x6, w3, uxtw
      b0  c5 04 40 fd                    ldr     d5, [x6, #8]                         ; wasm 0x7d, trap: out of bounds memory access
      b4  a0 a4 10 0f                    sshll   v0.4s, v5.4h, #0
      b8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      bc  c0 03 5f d6                    ret

000000c0 <function 6 `splat`> [i32] -> [v128]:
      c0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      c4  fd 03 00 91                    mov     x29, sp
      c8  45 04 40 f9                    ldr     x5, [x2, #8]
      cc  a5 40 23 8b                    add     x5, x5, w3, uxtw
      d0  a0 c8 40 4d                    ld1r    {v0.4s}, [x5]                        ; wasm 0x86, trap: out of bounds memory access
      d4  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      d8  c0 03 5f d6                    ret

000000e0 <function 7 `lane`> [i32 v128] -> [v128]:
      e0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      e4  fd 03 00 91                    mov     x29, sp
      e8  46 04 40 f9                    ldr     x6, [x2, #8]
      ec  c6 48 63 78                    ldrh    w6, [x6, w3, uxtw]                   ; wasm 0x91, trap: out of bounds memory access
      f0  c0 1c 0e 4e                    mov     v0.h[3], w6
      f4  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      f8  c0 03 5f d6                    ret

00000100 <function 8 `interleave`> [v128 v128] -> [v128]:
     100  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     104  fd 03 00 91                    mov     x29, sp
     108  00 38 01 4e                    zip1    v0.16b, v0.16b, v1.16b
     10c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     110  c0 03 5f d6                    ret

00000120 <function 9 `shape`> [v128 v128] -> [i32]:
     120  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     124  fd 03 00 91                    mov     x29, sp
     128  10 d4 21 4e                    fadd    v16.4s, v0.4s, v1.4s
     12c  10 9a 20 4e                    cmeq    v16.16b, v16.16b, #0
     130  05 06 09 4f                    sshr    v5.16b, v16.16b, #7
     134  2a 40 80 d2                    mov     x10, #0x201
     138  8a 00 a1 f2                    movk    x10, #0x804, lsl #16
     13c  0a 02 c4 f2                    movk    x10, #0x2010, lsl #32
     140  0a 08 f0 f2                    movk    x10, #0x8040, lsl #48
     144  50 0d 08 4e                    dup     v16.2d, x10
     148  b1 1c 30 4e                    and     v17.16b, v5.16b, v16.16b
     14c  33 42 11 6e                    ext     v19.16b, v17.16b, v17.16b, #8
     150  35 3a 13 4e                    zip1    v21.16b, v17.16b, v19.16b
     154  b7 ba 71 4e                    addv    h23, v21.8h
     158  e2 3e 02 0e                    umov    w2, v23.h[0]
     15c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     160  c0 03 5f d6                    ret
