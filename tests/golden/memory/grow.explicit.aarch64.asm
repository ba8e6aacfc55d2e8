00000000 <function 0 `size`> [] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  43 44 40 f9                    ldr     x3, [x2, #0x88]
       c  62 fc 50 d3                    lsr     x2, x3, #0x10
      10  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      14  c0 03 5f d6                    ret

00000020 <function 1 `grow`> [i32] -> [i32]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  50 00 40 f8                    ldur    x16, [x2]
      2c  10 82 00 91                    add     x16, x16, #0x20
      30  ff 63 30 eb                    cmp     sp, x16
      34  23 03 00 54                    b.lo    #0x98
      38  f3 53 bf a9                    stp     x19, x20, [sp, #-0x10]!
      3c  f3 03 03 aa                    mov     x19, x3
      40  4e 08 40 f9                    ldr     x14, [x2, #0x10]
      44  f4 03 02 aa                    mov     x20, x2
      48  ce 01 40 f9                    ldr     x14, [x14]
      4c  01 00 80 52                    mov     w1, #0
      50  22 00 80 d2                    mov     x2, #1
      54  e0 03 14 aa                    mov     x0, x20
      58  c0 01 3f d6                    blr     x14                                  ; wasm 0x2b
      5c  e2 03 14 aa                    mov     x2, x20
      60  4e 44 40 f9                    ldr     x14, [x2, #0x88]
      64  e3 03 13 aa                    mov     x3, x19
      68  ef 03 03 2a                    mov     w15, w3
      6c  ef 11 00 91                    add     x15, x15, #4
      70  ff 01 0e eb                    cmp     x15, x14
      74  48 01 00 54                    b.hi    #0x9c
      78  40 40 40 f9                    ldr     x0, [x2, #0x80]
      7c  01 40 23 8b                    add     x1, x0, w3, uxtw
      80  ff 01 0e eb                    cmp     x15, x14
      84  00 80 81 9a                    csel    x0, x0, x1, hi
      88  02 00 40 b9                    ldr     w2, [x0]                             ; wasm 0x30, trap: out of bounds memory access
      8c  f3 53 c1 a8                    ldp     x19, x20, [sp], #0x10
      90  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      94  c0 03 5f d6                    ret
      98  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      9c  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x30, trap: out of bounds memory access
