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

00000094 <function 2 `usual`> [i32] -> []:
      94  fd 7b bf a9                    stp     x29, x30, [sp, #-0x10]!
      98  fd 03 00 91                    mov     x29, sp
      9c  50 00 40 f8                    ldur    x16, [x2]
      a0  10 42 00 91                    add     x16, x16, #0x10
      a4  ff 63 30 eb                    cmp     sp, x16
      a8  a3 01 00 54                    b.lo    #0xdc
      ac  e3 00 00 34                    cbz     w3, #0xc8
      b0  4b 40 40 f9                    ldr     x11, [x2, #0x80]
      b4  42 44 40 f9                    ldr     x2, [x2, #0x88]
      b8  23 00 80 52                    mov     w3, #1
      bc  60 01 3f d6                    blr     x11                                  ; wasm 0x6e
      c0  fd 7b c1 a8                    ldp     x29, x30, [sp], #0x10
      c4  c0 03 5f d6                    ret
      c8  49 40 40 f9                    ldr     x9, [x2, #0x80]
      cc  42 44 40 f9                    ldr     x2, [x2, #0x88]
      d0  43 00 80 52                    mov     w3, #2
      d4  20 01 3f d6                    blr     x9                                   ; wasm 0x73
      d8  fa ff ff 17                    b       #0xc0
      dc  1f c1 00 00                    udf     #0xc11f                              ; trap: call stack exhausted

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
