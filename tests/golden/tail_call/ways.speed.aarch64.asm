00000000 <function 1 `direct`> [i32] -> []:
       0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
       4  fd 03 00 91                    mov     x29, sp
       8  50 00 40 f8                    ldur    x16, [x2]
       c  10 42 00 91                    add     x16, x16, #0x10
      10  ff 63 30 eb                    cmp     sp, x16
      14  83 00 00 54                    b.lo    #0x24
      18  63 04 00 11                    add     w3, w3, #1
      1c  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      20  f8 ff ff 17                    b       #0                                   ; wasm 0x4d, <function 1 `direct`>
      24  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000030 <function 2 `import`> [i32] -> []:
      30  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      34  fd 03 00 91                    mov     x29, sp
      38  50 00 40 f8                    ldur    x16, [x2]
      3c  10 42 00 91                    add     x16, x16, #0x10
      40  ff 63 30 eb                    cmp     sp, x16
      44  a3 00 00 54                    b.lo    #0x58
      48  41 50 40 f9                    ldr     x1, [x2, #0xa0]
      4c  42 54 40 f9                    ldr     x2, [x2, #0xa8]
      50  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      54  20 00 1f d6                    br      x1                                   ; wasm 0x54
      58  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000060 <function 3 `through_static`> [i32] -> []:
      60  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      64  fd 03 00 91                    mov     x29, sp
      68  50 00 40 f8                    ldur    x16, [x2]
      6c  10 42 00 91                    add     x16, x16, #0x10
      70  ff 63 30 eb                    cmp     sp, x16
      74  a3 02 00 54                    b.lo    #0xc8
      78  a3 02 00 35                    cbnz    w3, #0xcc
      7c  6d ff ff f0                    adrp    x13, #0xfffffffffffef000
      80  ad 01 16 91                    add     x13, x13, #0x580
      84  0e 00 80 52                    mov     w14, #0
      88  7f 00 1f 6b                    cmp     w3, wzr
      8c  ce 11 83 9a                    csel    x14, x14, x3, ne
      90  ee 03 0e 2a                    mov     w14, w14
      94  cf f1 7d d3                    lsl     x15, x14, #3
      98  ae 0d 0e 8b                    add     x14, x13, x14, lsl #3
      9c  af 69 6f b8                    ldr     w15, [x13, x15]
      a0  ff 05 00 71                    cmp     w15, #1
      a4  e1 00 00 54                    b.ne    #0xc0
      a8  00 00 00 90                    adrp    x0, #0
      ac  00 00 00 91                    add     x0, x0, #0
      b0  c1 05 40 b9                    ldr     w1, [x14, #4]
      b4  01 40 21 8b                    add     x1, x0, w1, uxtw
      b8  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      bc  20 00 1f d6                    br      x1                                   ; wasm 0x5d
      c0  8f 00 00 34                    cbz     w15, #0xd0
      c4  1f c1 00 00                    udf     #0xc11f                              ; trap: indirect call type mismatch
      c8  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
      cc  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x5d, trap: undefined element
      d0  1f c1 00 00                    udf     #0xc11f                              ; trap: uninitialized element

000000e0 <function 4 `through_shared`> [i32] -> []:
      e0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      e4  fd 03 00 91                    mov     x29, sp
      e8  50 00 40 f8                    ldur    x16, [x2]
      ec  10 42 00 91                    add     x16, x16, #0x10
      f0  ff 63 30 eb                    cmp     sp, x16
      f4  83 02 00 54                    b.lo    #0x144
      f8  4c 4c 40 f9                    ldr     x12, [x2, #0x98]
      fc  4d 48 40 f9                    ldr     x13, [x2, #0x90]
     100  ee 03 03 2a                    mov     w14, w3
     104  df 01 0c eb                    cmp     x14, x12
     108  02 02 00 54                    b.hs    #0x148
     10c  af 15 0e 8b                    add     x15, x13, x14, lsl #5
     110  df 01 0c eb                    cmp     x14, x12
     114  af 21 8f 9a                    csel    x15, x13, x15, hs
     118  e0 01 40 b9                    ldr     w0, [x15]
     11c  41 0c 40 f9                    ldr     x1, [x2, #0x18]
     120  21 00 40 b9                    ldr     w1, [x1]
     124  1f 00 01 6b                    cmp     w0, w1
     128  a1 00 00 54                    b.ne    #0x13c
     12c  e1 05 40 f9                    ldr     x1, [x15, #8]
     130  e2 09 40 f9                    ldr     x2, [x15, #0x10]
     134  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     138  20 00 1f d6                    br      x1                                   ; wasm 0x67
     13c  80 00 00 34                    cbz     w0, #0x14c
     140  1f c1 00 00                    udf     #0xc11f                              ; trap: indirect call type mismatch
     144  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted
     148  1f c1 00 00                    udf     #0xc11f                              ; wasm 0x67, trap: undefined element
     14c  1f c1 00 00                    udf     #0xc11f                              ; trap: uninitialized element

00000150 <hostcall of type 0> [i32] -> []:
     150  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     154  fd 03 00 91                    mov     x29, sp
     158  ff 43 00 d1                    sub     sp, sp, #0x10
     15c  e1 03 00 91                    mov     x1, sp
     160  e3 03 00 b8                    stur    w3, [sp]
     164  46 00 40 f9                    ldr     x6, [x2]
     168  e0 03 02 aa                    mov     x0, x2
     16c  e2 03 1d aa                    mov     x2, x29
     170  c0 00 3f d6                    blr     x6
     174  ff 43 00 91                    add     sp, sp, #0x10
     178  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     17c  c0 03 5f d6                    ret
