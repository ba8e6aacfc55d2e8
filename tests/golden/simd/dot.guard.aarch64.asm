00000030 <function 0 `dot`> [i32 i32 i32] -> [i32]:
      30  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      34  fd 03 00 91                    mov     x29, sp
      38  05 e4 00 4f                    movi    v5.16b, #0
      3c  40 04 40 f9                    ldr     x0, [x2, #8]
      40  1b 48 e3 3c                    ldr     q27, [x0, w3, uxtw]                  ; wasm 0x28, trap: out of bounds memory access
      44  1c 48 e4 3c                    ldr     q28, [x0, w4, uxtw]                  ; wasm 0x2e, trap: out of bounds memory access
      48  a5 04 00 51                    sub     w5, w5, #1
      4c  7d c3 7c 0e                    smull   v29.4s, v27.4h, v28.4h
      50  7b c3 7c 4e                    smull2  v27.4s, v27.8h, v28.8h
      54  bb bf bb 4e                    addp    v27.4s, v29.4s, v27.4s
      58  a5 84 bb 4e                    add     v5.4s, v5.4s, v27.4s
      5c  63 40 00 11                    add     w3, w3, #0x10
      60  84 40 00 11                    add     w4, w4, #0x10
      64  e5 fe ff 35                    cbnz    w5, #0x40
      68  a0 3c 04 0e                    mov     w0, v5.s[0]
      6c  a1 3c 0c 0e                    mov     w1, v5.s[1]
      70  00 00 01 0b                    add     w0, w0, w1
      74  a1 3c 14 0e                    mov     w1, v5.s[2]
      78  a2 3c 1c 0e                    mov     w2, v5.s[3]
      7c  21 00 02 0b                    add     w1, w1, w2
      80  02 00 01 0b                    add     w2, w0, w1
      84  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      88  c0 03 5f d6                    ret
