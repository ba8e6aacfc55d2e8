00000038 <function 0 `sum`> [i32 i32] -> [i32]:
      38  55                             push    rbp
      39  48 89 e5                       mov     rbp, rsp
      3c  33 c0                          xor     eax, eax
      3e  48 8b 4f 08                    mov     rcx, qword ptr [rdi + 8]
      42  8b fe                          mov     edi, esi
      44  8b 3c 39                       mov     edi, dword ptr [rcx + rdi]           ; wasm 0x27, trap: out of bounds memory access
      47  83 ea 01                       sub     edx, 1
      4a  03 c7                          add     eax, edi
      4c  81 c6 04 00 00 00              add     esi, 4
      52  85 d2                          test    edx, edx
      54  0f 85 e8 ff ff ff              jne     0x42
      5a  48 89 ec                       mov     rsp, rbp
      5d  5d                             pop     rbp
      5e  c3                             ret
