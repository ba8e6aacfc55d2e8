00000000 <function 0 `one`> [] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  b8 01 00 00 00                 mov     eax, 1
       9  48 89 ec                       mov     rsp, rbp
       c  5d                             pop     rbp
       d  c3                             ret

00000010 <function 1 `two`> [] -> [i32]:
      10  55                             push    rbp
      11  48 89 e5                       mov     rbp, rsp
      14  b8 02 00 00 00                 mov     eax, 2
      19  48 89 ec                       mov     rsp, rbp
      1c  5d                             pop     rbp
      1d  c3                             ret

00000020 <function 2 `call`> [i64] -> [i32]:
      20  55                             push    rbp
      21  48 89 e5                       mov     rbp, rsp
      24  4c 8b 17                       mov     r10, qword ptr [rdi]
      27  49 83 c2 10                    add     r10, 0x10
      2b  4c 3b d4                       cmp     r10, rsp
      2e  0f 87 47 00 00 00              ja      0x7b
      34  48 83 fe 02                    cmp     rsi, 2
      38  0f 83 3f 00 00 00              jae     0x7d
      3e  48 8d 05 6b f5 fe ff           lea     rax, [rip - 0x10a95]
      45  48 33 c9                       xor     rcx, rcx
      48  48 83 fe 02                    cmp     rsi, 2
      4c  48 0f 43 f1                    cmovae  rsi, rcx
      50  8b 0c f0                       mov     ecx, dword ptr [rax + rsi*8]
      53  83 f9 01                       cmp     ecx, 1
      56  0f 85 15 00 00 00              jne     0x71
      5c  48 8d 0d 9d ff ff ff           lea     rcx, [rip - 0x63]
      63  8b 44 f0 04                    mov     eax, dword ptr [rax + rsi*8 + 4]
      67  48 03 c1                       add     rax, rcx
      6a  ff d0                          call    rax                                  ; wasm 0x4d
      6c  48 89 ec                       mov     rsp, rbp
      6f  5d                             pop     rbp
      70  c3                             ret
      71  85 c9                          test    ecx, ecx
      73  0f 84 06 00 00 00              je      0x7f
      79  0f 0b                          ud2                                          ; trap: indirect call type mismatch
      7b  0f 0b                          ud2                                          ; trap: call stack exhausted
      7d  0f 0b                          ud2                                          ; wasm 0x4d, trap: undefined element
      7f  0f 0b                          ud2                                          ; trap: uninitialized element

00000090 <function 3 `get`> [i64] -> [externref]:
      90  55                             push    rbp
      91  48 89 e5                       mov     rbp, rsp
      94  4c 8b 87 98 00 00 00           mov     r8, qword ptr [rdi + 0x98]
      9b  48 8b bf 90 00 00 00           mov     rdi, qword ptr [rdi + 0x90]
      a2  49 3b f0                       cmp     rsi, r8
      a5  0f 83 13 00 00 00              jae     0xbe
      ab  4c 8d 0c f7                    lea     r9, [rdi + rsi*8]
      af  49 3b f0                       cmp     rsi, r8
      b2  4c 0f 43 cf                    cmovae  r9, rdi
      b6  49 8b 01                       mov     rax, qword ptr [r9]
      b9  48 89 ec                       mov     rsp, rbp
      bc  5d                             pop     rbp
      bd  c3                             ret
      be  0f 0b                          ud2                                          ; wasm 0x55, trap: out of bounds table access

000000c0 <function 4 `grow`> [i64] -> [i64]:
      c0  55                             push    rbp
      c1  48 89 e5                       mov     rbp, rsp
      c4  4c 8b 17                       mov     r10, qword ptr [rdi]
      c7  49 83 c2 10                    add     r10, 0x10
      cb  4c 3b d4                       cmp     r10, rsp
      ce  0f 87 1b 00 00 00              ja      0xef
      d4  48 89 f2                       mov     rdx, rsi
      d7  4c 8b 47 10                    mov     r8, qword ptr [rdi + 0x10]
      db  4d 8b 40 50                    mov     r8, qword ptr [r8 + 0x50]
      df  be 01 00 00 00                 mov     esi, 1
      e4  48 33 c9                       xor     rcx, rcx
      e7  41 ff d0                       call    r8                                   ; wasm 0x5e
      ea  48 89 ec                       mov     rsp, rbp
      ed  5d                             pop     rbp
      ee  c3                             ret
      ef  0f 0b                          ud2                                          ; trap: call stack exhausted
