00000000 <function 0 `load`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  49 04 40 f9                    ldr     x9, [x2, #8]
       c  29 41 23 8b                    add     x9, x9, w3, uxtw
      10  2a 21 00 91                    add     x10, x9, #8
      14  4a 05 40 92                    and     x10, x10, #3
      18  aa 00 00 b5                    cbnz    x10, #0x2c
      1c  2a 21 00 91                    add     x10, x9, #8
      20  42 fd df 88                    ldar    w2, [x10]                            ; wasm 0x5d, trap: out of bounds memory access
      24  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      28  c0 03 5f d6                    ret
      2c  2b 09 40 b9                    ldr     w11, [x9, #8]                        ; trap: out of bounds memory access
      30  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000040 <function 1 `load8`> [i32] -> [i64]:
      40  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      44  fd 03 00 91                    mov     x29, sp
      48  45 04 40 f9                    ldr     x5, [x2, #8]
      4c  a5 40 23 8b                    add     x5, x5, w3, uxtw
      50  a2 fc df 08                    ldarb   w2, [x5]                             ; wasm 0x66, trap: out of bounds memory access
      54  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      58  c0 03 5f d6                    ret

00000060 <function 2 `store16`> [i32 i32] -> []:
      60  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      64  fd 03 00 91                    mov     x29, sp
      68  46 04 40 f9                    ldr     x6, [x2, #8]
      6c  c7 40 23 8b                    add     x7, x6, w3, uxtw
      70  87 00 00 37                    tbnz    w7, #0, #0x80
      74  e4 fc 9f 48                    stlrh   w4, [x7]                             ; wasm 0x71, trap: out of bounds memory access
      78  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      7c  c0 03 5f d6                    ret
      80  c9 48 63 78                    ldrh    w9, [x6, w3, uxtw]                   ; trap: out of bounds memory access
      84  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000090 <function 3 `add`> [i32 i64] -> [i64]:
      90  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      94  fd 03 00 91                    mov     x29, sp
      98  50 00 40 f8                    ldur    x16, [x2]
      9c  10 c2 00 91                    add     x16, x16, #0x30
      a0  ff 63 30 eb                    cmp     sp, x16
      a4  a3 02 00 54                    b.lo    #0xf8
      a8  fc 0f 1f f8                    str     x28, [sp, #-0x10]!
      ac  fa 6f bf a9                    stp     x26, x27, [sp, #-0x10]!
      b0  f8 67 bf a9                    stp     x24, x25, [sp, #-0x10]!
      b4  4a 04 40 f9                    ldr     x10, [x2, #8]
      b8  59 41 23 8b                    add     x25, x10, w3, uxtw
      bc  2b 0b 40 92                    and     x11, x25, #7
      c0  8b 01 00 b5                    cbnz    x11, #0xf0
      c4  fa 03 04 aa                    mov     x26, x4
      c8  3b ff 5f c8                    ldaxr   x27, [x25]                           ; wasm 0x7c, trap: out of bounds memory access
      cc  7c 03 1a 8b                    add     x28, x27, x26
      d0  3c ff 18 c8                    stlxr   w24, x28, [x25]                      ; trap: out of bounds memory access
      d4  b8 ff ff b5                    cbnz    x24, #0xc8
      d8  e2 03 1b aa                    mov     x2, x27
      dc  f8 67 c1 a8                    ldp     x24, x25, [sp], #0x10
      e0  fa 6f c1 a8                    ldp     x26, x27, [sp], #0x10
      e4  fc 07 41 f8                    ldr     x28, [sp], #0x10
      e8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      ec  c0 03 5f d6                    ret
      f0  4a 49 63 f8                    ldr     x10, [x10, w3, uxtw]                 ; trap: out of bounds memory access
      f4  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic
      f8  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000100 <function 4 `xchg8`> [i32 i32] -> [i32]:
     100  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     104  fd 03 00 91                    mov     x29, sp
     108  50 00 40 f8                    ldur    x16, [x2]
     10c  10 82 00 91                    add     x16, x16, #0x20
     110  ff 63 30 eb                    cmp     sp, x16
     114  c3 01 00 54                    b.lo    #0x14c
     118  fa 6f bf a9                    stp     x26, x27, [sp, #-0x10]!
     11c  f8 67 bf a9                    stp     x24, x25, [sp, #-0x10]!
     120  48 04 40 f9                    ldr     x8, [x2, #8]
     124  19 41 23 8b                    add     x25, x8, w3, uxtw
     128  fa 03 04 aa                    mov     x26, x4
     12c  3b ff 5f 08                    ldaxrb  w27, [x25]                           ; wasm 0x87, trap: out of bounds memory access
     130  3a ff 18 08                    stlxrb  w24, w26, [x25]                      ; trap: out of bounds memory access
     134  d8 ff ff b5                    cbnz    x24, #0x12c
     138  62 1f 00 53                    uxtb    w2, w27
     13c  f8 67 c1 a8                    ldp     x24, x25, [sp], #0x10
     140  fa 6f c1 a8                    ldp     x26, x27, [sp], #0x10
     144  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     148  c0 03 5f d6                    ret
     14c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000150 <function 5 `cas16`> [i32 i32 i32] -> [i32]:
     150  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     154  fd 03 00 91                    mov     x29, sp
     158  50 00 40 f8                    ldur    x16, [x2]
     15c  10 c2 00 91                    add     x16, x16, #0x30
     160  ff 63 30 eb                    cmp     sp, x16
     164  c3 02 00 54                    b.lo    #0x1bc
     168  fc 0f 1f f8                    str     x28, [sp, #-0x10]!
     16c  fa 6f bf a9                    stp     x26, x27, [sp, #-0x10]!
     170  f8 67 bf a9                    stp     x24, x25, [sp, #-0x10]!
     174  4a 04 40 f9                    ldr     x10, [x2, #8]
     178  59 41 23 8b                    add     x25, x10, w3, uxtw
     17c  d9 01 00 37                    tbnz    w25, #0, #0x1b4
     180  fa 03 04 aa                    mov     x26, x4
     184  fc 03 05 aa                    mov     x28, x5
     188  3b ff 5f 48                    ldaxrh  w27, [x25]                           ; wasm 0x94, trap: out of bounds memory access
     18c  7f 23 3a eb                    cmp     x27, w26, uxth
     190  61 00 00 54                    b.ne    #0x19c
     194  3c ff 18 48                    stlxrh  w24, w28, [x25]                      ; trap: out of bounds memory access
     198  98 ff ff b5                    cbnz    x24, #0x188
     19c  62 3f 00 53                    uxth    w2, w27
     1a0  f8 67 c1 a8                    ldp     x24, x25, [sp], #0x10
     1a4  fa 6f c1 a8                    ldp     x26, x27, [sp], #0x10
     1a8  fc 07 41 f8                    ldr     x28, [sp], #0x10
     1ac  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     1b0  c0 03 5f d6                    ret
     1b4  4b 49 63 78                    ldrh    w11, [x10, w3, uxtw]                 ; trap: out of bounds memory access
     1b8  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic
     1bc  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

000001c0 <function 6 `fence`> [] -> []:
     1c0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     1c4  fd 03 00 91                    mov     x29, sp
     1c8  bf 3b 03 d5                    dmb     ish
     1cc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     1d0  c0 03 5f d6                    ret

000001e0 <function 7 `wait`> [i32 i32 i64] -> [i32]:
     1e0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     1e4  fd 03 00 91                    mov     x29, sp
     1e8  50 00 40 f8                    ldur    x16, [x2]
     1ec  10 42 00 91                    add     x16, x16, #0x10
     1f0  ff 63 30 eb                    cmp     sp, x16
     1f4  c3 02 00 54                    b.lo    #0x24c
     1f8  4f 40 40 f9                    ldr     x15, [x2, #0x80]
     1fc  ef 05 40 f9                    ldr     x15, [x15, #8]
     200  e0 03 03 2a                    mov     w0, w3
     204  00 10 00 91                    add     x0, x0, #4
     208  1f 00 0f eb                    cmp     x0, x15
     20c  28 02 00 54                    b.hi    #0x250
     210  41 04 40 f9                    ldr     x1, [x2, #8]
     214  23 40 23 8b                    add     x3, x1, w3, uxtw
     218  1f 00 0f eb                    cmp     x0, x15
     21c  21 80 83 9a                    csel    x1, x1, x3, hi
     220  20 04 40 92                    and     x0, x1, #3
     224  80 01 00 b5                    cbnz    x0, #0x254
     228  40 08 40 f9                    ldr     x0, [x2, #0x10]
     22c  06 38 40 f9                    ldr     x6, [x0, #0x70]
     230  e3 03 05 aa                    mov     x3, x5
     234  e0 03 02 aa                    mov     x0, x2
     238  e2 03 04 aa                    mov     x2, x4
     23c  c0 00 3f d6                    blr     x6                                   ; wasm 0xa7
     240  e2 03 00 aa                    mov     x2, x0
     244  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     248  c0 03 5f d6                    ret
     24c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     250  1f c1 00 00                    udf     #0xc11f                              ; wasm 0xa7, trap: out of bounds memory access
     254  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000260 <function 8 `notify`> [i32] -> [i32]:
     260  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     264  fd 03 00 91                    mov     x29, sp
     268  50 00 40 f8                    ldur    x16, [x2]
     26c  10 42 00 91                    add     x16, x16, #0x10
     270  ff 63 30 eb                    cmp     sp, x16
     274  c3 02 00 54                    b.lo    #0x2cc
     278  4e 40 40 f9                    ldr     x14, [x2, #0x80]
     27c  ce 05 40 f9                    ldr     x14, [x14, #8]
     280  ef 03 03 2a                    mov     w15, w3
     284  ef 11 00 91                    add     x15, x15, #4
     288  ff 01 0e eb                    cmp     x15, x14
     28c  28 02 00 54                    b.hi    #0x2d0
     290  40 04 40 f9                    ldr     x0, [x2, #8]
     294  01 40 23 8b                    add     x1, x0, w3, uxtw
     298  ff 01 0e eb                    cmp     x15, x14
     29c  01 80 81 9a                    csel    x1, x0, x1, hi
     2a0  20 04 40 92                    and     x0, x1, #3
     2a4  80 01 00 b5                    cbnz    x0, #0x2d4
     2a8  40 08 40 f9                    ldr     x0, [x2, #0x10]
     2ac  e4 03 02 aa                    mov     x4, x2
     2b0  03 40 40 f9                    ldr     x3, [x0, #0x80]
     2b4  22 00 80 52                    mov     w2, #1
     2b8  e0 03 04 aa                    mov     x0, x4
     2bc  60 00 3f d6                    blr     x3                                   ; wasm 0xb2
     2c0  e2 03 00 aa                    mov     x2, x0
     2c4  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     2c8  c0 03 5f d6                    ret
     2cc  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     2d0  1f c1 00 00                    udf     #0xc11f                              ; wasm 0xb2, trap: out of bounds memory access
     2d4  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

000002e0 <function 9 `fill`> [i32 i32] -> []:
     2e0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     2e4  fd 03 00 91                    mov     x29, sp
     2e8  50 00 40 f8                    ldur    x16, [x2]
     2ec  10 42 00 91                    add     x16, x16, #0x10
     2f0  ff 63 30 eb                    cmp     sp, x16
     2f4  63 02 00 54                    b.lo    #0x340
     2f8  ee 03 03 aa                    mov     x14, x3
     2fc  4c 40 40 f9                    ldr     x12, [x2, #0x80]
     300  8c 05 40 f9                    ldr     x12, [x12, #8]
     304  e3 03 04 2a                    mov     w3, w4
     308  e0 03 0e aa                    mov     x0, x14
     30c  6d 40 20 8b                    add     x13, x3, w0, uxtw
     310  bf 01 0c eb                    cmp     x13, x12
     314  88 01 00 54                    b.hi    #0x344
     318  4e 08 40 f9                    ldr     x14, [x2, #0x10]
     31c  ce 49 40 f9                    ldr     x14, [x14, #0x90]
     320  4f 04 40 f9                    ldr     x15, [x2, #8]
     324  e4 03 02 aa                    mov     x4, x2
     328  e1 41 20 8b                    add     x1, x15, w0, uxtw
     32c  02 00 80 52                    mov     w2, #0
     330  e0 03 04 aa                    mov     x0, x4
     334  c0 01 3f d6                    blr     x14                                  ; wasm 0xbf
     338  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     33c  c0 03 5f d6                    ret
     340  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     344  1f c1 00 00                    udf     #0xc11f                              ; wasm 0xbf, trap: out of bounds memory access
