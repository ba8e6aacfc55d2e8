00000000 <function 0 `set`> [v128] -> []:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  06 e4 00 4f                    movi    v6.16b, #0
       c  27 01 00 9c                    ldr     q7, #0x30
      10  c6 9c a7 4e                    mul     v6.4s, v6.4s, v7.4s
      14  06 84 a6 4e                    add     v6.4s, v0.4s, v6.4s
      18  46 24 80 3d                    str     q6, [x2, #0x90]
      1c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      20  c0 03 5f d6                    ret
      24  00 00 00 00                    udf     #0
      28  00 00 00 00                    udf     #0
      2c  00 00 00 00                    udf     #0
      30  01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00 .octa   0x4000000030000000200000001

00000040 <function 1 `choose`> [v128 v128] -> [v128]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  06 a8 b1 6e                    uminv   s6, v0.4s
      4c  c8 3c 08 4e                    mov     x8, v6.d[0]
      50  1f 01 00 f1                    cmp     x8, #0
      54  eb 07 9f 9a                    cset    x11, ne
      58  7f 1d 00 72                    tst     w11, #0xff
      5c  61 00 00 54                    b.ne    #0x68
      60  00 84 a1 4e                    add     v0.4s, v0.4s, v1.4s
      64  02 00 00 14                    b       #0x6c
      68  00 d4 21 4e                    fadd    v0.4s, v0.4s, v1.4s
      6c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      70  c0 03 5f d6                    ret

00000080 <function 2 `either`> [v128 v128 i32] -> [v128]:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  25 f8 e0 6e                    fneg    v5.2d, v1.2d
      8c  7f 00 1f 6b                    cmp     w3, wzr
      90  61 00 00 54                    b.ne    #0x9c
      94  a0 1c a5 4e                    mov     v0.16b, v5.16b
      98  02 00 00 14                    b       #0xa0
      9c  00 1c a0 4e                    mov     v0.16b, v0.16b
      a0  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      a4  c0 03 5f d6                    ret

000000b0 <function 3 `call`> [i32] -> [v128]:
      b0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      b4  fd 03 00 91                    mov     x29, sp
      b8  50 00 40 f8                    ldur    x16, [x2]
      bc  10 42 00 91                    add     x16, x16, #0x10
      c0  ff 63 30 eb                    cmp     sp, x16
      c4  c3 00 00 54                    b.lo    #0xdc
      c8  41 24 c0 3d                    ldr     q1, [x2, #0x90]
      cc  60 0c 04 4e                    dup     v0.4s, w3
      d0  dc ff ff 97                    bl      #0x40                                ; wasm 0x9a, <function 1 `choose`>
      d4  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      d8  c0 03 5f d6                    ret
      dc  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
