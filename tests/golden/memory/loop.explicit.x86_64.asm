00000034 <function 0 `sum`> [i32 i32] -> [i32]:
      34  55                             push    rbp
      35  48 89 e5                       mov     rbp, rsp
      38  33 c0                          xor     eax, eax
      3a  48 8b 8f 80 00 00 00           mov     rcx, qword ptr [rdi + 0x80]
      41  8b fe                          mov     edi, esi
      43  4c 8d 47 04                    lea     r8, [rdi + 4]
      47  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      4e  0f 87 28 00 00 00              ja      0x7c
      54  48 03 f9                       add     rdi, rcx
      57  49 81 f8 00 00 01 00           cmp     r8, 0x10000
      5e  48 0f 47 f9                    cmova   rdi, rcx
      62  8b 3f                          mov     edi, dword ptr [rdi]                 ; wasm 0x27, trap: out of bounds memory access
      64  83 ea 01                       sub     edx, 1
      67  03 c7                          add     eax, edi
      69  81 c6 04 00 00 00              add     esi, 4
      6f  85 d2                          test    edx, edx
      71  0f 85 ca ff ff ff              jne     0x41
      77  48 89 ec                       mov     rsp, rbp
      7a  5d                             pop     rbp
      7b  c3                             ret
      7c  0f 0b                          ud2                                          ; trap: out of bounds memory access
