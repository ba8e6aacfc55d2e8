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
      2e  0f 87 43 00 00 00              ja      0x77
      34  48 83 ec 10                    sub     rsp, 0x10
      38  48 89 1c 24                    mov     qword ptr [rsp], rbx
      3c  4c 89 64 24 08                 mov     qword ptr [rsp + 8], r12
      41  49 89 f4                       mov     r12, rsi
      44  4c 8b 5f 10                    mov     r11, qword ptr [rdi + 0x10]
      48  48 89 fb                       mov     rbx, rdi
      4b  4d 8b 1b                       mov     r11, qword ptr [r11]
      4e  33 f6                          xor     esi, esi
      50  ba 01 00 00 00                 mov     edx, 1
      55  41 ff d3                       call    r11                                  ; wasm 0x2b
      58  4c 8b 5b 08                    mov     r11, qword ptr [rbx + 8]
      5c  4c 89 e6                       mov     rsi, r12
      5f  8b c6                          mov     eax, esi
      61  41 8b 04 03                    mov     eax, dword ptr [r11 + rax]           ; wasm 0x30, trap: out of bounds memory access
      65  48 8b 1c 24                    mov     rbx, qword ptr [rsp]
      69  4c 8b 64 24 08                 mov     r12, qword ptr [rsp + 8]
      6e  48 83 c4 10                    add     rsp, 0x10
      72  48 89 ec                       mov     rsp, rbp
      75  5d                             pop     rbp
      76  c3                             ret
      77  0f 0b                          ud2                                          ; trap: call stack exhausted
