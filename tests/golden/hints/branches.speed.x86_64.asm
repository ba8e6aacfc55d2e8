00000020 <function 1 `rare`> [i32] -> []:
      20  55                             push    rbp
      21  48 89 e5                       mov     rbp, rsp
      24  4c 8b 17                       mov     r10, qword ptr [rdi]
      27  49 83 c2 20                    add     r10, 0x20
      2b  4c 3b d4                       cmp     r10, rsp
      2e  0f 87 56 00 00 00              ja      0x8a
      34  48 83 ec 10                    sub     rsp, 0x10
      38  4c 89 24 24                    mov     qword ptr [rsp], r12
      3c  85 f6                          test    esi, esi
      3e  0f 85 22 00 00 00              jne     0x66
      44  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      4b  48 8b bf 88 00 00 00           mov     rdi, qword ptr [rdi + 0x88]
      52  be 02 00 00 00                 mov     esi, 2
      57  ff d0                          call    rax                                  ; wasm 0x63
      59  4c 8b 24 24                    mov     r12, qword ptr [rsp]
      5d  48 83 c4 10                    add     rsp, 0x10
      61  48 89 ec                       mov     rsp, rbp
      64  5d                             pop     rbp
      65  c3                             ret
      66  4c 8b 9f 80 00 00 00           mov     r11, qword ptr [rdi + 0x80]
      6d  48 89 f8                       mov     rax, rdi
      70  48 8b b8 88 00 00 00           mov     rdi, qword ptr [rax + 0x88]
      77  49 89 c4                       mov     r12, rax
      7a  be 01 00 00 00                 mov     esi, 1
      7f  41 ff d3                       call    r11                                  ; wasm 0x5e
      82  4c 89 e7                       mov     rdi, r12
      85  e9 ba ff ff ff                 jmp     0x44
      8a  0f 0b                          ud2                                          ; trap: call stack exhausted

00000090 <function 2 `usual`> [i32] -> []:
      90  55                             push    rbp
      91  48 89 e5                       mov     rbp, rsp
      94  4c 8b 17                       mov     r10, qword ptr [rdi]
      97  49 83 c2 10                    add     r10, 0x10
      9b  4c 3b d4                       cmp     r10, rsp
      9e  0f 87 3d 00 00 00              ja      0xe1
      a4  85 f6                          test    esi, esi
      a6  0f 84 1a 00 00 00              je      0xc6
      ac  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      b3  48 8b bf 88 00 00 00           mov     rdi, qword ptr [rdi + 0x88]
      ba  be 01 00 00 00                 mov     esi, 1
      bf  ff d0                          call    rax                                  ; wasm 0x6e
      c1  48 89 ec                       mov     rsp, rbp
      c4  5d                             pop     rbp
      c5  c3                             ret
      c6  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
      cd  48 8b bf 88 00 00 00           mov     rdi, qword ptr [rdi + 0x88]
      d4  be 02 00 00 00                 mov     esi, 2
      d9  41 ff d2                       call    r10                                  ; wasm 0x73
      dc  e9 e0 ff ff ff                 jmp     0xc1
      e1  0f 0b                          ud2                                          ; trap: call stack exhausted

00000110 <function 3 `leave`> [i32] -> [i32]:
     110  55                             push    rbp
     111  48 89 e5                       mov     rbp, rsp
     114  4c 8b 17                       mov     r10, qword ptr [rdi]
     117  49 83 c2 10                    add     r10, 0x10
     11b  4c 3b d4                       cmp     r10, rsp
     11e  0f 87 32 00 00 00              ja      0x156
     124  85 f6                          test    esi, esi
     126  0f 85 20 00 00 00              jne     0x14c
     12c  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
     133  48 8b bf 88 00 00 00           mov     rdi, qword ptr [rdi + 0x88]
     13a  be 07 00 00 00                 mov     esi, 7
     13f  41 ff d2                       call    r10                                  ; wasm 0x81
     142  b8 08 00 00 00                 mov     eax, 8
     147  48 89 ec                       mov     rsp, rbp
     14a  5d                             pop     rbp
     14b  c3                             ret
     14c  b8 07 00 00 00                 mov     eax, 7
     151  e9 f1 ff ff ff                 jmp     0x147
     156  0f 0b                          ud2                                          ; trap: call stack exhausted

00000160 <hostcall of type 0> [i32] -> []:
     160  55                             push    rbp
     161  48 89 e5                       mov     rbp, rsp
     164  48 83 ec 10                    sub     rsp, 0x10
     168  4c 8d 0c 24                    lea     r9, [rsp]
     16c  89 34 24                       mov     dword ptr [rsp], esi
     16f  4c 8b 07                       mov     r8, qword ptr [rdi]
     172  48 89 ea                       mov     rdx, rbp
     175  4c 89 ce                       mov     rsi, r9
     178  41 ff d0                       call    r8
     17b  48 83 c4 10                    add     rsp, 0x10
     17f  48 89 ec                       mov     rsp, rbp
     182  5d                             pop     rbp
     183  c3                             ret
