00000038 <function 1 `call`> [i32] -> [i32]:
      38  55                             push    rbp
      39  48 89 e5                       mov     rbp, rsp
      3c  4c 8b 17                       mov     r10, qword ptr [rdi]
      3f  49 83 c2 50                    add     r10, 0x50
      43  4c 3b d4                       cmp     r10, rsp
      46  0f 87 66 00 00 00              ja      0xb2
      4c  48 83 ec 40                    sub     rsp, 0x40
      50  48 89 5c 24 10                 mov     qword ptr [rsp + 0x10], rbx
      55  4c 89 64 24 18                 mov     qword ptr [rsp + 0x18], r12
      5a  4c 89 6c 24 20                 mov     qword ptr [rsp + 0x20], r13
      5f  4c 89 74 24 28                 mov     qword ptr [rsp + 0x28], r14
      64  4c 89 7c 24 30                 mov     qword ptr [rsp + 0x30], r15
      69  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      70  48 89 f9                       mov     rcx, rdi
      73  48 8b b9 88 00 00 00           mov     rdi, qword ptr [rcx + 0x88]
      7a  48 89 0c 24                    mov     qword ptr [rsp], rcx
      7e  ff d0                          call    rax                                  ; wasm 0x49
      80  48 8b 5c 24 10                 mov     rbx, qword ptr [rsp + 0x10]
      85  4c 8b 64 24 18                 mov     r12, qword ptr [rsp + 0x18]
      8a  4c 8b 6c 24 20                 mov     r13, qword ptr [rsp + 0x20]
      8f  4c 8b 74 24 28                 mov     r14, qword ptr [rsp + 0x28]
      94  4c 8b 7c 24 30                 mov     r15, qword ptr [rsp + 0x30]
      99  48 83 c4 40                    add     rsp, 0x40
      9d  48 89 ec                       mov     rsp, rbp
      a0  5d                             pop     rbp
      a1  c3                             ret
      a2  8b 40 10                       mov     eax, dword ptr [rax + 0x10]
      a5  e9 d6 ff ff ff                 jmp     0x80
      aa  8b 40 10                       mov     eax, dword ptr [rax + 0x10]
      ad  e9 ce ff ff ff                 jmp     0x80
      b2  0f 0b                          ud2                                          ; trap: call stack exhausted

000000c0 <function 2 `local`> [i32] -> [i32]:
      c0  55                             push    rbp
      c1  48 89 e5                       mov     rbp, rsp
      c4  4c 8b 17                       mov     r10, qword ptr [rdi]
      c7  49 83 c2 20                    add     r10, 0x20
      cb  4c 3b d4                       cmp     r10, rsp
      ce  0f 87 44 00 00 00              ja      0x118
      d4  48 83 ec 10                    sub     rsp, 0x10
      d8  4c 89 24 24                    mov     qword ptr [rsp], r12
      dc  49 89 f4                       mov     r12, rsi
      df  4c 8b 47 10                    mov     r8, qword ptr [rdi + 0x10]
      e3  4d 8b 40 60                    mov     r8, qword ptr [r8 + 0x60]
      e7  be 01 00 00 00                 mov     esi, 1
      ec  41 ff d0                       call    r8                                   ; wasm 0x5e
      ef  48 85 c0                       test    rax, rax
      f2  0f 84 22 00 00 00              je      0x11a
      f8  4c 89 e6                       mov     rsi, r12
      fb  89 70 10                       mov     dword ptr [rax + 0x10], esi
      fe  e9 00 00 00 00                 jmp     0x103
     103  48 89 f0                       mov     rax, rsi
     106  4c 8b 24 24                    mov     r12, qword ptr [rsp]
     10a  48 83 c4 10                    add     rsp, 0x10
     10e  48 89 ec                       mov     rsp, rbp
     111  5d                             pop     rbp
     112  c3                             ret
     113  e9 eb ff ff ff                 jmp     0x103
     118  0f 0b                          ud2                                          ; trap: call stack exhausted
     11a  0f 0b                          ud2                                          ; wasm 0x5e, trap: allocation size too large

00000120 <function 3 `throw`> [i32] -> []:
     120  55                             push    rbp
     121  48 89 e5                       mov     rbp, rsp
     124  4c 8b 17                       mov     r10, qword ptr [rdi]
     127  49 83 c2 30                    add     r10, 0x30
     12b  4c 3b d4                       cmp     r10, rsp
     12e  0f 87 47 00 00 00              ja      0x17b
     134  48 83 ec 20                    sub     rsp, 0x20
     138  4c 89 24 24                    mov     qword ptr [rsp], r12
     13c  4c 89 6c 24 08                 mov     qword ptr [rsp + 8], r13
     141  4c 89 74 24 10                 mov     qword ptr [rsp + 0x10], r14
     146  49 89 f6                       mov     r14, rsi
     149  4c 8b 67 10                    mov     r12, qword ptr [rdi + 0x10]
     14d  49 89 fd                       mov     r13, rdi
     150  4d 8b 4c 24 60                 mov     r9, qword ptr [r12 + 0x60]
     155  33 f6                          xor     esi, esi
     157  41 ff d1                       call    r9                                   ; wasm 0x6c
     15a  48 85 c0                       test    rax, rax
     15d  0f 84 1a 00 00 00              je      0x17d
     163  4c 89 f6                       mov     rsi, r14
     166  89 70 10                       mov     dword ptr [rax + 0x10], esi
     169  49 8b 4c 24 68                 mov     rcx, qword ptr [r12 + 0x68]
     16e  48 89 ea                       mov     rdx, rbp
     171  48 89 c6                       mov     rsi, rax
     174  4c 89 ef                       mov     rdi, r13
     177  ff d1                          call    rcx
     179  0f 0b                          ud2                                          ; trap: uncaught exception
     17b  0f 0b                          ud2                                          ; trap: call stack exhausted
     17d  0f 0b                          ud2                                          ; wasm 0x6c, trap: allocation size too large

00000180 <hostcall of type 0> [i32] -> [i32]:
     180  55                             push    rbp
     181  48 89 e5                       mov     rbp, rsp
     184  48 83 ec 10                    sub     rsp, 0x10
     188  4c 8d 0c 24                    lea     r9, [rsp]
     18c  89 34 24                       mov     dword ptr [rsp], esi
     18f  4c 8b 07                       mov     r8, qword ptr [rdi]
     192  48 89 ea                       mov     rdx, rbp
     195  4c 89 ce                       mov     rsi, r9
     198  41 ff d0                       call    r8
     19b  8b 04 24                       mov     eax, dword ptr [rsp]
     19e  48 83 c4 10                    add     rsp, 0x10
     1a2  48 89 ec                       mov     rsp, rbp
     1a5  5d                             pop     rbp
     1a6  c3                             ret
