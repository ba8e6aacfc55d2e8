00000010 <function 1 `call`> [i32] -> [i32]:
      10  55                             push    rbp
      11  48 89 e5                       mov     rbp, rsp
      14  4c 8b 17                       mov     r10, qword ptr [rdi]
      17  49 83 c2 20                    add     r10, 0x20
      1b  4c 3b d4                       cmp     r10, rsp
      1e  0f 87 3b 00 00 00              ja      0x5f
      24  48 83 ec 10                    sub     rsp, 0x10
      28  4c 89 24 24                    mov     qword ptr [rsp], r12
      2c  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      33  48 89 f9                       mov     rcx, rdi
      36  48 8b b9 88 00 00 00           mov     rdi, qword ptr [rcx + 0x88]
      3d  49 89 cc                       mov     r12, rcx
      40  ff d0                          call    rax                                  ; wasm 0x49
      42  4c 8b 24 24                    mov     r12, qword ptr [rsp]
      46  48 83 c4 10                    add     rsp, 0x10
      4a  48 89 ec                       mov     rsp, rbp
      4d  5d                             pop     rbp
      4e  c3                             ret
      4f  8b 40 10                       mov     eax, dword ptr [rax + 0x10]
      52  e9 eb ff ff ff                 jmp     0x42
      57  8b 40 10                       mov     eax, dword ptr [rax + 0x10]
      5a  e9 e3 ff ff ff                 jmp     0x42
      5f  0f 0b                          ud2                                          ; trap: call stack exhausted

00000080 <function 2 `local`> [i32] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  4c 8b 17                       mov     r10, qword ptr [rdi]
      87  49 83 c2 20                    add     r10, 0x20
      8b  4c 3b d4                       cmp     r10, rsp
      8e  0f 87 44 00 00 00              ja      0xd8
      94  48 83 ec 10                    sub     rsp, 0x10
      98  4c 89 24 24                    mov     qword ptr [rsp], r12
      9c  49 89 f4                       mov     r12, rsi
      9f  4c 8b 47 10                    mov     r8, qword ptr [rdi + 0x10]
      a3  4d 8b 40 60                    mov     r8, qword ptr [r8 + 0x60]
      a7  be 01 00 00 00                 mov     esi, 1
      ac  41 ff d0                       call    r8                                   ; wasm 0x5e
      af  48 85 c0                       test    rax, rax
      b2  0f 84 22 00 00 00              je      0xda
      b8  4c 89 e6                       mov     rsi, r12
      bb  89 70 10                       mov     dword ptr [rax + 0x10], esi
      be  e9 00 00 00 00                 jmp     0xc3
      c3  48 89 f0                       mov     rax, rsi
      c6  4c 8b 24 24                    mov     r12, qword ptr [rsp]
      ca  48 83 c4 10                    add     rsp, 0x10
      ce  48 89 ec                       mov     rsp, rbp
      d1  5d                             pop     rbp
      d2  c3                             ret
      d3  e9 eb ff ff ff                 jmp     0xc3
      d8  0f 0b                          ud2                                          ; trap: call stack exhausted
      da  0f 0b                          ud2                                          ; wasm 0x5e, trap: allocation size too large

000000e0 <function 3 `throw`> [i32] -> []:
      e0  55                             push    rbp
      e1  48 89 e5                       mov     rbp, rsp
      e4  4c 8b 17                       mov     r10, qword ptr [rdi]
      e7  49 83 c2 30                    add     r10, 0x30
      eb  4c 3b d4                       cmp     r10, rsp
      ee  0f 87 45 00 00 00              ja      0x139
      f4  48 83 ec 20                    sub     rsp, 0x20
      f8  4c 89 24 24                    mov     qword ptr [rsp], r12
      fc  4c 89 6c 24 08                 mov     qword ptr [rsp + 8], r13
     101  4c 89 74 24 10                 mov     qword ptr [rsp + 0x10], r14
     106  49 89 f6                       mov     r14, rsi
     109  4c 8b 67 10                    mov     r12, qword ptr [rdi + 0x10]
     10d  49 89 fd                       mov     r13, rdi
     110  4d 8b 44 24 60                 mov     r8, qword ptr [r12 + 0x60]
     115  33 f6                          xor     esi, esi
     117  41 ff d0                       call    r8                                   ; wasm 0x6c
     11a  48 85 c0                       test    rax, rax
     11d  0f 84 18 00 00 00              je      0x13b
     123  4c 89 f6                       mov     rsi, r14
     126  89 70 10                       mov     dword ptr [rax + 0x10], esi
     129  4d 8b 5c 24 68                 mov     r11, qword ptr [r12 + 0x68]
     12e  48 89 c6                       mov     rsi, rax
     131  4c 89 ef                       mov     rdi, r13
     134  41 ff d3                       call    r11
     137  0f 0b                          ud2                                          ; trap: uncaught exception
     139  0f 0b                          ud2                                          ; trap: call stack exhausted
     13b  0f 0b                          ud2                                          ; wasm 0x6c, trap: allocation size too large

00000140 <hostcall of type 0> [i32] -> [i32]:
     140  55                             push    rbp
     141  48 89 e5                       mov     rbp, rsp
     144  48 83 ec 10                    sub     rsp, 0x10
     148  4c 8d 0c 24                    lea     r9, [rsp]
     14c  89 34 24                       mov     dword ptr [rsp], esi
     14f  4c 8b 07                       mov     r8, qword ptr [rdi]
     152  48 89 ea                       mov     rdx, rbp
     155  4c 89 ce                       mov     rsi, r9
     158  41 ff d0                       call    r8
     15b  8b 04 24                       mov     eax, dword ptr [rsp]
     15e  48 83 c4 10                    add     rsp, 0x10
     162  48 89 ec                       mov     rsp, rbp
     165  5d                             pop     rbp
     166  c3                             ret
