/*
 * ahead.h - the C API of the Ahead runtime: run WebAssembly that was compiled ahead of time.
 *
 * Link with libahead.so, or with libahead.a and
 *
 *     cc program.c libahead.a -static-libgcc -Wl,--gc-sections -lpthread -ldl -lm
 *
 * In one breath: open a module, make a store, tell a linker what the module's imports stand for, instantiate,
 * look an export up, call it.
 *
 *     ahead_module_t *module;
 *     ahead_error_t *error = ahead_module_open("filter.so", &module);
 *     ahead_store_t *store = ahead_store_new(NULL, NULL);
 *     ahead_linker_t *linker = ahead_linker_new();
 *     ahead_instance_t *instance;
 *     error = ahead_linker_instantiate(linker, store, module, &instance);
 *     ahead_func_t *add = ahead_instance_func(instance, "add");
 *     ahead_value_t args[2] = {ahead_i32(2), ahead_i32(3)}, result;
 *     ahead_trap_t *trap = ahead_func_call(add, args, 2, &result, 1);
 *
 * Ownership. What a function hands out as `AHEAD_OWN` is yours: give it back to the `_free` function of its
 * type, once. What you pass as `AHEAD_OWN` is yours no longer. A type whose name ends in `_view_t` points into
 * something else and says how long it may. Everything else is borrowed: instances, functions and memories
 * belong to their store and are valid until it is freed; a caller is valid until the host function returns.
 *
 * Errors. A function that can fail returns `ahead_error_t *`, and one that runs the guest `ahead_trap_t *`:
 * NULL is success. On failure, results are left as they were. A null pointer where an object belongs is an
 * error as well, or gives NULL or 0 where there is no error to return; no function crashes because of one,
 * and every `_free` function takes NULL. Other invalid pointers cannot be noticed.
 *
 * Strings are UTF-8 and end with a NUL, except in a view, which has a length.
 *
 * Threads. A module may be used by any number of threads at once. A store, with all that belongs to it, and a
 * linker may be handed from thread to thread and used by one at a time; so does a command with threads use its own
 * (`ahead_wasi_run_command`).
 *
 * Signals. The first instance installs handlers for SIGSEGV, SIGBUS, SIGILL and SIGFPE; faults that are no
 * guest's go on to the handlers that were there before. Handlers that the program sets later come first until the
 * next instance is made, which puts the runtime's above them if SIGSEGV is among them. If it is not, call
 * `ahead_install_signal_handlers`. A host function must not leave by longjmp or by a C++ exception.
 */

#ifndef AHEAD_H
#define AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Marks what changes hands; see "Ownership" above. */
#define AHEAD_OWN

/* An artefact that was opened: code and tables, no state. Its code stays mapped while an instance of it
 * lives, whether the module is freed before or not. */
typedef struct ahead_module ahead_module_t;

/* Owner of instances and all they consist of. */
typedef struct ahead_store ahead_store_t;

/* What imports stand for. Serves any number of instantiations, in any stores. */
typedef struct ahead_linker ahead_linker_t;

/* A module at run time, with memories, tables and globals of its own. Belongs to its store. */
typedef struct ahead_instance ahead_instance_t;

/* A function of the guest or the host. Belongs to its store. */
typedef struct ahead_func ahead_func_t;

/* A linear memory. Belongs to its store. */
typedef struct ahead_memory ahead_memory_t;

/* A kind of exception. Belongs to its store. */
typedef struct ahead_tag ahead_tag_t;

/* What a host function knows of its caller. Valid until the host function returns. */
typedef struct ahead_caller ahead_caller_t;

/* Why a guest stopped: it did something it must not, a host function failed, or it ended the program. */
typedef struct ahead_trap ahead_trap_t;

/* Why something other than the guest failed. */
typedef struct ahead_error ahead_error_t;

/* ---------------------------------------------------------------------------------------------- errors */

/* What went wrong, for people. Valid until the error is freed. */
const char *ahead_error_message(const ahead_error_t *error);

/* The trap, if the guest trapped while it was instantiated; else NULL. Valid until the error is freed. */
const ahead_trap_t *ahead_error_trap(const ahead_error_t *error);

void ahead_error_free(AHEAD_OWN ahead_error_t *error);

/* ---------------------------------------------------------------------------------------------- values */

/* The types of values, numbered as in the binary format. */
typedef uint8_t ahead_type_t;

enum {
    AHEAD_I32 = 0x7f,
    AHEAD_I64 = 0x7e,
    AHEAD_F32 = 0x7d,
    AHEAD_F64 = 0x7c,
    AHEAD_V128 = 0x7b,
    AHEAD_FUNCREF = 0x70,
    AHEAD_EXTERNREF = 0x6f,
    AHEAD_EXNREF = 0x69,
};

/* A vector as the functions of a generated header take and return it. */
typedef uint8_t ahead_v128_t __attribute__((vector_size(16)));

/* A value and its type. */
typedef struct ahead_value {
    ahead_type_t type;
    union {
        int32_t i32;
        int64_t i64;
        float f32;
        double f64;
        /* The first lane is in the first bytes. */
        uint8_t v128[16];
        /* NULL is the null reference. */
        ahead_func_t *funcref;
        /* A word of the host's, which the guest passes around and cannot look into. 0 is the null reference. */
        uint64_t externref;
        /* An exception that a guest of the store made, as it gave it. Valid until the store is freed. */
        void *exnref;
    } of;
} ahead_value_t;

static inline ahead_value_t ahead_i32(int32_t i32) {
    ahead_value_t value;
    value.type = AHEAD_I32;
    value.of.i64 = 0;
    value.of.i32 = i32;
    return value;
}

static inline ahead_value_t ahead_i64(int64_t i64) {
    ahead_value_t value;
    value.type = AHEAD_I64;
    value.of.i64 = i64;
    return value;
}

static inline ahead_value_t ahead_f32(float f32) {
    ahead_value_t value;
    value.type = AHEAD_F32;
    value.of.i64 = 0;
    value.of.f32 = f32;
    return value;
}

static inline ahead_value_t ahead_f64(double f64) {
    ahead_value_t value;
    value.type = AHEAD_F64;
    value.of.f64 = f64;
    return value;
}

/* A vector of these 16 bytes. */
static inline ahead_value_t ahead_v128(const void *bytes) {
    ahead_value_t value;
    value.type = AHEAD_V128;
    memcpy(value.of.v128, bytes, sizeof value.of.v128);
    return value;
}

/* ---------------------------------------------------------------------------------------------- modules */

/*
 * Opens an artefact, a `.so` that the Ahead compiler wrote, and maps it. Header, sizes and tables are checked;
 * an artefact for another machine, CPU, page size or ABI version is an error that says what is missing. The
 * code in it is not checked: open artefacts that you trust, in files that nobody changes while they are open.
 */
AHEAD_OWN ahead_error_t *ahead_module_open(const char *path, AHEAD_OWN ahead_module_t **module);

/* Opens an artefact from `size` bytes in memory, which are copied. As with `ahead_module_open`, its code must be
 * trusted. */
AHEAD_OWN ahead_error_t *ahead_module_from_bytes(const void *bytes, size_t size,
                                                 AHEAD_OWN ahead_module_t **module);

/* Adopts an artefact that was linked into the program, by the header symbol that the generated C header
 * declares. The header must stay where it is for ever. */
AHEAD_OWN ahead_error_t *ahead_module_adopt(const void *header, AHEAD_OWN ahead_module_t **module);

/* The kinds of imports and exports. */
typedef enum {
    AHEAD_EXTERN_FUNC = 0,
    AHEAD_EXTERN_TABLE = 1,
    AHEAD_EXTERN_MEMORY = 2,
    AHEAD_EXTERN_GLOBAL = 3,
    AHEAD_EXTERN_TAG = 4,
} ahead_extern_kind_t;

/* A name of the guest's choice: `size` bytes of UTF-8 without a NUL behind them, possibly with some inside.
 * Points into the module and is valid as long as that. */
typedef struct ahead_name_view {
    const char *bytes;
    size_t size;
} ahead_name_view_t;

size_t ahead_module_import_count(const ahead_module_t *module);

/* The import at `index`: the module and the name it is imported from, and its kind. False beyond the last. Each
 * of the three pointers may be NULL. */
bool ahead_module_import(const ahead_module_t *module, size_t index, ahead_name_view_t *from,
                         ahead_name_view_t *name, ahead_extern_kind_t *kind);

size_t ahead_module_export_count(const ahead_module_t *module);

/* The export at `index`. False beyond the last. Both pointers may be NULL. */
bool ahead_module_export(const ahead_module_t *module, size_t index, ahead_name_view_t *name,
                         ahead_extern_kind_t *kind);

void ahead_module_free(AHEAD_OWN ahead_module_t *module);

/* ---------------------------------------------------------------------------------------------- stores */

/* Limits of a store. 0 stands for the default. */
typedef struct ahead_store_config {
    /* Stack that guests may use, in bytes; 1 MiB by default. Less if the thread that calls has less: a guest
     * that is to go deep is called from a thread with a stack of that size and 256 KiB. Deeper is a trap. */
    size_t stack_bytes_max;
    /* Size that no memory may exceed, in bytes; 4 GiB by default. */
    uint64_t memory_bytes_max;
    /* Size that no table may exceed, in elements; 10 million by default. */
    uint64_t table_elements_max;
} ahead_store_config_t;

/* A store, with the defaults if `config` is NULL. `user` is yours, for host functions. */
AHEAD_OWN ahead_store_t *ahead_store_new(const ahead_store_config_t *config, void *user);

/* What `ahead_store_new` was given. */
void *ahead_store_user(const ahead_store_t *store);

/* Frees a store with all that belongs to it. Not from within a host function that it called: then this does
 * nothing. */
void ahead_store_free(AHEAD_OWN ahead_store_t *store);

/* ---------------------------------------------------------------------------------------------- linkers */

/*
 * A host function. `args` has one value per parameter of its type, `results` one per result, each with its
 * type set and the value zero or null; write the values and leave the types. Returns NULL, or a trap that ends
 * the guest: `ahead_trap_new`, `ahead_trap_exit`, or one that a call back into the guest gave.
 *
 * `env` is what `ahead_linker_define_func` was given.
 */
typedef AHEAD_OWN ahead_trap_t *(*ahead_host_func_t)(void *env, ahead_caller_t *caller,
                                                     const ahead_value_t *args, size_t args_count,
                                                     ahead_value_t *results, size_t results_count);

AHEAD_OWN ahead_linker_t *ahead_linker_new(void);

/*
 * Defines `module`.`name` as a host function of the given type. What was defined by that name before is
 * replaced. `env` is passed to each call; `env_free`, if not NULL, gets it when the linker and all stores that
 * use it are gone, on any thread.
 */
AHEAD_OWN ahead_error_t *ahead_linker_define_func(ahead_linker_t *linker, const char *module,
                                                  const char *name, const ahead_type_t *params,
                                                  size_t params_count, const ahead_type_t *results,
                                                  size_t results_count, ahead_host_func_t func,
                                                  void *env, void (*env_free)(void *env));

/* Defines each export of `instance` as `module`.(its name). The linker then serves that instance's store only. */
AHEAD_OWN ahead_error_t *ahead_linker_define_instance(ahead_linker_t *linker, const char *module,
                                                      const ahead_instance_t *instance);

/* Defines a tag. The linker then serves that tag's store only. */
AHEAD_OWN ahead_error_t *ahead_linker_define_tag(ahead_linker_t *linker, const char *module,
                                                 const char *name, const ahead_tag_t *tag);

/* Defines WASI preview 1: `wasi_snapshot_preview1` and `wasi_unstable`. What a guest gets through it is the
 * store's: `ahead_store_set_wasi`. */
AHEAD_OWN ahead_error_t *ahead_linker_define_wasi(ahead_linker_t *linker);

/*
 * Makes an instance of `module` in `store` and runs its start function. An import that is not defined, or not
 * with its type, is an error that names it; a trap is an error that holds it, see `ahead_error_trap`. Not from
 * within a host function that the store's guest called.
 */
AHEAD_OWN ahead_error_t *ahead_linker_instantiate(const ahead_linker_t *linker, ahead_store_t *store,
                                                  const ahead_module_t *module,
                                                  ahead_instance_t **instance);

void ahead_linker_free(AHEAD_OWN ahead_linker_t *linker);

/* ---------------------------------------------------------------------------------------------- instances */

/* The function exported as `name`; NULL if there is none. The same pointer each time. */
ahead_func_t *ahead_instance_func(ahead_instance_t *instance, const char *name);

/* The memory exported as `name`; NULL if there is none. The same pointer each time. */
ahead_memory_t *ahead_instance_memory(ahead_instance_t *instance, const char *name);

/* The store that the instance belongs to. */
ahead_store_t *ahead_instance_store(const ahead_instance_t *instance);

/* ---------------------------------------------------------------------------------------------- functions */

/* How many values the function takes and gives. */
size_t ahead_func_param_count(const ahead_func_t *func);
size_t ahead_func_result_count(const ahead_func_t *func);

/* The types of its parameters and results; 0 beyond the last. */
ahead_type_t ahead_func_param(const ahead_func_t *func, size_t index);
ahead_type_t ahead_func_result(const ahead_func_t *func, size_t index);

/*
 * Calls a function. Counts and types must be the function's; if they are not, that is a trap of kind
 * AHEAD_TRAP_HOST and the function is not called. Works from within host functions as well.
 */
AHEAD_OWN ahead_trap_t *ahead_func_call(const ahead_func_t *func, const ahead_value_t *args,
                                        size_t args_count, ahead_value_t *results,
                                        size_t results_count);

/* ---------------------------------------------------------------------------------------------- memories */

/* The current size in bytes, a multiple of 65,536. */
uint64_t ahead_memory_size(const ahead_memory_t *memory);

/* Grows the memory by `pages` of 65,536 bytes. False if a limit, the memory's own or the store's, forbids it. */
bool ahead_memory_grow(ahead_memory_t *memory, uint64_t pages);

/* Copies `size` bytes from `address` on to `to`. False, and nothing copied, if they are not all in the memory. */
bool ahead_memory_read(const ahead_memory_t *memory, uint64_t address, void *to, size_t size);

/* Copies `size` bytes from `from` to `address`. False, and nothing copied, if they are not all in the memory. */
bool ahead_memory_write(ahead_memory_t *memory, uint64_t address, const void *from, size_t size);

/* The bytes in place. Valid until the guest runs again or the memory grows; the guest may have written
 * anything anywhere in it. */
typedef struct ahead_memory_view {
    uint8_t *bytes;
    size_t size;
} ahead_memory_view_t;

ahead_memory_view_t ahead_memory_view(ahead_memory_t *memory);

/* ---------------------------------------------------------------------------------------------- callers */

/* The tag that the instance exports as `name`; NULL if there is none. */
ahead_tag_t *ahead_instance_tag(ahead_instance_t *instance, const char *name);

/* The memory that the calling instance exports as `memory`; NULL if there is none. */
ahead_memory_t *ahead_caller_memory(ahead_caller_t *caller);

/* The function that the calling instance exports as `name`; NULL if there is none. */
ahead_func_t *ahead_caller_func(ahead_caller_t *caller, const char *name);

/* The store that the call happens in. */
ahead_store_t *ahead_caller_store(ahead_caller_t *caller);

/* ---------------------------------------------------------------------------------------------- traps */

/* Why a guest stopped. More may be added. */
typedef enum {
    /* The guest ended the program: `ahead_trap_exit_code`. */
    AHEAD_TRAP_EXIT = -2,
    /* A host function failed, or a call from the host was wrong. */
    AHEAD_TRAP_HOST = -1,
    AHEAD_TRAP_UNREACHABLE = 1,
    AHEAD_TRAP_MEMORY_OUT_OF_BOUNDS = 2,
    AHEAD_TRAP_TABLE_OUT_OF_BOUNDS = 3,
    AHEAD_TRAP_UNDEFINED_ELEMENT = 4,
    AHEAD_TRAP_UNINITIALIZED_ELEMENT = 5,
    AHEAD_TRAP_INDIRECT_CALL_TYPE_MISMATCH = 6,
    AHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO = 7,
    AHEAD_TRAP_INTEGER_OVERFLOW = 8,
    AHEAD_TRAP_INVALID_CONVERSION_TO_INTEGER = 9,
    AHEAD_TRAP_STACK_OVERFLOW = 10,
    AHEAD_TRAP_NULL_REFERENCE = 11,
    AHEAD_TRAP_UNALIGNED_ATOMIC = 12,
    AHEAD_TRAP_ALLOCATION_TOO_LARGE = 13,
    AHEAD_TRAP_INTERRUPTED = 14,
    AHEAD_TRAP_UNCAUGHT_EXCEPTION = 15,
    AHEAD_TRAP_NULL_FUNCTION_REFERENCE = 16,
    AHEAD_TRAP_NULL_EXCEPTION_REFERENCE = 17,
    AHEAD_TRAP_WAIT_ON_UNSHARED_MEMORY = 18,
} ahead_trap_kind_t;

/* Installs the handlers of SIGSEGV, SIGBUS, SIGILL and SIGFPE, or puts them above those that were set since: see
 * "Signals" above. */
AHEAD_OWN ahead_error_t *ahead_install_signal_handlers(void);

/* A trap of kind AHEAD_TRAP_HOST, for a host function to return. */
AHEAD_OWN ahead_trap_t *ahead_trap_new(const char *message);

/* A trap of kind AHEAD_TRAP_EXIT, for a host function to return: ends the guest's program. */
AHEAD_OWN ahead_trap_t *ahead_trap_exit(int32_t code);

/* An exception of kind AHEAD_TRAP_UNCAUGHT_EXCEPTION, for a host function to return: a guest further out may
 * catch it. `values` is what the tag says that it carries. */
AHEAD_OWN ahead_trap_t *ahead_trap_throw(const ahead_tag_t *tag, const ahead_value_t *values,
                                         size_t values_count);

/* Makes a tag, to be imported: `params` is what its exceptions carry. NULL if they are not types of values. */
ahead_tag_t *ahead_tag_new(ahead_store_t *store, const ahead_type_t *params, size_t params_count);

/* Whether the trap is an exception of this tag, which no guest caught. */
bool ahead_tag_catches(const ahead_tag_t *tag, const ahead_trap_t *trap);

/* The value number `index` that such an exception carries. False if there is none. */
bool ahead_tag_value(const ahead_tag_t *tag, const ahead_trap_t *trap, size_t index, ahead_value_t *value);

ahead_trap_kind_t ahead_trap_kind(const ahead_trap_t *trap);

/* The exit code; false, and nothing written, if the trap is no exit. */
bool ahead_trap_exit_code(const ahead_trap_t *trap, int32_t *code);

/* What happened, in one line. Valid until the trap is freed. */
const char *ahead_trap_message(const ahead_trap_t *trap);

/* What happened and where: the message and a line for each function on the guest's stack. Valid until the trap
 * is freed. */
const char *ahead_trap_report(const ahead_trap_t *trap);

/* A function on the guest's stack. Names are NULL if the module has none; they are valid until the trap is
 * freed. */
typedef struct ahead_frame_view {
    const char *module_name;
    const char *func_name;
    uint32_t func_index;
    /* Where in the `.wasm` file the instruction stands; UINT32_MAX if that is not known. */
    uint32_t wasm_offset;
} ahead_frame_view_t;

size_t ahead_trap_frame_count(const ahead_trap_t *trap);

/* The frame at `index`, the innermost first. False beyond the last. */
bool ahead_trap_frame(const ahead_trap_t *trap, size_t index, ahead_frame_view_t *frame);

void ahead_trap_free(AHEAD_OWN ahead_trap_t *trap);

/* ---------------------------------------------------------------------------------------------- WASI */

/* Where a standard stream of the guest goes. */
typedef enum {
    /* Reads end at once, writes are dropped. */
    AHEAD_STDIO_NULL = 0,
    /* The process's own stream. */
    AHEAD_STDIO_INHERIT = 1,
    /* The file descriptor beside it, which is duplicated. */
    AHEAD_STDIO_FD = 2,
    /* The guest does not have it. */
    AHEAD_STDIO_CLOSED = 3,
} ahead_stdio_kind_t;

typedef struct ahead_stdio {
    ahead_stdio_kind_t kind;
    /* For AHEAD_STDIO_FD. */
    int fd;
} ahead_stdio_t;

/* A directory of the guest, with all that is below it. No path of the guest and no link leads out. */
typedef struct ahead_dir {
    /* Where it is. Opened by `ahead_store_set_wasi`. */
    const char *host;
    /* What the guest calls it, such as `/` or `.`; as `host` if NULL. */
    const char *guest;
    /* The guest can read what is in it and change nothing. */
    bool read_only;
} ahead_dir_t;

/* How the paths of a guest are resolved. */
typedef enum {
    /* By the kernel's `openat2`; without it, a guest with directories is an error. */
    AHEAD_PATH_LOOKUP_KERNEL = 0,
    /* By the kernel if it can, else component by component, which is slower. */
    AHEAD_PATH_LOOKUP_KERNEL_OR_WALK = 1,
    /* Component by component. */
    AHEAD_PATH_LOOKUP_WALK = 2,
} ahead_path_lookup_t;

/* Whether calls of the guest may wait for a stream, a socket or a time. */
typedef enum {
    AHEAD_BLOCKING_ALLOWED = 0,
    /* Each for `blocking_ms_max` at most; then it fails with `again`. */
    AHEAD_BLOCKING_BOUNDED = 1,
    AHEAD_BLOCKING_FORBIDDEN = 2,
} ahead_blocking_t;

/* What a guest is given. All zero is nothing: no arguments, no environment, null streams, no directories. */
typedef struct ahead_wasi_config {
    /* Arguments, the program's name first. Bytes that end with a NUL, UTF-8 or not. */
    const char *const *args;
    size_t args_count;
    /* Environment variables, `NAME=value`. */
    const char *const *env;
    size_t env_count;
    ahead_stdio_t stdin_stream;
    ahead_stdio_t stdout_stream;
    ahead_stdio_t stderr_stream;
    /* Directories, from the guest's descriptor 3 on. */
    const ahead_dir_t *dirs;
    size_t dirs_count;
    /* File descriptors of sockets that listen, which are duplicated. The guest's descriptors for them follow those
     * of its directories; it can accept connections from them. */
    const int *listeners;
    size_t listeners_count;
    ahead_path_lookup_t path_lookup;
    ahead_blocking_t blocking;
    /* For AHEAD_BLOCKING_BOUNDED, in milliseconds. */
    uint32_t blocking_ms_max;
    /* How many descriptors the guest may have at once; 0 stands for 1024. */
    uint32_t descriptors_max;
    /* How many bytes the guest may write to files, its streams among them if they are files; making a file longer
     * counts as writing. Spent for good: removing gives nothing back. 0 is no bound; who wants nothing written
     * gives `read_only` directories. */
    uint64_t written_bytes_max;
    /* How many files, directories and links the guest may make, spent in the same way; 0 is no bound. */
    uint64_t files_max;
    /* How many threads a command may have beside its first, 8192 at most; 0 stands for 256. */
    uint32_t threads_max;
} ahead_wasi_config_t;

/* Sets what guests of the store get through WASI. Before that, they have no arguments, no environment and no
 * descriptors. Everything is copied. */
AHEAD_OWN ahead_error_t *ahead_store_set_wasi(ahead_store_t *store,
                                              const ahead_wasi_config_t *config);

/*
 * Runs a WASI command, a module that exports `_start`, to its end, and writes its exit code. `linker` says what its
 * imports stand for, WASI among it; one that serves a single store serves no command. `store_config` may be NULL. A
 * trap is an error that holds it, see `ahead_error_trap`; no exit code is written then.
 *
 * A module made for threads (it imports a shared memory, or `thread-spawn` of `wasi`) gets what it needs for them,
 * unless `linker` defines it. Each of its threads is a thread of the process, with as much stack as `store_config` says
 * and with a store of its own, which host functions find by `ahead_caller_store`; `user` is what `ahead_store_user`
 * gives of each. Host functions of such a module are called by several threads at once, so `env`, `user` and what the
 * functions do with them must bear that.
 *
 * The first thread that ends the program, main by returning or any by a trap or an exit, ends it for the caller.
 * Others that still run are left behind: each ends when it calls a function of WASI, and all with the process. Who runs
 * guests that are not to be trusted ends the process then.
 */
AHEAD_OWN ahead_error_t *ahead_wasi_run_command(const ahead_linker_t *linker, const ahead_module_t *module,
                                                const ahead_store_config_t *store_config,
                                                const ahead_wasi_config_t *wasi_config, void *user,
                                                int32_t *exit_code);

/*
 * Runs a WASI command that was linked into the program, by its header symbol, with the process's arguments,
 * environment and standard streams, and with what `ahead compile` kept in the program: directories, addresses
 * to listen on, limits.
 * Returns the exit code. A trap is reported on standard error and gives 134,
 * anything else that fails gives 1. An executable made by `ahead compile` is a `main` that calls this.
 */
int ahead_wasi_main(const void *module, int argc, char **argv);

/* ---------------------------------------------------------------------------------------------- objects */

/* A parameter or result in the form in which compiled code passes it: the bits of the value in the low bytes of
 * the first word. A function is an `ahead_func_t *`. */
typedef struct ahead_raw_value {
    uint64_t bits[2];
} ahead_raw_value_t;

/*
 * Calls the exported function at `export_index` of the instance's module. For the functions that `ahead compile
 * -o X.o` makes and `--header` declares; `values` holds `count` values, parameters before and results after,
 * and `count` is the larger number of the two.
 */
AHEAD_OWN ahead_trap_t *ahead_call_export(ahead_instance_t *instance, uint32_t export_index,
                                          ahead_raw_value_t *values, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif /* AHEAD_H */
