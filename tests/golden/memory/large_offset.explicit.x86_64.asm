00000000 <function 0 `covered`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  44 8b c6                       mov     r8d, esi
       7  4d 8d 88 00 00 00 02           lea     r9, [r8 + 0x2000000]
       e  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      15  0f 87 22 00 00 00              ja      0x3d
      1b  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
      22  4f 8d 9c 02 fc ff ff 01        lea     r11, [r10 + r8 + 0x1fffffc]
      2a  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      31  4d 0f 47 da                    cmova   r11, r10
      35  41 8b 03                       mov     eax, dword ptr [r11]                 ; wasm 0x22, trap: out of bounds memory access
      38  48 89 ec                       mov     rsp, rbp
      3b  5d                             pop     rbp
      3c  c3                             ret
      3d  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000040 <function 1 `beyond`> [i32] -> [i32]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  44 8b c6                       mov     r8d, esi
      47  4d 8d 88 01 00 00 02           lea     r9, [r8 + 0x2000001]
      4e  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      55  0f 87 22 00 00 00              ja      0x7d
      5b  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
      62  4f 8d 9c 02 fd ff ff 01        lea     r11, [r10 + r8 + 0x1fffffd]
      6a  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      71  4d 0f 47 da                    cmova   r11, r10
      75  41 8b 03                       mov     eax, dword ptr [r11]                 ; wasm 0x2d, trap: out of bounds memory access
      78  48 89 ec                       mov     rsp, rbp
      7b  5d                             pop     rbp
      7c  c3                             ret
      7d  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000080 <function 2 `far`> [i32] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  8b c6                          mov     eax, esi
      86  49 bb 03 00 00 00 01 00 00 00  movabs  r11, 0x100000003
      90  4c 03 d8                       add     r11, rax
      93  49 81 fb 00 00 01 00           cmp     r11, 0x10000
      9a  0f 87 24 00 00 00              ja      0xc4
      a0  48 8b 8f 80 00 00 00           mov     rcx, qword ptr [rdi + 0x80]
      a7  48 03 c1                       add     rax, rcx
      aa  ba ff ff ff ff                 mov     edx, 0xffffffff
      af  48 03 c2                       add     rax, rdx
      b2  49 81 fb 00 00 01 00           cmp     r11, 0x10000
      b9  48 0f 47 c1                    cmova   rax, rcx
      bd  8b 00                          mov     eax, dword ptr [rax]                 ; wasm 0x38, trap: out of bounds memory access
      bf  48 89 ec                       mov     rsp, rbp
      c2  5d                             pop     rbp
      c3  c3                             ret
      c4  0f 0b                          ud2                                          ; trap: out of bounds memory access
