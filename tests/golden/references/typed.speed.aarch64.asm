00000000 <function 0 `double`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  62 00 03 0b                    add     w2, w3, w3
       c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      10  c0 03 5f d6                    ret

00000020 <function 1 `call`> [(ref null 0)] -> [i32]:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  50 00 40 f8                    ldur    x16, [x2]
      2c  10 42 00 91                    add     x16, x16, #0x10
      30  ff 63 30 eb                    cmp     sp, x16
      34  e3 00 00 54                    b.lo    #0x50
      38  65 04 40 f9                    ldr     x5, [x3, #8]                         ; wasm 0x55, trap: null function reference
      3c  62 08 40 f9                    ldr     x2, [x3, #0x10]                      ; trap: null function reference
      40  23 00 80 52                    mov     w3, #1
      44  a0 00 3f d6                    blr     x5
      48  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      4c  c0 03 5f d6                    ret
      50  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000060 <function 2 `tail`> [(ref 0)] -> [i32]:
      60  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      64  fd 03 00 91                    mov     x29, sp
      68  50 00 40 f8                    ldur    x16, [x2]
      6c  10 42 00 91                    add     x16, x16, #0x10
      70  ff 63 30 eb                    cmp     sp, x16
      74  c3 00 00 54                    b.lo    #0x8c
      78  61 04 40 f9                    ldr     x1, [x3, #8]                         ; wasm 0x5e, trap: null function reference
      7c  62 08 40 f9                    ldr     x2, [x3, #0x10]                      ; trap: null function reference
      80  43 00 80 52                    mov     w3, #2
      84  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      88  20 00 1f d6                    br      x1
      8c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000090 <function 3 `known`> [] -> [i32]:
      90  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      94  fd 03 00 91                    mov     x29, sp
      98  50 00 40 f8                    ldur    x16, [x2]
      9c  10 42 00 91                    add     x16, x16, #0x10
      a0  ff 63 30 eb                    cmp     sp, x16
      a4  a3 00 00 54                    b.lo    #0xb8
      a8  63 00 80 52                    mov     w3, #3
      ac  d5 ff ff 97                    bl      #0                                   ; wasm 0x67, <function 0 `double`>
      b0  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      b4  c0 03 5f d6                    ret
      b8  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

000000c0 <function 4 `typed`> [i32] -> [i32]:
      c0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      c4  fd 03 00 91                    mov     x29, sp
      c8  50 00 40 f8                    ldur    x16, [x2]
      cc  10 42 00 91                    add     x16, x16, #0x10
      d0  ff 63 30 eb                    cmp     sp, x16
      d4  23 02 00 54                    b.lo    #0x118
      d8  4c 44 40 f9                    ldr     x12, [x2, #0x88]
      dc  4d 40 40 f9                    ldr     x13, [x2, #0x80]
      e0  ee 03 03 2a                    mov     w14, w3
      e4  df 01 0c eb                    cmp     x14, x12
      e8  a2 01 00 54                    b.hs    #0x11c
      ec  af 15 0e 8b                    add     x15, x13, x14, lsl #5
      f0  df 01 0c eb                    cmp     x14, x12
      f4  af 21 8f 9a                    csel    x15, x13, x15, hs
      f8  e0 01 40 b9                    ldr     w0, [x15]
      fc  20 01 00 34                    cbz     w0, #0x120
     100  e0 05 40 f9                    ldr     x0, [x15, #8]
     104  e2 09 40 f9                    ldr     x2, [x15, #0x10]
     108  83 00 80 52                    mov     w3, #4
     10c  00 00 3f d6                    blr     x0                                   ; wasm 0x70
     110  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     114  c0 03 5f d6                    ret
     118  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     11c  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x70, trap: undefined element
     120  1f c1 00 00                    udf     #0xc11f                              ; trap: uninitialized element

00000130 <function 5 `or_zero`> [(ref null 0)] -> [i32]:
     130  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     134  fd 03 00 91                    mov     x29, sp
     138  50 00 40 f8                    ldur    x16, [x2]
     13c  10 42 00 91                    add     x16, x16, #0x10
     140  ff 63 30 eb                    cmp     sp, x16
     144  63 01 00 54                    b.lo    #0x170
     148  e3 00 00 b4                    cbz     x3, #0x164
     14c  67 04 40 f9                    ldr     x7, [x3, #8]                         ; wasm 0x7e, trap: null function reference
     150  62 08 40 f9                    ldr     x2, [x3, #0x10]                      ; trap: null function reference
     154  a3 00 80 52                    mov     w3, #5
     158  e0 00 3f d6                    blr     x7
     15c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     160  c0 03 5f d6                    ret
     164  02 00 80 52                    mov     w2, #0
     168  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     16c  c0 03 5f d6                    ret
     170  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000180 <entry of type 0> [i32] -> [i32]:
     180  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     184  fd 03 00 91                    mov     x29, sp
     188  f3 0f 1f f8                    str     x19, [sp, #-0x10]!
     18c  43 00 40 b9                    ldr     w3, [x2]
     190  f3 03 02 aa                    mov     x19, x2
     194  e2 03 00 aa                    mov     x2, x0
     198  20 00 3f d6                    blr     x1
     19c  e9 03 13 aa                    mov     x9, x19
     1a0  22 01 00 b9                    str     w2, [x9]
     1a4  f3 07 41 f8                    ldr     x19, [sp], #0x10
     1a8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     1ac  c0 03 5f d6                    ret

000001b0 <hostcall of type 0> [i32] -> [i32]:
     1b0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     1b4  fd 03 00 91                    mov     x29, sp
     1b8  ff 43 00 d1                    sub     sp, sp, #0x10
     1bc  e1 03 00 91                    mov     x1, sp
     1c0  e3 03 00 b8                    stur    w3, [sp]
     1c4  47 00 40 f9                    ldr     x7, [x2]
     1c8  e0 03 02 aa                    mov     x0, x2
     1cc  e2 03 1d aa                    mov     x2, x29
     1d0  e0 00 3f d6                    blr     x7
     1d4  e2 03 40 b8                    ldur    w2, [sp]
     1d8  ff 43 00 91                    add     sp, sp, #0x10
     1dc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     1e0  c0 03 5f d6                    ret
