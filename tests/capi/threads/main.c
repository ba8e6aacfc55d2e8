/*
 * Runs commands with and without threads, whose host functions several threads call at once.
 * `main guest.so plain.so` says what is not so and exits with 1.
 */

#include <ahead.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                               \
    do {                                                                                               \
        if (!(condition)) {                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                    \
            exit(1);                                                                                   \
        }                                                                                              \
    } while (0)

enum { ADD_UP, START_MANY, TRAP, END };

/* What all threads of a guest share: `user` of their stores, and `env` of the host functions. */
struct shared {
    int task;
    atomic_int calls, frees;
};

static ahead_trap_t *task(void *env, ahead_caller_t *caller, const ahead_value_t *args, size_t args_count,
                          ahead_value_t *results, size_t results_count) {
    (void)caller;
    (void)args;
    CHECK(args_count == 0 && results_count == 1);
    results[0].of.i32 = ((struct shared *)env)->task;
    return NULL;
}

/* Gives twice its argument, which the guest itself computes. */
static ahead_trap_t *work(void *env, ahead_caller_t *caller, const ahead_value_t *args, size_t args_count,
                          ahead_value_t *results, size_t results_count) {
    struct shared *shared = env;
    CHECK(args_count == 1 && results_count == 1);
    atomic_fetch_add(&shared->calls, 1);
    if (shared->task == END) {
        return ahead_trap_exit(9);
    }
    ahead_store_t *store = ahead_caller_store(caller);
    CHECK(ahead_store_user(store) == shared);
    /* One of a command's is not C's to free. */
    ahead_store_free(store);

    ahead_memory_t *memory = ahead_caller_memory(caller);
    CHECK(memory != NULL && ahead_memory_size(memory) == 65536);
    uint64_t address = 1024 + 4 * (uint64_t)args[0].of.i32;
    int32_t there = 0;
    CHECK(ahead_memory_write(memory, address, &args[0].of.i32, sizeof there));
    CHECK(ahead_memory_read(memory, address, &there, sizeof there) && there == args[0].of.i32);

    ahead_func_t *twice = ahead_caller_func(caller, "twice");
    CHECK(twice != NULL && twice == ahead_caller_func(caller, "twice"));
    return ahead_func_call(twice, args, 1, results, 1);
}

static void count_free(void *env) {
    atomic_fetch_add(&((struct shared *)env)->frees, 1);
}

static ahead_linker_t *linker_for(struct shared *shared) {
    ahead_linker_t *linker = ahead_linker_new();
    ahead_type_t i32 = AHEAD_I32;
    CHECK(ahead_linker_define_wasi(linker) == NULL);
    CHECK(ahead_linker_define_func(linker, "host", "task", NULL, 0, &i32, 1, task, shared, NULL) == NULL);
    CHECK(ahead_linker_define_func(linker, "host", "work", &i32, 1, &i32, 1, work, shared, count_free) == NULL);
    return linker;
}

static int32_t exit_code_of(const ahead_module_t *module, struct shared *shared, uint32_t threads_max) {
    ahead_wasi_config_t wasi = {.threads_max = threads_max};
    ahead_linker_t *linker = linker_for(shared);
    int32_t code = -1;
    ahead_error_t *error = ahead_wasi_run_command(linker, module, NULL, &wasi, shared, &code);
    if (error != NULL) {
        fprintf(stderr, "unexpected: %s\n", ahead_error_message(error));
        exit(1);
    }
    ahead_linker_free(linker);
    return code;
}

/* Checks that the guest does not come to an exit code, by a trap of this kind; 0 for none. */
static void fails(const ahead_linker_t *linker, const ahead_module_t *module, ahead_trap_kind_t kind,
                  const char *part, void *user) {
    ahead_wasi_config_t wasi = {0};
    int32_t code = -1;
    ahead_error_t *error = ahead_wasi_run_command(linker, module, NULL, &wasi, user, &code);
    CHECK(error != NULL && code == -1);
    if (strstr(ahead_error_message(error), part) == NULL) {
        fprintf(stderr, "`%s` without `%s`\n", ahead_error_message(error), part);
        exit(1);
    }
    const ahead_trap_t *trap = ahead_error_trap(error);
    CHECK((trap == NULL) == (kind == 0));
    CHECK(trap == NULL || ahead_trap_kind(trap) == kind);
    ahead_error_free(error);
}

static void null_is_refused(const ahead_module_t *module) {
    ahead_linker_t *linker = ahead_linker_new();
    ahead_wasi_config_t wasi = {0};
    int32_t code;
    ahead_error_t *errors[] = {
        ahead_wasi_run_command(NULL, module, NULL, &wasi, NULL, &code),
        ahead_wasi_run_command(linker, NULL, NULL, &wasi, NULL, &code),
        ahead_wasi_run_command(linker, module, NULL, NULL, NULL, &code),
        ahead_wasi_run_command(linker, module, NULL, &wasi, NULL, NULL),
    };
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        CHECK(errors[i] != NULL && strstr(ahead_error_message(errors[i]), "is null") != NULL);
        ahead_error_free(errors[i]);
    }
    ahead_linker_free(linker);
}

/* What belongs to a store of C's is none of a command's. */
static void other_stores_stay_out(const ahead_module_t *threads, const ahead_module_t *plain,
                                  struct shared *shared) {
    ahead_linker_t *linker = linker_for(shared);
    ahead_store_t *store = ahead_store_new(NULL, NULL);
    ahead_instance_t *instance;
    CHECK(ahead_linker_instantiate(linker, store, plain, &instance) == NULL);
    CHECK(ahead_linker_define_instance(linker, "host", instance) == NULL);
    fails(linker, threads, 0, "", NULL);
    fails(linker, plain, 0, "", NULL);
    ahead_linker_free(linker);
    ahead_store_free(store);
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    ahead_module_t *threads, *plain;
    CHECK(ahead_module_open(argv[1], &threads) == NULL);
    CHECK(ahead_module_open(argv[2], &plain) == NULL);
    struct shared shared = {.task = ADD_UP};

    CHECK(exit_code_of(plain, &shared, 0) == 42);
    CHECK(atomic_load(&shared.calls) == 1 && atomic_load(&shared.frees) == 1);

    for (int round = 0; round < 50; round++) {
        atomic_store(&shared.calls, 0);
        CHECK(exit_code_of(threads, &shared, 0) == 2 + 4 + 6 + 8);
        CHECK(atomic_load(&shared.calls) == 4);
    }

    shared.task = START_MANY;
    CHECK(exit_code_of(threads, &shared, 3) == 3);
    CHECK(exit_code_of(threads, &shared, 1) == 1);

    shared.task = END;
    CHECK(exit_code_of(threads, &shared, 0) == 9);

    shared.task = TRAP;
    ahead_linker_t *linker = linker_for(&shared);
    fails(linker, threads, AHEAD_TRAP_UNREACHABLE, "unreachable", &shared);
    ahead_linker_free(linker);

    linker = ahead_linker_new();
    CHECK(ahead_linker_define_wasi(linker) == NULL);
    fails(linker, threads, 0, "host", NULL);
    ahead_linker_free(linker);

    shared.task = ADD_UP;
    other_stores_stay_out(threads, plain, &shared);
    null_is_refused(plain);

    ahead_module_free(plain);
    ahead_module_free(threads);
    return 0;
}
