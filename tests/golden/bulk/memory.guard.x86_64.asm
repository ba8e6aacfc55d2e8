00000000 <function 0 `copy`> [i32 i32 i32] -> []:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 17                       mov     r10, qword ptr [rdi]
       7  49 83 c2 10                    add     r10, 0x10
       b  4c 3b d4                       cmp     r10, rsp
       e  0f 87 43 00 00 00              ja      0x57
      14  8b c6                          mov     eax, esi
      16  8b c9                          mov     ecx, ecx
      18  48 8d 34 08                    lea     rsi, [rax + rcx]
      1c  48 81 fe 00 00 01 00           cmp     rsi, 0x10000
      23  0f 87 30 00 00 00              ja      0x59
      29  8b d2                          mov     edx, edx
      2b  48 8d 34 0a                    lea     rsi, [rdx + rcx]
      2f  48 81 fe 00 00 01 00           cmp     rsi, 0x10000
      36  0f 87 1f 00 00 00              ja      0x5b
      3c  48 8b 77 10                    mov     rsi, qword ptr [rdi + 0x10]
      40  4c 8b 4e 08                    mov     r9, qword ptr [rsi + 8]
      44  4c 8b 47 08                    mov     r8, qword ptr [rdi + 8]
      48  49 8d 34 00                    lea     rsi, [r8 + rax]
      4c  49 03 d0                       add     rdx, r8
      4f  41 ff d1                       call    r9                                   ; wasm 0x2e
      52  48 89 ec                       mov     rsp, rbp
      55  5d                             pop     rbp
      56  c3                             ret
      57  0f 0b                          ud2                                          ; trap: call stack exhausted
      59  0f 0b                          ud2                                          ; wasm 0x2e, trap: out of bounds memory access
      5b  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000060 <function 1 `fill`> [i32 i32 i32] -> []:
      60  55                             push    rbp
      61  48 89 e5                       mov     rbp, rsp
      64  4c 8b 17                       mov     r10, qword ptr [rdi]
      67  49 83 c2 10                    add     r10, 0x10
      6b  4c 3b d4                       cmp     r10, rsp
      6e  0f 87 28 00 00 00              ja      0x9c
      74  8b f6                          mov     esi, esi
      76  8b c9                          mov     ecx, ecx
      78  4c 8d 14 0e                    lea     r10, [rsi + rcx]
      7c  49 81 fa 00 00 01 00           cmp     r10, 0x10000
      83  0f 87 15 00 00 00              ja      0x9e
      89  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
      8d  48 8b 40 10                    mov     rax, qword ptr [rax + 0x10]
      91  48 03 77 08                    add     rsi, qword ptr [rdi + 8]
      95  ff d0                          call    rax                                  ; wasm 0x3b
      97  48 89 ec                       mov     rsp, rbp
      9a  5d                             pop     rbp
      9b  c3                             ret
      9c  0f 0b                          ud2                                          ; trap: call stack exhausted
      9e  0f 0b                          ud2                                          ; wasm 0x3b, trap: out of bounds memory access

000000a0 <function 2 `init`> [i32 i32 i32] -> []:
      a0  55                             push    rbp
      a1  48 89 e5                       mov     rbp, rsp
      a4  4c 8b 17                       mov     r10, qword ptr [rdi]
      a7  49 83 c2 10                    add     r10, 0x10
      ab  4c 3b d4                       cmp     r10, rsp
      ae  0f 87 25 00 00 00              ja      0xd9
      b4  49 89 d0                       mov     r8, rdx
      b7  49 89 c9                       mov     r9, rcx
      ba  4c 8b 57 10                    mov     r10, qword ptr [rdi + 0x10]
      be  4d 8b 52 18                    mov     r10, qword ptr [r10 + 0x18]
      c2  33 d2                          xor     edx, edx
      c4  8b ce                          mov     ecx, esi
      c6  48 89 d6                       mov     rsi, rdx
      c9  41 ff d2                       call    r10                                  ; wasm 0x47
      cc  85 c0                          test    eax, eax
      ce  0f 85 07 00 00 00              jne     0xdb
      d4  48 89 ec                       mov     rsp, rbp
      d7  5d                             pop     rbp
      d8  c3                             ret
      d9  0f 0b                          ud2                                          ; trap: call stack exhausted
      db  0f 0b                          ud2                                          ; wasm 0x47, trap: out of bounds memory access

000000e0 <function 3 `drop`> [] -> []:
      e0  55                             push    rbp
      e1  48 89 e5                       mov     rbp, rsp
      e4  4c 8b 17                       mov     r10, qword ptr [rdi]
      e7  49 83 c2 10                    add     r10, 0x10
      eb  4c 3b d4                       cmp     r10, rsp
      ee  0f 87 12 00 00 00              ja      0x106
      f4  48 8b 77 10                    mov     rsi, qword ptr [rdi + 0x10]
      f8  4c 8b 46 20                    mov     r8, qword ptr [rsi + 0x20]
      fc  33 f6                          xor     esi, esi
      fe  41 ff d0                       call    r8                                   ; wasm 0x4e
     101  48 89 ec                       mov     rsp, rbp
     104  5d                             pop     rbp
     105  c3                             ret
     106  0f 0b                          ud2                                          ; trap: call stack exhausted
