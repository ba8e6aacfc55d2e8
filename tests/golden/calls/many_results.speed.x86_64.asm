00000000 <function 0 `many`> [] -> [i32 i32 i32 i32 i32 i32 i32 i32 i32 i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 16                       mov     r10, qword ptr [rsi]
       7  49 83 c2 20                    add     r10, 0x20
       b  4c 3b d4                       cmp     r10, rsp
       e  0f 87 6a 00 00 00              ja      0x7e
      14  48 83 ec 20                    sub     rsp, 0x20
      18  48 89 1c 24                    mov     qword ptr [rsp], rbx
      1c  4c 89 64 24 08                 mov     qword ptr [rsp + 8], r12
      21  4c 89 6c 24 10                 mov     qword ptr [rsp + 0x10], r13
      26  49 89 fd                       mov     r13, rdi
      29  33 c0                          xor     eax, eax
      2b  b9 01 00 00 00                 mov     ecx, 1
      30  ba 02 00 00 00                 mov     edx, 2
      35  be 03 00 00 00                 mov     esi, 3
      3a  bf 04 00 00 00                 mov     edi, 4
      3f  41 b8 05 00 00 00              mov     r8d, 5
      45  41 b9 06 00 00 00              mov     r9d, 6
      4b  41 ba 07 00 00 00              mov     r10d, 7
      51  41 bb 08 00 00 00              mov     r11d, 8
      57  41 bc 09 00 00 00              mov     r12d, 9
      5d  4c 89 eb                       mov     rbx, r13
      60  44 89 1b                       mov     dword ptr [rbx], r11d
      63  44 89 63 08                    mov     dword ptr [rbx + 8], r12d
      67  48 8b 1c 24                    mov     rbx, qword ptr [rsp]
      6b  4c 8b 64 24 08                 mov     r12, qword ptr [rsp + 8]
      70  4c 8b 6c 24 10                 mov     r13, qword ptr [rsp + 0x10]
      75  48 83 c4 20                    add     rsp, 0x20
      79  48 89 ec                       mov     rsp, rbp
      7c  5d                             pop     rbp
      7d  c3                             ret
      7e  0f 0b                          ud2                                          ; trap: call stack exhausted

00000080 <function 1 `caller`> [] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  4c 8b 17                       mov     r10, qword ptr [rdi]
      87  49 83 c2 30                    add     r10, 0x30
      8b  4c 3b d4                       cmp     r10, rsp
      8e  0f 87 36 00 00 00              ja      0xca
      94  48 83 ec 20                    sub     rsp, 0x20
      98  4c 89 64 24 10                 mov     qword ptr [rsp + 0x10], r12
      9d  4c 89 6c 24 18                 mov     qword ptr [rsp + 0x18], r13
      a2  48 89 fe                       mov     rsi, rdi
      a5  48 8d 3c 24                    lea     rdi, [rsp]
      a9  e8 52 ff ff ff                 call    0                                    ; wasm 0x3d, <function 0 `many`>
      ae  4c 8b 2c 24                    mov     r13, qword ptr [rsp]
      b2  4c 8b 64 24 08                 mov     r12, qword ptr [rsp + 8]
      b7  4c 8b 64 24 10                 mov     r12, qword ptr [rsp + 0x10]
      bc  4c 8b 6c 24 18                 mov     r13, qword ptr [rsp + 0x18]
      c1  48 83 c4 20                    add     rsp, 0x20
      c5  48 89 ec                       mov     rsp, rbp
      c8  5d                             pop     rbp
      c9  c3                             ret
      ca  0f 0b                          ud2                                          ; trap: call stack exhausted
