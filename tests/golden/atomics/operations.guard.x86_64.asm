00000000 <function 0 `load`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  48 8b 7f 08                    mov     rdi, qword ptr [rdi + 8]
       8  44 8b c6                       mov     r8d, esi
       b  4e 8d 4c 07 08                 lea     r9, [rdi + r8 + 8]
      10  49 f7 c1 03 00 00 00           test    r9, 3
      17  0f 85 0a 00 00 00              jne     0x27
      1d  42 8b 44 07 08                 mov     eax, dword ptr [rdi + r8 + 8]        ; wasm 0x5d, trap: out of bounds memory access
      22  48 89 ec                       mov     rsp, rbp
      25  5d                             pop     rbp
      26  c3                             ret
      27  46 8b 54 07 08                 mov     r10d, dword ptr [rdi + r8 + 8]       ; trap: out of bounds memory access
      2c  0f 0b                          ud2                                          ; trap: unaligned atomic

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
      54  48 8b 7f 08                    mov     rdi, qword ptr [rdi + 8]
      58  44 8b c6                       mov     r8d, esi
      5b  4e 8d 0c 07                    lea     r9, [rdi + r8]
      5f  49 f7 c1 01 00 00 00           test    r9, 1
      66  0f 85 0d 00 00 00              jne     0x79
      6c  66 42 89 14 07                 mov     word ptr [rdi + r8], dx              ; wasm 0x71, trap: out of bounds memory access
      71  0f ae f0                       mfence
      74  48 89 ec                       mov     rsp, rbp
      77  5d                             pop     rbp
      78  c3                             ret
      79  4a 0f b7 04 07                 movzx   rax, word ptr [rdi + r8]             ; trap: out of bounds memory access
      7e  0f 0b                          ud2                                          ; trap: unaligned atomic

00000080 <function 3 `add`> [i32 i64] -> [i64]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  4c 8b 47 08                    mov     r8, qword ptr [rdi + 8]
      88  44 8b ce                       mov     r9d, esi
      8b  4f 8d 14 08                    lea     r10, [r8 + r9]
      8f  49 f7 c2 07 00 00 00           test    r10, 7
      96  0f 85 0e 00 00 00              jne     0xaa
      9c  48 89 d0                       mov     rax, rdx
      9f  f0 4b 0f c1 04 08              lock xadd qword ptr [r8 + r9], rax           ; wasm 0x7c, trap: out of bounds memory access
      a5  48 89 ec                       mov     rsp, rbp
      a8  5d                             pop     rbp
      a9  c3                             ret
      aa  4f 8b 1c 08                    mov     r11, qword ptr [r8 + r9]             ; trap: out of bounds memory access
      ae  0f 0b                          ud2                                          ; trap: unaligned atomic

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
      d4  4c 8b 57 08                    mov     r10, qword ptr [rdi + 8]
      d8  44 8b de                       mov     r11d, esi
      db  4b 8d 04 1a                    lea     rax, [r10 + r11]
      df  48 a9 01 00 00 00              test    rax, 1
      e5  0f 85 12 00 00 00              jne     0xfd
      eb  48 89 d0                       mov     rax, rdx
      ee  f0 66 43 0f b1 0c 1a           lock cmpxchg word ptr [r10 + r11], cx        ; wasm 0x94, trap: out of bounds memory access
      f5  0f b7 c0                       movzx   eax, ax
      f8  48 89 ec                       mov     rsp, rbp
      fb  5d                             pop     rbp
      fc  c3                             ret
      fd  4b 0f b7 04 1a                 movzx   rax, word ptr [r10 + r11]            ; trap: out of bounds memory access
     102  0f 0b                          ud2                                          ; trap: unaligned atomic

00000110 <function 6 `fence`> [] -> []:
     110  55                             push    rbp
     111  48 89 e5                       mov     rbp, rsp
     114  0f ae f0                       mfence
     117  48 89 ec                       mov     rsp, rbp
     11a  5d                             pop     rbp
     11b  c3                             ret

00000120 <function 7 `wait`> [i32 i32 i64] -> [i32]:
     120  55                             push    rbp
     121  48 89 e5                       mov     rbp, rsp
     124  4c 8b 17                       mov     r10, qword ptr [rdi]
     127  49 83 c2 10                    add     r10, 0x10
     12b  4c 3b d4                       cmp     r10, rsp
     12e  0f 87 44 00 00 00              ja      0x178
     134  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
     13b  48 8b 40 08                    mov     rax, qword ptr [rax + 8]
     13f  8b f6                          mov     esi, esi
     141  4c 8d 46 04                    lea     r8, [rsi + 4]
     145  4c 3b c0                       cmp     r8, rax
     148  0f 87 2c 00 00 00              ja      0x17a
     14e  4c 8b 4f 08                    mov     r9, qword ptr [rdi + 8]
     152  49 03 f1                       add     rsi, r9
     155  4c 3b c0                       cmp     r8, rax
     158  49 0f 47 f1                    cmova   rsi, r9
     15c  48 f7 c6 03 00 00 00           test    rsi, 3
     163  0f 85 13 00 00 00              jne     0x17c
     169  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
     16d  48 8b 40 70                    mov     rax, qword ptr [rax + 0x70]
     171  ff d0                          call    rax                                  ; wasm 0xa7
     173  48 89 ec                       mov     rsp, rbp
     176  5d                             pop     rbp
     177  c3                             ret
     178  0f 0b                          ud2                                          ; trap: call stack exhausted
     17a  0f 0b                          ud2                                          ; wasm 0xa7, trap: out of bounds memory access
     17c  0f 0b                          ud2                                          ; trap: unaligned atomic

00000180 <function 8 `notify`> [i32] -> [i32]:
     180  55                             push    rbp
     181  48 89 e5                       mov     rbp, rsp
     184  4c 8b 17                       mov     r10, qword ptr [rdi]
     187  49 83 c2 10                    add     r10, 0x10
     18b  4c 3b d4                       cmp     r10, rsp
     18e  0f 87 4d 00 00 00              ja      0x1e1
     194  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
     19b  48 8b 40 08                    mov     rax, qword ptr [rax + 8]
     19f  8b ce                          mov     ecx, esi
     1a1  48 8d 51 04                    lea     rdx, [rcx + 4]
     1a5  48 3b d0                       cmp     rdx, rax
     1a8  0f 87 35 00 00 00              ja      0x1e3
     1ae  4c 8b 47 08                    mov     r8, qword ptr [rdi + 8]
     1b2  49 8d 34 08                    lea     rsi, [r8 + rcx]
     1b6  48 3b d0                       cmp     rdx, rax
     1b9  49 0f 47 f0                    cmova   rsi, r8
     1bd  48 f7 c6 03 00 00 00           test    rsi, 3
     1c4  0f 85 1b 00 00 00              jne     0x1e5
     1ca  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
     1ce  48 8b 80 80 00 00 00           mov     rax, qword ptr [rax + 0x80]
     1d5  ba 01 00 00 00                 mov     edx, 1
     1da  ff d0                          call    rax                                  ; wasm 0xb2
     1dc  48 89 ec                       mov     rsp, rbp
     1df  5d                             pop     rbp
     1e0  c3                             ret
     1e1  0f 0b                          ud2                                          ; trap: call stack exhausted
     1e3  0f 0b                          ud2                                          ; wasm 0xb2, trap: out of bounds memory access
     1e5  0f 0b                          ud2                                          ; trap: unaligned atomic

000001f0 <function 9 `fill`> [i32 i32] -> []:
     1f0  55                             push    rbp
     1f1  48 89 e5                       mov     rbp, rsp
     1f4  4c 8b 17                       mov     r10, qword ptr [rdi]
     1f7  49 83 c2 10                    add     r10, 0x10
     1fb  4c 3b d4                       cmp     r10, rsp
     1fe  0f 87 31 00 00 00              ja      0x235
     204  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
     20b  8b f6                          mov     esi, esi
     20d  8b ca                          mov     ecx, edx
     20f  48 8d 14 0e                    lea     rdx, [rsi + rcx]
     213  48 3b 50 08                    cmp     rdx, qword ptr [rax + 8]
     217  0f 87 1a 00 00 00              ja      0x237
     21d  48 8b 47 10                    mov     rax, qword ptr [rdi + 0x10]
     221  48 8b 80 90 00 00 00           mov     rax, qword ptr [rax + 0x90]
     228  48 03 77 08                    add     rsi, qword ptr [rdi + 8]
     22c  33 d2                          xor     edx, edx
     22e  ff d0                          call    rax                                  ; wasm 0xbf
     230  48 89 ec                       mov     rsp, rbp
     233  5d                             pop     rbp
     234  c3                             ret
     235  0f 0b                          ud2                                          ; trap: call stack exhausted
     237  0f 0b                          ud2                                          ; wasm 0xbf, trap: out of bounds memory access
