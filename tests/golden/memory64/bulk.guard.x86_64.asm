00000000 <function 0 `to_wide`> [i64 i32 i32] -> []:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 17                       mov     r10, qword ptr [rdi]
       7  49 83 c2 10                    add     r10, 0x10
       b  4c 3b d4                       cmp     r10, rsp
       e  0f 87 55 00 00 00              ja      0x69
      14  4c 8b 87 98 00 00 00           mov     r8, qword ptr [rdi + 0x98]
      1b  49 3b f0                       cmp     rsi, r8
      1e  0f 97 c0                       seta    al
      21  4c 2b c6                       sub     r8, rsi
      24  8b c9                          mov     ecx, ecx
      26  4c 3b c1                       cmp     r8, rcx
      29  41 0f 92 c0                    setb    r8b
      2d  41 0b c0                       or      eax, r8d
      30  84 c0                          test    al, al
      32  0f 85 33 00 00 00              jne     0x6b
      38  48 8b 87 90 00 00 00           mov     rax, qword ptr [rdi + 0x90]
      3f  8b d2                          mov     edx, edx
      41  4c 8d 04 0a                    lea     r8, [rdx + rcx]
      45  4c 3b 87 88 00 00 00           cmp     r8, qword ptr [rdi + 0x88]
      4c  0f 87 1b 00 00 00              ja      0x6d
      52  4c 8b 47 10                    mov     r8, qword ptr [rdi + 0x10]
      56  4d 8b 40 08                    mov     r8, qword ptr [r8 + 8]
      5a  48 03 f0                       add     rsi, rax
      5d  48 03 57 08                    add     rdx, qword ptr [rdi + 8]
      61  41 ff d0                       call    r8                                   ; wasm 0x48
      64  48 89 ec                       mov     rsp, rbp
      67  5d                             pop     rbp
      68  c3                             ret
      69  0f 0b                          ud2                                          ; trap: call stack exhausted
      6b  0f 0b                          ud2                                          ; wasm 0x48, trap: out of bounds memory access
      6d  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000070 <function 1 `within`> [i64 i64 i64] -> []:
      70  55                             push    rbp
      71  48 89 e5                       mov     rbp, rsp
      74  4c 8b 17                       mov     r10, qword ptr [rdi]
      77  49 83 c2 10                    add     r10, 0x10
      7b  4c 3b d4                       cmp     r10, rsp
      7e  0f 87 5f 00 00 00              ja      0xe3
      84  4c 8b 9f 98 00 00 00           mov     r11, qword ptr [rdi + 0x98]
      8b  49 3b f3                       cmp     rsi, r11
      8e  0f 97 c0                       seta    al
      91  4d 89 d8                       mov     r8, r11
      94  4c 2b c6                       sub     r8, rsi
      97  4c 3b c1                       cmp     r8, rcx
      9a  41 0f 92 c0                    setb    r8b
      9e  41 0b c0                       or      eax, r8d
      a1  84 c0                          test    al, al
      a3  0f 85 3c 00 00 00              jne     0xe5
      a9  48 8b 87 90 00 00 00           mov     rax, qword ptr [rdi + 0x90]
      b0  49 3b d3                       cmp     rdx, r11
      b3  41 0f 97 c0                    seta    r8b
      b7  4c 2b da                       sub     r11, rdx
      ba  4c 3b d9                       cmp     r11, rcx
      bd  41 0f 92 c1                    setb    r9b
      c1  45 0b c1                       or      r8d, r9d
      c4  45 84 c0                       test    r8b, r8b
      c7  0f 85 1a 00 00 00              jne     0xe7
      cd  4c 8b 47 10                    mov     r8, qword ptr [rdi + 0x10]
      d1  4d 8b 40 08                    mov     r8, qword ptr [r8 + 8]
      d5  48 03 f0                       add     rsi, rax
      d8  48 03 d0                       add     rdx, rax
      db  41 ff d0                       call    r8                                   ; wasm 0x55
      de  48 89 ec                       mov     rsp, rbp
      e1  5d                             pop     rbp
      e2  c3                             ret
      e3  0f 0b                          ud2                                          ; trap: call stack exhausted
      e5  0f 0b                          ud2                                          ; wasm 0x55, trap: out of bounds memory access
      e7  0f 0b                          ud2                                          ; trap: out of bounds memory access

000000f0 <function 2 `fill`> [i64 i32 i64] -> []:
      f0  55                             push    rbp
      f1  48 89 e5                       mov     rbp, rsp
      f4  4c 8b 17                       mov     r10, qword ptr [rdi]
      f7  49 83 c2 10                    add     r10, 0x10
      fb  4c 3b d4                       cmp     r10, rsp
      fe  0f 87 3d 00 00 00              ja      0x141
     104  48 8b 87 98 00 00 00           mov     rax, qword ptr [rdi + 0x98]
     10b  48 3b f0                       cmp     rsi, rax
     10e  41 0f 97 c3                    seta    r11b
     112  48 2b c6                       sub     rax, rsi
     115  48 3b c1                       cmp     rax, rcx
     118  0f 92 c0                       setb    al
     11b  44 0b d8                       or      r11d, eax
     11e  45 84 db                       test    r11b, r11b
     121  0f 85 1c 00 00 00              jne     0x143
     127  48 8b 87 90 00 00 00           mov     rax, qword ptr [rdi + 0x90]
     12e  4c 8b 47 10                    mov     r8, qword ptr [rdi + 0x10]
     132  4d 8b 40 10                    mov     r8, qword ptr [r8 + 0x10]
     136  48 03 f0                       add     rsi, rax
     139  41 ff d0                       call    r8                                   ; wasm 0x62
     13c  48 89 ec                       mov     rsp, rbp
     13f  5d                             pop     rbp
     140  c3                             ret
     141  0f 0b                          ud2                                          ; trap: call stack exhausted
     143  0f 0b                          ud2                                          ; wasm 0x62, trap: out of bounds memory access
