00000000 <function 0 `unreachable`> [] -> []:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x32, trap: wasm `unreachable` instruction executed

00000010 <function 1 `div_s`> [i32 i32] -> [i32]:
      10  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      14  fd 03 00 91                    mov     x29, sp
      18  e4 00 00 34                    cbz     w4, #0x34
      1c  9f 04 00 31                    cmn     w4, #1
      20  60 08 41 7a                    ccmp    w3, #1, #0, eq
      24  a6 00 00 54                    b.vs    #0x38
      28  62 0c c4 1a                    sdiv    w2, w3, w4
      2c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      30  c0 03 5f d6                    ret
      34  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x3a, trap: integer divide by zero
      38  1f c1 00 00                    udf     #0xc11f                              ; trap: integer overflow

00000040 <function 2 `div_u`> [i64 i64] -> [i64]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  84 00 00 b4                    cbz     x4, #0x58
      4c  62 08 c4 9a                    udiv    x2, x3, x4
      50  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      54  c0 03 5f d6                    ret
      58  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x42, trap: integer divide by zero

00000060 <function 3 `rem_s`> [i32 i32] -> [i32]:
      60  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      64  fd 03 00 91                    mov     x29, sp
      68  a4 00 00 34                    cbz     w4, #0x7c
      6c  65 0c c4 1a                    sdiv    w5, w3, w4
      70  a2 8c 04 1b                    msub    w2, w5, w4, w3
      74  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      78  c0 03 5f d6                    ret
      7c  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x4a, trap: integer divide by zero

00000080 <function 4 `trunc`> [f64] -> [i32]:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  00 20 60 1e                    fcmp    d0, d0
      8c  66 01 00 54                    b.vs    #0xb8
      90  c4 01 00 5c                    ldr     d4, #0xc8
      94  00 20 64 1e                    fcmp    d0, d4
      98  2d 01 00 54                    b.le    #0xbc
      9c  08 3c e8 d2                    mov     x8, #0x41e0000000000000
      a0  10 01 67 9e                    fmov    d16, x8
      a4  00 20 70 1e                    fcmp    d0, d16
      a8  ca 00 00 54                    b.ge    #0xc0
      ac  02 00 78 1e                    fcvtzs  w2, d0
      b0  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      b4  c0 03 5f d6                    ret
      b8  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x50, trap: invalid conversion to integer
      bc  1f c1 00 00                    udf     #0xc11f                              ; trap: integer overflow
      c0  1f c1 00 00                    udf     #0xc11f                              ; trap: integer overflow
      c4  00 00 00 00                    udf     #0
      c8  00 00 20 00 00 00 e0 c1        .quad   0xc1e0000000200000

000000d0 <function 5 `trunc_sat`> [f32] -> [i64]:
      d0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      d4  fd 03 00 91                    mov     x29, sp
      d8  02 00 39 9e                    fcvtzu  x2, s0
      dc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      e0  c0 03 5f d6                    ret
