00000000 <function 0 `sum`> [i32 i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  33 c0                          xor     eax, eax
       6  48 8b 8f 80 00 00 00           mov     rcx, qword ptr [rdi + 0x80]
       d  8b fe                          mov     edi, esi
       f  4c 8d 47 04                    lea     r8, [rdi + 4]
      13  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      1a  0f 87 28 00 00 00              ja      0x48
      20  48 03 f9                       add     rdi, rcx
      23  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      2a  48 0f 47 f9                    cmova   rdi, rcx
      2e  8b 3f                          mov     edi, dword ptr [rdi]                 ; wasm 0x27, trap: out of bounds memory access
      30  83 ea 01                       sub     edx, 1
      33  03 c7                          add     eax, edi
      35  81 c6 04 00 00 00              add     esi, 4
      3b  85 d2                          test    edx, edx
      3d  0f 85 ca ff ff ff              jne     0xd
      43  48 89 ec                       mov     rsp, rbp
      46  5d                             pop     rbp
      47  c3                             ret
      48  0f 0b                          ud2                                          ; trap: out of bounds memory access
