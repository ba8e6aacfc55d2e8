00000000 <function 0 `load`> [i32] -> [i32]:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  4d 40 40 f9                    ldr     x13, [x2, #0x80]
       c  ac 05 40 f9                    ldr     x12, [x13, #8]
      10  ee 03 03 2a                    mov     w14, w3
      14  ce 31 00 91                    add     x14, x14, #0xc
      18  df 01 0c eb                    cmp     x14, x12
      1c  68 01 00 54                    b.hi    #0x48
      20  af 01 40 f9                    ldr     x15, [x13]
      24  e0 41 23 8b                    add     x0, x15, w3, uxtw
      28  00 20 00 91                    add     x0, x0, #8
      2c  df 01 0c eb                    cmp     x14, x12
      30  ef 81 80 9a                    csel    x15, x15, x0, hi
      34  e0 05 40 92                    and     x0, x15, #3
      38  a0 00 00 b5                    cbnz    x0, #0x4c
      3c  e2 fd df 88                    ldar    w2, [x15]                            ; wasm 0x5d, trap: out of bounds memory access
      40  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      44  c0 03 5f d6                    ret
      48  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access
      4c  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000050 <function 1 `load8`> [i32] -> [i64]:
      50  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      54  fd 03 00 91                    mov     x29, sp
      58  4b 40 40 f9                    ldr     x11, [x2, #0x80]
      5c  6a 05 40 f9                    ldr     x10, [x11, #8]
      60  ec 03 03 2a                    mov     w12, w3
      64  8c 05 00 91                    add     x12, x12, #1
      68  9f 01 0a eb                    cmp     x12, x10
      6c  08 01 00 54                    b.hi    #0x8c
      70  6d 01 40 f9                    ldr     x13, [x11]
      74  ae 41 23 8b                    add     x14, x13, w3, uxtw
      78  9f 01 0a eb                    cmp     x12, x10
      7c  ad 81 8e 9a                    csel    x13, x13, x14, hi
      80  a2 fd df 08                    ldarb   w2, [x13]                            ; wasm 0x66, trap: out of bounds memory access
      84  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      88  c0 03 5f d6                    ret
      8c  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access

00000090 <function 2 `store16`> [i32 i32] -> []:
      90  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      94  fd 03 00 91                    mov     x29, sp
      98  4c 40 40 f9                    ldr     x12, [x2, #0x80]
      9c  8b 05 40 f9                    ldr     x11, [x12, #8]
      a0  ed 03 03 2a                    mov     w13, w3
      a4  ad 09 00 91                    add     x13, x13, #2
      a8  bf 01 0b eb                    cmp     x13, x11
      ac  48 01 00 54                    b.hi    #0xd4
      b0  8e 01 40 f9                    ldr     x14, [x12]
      b4  cf 41 23 8b                    add     x15, x14, w3, uxtw
      b8  bf 01 0b eb                    cmp     x13, x11
      bc  ce 81 8f 9a                    csel    x14, x14, x15, hi
      c0  cf 01 40 92                    and     x15, x14, #1
      c4  af 00 00 b5                    cbnz    x15, #0xd8
      c8  c4 fd 9f 48                    stlrh   w4, [x14]                            ; wasm 0x71, trap: out of bounds memory access
      cc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      d0  c0 03 5f d6                    ret
      d4  1f c1 00 00                    udf     #0xc11f                              ; trap: out of bounds memory access
      d8  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

000000e0 <function 3 `add`> [i32 i64] -> [i64]:
      e0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      e4  fd 03 00 91                    mov     x29, sp
      e8  50 00 40 f8                    ldur    x16, [x2]
      ec  10 c2 00 91                    add     x16, x16, #0x30
      f0  ff 63 30 eb                    cmp     sp, x16
      f4  63 03 00 54                    b.lo    #0x160
      f8  fc 0f 1f f8                    str     x28, [sp, #-0x10]!
      fc  fa 6f bf a9                    stp     x26, x27, [sp, #-0x10]!
     100  f8 67 bf a9                    stp     x24, x25, [sp, #-0x10]!
     104  4f 40 40 f9                    ldr     x15, [x2, #0x80]
     108  ee 05 40 f9                    ldr     x14, [x15, #8]
     10c  e0 03 03 2a                    mov     w0, w3
     110  00 20 00 91                    add     x0, x0, #8
     114  1f 00 0e eb                    cmp     x0, x14
     118  68 02 00 54                    b.hi    #0x164
     11c  e1 01 40 f9                    ldr     x1, [x15]
     120  22 40 23 8b                    add     x2, x1, w3, uxtw
     124  1f 00 0e eb                    cmp     x0, x14
     128  39 80 82 9a                    csel    x25, x1, x2, hi
     12c  20 0b 40 92                    and     x0, x25, #7
     130  c0 01 00 b5                    cbnz    x0, #0x168
     134  fa 03 04 aa                    mov     x26, x4
     138  3b ff 5f c8                    ldaxr   x27, [x25]                           ; wasm 0x7c, trap: out of bounds memory access
     13c  7c 03 1a 8b                    add     x28, x27, x26
     140  3c ff 18 c8                    stlxr   w24, x28, [x25]                      ; trap: out of bounds memory access
     144  b8 ff ff b5                    cbnz    x24, #0x138
     148  e2 03 1b aa                    mov     x2, x27
     14c  f8 67 c1 a8                    ldp     x24, x25, [sp], #0x10
     150  fa 6f c1 a8                    ldp     x26, x27, [sp], #0x10
     154  fc 07 41 f8                    ldr     x28, [sp], #0x10
     158  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     15c  c0 03 5f d6                    ret
     160  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     164  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x7c, trap: out of bounds memory access
     168  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000170 <function 4 `xchg8`> [i32 i32] -> [i32]:
     170  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     174  fd 03 00 91                    mov     x29, sp
     178  50 00 40 f8                    ldur    x16, [x2]
     17c  10 82 00 91                    add     x16, x16, #0x20
     180  ff 63 30 eb                    cmp     sp, x16
     184  c3 02 00 54                    b.lo    #0x1dc
     188  fa 6f bf a9                    stp     x26, x27, [sp, #-0x10]!
     18c  f8 67 bf a9                    stp     x24, x25, [sp, #-0x10]!
     190  4e 40 40 f9                    ldr     x14, [x2, #0x80]
     194  cd 05 40 f9                    ldr     x13, [x14, #8]
     198  ef 03 03 2a                    mov     w15, w3
     19c  ef 05 00 91                    add     x15, x15, #1
     1a0  ff 01 0d eb                    cmp     x15, x13
     1a4  e8 01 00 54                    b.hi    #0x1e0
     1a8  c0 01 40 f9                    ldr     x0, [x14]
     1ac  01 40 23 8b                    add     x1, x0, w3, uxtw
     1b0  ff 01 0d eb                    cmp     x15, x13
     1b4  19 80 81 9a                    csel    x25, x0, x1, hi
     1b8  fa 03 04 aa                    mov     x26, x4
     1bc  3b ff 5f 08                    ldaxrb  w27, [x25]                           ; wasm 0x87, trap: out of bounds memory access
     1c0  3a ff 18 08                    stlxrb  w24, w26, [x25]                      ; trap: out of bounds memory access
     1c4  d8 ff ff b5                    cbnz    x24, #0x1bc
     1c8  62 1f 00 53                    uxtb    w2, w27
     1cc  f8 67 c1 a8                    ldp     x24, x25, [sp], #0x10
     1d0  fa 6f c1 a8                    ldp     x26, x27, [sp], #0x10
     1d4  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     1d8  c0 03 5f d6                    ret
     1dc  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     1e0  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x87, trap: out of bounds memory access

000001f0 <function 5 `cas16`> [i32 i32 i32] -> [i32]:
     1f0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     1f4  fd 03 00 91                    mov     x29, sp
     1f8  50 00 40 f8                    ldur    x16, [x2]
     1fc  10 c2 00 91                    add     x16, x16, #0x30
     200  ff 63 30 eb                    cmp     sp, x16
     204  a3 03 00 54                    b.lo    #0x278
     208  fc 0f 1f f8                    str     x28, [sp, #-0x10]!
     20c  fa 6f bf a9                    stp     x26, x27, [sp, #-0x10]!
     210  f8 67 bf a9                    stp     x24, x25, [sp, #-0x10]!
     214  40 40 40 f9                    ldr     x0, [x2, #0x80]
     218  0f 04 40 f9                    ldr     x15, [x0, #8]
     21c  e1 03 03 2a                    mov     w1, w3
     220  21 08 00 91                    add     x1, x1, #2
     224  3f 00 0f eb                    cmp     x1, x15
     228  a8 02 00 54                    b.hi    #0x27c
     22c  00 00 40 f9                    ldr     x0, [x0]
     230  02 40 23 8b                    add     x2, x0, w3, uxtw
     234  3f 00 0f eb                    cmp     x1, x15
     238  19 80 82 9a                    csel    x25, x0, x2, hi
     23c  20 03 40 92                    and     x0, x25, #1
     240  00 02 00 b5                    cbnz    x0, #0x280
     244  fa 03 04 aa                    mov     x26, x4
     248  fc 03 05 aa                    mov     x28, x5
     24c  3b ff 5f 48                    ldaxrh  w27, [x25]                           ; wasm 0x94, trap: out of bounds memory access
     250  7f 23 3a eb                    cmp     x27, w26, uxth
     254  61 00 00 54                    b.ne    #0x260
     258  3c ff 18 48                    stlxrh  w24, w28, [x25]                      ; trap: out of bounds memory access
     25c  98 ff ff b5                    cbnz    x24, #0x24c
     260  62 3f 00 53                    uxth    w2, w27
     264  f8 67 c1 a8                    ldp     x24, x25, [sp], #0x10
     268  fa 6f c1 a8                    ldp     x26, x27, [sp], #0x10
     26c  fc 07 41 f8                    ldr     x28, [sp], #0x10
     270  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     274  c0 03 5f d6                    ret
     278  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     27c  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x94, trap: out of bounds memory access
     280  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000290 <function 6 `fence`> [] -> []:
     290  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     294  fd 03 00 91                    mov     x29, sp
     298  bf 3b 03 d5                    dmb     ish
     29c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     2a0  c0 03 5f d6                    ret

000002b0 <function 7 `wait`> [i32 i32 i64] -> [i32]:
     2b0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     2b4  fd 03 00 91                    mov     x29, sp
     2b8  50 00 40 f8                    ldur    x16, [x2]
     2bc  10 42 00 91                    add     x16, x16, #0x10
     2c0  ff 63 30 eb                    cmp     sp, x16
     2c4  c3 02 00 54                    b.lo    #0x31c
     2c8  40 40 40 f9                    ldr     x0, [x2, #0x80]
     2cc  0f 04 40 f9                    ldr     x15, [x0, #8]
     2d0  e1 03 03 2a                    mov     w1, w3
     2d4  21 10 00 91                    add     x1, x1, #4
     2d8  3f 00 0f eb                    cmp     x1, x15
     2dc  28 02 00 54                    b.hi    #0x320
     2e0  00 00 40 f9                    ldr     x0, [x0]
     2e4  03 40 23 8b                    add     x3, x0, w3, uxtw
     2e8  3f 00 0f eb                    cmp     x1, x15
     2ec  01 80 83 9a                    csel    x1, x0, x3, hi
     2f0  20 04 40 92                    and     x0, x1, #3
     2f4  80 01 00 b5                    cbnz    x0, #0x324
     2f8  40 08 40 f9                    ldr     x0, [x2, #0x10]
     2fc  06 38 40 f9                    ldr     x6, [x0, #0x70]
     300  e3 03 05 aa                    mov     x3, x5
     304  e0 03 02 aa                    mov     x0, x2
     308  e2 03 04 aa                    mov     x2, x4
     30c  c0 00 3f d6                    blr     x6                                   ; wasm 0xa7
     310  e2 03 00 aa                    mov     x2, x0
     314  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     318  c0 03 5f d6                    ret
     31c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     320  1f c1 00 00                    udf     #0xc11f                              ; wasm 0xa7, trap: out of bounds memory access
     324  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

00000330 <function 8 `notify`> [i32] -> [i32]:
     330  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     334  fd 03 00 91                    mov     x29, sp
     338  50 00 40 f8                    ldur    x16, [x2]
     33c  10 42 00 91                    add     x16, x16, #0x10
     340  ff 63 30 eb                    cmp     sp, x16
     344  c3 02 00 54                    b.lo    #0x39c
     348  4f 40 40 f9                    ldr     x15, [x2, #0x80]
     34c  ee 05 40 f9                    ldr     x14, [x15, #8]
     350  e0 03 03 2a                    mov     w0, w3
     354  00 10 00 91                    add     x0, x0, #4
     358  1f 00 0e eb                    cmp     x0, x14
     35c  28 02 00 54                    b.hi    #0x3a0
     360  e1 01 40 f9                    ldr     x1, [x15]
     364  23 40 23 8b                    add     x3, x1, w3, uxtw
     368  1f 00 0e eb                    cmp     x0, x14
     36c  21 80 83 9a                    csel    x1, x1, x3, hi
     370  20 04 40 92                    and     x0, x1, #3
     374  80 01 00 b5                    cbnz    x0, #0x3a4
     378  40 08 40 f9                    ldr     x0, [x2, #0x10]
     37c  e4 03 02 aa                    mov     x4, x2
     380  03 40 40 f9                    ldr     x3, [x0, #0x80]
     384  22 00 80 52                    mov     w2, #1
     388  e0 03 04 aa                    mov     x0, x4
     38c  60 00 3f d6                    blr     x3                                   ; wasm 0xb2
     390  e2 03 00 aa                    mov     x2, x0
     394  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     398  c0 03 5f d6                    ret
     39c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     3a0  1f c1 00 00                    udf     #0xc11f                              ; wasm 0xb2, trap: out of bounds memory access
     3a4  1f c1 00 00                    udf     #0xc11f                              ; trap: unaligned atomic

000003b0 <function 9 `fill`> [i32 i32] -> []:
     3b0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     3b4  fd 03 00 91                    mov     x29, sp
     3b8  50 00 40 f8                    ldur    x16, [x2]
     3bc  10 42 00 91                    add     x16, x16, #0x10
     3c0  ff 63 30 eb                    cmp     sp, x16
     3c4  63 02 00 54                    b.lo    #0x410
     3c8  ee 03 03 aa                    mov     x14, x3
     3cc  4c 40 40 f9                    ldr     x12, [x2, #0x80]
     3d0  8d 05 40 f9                    ldr     x13, [x12, #8]
     3d4  e3 03 04 2a                    mov     w3, w4
     3d8  e0 03 0e aa                    mov     x0, x14
     3dc  6e 40 20 8b                    add     x14, x3, w0, uxtw
     3e0  df 01 0d eb                    cmp     x14, x13
     3e4  88 01 00 54                    b.hi    #0x414
     3e8  4e 08 40 f9                    ldr     x14, [x2, #0x10]
     3ec  e4 03 02 aa                    mov     x4, x2
     3f0  ce 49 40 f9                    ldr     x14, [x14, #0x90]
     3f4  8f 01 40 f9                    ldr     x15, [x12]
     3f8  e1 41 20 8b                    add     x1, x15, w0, uxtw
     3fc  02 00 80 52                    mov     w2, #0
     400  e0 03 04 aa                    mov     x0, x4
     404  c0 01 3f d6                    blr     x14                                  ; wasm 0xbf
     408  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     40c  c0 03 5f d6                    ret
     410  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     414  1f c1 00 00                    udf     #0xc11f                              ; wasm 0xbf, trap: out of bounds memory access
