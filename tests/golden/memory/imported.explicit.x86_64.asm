00000000 <function 0 `sum`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
       b  4c 8b 40 08                    mov     r8, qword ptr [rax + 8]
       f  8b ce                          mov     ecx, esi
      11  48 8d 79 04                    lea     rdi, [rcx + 4]
      15  49 3b f8                       cmp     rdi, r8
      18  0f 87 30 00 00 00              ja      0x4e
      1e  48 8b 10                       mov     rdx, qword ptr [rax]
      21  48 8d 04 0a                    lea     rax, [rdx + rcx]
      25  49 3b f8                       cmp     rdi, r8
      28  48 0f 47 c2                    cmova   rax, rdx
      2c  8b 00                          mov     eax, dword ptr [rax]                 ; wasm 0x2c, trap: out of bounds memory access
      2e  48 8d 79 08                    lea     rdi, [rcx + 8]
      32  49 3b f8                       cmp     rdi, r8
      35  0f 87 15 00 00 00              ja      0x50
      3b  48 8d 4c 0a 04                 lea     rcx, [rdx + rcx + 4]
      40  49 3b f8                       cmp     rdi, r8
      43  48 0f 47 ca                    cmova   rcx, rdx
      47  03 01                          add     eax, dword ptr [rcx]                 ; wasm 0x34, trap: out of bounds memory access
      49  48 89 ec                       mov     rsp, rbp
      4c  5d                             pop     rbp
      4d  c3                             ret
      4e  0f 0b                          ud2                                          ; wasm 0x2c, trap: out of bounds memory access
      50  0f 0b                          ud2                                          ; wasm 0x31, trap: out of bounds memory access
