/*
 * Embeds an artefact: opens `guest.so`, gives the guest a host function, calls exports, reads and writes the
 * guest's memory, and handles a trap.
 */

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

/* How often the guest logged. */
struct log_state {
    int lines;
};

/*
 * `host.log(address: i32, bytes: i32)`: prints text from the guest's memory. The guest chooses both numbers, so
 * the bytes are copied out by a function that checks them.
 */
static ahead_trap_t *host_log(void *env, ahead_caller_t *caller, const ahead_value_t *args,
                              size_t args_count, ahead_value_t *results, size_t results_count) {
    struct log_state *state = env;
    char text[256];
    uint32_t address = (uint32_t)args[0].of.i32;
    uint32_t bytes = (uint32_t)args[1].of.i32;
    (void)args_count;
    (void)results;
    (void)results_count;
    if (bytes > sizeof text || !ahead_memory_read(ahead_caller_memory(caller), address, text, bytes)) {
        return ahead_trap_new("`log` was given a text that is too long or not in memory");
    }
    state->lines += 1;
    printf("guest says: %.*s\n", (int)bytes, text);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s guest.so\n", argv[0]);
        return 2;
    }

    ahead_module_t *module;
    check(ahead_module_open(argv[1], &module), "open the artefact");

    /* What the guest imports. */
    struct log_state state = {0};
    ahead_linker_t *linker = ahead_linker_new();
    const ahead_type_t params[] = {AHEAD_I32, AHEAD_I32};
    check(ahead_linker_define_func(linker, "host", "log", params, 2, NULL, 0, host_log, &state, NULL),
          "define `host.log`");

    ahead_store_t *store = ahead_store_new(NULL, NULL);
    ahead_instance_t *instance;
    check(ahead_linker_instantiate(linker, store, module, &instance), "instantiate the module");

    /* A call, which calls back. */
    ahead_value_t length;
    expect_no_trap(ahead_func_call(ahead_instance_func(instance, "greet"), NULL, 0, &length, 1));
    printf("greeted %d time(s), %" PRId32 " bytes\n", state.lines, length.of.i32);

    /* The guest works on what the host puts into its memory. */
    ahead_memory_t *memory = ahead_instance_memory(instance, "memory");
    const char word[] = "ahead of time";
    const uint32_t address = 1024;
    ahead_memory_write(memory, address, word, sizeof word);
    ahead_value_t range[] = {ahead_i32((int32_t)address), ahead_i32(sizeof word - 1)};
    expect_no_trap(ahead_func_call(ahead_instance_func(instance, "shout"), range, 2, NULL, 0));
    ahead_memory_view_t view = ahead_memory_view(memory);
    printf("shouted: %s\n", (const char *)view.bytes + address);

    /* Guests fail, and the host goes on. */
    ahead_func_t *divide = ahead_instance_func(instance, "divide");
    ahead_value_t quotient;
    ahead_value_t by_zero[] = {ahead_i32(1), ahead_i32(0)};
    ahead_trap_t *trap = ahead_func_call(divide, by_zero, 2, &quotient, 1);
    if (trap != NULL) {
        ahead_frame_view_t frame;
        printf("trapped: %s\n", ahead_trap_message(trap));
        if (ahead_trap_kind(trap) == AHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO && ahead_trap_frame(trap, 0, &frame)) {
            printf("      in %s of %s\n", frame.func_name, frame.module_name);
        }
        ahead_trap_free(trap);
    }
    ahead_value_t by_six[] = {ahead_i32(42), ahead_i32(6)};
    expect_no_trap(ahead_func_call(divide, by_six, 2, &quotient, 1));
    printf("divided: %" PRId32 "\n", quotient.of.i32);

    ahead_store_free(store);
    ahead_linker_free(linker);
    ahead_module_free(module);
    return 0;
}
