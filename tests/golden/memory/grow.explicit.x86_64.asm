00000000 <function 0 `size`> [] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  48 8b 87 88 00 00 00           mov     rax, qword ptr [rdi + 0x88]
       b  48 c1 e8 10                    shr     rax, 0x10
       f  48 89 ec                       mov     rsp, rbp
      12  5d                             pop     rbp
      13  c3                             ret

00000020 <function 1 `grow`> [i32] -> [i32]:
      20  55                             push    rbp
      21  48 89 e5                       mov     rbp, rsp
      24  4c 8b 17                       mov     r10, qword ptr [rdi]
      27  49 83 c2 20                    add     r10, 0x20
      2b  4c 3b d4                       cmp     r10, rsp
      2e  0f 87 61 00 00 00              ja      0x95
      34  48 83 ec 10                    sub     rsp, 0x10
      38  48 89 1c 24                    mov     qword ptr [rsp], rbx
      3c  4c 89 64 24 08                 mov     qword ptr [rsp + 8], r12
      41  49 89 f4                       mov     r12, rsi
      44  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
      48  48 8b 00                       mov     rax, qword ptr [rax]
      4b  33 f6                          xor     esi, esi
      4d  ba 01 00 00 00                 mov     edx, 1
      52  48 89 fb                       mov     rbx, rdi
      55  ff d0                          call    rax                                  ; wasm 0x2b
      57  48 8b 83 88 00 00 00           mov     rax, qword ptr [rbx + 0x88]
      5e  4c 89 e6                       mov     rsi, r12
      61  8b ce                          mov     ecx, esi
      63  48 8d 51 04                    lea     rdx, [rcx + 4]
      67  48 3b d0                       cmp     rdx, rax
      6a  0f 87 27 00 00 00              ja      0x97
      70  48 8b b3 80 00 00 00           mov     rsi, qword ptr [rbx + 0x80]
      77  48 03 ce                       add     rcx, rsi
      7a  48 3b d0                       cmp     rdx, rax
      7d  48 0f 47 ce                    cmova   rcx, rsi
      81  8b 01                          mov     eax, dword ptr [rcx]                 ; wasm 0x30, trap: out of bounds memory access
      83  48 8b 1c 24                    mov     rbx, qword ptr [rsp]
      87  4c 8b 64 24 08                 mov     r12, qword ptr [rsp + 8]
      8c  48 83 c4 10                    add     rsp, 0x10
      90  48 89 ec                       mov     rsp, rbp
      93  5d                             pop     rbp
      94  c3                             ret
      95  0f 0b                          ud2                                          ; trap: call stack exhausted
      97  0f 0b                          ud2                                          ; wasm 0x30, trap: out of bounds memory access
