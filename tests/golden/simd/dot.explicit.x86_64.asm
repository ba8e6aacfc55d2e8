00000034 <function 0 `dot`> [i32 i32 i32] -> [i32]:
      34  55                             push    rbp
      35  48 89 e5                       mov     rbp, rsp
      38  66 0f ef c0                    pxor    xmm0, xmm0
      3c  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      43  8b fe                          mov     edi, esi
      45  4c 8d 47 10                    lea     r8, [rdi + 0x10]
      49  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      50  0f 87 79 00 00 00              ja      0xcf
      56  48 03 f8                       add     rdi, rax
      59  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      60  48 0f 47 f8                    cmova   rdi, rax
      64  f3 0f 6f 0f                    movdqu  xmm1, xmmword ptr [rdi]              ; wasm 0x28, trap: out of bounds memory access
      68  8b fa                          mov     edi, edx
      6a  4c 8d 47 10                    lea     r8, [rdi + 0x10]
      6e  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      75  0f 87 56 00 00 00              ja      0xd1
      7b  48 03 f8                       add     rdi, rax
      7e  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      85  48 0f 47 f8                    cmova   rdi, rax
      89  f3 0f 6f 17                    movdqu  xmm2, xmmword ptr [rdi]              ; wasm 0x2e, trap: out of bounds memory access
      8d  83 e9 01                       sub     ecx, 1
      90  66 0f f5 ca                    pmaddwd xmm1, xmm2
      94  66 0f fe c1                    paddd   xmm0, xmm1
      98  81 c6 10 00 00 00              add     esi, 0x10
      9e  81 c2 10 00 00 00              add     edx, 0x10
      a4  85 c9                          test    ecx, ecx
      a6  0f 85 97 ff ff ff              jne     0x43
      ac  66 0f 3a 16 c0 00              pextrd  eax, xmm0, 0
      b2  66 0f 3a 16 c1 01              pextrd  ecx, xmm0, 1
      b8  03 c1                          add     eax, ecx
      ba  66 0f 3a 16 c1 02              pextrd  ecx, xmm0, 2
      c0  66 0f 3a 16 c2 03              pextrd  edx, xmm0, 3
      c6  03 ca                          add     ecx, edx
      c8  03 c1                          add     eax, ecx
      ca  48 89 ec                       mov     rsp, rbp
      cd  5d                             pop     rbp
      ce  c3                             ret
      cf  0f 0b                          ud2                                          ; wasm 0x28, trap: out of bounds memory access
      d1  0f 0b                          ud2                                          ; wasm 0x2e, trap: out of bounds memory access
