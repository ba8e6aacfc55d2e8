00000000 <function 0 `switch`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  7f 14 00 71                    cmp     w3, #5
       c  a9 00 80 d2                    mov     x9, #5
      10  69 30 89 9a                    csel    x9, x3, x9, lo
      14  88 00 00 10                    adr     x8, #0x24
      18  09 59 a9 b8                    ldrsw   x9, [x8, w9, uxtw #2]
      1c  08 01 09 8b                    add     x8, x8, x9
      20  00 01 1f d6                    br      x8
      24  34 00 00 00                    .long   -> 0x58
      28  28 00 00 00                    .long   -> 0x4c
      2c  1c 00 00 00                    .long   -> 0x40
      30  34 00 00 00                    .long   -> 0x58
      34  28 00 00 00                    .long   -> 0x4c
      38  40 00 00 00                    .long   -> 0x64
      3c  07 00 00 14                    b       #0x58
      40  c2 03 80 52                    mov     w2, #0x1e
      44  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      48  c0 03 5f d6                    ret
      4c  82 02 80 52                    mov     w2, #0x14
      50  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      54  c0 03 5f d6                    ret
      58  42 01 80 52                    mov     w2, #0xa
      5c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      60  c0 03 5f d6                    ret
      64  02 05 80 52                    mov     w2, #0x28
      68  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      6c  c0 03 5f d6                    ret
