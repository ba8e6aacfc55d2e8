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
      2e  0f 87 50 00 00 00              ja      0x84
      34  48 8d 05 f5 f4 fe ff           lea     rax, [rip - 0x10b0b]
      3b  b9 02 00 00 00                 mov     ecx, 2
      40  83 fa 04                       cmp     edx, 4
      43  49 89 d0                       mov     r8, rdx
      46  44 0f 43 c1                    cmovae  r8d, ecx
      4a  41 8b c8                       mov     ecx, r8d
      4d  44 8b 04 c8                    mov     r8d, dword ptr [rax + rcx*8]
      51  41 83 f8 01                    cmp     r8d, 1
      55  0f 85 15 00 00 00              jne     0x70
      5b  48 8d 15 9e ff ff ff           lea     rdx, [rip - 0x62]
      62  8b 44 c8 04                    mov     eax, dword ptr [rax + rcx*8 + 4]
      66  48 03 c2                       add     rax, rdx
      69  ff d0                          call    rax                                  ; wasm 0x51
      6b  48 89 ec                       mov     rsp, rbp
      6e  5d                             pop     rbp
      6f  c3                             ret
      70  83 fa 04                       cmp     edx, 4
      73  0f 83 0d 00 00 00              jae     0x86
      79  45 85 c0                       test    r8d, r8d
      7c  0f 84 06 00 00 00              je      0x88
      82  0f 0b                          ud2                                          ; trap: indirect call type mismatch
      84  0f 0b                          ud2                                          ; trap: call stack exhausted
      86  0f 0b                          ud2                                          ; wasm 0x51, trap: undefined element
      88  0f 0b                          ud2                                          ; trap: uninitialized element

00000090 <entry of type 1> [i32 i32] -> [i32]:
      90  55                             push    rbp
      91  48 89 e5                       mov     rbp, rsp
      94  48 83 ec 10                    sub     rsp, 0x10
      98  4c 89 24 24                    mov     qword ptr [rsp], r12
      9c  49 89 f3                       mov     r11, rsi
      9f  8b 32                          mov     esi, dword ptr [rdx]
      a1  48 89 d0                       mov     rax, rdx
      a4  8b 50 10                       mov     edx, dword ptr [rax + 0x10]
      a7  49 89 c4                       mov     r12, rax
      aa  41 ff d3                       call    r11
      ad  4c 89 e2                       mov     rdx, r12
      b0  89 02                          mov     dword ptr [rdx], eax
      b2  4c 8b 24 24                    mov     r12, qword ptr [rsp]
      b6  48 83 c4 10                    add     rsp, 0x10
      ba  48 89 ec                       mov     rsp, rbp
      bd  5d                             pop     rbp
      be  c3                             ret
