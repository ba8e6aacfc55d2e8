00000000 <function 0 `madd`> [v128 v128 v128] -> [v128]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  0f 59 c1                       mulps   xmm0, xmm1
       7  0f 58 c2                       addps   xmm0, xmm2
       a  48 89 ec                       mov     rsp, rbp
       d  5d                             pop     rbp
       e  c3                             ret

00000010 <function 1 `dot`> [v128 v128 v128] -> [v128]:
      10  55                             push    rbp
      11  48 89 e5                       mov     rbp, rsp
      14  66 0f 38 20 e0                 pmovsxbw xmm4, xmm0
      19  66 0f 38 20 d9                 pmovsxbw xmm3, xmm1
      1e  66 0f d5 e3                    pmullw  xmm4, xmm3
      22  66 0f 3a 0f c0 08              palignr xmm0, xmm0, 8
      28  66 0f 38 20 d8                 pmovsxbw xmm3, xmm0
      2d  66 0f 3a 0f c9 08              palignr xmm1, xmm1, 8
      33  66 0f 38 20 c1                 pmovsxbw xmm0, xmm1
      38  66 0f d5 d8                    pmullw  xmm3, xmm0
      3c  66 0f 6f c4                    movdqa  xmm0, xmm4
      40  66 0f 38 01 c3                 phaddw  xmm0, xmm3
      45  66 0f f5 05 13 00 00 00        pmaddwd xmm0, xmmword ptr [rip + 0x13]
      4d  66 0f fe c2                    paddd   xmm0, xmm2
      51  48 89 ec                       mov     rsp, rbp
      54  5d                             pop     rbp
      55  c3                             ret
      56  00 00                          add     byte ptr [rax], al
      58  00 00                          add     byte ptr [rax], al
      5a  00 00                          add     byte ptr [rax], al
      5c  00 00                          add     byte ptr [rax], al
      5e  00 00                          add     byte ptr [rax], al
      60  01 00 01 00 01 00 01 00 01 00 01 00 01 00 01 00 .octa   0x10001000100010001000100010001

00000070 <function 2 `swizzle`> [v128 v128] -> [v128]:
      70  55                             push    rbp
      71  48 89 e5                       mov     rbp, rsp
      74  66 0f dc 0d 14 00 00 00        paddusb xmm1, xmmword ptr [rip + 0x14]
      7c  66 0f 38 00 c1                 pshufb  xmm0, xmm1
      81  48 89 ec                       mov     rsp, rbp
      84  5d                             pop     rbp
      85  c3                             ret
      86  00 00                          add     byte ptr [rax], al
      88  00 00                          add     byte ptr [rax], al
      8a  00 00                          add     byte ptr [rax], al
      8c  00 00                          add     byte ptr [rax], al
      8e  00 00                          add     byte ptr [rax], al
      90  70 70 70 70 70 70 70 70 70 70 70 70 70 70 70 70 .octa   0x70707070707070707070707070707070
