/*
 * Links a module into the program: `guest.o` holds its code, `guest.h` declares its exports as C functions. No
 * file is opened at run time.
 */

#include "guest.h"
#include <ahead.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program if `error` is one. */
static void check(ahead_error_t *error, const char *what) {
    if (error == NULL) {
        return;
    }
    fprintf(stderr, "error: cannot %s: %s\n", what, ahead_error_message(error));
    ahead_error_free(error);
    exit(1);
}

/* Ends the program if `trap` is one. */
static void expect_no_trap(ahead_trap_t *trap) {
    if (trap == NULL) {
        return;
    }
    fprintf(stderr, "error: %s\n", ahead_trap_report(trap));
    ahead_trap_free(trap);
    exit(1);
}

int main(void) {
    ahead_module_t *module;
    check(ahead_module_adopt(guest_module, &module), "adopt the module");
    ahead_store_t *store = ahead_store_new(NULL, NULL);
    ahead_linker_t *linker = ahead_linker_new();
    ahead_instance_t *guest;
    check(ahead_linker_instantiate(linker, store, module, &guest), "instantiate the module");

    double hypotenuse;
    expect_no_trap(guest_hypotenuse(guest, 3, 4, &hypotenuse));
    printf("hypotenuse: %g\n", hypotenuse);

    const int64_t numbers[] = {-5, 40, 7, 18};
    const uint32_t address = 4096;
    int64_t mean;
    int64_t largest;
    ahead_memory_write(ahead_instance_memory(guest, "memory"), address, numbers, sizeof numbers);
    expect_no_trap(guest_summary(guest, (int32_t)address, 4, &mean, &largest));
    printf("mean: %" PRId64 ", largest: %" PRId64 "\n", mean, largest);

    /* Results of a call that traps are left as they were. */
    ahead_trap_t *trap = guest_summary(guest, (int32_t)address, 0, &mean, &largest);
    if (trap != NULL) {
        printf("trapped: %s; the mean is still %" PRId64 "\n", ahead_trap_message(trap), mean);
        ahead_trap_free(trap);
    }

    ahead_store_free(store);
    ahead_linker_free(linker);
    ahead_module_free(module);
    return 0;
}
