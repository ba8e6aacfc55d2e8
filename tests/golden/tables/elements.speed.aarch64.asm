00000000 <function 0 `get`> [i32] -> [externref]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  48 4c 40 f9                    ldr     x8, [x2, #0x98]
       c  49 48 40 f9                    ldr     x9, [x2, #0x90]
      10  ea 03 03 2a                    mov     w10, w3
      14  5f 01 08 eb                    cmp     x10, x8
      18  e2 00 00 54                    b.hs    #0x34
      1c  2b 0d 0a 8b                    add     x11, x9, x10, lsl #3
      20  5f 01 08 eb                    cmp     x10, x8
      24  2b 21 8b 9a                    csel    x11, x9, x11, hs
      28  62 01 40 f9                    ldr     x2, [x11]
      2c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      30  c0 03 5f d6                    ret
      34  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x35, trap: out of bounds table access

00000040 <function 1 `set`> [i32 externref] -> []:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  48 4c 40 f9                    ldr     x8, [x2, #0x98]
      4c  49 48 40 f9                    ldr     x9, [x2, #0x90]
      50  ea 03 03 2a                    mov     w10, w3
      54  5f 01 08 eb                    cmp     x10, x8
      58  e2 00 00 54                    b.hs    #0x74
      5c  2b 0d 0a 8b                    add     x11, x9, x10, lsl #3
      60  5f 01 08 eb                    cmp     x10, x8
      64  2b 21 8b 9a                    csel    x11, x9, x11, hs
      68  64 01 00 f9                    str     x4, [x11]
      6c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      70  c0 03 5f d6                    ret
      74  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x3e, trap: out of bounds table access

00000080 <function 2 `is_null`> [i32] -> [i32]:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  4a 44 40 f9                    ldr     x10, [x2, #0x88]
      8c  4b 40 40 f9                    ldr     x11, [x2, #0x80]
      90  ec 03 03 2a                    mov     w12, w3
      94  9f 01 0a eb                    cmp     x12, x10
      98  42 01 00 54                    b.hs    #0xc0
      9c  6d 15 0c 8b                    add     x13, x11, x12, lsl #5
      a0  9f 01 0a eb                    cmp     x12, x10
      a4  6d 21 8d 9a                    csel    x13, x11, x13, hs
      a8  ad 0d 40 f9                    ldr     x13, [x13, #0x18]
      ac  bf 01 00 f1                    cmp     x13, #0
      b0  ee 17 9f 9a                    cset    x14, eq
      b4  c2 1d 00 53                    uxtb    w2, w14
      b8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      bc  c0 03 5f d6                    ret
      c0  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x45, trap: out of bounds table access

000000d0 <function 3 `size`> [] -> [i32]:
      d0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      d4  fd 03 00 91                    mov     x29, sp
      d8  42 44 40 f9                    ldr     x2, [x2, #0x88]
      dc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      e0  c0 03 5f d6                    ret
