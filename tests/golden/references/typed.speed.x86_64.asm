00000000 <function 0 `double`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  8d 04 36                       lea     eax, [rsi + rsi]
       7  48 89 ec                       mov     rsp, rbp
       a  5d                             pop     rbp
       b  c3                             ret

00000010 <function 1 `call`> [(ref null 0)] -> [i32]:
      10  55                             push    rbp
      11  48 89 e5                       mov     rbp, rsp
      14  4c 8b 17                       mov     r10, qword ptr [rdi]
      17  49 83 c2 10                    add     r10, 0x10
      1b  4c 3b d4                       cmp     r10, rsp
      1e  0f 87 15 00 00 00              ja      0x39
      24  4c 8b 46 08                    mov     r8, qword ptr [rsi + 8]              ; wasm 0x55, trap: null function reference
      28  48 8b 7e 10                    mov     rdi, qword ptr [rsi + 0x10]          ; trap: null function reference
      2c  be 01 00 00 00                 mov     esi, 1
      31  41 ff d0                       call    r8
      34  48 89 ec                       mov     rsp, rbp
      37  5d                             pop     rbp
      38  c3                             ret
      39  0f 0b                          ud2                                          ; trap: call stack exhausted

00000040 <function 2 `tail`> [(ref 0)] -> [i32]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  4c 8b 17                       mov     r10, qword ptr [rdi]
      47  49 83 c2 10                    add     r10, 0x10
      4b  4c 3b d4                       cmp     r10, rsp
      4e  0f 87 14 00 00 00              ja      0x68
      54  4c 8b 56 08                    mov     r10, qword ptr [rsi + 8]             ; wasm 0x5e, trap: null function reference
      58  48 8b 7e 10                    mov     rdi, qword ptr [rsi + 0x10]          ; trap: null function reference
      5c  be 02 00 00 00                 mov     esi, 2
      61  48 89 ec                       mov     rsp, rbp
      64  5d                             pop     rbp
      65  41 ff e2                       jmp     r10
      68  0f 0b                          ud2                                          ; trap: call stack exhausted

00000070 <function 3 `known`> [] -> [i32]:
      70  55                             push    rbp
      71  48 89 e5                       mov     rbp, rsp
      74  4c 8b 17                       mov     r10, qword ptr [rdi]
      77  49 83 c2 10                    add     r10, 0x10
      7b  4c 3b d4                       cmp     r10, rsp
      7e  0f 87 0f 00 00 00              ja      0x93
      84  be 03 00 00 00                 mov     esi, 3
      89  e8 72 ff ff ff                 call    0                                    ; wasm 0x67, <function 0 `double`>
      8e  48 89 ec                       mov     rsp, rbp
      91  5d                             pop     rbp
      92  c3                             ret
      93  0f 0b                          ud2                                          ; trap: call stack exhausted

000000a0 <function 4 `typed`> [i32] -> [i32]:
      a0  55                             push    rbp
      a1  48 89 e5                       mov     rbp, rsp
      a4  4c 8b 17                       mov     r10, qword ptr [rdi]
      a7  49 83 c2 10                    add     r10, 0x10
      ab  4c 3b d4                       cmp     r10, rsp
      ae  0f 87 48 00 00 00              ja      0xfc
      b4  48 8b 8f 88 00 00 00           mov     rcx, qword ptr [rdi + 0x88]
      bb  48 8b 87 80 00 00 00           mov     rax, qword ptr [rdi + 0x80]
      c2  8b f6                          mov     esi, esi
      c4  48 3b f1                       cmp     rsi, rcx
      c7  0f 83 31 00 00 00              jae     0xfe
      cd  48 89 f2                       mov     rdx, rsi
      d0  48 c1 e2 05                    shl     rdx, 5
      d4  48 03 d0                       add     rdx, rax
      d7  48 3b f1                       cmp     rsi, rcx
      da  48 0f 43 d0                    cmovae  rdx, rax
      de  8b 02                          mov     eax, dword ptr [rdx]
      e0  85 c0                          test    eax, eax
      e2  0f 84 18 00 00 00              je      0x100
      e8  48 8b 42 08                    mov     rax, qword ptr [rdx + 8]
      ec  48 8b 7a 10                    mov     rdi, qword ptr [rdx + 0x10]
      f0  be 04 00 00 00                 mov     esi, 4
      f5  ff d0                          call    rax                                  ; wasm 0x70
      f7  48 89 ec                       mov     rsp, rbp
      fa  5d                             pop     rbp
      fb  c3                             ret
      fc  0f 0b                          ud2                                          ; trap: call stack exhausted
      fe  0f 0b                          ud2                                          ; wasm 0x70, trap: undefined element
     100  0f 0b                          ud2                                          ; trap: uninitialized element

00000110 <function 5 `or_zero`> [(ref null 0)] -> [i32]:
     110  55                             push    rbp
     111  48 89 e5                       mov     rbp, rsp
     114  4c 8b 17                       mov     r10, qword ptr [rdi]
     117  49 83 c2 10                    add     r10, 0x10
     11b  4c 3b d4                       cmp     r10, rsp
     11e  0f 87 25 00 00 00              ja      0x149
     124  48 85 f6                       test    rsi, rsi
     127  0f 84 15 00 00 00              je      0x142
     12d  4c 8b 4e 08                    mov     r9, qword ptr [rsi + 8]              ; wasm 0x7e, trap: null function reference
     131  48 8b 7e 10                    mov     rdi, qword ptr [rsi + 0x10]          ; trap: null function reference
     135  be 05 00 00 00                 mov     esi, 5
     13a  41 ff d1                       call    r9
     13d  48 89 ec                       mov     rsp, rbp
     140  5d                             pop     rbp
     141  c3                             ret
     142  33 c0                          xor     eax, eax
     144  48 89 ec                       mov     rsp, rbp
     147  5d                             pop     rbp
     148  c3                             ret
     149  0f 0b                          ud2                                          ; trap: call stack exhausted

00000150 <entry of type 0> [i32] -> [i32]:
     150  55                             push    rbp
     151  48 89 e5                       mov     rbp, rsp
     154  48 83 ec 10                    sub     rsp, 0x10
     158  4c 89 24 24                    mov     qword ptr [rsp], r12
     15c  49 89 f1                       mov     r9, rsi
     15f  8b 32                          mov     esi, dword ptr [rdx]
     161  49 89 d4                       mov     r12, rdx
     164  41 ff d1                       call    r9
     167  4c 89 e2                       mov     rdx, r12
     16a  89 02                          mov     dword ptr [rdx], eax
     16c  4c 8b 24 24                    mov     r12, qword ptr [rsp]
     170  48 83 c4 10                    add     rsp, 0x10
     174  48 89 ec                       mov     rsp, rbp
     177  5d                             pop     rbp
     178  c3                             ret
     179  cc                             int3
     17a  cc                             int3
     17b  cc                             int3
     17c  cc                             int3
     17d  cc                             int3
     17e  cc                             int3
     17f  cc                             int3

00000180 <hostcall of type 0> [i32] -> [i32]:
     180  55                             push    rbp
     181  48 89 e5                       mov     rbp, rsp
     184  48 83 ec 10                    sub     rsp, 0x10
     188  4c 8d 0c 24                    lea     r9, [rsp]
     18c  89 34 24                       mov     dword ptr [rsp], esi
     18f  4c 8b 07                       mov     r8, qword ptr [rdi]
     192  48 89 ea                       mov     rdx, rbp
     195  4c 89 ce                       mov     rsi, r9
     198  41 ff d0                       call    r8
     19b  8b 04 24                       mov     eax, dword ptr [rsp]
     19e  48 83 c4 10                    add     rsp, 0x10
     1a2  48 89 ec                       mov     rsp, rbp
     1a5  5d                             pop     rbp
     1a6  c3                             ret
