00000000 <function 0 `choose`> [i32 i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  85 f6                          test    esi, esi
       6  0f 85 0a 00 00 00              jne     0x16
       c  f7 da                          neg     edx
       e  48 89 d0                       mov     rax, rdx
      11  e9 03 00 00 00                 jmp     0x19
      16  48 89 d0                       mov     rax, rdx
      19  48 89 ec                       mov     rsp, rbp
      1c  5d                             pop     rbp
      1d  c3                             ret

00000040 <function 1 `count`> [i32] -> [i32]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  33 c0                          xor     eax, eax
      46  85 f6                          test    esi, esi
      48  0f 84 11 00 00 00              je      0x5f
      4e  49 89 f2                       mov     r10, rsi
      51  41 83 ea 01                    sub     r10d, 1
      55  03 c6                          add     eax, esi
      57  4c 89 d6                       mov     rsi, r10
      5a  e9 e7 ff ff ff                 jmp     0x46
      5f  48 89 ec                       mov     rsp, rbp
      62  5d                             pop     rbp
      63  c3                             ret

00000070 <function 2 `select`> [i32 f64 f64] -> [f64]:
      70  55                             push    rbp
      71  48 89 e5                       mov     rbp, rsp
      74  85 f6                          test    esi, esi
      76  66 0f 6f f0                    movdqa  xmm6, xmm0
      7a  66 0f 6f c1                    movdqa  xmm0, xmm1
      7e  0f 84 03 00 00 00              je      0x87
      84  0f 28 c6                       movaps  xmm0, xmm6
      87  48 89 ec                       mov     rsp, rbp
      8a  5d                             pop     rbp
      8b  c3                             ret
