0000003c <function 1 `direct`> [i32] -> []:
      3c  55                             push    rbp
      3d  48 89 e5                       mov     rbp, rsp
      40  81 c6 01 00 00 00              add     esi, 1
      46  e9 f5 ff ff ff                 jmp     0x40

00000050 <function 2 `import`> [i32] -> []:
      50  55                             push    rbp
      51  48 89 e5                       mov     rbp, rsp
      54  4c 8b 17                       mov     r10, qword ptr [rdi]
      57  49 83 c2 10                    add     r10, 0x10
      5b  4c 3b d4                       cmp     r10, rsp
      5e  0f 87 15 00 00 00              ja      0x79
      64  4c 8b 97 a0 00 00 00           mov     r10, qword ptr [rdi + 0xa0]
      6b  48 8b bf a8 00 00 00           mov     rdi, qword ptr [rdi + 0xa8]
      72  48 89 ec                       mov     rsp, rbp
      75  5d                             pop     rbp
      76  41 ff e2                       jmp     r10                                  ; wasm 0x54
      79  0f 0b                          ud2                                          ; trap: call stack exhausted

00000080 <function 3 `through_static`> [i32] -> []:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  4c 8b 17                       mov     r10, qword ptr [rdi]
      87  49 83 c2 10                    add     r10, 0x10
      8b  4c 3b d4                       cmp     r10, rsp
      8e  0f 87 47 00 00 00              ja      0xdb
      94  85 f6                          test    esi, esi
      96  0f 85 41 00 00 00              jne     0xdd
      9c  48 8d 05 ed f4 fe ff           lea     rax, [rip - 0x10b13]
      a3  33 c9                          xor     ecx, ecx
      a5  85 f6                          test    esi, esi
      a7  48 89 f2                       mov     rdx, rsi
      aa  0f 45 d1                       cmovne  edx, ecx
      ad  8b ca                          mov     ecx, edx
      af  8b 14 c8                       mov     edx, dword ptr [rax + rcx*8]
      b2  83 fa 01                       cmp     edx, 1
      b5  0f 85 16 00 00 00              jne     0xd1
      bb  48 8d 15 3e ff ff ff           lea     rdx, [rip - 0xc2]
      c2  8b 44 c8 04                    mov     eax, dword ptr [rax + rcx*8 + 4]
      c6  4c 8d 14 02                    lea     r10, [rdx + rax]
      ca  48 89 ec                       mov     rsp, rbp
      cd  5d                             pop     rbp
      ce  41 ff e2                       jmp     r10                                  ; wasm 0x5d
      d1  85 d2                          test    edx, edx
      d3  0f 84 06 00 00 00              je      0xdf
      d9  0f 0b                          ud2                                          ; trap: indirect call type mismatch
      db  0f 0b                          ud2                                          ; trap: call stack exhausted
      dd  0f 0b                          ud2                                          ; wasm 0x5d, trap: undefined element
      df  0f 0b                          ud2                                          ; trap: uninitialized element

000000f0 <function 4 `through_shared`> [i32] -> []:
      f0  55                             push    rbp
      f1  48 89 e5                       mov     rbp, rsp
      f4  4c 8b 17                       mov     r10, qword ptr [rdi]
      f7  49 83 c2 10                    add     r10, 0x10
      fb  4c 3b d4                       cmp     r10, rsp
      fe  0f 87 54 00 00 00              ja      0x158
     104  48 8b 97 98 00 00 00           mov     rdx, qword ptr [rdi + 0x98]
     10b  48 8b 8f 90 00 00 00           mov     rcx, qword ptr [rdi + 0x90]
     112  44 8b c6                       mov     r8d, esi
     115  4c 3b c2                       cmp     r8, rdx
     118  0f 83 3c 00 00 00              jae     0x15a
     11e  4c 89 c0                       mov     rax, r8
     121  48 c1 e0 05                    shl     rax, 5
     125  48 03 c1                       add     rax, rcx
     128  4c 3b c2                       cmp     r8, rdx
     12b  48 0f 43 c1                    cmovae  rax, rcx
     12f  8b 08                          mov     ecx, dword ptr [rax]
     131  48 8b 57 18                    mov     rdx, qword ptr [rdi + 0x18]
     135  8b 12                          mov     edx, dword ptr [rdx]
     137  3b ca                          cmp     ecx, edx
     139  0f 85 0f 00 00 00              jne     0x14e
     13f  4c 8b 50 08                    mov     r10, qword ptr [rax + 8]
     143  48 8b 78 10                    mov     rdi, qword ptr [rax + 0x10]
     147  48 89 ec                       mov     rsp, rbp
     14a  5d                             pop     rbp
     14b  41 ff e2                       jmp     r10                                  ; wasm 0x67
     14e  85 c9                          test    ecx, ecx
     150  0f 84 06 00 00 00              je      0x15c
     156  0f 0b                          ud2                                          ; trap: indirect call type mismatch
     158  0f 0b                          ud2                                          ; trap: call stack exhausted
     15a  0f 0b                          ud2                                          ; wasm 0x67, trap: undefined element
     15c  0f 0b                          ud2                                          ; trap: uninitialized element

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
