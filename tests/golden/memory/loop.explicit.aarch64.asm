00000030 <function 0 `sum`> [i32 i32] -> [i32]:
      30  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      34  fd 03 00 91                    mov     x29, sp
      38  05 00 80 52                    mov     w5, #0
      3c  e6 03 05 aa                    mov     x6, x5
      40  40 40 40 f9                    ldr     x0, [x2, #0x80]
      44  e1 03 03 2a                    mov     w1, w3
      48  21 10 00 91                    add     x1, x1, #4
      4c  3f 40 40 f1                    cmp     x1, #0x10, lsl #12
      50  c8 01 00 54                    b.hi    #0x88
      54  05 40 23 8b                    add     x5, x0, w3, uxtw
      58  3f 40 40 f1                    cmp     x1, #0x10, lsl #12
      5c  01 80 85 9a                    csel    x1, x0, x5, hi
      60  21 00 40 b9                    ldr     w1, [x1]                             ; wasm 0x27, trap: out of bounds memory access
      64  84 04 00 51                    sub     w4, w4, #1
      68  e2 03 06 aa                    mov     x2, x6
      6c  42 00 01 0b                    add     w2, w2, w1
      70  63 10 00 11                    add     w3, w3, #4
      74  64 00 00 34                    cbz     w4, #0x80
      78  e6 03 02 aa                    mov     x6, x2
      7c  f2 ff ff 17                    b       #0x44
      80  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      84  c0 03 5f d6                    ret
      88  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access
