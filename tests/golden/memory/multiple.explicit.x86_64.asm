00000000 <function 0 `twice`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  48 8b 97 88 00 00 00           mov     rdx, qword ptr [rdi + 0x88]
       b  8b c6                          mov     eax, esi
       d  48 8d 48 04                    lea     rcx, [rax + 4]
      11  48 3b ca                       cmp     rcx, rdx
      14  0f 87 44 00 00 00              ja      0x5e
      1a  48 8b b7 80 00 00 00           mov     rsi, qword ptr [rdi + 0x80]
      21  4c 8d 04 06                    lea     r8, [rsi + rax]
      25  48 3b ca                       cmp     rcx, rdx
      28  4c 0f 47 c6                    cmova   r8, rsi
      2c  41 8b 10                       mov     edx, dword ptr [r8]                  ; wasm 0x2d, trap: out of bounds memory access
      2f  48 8b b7 98 00 00 00           mov     rsi, qword ptr [rdi + 0x98]
      36  48 3b ce                       cmp     rcx, rsi
      39  0f 87 21 00 00 00              ja      0x60
      3f  48 8b bf 90 00 00 00           mov     rdi, qword ptr [rdi + 0x90]
      46  48 03 c7                       add     rax, rdi
      49  48 3b ce                       cmp     rcx, rsi
      4c  48 0f 47 c7                    cmova   rax, rdi
      50  c7 00 01 00 00 00              mov     dword ptr [rax], 1                   ; wasm 0x34, trap: out of bounds memory access
      56  8d 04 12                       lea     eax, [rdx + rdx]
      59  48 89 ec                       mov     rsp, rbp
      5c  5d                             pop     rbp
      5d  c3                             ret
      5e  0f 0b                          ud2                                          ; wasm 0x2d, trap: out of bounds memory access
      60  0f 0b                          ud2                                          ; wasm 0x34, trap: out of bounds memory access
