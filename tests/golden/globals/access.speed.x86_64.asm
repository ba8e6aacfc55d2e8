00000000 <function 0 `bump`> [] -> [i32]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  8b b7 80 00 00 00              mov     esi, dword ptr [rdi + 0x80]
       a  8d 46 01                       lea     eax, [rsi + 1]
       d  89 87 80 00 00 00              mov     dword ptr [rdi + 0x80], eax
      13  48 89 ec                       mov     rsp, rbp
      16  5d                             pop     rbp
      17  c3                             ret

00000020 <function 1 `fixed`> [] -> [f64]:
      20  55                             push    rbp
      21  48 89 e5                       mov     rbp, rsp
      24  48 b8 00 00 00 00 00 00 04 40  movabs  rax, 0x4004000000000000
      2e  66 48 0f 6e c0                 movq    xmm0, rax
      33  48 89 ec                       mov     rsp, rbp
      36  5d                             pop     rbp
      37  c3                             ret

00000040 <function 2 `shared`> [i64] -> []:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  48 8b bf a0 00 00 00           mov     rdi, qword ptr [rdi + 0xa0]
      4b  48 01 37                       add     qword ptr [rdi], rsi
      4e  48 89 ec                       mov     rsp, rbp
      51  5d                             pop     rbp
      52  c3                             ret
