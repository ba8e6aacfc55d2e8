00000000 <function 0 `madd`> [v128 v128 v128] -> [v128]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  05 dc 21 6e                    fmul    v5.4s, v0.4s, v1.4s
       c  a0 d4 22 4e                    fadd    v0.4s, v5.4s, v2.4s
      10  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      14  c0 03 5f d6                    ret

00000020 <function 1 `dot`> [v128 v128 v128] -> [v128]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  10 c0 21 0e                    smull   v16.8h, v0.8b, v1.8b
      2c  11 c0 21 4e                    smull2  v17.8h, v0.16b, v1.16b
      30  10 be 71 4e                    addp    v16.8h, v16.8h, v17.8h
      34  10 2a 60 4e                    saddlp  v16.4s, v16.8h
      38  00 86 a2 4e                    add     v0.4s, v16.4s, v2.4s
      3c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      40  c0 03 5f d6                    ret

00000050 <function 2 `swizzle`> [v128 v128] -> [v128]:
      50  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      54  fd 03 00 91                    mov     x29, sp
      58  00 00 01 4e                    tbl     v0.16b, {v0.16b}, v1.16b
      5c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      60  c0 03 5f d6                    ret
