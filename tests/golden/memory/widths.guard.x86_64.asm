00000000 <function 0 `load`> [i32] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  49 89 f0                       mov     r8, rsi
       7  48 8b 77 08                    mov     rsi, qword ptr [rdi + 8]
       b  4c 89 c7                       mov     rdi, r8
       e  8b ff                          mov     edi, edi
      10  8b 44 3e 10                    mov     eax, dword ptr [rsi + rdi + 0x10]    ; wasm 0x33, trap: out of bounds memory access
      14  48 89 ec                       mov     rsp, rbp
      17  5d                             pop     rbp
      18  c3                             ret

00000020 <function 1 `load_wide`> [i32] -> [i64]:
      20  55                             push    rbp
      21  48 89 e5                       mov     rbp, rsp
      24  49 89 f0                       mov     r8, rsi
      27  48 8b 77 08                    mov     rsi, qword ptr [rdi + 8]
      2b  4c 89 c7                       mov     rdi, r8
      2e  8b ff                          mov     edi, edi
      30  48 8b 04 3e                    mov     rax, qword ptr [rsi + rdi]           ; wasm 0x3b, trap: out of bounds memory access
      34  48 89 ec                       mov     rsp, rbp
      37  5d                             pop     rbp
      38  c3                             ret

00000040 <function 2 `load_narrow`> [i32] -> [i32]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  49 89 f0                       mov     r8, rsi
      47  48 8b 77 08                    mov     rsi, qword ptr [rdi + 8]
      4b  4c 89 c7                       mov     rdi, r8
      4e  8b ff                          mov     edi, edi
      50  48 0f be 04 3e                 movsx   rax, byte ptr [rsi + rdi]            ; wasm 0x43, trap: out of bounds memory access
      55  48 89 ec                       mov     rsp, rbp
      58  5d                             pop     rbp
      59  c3                             ret

00000060 <function 3 `store`> [i32 f64] -> []:
      60  55                             push    rbp
      61  48 89 e5                       mov     rbp, rsp
      64  49 89 f0                       mov     r8, rsi
      67  48 8b 77 08                    mov     rsi, qword ptr [rdi + 8]
      6b  4c 89 c7                       mov     rdi, r8
      6e  8b ff                          mov     edi, edi
      70  f2 0f 11 44 3e 08              movsd   qword ptr [rsi + rdi + 8], xmm0      ; wasm 0x4d, trap: out of bounds memory access
      76  48 89 ec                       mov     rsp, rbp
      79  5d                             pop     rbp
      7a  c3                             ret

00000080 <function 4 `store_narrow`> [i32 i64] -> []:
      80  55                             push    rbp
      81  48 89 e5                       mov     rbp, rsp
      84  49 89 f0                       mov     r8, rsi
      87  48 8b 77 08                    mov     rsi, qword ptr [rdi + 8]
      8b  4c 89 c7                       mov     rdi, r8
      8e  8b ff                          mov     edi, edi
      90  66 89 14 3e                    mov     word ptr [rsi + rdi], dx             ; wasm 0x57, trap: out of bounds memory access
      94  48 89 ec                       mov     rsp, rbp
      97  5d                             pop     rbp
      98  c3                             ret
