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

0000003c <function 1 `count`> [i32] -> [i32]:
      3c  55                             push    rbp
      3d  48 89 e5                       mov     rbp, rsp
      40  33 c0                          xor     eax, eax
      42  85 f6                          test    esi, esi
      44  0f 84 11 00 00 00              je      0x5b
      4a  49 89 f2                       mov     r10, rsi
      4d  41 83 ea 01                    sub     r10d, 1
      51  03 c6                          add     eax, esi
      53  4c 89 d6                       mov     rsi, r10
      56  e9 e7 ff ff ff                 jmp     0x42
      5b  48 89 ec                       mov     rsp, rbp
      5e  5d                             pop     rbp
      5f  c3                             ret

00000060 <function 2 `select`> [i32 f64 f64] -> [f64]:
      60  55                             push    rbp
      61  48 89 e5                       mov     rbp, rsp
      64  85 f6                          test    esi, esi
      66  66 0f 6f f0                    movdqa  xmm6, xmm0
      6a  66 0f 6f c1                    movdqa  xmm0, xmm1
      6e  0f 84 03 00 00 00              je      0x77
      74  0f 28 c6                       movaps  xmm0, xmm6
      77  48 89 ec                       mov     rsp, rbp
      7a  5d                             pop     rbp
      7b  c3                             ret
