00000000 <function 0 `inc`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  8d 46 01                       lea     eax, [rsi + 1]
       7  48 89 ec                       mov     rsp, rbp
       a  5d                             pop     rbp
       b  c3                             ret

00000010 <function 1 `apply`> [i32 i32] -> [i32]:
      10  55                             push    rbp
      11  48 89 e5                       mov     rbp, rsp
      14  4c 8b 17                       mov     r10, qword ptr [rdi]
      17  49 83 c2 10                    add     r10, 0x10
      1b  4c 3b d4                       cmp     r10, rsp
      1e  0f 87 54 00 00 00              ja      0x78
      24  4c 8b 8f 88 00 00 00           mov     r9, qword ptr [rdi + 0x88]
      2b  48 8b 8f 80 00 00 00           mov     rcx, qword ptr [rdi + 0x80]
      32  44 8b c2                       mov     r8d, edx
      35  4d 3b c1                       cmp     r8, r9
      38  0f 83 3c 00 00 00              jae     0x7a
      3e  4c 89 c0                       mov     rax, r8
      41  48 c1 e0 05                    shl     rax, 5
      45  48 03 c1                       add     rax, rcx
      48  4d 3b c1                       cmp     r8, r9
      4b  48 0f 43 c1                    cmovae  rax, rcx
      4f  8b 08                          mov     ecx, dword ptr [rax]
      51  48 8b 57 18                    mov     rdx, qword ptr [rdi + 0x18]
      55  8b 12                          mov     edx, dword ptr [rdx]
      57  3b ca                          cmp     ecx, edx
      59  0f 85 0f 00 00 00              jne     0x6e
      5f  48 8b 48 08                    mov     rcx, qword ptr [rax + 8]
      63  48 8b 78 10                    mov     rdi, qword ptr [rax + 0x10]
      67  ff d1                          call    rcx                                  ; wasm 0x4e
      69  48 89 ec                       mov     rsp, rbp
      6c  5d                             pop     rbp
      6d  c3                             ret
      6e  85 c9                          test    ecx, ecx
      70  0f 84 06 00 00 00              je      0x7c
      76  0f 0b                          ud2                                          ; trap: indirect call type mismatch
      78  0f 0b                          ud2                                          ; trap: call stack exhausted
      7a  0f 0b                          ud2                                          ; wasm 0x4e, trap: undefined element
      7c  0f 0b                          ud2                                          ; trap: uninitialized element

00000080 <entry of type 0> [i32] -> [i32]:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  48 83 ec 10                    sub     rsp, 0x10
      88  4c 89 24 24                    mov     qword ptr [rsp], r12
      8c  49 89 f1                       mov     r9, rsi
      8f  8b 32                          mov     esi, dword ptr [rdx]
      91  49 89 d4                       mov     r12, rdx
      94  41 ff d1                       call    r9
      97  4c 89 e2                       mov     rdx, r12
      9a  89 02                          mov     dword ptr [rdx], eax
      9c  4c 8b 24 24                    mov     r12, qword ptr [rsp]
      a0  48 83 c4 10                    add     rsp, 0x10
      a4  48 89 ec                       mov     rsp, rbp
      a7  5d                             pop     rbp
      a8  c3                             ret
      a9  cc                             int3
      aa  cc                             int3
      ab  cc                             int3
      ac  cc                             int3
      ad  cc                             int3
      ae  cc                             int3
      af  cc                             int3

000000b0 <entry of type 1> [i32 i32] -> [i32]:
      b0  55                             push    rbp
      b1  48 89 e5                       mov     rbp, rsp
      b4  48 83 ec 10                    sub     rsp, 0x10
      b8  4c 89 24 24                    mov     qword ptr [rsp], r12
      bc  49 89 f3                       mov     r11, rsi
      bf  8b 32                          mov     esi, dword ptr [rdx]
      c1  48 89 d0                       mov     rax, rdx
      c4  8b 50 10                       mov     edx, dword ptr [rax + 0x10]
      c7  49 89 c4                       mov     r12, rax
      ca  41 ff d3                       call    r11
      cd  4c 89 e2                       mov     rdx, r12
      d0  89 02                          mov     dword ptr [rdx], eax
      d2  4c 8b 24 24                    mov     r12, qword ptr [rsp]
      d6  48 83 c4 10                    add     rsp, 0x10
      da  48 89 ec                       mov     rsp, rbp
      dd  5d                             pop     rbp
      de  c3                             ret
      df  cc                             int3

000000e0 <hostcall of type 0> [i32] -> [i32]:
      e0  55                             push    rbp
      e1  48 89 e5                       mov     rbp, rsp
      e4  48 83 ec 10                    sub     rsp, 0x10
      e8  4c 8d 0c 24                    lea     r9, [rsp]
      ec  89 34 24                       mov     dword ptr [rsp], esi
      ef  4c 8b 07                       mov     r8, qword ptr [rdi]
      f2  48 89 ea                       mov     rdx, rbp
      f5  4c 89 ce                       mov     rsi, r9
      f8  41 ff d0                       call    r8
      fb  8b 04 24                       mov     eax, dword ptr [rsp]
      fe  48 83 c4 10                    add     rsp, 0x10
     102  48 89 ec                       mov     rsp, rbp
     105  5d                             pop     rbp
     106  c3                             ret
