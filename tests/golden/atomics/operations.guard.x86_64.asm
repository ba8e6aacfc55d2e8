00000000 <function 0 `load`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 47 08                    mov     r8, qword ptr [rdi + 8]
       8  8b fe                          mov     edi, esi
       a  49 8d 74 38 08                 lea     rsi, [r8 + rdi + 8]
       f  48 f7 c6 03 00 00 00           test    rsi, 3
      16  0f 85 0a 00 00 00              jne     0x26
      1c  41 8b 44 38 08                 mov     eax, dword ptr [r8 + rdi + 8]        ; wasm 0x5d, trap: out of bounds memory access
      21  48 89 ec                       mov     rsp, rbp
      24  5d                             pop     rbp
      25  c3                             ret
      26  0f 0b                          ud2                                          ; trap: unaligned atomic

00000030 <function 1 `load8`> [i32] -> [i64]:
      30  55                             push    rbp
      31  48 89 e5                       mov     rbp, rsp
      34  49 89 f0                       mov     r8, rsi
      37  48 8b 77 08                    mov     rsi, qword ptr [rdi + 8]
      3b  41 8b f8                       mov     edi, r8d
      3e  48 0f b6 34 3e                 movzx   rsi, byte ptr [rsi + rdi]            ; wasm 0x66, trap: out of bounds memory access
      43  48 0f b6 c6                    movzx   rax, sil
      47  48 89 ec                       mov     rsp, rbp
      4a  5d                             pop     rbp
      4b  c3                             ret

00000050 <function 2 `store16`> [i32 i32] -> []:
      50  55                             push    rbp
      51  48 89 e5                       mov     rbp, rsp
      54  4c 8b 47 08                    mov     r8, qword ptr [rdi + 8]
      58  8b fe                          mov     edi, esi
      5a  49 8d 34 38                    lea     rsi, [r8 + rdi]
      5e  48 f7 c6 01 00 00 00           test    rsi, 1
      65  0f 85 0d 00 00 00              jne     0x78
      6b  66 41 89 14 38                 mov     word ptr [r8 + rdi], dx              ; wasm 0x71, trap: out of bounds memory access
      70  0f ae f0                       mfence
      73  48 89 ec                       mov     rsp, rbp
      76  5d                             pop     rbp
      77  c3                             ret
      78  0f 0b                          ud2                                          ; trap: unaligned atomic

00000080 <function 3 `add`> [i32 i64] -> [i64]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  48 8b 7f 08                    mov     rdi, qword ptr [rdi + 8]
      88  44 8b c6                       mov     r8d, esi
      8b  4e 8d 0c 07                    lea     r9, [rdi + r8]
      8f  49 f7 c1 07 00 00 00           test    r9, 7
      96  0f 85 0e 00 00 00              jne     0xaa
      9c  48 89 d0                       mov     rax, rdx
      9f  f0 4a 0f c1 04 07              lock xadd qword ptr [rdi + r8], rax          ; wasm 0x7c, trap: out of bounds memory access
      a5  48 89 ec                       mov     rsp, rbp
      a8  5d                             pop     rbp
      a9  c3                             ret
      aa  0f 0b                          ud2                                          ; trap: unaligned atomic

000000b0 <function 4 `xchg8`> [i32 i32] -> [i32]:
      b0  55                             push    rbp
      b1  48 89 e5                       mov     rbp, rsp
      b4  48 8b 7f 08                    mov     rdi, qword ptr [rdi + 8]
      b8  44 8b c6                       mov     r8d, esi
      bb  42 86 14 07                    xchg    byte ptr [rdi + r8], dl              ; wasm 0x87, trap: out of bounds memory access
      bf  0f b6 c2                       movzx   eax, dl
      c2  48 89 ec                       mov     rsp, rbp
      c5  5d                             pop     rbp
      c6  c3                             ret

000000d0 <function 5 `cas16`> [i32 i32 i32] -> [i32]:
      d0  55                             push    rbp
      d1  48 89 e5                       mov     rbp, rsp
      d4  4c 8b 4f 08                    mov     r9, qword ptr [rdi + 8]
      d8  44 8b d6                       mov     r10d, esi
      db  4f 8d 1c 11                    lea     r11, [r9 + r10]
      df  49 f7 c3 01 00 00 00           test    r11, 1
      e6  0f 85 12 00 00 00              jne     0xfe
      ec  48 89 d0                       mov     rax, rdx
      ef  f0 66 43 0f b1 0c 11           lock cmpxchg word ptr [r9 + r10], cx         ; wasm 0x94, trap: out of bounds memory access
      f6  0f b7 c0                       movzx   eax, ax
      f9  48 89 ec                       mov     rsp, rbp
      fc  5d                             pop     rbp
      fd  c3                             ret
      fe  0f 0b                          ud2                                          ; trap: unaligned atomic

00000100 <function 6 `fence`> [] -> []:
     100  55                             push    rbp
     101  48 89 e5                       mov     rbp, rsp
     104  0f ae f0                       mfence
     107  48 89 ec                       mov     rsp, rbp
     10a  5d                             pop     rbp
     10b  c3                             ret

00000110 <function 7 `wait`> [i32 i32 i64] -> [i32]:
     110  55                             push    rbp
     111  48 89 e5                       mov     rbp, rsp
     114  4c 8b 17                       mov     r10, qword ptr [rdi]
     117  49 83 c2 10                    add     r10, 0x10
     11b  4c 3b d4                       cmp     r10, rsp
     11e  0f 87 44 00 00 00              ja      0x168
     124  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
     12b  48 8b 40 08                    mov     rax, qword ptr [rax + 8]
     12f  8b f6                          mov     esi, esi
     131  4c 8d 46 04                    lea     r8, [rsi + 4]
     135  4c 3b c0                       cmp     r8, rax
     138  0f 87 2c 00 00 00              ja      0x16a
     13e  4c 8b 4f 08                    mov     r9, qword ptr [rdi + 8]
     142  49 03 f1                       add     rsi, r9
     145  4c 3b c0                       cmp     r8, rax
     148  49 0f 47 f1                    cmova   rsi, r9
     14c  48 f7 c6 03 00 00 00           test    rsi, 3
     153  0f 85 13 00 00 00              jne     0x16c
     159  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
     15d  48 8b 40 70                    mov     rax, qword ptr [rax + 0x70]
     161  ff d0                          call    rax                                  ; wasm 0xa7
     163  48 89 ec                       mov     rsp, rbp
     166  5d                             pop     rbp
     167  c3                             ret
     168  0f 0b                          ud2                                          ; trap: call stack exhausted
     16a  0f 0b                          ud2                                          ; wasm 0xa7, trap: out of bounds memory access
     16c  0f 0b                          ud2                                          ; trap: unaligned atomic

00000170 <function 8 `notify`> [i32] -> [i32]:
     170  55                             push    rbp
     171  48 89 e5                       mov     rbp, rsp
     174  4c 8b 17                       mov     r10, qword ptr [rdi]
     177  49 83 c2 10                    add     r10, 0x10
     17b  4c 3b d4                       cmp     r10, rsp
     17e  0f 87 4d 00 00 00              ja      0x1d1
     184  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
     18b  48 8b 40 08                    mov     rax, qword ptr [rax + 8]
     18f  8b ce                          mov     ecx, esi
     191  48 8d 51 04                    lea     rdx, [rcx + 4]
     195  48 3b d0                       cmp     rdx, rax
     198  0f 87 35 00 00 00              ja      0x1d3
     19e  4c 8b 47 08                    mov     r8, qword ptr [rdi + 8]
     1a2  49 8d 34 08                    lea     rsi, [r8 + rcx]
     1a6  48 3b d0                       cmp     rdx, rax
     1a9  49 0f 47 f0                    cmova   rsi, r8
     1ad  48 f7 c6 03 00 00 00           test    rsi, 3
     1b4  0f 85 1b 00 00 00              jne     0x1d5
     1ba  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
     1be  48 8b 80 80 00 00 00           mov     rax, qword ptr [rax + 0x80]
     1c5  ba 01 00 00 00                 mov     edx, 1
     1ca  ff d0                          call    rax                                  ; wasm 0xb2
     1cc  48 89 ec                       mov     rsp, rbp
     1cf  5d                             pop     rbp
     1d0  c3                             ret
     1d1  0f 0b                          ud2                                          ; trap: call stack exhausted
     1d3  0f 0b                          ud2                                          ; wasm 0xb2, trap: out of bounds memory access
     1d5  0f 0b                          ud2                                          ; trap: unaligned atomic

000001e0 <function 9 `fill`> [i32 i32] -> []:
     1e0  55                             push    rbp
     1e1  48 89 e5                       mov     rbp, rsp
     1e4  4c 8b 17                       mov     r10, qword ptr [rdi]
     1e7  49 83 c2 10                    add     r10, 0x10
     1eb  4c 3b d4                       cmp     r10, rsp
     1ee  0f 87 31 00 00 00              ja      0x225
     1f4  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
     1fb  8b f6                          mov     esi, esi
     1fd  8b ca                          mov     ecx, edx
     1ff  48 8d 14 0e                    lea     rdx, [rsi + rcx]
     203  48 3b 50 08                    cmp     rdx, qword ptr [rax + 8]
     207  0f 87 1a 00 00 00              ja      0x227
     20d  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
     211  48 8b 80 90 00 00 00           mov     rax, qword ptr [rax + 0x90]
     218  48 03 77 08                    add     rsi, qword ptr [rdi + 8]
     21c  33 d2                          xor     edx, edx
     21e  ff d0                          call    rax                                  ; wasm 0xbf
     220  48 89 ec                       mov     rsp, rbp
     223  5d                             pop     rbp
     224  c3                             ret
     225  0f 0b                          ud2                                          ; trap: call stack exhausted
     227  0f 0b                          ud2                                          ; wasm 0xbf, trap: out of bounds memory access
