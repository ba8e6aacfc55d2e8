00000000 <function 0 `switch`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  41 b8 05 00 00 00              mov     r8d, 5
       a  44 8b ce                       mov     r9d, esi
       d  45 3b c8                       cmp     r9d, r8d
      10  45 0f 42 c1                    cmovb   r8d, r9d
      14  48 8d 0d 09 00 00 00           lea     rcx, [rip + 9]
      1b  4a 63 04 81                    movsxd  rax, dword ptr [rcx + r8*4]
      1f  48 03 c8                       add     rcx, rax
      22  ff e1                          jmp     rcx
      24  31 00 00 00                    .long   -> 0x55
      28  27 00 00 00                    .long   -> 0x4b
      2c  1d 00 00 00                    .long   -> 0x41
      30  31 00 00 00                    .long   -> 0x55
      34  27 00 00 00                    .long   -> 0x4b
      38  3b 00 00 00                    .long   -> 0x5f
      3c  e9 14 00 00 00                 jmp     0x55
      41  b8 1e 00 00 00                 mov     eax, 0x1e
      46  48 89 ec                       mov     rsp, rbp
      49  5d                             pop     rbp
      4a  c3                             ret
      4b  b8 14 00 00 00                 mov     eax, 0x14
      50  48 89 ec                       mov     rsp, rbp
      53  5d                             pop     rbp
      54  c3                             ret
      55  b8 0a 00 00 00                 mov     eax, 0xa
      5a  48 89 ec                       mov     rsp, rbp
      5d  5d                             pop     rbp
      5e  c3                             ret
      5f  b8 28 00 00 00                 mov     eax, 0x28
      64  48 89 ec                       mov     rsp, rbp
      67  5d                             pop     rbp
      68  c3                             ret
