00000000 <function 0 `covered`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  46 04 40 f9                    ldr     x6, [x2, #8]
       c  e4 5b 7e b2                    mov     x4, #0x1fffffc
      10  c6 00 04 8b                    add     x6, x6, x4
      14  c2 48 63 b8                    ldr     w2, [x6, w3, uxtw]                   ; wasm 0x22, trap: out of bounds memory access
      18  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      1c  c0 03 5f d6                    ret

00000020 <function 1 `beyond`> [i32] -> [i32]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  2c 00 80 52                    mov     w12, #1
      2c  0c 40 a0 72                    movk    w12, #0x200, lsl #16
      30  8c 41 23 8b                    add     x12, x12, w3, uxtw
      34  9f 41 40 f1                    cmp     x12, #0x10, lsl #12
      38  68 01 00 54                    b.hi    #0x64
      3c  4e 04 40 f9                    ldr     x14, [x2, #8]
      40  cf 41 23 8b                    add     x15, x14, w3, uxtw
      44  a0 ff 9f 52                    mov     w0, #0xfffd
      48  e0 3f a0 72                    movk    w0, #0x1ff, lsl #16
      4c  ef 01 00 8b                    add     x15, x15, x0
      50  9f 41 40 f1                    cmp     x12, #0x10, lsl #12
      54  cf 81 8f 9a                    csel    x15, x14, x15, hi
      58  e2 01 40 b9                    ldr     w2, [x15]                            ; wasm 0x2d, trap: out of bounds memory access
      5c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      60  c0 03 5f d6                    ret
      64  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000070 <function 2 `far`> [i32] -> [i32]:
      70  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      74  fd 03 00 91                    mov     x29, sp
      78  6b 00 80 d2                    mov     x11, #3
      7c  2b 00 c0 f2                    movk    x11, #1, lsl #32
      80  6b 41 23 8b                    add     x11, x11, w3, uxtw
      84  7f 41 40 f1                    cmp     x11, #0x10, lsl #12
      88  48 01 00 54                    b.hi    #0xb0
      8c  4d 04 40 f9                    ldr     x13, [x2, #8]
      90  ae 41 23 8b                    add     x14, x13, w3, uxtw
      94  ef 7f 40 b2                    mov     x15, #0xffffffff
      98  ce 01 0f 8b                    add     x14, x14, x15
      9c  7f 41 40 f1                    cmp     x11, #0x10, lsl #12
      a0  ae 81 8e 9a                    csel    x14, x13, x14, hi
      a4  c2 01 40 b9                    ldr     w2, [x14]                            ; wasm 0x38, trap: out of bounds memory access
      a8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      ac  c0 03 5f d6                    ret
      b0  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access
