00000030 <function 0 `dot`> [i32 i32 i32] -> [i32]:
      30  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      34  fd 03 00 91                    mov     x29, sp
      38  05 e4 00 4f                    movi    v5.16b, #0
      3c  40 40 40 f9                    ldr     x0, [x2, #0x80]
      40  e1 03 03 2a                    mov     w1, w3
      44  21 40 00 91                    add     x1, x1, #0x10
      48  3f 40 40 f1                    cmp     x1, #0x10, lsl #12
      4c  c8 03 00 54                    b.hi    #0xc4
      50  02 40 23 8b                    add     x2, x0, w3, uxtw
      54  3f 40 40 f1                    cmp     x1, #0x10, lsl #12
      58  01 80 82 9a                    csel    x1, x0, x2, hi
      5c  20 00 c0 3d                    ldr     q0, [x1]                             ; wasm 0x28, trap: out of bounds memory access
      60  e1 03 04 2a                    mov     w1, w4
      64  21 40 00 91                    add     x1, x1, #0x10
      68  3f 40 40 f1                    cmp     x1, #0x10, lsl #12
      6c  e8 02 00 54                    b.hi    #0xc8
      70  02 40 24 8b                    add     x2, x0, w4, uxtw
      74  3f 40 40 f1                    cmp     x1, #0x10, lsl #12
      78  01 80 82 9a                    csel    x1, x0, x2, hi
      7c  21 00 c0 3d                    ldr     q1, [x1]                             ; wasm 0x2e, trap: out of bounds memory access
      80  a5 04 00 51                    sub     w5, w5, #1
      84  02 c0 61 0e                    smull   v2.4s, v0.4h, v1.4h
      88  00 c0 61 4e                    smull2  v0.4s, v0.8h, v1.8h
      8c  40 bc a0 4e                    addp    v0.4s, v2.4s, v0.4s
      90  a5 84 a0 4e                    add     v5.4s, v5.4s, v0.4s
      94  63 40 00 11                    add     w3, w3, #0x10
      98  84 40 00 11                    add     w4, w4, #0x10
      9c  25 fd ff 35                    cbnz    w5, #0x40
      a0  a0 3c 04 0e                    mov     w0, v5.s[0]
      a4  a1 3c 0c 0e                    mov     w1, v5.s[1]
      a8  00 00 01 0b                    add     w0, w0, w1
      ac  a1 3c 14 0e                    mov     w1, v5.s[2]
      b0  a2 3c 1c 0e                    mov     w2, v5.s[3]
      b4  21 00 02 0b                    add     w1, w1, w2
      b8  02 00 01 0b                    add     w2, w0, w1
      bc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      c0  c0 03 5f d6                    ret
      c4  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x28, trap: out of bounds memory access
      c8  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x2e, trap: out of bounds memory access
