00000000 <function 0 `load`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  44 8b c6                       mov     r8d, esi
       7  4d 8d 48 14                    lea     r9, [r8 + 0x14]
       b  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      12  0f 87 1f 00 00 00              ja      0x37
      18  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
      1f  4f 8d 5c 02 10                 lea     r11, [r10 + r8 + 0x10]
      24  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      2b  4d 0f 47 da                    cmova   r11, r10
      2f  41 8b 03                       mov     eax, dword ptr [r11]                 ; wasm 0x33, trap: out of bounds memory access
      32  48 89 ec                       mov     rsp, rbp
      35  5d                             pop     rbp
      36  c3                             ret
      37  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000040 <function 1 `load_wide`> [i32] -> [i64]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  44 8b c6                       mov     r8d, esi
      47  4d 8d 48 08                    lea     r9, [r8 + 8]
      4b  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      52  0f 87 1e 00 00 00              ja      0x76
      58  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
      5f  4f 8d 1c 02                    lea     r11, [r10 + r8]
      63  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      6a  4d 0f 47 da                    cmova   r11, r10
      6e  49 8b 03                       mov     rax, qword ptr [r11]                 ; wasm 0x3b, trap: out of bounds memory access
      71  48 89 ec                       mov     rsp, rbp
      74  5d                             pop     rbp
      75  c3                             ret
      76  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000080 <function 2 `load_narrow`> [i32] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  44 8b c6                       mov     r8d, esi
      87  4d 8d 48 01                    lea     r9, [r8 + 1]
      8b  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      92  0f 87 1f 00 00 00              ja      0xb7
      98  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
      9f  4f 8d 1c 02                    lea     r11, [r10 + r8]
      a3  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      aa  4d 0f 47 da                    cmova   r11, r10
      ae  49 0f be 03                    movsx   rax, byte ptr [r11]                  ; wasm 0x43, trap: out of bounds memory access
      b2  48 89 ec                       mov     rsp, rbp
      b5  5d                             pop     rbp
      b6  c3                             ret
      b7  0f 0b                          ud2                                          ; trap: out of bounds memory access

000000c0 <function 3 `store`> [i32 f64] -> []:
      c0  55                             push    rbp
      c1  48 89 e5                       mov     rbp, rsp
      c4  44 8b c6                       mov     r8d, esi
      c7  4d 8d 48 10                    lea     r9, [r8 + 0x10]
      cb  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      d2  0f 87 21 00 00 00              ja      0xf9
      d8  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
      df  4f 8d 5c 02 08                 lea     r11, [r10 + r8 + 8]
      e4  49 81 f9 00 00 01 00           cmp     r9, 0x10000
      eb  4d 0f 47 da                    cmova   r11, r10
      ef  f2 41 0f 11 03                 movsd   qword ptr [r11], xmm0                ; wasm 0x4d, trap: out of bounds memory access
      f4  48 89 ec                       mov     rsp, rbp
      f7  5d                             pop     rbp
      f8  c3                             ret
      f9  0f 0b                          ud2                                          ; trap: out of bounds memory access

00000100 <function 4 `store_narrow`> [i32 i64] -> []:
     100  55                             push    rbp
     101  48 89 e5                       mov     rbp, rsp
     104  44 8b c6                       mov     r8d, esi
     107  4d 8d 48 02                    lea     r9, [r8 + 2]
     10b  49 81 f9 00 00 01 00           cmp     r9, 0x10000
     112  0f 87 1f 00 00 00              ja      0x137
     118  4c 8b 97 80 00 00 00           mov     r10, qword ptr [rdi + 0x80]
     11f  4f 8d 1c 02                    lea     r11, [r10 + r8]
     123  49 81 f9 00 00 01 00           cmp     r9, 0x10000
     12a  4d 0f 47 da                    cmova   r11, r10
     12e  66 41 89 13                    mov     word ptr [r11], dx                   ; wasm 0x57, trap: out of bounds memory access
     132  48 89 ec                       mov     rsp, rbp
     135  5d                             pop     rbp
     136  c3                             ret
     137  0f 0b                          ud2                                          ; trap: out of bounds memory access
