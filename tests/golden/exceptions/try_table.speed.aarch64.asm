0000002c <function 1 `call`> [i32] -> [i32]:
      2c  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      30  fd 03 00 91                    mov     x29, sp
      34  50 00 40 f8                    ldur    x16, [x2]
      38  10 c2 02 91                    add     x16, x16, #0xb0
      3c  ff 63 30 eb                    cmp     sp, x16
      40  03 04 00 54                    b.lo    #0xc0
      44  fb 73 bf a9                    stp     x27, x28, [sp, #-0x10]!
      48  f9 6b bf a9                    stp     x25, x26, [sp, #-0x10]!
      4c  f7 63 bf a9                    stp     x23, x24, [sp, #-0x10]!
      50  f5 5b bf a9                    stp     x21, x22, [sp, #-0x10]!
      54  f3 53 bf a9                    stp     x19, x20, [sp, #-0x10]!
      58  ee 3f bf 6d                    stp     d14, d15, [sp, #-0x10]!
      5c  ec 37 bf 6d                    stp     d12, d13, [sp, #-0x10]!
      60  ea 2f bf 6d                    stp     d10, d11, [sp, #-0x10]!
      64  e8 27 bf 6d                    stp     d8, d9, [sp, #-0x10]!
      68  ff 43 00 d1                    sub     sp, sp, #0x10
      6c  4e 40 40 f9                    ldr     x14, [x2, #0x80]
      70  e0 03 02 aa                    mov     x0, x2
      74  02 44 40 f9                    ldr     x2, [x0, #0x88]
      78  e0 03 00 f8                    stur    x0, [sp]
      7c  c0 01 3f d6                    blr     x14                                  ; wasm 0x49
      80  ff 43 00 91                    add     sp, sp, #0x10
      84  e8 27 c1 6c                    ldp     d8, d9, [sp], #0x10
      88  ea 2f c1 6c                    ldp     d10, d11, [sp], #0x10
      8c  ec 37 c1 6c                    ldp     d12, d13, [sp], #0x10
      90  ee 3f c1 6c                    ldp     d14, d15, [sp], #0x10
      94  f3 53 c1 a8                    ldp     x19, x20, [sp], #0x10
      98  f5 5b c1 a8                    ldp     x21, x22, [sp], #0x10
      9c  f7 63 c1 a8                    ldp     x23, x24, [sp], #0x10
      a0  f9 6b c1 a8                    ldp     x25, x26, [sp], #0x10
      a4  fb 73 c1 a8                    ldp     x27, x28, [sp], #0x10
      a8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      ac  c0 03 5f d6                    ret
      b0  02 10 40 b9                    ldr     w2, [x0, #0x10]
      b4  f3 ff ff 17                    b       #0x80
      b8  02 10 40 b9                    ldr     w2, [x0, #0x10]
      bc  f1 ff ff 17                    b       #0x80
      c0  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

000000fc <function 2 `local`> [i32] -> [i32]:
      fc  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     100  fd 03 00 91                    mov     x29, sp
     104  50 00 40 f8                    ldur    x16, [x2]
     108  10 82 00 91                    add     x16, x16, #0x20
     10c  ff 63 30 eb                    cmp     sp, x16
     110  23 02 00 54                    b.lo    #0x154
     114  f3 0f 1f f8                    str     x19, [sp, #-0x10]!
     118  f3 03 03 aa                    mov     x19, x3
     11c  47 08 40 f9                    ldr     x7, [x2, #0x10]
     120  e7 30 40 f9                    ldr     x7, [x7, #0x60]
     124  21 00 80 52                    mov     w1, #1
     128  e0 03 02 aa                    mov     x0, x2
     12c  e0 00 3f d6                    blr     x7                                   ; wasm 0x5e
     130  40 01 00 b4                    cbz     x0, #0x158
     134  e3 03 13 aa                    mov     x3, x19
     138  03 10 00 b9                    str     w3, [x0, #0x10]
     13c  01 00 00 14                    b       #0x140
     140  e2 03 03 aa                    mov     x2, x3
     144  f3 07 41 f8                    ldr     x19, [sp], #0x10
     148  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     14c  c0 03 5f d6                    ret
     150  fc ff ff 17                    b       #0x140
     154  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     158  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x5e, trap: allocation size too large

00000160 <function 3 `throw`> [i32] -> []:
     160  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     164  fd 03 00 91                    mov     x29, sp
     168  50 00 40 f8                    ldur    x16, [x2]
     16c  10 c2 00 91                    add     x16, x16, #0x30
     170  ff 63 30 eb                    cmp     sp, x16
     174  63 02 00 54                    b.lo    #0x1c0
     178  f5 0f 1f f8                    str     x21, [sp, #-0x10]!
     17c  f3 53 bf a9                    stp     x19, x20, [sp, #-0x10]!
     180  f4 03 02 aa                    mov     x20, x2
     184  f5 03 03 aa                    mov     x21, x3
     188  53 08 40 f9                    ldr     x19, [x2, #0x10]
     18c  68 32 40 f9                    ldr     x8, [x19, #0x60]
     190  01 00 80 52                    mov     w1, #0
     194  e0 03 14 aa                    mov     x0, x20
     198  00 01 3f d6                    blr     x8                                   ; wasm 0x6c
     19c  40 01 00 b4                    cbz     x0, #0x1c4
     1a0  e3 03 15 aa                    mov     x3, x21
     1a4  03 10 00 b9                    str     w3, [x0, #0x10]
     1a8  6a 36 40 f9                    ldr     x10, [x19, #0x68]
     1ac  e2 03 1d aa                    mov     x2, x29
     1b0  e1 03 00 aa                    mov     x1, x0
     1b4  e0 03 14 aa                    mov     x0, x20
     1b8  40 01 3f d6                    blr     x10
     1bc  1f c1 00 00                    udf     #0xc11f                              ; trap: uncaught exception
     1c0  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     1c4  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x6c, trap: allocation size too large

000001d0 <hostcall of type 0> [i32] -> [i32]:
     1d0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     1d4  fd 03 00 91                    mov     x29, sp
     1d8  ff 43 00 d1                    sub     sp, sp, #0x10
     1dc  e1 03 00 91                    mov     x1, sp
     1e0  e3 03 00 b8                    stur    w3, [sp]
     1e4  47 00 40 f9                    ldr     x7, [x2]
     1e8  e0 03 02 aa                    mov     x0, x2
     1ec  e2 03 1d aa                    mov     x2, x29
     1f0  e0 00 3f d6                    blr     x7
     1f4  e2 03 40 b8                    ldur    w2, [sp]
     1f8  ff 43 00 91                    add     sp, sp, #0x10
     1fc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     200  c0 03 5f d6                    ret
