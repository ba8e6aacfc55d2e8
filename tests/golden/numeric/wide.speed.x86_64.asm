00000000 <function 0 `add`> [i64 i64 i64 i64] -> [i64 i64]:
       0  55                             push    rbp
       1  48 89 e5                       mov     rbp, rsp
       4  48 89 f0                       mov     rax, rsi
       7  48 03 c1                       add     rax, rcx
       a  48 89 d1                       mov     rcx, rdx
       d  49 13 c8                       adc     rcx, r8
      10  48 89 ec                       mov     rsp, rbp
      13  5d                             pop     rbp
      14  c3                             ret

00000020 <function 1 `multiply_u`> [i64 i64] -> [i64 i64]:
      20  55                             push    rbp
      21  48 89 e5                       mov     rbp, rsp
      24  48 89 f0                       mov     rax, rsi
      27  48 f7 e2                       mul     rdx
      2a  48 89 d1                       mov     rcx, rdx
      2d  48 89 ec                       mov     rsp, rbp
      30  5d                             pop     rbp
      31  c3                             ret

00000040 <function 2 `multiply_s`> [i64 i64] -> [i64 i64]:
      40  55                             push    rbp
      41  48 89 e5                       mov     rbp, rsp
      44  48 89 f0                       mov     rax, rsi
      47  48 f7 ea                       imul    rdx
      4a  48 89 d1                       mov     rcx, rdx
      4d  48 89 ec                       mov     rsp, rbp
      50  5d                             pop     rbp
      51  c3                             ret
