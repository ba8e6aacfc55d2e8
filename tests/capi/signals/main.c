/*
 * A program that sets signal handlers of its own between two instances, or some of them behind all: the guest's faults
 * stay traps, and all others come to the program's handlers.
 */

#define _GNU_SOURCE
#include <ahead.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                                \
    do {                                                                                                \
        if (!(condition)) {                                                                             \
            fprintf(stderr, "%s:%d: round %d: not so: %s\n", __FILE__, __LINE__, round_number, #condition); \
            exit(1);                                                                                    \
        }                                                                                               \
    } while (0)

static const int SIGNALS[] = {SIGSEGV, SIGILL, SIGFPE};
#define SIGNALS_COUNT (sizeof SIGNALS / sizeof *SIGNALS)

static int round_number;
static sigjmp_buf back;
/* Which of our handlers was called last, and with which signal. */
static volatile sig_atomic_t called, signalled;

static void note(int handler, int signal) {
    called = handler;
    signalled = signal;
    siglongjmp(back, 1);
}

static void first(int signal, siginfo_t *info, void *context) {
    (void)info;
    (void)context;
    note(1, signal);
}

static void second(int signal) {
    note(2, signal);
}

static void set_handlers(int which) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    if (which == 1) {
        action.sa_sigaction = first;
        action.sa_flags = SA_SIGINFO;
    } else {
        action.sa_handler = second;
    }
    for (size_t index = 0; index < SIGNALS_COUNT; index++) {
        CHECK(sigaction(SIGNALS[index], &action, NULL) == 0);
    }
}

static void traps(ahead_instance_t *instance, const char *name, ahead_trap_kind_t kind) {
    ahead_value_t zero = ahead_i32(0), result;
    called = 0;
    if (sigsetjmp(back, 1) == 0) {
        ahead_trap_t *trap = ahead_func_call(ahead_instance_func(instance, name), &zero, 1, &result, 1);
        CHECK(trap != NULL && ahead_trap_kind(trap) == kind);
        ahead_trap_free(trap);
    }
    CHECK(called == 0);
}

/* Every kind of fault, twice: one must not spoil the next. */
static void all_traps(ahead_instance_t *instance) {
    for (int again = 0; again < 2; again++) {
        traps(instance, "load", AHEAD_TRAP_MEMORY_OUT_OF_BOUNDS);
        traps(instance, "unreachable", AHEAD_TRAP_UNREACHABLE);
        traps(instance, "divide", AHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO);
    }
}

static void touch_nothing(int signal) {
    static char *volatile nowhere;
    (void)signal;
    *nowhere = 1;
}

static void send(int signal) {
    raise(signal);
}

static void reaches(int handler, int signal, void (*cause)(int)) {
    called = 0;
    if (sigsetjmp(back, 1) == 0) {
        cause(signal);
    }
    CHECK(called == handler && signalled == signal);
}

/* A fault of the program's own, and signals that it sends, reach the handler that it set last. */
static void own_signals(int handler) {
    reaches(handler, SIGSEGV, touch_nothing);
    for (size_t index = 0; index < SIGNALS_COUNT; index++) {
        reaches(handler, SIGNALS[index], send);
    }
}

/* Handlers of all signals but SIGSEGV: making an instance would not see them, so it is told. */
static void some_handlers_only(ahead_instance_t *instance) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = second;
    for (size_t index = 1; index < SIGNALS_COUNT; index++) {
        CHECK(sigaction(SIGNALS[index], &action, NULL) == 0);
    }
    CHECK(ahead_install_signal_handlers() == NULL);
    all_traps(instance);
    for (size_t index = 1; index < SIGNALS_COUNT; index++) {
        reaches(2, SIGNALS[index], send);
    }
    all_traps(instance);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    ahead_module_t *module;
    CHECK(ahead_module_open(argv[1], &module) == NULL);
    ahead_linker_t *linker = ahead_linker_new();
    ahead_store_t *stores[3];
    ahead_instance_t *instances[3];
    for (round_number = 0; round_number < 3; round_number++) {
        if (round_number > 0) {
            set_handlers(round_number);
        }
        stores[round_number] = ahead_store_new(NULL, NULL);
        CHECK(ahead_linker_instantiate(linker, stores[round_number], module, &instances[round_number]) == NULL);
        /* The old instances are as safe as the new one. */
        for (int index = 0; index <= round_number; index++) {
            all_traps(instances[index]);
        }
        if (round_number > 0) {
            own_signals(round_number);
            all_traps(instances[0]);
        }
    }
    some_handlers_only(instances[0]);
    for (int index = 0; index < 3; index++) {
        ahead_store_free(stores[index]);
    }
    ahead_linker_free(linker);
    ahead_module_free(module);
    return 0;
}
