00000000 <function 0 `twice`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  40 44 40 f9                    ldr     x0, [x2, #0x88]
       c  ef 03 03 2a                    mov     w15, w3
      10  ef 11 00 91                    add     x15, x15, #4
      14  ff 01 00 eb                    cmp     x15, x0
      18  48 02 00 54                    b.hi    #0x60
      1c  41 40 40 f9                    ldr     x1, [x2, #0x80]
      20  24 40 23 8b                    add     x4, x1, w3, uxtw
      24  ff 01 00 eb                    cmp     x15, x0
      28  20 80 84 9a                    csel    x0, x1, x4, hi
      2c  00 00 40 b9                    ldr     w0, [x0]                             ; wasm 0x2d, trap: out of bounds memory access
      30  41 4c 40 f9                    ldr     x1, [x2, #0x98]
      34  ff 01 01 eb                    cmp     x15, x1
      38  68 01 00 54                    b.hi    #0x64
      3c  42 48 40 f9                    ldr     x2, [x2, #0x90]
      40  24 00 80 52                    mov     w4, #1
      44  43 40 23 8b                    add     x3, x2, w3, uxtw
      48  ff 01 01 eb                    cmp     x15, x1
      4c  41 80 83 9a                    csel    x1, x2, x3, hi
      50  24 00 00 b9                    str     w4, [x1]                             ; wasm 0x34, trap: out of bounds memory access
      54  02 00 00 0b                    add     w2, w0, w0
      58  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      5c  c0 03 5f d6                    ret
      60  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x2d, trap: out of bounds memory access
      64  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x34, trap: out of bounds memory access
