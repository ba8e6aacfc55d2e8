00000034 <function 0 `dot`> [i32 i32 i32] -> [i32]:
      34  55                             push    rbp
      35  48 89 e5                       mov     rbp, rsp
      38  66 0f ef c0                    pxor    xmm0, xmm0
      3c  48 8b 47 08                    mov     rax, qword ptr [rdi + 8]
      40  8b fe                          mov     edi, esi
      42  f3 0f 6f 0c 38                 movdqu  xmm1, xmmword ptr [rax + rdi]        ; wasm 0x28, trap: out of bounds memory access
      47  8b fa                          mov     edi, edx
      49  f3 0f 6f 14 38                 movdqu  xmm2, xmmword ptr [rax + rdi]        ; wasm 0x2e, trap: out of bounds memory access
      4e  83 e9 01                       sub     ecx, 1
      51  66 0f f5 ca                    pmaddwd xmm1, xmm2
      55  66 0f fe c1                    paddd   xmm0, xmm1
      59  81 c6 10 00 00 00              add     esi, 0x10
      5f  81 c2 10 00 00 00              add     edx, 0x10
      65  85 c9                          test    ecx, ecx
      67  0f 85 d3 ff ff ff              jne     0x40
      6d  66 0f 3a 16 c0 00              pextrd  eax, xmm0, 0
      73  66 0f 3a 16 c1 01              pextrd  ecx, xmm0, 1
      79  03 c1                          add     eax, ecx
      7b  66 0f 3a 16 c1 02              pextrd  ecx, xmm0, 2
      81  66 0f 3a 16 c2 03              pextrd  edx, xmm0, 3
      87  03 ca                          add     ecx, edx
      89  03 c1                          add     eax, ecx
      8b  48 89 ec                       mov     rsp, rbp
      8e  5d                             pop     rbp
      8f  c3                             ret
