0000001c <function 1 `rare`> [i32] -> []:
      1c  55                             push    rbp
      1d  48 89 e5                       mov     rbp, rsp
      20  4c 8b 17                       mov     r10, qword ptr [rdi]
      23  49 83 c2 20                    add     r10, 0x20
      27  4c 3b d4                       cmp     r10, rsp
      2a  0f 87 56 00 00 00              ja      0x86
      30  48 83 ec 10                    sub     rsp, 0x10
      34  4c 89 24 24                    mov     qword ptr [rsp], r12
      38  85 f6                          test    esi, esi
      3a  0f 85 22 00 00 00              jne     0x62
      40  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      47  48 8b bf 88 00 00 00           mov     rdi, qword ptr [rdi + 0x88]
      4e  be 02 00 00 00                 mov     esi, 2
      53  ff d0                          call    rax                                  ; wasm 0x63
      55  4c 8b 24 24                    mov     r12, qword ptr [rsp]
      59  48 83 c4 10                    add     rsp, 0x10
      5d  48 89 ec                       mov     rsp, rbp
      60  5d                             pop     rbp
      61  c3                             ret
      62  4c 8b 9f 80 00 00 00           mov     r11, qword ptr [rdi + 0x80]
      69  48 89 f8                       mov     rax, rdi
      6c  48 8b b8 88 00 00 00           mov     rdi, qword ptr [rax + 0x88]
      73  49 89 c4                       mov     r12, rax
      76  be 01 00 00 00                 mov     esi, 1
      7b  41 ff d3                       call    r11                                  ; wasm 0x5e
      7e  4c 89 e7                       mov     rdi, r12
      81  e9 ba ff ff ff                 jmp     0x40
      86  0f 0b                          ud2                                          ; trap: call stack exhausted

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

0000010c <function 3 `leave`> [i32] -> [i32]:
     10c  55                             push    rbp
     10d  48 89 e5                       mov     rbp, rsp
     110  4c 8b 17                       mov     r10, qword ptr [rdi]
     113  49 83 c2 10                    add     r10, 0x10
     117  4c 3b d4                       cmp     r10, rsp
     11a  0f 87 32 00 00 00              ja      0x152
     120  85 f6                          test    esi, esi
     122  0f 85 20 00 00 00              jne     0x148
     128  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
     12f  48 8b bf 88 00 00 00           mov     rdi, qword ptr [rdi + 0x88]
     136  be 07 00 00 00                 mov     esi, 7
     13b  41 ff d2                       call    r10                                  ; wasm 0x81
     13e  b8 08 00 00 00                 mov     eax, 8
     143  48 89 ec                       mov     rsp, rbp
     146  5d                             pop     rbp
     147  c3                             ret
     148  b8 07 00 00 00                 mov     eax, 7
     14d  e9 f1 ff ff ff                 jmp     0x143
     152  0f 0b                          ud2                                          ; trap: call stack exhausted

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
