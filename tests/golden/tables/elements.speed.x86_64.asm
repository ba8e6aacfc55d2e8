00000000 <function 0 `get`> [i32] -> [externref]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 8f 98 00 00 00           mov     r9, qword ptr [rdi + 0x98]
       b  4c 8b 87 90 00 00 00           mov     r8, qword ptr [rdi + 0x90]
      12  44 8b d6                       mov     r10d, esi
      15  4d 3b d1                       cmp     r10, r9
      18  0f 83 13 00 00 00              jae     0x31
      1e  4f 8d 1c d0                    lea     r11, [r8 + r10*8]
      22  4d 3b d1                       cmp     r10, r9
      25  4d 0f 43 d8                    cmovae  r11, r8
      29  49 8b 03                       mov     rax, qword ptr [r11]
      2c  48 89 ec                       mov     rsp, rbp
      2f  5d                             pop     rbp
      30  c3                             ret
      31  0f 0b                          ud2                                          ; wasm 0x35, trap: out of bounds table access

00000040 <function 1 `set`> [i32 externref] -> []:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  4c 8b 8f 98 00 00 00           mov     r9, qword ptr [rdi + 0x98]
      4b  4c 8b 87 90 00 00 00           mov     r8, qword ptr [rdi + 0x90]
      52  44 8b d6                       mov     r10d, esi
      55  4d 3b d1                       cmp     r10, r9
      58  0f 83 13 00 00 00              jae     0x71
      5e  4f 8d 1c d0                    lea     r11, [r8 + r10*8]
      62  4d 3b d1                       cmp     r10, r9
      65  4d 0f 43 d8                    cmovae  r11, r8
      69  49 89 13                       mov     qword ptr [r11], rdx
      6c  48 89 ec                       mov     rsp, rbp
      6f  5d                             pop     rbp
      70  c3                             ret
      71  0f 0b                          ud2                                          ; wasm 0x3e, trap: out of bounds table access

00000080 <function 2 `is_null`> [i32] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  48 8b 87 88 00 00 00           mov     rax, qword ptr [rdi + 0x88]
      8b  4c 8b 9f 80 00 00 00           mov     r11, qword ptr [rdi + 0x80]
      92  8b ce                          mov     ecx, esi
      94  48 3b c8                       cmp     rcx, rax
      97  0f 83 23 00 00 00              jae     0xc0
      9d  48 89 ca                       mov     rdx, rcx
      a0  48 c1 e2 05                    shl     rdx, 5
      a4  49 03 d3                       add     rdx, r11
      a7  48 3b c8                       cmp     rcx, rax
      aa  49 0f 43 d3                    cmovae  rdx, r11
      ae  48 8b 42 18                    mov     rax, qword ptr [rdx + 0x18]
      b2  48 85 c0                       test    rax, rax
      b5  0f 94 c0                       sete    al
      b8  0f b6 c0                       movzx   eax, al
      bb  48 89 ec                       mov     rsp, rbp
      be  5d                             pop     rbp
      bf  c3                             ret
      c0  0f 0b                          ud2                                          ; wasm 0x45, trap: out of bounds table access

000000d0 <function 3 `size`> [] -> [i32]:
      d0  55                             push    rbp
      d1  48 89 e5                       mov     rbp, rsp
      d4  48 8b 87 88 00 00 00           mov     rax, qword ptr [rdi + 0x88]
      db  48 89 ec                       mov     rsp, rbp
      de  5d                             pop     rbp
      df  c3                             ret
