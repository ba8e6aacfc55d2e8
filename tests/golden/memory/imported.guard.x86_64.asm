00000000 <function 0 `sum`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  4c 8b 47 08                    mov     r8, qword ptr [rdi + 8]
       8  8b fe                          mov     edi, esi
       a  41 8b 04 38                    mov     eax, dword ptr [r8 + rdi]            ; wasm 0x2c, trap: out of bounds memory access
       e  41 03 44 38 04                 add     eax, dword ptr [r8 + rdi + 4]        ; wasm 0x34, trap: out of bounds memory access
      13  48 89 ec                       mov     rsp, rbp
      16  5d                             pop     rbp
      17  c3                             ret
