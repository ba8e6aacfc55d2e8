00000000 <function 0 `add`> [i64 i64 i64 i64] -> [i64 i64]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  62 00 05 ab                    adds    x2, x3, x5
       c  83 00 06 9a                    adc     x3, x4, x6
      10  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      14  c0 03 5f d6                    ret

00000020 <function 1 `multiply_u`> [i64 i64] -> [i64 i64]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  62 7c 04 9b                    mul     x2, x3, x4
      2c  63 7c c4 9b                    umulh   x3, x3, x4
      30  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      34  c0 03 5f d6                    ret

00000040 <function 2 `multiply_s`> [i64 i64] -> [i64 i64]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  62 7c 04 9b                    mul     x2, x3, x4
      4c  63 7c 44 9b                    smulh   x3, x3, x4
      50  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      54  c0 03 5f d6                    ret
