// The part of the C library's header that guests here use.

#pragma once

// Which `setjmp` of which call of a function it is for, and what is thrown to get there.
typedef struct jump {
    void *invocation;
    int label;
    struct {
        struct jump *jump;
        int value;
    } thrown;
} jmp_buf[1];

__attribute__((returns_twice)) int setjmp(jmp_buf buffer);
_Noreturn void longjmp(jmp_buf buffer, int value);
