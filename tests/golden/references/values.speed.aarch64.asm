00000000 <function 0 `f`> [] -> []:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
       c  c0 03 5f d6                    ret

00000010 <function 1 `ref`> [] -> [funcref]:
      10  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      14  fd 03 00 91                    mov     x29, sp
      18  50 00 40 f8                    ldur    x16, [x2]
      1c  10 42 00 91                    add     x16, x16, #0x10
      20  ff 63 30 eb                    cmp     sp, x16
      24  23 01 00 54                    b.lo    #0x48
      28  45 08 40 f9                    ldr     x5, [x2, #0x10]
      2c  a5 20 40 f9                    ldr     x5, [x5, #0x40]
      30  01 00 80 52                    mov     w1, #0
      34  e0 03 02 aa                    mov     x0, x2
      38  a0 00 3f d6                    blr     x5                                   ; wasm 0x31
      3c  e2 03 00 aa                    mov     x2, x0
      40  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      44  c0 03 5f d6                    ret
      48  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000050 <function 2 `null`> [] -> [externref]:
      50  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      54  fd 03 00 91                    mov     x29, sp
      58  02 00 80 d2                    mov     x2, #0
      5c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      60  c0 03 5f d6                    ret

00000070 <function 3 `is_null`> [funcref] -> [i32]:
      70  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      74  fd 03 00 91                    mov     x29, sp
      78  7f 00 00 f1                    cmp     x3, #0
      7c  e4 17 9f 9a                    cset    x4, eq
      80  82 1c 00 53                    uxtb    w2, w4
      84  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      88  c0 03 5f d6                    ret

00000090 <entry of type 0> [] -> []:
      90  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      94  fd 03 00 91                    mov     x29, sp
      98  e2 03 00 aa                    mov     x2, x0
      9c  20 00 3f d6                    blr     x1
      a0  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      a4  c0 03 5f d6                    ret
