00000000 <function 0 `many`> [] -> [i32 i32 i32 i32 i32 i32 i32 i32 i32 i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  02 00 80 52                    mov     w2, #0
       c  23 00 80 52                    mov     w3, #1
      10  44 00 80 52                    mov     w4, #2
      14  65 00 80 52                    mov     w5, #3
      18  86 00 80 52                    mov     w6, #4
      1c  a7 00 80 52                    mov     w7, #5
      20  cb 00 80 52                    mov     w11, #6
      24  ec 00 80 52                    mov     w12, #7
      28  0d 01 80 52                    mov     w13, #8
      2c  2e 01 80 52                    mov     w14, #9
      30  0b 01 00 b8                    stur    w11, [x8]
      34  0c 81 00 b8                    stur    w12, [x8, #8]
      38  0d 01 01 b8                    stur    w13, [x8, #0x10]
      3c  0e 81 01 b8                    stur    w14, [x8, #0x18]
      40  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      44  c0 03 5f d6                    ret

00000050 <function 1 `caller`> [] -> [i32]:
      50  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      54  fd 03 00 91                    mov     x29, sp
      58  50 00 40 f8                    ldur    x16, [x2]
      5c  10 42 01 91                    add     x16, x16, #0x50
      60  ff 63 30 eb                    cmp     sp, x16
      64  e3 01 00 54                    b.lo    #0xa0
      68  f5 5b bf a9                    stp     x21, x22, [sp, #-0x10]!
      6c  f3 53 bf a9                    stp     x19, x20, [sp, #-0x10]!
      70  ff 83 00 d1                    sub     sp, sp, #0x20
      74  e8 03 00 91                    mov     x8, sp
      78  e2 ff ff 97                    bl      #0                                   ; wasm 0x3d, <function 0 `many`>
      7c  f6 03 40 b8                    ldur    w22, [sp]
      80  f5 83 40 b8                    ldur    w21, [sp, #8]
      84  f4 03 41 b8                    ldur    w20, [sp, #0x10]
      88  f3 83 41 b8                    ldur    w19, [sp, #0x18]
      8c  ff 83 00 91                    add     sp, sp, #0x20
      90  f3 53 c1 a8                    ldp     x19, x20, [sp], #0x10
      94  f5 5b c1 a8                    ldp     x21, x22, [sp], #0x10
      98  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      9c  c0 03 5f d6                    ret
      a0  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
