00000020 <function 1 `rare`> [i32] -> []:
      20  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      24  fd 03 00 91                    mov     x29, sp
      28  50 00 40 f8                    ldur    x16, [x2]
      2c  10 82 00 91                    add     x16, x16, #0x20
      30  ff 63 30 eb                    cmp     sp, x16
      34  43 02 00 54                    b.lo    #0x7c
      38  f3 0f 1f f8                    str     x19, [sp, #-0x10]!
      3c  03 01 00 35                    cbnz    w3, #0x5c
      40  4c 40 40 f9                    ldr     x12, [x2, #0x80]
      44  42 44 40 f9                    ldr     x2, [x2, #0x88]
      48  43 00 80 52                    mov     w3, #2
      4c  80 01 3f d6                    blr     x12                                  ; wasm 0x63
      50  f3 07 41 f8                    ldr     x19, [sp], #0x10
      54  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      58  c0 03 5f d6                    ret
      5c  4a 40 40 f9                    ldr     x10, [x2, #0x80]
      60  ee 03 02 aa                    mov     x14, x2
      64  c2 45 40 f9                    ldr     x2, [x14, #0x88]
      68  f3 03 0e aa                    mov     x19, x14
      6c  23 00 80 52                    mov     w3, #1
      70  40 01 3f d6                    blr     x10                                  ; wasm 0x5e
      74  e2 03 13 aa                    mov     x2, x19
      78  f2 ff ff 17                    b       #0x40
      7c  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

000000a0 <function 2 `usual`> [i32] -> []:
      a0  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      a4  fd 03 00 91                    mov     x29, sp
      a8  50 00 40 f8                    ldur    x16, [x2]
      ac  10 42 00 91                    add     x16, x16, #0x10
      b0  ff 63 30 eb                    cmp     sp, x16
      b4  a3 01 00 54                    b.lo    #0xe8
      b8  e3 00 00 34                    cbz     w3, #0xd4
      bc  4b 40 40 f9                    ldr     x11, [x2, #0x80]
      c0  42 44 40 f9                    ldr     x2, [x2, #0x88]
      c4  23 00 80 52                    mov     w3, #1
      c8  60 01 3f d6                    blr     x11                                  ; wasm 0x6e
      cc  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      d0  c0 03 5f d6                    ret
      d4  49 40 40 f9                    ldr     x9, [x2, #0x80]
      d8  42 44 40 f9                    ldr     x2, [x2, #0x88]
      dc  43 00 80 52                    mov     w3, #2
      e0  20 01 3f d6                    blr     x9                                   ; wasm 0x73
      e4  fa ff ff 17                    b       #0xcc
      e8  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000110 <function 3 `leave`> [i32] -> [i32]:
     110  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     114  fd 03 00 91                    mov     x29, sp
     118  50 00 40 f8                    ldur    x16, [x2]
     11c  10 42 00 91                    add     x16, x16, #0x10
     120  ff 63 30 eb                    cmp     sp, x16
     124  63 01 00 54                    b.lo    #0x150
     128  03 01 00 35                    cbnz    w3, #0x148
     12c  49 40 40 f9                    ldr     x9, [x2, #0x80]
     130  42 44 40 f9                    ldr     x2, [x2, #0x88]
     134  e3 00 80 52                    mov     w3, #7
     138  20 01 3f d6                    blr     x9                                   ; wasm 0x81
     13c  02 01 80 52                    mov     w2, #8
     140  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     144  c0 03 5f d6                    ret
     148  e2 00 80 52                    mov     w2, #7
     14c  fd ff ff 17                    b       #0x140
     150  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

00000160 <hostcall of type 0> [i32] -> []:
     160  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
     164  fd 03 00 91                    mov     x29, sp
     168  ff 43 00 d1                    sub     sp, sp, #0x10
     16c  e1 03 00 91                    mov     x1, sp
     170  e3 03 00 b8                    stur    w3, [sp]
     174  46 00 40 f9                    ldr     x6, [x2]
     178  e0 03 02 aa                    mov     x0, x2
     17c  e2 03 1d aa                    mov     x2, x29
     180  c0 00 3f d6                    blr     x6
     184  ff 43 00 91                    add     sp, sp, #0x10
     188  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
     18c  c0 03 5f d6                    ret
