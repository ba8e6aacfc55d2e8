00000000 <function 0 `sum`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  40 40 40 f9                    ldr     x0, [x2, #0x80]
       c  0f 04 40 f9                    ldr     x15, [x0, #8]
      10  e1 03 03 2a                    mov     w1, w3
      14  22 10 00 91                    add     x2, x1, #4
      18  5f 00 0f eb                    cmp     x2, x15
      1c  08 02 00 54                    b.hi    #0x5c
      20  00 00 40 f9                    ldr     x0, [x0]
      24  03 40 23 8b                    add     x3, x0, w3, uxtw
      28  5f 00 0f eb                    cmp     x2, x15
      2c  02 80 83 9a                    csel    x2, x0, x3, hi
      30  42 00 40 b9                    ldr     w2, [x2]                             ; wasm 0x2c, trap: out of bounds memory access
      34  21 20 00 91                    add     x1, x1, #8
      38  3f 00 0f eb                    cmp     x1, x15
      3c  28 01 00 54                    b.hi    #0x60
      40  63 10 00 91                    add     x3, x3, #4
      44  3f 00 0f eb                    cmp     x1, x15
      48  00 80 83 9a                    csel    x0, x0, x3, hi
      4c  00 00 40 b9                    ldr     w0, [x0]                             ; wasm 0x31, trap: out of bounds memory access
      50  42 00 00 0b                    add     w2, w2, w0
      54  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      58  c0 03 5f d6                    ret
      5c  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x2c, trap: out of bounds memory access
      60  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x31, trap: out of bounds memory access
