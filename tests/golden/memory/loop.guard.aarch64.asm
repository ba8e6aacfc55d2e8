00000030 <function 0 `sum`> [i32 i32] -> [i32]:
      30  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      34  fd 03 00 91                    mov     x29, sp
      38  05 00 80 52                    mov     w5, #0
      3c  4c 04 40 f9                    ldr     x12, [x2, #8]
      40  8d 49 63 b8                    ldr     w13, [x12, w3, uxtw]                 ; wasm 0x27, trap: out of bounds memory access
      44  84 04 00 51                    sub     w4, w4, #1
      48  e2 03 05 aa                    mov     x2, x5
      4c  42 00 0d 0b                    add     w2, w2, w13
      50  63 10 00 11                    add     w3, w3, #4
      54  64 00 00 34                    cbz     w4, #0x60
      58  e5 03 02 aa                    mov     x5, x2
      5c  f9 ff ff 17                    b       #0x40
      60  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      64  c0 03 5f d6                    ret
