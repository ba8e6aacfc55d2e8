00000000 <function 0 `copy`> [i32 i32 i32] -> []:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 17                       mov     r10, qword ptr [rdi]
       7  49 83 c2 10                    add     r10, 0x10
       b  4c 3b d4                       cmp     r10, rsp
       e  0f 87 46 00 00 00              ja      0x5a
      14  8b c6                          mov     eax, esi
      16  8b c9                          mov     ecx, ecx
      18  48 8d 34 08                    lea     rsi, [rax + rcx]
      1c  48 81 fe 00 00 01 00           cmp     rsi, 0x10000
      23  0f 87 33 00 00 00              ja      0x5c
      29  8b d2                          mov     edx, edx
      2b  48 8d 34 0a                    lea     rsi, [rdx + rcx]
      2f  48 81 fe 00 00 01 00           cmp     rsi, 0x10000
      36  0f 87 22 00 00 00              ja      0x5e
      3c  48 8b 77 10                    mov     rsi, qword ptr [rdi + 0x10]
      40  4c 8b 4e 08                    mov     r9, qword ptr [rsi + 8]
      44  4c 8b 87 80 00 00 00           mov     r8, qword ptr [rdi + 0x80]
      4b  49 8d 34 00                    lea     rsi, [r8 + rax]
      4f  49 03 d0                       add     rdx, r8
      52  41 ff d1                       call    r9                                   ; wasm 0x2e
      55  48 89 ec                       mov     rsp, rbp
      58  5d                             pop     rbp
      59  c3                             ret
      5a  0f 0b                          ud2                                          ; trap: call stack exhausted
      5c  0f 0b                          ud2                                          ; wasm 0x2e, trap: out of bounds memory access
      5e  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000060 <function 1 `fill`> [i32 i32 i32] -> []:
      60  55                             push    rbp
      61  48 89 e5                       mov     rbp, rsp
      64  4c 8b 17                       mov     r10, qword ptr [rdi]
      67  49 83 c2 10                    add     r10, 0x10
      6b  4c 3b d4                       cmp     r10, rsp
      6e  0f 87 2b 00 00 00              ja      0x9f
      74  8b f6                          mov     esi, esi
      76  8b c9                          mov     ecx, ecx
      78  4c 8d 14 0e                    lea     r10, [rsi + rcx]
      7c  49 81 fa 00 00 01 00           cmp     r10, 0x10000
      83  0f 87 18 00 00 00              ja      0xa1
      89  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
      8d  48 8b 40 10                    mov     rax, qword ptr [rax + 0x10]
      91  48 03 b7 80 00 00 00           add     rsi, qword ptr [rdi + 0x80]
      98  ff d0                          call    rax                                  ; wasm 0x3b
      9a  48 89 ec                       mov     rsp, rbp
      9d  5d                             pop     rbp
      9e  c3                             ret
      9f  0f 0b                          ud2                                          ; trap: call stack exhausted
      a1  0f 0b                          ud2                                          ; wasm 0x3b, trap: out of bounds memory access

000000b0 <function 2 `init`> [i32 i32 i32] -> []:
      b0  55                             push    rbp
      b1  48 89 e5                       mov     rbp, rsp
      b4  4c 8b 17                       mov     r10, qword ptr [rdi]
      b7  49 83 c2 10                    add     r10, 0x10
      bb  4c 3b d4                       cmp     r10, rsp
      be  0f 87 25 00 00 00              ja      0xe9
      c4  49 89 d0                       mov     r8, rdx
      c7  49 89 c9                       mov     r9, rcx
      ca  4c 8b 57 10                    mov     r10, qword ptr [rdi + 0x10]
      ce  4d 8b 52 18                    mov     r10, qword ptr [r10 + 0x18]
      d2  33 d2                          xor     edx, edx
      d4  8b ce                          mov     ecx, esi
      d6  48 89 d6                       mov     rsi, rdx
      d9  41 ff d2                       call    r10                                  ; wasm 0x47
      dc  85 c0                          test    eax, eax
      de  0f 85 07 00 00 00              jne     0xeb
      e4  48 89 ec                       mov     rsp, rbp
      e7  5d                             pop     rbp
      e8  c3                             ret
      e9  0f 0b                          ud2                                          ; trap: call stack exhausted
      eb  0f 0b                          ud2                                          ; wasm 0x47, trap: out of bounds memory access

000000f0 <function 3 `drop`> [] -> []:
      f0  55                             push    rbp
      f1  48 89 e5                       mov     rbp, rsp
      f4  4c 8b 17                       mov     r10, qword ptr [rdi]
      f7  49 83 c2 10                    add     r10, 0x10
      fb  4c 3b d4                       cmp     r10, rsp
      fe  0f 87 12 00 00 00              ja      0x116
     104  48 8b 77 10                    mov     rsi, qword ptr [rdi + 0x10]
     108  4c 8b 46 20                    mov     r8, qword ptr [rsi + 0x20]
     10c  33 f6                          xor     esi, esi
     10e  41 ff d0                       call    r8                                   ; wasm 0x4e
     111  48 89 ec                       mov     rsp, rbp
     114  5d                             pop     rbp
     115  c3                             ret
     116  0f 0b                          ud2                                          ; trap: call stack exhausted
