00000000 <function 0 `f`> [] -> []:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  48 89 ec                       mov     rsp, rbp
       7  5d                             pop     rbp
       8  c3                             ret

00000010 <function 1 `ref`> [] -> [funcref]:
      10  55                             push    rbp
      11  48 89 e5                       mov     rbp, rsp
      14  4c 8b 17                       mov     r10, qword ptr [rdi]
      17  49 83 c2 10                    add     r10, 0x10
      1b  4c 3b d4                       cmp     r10, rsp
      1e  0f 87 12 00 00 00              ja      0x36
      24  48 8b 77 10                    mov     rsi, qword ptr [rdi + 0x10]
      28  4c 8b 46 40                    mov     r8, qword ptr [rsi + 0x40]
      2c  33 f6                          xor     esi, esi
      2e  41 ff d0                       call    r8                                   ; wasm 0x31
      31  48 89 ec                       mov     rsp, rbp
      34  5d                             pop     rbp
      35  c3                             ret
      36  0f 0b                          ud2                                          ; trap: call stack exhausted

00000040 <function 2 `null`> [] -> [externref]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  48 33 c0                       xor     rax, rax
      47  48 89 ec                       mov     rsp, rbp
      4a  5d                             pop     rbp
      4b  c3                             ret

00000050 <function 3 `is_null`> [funcref] -> [i32]:
      50  55                             push    rbp
      51  48 89 e5                       mov     rbp, rsp
      54  48 85 f6                       test    rsi, rsi
      57  40 0f 94 c6                    sete    sil
      5b  40 0f b6 c6                    movzx   eax, sil
      5f  48 89 ec                       mov     rsp, rbp
      62  5d                             pop     rbp
      63  c3                             ret

00000070 <entry of type 0> [] -> []:
      70  55                             push    rbp
      71  48 89 e5                       mov     rbp, rsp
      74  ff d6                          call    rsi
      76  48 89 ec                       mov     rsp, rbp
      79  5d                             pop     rbp
      7a  c3                             ret
