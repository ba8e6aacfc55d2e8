00000000 <function 0 `choose`> [i32 i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  63 00 00 35                    cbnz    w3, #0x14
       c  e2 03 04 4b                    neg     w2, w4
      10  02 00 00 14                    b       #0x18
      14  e2 03 04 aa                    mov     x2, x4
      18  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      1c  c0 03 5f d6                    ret

00000034 <function 1 `count`> [i32] -> [i32]:
      34  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      38  fd 03 00 91                    mov     x29, sp
      3c  02 00 80 52                    mov     w2, #0
      40  a3 00 00 34                    cbz     w3, #0x54
      44  68 04 00 51                    sub     w8, w3, #1
      48  42 00 03 0b                    add     w2, w2, w3
      4c  e3 03 08 aa                    mov     x3, x8
      50  fc ff ff 17                    b       #0x40
      54  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      58  c0 03 5f d6                    ret

00000060 <function 2 `select`> [i32 f64 f64] -> [f64]:
      60  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      64  fd 03 00 91                    mov     x29, sp
      68  7f 00 1f 6b                    cmp     w3, wzr
      6c  00 1c 61 1e                    fcsel   d0, d0, d1, ne
      70  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      74  c0 03 5f d6                    ret
