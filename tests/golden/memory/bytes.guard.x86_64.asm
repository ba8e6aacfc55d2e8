00000000 <function 0 `load`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 8f 88 00 00 00           mov     r9, qword ptr [rdi + 0x88]
       b  44 8b d6                       mov     r10d, esi
       e  4d 8d 5a 08                    lea     r11, [r10 + 8]
      12  4d 3b d9                       cmp     r11, r9
      15  0f 87 1b 00 00 00              ja      0x36
      1b  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      22  4e 8d 54 10 04                 lea     r10, [rax + r10 + 4]
      27  4d 3b d9                       cmp     r11, r9
      2a  4c 0f 47 d0                    cmova   r10, rax
      2e  41 8b 02                       mov     eax, dword ptr [r10]                 ; wasm 0x32, trap: out of bounds memory access
      31  48 89 ec                       mov     rsp, rbp
      34  5d                             pop     rbp
      35  c3                             ret
      36  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000040 <function 1 `size`> [] -> [i32]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  48 8b 87 88 00 00 00           mov     rax, qword ptr [rdi + 0x88]
      4b  48 89 ec                       mov     rsp, rbp
      4e  5d                             pop     rbp
      4f  c3                             ret
