00000000 <function 0 `dot`> [i32 i32 i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  66 0f ef c0                    pxor    xmm0, xmm0
       8  48 8b 47 08                    mov     rax, qword ptr [rdi + 8]
       c  8b fe                          mov     edi, esi
       e  f3 0f 6f 0c 38                 movdqu  xmm1, xmmword ptr [rax + rdi]        ; wasm 0x28, trap: out of bounds memory access
      13  8b fa                          mov     edi, edx
      15  f3 0f 6f 14 38                 movdqu  xmm2, xmmword ptr [rax + rdi]        ; wasm 0x2e, trap: out of bounds memory access
      1a  83 e9 01                       sub     ecx, 1
      1d  66 0f f5 ca                    pmaddwd xmm1, xmm2
      21  66 0f fe c1                    paddd   xmm0, xmm1
      25  81 c6 10 00 00 00              add     esi, 0x10
      2b  81 c2 10 00 00 00              add     edx, 0x10
      31  85 c9                          test    ecx, ecx
      33  0f 85 d3 ff ff ff              jne     0xc
      39  66 0f 3a 16 c0 00              pextrd  eax, xmm0, 0
      3f  66 0f 3a 16 c1 01              pextrd  ecx, xmm0, 1
      45  03 c1                          add     eax, ecx
      47  66 0f 3a 16 c1 02              pextrd  ecx, xmm0, 2
      4d  66 0f 3a 16 c2 03              pextrd  edx, xmm0, 3
      53  03 ca                          add     ecx, edx
      55  03 c1                          add     eax, ecx
      57  48 89 ec                       mov     rsp, rbp
      5a  5d                             pop     rbp
      5b  c3                             ret
