00000000 <function 0 `sum`> [i32 i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  33 c0                          xor     eax, eax
       6  48 8b 4f 08                    mov     rcx, qword ptr [rdi + 8]
       a  8b fe                          mov     edi, esi
       c  8b 3c 39                       mov     edi, dword ptr [rcx + rdi]           ; wasm 0x27, trap: out of bounds memory access
       f  83 ea 01                       sub     edx, 1
      12  03 c7                          add     eax, edi
      14  81 c6 04 00 00 00              add     esi, 4
      1a  85 d2                          test    edx, edx
      1c  0f 85 e8 ff ff ff              jne     0xa
      22  48 89 ec                       mov     rsp, rbp
      25  5d                             pop     rbp
      26  c3                             ret
