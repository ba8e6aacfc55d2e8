00000000 <function 0 `set`> [v128] -> []:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  66 0f ef e4                    pxor    xmm4, xmm4
       8  f3 0f 6f 3d 20 00 00 00        movdqu  xmm7, xmmword ptr [rip + 0x20]
      10  66 0f 38 40 e7                 pmulld  xmm4, xmm7
      15  66 0f fe c4                    paddd   xmm0, xmm4
      19  f3 0f 7f 87 90 00 00 00        movdqu  xmmword ptr [rdi + 0x90], xmm0
      21  48 89 ec                       mov     rsp, rbp
      24  5d                             pop     rbp
      25  c3                             ret
      26  00 00                          add     byte ptr [rax], al
      28  00 00                          add     byte ptr [rax], al
      2a  00 00                          add     byte ptr [rax], al
      2c  00 00                          add     byte ptr [rax], al
      2e  00 00                          add     byte ptr [rax], al
      30  01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00 .octa   0x4000000030000000200000001

00000040 <function 1 `choose`> [v128 v128] -> [v128]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  66 0f ef ff                    pxor    xmm7, xmm7
      48  66 0f 6f d0                    movdqa  xmm2, xmm0
      4c  66 0f 76 d7                    pcmpeqd xmm2, xmm7
      50  66 0f 38 17 d2                 ptest   xmm2, xmm2
      55  0f 84 09 00 00 00              je      0x64
      5b  66 0f fe c1                    paddd   xmm0, xmm1
      5f  e9 03 00 00 00                 jmp     0x67
      64  0f 58 c1                       addps   xmm0, xmm1
      67  48 89 ec                       mov     rsp, rbp
      6a  5d                             pop     rbp
      6b  c3                             ret

00000070 <function 2 `either`> [v128 v128 i32] -> [v128]:
      70  55                             push    rbp
      71  48 89 e5                       mov     rbp, rsp
      74  66 0f 76 ff                    pcmpeqd xmm7, xmm7
      78  66 0f 73 f7 3f                 psllq   xmm7, 0x3f
      7d  66 0f 57 cf                    xorpd   xmm1, xmm7
      81  85 f6                          test    esi, esi
      83  66 0f 6f d0                    movdqa  xmm2, xmm0
      87  66 0f 6f c1                    movdqa  xmm0, xmm1
      8b  0f 84 04 00 00 00              je      0x95
      91  66 0f 6f c2                    movdqa  xmm0, xmm2
      95  48 89 ec                       mov     rsp, rbp
      98  5d                             pop     rbp
      99  c3                             ret

000000a0 <function 3 `call`> [i32] -> [v128]:
      a0  55                             push    rbp
      a1  48 89 e5                       mov     rbp, rsp
      a4  4c 8b 17                       mov     r10, qword ptr [rdi]
      a7  49 83 c2 10                    add     r10, 0x10
      ab  4c 3b d4                       cmp     r10, rsp
      ae  0f 87 1b 00 00 00              ja      0xcf
      b4  f3 0f 6f 8f 90 00 00 00        movdqu  xmm1, xmmword ptr [rdi + 0x90]
      bc  66 0f 6e ee                    movd    xmm5, esi
      c0  66 0f 70 c5 00                 pshufd  xmm0, xmm5, 0
      c5  e8 76 ff ff ff                 call    0x40                                 ; wasm 0x9a, <function 1 `choose`>
      ca  48 89 ec                       mov     rsp, rbp
      cd  5d                             pop     rbp
      ce  c3                             ret
      cf  0f 0b                          ud2                                          ; trap: call stack exhausted
