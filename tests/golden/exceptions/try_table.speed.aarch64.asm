00000008 <function 1 `call`> [i32] -> [i32]:
       8  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       c  fd 03 00 91                    mov     x29, sp
      10  50 00 40 f8                    ldur    x16, [x2]
      14  10 82 00 91                    add     x16, x16, #0x20
      18  ff 63 30 eb                    cmp     sp, x16
      1c  03 02 00 54                    b.lo    #0x5c
      20  f3 0f 1f f8                    str     x19, [sp, #-0x10]!
      24  4e 40 40 f9                    ldr     x14, [x2, #0x80]
      28  e0 03 02 aa                    mov     x0, x2
      2c  02 44 40 f9                    ldr     x2, [x0, #0x88]
      30  f3 03 00 aa                    mov     x19, x0
      34  e0 03 02 aa                    mov     x0, x2
      38  e1 03 02 aa                    mov     x1, x2
      3c  c0 01 3f d6                    blr     x14                                  ; wasm 0x49
      40  f3 07 41 f8                    ldr     x19, [sp], #0x10
      44  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      48  c0 03 5f d6                    ret
      4c  02 10 40 b9                    ldr     w2, [x0, #0x10]
      50  fc ff ff 17                    b       #0x40
      54  02 10 40 b9                    ldr     w2, [x0, #0x10]
      58  fa ff ff 17                    b       #0x40
      5c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

0000007c <function 2 `local`> [i32] -> [i32]:
      7c  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      80  fd 03 00 91                    mov     x29, sp
      84  50 00 40 f8                    ldur    x16, [x2]
      88  10 82 00 91                    add     x16, x16, #0x20
      8c  ff 63 30 eb                    cmp     sp, x16
      90  23 02 00 54                    b.lo    #0xd4
      94  f3 0f 1f f8                    str     x19, [sp, #-0x10]!
      98  f3 03 03 aa                    mov     x19, x3
      9c  47 08 40 f9                    ldr     x7, [x2, #0x10]
      a0  e7 30 40 f9                    ldr     x7, [x7, #0x60]
      a4  21 00 80 52                    mov     w1, #1
      a8  e0 03 02 aa                    mov     x0, x2
      ac  e0 00 3f d6                    blr     x7                                   ; wasm 0x5e
      b0  40 01 00 b4                    cbz     x0, #0xd8
      b4  e3 03 13 aa                    mov     x3, x19
      b8  03 10 00 b9                    str     w3, [x0, #0x10]
      bc  01 00 00 14                    b       #0xc0
      c0  e2 03 03 aa                    mov     x2, x3
      c4  f3 07 41 f8                    ldr     x19, [sp], #0x10
      c8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      cc  c0 03 5f d6                    ret
      d0  fc ff ff 17                    b       #0xc0
      d4  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      d8  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x5e, trap: allocation size too large

000000e0 <function 3 `throw`> [i32] -> []:
      e0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      e4  fd 03 00 91                    mov     x29, sp
      e8  50 00 40 f8                    ldur    x16, [x2]
      ec  10 c2 00 91                    add     x16, x16, #0x30
      f0  ff 63 30 eb                    cmp     sp, x16
      f4  43 02 00 54                    b.lo    #0x13c
      f8  f5 0f 1f f8                    str     x21, [sp, #-0x10]!
      fc  f3 53 bf a9                    stp     x19, x20, [sp, #-0x10]!
     100  f4 03 02 aa                    mov     x20, x2
     104  f5 03 03 aa                    mov     x21, x3
     108  53 08 40 f9                    ldr     x19, [x2, #0x10]
     10c  67 32 40 f9                    ldr     x7, [x19, #0x60]
     110  01 00 80 52                    mov     w1, #0
     114  e0 03 14 aa                    mov     x0, x20
     118  e0 00 3f d6                    blr     x7                                   ; wasm 0x6c
     11c  20 01 00 b4                    cbz     x0, #0x140
     120  e3 03 15 aa                    mov     x3, x21
     124  03 10 00 b9                    str     w3, [x0, #0x10]
     128  69 36 40 f9                    ldr     x9, [x19, #0x68]
     12c  e1 03 00 aa                    mov     x1, x0
     130  e0 03 14 aa                    mov     x0, x20
     134  20 01 3f d6                    blr     x9
     138  1f c1 00 00                    udf     #0xc11f                              ; trap: uncaught exception
     13c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     140  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x6c, trap: allocation size too large

00000150 <hostcall of type 0> [i32] -> [i32]:
     150  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     154  fd 03 00 91                    mov     x29, sp
     158  ff 43 00 d1                    sub     sp, sp, #0x10
     15c  e1 03 00 91                    mov     x1, sp
     160  e3 03 00 b8                    stur    w3, [sp]
     164  47 00 40 f9                    ldr     x7, [x2]
     168  e0 03 02 aa                    mov     x0, x2
     16c  e2 03 1d aa                    mov     x2, x29
     170  e0 00 3f d6                    blr     x7
     174  e2 03 40 b8                    ldur    w2, [sp]
     178  ff 43 00 91                    add     sp, sp, #0x10
     17c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     180  c0 03 5f d6                    ret
