// `setjmp` and `longjmp` as clang compiles them where it has exceptions: each part prints what it did.

#include "setjmp.h"
#include "wasi.h"

static jmp_buf outer, inner;

__attribute__((noinline)) static void down(jmp_buf to, int frames, int value) {
    if (frames == 0) {
        longjmp(to, value);
    }
    down(to, frames - 1, value);
    print("never here\n");
}

static void once(void) {
    int value = setjmp(outer);
    line("set", value);
    if (value == 0) {
        down(outer, 10, 5);
    }
    value = setjmp(outer);
    if (value == 0) {
        down(outer, 0, 0);
    }
    line("never 0", value);
}

static void one_in_another(void) {
    int value = setjmp(outer);
    if (value == 0) {
        int within = setjmp(inner);
        if (within == 0) {
            down(inner, 3, 11);
        }
        line("inner", within);
        down(outer, 3, 12);
    }
    line("outer", value);
}

__attribute__((noinline)) static void past(void) {
    if (setjmp(inner) == 0) {
        down(outer, 2, 21);
    }
    print("not mine\n");
}

static void past_another(void) {
    int value = setjmp(outer);
    if (value == 0) {
        past();
    }
    line("past another", value);
}

static void in_a_loop(void) {
    volatile int rounds = 0;
    int value = setjmp(outer);
    rounds += value;
    if (rounds < 10000) {
        down(outer, 2, 1);
    }
    line("rounds", rounds);
}

static void (*volatile jumps)(jmp_buf, int, int) = down;

static void through_a_pointer(void) {
    int value = setjmp(outer);
    if (value == 0) {
        jumps(outer, 4, 31);
    }
    line("through a pointer", value);
}

void _start(void) {
    once();
    one_in_another();
    past_another();
    in_a_loop();
    through_a_pointer();
}
