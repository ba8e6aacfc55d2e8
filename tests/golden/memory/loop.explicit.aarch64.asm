0000002c <function 0 `sum`> [i32 i32] -> [i32]:
      2c  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      30  fd 03 00 91                    mov     x29, sp
      34  05 00 80 52                    mov     w5, #0
      38  e6 03 05 aa                    mov     x6, x5
      3c  40 40 40 f9                    ldr     x0, [x2, #0x80]
      40  e1 03 03 2a                    mov     w1, w3
      44  21 10 00 91                    add     x1, x1, #4
      48  3f 40 40 f1                    cmp     x1, #0x10, lsl #12
      4c  c8 01 00 54                    b.hi    #0x84
      50  05 40 23 8b                    add     x5, x0, w3, uxtw
      54  3f 40 40 f1                    cmp     x1, #0x10, lsl #12
      58  01 80 85 9a                    csel    x1, x0, x5, hi
      5c  21 00 40 b9                    ldr     w1, [x1]                             ; wasm 0x27, trap: out of bounds memory access
      60  84 04 00 51                    sub     w4, w4, #1
      64  e2 03 06 aa                    mov     x2, x6
      68  42 00 01 0b                    add     w2, w2, w1
      6c  63 10 00 11                    add     w3, w3, #4
      70  64 00 00 34                    cbz     w4, #0x7c
      74  e6 03 02 aa                    mov     x6, x2
      78  f2 ff ff 17                    b       #0x40
      7c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      80  c0 03 5f d6                    ret
      84  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access
