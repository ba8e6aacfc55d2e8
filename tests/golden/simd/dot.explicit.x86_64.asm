00000000 <function 0 `dot`> [i32 i32 i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  66 0f ef c0                    pxor    xmm0, xmm0
       8  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
       f  8b fe                          mov     edi, esi
      11  4c 8d 47 10                    lea     r8, [rdi + 0x10]
      15  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      1c  0f 87 79 00 00 00              ja      0x9b
      22  48 03 f8                       add     rdi, rax
      25  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      2c  48 0f 47 f8                    cmova   rdi, rax
      30  f3 0f 6f 0f                    movdqu  xmm1, xmmword ptr [rdi]              ; wasm 0x28, trap: out of bounds memory access
      34  8b fa                          mov     edi, edx
      36  4c 8d 47 10                    lea     r8, [rdi + 0x10]
      3a  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      41  0f 87 56 00 00 00              ja      0x9d
      47  48 03 f8                       add     rdi, rax
      4a  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      51  48 0f 47 f8                    cmova   rdi, rax
      55  f3 0f 6f 17                    movdqu  xmm2, xmmword ptr [rdi]              ; wasm 0x2e, trap: out of bounds memory access
      59  83 e9 01                       sub     ecx, 1
      5c  66 0f f5 ca                    pmaddwd xmm1, xmm2
      60  66 0f fe c1                    paddd   xmm0, xmm1
      64  81 c6 10 00 00 00              add     esi, 0x10
      6a  81 c2 10 00 00 00              add     edx, 0x10
      70  85 c9                          test    ecx, ecx
      72  0f 85 97 ff ff ff              jne     0xf
      78  66 0f 3a 16 c0 00              pextrd  eax, xmm0, 0
      7e  66 0f 3a 16 c1 01              pextrd  ecx, xmm0, 1
      84  03 c1                          add     eax, ecx
      86  66 0f 3a 16 c1 02              pextrd  ecx, xmm0, 2
      8c  66 0f 3a 16 c2 03              pextrd  edx, xmm0, 3
      92  03 ca                          add     ecx, edx
      94  03 c1                          add     eax, ecx
      96  48 89 ec                       mov     rsp, rbp
      99  5d                             pop     rbp
      9a  c3                             ret
      9b  0f 0b                          ud2                                          ; wasm 0x28, trap: out of bounds memory access
      9d  0f 0b                          ud2                                          ; wasm 0x2e, trap: out of bounds memory access
