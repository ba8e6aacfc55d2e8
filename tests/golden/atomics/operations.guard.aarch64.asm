00000000 <function 0 `load`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  47 04 40 f9                    ldr     x7, [x2, #8]
       c  e7 40 23 8b                    add     x7, x7, w3, uxtw
      10  e7 20 00 91                    add     x7, x7, #8
      14  e8 04 40 92                    and     x8, x7, #3
      18  88 00 00 b5                    cbnz    x8, #0x28
      1c  e2 fc df 88                    ldar    w2, [x7]                             ; wasm 0x5d, trap: out of bounds memory access
      20  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      24  c0 03 5f d6                    ret
      28  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000030 <function 1 `load8`> [i32] -> [i64]:
      30  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      34  fd 03 00 91                    mov     x29, sp
      38  45 04 40 f9                    ldr     x5, [x2, #8]
      3c  a5 40 23 8b                    add     x5, x5, w3, uxtw
      40  a2 fc df 08                    ldarb   w2, [x5]                             ; wasm 0x66, trap: out of bounds memory access
      44  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      48  c0 03 5f d6                    ret

00000050 <function 2 `store16`> [i32 i32] -> []:
      50  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      54  fd 03 00 91                    mov     x29, sp
      58  46 04 40 f9                    ldr     x6, [x2, #8]
      5c  c6 40 23 8b                    add     x6, x6, w3, uxtw
      60  c7 00 40 92                    and     x7, x6, #1
      64  87 00 00 b5                    cbnz    x7, #0x74
      68  c4 fc 9f 48                    stlrh   w4, [x6]                             ; wasm 0x71, trap: out of bounds memory access
      6c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      70  c0 03 5f d6                    ret
      74  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000080 <function 3 `add`> [i32 i64] -> [i64]:
      80  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      84  fd 03 00 91                    mov     x29, sp
      88  50 00 40 f8                    ldur    x16, [x2]
      8c  10 c2 00 91                    add     x16, x16, #0x30
      90  ff 63 30 eb                    cmp     sp, x16
      94  63 02 00 54                    b.lo    #0xe0
      98  fc 0f 1f f8                    str     x28, [sp, #-0x10]!
      9c  fa 6f bf a9                    stp     x26, x27, [sp, #-0x10]!
      a0  f8 67 bf a9                    stp     x24, x25, [sp, #-0x10]!
      a4  49 04 40 f9                    ldr     x9, [x2, #8]
      a8  39 41 23 8b                    add     x25, x9, w3, uxtw
      ac  29 0b 40 92                    and     x9, x25, #7
      b0  a9 01 00 b5                    cbnz    x9, #0xe4
      b4  fa 03 04 aa                    mov     x26, x4
      b8  3b ff 5f c8                    ldaxr   x27, [x25]                           ; wasm 0x7c, trap: out of bounds memory access
      bc  7c 03 1a 8b                    add     x28, x27, x26
      c0  3c ff 18 c8                    stlxr   w24, x28, [x25]                      ; trap: out of bounds memory access
      c4  b8 ff ff b5                    cbnz    x24, #0xb8
      c8  e2 03 1b aa                    mov     x2, x27
      cc  f8 67 c1 a8                    ldp     x24, x25, [sp], #0x10
      d0  fa 6f c1 a8                    ldp     x26, x27, [sp], #0x10
      d4  fc 07 41 f8                    ldr     x28, [sp], #0x10
      d8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      dc  c0 03 5f d6                    ret
      e0  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      e4  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x7c, trap: unaligned atomic

000000f0 <function 4 `xchg8`> [i32 i32] -> [i32]:
      f0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      f4  fd 03 00 91                    mov     x29, sp
      f8  50 00 40 f8                    ldur    x16, [x2]
      fc  10 82 00 91                    add     x16, x16, #0x20
     100  ff 63 30 eb                    cmp     sp, x16
     104  c3 01 00 54                    b.lo    #0x13c
     108  fa 6f bf a9                    stp     x26, x27, [sp, #-0x10]!
     10c  f8 67 bf a9                    stp     x24, x25, [sp, #-0x10]!
     110  48 04 40 f9                    ldr     x8, [x2, #8]
     114  19 41 23 8b                    add     x25, x8, w3, uxtw
     118  fa 03 04 aa                    mov     x26, x4
     11c  3b ff 5f 08                    ldaxrb  w27, [x25]                           ; wasm 0x87, trap: out of bounds memory access
     120  3a ff 18 08                    stlxrb  w24, w26, [x25]                      ; trap: out of bounds memory access
     124  d8 ff ff b5                    cbnz    x24, #0x11c
     128  62 1f 00 53                    uxtb    w2, w27
     12c  f8 67 c1 a8                    ldp     x24, x25, [sp], #0x10
     130  fa 6f c1 a8                    ldp     x26, x27, [sp], #0x10
     134  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     138  c0 03 5f d6                    ret
     13c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000140 <function 5 `cas16`> [i32 i32 i32] -> [i32]:
     140  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     144  fd 03 00 91                    mov     x29, sp
     148  50 00 40 f8                    ldur    x16, [x2]
     14c  10 c2 00 91                    add     x16, x16, #0x30
     150  ff 63 30 eb                    cmp     sp, x16
     154  a3 02 00 54                    b.lo    #0x1a8
     158  fc 0f 1f f8                    str     x28, [sp, #-0x10]!
     15c  fa 6f bf a9                    stp     x26, x27, [sp, #-0x10]!
     160  f8 67 bf a9                    stp     x24, x25, [sp, #-0x10]!
     164  4a 04 40 f9                    ldr     x10, [x2, #8]
     168  59 41 23 8b                    add     x25, x10, w3, uxtw
     16c  2a 03 40 92                    and     x10, x25, #1
     170  ea 01 00 b5                    cbnz    x10, #0x1ac
     174  fa 03 04 aa                    mov     x26, x4
     178  fc 03 05 aa                    mov     x28, x5
     17c  3b ff 5f 48                    ldaxrh  w27, [x25]                           ; wasm 0x94, trap: out of bounds memory access
     180  7f 23 3a eb                    cmp     x27, w26, uxth
     184  61 00 00 54                    b.ne    #0x190
     188  3c ff 18 48                    stlxrh  w24, w28, [x25]                      ; trap: out of bounds memory access
     18c  98 ff ff b5                    cbnz    x24, #0x17c
     190  62 3f 00 53                    uxth    w2, w27
     194  f8 67 c1 a8                    ldp     x24, x25, [sp], #0x10
     198  fa 6f c1 a8                    ldp     x26, x27, [sp], #0x10
     19c  fc 07 41 f8                    ldr     x28, [sp], #0x10
     1a0  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     1a4  c0 03 5f d6                    ret
     1a8  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     1ac  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x94, trap: unaligned atomic

000001b0 <function 6 `fence`> [] -> []:
     1b0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     1b4  fd 03 00 91                    mov     x29, sp
     1b8  bf 3b 03 d5                    dmb     ish
     1bc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     1c0  c0 03 5f d6                    ret

000001d0 <function 7 `wait`> [i32 i32 i64] -> [i32]:
     1d0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     1d4  fd 03 00 91                    mov     x29, sp
     1d8  50 00 40 f8                    ldur    x16, [x2]
     1dc  10 42 00 91                    add     x16, x16, #0x10
     1e0  ff 63 30 eb                    cmp     sp, x16
     1e4  c3 02 00 54                    b.lo    #0x23c
     1e8  4f 40 40 f9                    ldr     x15, [x2, #0x80]
     1ec  ef 05 40 f9                    ldr     x15, [x15, #8]
     1f0  e0 03 03 2a                    mov     w0, w3
     1f4  00 10 00 91                    add     x0, x0, #4
     1f8  1f 00 0f eb                    cmp     x0, x15
     1fc  28 02 00 54                    b.hi    #0x240
     200  41 04 40 f9                    ldr     x1, [x2, #8]
     204  23 40 23 8b                    add     x3, x1, w3, uxtw
     208  1f 00 0f eb                    cmp     x0, x15
     20c  21 80 83 9a                    csel    x1, x1, x3, hi
     210  20 04 40 92                    and     x0, x1, #3
     214  80 01 00 b5                    cbnz    x0, #0x244
     218  40 08 40 f9                    ldr     x0, [x2, #0x10]
     21c  06 38 40 f9                    ldr     x6, [x0, #0x70]
     220  e3 03 05 aa                    mov     x3, x5
     224  e0 03 02 aa                    mov     x0, x2
     228  e2 03 04 aa                    mov     x2, x4
     22c  c0 00 3f d6                    blr     x6                                   ; wasm 0xa7
     230  e2 03 00 aa                    mov     x2, x0
     234  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     238  c0 03 5f d6                    ret
     23c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     240  1f c1 00 00                    udf     #0xc11f                              ; wasm 0xa7, trap: out of bounds memory access
     244  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000250 <function 8 `notify`> [i32] -> [i32]:
     250  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     254  fd 03 00 91                    mov     x29, sp
     258  50 00 40 f8                    ldur    x16, [x2]
     25c  10 42 00 91                    add     x16, x16, #0x10
     260  ff 63 30 eb                    cmp     sp, x16
     264  c3 02 00 54                    b.lo    #0x2bc
     268  4e 40 40 f9                    ldr     x14, [x2, #0x80]
     26c  ce 05 40 f9                    ldr     x14, [x14, #8]
     270  ef 03 03 2a                    mov     w15, w3
     274  ef 11 00 91                    add     x15, x15, #4
     278  ff 01 0e eb                    cmp     x15, x14
     27c  28 02 00 54                    b.hi    #0x2c0
     280  40 04 40 f9                    ldr     x0, [x2, #8]
     284  01 40 23 8b                    add     x1, x0, w3, uxtw
     288  ff 01 0e eb                    cmp     x15, x14
     28c  01 80 81 9a                    csel    x1, x0, x1, hi
     290  20 04 40 92                    and     x0, x1, #3
     294  80 01 00 b5                    cbnz    x0, #0x2c4
     298  40 08 40 f9                    ldr     x0, [x2, #0x10]
     29c  e4 03 02 aa                    mov     x4, x2
     2a0  03 40 40 f9                    ldr     x3, [x0, #0x80]
     2a4  22 00 80 52                    mov     w2, #1
     2a8  e0 03 04 aa                    mov     x0, x4
     2ac  60 00 3f d6                    blr     x3                                   ; wasm 0xb2
     2b0  e2 03 00 aa                    mov     x2, x0
     2b4  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     2b8  c0 03 5f d6                    ret
     2bc  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     2c0  1f c1 00 00                    udf     #0xc11f                              ; wasm 0xb2, trap: out of bounds memory access
     2c4  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

000002d0 <function 9 `fill`> [i32 i32] -> []:
     2d0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     2d4  fd 03 00 91                    mov     x29, sp
     2d8  50 00 40 f8                    ldur    x16, [x2]
     2dc  10 42 00 91                    add     x16, x16, #0x10
     2e0  ff 63 30 eb                    cmp     sp, x16
     2e4  63 02 00 54                    b.lo    #0x330
     2e8  ee 03 03 aa                    mov     x14, x3
     2ec  4c 40 40 f9                    ldr     x12, [x2, #0x80]
     2f0  8c 05 40 f9                    ldr     x12, [x12, #8]
     2f4  e3 03 04 2a                    mov     w3, w4
     2f8  e0 03 0e aa                    mov     x0, x14
     2fc  6d 40 20 8b                    add     x13, x3, w0, uxtw
     300  bf 01 0c eb                    cmp     x13, x12
     304  88 01 00 54                    b.hi    #0x334
     308  4e 08 40 f9                    ldr     x14, [x2, #0x10]
     30c  ce 49 40 f9                    ldr     x14, [x14, #0x90]
     310  4f 04 40 f9                    ldr     x15, [x2, #8]
     314  e4 03 02 aa                    mov     x4, x2
     318  e1 41 20 8b                    add     x1, x15, w0, uxtw
     31c  02 00 80 52                    mov     w2, #0
     320  e0 03 04 aa                    mov     x0, x4
     324  c0 01 3f d6                    blr     x14                                  ; wasm 0xbf
     328  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     32c  c0 03 5f d6                    ret
     330  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     334  1f c1 00 00                    udf     #0xc11f                              ; wasm 0xbf, trap: out of bounds memory access
