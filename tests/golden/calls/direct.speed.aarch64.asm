00000000 <function 1 `callee`> [i32 i64] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  e2 03 04 aa                    mov     x2, x4
       c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      10  c0 03 5f d6                    ret

00000020 <function 2 `direct`> [i32] -> [i32]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  50 00 40 f8                    ldur    x16, [x2]
      2c  10 42 00 91                    add     x16, x16, #0x10
      30  ff 63 30 eb                    cmp     sp, x16
      34  a3 00 00 54                    b.lo    #0x48
      38  e4 00 80 d2                    mov     x4, #7
      3c  f1 ff ff 97                    bl      #0                                   ; wasm 0x38, <function 1 `callee`>
      40  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      44  c0 03 5f d6                    ret
      48  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000050 <function 3 `import`> [i32] -> [i32]:
      50  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      54  fd 03 00 91                    mov     x29, sp
      58  50 00 40 f8                    ldur    x16, [x2]
      5c  10 42 00 91                    add     x16, x16, #0x10
      60  ff 63 30 eb                    cmp     sp, x16
      64  c3 00 00 54                    b.lo    #0x7c
      68  45 40 40 f9                    ldr     x5, [x2, #0x80]
      6c  42 44 40 f9                    ldr     x2, [x2, #0x88]
      70  a0 00 3f d6                    blr     x5                                   ; wasm 0x3f
      74  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      78  c0 03 5f d6                    ret
      7c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000080 <hostcall of type 0> [i32] -> [i32]:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  ff 43 00 d1                    sub     sp, sp, #0x10
      8c  e1 03 00 91                    mov     x1, sp
      90  e3 03 00 b8                    stur    w3, [sp]
      94  47 00 40 f9                    ldr     x7, [x2]
      98  e0 03 02 aa                    mov     x0, x2
      9c  e2 03 1d aa                    mov     x2, x29
      a0  e0 00 3f d6                    blr     x7
      a4  e2 03 40 b8                    ldur    w2, [sp]
      a8  ff 43 00 91                    add     sp, sp, #0x10
      ac  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      b0  c0 03 5f d6                    ret
