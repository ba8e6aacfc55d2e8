00000000 <function 1 `direct`> [i32] -> []:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 17                       mov     r10, qword ptr [rdi]
       7  49 83 c2 10                    add     r10, 0x10
       b  4c 3b d4                       cmp     r10, rsp
       e  0f 87 0f 00 00 00              ja      0x23
      14  81 c6 01 00 00 00              add     esi, 1
      1a  48 89 ec                       mov     rsp, rbp
      1d  5d                             pop     rbp
      1e  e9 dd ff ff ff                 jmp     0                                    ; wasm 0x4d, <function 1 `direct`>
      23  0f 0b                          ud2                                          ; trap: call stack exhausted

00000030 <function 2 `import`> [i32] -> []:
      30  55                             push    rbp
      31  48 89 e5                       mov     rbp, rsp
      34  4c 8b 17                       mov     r10, qword ptr [rdi]
      37  49 83 c2 10                    add     r10, 0x10
      3b  4c 3b d4                       cmp     r10, rsp
      3e  0f 87 15 00 00 00              ja      0x59
      44  4c 8b 97 a0 00 00 00           mov     r10, qword ptr [rdi + 0xa0]
      4b  48 8b bf a8 00 00 00           mov     rdi, qword ptr [rdi + 0xa8]
      52  48 89 ec                       mov     rsp, rbp
      55  5d                             pop     rbp
      56  41 ff e2                       jmp     r10                                  ; wasm 0x54
      59  0f 0b                          ud2                                          ; trap: call stack exhausted

00000060 <function 3 `through_static`> [i32] -> []:
      60  55                             push    rbp
      61  48 89 e5                       mov     rbp, rsp
      64  4c 8b 17                       mov     r10, qword ptr [rdi]
      67  49 83 c2 10                    add     r10, 0x10
      6b  4c 3b d4                       cmp     r10, rsp
      6e  0f 87 47 00 00 00              ja      0xbb
      74  85 f6                          test    esi, esi
      76  0f 85 41 00 00 00              jne     0xbd
      7c  48 8d 05 fd f4 fe ff           lea     rax, [rip - 0x10b03]
      83  33 c9                          xor     ecx, ecx
      85  85 f6                          test    esi, esi
      87  48 89 f2                       mov     rdx, rsi
      8a  0f 45 d1                       cmovne  edx, ecx
      8d  8b ca                          mov     ecx, edx
      8f  8b 14 c8                       mov     edx, dword ptr [rax + rcx*8]
      92  83 fa 01                       cmp     edx, 1
      95  0f 85 16 00 00 00              jne     0xb1
      9b  48 8d 15 5e ff ff ff           lea     rdx, [rip - 0xa2]
      a2  8b 44 c8 04                    mov     eax, dword ptr [rax + rcx*8 + 4]
      a6  4c 8d 14 02                    lea     r10, [rdx + rax]
      aa  48 89 ec                       mov     rsp, rbp
      ad  5d                             pop     rbp
      ae  41 ff e2                       jmp     r10                                  ; wasm 0x5d
      b1  85 d2                          test    edx, edx
      b3  0f 84 06 00 00 00              je      0xbf
      b9  0f 0b                          ud2                                          ; trap: indirect call type mismatch
      bb  0f 0b                          ud2                                          ; trap: call stack exhausted
      bd  0f 0b                          ud2                                          ; wasm 0x5d, trap: undefined element
      bf  0f 0b                          ud2                                          ; trap: uninitialized element

000000d0 <function 4 `through_shared`> [i32] -> []:
      d0  55                             push    rbp
      d1  48 89 e5                       mov     rbp, rsp
      d4  4c 8b 17                       mov     r10, qword ptr [rdi]
      d7  49 83 c2 10                    add     r10, 0x10
      db  4c 3b d4                       cmp     r10, rsp
      de  0f 87 54 00 00 00              ja      0x138
      e4  48 8b 97 98 00 00 00           mov     rdx, qword ptr [rdi + 0x98]
      eb  48 8b 8f 90 00 00 00           mov     rcx, qword ptr [rdi + 0x90]
      f2  44 8b c6                       mov     r8d, esi
      f5  4c 3b c2                       cmp     r8, rdx
      f8  0f 83 3c 00 00 00              jae     0x13a
      fe  4c 89 c0                       mov     rax, r8
     101  48 c1 e0 05                    shl     rax, 5
     105  48 03 c1                       add     rax, rcx
     108  4c 3b c2                       cmp     r8, rdx
     10b  48 0f 43 c1                    cmovae  rax, rcx
     10f  8b 08                          mov     ecx, dword ptr [rax]
     111  48 8b 57 18                    mov     rdx, qword ptr [rdi + 0x18]
     115  8b 12                          mov     edx, dword ptr [rdx]
     117  3b ca                          cmp     ecx, edx
     119  0f 85 0f 00 00 00              jne     0x12e
     11f  4c 8b 50 08                    mov     r10, qword ptr [rax + 8]
     123  48 8b 78 10                    mov     rdi, qword ptr [rax + 0x10]
     127  48 89 ec                       mov     rsp, rbp
     12a  5d                             pop     rbp
     12b  41 ff e2                       jmp     r10                                  ; wasm 0x67
     12e  85 c9                          test    ecx, ecx
     130  0f 84 06 00 00 00              je      0x13c
     136  0f 0b                          ud2                                          ; trap: indirect call type mismatch
     138  0f 0b                          ud2                                          ; trap: call stack exhausted
     13a  0f 0b                          ud2                                          ; wasm 0x67, trap: undefined element
     13c  0f 0b                          ud2                                          ; trap: uninitialized element

00000140 <hostcall of type 0> [i32] -> []:
     140  55                             push    rbp
     141  48 89 e5                       mov     rbp, rsp
     144  48 83 ec 10                    sub     rsp, 0x10
     148  4c 8d 0c 24                    lea     r9, [rsp]
     14c  89 34 24                       mov     dword ptr [rsp], esi
     14f  4c 8b 07                       mov     r8, qword ptr [rdi]
     152  48 89 ea                       mov     rdx, rbp
     155  4c 89 ce                       mov     rsi, r9
     158  41 ff d0                       call    r8
     15b  48 83 c4 10                    add     rsp, 0x10
     15f  48 89 ec                       mov     rsp, rbp
     162  5d                             pop     rbp
     163  c3                             ret
