00000000 <function 0 `covered`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  49 89 f0                       mov     r8, rsi
       7  48 8b 77 08                    mov     rsi, qword ptr [rdi + 8]
       b  4c 89 c7                       mov     rdi, r8
       e  8b ff                          mov     edi, edi
      10  8b 84 3e fc ff ff 01           mov     eax, dword ptr [rsi + rdi + 0x1fffffc] ; wasm 0x22, trap: out of bounds memory access
      17  48 89 ec                       mov     rsp, rbp
      1a  5d                             pop     rbp
      1b  c3                             ret

00000020 <function 1 `beyond`> [i32] -> [i32]:
      20  55                             push    rbp
      21  48 89 e5                       mov     rbp, rsp
      24  44 8b c6                       mov     r8d, esi
      27  4d 8d 88 01 00 00 02           lea     r9, [r8 + 0x2000001]
      2e  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      35  0f 87 1f 00 00 00              ja      0x5a
      3b  4c 8b 57 08                    mov     r10, qword ptr [rdi + 8]
      3f  4f 8d 9c 02 fd ff ff 01        lea     r11, [r10 + r8 + 0x1fffffd]
      47  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      4e  4d 0f 47 da                    cmova   r11, r10
      52  41 8b 03                       mov     eax, dword ptr [r11]                 ; wasm 0x2d, trap: out of bounds memory access
      55  48 89 ec                       mov     rsp, rbp
      58  5d                             pop     rbp
      59  c3                             ret
      5a  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000060 <function 2 `far`> [i32] -> [i32]:
      60  55                             push    rbp
      61  48 89 e5                       mov     rbp, rsp
      64  8b c6                          mov     eax, esi
      66  49 bb 03 00 00 00 01 00 00 00  movabs  r11, 0x100000003
      70  4c 03 d8                       add     r11, rax
      73  49 81 fb 00 00 01 00           cmp     r11, 0x10000
      7a  0f 87 21 00 00 00              ja      0xa1
      80  48 8b 4f 08                    mov     rcx, qword ptr [rdi + 8]
      84  48 03 c1                       add     rax, rcx
      87  ba ff ff ff ff                 mov     edx, 0xffffffff
      8c  48 03 c2                       add     rax, rdx
      8f  49 81 fb 00 00 01 00           cmp     r11, 0x10000
      96  48 0f 47 c1                    cmova   rax, rcx
      9a  8b 00                          mov     eax, dword ptr [rax]                 ; wasm 0x38, trap: out of bounds memory access
      9c  48 89 ec                       mov     rsp, rbp
      9f  5d                             pop     rbp
      a0  c3                             ret
      a1  0f 0b                          ud2                                          ; trap: out of bounds memory access
