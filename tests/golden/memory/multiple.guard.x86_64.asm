00000000 <function 0 `twice`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 4f 08                    mov     r9, qword ptr [rdi + 8]
       8  44 8b c6                       mov     r8d, esi
       b  47 8b 0c 01                    mov     r9d, dword ptr [r9 + r8]             ; wasm 0x2d, trap: out of bounds memory access
       f  48 8b bf 90 00 00 00           mov     rdi, qword ptr [rdi + 0x90]
      16  42 c7 04 07 01 00 00 00        mov     dword ptr [rdi + r8], 1              ; wasm 0x34, trap: out of bounds memory access
      1e  43 8d 04 09                    lea     eax, [r9 + r9]
      22  48 89 ec                       mov     rsp, rbp
      25  5d                             pop     rbp
      26  c3                             ret
