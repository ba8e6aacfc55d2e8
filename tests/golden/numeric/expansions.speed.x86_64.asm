00000000 <function 0 `min`> [f64 f64] -> [f64]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  66 0f 6f e0                    movdqa  xmm4, xmm0
       8  66 0f 6f c1                    movdqa  xmm0, xmm1
       c  66 0f 2e c4                    ucomisd xmm0, xmm4
      10  0f 85 19 00 00 00              jne     0x2f
      16  0f 8a 09 00 00 00              jp      0x25
      1c  66 0f 56 c4                    orpd    xmm0, xmm4
      20  e9 0e 00 00 00                 jmp     0x33
      25  f2 0f 58 c4                    addsd   xmm0, xmm4
      29  0f 8a 04 00 00 00              jp      0x33
      2f  f2 0f 5d c4                    minsd   xmm0, xmm4
      33  48 89 ec                       mov     rsp, rbp
      36  5d                             pop     rbp
      37  c3                             ret

00000040 <function 1 `nearest`> [f32] -> [f32]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  66 0f 3a 0a c0 00              roundss xmm0, xmm0, 0
      4a  48 89 ec                       mov     rsp, rbp
      4d  5d                             pop     rbp
      4e  c3                             ret

00000050 <function 2 `copysign`> [f64 f64] -> [f64]:
      50  55                             push    rbp
      51  48 89 e5                       mov     rbp, rsp
      54  48 be 00 00 00 00 00 00 00 80  movabs  rsi, 0x8000000000000000
      5e  66 48 0f 6e fe                 movq    xmm7, rsi
      63  66 0f 6f d0                    movdqa  xmm2, xmm0
      67  66 0f 6f c7                    movdqa  xmm0, xmm7
      6b  66 0f 55 c2                    andnpd  xmm0, xmm2
      6f  66 0f 54 f9                    andpd   xmm7, xmm1
      73  66 0f 56 c7                    orpd    xmm0, xmm7
      77  48 89 ec                       mov     rsp, rbp
      7a  5d                             pop     rbp
      7b  c3                             ret

00000080 <function 3 `clz`> [i32] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  48 c7 c2 ff ff ff ff           mov     rdx, 0xffffffffffffffff
      8b  0f bd f6                       bsr     esi, esi
      8e  0f 44 f2                       cmove   esi, edx
      91  b8 1f 00 00 00                 mov     eax, 0x1f
      96  2b c6                          sub     eax, esi
      98  48 89 ec                       mov     rsp, rbp
      9b  5d                             pop     rbp
      9c  c3                             ret

000000a0 <function 4 `popcnt`> [i64] -> [i64]:
      a0  55                             push    rbp
      a1  48 89 e5                       mov     rbp, rsp
      a4  f3 48 0f b8 c6                 popcnt  rax, rsi
      a9  48 89 ec                       mov     rsp, rbp
      ac  5d                             pop     rbp
      ad  c3                             ret

000000b0 <function 5 `convert`> [i64] -> [f32]:
      b0  55                             push    rbp
      b1  48 89 e5                       mov     rbp, rsp
      b4  49 89 f0                       mov     r8, rsi
      b7  49 83 f8 00                    cmp     r8, 0
      bb  0f 8c 0a 00 00 00              jl      0xcb
      c1  f3 49 0f 2a c0                 cvtsi2ss xmm0, r8
      c6  e9 1a 00 00 00                 jmp     0xe5
      cb  4c 89 c7                       mov     rdi, r8
      ce  48 c1 ef 01                    shr     rdi, 1
      d2  4c 89 c6                       mov     rsi, r8
      d5  48 83 e6 01                    and     rsi, 1
      d9  48 0b f7                       or      rsi, rdi
      dc  f3 48 0f 2a c6                 cvtsi2ss xmm0, rsi
      e1  f3 0f 58 c0                    addss   xmm0, xmm0
      e5  48 89 ec                       mov     rsp, rbp
      e8  5d                             pop     rbp
      e9  c3                             ret

000000f0 <function 6 `extend`> [i64] -> [i64]:
      f0  55                             push    rbp
      f1  48 89 e5                       mov     rbp, rsp
      f4  48 0f bf c6                    movsx   rax, si
      f8  48 89 ec                       mov     rsp, rbp
      fb  5d                             pop     rbp
      fc  c3                             ret
