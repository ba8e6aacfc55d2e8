00000000 <function 0 `load`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 9f 80 00 00 00           mov     r11, qword ptr [rdi + 0x80]
       b  4d 8b 53 08                    mov     r10, qword ptr [r11 + 8]
       f  8b c6                          mov     eax, esi
      11  48 8d 48 0c                    lea     rcx, [rax + 0xc]
      15  49 3b ca                       cmp     rcx, r10
      18  0f 87 24 00 00 00              ja      0x42
      1e  49 8b 13                       mov     rdx, qword ptr [r11]
      21  4c 8d 5c 02 08                 lea     r11, [rdx + rax + 8]
      26  49 3b ca                       cmp     rcx, r10
      29  4c 0f 47 da                    cmova   r11, rdx
      2d  49 f7 c3 03 00 00 00           test    r11, 3
      34  0f 85 0a 00 00 00              jne     0x44
      3a  41 8b 03                       mov     eax, dword ptr [r11]                 ; wasm 0x5d, trap: out of bounds memory access
      3d  48 89 ec                       mov     rsp, rbp
      40  5d                             pop     rbp
      41  c3                             ret
      42  0f 0b                          ud2                                          ; trap: out of bounds memory access
      44  0f 0b                          ud2                                          ; trap: unaligned atomic

00000050 <function 1 `load8`> [i32] -> [i64]:
      50  55                             push    rbp
      51  48 89 e5                       mov     rbp, rsp
      54  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      5b  4c 8b 58 08                    mov     r11, qword ptr [rax + 8]
      5f  8b ce                          mov     ecx, esi
      61  48 8d 51 01                    lea     rdx, [rcx + 1]
      65  49 3b d3                       cmp     rdx, r11
      68  0f 87 1a 00 00 00              ja      0x88
      6e  48 8b 00                       mov     rax, qword ptr [rax]
      71  48 03 c8                       add     rcx, rax
      74  49 3b d3                       cmp     rdx, r11
      77  48 0f 47 c8                    cmova   rcx, rax
      7b  48 0f b6 01                    movzx   rax, byte ptr [rcx]                  ; wasm 0x66, trap: out of bounds memory access
      7f  48 0f b6 c0                    movzx   rax, al
      83  48 89 ec                       mov     rsp, rbp
      86  5d                             pop     rbp
      87  c3                             ret
      88  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000090 <function 2 `store16`> [i32 i32] -> []:
      90  55                             push    rbp
      91  48 89 e5                       mov     rbp, rsp
      94  4c 8b 9f 80 00 00 00           mov     r11, qword ptr [rdi + 0x80]
      9b  4d 8b 53 08                    mov     r10, qword ptr [r11 + 8]
      9f  8b c6                          mov     eax, esi
      a1  48 8d 48 02                    lea     rcx, [rax + 2]
      a5  49 3b ca                       cmp     rcx, r10
      a8  0f 87 27 00 00 00              ja      0xd5
      ae  49 8b 33                       mov     rsi, qword ptr [r11]
      b1  4c 8d 1c 06                    lea     r11, [rsi + rax]
      b5  49 3b ca                       cmp     rcx, r10
      b8  4c 0f 47 de                    cmova   r11, rsi
      bc  49 f7 c3 01 00 00 00           test    r11, 1
      c3  0f 85 0e 00 00 00              jne     0xd7
      c9  66 41 89 13                    mov     word ptr [r11], dx                   ; wasm 0x71, trap: out of bounds memory access
      cd  0f ae f0                       mfence
      d0  48 89 ec                       mov     rsp, rbp
      d3  5d                             pop     rbp
      d4  c3                             ret
      d5  0f 0b                          ud2                                          ; trap: out of bounds memory access
      d7  0f 0b                          ud2                                          ; trap: unaligned atomic

000000e0 <function 3 `add`> [i32 i64] -> [i64]:
      e0  55                             push    rbp
      e1  48 89 e5                       mov     rbp, rsp
      e4  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      eb  4c 8b 58 08                    mov     r11, qword ptr [rax + 8]
      ef  8b ce                          mov     ecx, esi
      f1  48 8d 71 08                    lea     rsi, [rcx + 8]
      f5  49 3b f3                       cmp     rsi, r11
      f8  0f 87 27 00 00 00              ja      0x125
      fe  48 8b 38                       mov     rdi, qword ptr [rax]
     101  48 03 cf                       add     rcx, rdi
     104  49 3b f3                       cmp     rsi, r11
     107  48 0f 47 cf                    cmova   rcx, rdi
     10b  48 f7 c1 07 00 00 00           test    rcx, 7
     112  0f 85 0f 00 00 00              jne     0x127
     118  48 89 d0                       mov     rax, rdx
     11b  f0 48 0f c1 01                 lock xadd qword ptr [rcx], rax               ; wasm 0x7c, trap: out of bounds memory access
     120  48 89 ec                       mov     rsp, rbp
     123  5d                             pop     rbp
     124  c3                             ret
     125  0f 0b                          ud2                                          ; trap: out of bounds memory access
     127  0f 0b                          ud2                                          ; trap: unaligned atomic

00000130 <function 4 `xchg8`> [i32 i32] -> [i32]:
     130  55                             push    rbp
     131  48 89 e5                       mov     rbp, rsp
     134  48 8b 8f 80 00 00 00           mov     rcx, qword ptr [rdi + 0x80]
     13b  48 8b 41 08                    mov     rax, qword ptr [rcx + 8]
     13f  8b f6                          mov     esi, esi
     141  48 8d 7e 01                    lea     rdi, [rsi + 1]
     145  48 3b f8                       cmp     rdi, rax
     148  0f 87 17 00 00 00              ja      0x165
     14e  48 8b 09                       mov     rcx, qword ptr [rcx]
     151  48 03 f1                       add     rsi, rcx
     154  48 3b f8                       cmp     rdi, rax
     157  48 0f 47 f1                    cmova   rsi, rcx
     15b  86 16                          xchg    byte ptr [rsi], dl                   ; wasm 0x87, trap: out of bounds memory access
     15d  0f b6 c2                       movzx   eax, dl
     160  48 89 ec                       mov     rsp, rbp
     163  5d                             pop     rbp
     164  c3                             ret
     165  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000170 <function 5 `cas16`> [i32 i32 i32] -> [i32]:
     170  55                             push    rbp
     171  48 89 e5                       mov     rbp, rsp
     174  4c 8b 8f 80 00 00 00           mov     r9, qword ptr [rdi + 0x80]
     17b  49 8b 41 08                    mov     rax, qword ptr [r9 + 8]
     17f  8b fe                          mov     edi, esi
     181  4c 8d 47 02                    lea     r8, [rdi + 2]
     185  4c 3b c0                       cmp     r8, rax
     188  0f 87 2b 00 00 00              ja      0x1b9
     18e  4d 8b 09                       mov     r9, qword ptr [r9]
     191  49 8d 34 39                    lea     rsi, [r9 + rdi]
     195  4c 3b c0                       cmp     r8, rax
     198  49 0f 47 f1                    cmova   rsi, r9
     19c  48 f7 c6 01 00 00 00           test    rsi, 1
     1a3  0f 85 12 00 00 00              jne     0x1bb
     1a9  48 89 d0                       mov     rax, rdx
     1ac  f0 66 0f b1 0e                 lock cmpxchg word ptr [rsi], cx              ; wasm 0x94, trap: out of bounds memory access
     1b1  0f b7 c0                       movzx   eax, ax
     1b4  48 89 ec                       mov     rsp, rbp
     1b7  5d                             pop     rbp
     1b8  c3                             ret
     1b9  0f 0b                          ud2                                          ; trap: out of bounds memory access
     1bb  0f 0b                          ud2                                          ; trap: unaligned atomic

000001c0 <function 6 `fence`> [] -> []:
     1c0  55                             push    rbp
     1c1  48 89 e5                       mov     rbp, rsp
     1c4  0f ae f0                       mfence
     1c7  48 89 ec                       mov     rsp, rbp
     1ca  5d                             pop     rbp
     1cb  c3                             ret

000001d0 <function 7 `wait`> [i32 i32 i64] -> [i32]:
     1d0  55                             push    rbp
     1d1  48 89 e5                       mov     rbp, rsp
     1d4  4c 8b 17                       mov     r10, qword ptr [rdi]
     1d7  49 83 c2 10                    add     r10, 0x10
     1db  4c 3b d4                       cmp     r10, rsp
     1de  0f 87 45 00 00 00              ja      0x229
     1e4  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
     1eb  49 8b 42 08                    mov     rax, qword ptr [r10 + 8]
     1ef  44 8b c6                       mov     r8d, esi
     1f2  4d 8d 48 04                    lea     r9, [r8 + 4]
     1f6  4c 3b c8                       cmp     r9, rax
     1f9  0f 87 2c 00 00 00              ja      0x22b
     1ff  4d 8b 12                       mov     r10, qword ptr [r10]
     202  4b 8d 34 02                    lea     rsi, [r10 + r8]
     206  4c 3b c8                       cmp     r9, rax
     209  49 0f 47 f2                    cmova   rsi, r10
     20d  48 f7 c6 03 00 00 00           test    rsi, 3
     214  0f 85 13 00 00 00              jne     0x22d
     21a  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
     21e  48 8b 40 70                    mov     rax, qword ptr [rax + 0x70]
     222  ff d0                          call    rax                                  ; wasm 0xa7
     224  48 89 ec                       mov     rsp, rbp
     227  5d                             pop     rbp
     228  c3                             ret
     229  0f 0b                          ud2                                          ; trap: call stack exhausted
     22b  0f 0b                          ud2                                          ; wasm 0xa7, trap: out of bounds memory access
     22d  0f 0b                          ud2                                          ; trap: unaligned atomic

00000230 <function 8 `notify`> [i32] -> [i32]:
     230  55                             push    rbp
     231  48 89 e5                       mov     rbp, rsp
     234  4c 8b 17                       mov     r10, qword ptr [rdi]
     237  49 83 c2 10                    add     r10, 0x10
     23b  4c 3b d4                       cmp     r10, rsp
     23e  0f 87 4c 00 00 00              ja      0x290
     244  48 8b 8f 80 00 00 00           mov     rcx, qword ptr [rdi + 0x80]
     24b  48 8b 41 08                    mov     rax, qword ptr [rcx + 8]
     24f  8b d6                          mov     edx, esi
     251  4c 8d 42 04                    lea     r8, [rdx + 4]
     255  4c 3b c0                       cmp     r8, rax
     258  0f 87 34 00 00 00              ja      0x292
     25e  48 8b 09                       mov     rcx, qword ptr [rcx]
     261  48 8d 34 11                    lea     rsi, [rcx + rdx]
     265  4c 3b c0                       cmp     r8, rax
     268  48 0f 47 f1                    cmova   rsi, rcx
     26c  48 f7 c6 03 00 00 00           test    rsi, 3
     273  0f 85 1b 00 00 00              jne     0x294
     279  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
     27d  48 8b 80 80 00 00 00           mov     rax, qword ptr [rax + 0x80]
     284  ba 01 00 00 00                 mov     edx, 1
     289  ff d0                          call    rax                                  ; wasm 0xb2
     28b  48 89 ec                       mov     rsp, rbp
     28e  5d                             pop     rbp
     28f  c3                             ret
     290  0f 0b                          ud2                                          ; trap: call stack exhausted
     292  0f 0b                          ud2                                          ; wasm 0xb2, trap: out of bounds memory access
     294  0f 0b                          ud2                                          ; trap: unaligned atomic

000002a0 <function 9 `fill`> [i32 i32] -> []:
     2a0  55                             push    rbp
     2a1  48 89 e5                       mov     rbp, rsp
     2a4  4c 8b 17                       mov     r10, qword ptr [rdi]
     2a7  49 83 c2 10                    add     r10, 0x10
     2ab  4c 3b d4                       cmp     r10, rsp
     2ae  0f 87 31 00 00 00              ja      0x2e5
     2b4  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
     2bb  8b f6                          mov     esi, esi
     2bd  8b ca                          mov     ecx, edx
     2bf  48 8d 14 0e                    lea     rdx, [rsi + rcx]
     2c3  48 3b 50 08                    cmp     rdx, qword ptr [rax + 8]
     2c7  0f 87 1a 00 00 00              ja      0x2e7
     2cd  48 8b 57 10                    mov     rdx, qword ptr [rdi + 0x10]
     2d1  4c 8b 82 90 00 00 00           mov     r8, qword ptr [rdx + 0x90]
     2d8  48 03 30                       add     rsi, qword ptr [rax]
     2db  33 d2                          xor     edx, edx
     2dd  41 ff d0                       call    r8                                   ; wasm 0xbf
     2e0  48 89 ec                       mov     rsp, rbp
     2e3  5d                             pop     rbp
     2e4  c3                             ret
     2e5  0f 0b                          ud2                                          ; trap: call stack exhausted
     2e7  0f 0b                          ud2                                          ; wasm 0xbf, trap: out of bounds memory access
