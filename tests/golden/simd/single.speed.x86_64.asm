00000000 <function 0 `select`> [v128 v128 v128 v128] -> [v128]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  66 0f 6f f8                    movdqa  xmm7, xmm0
       8  66 0f 6f c2                    movdqa  xmm0, xmm2
       c  66 0f 65 c3                    pcmpgtw xmm0, xmm3
      10  66 0f 6f d7                    movdqa  xmm2, xmm7
      14  66 0f 6f f1                    movdqa  xmm6, xmm1
      18  66 0f 38 10 f2                 pblendvb xmm6, xmm2, xmm0
      1d  66 0f 6f c6                    movdqa  xmm0, xmm6
      21  48 89 ec                       mov     rsp, rbp
      24  5d                             pop     rbp
      25  c3                             ret

00000030 <function 1 `pmin`> [v128 v128] -> [v128]:
      30  55                             push    rbp
      31  48 89 e5                       mov     rbp, rsp
      34  66 0f 6f e0                    movdqa  xmm4, xmm0
      38  66 0f 6f c1                    movdqa  xmm0, xmm1
      3c  0f 5d c4                       minps   xmm0, xmm4
      3f  48 89 ec                       mov     rsp, rbp
      42  5d                             pop     rbp
      43  c3                             ret

00000050 <function 2 `pmax`> [v128 v128] -> [v128]:
      50  55                             push    rbp
      51  48 89 e5                       mov     rbp, rsp
      54  66 0f 6f e0                    movdqa  xmm4, xmm0
      58  66 0f 6f c1                    movdqa  xmm0, xmm1
      5c  66 0f 5f c4                    maxpd   xmm0, xmm4
      60  48 89 ec                       mov     rsp, rbp
      63  5d                             pop     rbp
      64  c3                             ret

00000070 <function 3 `neighbours`> [v128] -> [v128]:
      70  55                             push    rbp
      71  48 89 e5                       mov     rbp, rsp
      74  66 0f 38 04 05 13 00 00 00     pmaddubsw xmm0, xmmword ptr [rip + 0x13]
      7d  48 89 ec                       mov     rsp, rbp
      80  5d                             pop     rbp
      81  c3                             ret
      82  00 00                          add     byte ptr [rax], al
      84  00 00                          add     byte ptr [rax], al
      86  00 00                          add     byte ptr [rax], al
      88  00 00                          add     byte ptr [rax], al
      8a  00 00                          add     byte ptr [rax], al
      8c  00 00                          add     byte ptr [rax], al
      8e  00 00                          add     byte ptr [rax], al
      90  01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 .octa   0x1010101010101010101010101010101

000000a0 <function 4 `products`> [v128 v128] -> [v128]:
      a0  55                             push    rbp
      a1  48 89 e5                       mov     rbp, rsp
      a4  66 0f 70 c0 fa                 pshufd  xmm0, xmm0, 0xfa
      a9  66 0f 70 e9 fa                 pshufd  xmm5, xmm1, 0xfa
      ae  66 0f f4 c5                    pmuludq xmm0, xmm5
      b2  48 89 ec                       mov     rsp, rbp
      b5  5d                             pop     rbp
      b6  c3                             ret

000000c0 <function 5 `widened`> [i32] -> [v128]:
      c0  55                             push    rbp
      c1  48 89 e5                       mov     rbp, rsp
      c4  49 89 f0                       mov     r8, rsi
      c7  48 8b 77 08                    mov     rsi, qword ptr [rdi + 8]
      cb  4c 89 c7                       mov     rdi, r8
      ce  8b ff                          mov     edi, edi
      d0  66 0f 38 23 44 3e 08           pmovsxwd xmm0, qword ptr [rsi + rdi + 8]     ; wasm 0x7d, trap: out of bounds memory access
      d7  48 89 ec                       mov     rsp, rbp
      da  5d                             pop     rbp
      db  c3                             ret

000000e0 <function 6 `splat`> [i32] -> [v128]:
      e0  55                             push    rbp
      e1  48 89 e5                       mov     rbp, rsp
      e4  49 89 f0                       mov     r8, rsi
      e7  48 8b 77 08                    mov     rsi, qword ptr [rdi + 8]
      eb  41 8b f8                       mov     edi, r8d
      ee  f3 0f 10 04 3e                 movss   xmm0, dword ptr [rsi + rdi]          ; wasm 0x86, trap: out of bounds memory access
      f3  0f c6 c0 00                    shufps  xmm0, xmm0, 0
      f7  48 89 ec                       mov     rsp, rbp
      fa  5d                             pop     rbp
      fb  c3                             ret

00000100 <function 7 `lane`> [i32 v128] -> [v128]:
     100  55                             push    rbp
     101  48 89 e5                       mov     rbp, rsp
     104  4c 8b 47 08                    mov     r8, qword ptr [rdi + 8]
     108  8b fe                          mov     edi, esi
     10a  66 41 0f c4 04 38 03           pinsrw  xmm0, word ptr [r8 + rdi], 3         ; wasm 0x91, trap: out of bounds memory access
     111  48 89 ec                       mov     rsp, rbp
     114  5d                             pop     rbp
     115  c3                             ret

00000120 <function 8 `interleave`> [v128 v128] -> [v128]:
     120  55                             push    rbp
     121  48 89 e5                       mov     rbp, rsp
     124  66 0f 60 c1                    punpcklbw xmm0, xmm1
     128  48 89 ec                       mov     rsp, rbp
     12b  5d                             pop     rbp
     12c  c3                             ret

00000130 <function 9 `shape`> [v128 v128] -> [i32]:
     130  55                             push    rbp
     131  48 89 e5                       mov     rbp, rsp
     134  0f 58 c1                       addps   xmm0, xmm1
     137  66 0f ef ff                    pxor    xmm7, xmm7
     13b  66 0f 74 c7                    pcmpeqb xmm0, xmm7
     13f  66 0f d7 c0                    pmovmskb eax, xmm0
     143  48 89 ec                       mov     rsp, rbp
     146  5d                             pop     rbp
     147  c3                             ret
