00000000 <function 0 `unreachable`> [] -> []:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  0f 0b                          ud2                                          ; wasm 0x32, trap: wasm `unreachable` instruction executed

00000010 <function 1 `div_s`> [i32 i32] -> [i32]:
      10  55                             push    rbp
      11  48 89 e5                       mov     rbp, rsp
      14  48 89 f0                       mov     rax, rsi
      17  49 89 d3                       mov     r11, rdx
      1a  99                             cdq
      1b  45 85 db                       test    r11d, r11d
      1e  0f 84 08 00 00 00              je      0x2c
      24  41 f7 fb                       idiv    r11d                                 ; wasm 0x3a, trap: integer overflow
      27  48 89 ec                       mov     rsp, rbp
      2a  5d                             pop     rbp
      2b  c3                             ret
      2c  0f 0b                          ud2                                          ; trap: integer divide by zero

00000030 <function 2 `div_u`> [i64 i64] -> [i64]:
      30  55                             push    rbp
      31  48 89 e5                       mov     rbp, rsp
      34  49 89 d2                       mov     r10, rdx
      37  48 33 d2                       xor     rdx, rdx
      3a  48 89 f0                       mov     rax, rsi
      3d  49 f7 f2                       div     r10                                  ; wasm 0x42, trap: integer divide by zero
      40  48 89 ec                       mov     rsp, rbp
      43  5d                             pop     rbp
      44  c3                             ret

00000050 <function 3 `rem_s`> [i32 i32] -> [i32]:
      50  55                             push    rbp
      51  48 89 e5                       mov     rbp, rsp
      54  48 89 f0                       mov     rax, rsi
      57  49 89 d1                       mov     r9, rdx
      5a  99                             cdq
      5b  41 83 f9 ff                    cmp     r9d, -1
      5f  0f 85 0a 00 00 00              jne     0x6f
      65  ba 00 00 00 00                 mov     edx, 0
      6a  e9 03 00 00 00                 jmp     0x72
      6f  41 f7 f9                       idiv    r9d                                  ; wasm 0x4a, trap: integer divide by zero
      72  48 89 d0                       mov     rax, rdx
      75  48 89 ec                       mov     rsp, rbp
      78  5d                             pop     rbp
      79  c3                             ret

00000080 <function 4 `trunc`> [f64] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  f2 0f 2c c0                    cvttsd2si eax, xmm0
      88  83 f8 01                       cmp     eax, 1
      8b  0f 81 31 00 00 00              jno     0xc2
      91  66 0f 2e c0                    ucomisd xmm0, xmm0
      95  0f 8a 2c 00 00 00              jp      0xc7
      9b  48 be 00 00 20 00 00 00 e0 c1  movabs  rsi, 0xc1e0000000200000
      a5  66 48 0f 6e de                 movq    xmm3, rsi
      aa  66 0f 2e c3                    ucomisd xmm0, xmm3
      ae  0f 86 15 00 00 00              jbe     0xc9
      b4  66 0f 57 db                    xorpd   xmm3, xmm3
      b8  66 0f 2e d8                    ucomisd xmm3, xmm0
      bc  0f 82 09 00 00 00              jb      0xcb
      c2  48 89 ec                       mov     rsp, rbp
      c5  5d                             pop     rbp
      c6  c3                             ret
      c7  0f 0b                          ud2                                          ; wasm 0x50, trap: invalid conversion to integer
      c9  0f 0b                          ud2                                          ; trap: integer overflow
      cb  0f 0b                          ud2                                          ; trap: integer overflow

000000d0 <function 5 `trunc_sat`> [f32] -> [i64]:
      d0  55                             push    rbp
      d1  48 89 e5                       mov     rbp, rsp
      d4  be 00 00 00 5f                 mov     esi, 0x5f000000
      d9  66 0f 6e de                    movd    xmm3, esi
      dd  0f 2e c3                       ucomiss xmm0, xmm3
      e0  0f 83 25 00 00 00              jae     0x10b
      e6  0f 8b 08 00 00 00              jnp     0xf4
      ec  48 33 c0                       xor     rax, rax
      ef  e9 46 00 00 00                 jmp     0x13a
      f4  f3 48 0f 2c c0                 cvttss2si rax, xmm0
      f9  48 83 f8 00                    cmp     rax, 0
      fd  0f 8d 37 00 00 00              jge     0x13a
     103  48 33 c0                       xor     rax, rax
     106  e9 2f 00 00 00                 jmp     0x13a
     10b  0f 28 e0                       movaps  xmm4, xmm0
     10e  f3 0f 5c e3                    subss   xmm4, xmm3
     112  f3 48 0f 2c c4                 cvttss2si rax, xmm4
     117  48 83 f8 00                    cmp     rax, 0
     11b  0f 8d 0c 00 00 00              jge     0x12d
     121  48 c7 c0 ff ff ff ff           mov     rax, 0xffffffffffffffff
     128  e9 0d 00 00 00                 jmp     0x13a
     12d  48 be 00 00 00 00 00 00 00 80  movabs  rsi, 0x8000000000000000
     137  48 03 c6                       add     rax, rsi
     13a  48 89 ec                       mov     rsp, rbp
     13d  5d                             pop     rbp
     13e  c3                             ret
