// What the compiler calls where a program calls `setjmp` and `longjmp`.

#include "setjmp.h"

void __wasm_setjmp(struct jump *jump, int label, void *invocation) {
    jump->invocation = invocation;
    jump->label = label;
}

int __wasm_setjmp_test(struct jump *jump, void *invocation) {
    return jump->invocation == invocation ? jump->label : 0;
}

void __wasm_longjmp(struct jump *jump, int value) {
    jump->thrown.jump = jump;
    jump->thrown.value = value == 0 ? 1 : value;
    __builtin_wasm_throw(1, &jump->thrown);
}
