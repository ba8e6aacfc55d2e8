00000000 <function 0 `inc`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  8d 46 01                       lea     eax, [rsi + 1]
       7  48 89 ec                       mov     rsp, rbp
       a  5d                             pop     rbp
       b  c3                             ret

00000010 <function 1 `dec`> [i32] -> [i32]:
      10  55                             push    rbp
      11  48 89 e5                       mov     rbp, rsp
      14  48 89 f0                       mov     rax, rsi
      17  83 e8 01                       sub     eax, 1
      1a  48 89 ec                       mov     rsp, rbp
      1d  5d                             pop     rbp
      1e  c3                             ret

00000020 <function 2 `apply`> [i32 i32] -> [i32]:
      20  55                             push    rbp
      21  48 89 e5                       mov     rbp, rsp
      24  4c 8b 17                       mov     r10, qword ptr [rdi]
      27  49 83 c2 10                    add     r10, 0x10
      2b  4c 3b d4                       cmp     r10, rsp
      2e  0f 87 46 00 00 00              ja      0x7a
      34  83 fa 04                       cmp     edx, 4
      37  0f 83 3f 00 00 00              jae     0x7c
      3d  48 8d 0d dc f4 fe ff           lea     rcx, [rip - 0x10b24]
      44  8b c2                          mov     eax, edx
      46  48 8d 04 c1                    lea     rax, [rcx + rax*8]
      4a  83 fa 04                       cmp     edx, 4
      4d  48 0f 43 c1                    cmovae  rax, rcx
      51  8b 08                          mov     ecx, dword ptr [rax]
      53  83 f9 01                       cmp     ecx, 1
      56  0f 85 14 00 00 00              jne     0x70
      5c  48 8d 0d 9d ff ff ff           lea     rcx, [rip - 0x63]
      63  8b 40 04                       mov     eax, dword ptr [rax + 4]
      66  48 03 c1                       add     rax, rcx
      69  ff d0                          call    rax                                  ; wasm 0x51
      6b  48 89 ec                       mov     rsp, rbp
      6e  5d                             pop     rbp
      6f  c3                             ret
      70  85 c9                          test    ecx, ecx
      72  0f 84 06 00 00 00              je      0x7e
      78  0f 0b                          ud2                                          ; trap: indirect call type mismatch
      7a  0f 0b                          ud2                                          ; trap: call stack exhausted
      7c  0f 0b                          ud2                                          ; wasm 0x51, trap: undefined element
      7e  0f 0b                          ud2                                          ; trap: uninitialized element

00000080 <entry of type 1> [i32 i32] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  48 83 ec 10                    sub     rsp, 0x10
      88  4c 89 24 24                    mov     qword ptr [rsp], r12
      8c  49 89 f3                       mov     r11, rsi
      8f  8b 32                          mov     esi, dword ptr [rdx]
      91  48 89 d0                       mov     rax, rdx
      94  8b 50 10                       mov     edx, dword ptr [rax + 0x10]
      97  49 89 c4                       mov     r12, rax
      9a  41 ff d3                       call    r11
      9d  4c 89 e2                       mov     rdx, r12
      a0  89 02                          mov     dword ptr [rdx], eax
      a2  4c 8b 24 24                    mov     r12, qword ptr [rsp]
      a6  48 83 c4 10                    add     rsp, 0x10
      aa  48 89 ec                       mov     rsp, rbp
      ad  5d                             pop     rbp
      ae  c3                             ret
