00000000 <function 0 `covered`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  0a 40 a0 d2                    mov     x10, #0x2000000
       c  4a 41 23 8b                    add     x10, x10, w3, uxtw
      10  5f 41 40 f1                    cmp     x10, #0x10, lsl #12
      14  48 01 00 54                    b.hi    #0x3c
      18  4c 40 40 f9                    ldr     x12, [x2, #0x80]
      1c  8d 41 23 8b                    add     x13, x12, w3, uxtw
      20  ee 5b 7e b2                    mov     x14, #0x1fffffc
      24  ad 01 0e 8b                    add     x13, x13, x14
      28  5f 41 40 f1                    cmp     x10, #0x10, lsl #12
      2c  8d 81 8d 9a                    csel    x13, x12, x13, hi
      30  a2 01 40 b9                    ldr     w2, [x13]                            ; wasm 0x22, trap: out of bounds memory access
      34  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      38  c0 03 5f d6                    ret
      3c  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000040 <function 1 `beyond`> [i32] -> [i32]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  2c 00 80 52                    mov     w12, #1
      4c  0c 40 a0 72                    movk    w12, #0x200, lsl #16
      50  8c 41 23 8b                    add     x12, x12, w3, uxtw
      54  9f 41 40 f1                    cmp     x12, #0x10, lsl #12
      58  68 01 00 54                    b.hi    #0x84
      5c  4e 40 40 f9                    ldr     x14, [x2, #0x80]
      60  cf 41 23 8b                    add     x15, x14, w3, uxtw
      64  a0 ff 9f 52                    mov     w0, #0xfffd
      68  e0 3f a0 72                    movk    w0, #0x1ff, lsl #16
      6c  ef 01 00 8b                    add     x15, x15, x0
      70  9f 41 40 f1                    cmp     x12, #0x10, lsl #12
      74  cf 81 8f 9a                    csel    x15, x14, x15, hi
      78  e2 01 40 b9                    ldr     w2, [x15]                            ; wasm 0x2d, trap: out of bounds memory access
      7c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      80  c0 03 5f d6                    ret
      84  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000090 <function 2 `far`> [i32] -> [i32]:
      90  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      94  fd 03 00 91                    mov     x29, sp
      98  6b 00 80 d2                    mov     x11, #3
      9c  2b 00 c0 f2                    movk    x11, #1, lsl #32
      a0  6b 41 23 8b                    add     x11, x11, w3, uxtw
      a4  7f 41 40 f1                    cmp     x11, #0x10, lsl #12
      a8  48 01 00 54                    b.hi    #0xd0
      ac  4d 40 40 f9                    ldr     x13, [x2, #0x80]
      b0  ae 41 23 8b                    add     x14, x13, w3, uxtw
      b4  ef 7f 40 b2                    mov     x15, #0xffffffff
      b8  ce 01 0f 8b                    add     x14, x14, x15
      bc  7f 41 40 f1                    cmp     x11, #0x10, lsl #12
      c0  ae 81 8e 9a                    csel    x14, x13, x14, hi
      c4  c2 01 40 b9                    ldr     w2, [x14]                            ; wasm 0x38, trap: out of bounds memory access
      c8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      cc  c0 03 5f d6                    ret
      d0  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access
