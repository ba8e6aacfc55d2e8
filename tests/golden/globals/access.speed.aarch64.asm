00000000 <function 0 `bump`> [] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  43 80 40 b9                    ldr     w3, [x2, #0x80]
       c  e6 03 02 aa                    mov     x6, x2
      10  62 04 00 11                    add     w2, w3, #1
      14  c2 80 00 b9                    str     w2, [x6, #0x80]
      18  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      1c  c0 03 5f d6                    ret

00000020 <function 1 `fixed`> [] -> [f64]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  00 90 60 1e                    fmov    d0, #2.50000000
      2c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      30  c0 03 5f d6                    ret

00000040 <function 2 `shared`> [i64] -> []:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  45 50 40 f9                    ldr     x5, [x2, #0xa0]
      4c  a6 00 40 f9                    ldr     x6, [x5]
      50  c6 00 03 8b                    add     x6, x6, x3
      54  a6 00 00 f9                    str     x6, [x5]
      58  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      5c  c0 03 5f d6                    ret
