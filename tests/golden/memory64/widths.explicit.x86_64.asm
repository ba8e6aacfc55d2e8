00000000 <function 0 `load`> [i64] -> [i64]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 87 88 00 00 00           mov     r8, qword ptr [rdi + 0x88]
       b  49 83 e8 10                    sub     r8, 0x10
       f  49 3b f0                       cmp     rsi, r8
      12  0f 87 1b 00 00 00              ja      0x33
      18  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
      1f  4d 8d 4c 32 08                 lea     r9, [r10 + rsi + 8]
      24  49 3b f0                       cmp     rsi, r8
      27  4d 0f 47 ca                    cmova   r9, r10
      2b  49 8b 01                       mov     rax, qword ptr [r9]                  ; wasm 0x43, trap: out of bounds memory access
      2e  48 89 ec                       mov     rsp, rbp
      31  5d                             pop     rbp
      32  c3                             ret
      33  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000040 <function 1 `store`> [i64 i32] -> []:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  4c 8b 87 88 00 00 00           mov     r8, qword ptr [rdi + 0x88]
      4b  49 83 e8 01                    sub     r8, 1
      4f  49 3b f0                       cmp     rsi, r8
      52  0f 87 1a 00 00 00              ja      0x72
      58  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
      5f  4d 8d 0c 32                    lea     r9, [r10 + rsi]
      63  49 3b f0                       cmp     rsi, r8
      66  4d 0f 47 ca                    cmova   r9, r10
      6a  41 88 11                       mov     byte ptr [r9], dl                    ; wasm 0x4d, trap: out of bounds memory access
      6d  48 89 ec                       mov     rsp, rbp
      70  5d                             pop     rbp
      71  c3                             ret
      72  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000080 <function 2 `constant`> [] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  48 8b b7 80 00 00 00           mov     rsi, qword ptr [rdi + 0x80]
      8b  8b 86 fc ff 00 00              mov     eax, dword ptr [rsi + 0xfffc]        ; wasm 0x57, trap: out of bounds memory access
      91  48 89 ec                       mov     rsp, rbp
      94  5d                             pop     rbp
      95  c3                             ret

000000a0 <function 3 `far`> [i64] -> [i32]:
      a0  55                             push    rbp
      a1  48 89 e5                       mov     rbp, rsp
      a4  48 8b b7 88 00 00 00           mov     rsi, qword ptr [rdi + 0x88]
      ab  be 01 00 00 00                 mov     esi, 1
      b0  40 84 f6                       test    sil, sil
      b3  0f 85 0e 00 00 00              jne     0xc7
      b9  48 8b bf 80 00 00 00           mov     rdi, qword ptr [rdi + 0x80]
      c0  8b 07                          mov     eax, dword ptr [rdi]                 ; wasm 0x5f, trap: out of bounds memory access
      c2  48 89 ec                       mov     rsp, rbp
      c5  5d                             pop     rbp
      c6  c3                             ret
      c7  0f 0b                          ud2                                          ; trap: out of bounds memory access

000000d0 <function 4 `size`> [] -> [i64]:
      d0  55                             push    rbp
      d1  48 89 e5                       mov     rbp, rsp
      d4  48 8b 87 88 00 00 00           mov     rax, qword ptr [rdi + 0x88]
      db  48 c1 e8 10                    shr     rax, 0x10
      df  48 89 ec                       mov     rsp, rbp
      e2  5d                             pop     rbp
      e3  c3                             ret

000000f0 <function 5 `grow`> [i64] -> [i64]:
      f0  55                             push    rbp
      f1  48 89 e5                       mov     rbp, rsp
      f4  4c 8b 17                       mov     r10, qword ptr [rdi]
      f7  49 83 c2 10                    add     r10, 0x10
      fb  4c 3b d4                       cmp     r10, rsp
      fe  0f 87 14 00 00 00              ja      0x118
     104  48 89 f2                       mov     rdx, rsi
     107  4c 8b 47 10                    mov     r8, qword ptr [rdi + 0x10]
     10b  4d 8b 00                       mov     r8, qword ptr [r8]
     10e  33 f6                          xor     esi, esi
     110  41 ff d0                       call    r8                                   ; wasm 0x75
     113  48 89 ec                       mov     rsp, rbp
     116  5d                             pop     rbp
     117  c3                             ret
     118  0f 0b                          ud2                                          ; trap: call stack exhausted
