00000000 <function 1 `callee`> [i32 i64] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  48 89 d0                       mov     rax, rdx
       7  48 89 ec                       mov     rsp, rbp
       a  5d                             pop     rbp
       b  c3                             ret

00000010 <function 2 `direct`> [i32] -> [i32]:
      10  55                             push    rbp
      11  48 89 e5                       mov     rbp, rsp
      14  4c 8b 17                       mov     r10, qword ptr [rdi]
      17  49 83 c2 10                    add     r10, 0x10
      1b  4c 3b d4                       cmp     r10, rsp
      1e  0f 87 0f 00 00 00              ja      0x33
      24  ba 07 00 00 00                 mov     edx, 7
      29  e8 d2 ff ff ff                 call    0                                    ; wasm 0x38, <function 1 `callee`>
      2e  48 89 ec                       mov     rsp, rbp
      31  5d                             pop     rbp
      32  c3                             ret
      33  0f 0b                          ud2                                          ; trap: call stack exhausted

00000040 <function 3 `import`> [i32] -> [i32]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  4c 8b 17                       mov     r10, qword ptr [rdi]
      47  49 83 c2 10                    add     r10, 0x10
      4b  4c 3b d4                       cmp     r10, rsp
      4e  0f 87 16 00 00 00              ja      0x6a
      54  4c 8b 87 80 00 00 00           mov     r8, qword ptr [rdi + 0x80]
      5b  48 8b bf 88 00 00 00           mov     rdi, qword ptr [rdi + 0x88]
      62  41 ff d0                       call    r8                                   ; wasm 0x3f
      65  48 89 ec                       mov     rsp, rbp
      68  5d                             pop     rbp
      69  c3                             ret
      6a  0f 0b                          ud2                                          ; trap: call stack exhausted

00000070 <hostcall of type 0> [i32] -> [i32]:
      70  55                             push    rbp
      71  48 89 e5                       mov     rbp, rsp
      74  48 83 ec 10                    sub     rsp, 0x10
      78  4c 8d 0c 24                    lea     r9, [rsp]
      7c  89 34 24                       mov     dword ptr [rsp], esi
      7f  4c 8b 07                       mov     r8, qword ptr [rdi]
      82  48 89 ea                       mov     rdx, rbp
      85  4c 89 ce                       mov     rsi, r9
      88  41 ff d0                       call    r8
      8b  8b 04 24                       mov     eax, dword ptr [rsp]
      8e  48 83 c4 10                    add     rsp, 0x10
      92  48 89 ec                       mov     rsp, rbp
      95  5d                             pop     rbp
      96  c3                             ret
