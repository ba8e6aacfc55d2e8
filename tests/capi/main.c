/*
 * Holds the C API to what its header promises: ownership, null pointers, misuse, traps, calls back and forth,
 * edges of memory, limits, WASI. `main guest.so importer.so command.so` says what is not so and exits with 1.
 */

#define _POSIX_C_SOURCE 200809L

#include <ahead.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK(condition)                                                                               \
    do {                                                                                               \
        if (!(condition)) {                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                    \
            exit(1);                                                                                   \
        }                                                                                              \
    } while (0)

/* Checks that there is an error whose message has `part` in it, and frees it. */
static void expect_error(ahead_error_t *error, const char *part) {
    CHECK(error != NULL);
    if (strstr(ahead_error_message(error), part) == NULL) {
        fprintf(stderr, "`%s` without `%s`\n", ahead_error_message(error), part);
        exit(1);
    }
    ahead_error_free(error);
}

static void no_error(ahead_error_t *error) {
    if (error != NULL) {
        fprintf(stderr, "unexpected: %s\n", ahead_error_message(error));
        exit(1);
    }
}

/* Checks that there is a trap of this kind whose message has `part` in it, and frees it. */
static void expect_trap(ahead_trap_t *trap, ahead_trap_kind_t kind, const char *part) {
    CHECK(trap != NULL);
    if (ahead_trap_kind(trap) != kind || strstr(ahead_trap_message(trap), part) == NULL) {
        fprintf(stderr, "trap %d `%s` without `%s`\n", (int)ahead_trap_kind(trap), ahead_trap_message(trap),
                part);
        exit(1);
    }
    ahead_trap_free(trap);
}

static void no_trap(ahead_trap_t *trap) {
    if (trap != NULL) {
        fprintf(stderr, "unexpected: %s\n", ahead_trap_report(trap));
        exit(1);
    }
}

/* What the host functions share. */
struct host {
    ahead_module_t *module;
    ahead_linker_t *linker;
    ahead_tag_t *tag;
    int frees;
};

static void count_free(void *env) {
    ((struct host *)env)->frees += 1;
}

static ahead_trap_t *echo(void *env, ahead_caller_t *caller, const ahead_value_t *args, size_t args_count,
                          ahead_value_t *results, size_t results_count) {
    (void)env;
    (void)caller;
    CHECK(args_count == 7 && results_count == 7);
    for (size_t i = 0; i < 7; i++) {
        CHECK(args[i].type == results[i].type);
        CHECK(results[i].of.externref == 0);
        results[i] = args[i];
    }
    return NULL;
}

/* What `act` is to do. */
enum {
    RETURN = 0,
    FAIL,
    EXIT,
    CALL_BACK,
    CALL_BACK_AND_TRAP,
    WRONG_TYPE,
    FREE_STORE,
    INSTANTIATE,
    MEMORY,
    THROW,
    CALL_BACK_AND_THROW
};

static ahead_trap_t *act(void *env, ahead_caller_t *caller, const ahead_value_t *args, size_t args_count,
                         ahead_value_t *results, size_t results_count) {
    struct host *host = env;
    ahead_memory_t *memory = ahead_caller_memory(caller);
    ahead_value_t argument = ahead_i32(5);
    uint32_t word = 0;
    CHECK(args_count == 1 && results_count == 1);
    CHECK(ahead_store_user(ahead_caller_store(caller)) == host);
    switch (args[0].of.i32) {
    case RETURN:
        results[0].of.i32 = 7;
        return NULL;
    case FAIL:
        return ahead_trap_new("failed on purpose");
    case EXIT:
        return ahead_trap_exit(9);
    case CALL_BACK:
        return ahead_func_call(ahead_caller_func(caller, "answer"), NULL, 0, results, 1);
    case CALL_BACK_AND_TRAP:
        return ahead_func_call(ahead_caller_func(caller, "trap"), &argument, 1, NULL, 0);
    case WRONG_TYPE:
        results[0] = ahead_f64(1);
        return NULL;
    case FREE_STORE: {
        ahead_store_free(ahead_caller_store(caller));
        /* It is still there. */
        return ahead_func_call(ahead_caller_func(caller, "answer"), NULL, 0, results, 1);
    }
    case INSTANTIATE: {
        ahead_instance_t *instance = NULL;
        expect_error(
            ahead_linker_instantiate(host->linker, ahead_caller_store(caller), host->module, &instance),
            "host function");
        CHECK(instance == NULL);
        return NULL;
    }
    case MEMORY:
        CHECK(ahead_memory_size(memory) == 65536);
        CHECK(ahead_memory_grow(memory, 1));
        CHECK(ahead_memory_write(memory, 65536, "abcd", 4));
        CHECK(ahead_memory_read(memory, 65536, &word, 4) && word == 0x64636261);
        CHECK(ahead_caller_func(caller, "nothing") == NULL);
        results[0].of.i32 = (int32_t)(ahead_memory_size(memory) / 65536);
        return NULL;
    case THROW: {
        ahead_value_t values[2] = {ahead_i32(33), ahead_v128("sixteen bytes it")};
        return ahead_trap_throw(host->tag, values, 2);
    }
    case CALL_BACK_AND_THROW:
        return ahead_func_call(ahead_caller_func(caller, "throw"), &argument, 1, NULL, 0);
    default:
        return ahead_trap_new("no such act");
    }
}

static ahead_linker_t *linker_of(struct host *host) {
    static const ahead_type_t all[] = {AHEAD_I32,  AHEAD_I64,       AHEAD_F32,
                                       AHEAD_F64, AHEAD_EXTERNREF, AHEAD_FUNCREF, AHEAD_V128};
    ahead_linker_t *linker = ahead_linker_new();
    no_error(ahead_linker_define_func(linker, "host", "echo", all, 7, all, 7, echo, host, count_free));
    no_error(ahead_linker_define_func(linker, "host", "act", all, 1, all, 1, act, host, count_free));
    return linker;
}

static void null_is_refused(void) {
    ahead_module_t *module = NULL;
    ahead_instance_t *instance = NULL;
    ahead_store_t *store = ahead_store_new(NULL, NULL);
    ahead_linker_t *linker = ahead_linker_new();
    int32_t code;
    ahead_frame_view_t frame;
    ahead_raw_value_t raw = {{0, 0}};

    CHECK(ahead_error_message(NULL) == NULL && ahead_error_trap(NULL) == NULL);
    expect_error(ahead_module_open(NULL, &module), "`path` is null");
    expect_error(ahead_module_open("x", NULL), "`module` is null");
    expect_error(ahead_module_from_bytes(NULL, 5, &module), "`bytes` is null");
    expect_error(ahead_module_from_bytes("x", 1, NULL), "`module` is null");
    expect_error(ahead_module_adopt(NULL, &module), "`header` is null");
    CHECK(ahead_module_import_count(NULL) == 0 && ahead_module_export_count(NULL) == 0);
    CHECK(!ahead_module_import(NULL, 0, NULL, NULL, NULL) && !ahead_module_export(NULL, 0, NULL, NULL));
    CHECK(ahead_store_user(NULL) == NULL);
    expect_error(ahead_store_set_wasi(NULL, NULL), "`store` is null");
    expect_error(ahead_store_set_wasi(store, NULL), "`config` is null");
    expect_error(ahead_linker_define_func(NULL, "m", "n", NULL, 0, NULL, 0, echo, NULL, NULL), "`linker`");
    expect_error(ahead_linker_define_func(linker, NULL, "n", NULL, 0, NULL, 0, echo, NULL, NULL), "`module`");
    expect_error(ahead_linker_define_func(linker, "m", NULL, NULL, 0, NULL, 0, echo, NULL, NULL), "`name`");
    expect_error(ahead_linker_define_func(linker, "m", "n", NULL, 1, NULL, 0, echo, NULL, NULL), "`params`");
    expect_error(ahead_linker_define_func(linker, "m", "n", NULL, 0, NULL, 1, echo, NULL, NULL), "`results`");
    expect_error(ahead_linker_define_func(linker, "m", "n", NULL, 0, NULL, 0, NULL, NULL, NULL), "`func`");
    expect_error(ahead_linker_define_instance(linker, "m", NULL), "`instance`");
    expect_error(ahead_linker_define_instance(NULL, "m", NULL), "`linker`");
    expect_error(ahead_linker_define_wasi(NULL), "`linker`");
    expect_error(ahead_linker_instantiate(NULL, store, NULL, &instance), "`linker`");
    expect_error(ahead_linker_instantiate(linker, NULL, NULL, &instance), "`store`");
    expect_error(ahead_linker_instantiate(linker, store, NULL, &instance), "`module`");
    CHECK(ahead_instance_func(NULL, "x") == NULL && ahead_instance_memory(NULL, "x") == NULL);
    CHECK(ahead_instance_store(NULL) == NULL);
    CHECK(ahead_func_param_count(NULL) == 0 && ahead_func_result_count(NULL) == 0);
    CHECK(ahead_func_param(NULL, 0) == 0 && ahead_func_result(NULL, 0) == 0);
    expect_trap(ahead_func_call(NULL, NULL, 0, NULL, 0), AHEAD_TRAP_HOST, "`func` is null");
    CHECK(ahead_memory_size(NULL) == 0 && !ahead_memory_grow(NULL, 0));
    CHECK(!ahead_memory_read(NULL, 0, &code, 0) && !ahead_memory_write(NULL, 0, &code, 0));
    CHECK(ahead_memory_view(NULL).bytes == NULL);
    CHECK(ahead_caller_memory(NULL) == NULL && ahead_caller_func(NULL, "x") == NULL);
    CHECK(ahead_caller_store(NULL) == NULL);
    CHECK(!ahead_trap_exit_code(NULL, &code) && ahead_trap_message(NULL) == NULL);
    CHECK(ahead_trap_report(NULL) == NULL && ahead_trap_frame_count(NULL) == 0);
    CHECK(!ahead_trap_frame(NULL, 0, &frame));
    expect_trap(ahead_call_export(NULL, 0, &raw, 1), AHEAD_TRAP_HOST, "`instance` is null");
    expect_trap(ahead_trap_new(NULL), AHEAD_TRAP_HOST, "host function failed");
    CHECK(ahead_wasi_main(NULL, 0, NULL) == 1);

    ahead_error_free(NULL);
    ahead_trap_free(NULL);
    ahead_module_free(NULL);
    ahead_linker_free(NULL);
    ahead_store_free(NULL);
    ahead_linker_free(linker);
    ahead_store_free(store);
    CHECK(module == NULL && instance == NULL);
}

static void modules_say_what_they_are(const ahead_module_t *module) {
    ahead_name_view_t from;
    ahead_name_view_t name;
    ahead_extern_kind_t kind;
    ahead_module_t *none = NULL;
    CHECK(ahead_module_import_count(module) == 2 && ahead_module_export_count(module) == 9);
    CHECK(ahead_module_import(module, 1, &from, &name, &kind));
    CHECK(from.size == 4 && memcmp(from.bytes, "host", 4) == 0);
    CHECK(name.size == 3 && memcmp(name.bytes, "act", 3) == 0 && kind == AHEAD_EXTERN_FUNC);
    CHECK(ahead_module_export(module, 0, &name, &kind));
    CHECK(name.size == 6 && memcmp(name.bytes, "memory", 6) == 0 && kind == AHEAD_EXTERN_MEMORY);
    CHECK(ahead_module_export(module, 5, &name, &kind) && kind == AHEAD_EXTERN_TAG);
    CHECK(!ahead_module_import(module, 2, &from, &name, &kind));
    CHECK(!ahead_module_export(module, 9, &name, &kind));
    expect_error(ahead_module_open("/nowhere/at/all.so", &none), "/nowhere/at/all.so");
    expect_error(ahead_module_from_bytes("not an artefact", 15, &none), "not an Ahead artefact");
    expect_error(ahead_module_from_bytes(NULL, 0, &none), "");
    CHECK(none == NULL);
}

static void linking_names_what_is_missing(const ahead_module_t *module) {
    struct host host = {NULL, NULL, NULL, 0};
    const ahead_type_t wrong[] = {AHEAD_I32, 1};
    ahead_instance_t *instance = NULL;
    ahead_store_t *store = ahead_store_new(NULL, NULL);
    ahead_linker_t *linker = ahead_linker_new();
    expect_error(ahead_linker_instantiate(linker, store, module, &instance), "unknown import");
    no_error(ahead_linker_define_func(linker, "host", "act", wrong, 1, wrong, 1, act, NULL, NULL));
    expect_error(ahead_linker_instantiate(linker, store, module, &instance), "`echo`");
    expect_error(ahead_linker_define_func(linker, "host", "echo", wrong, 2, NULL, 0, echo, &host, count_free),
                 "0x1");
    CHECK(host.frees == 1);
    no_error(ahead_linker_define_func(linker, "host", "echo", wrong, 1, NULL, 0, echo, &host, count_free));
    expect_error(ahead_linker_instantiate(linker, store, module, &instance), "incompatible");
    CHECK(host.frees == 1 && instance == NULL);
    /* Replaced, and freed. */
    no_error(ahead_linker_define_func(linker, "host", "echo", wrong, 1, NULL, 0, echo, &host, count_free));
    CHECK(host.frees == 2);
    ahead_linker_free(linker);
    CHECK(host.frees == 3);
    ahead_store_free(store);
}

static void values_pass_unchanged(ahead_instance_t *instance) {
    ahead_func_t *func = ahead_instance_func(instance, "echo");
    ahead_func_t *answer = ahead_instance_func(instance, "answer");
    ahead_value_t args[7];
    ahead_value_t results[7];
    uint32_t signalling = 0x7fa00001;
    uint64_t payload = 0xfff4000000000123;
    CHECK(func == ahead_instance_func(instance, "echo"));
    CHECK(ahead_func_param_count(func) == 7 && ahead_func_result_count(func) == 7);
    CHECK(ahead_func_param(func, 5) == AHEAD_FUNCREF && ahead_func_result(func, 2) == AHEAD_F32);
    CHECK(ahead_func_param(func, 6) == AHEAD_V128 && ahead_func_param(func, 7) == 0);

    args[0] = ahead_i32(-3);
    args[1] = ahead_i64(INT64_MIN);
    args[2] = ahead_f32(0);
    memcpy(&args[2].of.f32, &signalling, 4);
    args[3] = ahead_f64(0);
    memcpy(&args[3].of.f64, &payload, 8);
    args[4].type = AHEAD_EXTERNREF;
    args[4].of.externref = 0x1234567890abcdef;
    args[5].type = AHEAD_FUNCREF;
    args[5].of.funcref = answer;
    args[6] = ahead_v128("fifteen and none");
    no_trap(ahead_func_call(func, args, 7, results, 7));
    for (int i = 0; i < 7; i++) {
        size_t size = i == 0 || i == 2 ? 4 : i == 6 ? 16 : 8;
        CHECK(results[i].type == args[i].type && memcmp(&results[i].of, &args[i].of, size) == 0);
    }
    args[4].of.externref = 0;
    args[5].of.funcref = NULL;
    no_trap(ahead_func_call(func, args, 7, results, 7));
    CHECK(results[4].of.externref == 0 && results[5].of.funcref == NULL);

    /* A function that the guest hands out is the one that it exports. */
    no_trap(ahead_func_call(ahead_instance_func(instance, "answer_ref"), NULL, 0, results, 1));
    CHECK(results[0].of.funcref == answer);
    no_trap(ahead_func_call(results[0].of.funcref, NULL, 0, results, 1));
    CHECK(results[0].of.i32 == 42);
}

static void wrong_calls_are_traps(ahead_instance_t *instance, const ahead_func_t *foreign) {
    ahead_func_t *answer = ahead_instance_func(instance, "answer");
    ahead_func_t *act = ahead_instance_func(instance, "act");
    ahead_func_t *echo = ahead_instance_func(instance, "echo");
    ahead_value_t values[7] = {ahead_i32(0), ahead_i64(0), ahead_f32(0), ahead_f64(0)};
    ahead_raw_value_t raw[7];
    memset(raw, 0, sizeof raw);
    expect_trap(ahead_func_call(answer, NULL, 0, NULL, 0), AHEAD_TRAP_HOST, "0 results");
    expect_trap(ahead_func_call(answer, NULL, 0, NULL, 1), AHEAD_TRAP_HOST, "`results` is null");
    expect_trap(ahead_func_call(answer, values, 1, values, 1), AHEAD_TRAP_HOST, "1 arguments");
    expect_trap(ahead_func_call(act, values + 1, 1, values, 1), AHEAD_TRAP_HOST, "i64 where i32");
    values[0].type = 3;
    expect_trap(ahead_func_call(act, values, 1, values, 1), AHEAD_TRAP_HOST, "where i32");
    values[0].type = AHEAD_I32;
    values[4].type = AHEAD_EXTERNREF;
    values[4].of.externref = 0;
    values[5].type = AHEAD_FUNCREF;
    values[5].of.funcref = (ahead_func_t *)foreign;
    values[6] = ahead_v128(&values[0].of);
    expect_trap(ahead_func_call(echo, values, 7, values, 7), AHEAD_TRAP_HOST, "another store");

    /* The exports are memory, answer, echo, act, trap, tag, throw, catch, answer_ref. */
    expect_trap(ahead_call_export(instance, 0, raw, 1), AHEAD_TRAP_HOST, "no function");
    expect_trap(ahead_call_export(instance, 9, raw, 1), AHEAD_TRAP_HOST, "no function");
    expect_trap(ahead_call_export(instance, 1, raw, 0), AHEAD_TRAP_HOST, "needs 1");
    expect_trap(ahead_call_export(instance, 1, NULL, 1), AHEAD_TRAP_HOST, "needs 1");
    no_trap(ahead_call_export(instance, 1, raw, 1));
    CHECK(raw[0].bits[0] == 42);
    raw[5].bits[0] = (uintptr_t)foreign;
    expect_trap(ahead_call_export(instance, 2, raw, 7), AHEAD_TRAP_HOST, "another store");
    raw[5].bits[0] = (uintptr_t)answer;
    raw[4].bits[0] = 77;
    raw[6].bits[1] = 78;
    no_trap(ahead_call_export(instance, 2, raw, 7));
    CHECK(raw[5].bits[0] == (uintptr_t)answer && raw[4].bits[0] == 77 && raw[0].bits[0] == 42);
    CHECK(raw[6].bits[1] == 78);
}

static ahead_trap_t *do_act(ahead_instance_t *instance, int what, int32_t *result) {
    ahead_value_t arg = ahead_i32(what);
    ahead_value_t returned = ahead_i32(-1);
    ahead_trap_t *trap = ahead_func_call(ahead_instance_func(instance, "act"), &arg, 1, &returned, 1);
    *result = returned.of.i32;
    return trap;
}

static void exceptions_are_thrown_and_caught(ahead_instance_t *instance, struct host *host) {
    ahead_value_t value = ahead_i32(9), other = ahead_i32(1);
    ahead_tag_t *tag = ahead_instance_tag(instance, "tag");
    ahead_store_t *store = ahead_instance_store(instance);
    static const ahead_type_t params[] = {AHEAD_I32, AHEAD_V128}, nonsense[] = {1};
    CHECK(tag != NULL && tag == ahead_instance_tag(instance, "tag"));
    CHECK(ahead_instance_tag(instance, "answer") == NULL && ahead_instance_tag(NULL, "tag") == NULL);

    /* Thrown by the guest, caught by nobody. */
    ahead_trap_t *trap = ahead_func_call(ahead_instance_func(instance, "throw"), &value, 1, NULL, 0);
    CHECK(trap != NULL && ahead_trap_kind(trap) == AHEAD_TRAP_UNCAUGHT_EXCEPTION);
    CHECK(ahead_tag_catches(tag, trap) && ahead_trap_frame_count(trap) == 1);
    CHECK(ahead_tag_value(tag, trap, 0, &value) && value.type == AHEAD_I32 && value.of.i32 == 9);
    CHECK(ahead_tag_value(tag, trap, 1, &value) && value.type == AHEAD_V128 && value.of.v128[8] == 8);
    CHECK(!ahead_tag_value(tag, trap, 2, &value) && !ahead_tag_value(tag, NULL, 0, &value));
    ahead_tag_t *own = ahead_tag_new(store, params, 2);
    CHECK(own != NULL && own != tag && !ahead_tag_catches(own, trap));
    CHECK(!ahead_tag_value(own, trap, 0, &value) && ahead_tag_new(store, nonsense, 1) == NULL);
    ahead_trap_free(trap);

    /* Thrown by the host, caught by the guest; or by the guest further in. */
    host->tag = tag;
    value = ahead_i32(THROW);
    no_trap(ahead_func_call(ahead_instance_func(instance, "catch"), &value, 1, &value, 1));
    CHECK(value.of.i32 == 33);
    value = ahead_i32(CALL_BACK_AND_THROW);
    no_trap(ahead_func_call(ahead_instance_func(instance, "catch"), &value, 1, &value, 1));
    CHECK(value.of.i32 == 5);

    /* Another tag is not what the guest catches. */
    host->tag = own;
    value = ahead_i32(THROW);
    trap = ahead_func_call(ahead_instance_func(instance, "catch"), &value, 1, &other, 1);
    CHECK(trap != NULL && ahead_tag_catches(own, trap) && other.of.i32 == 1);
    ahead_trap_free(trap);
    expect_trap(ahead_trap_throw(tag, &value, 1), AHEAD_TRAP_HOST, "1 values");
    expect_trap(ahead_trap_throw(NULL, NULL, 0), AHEAD_TRAP_HOST, "`tag` is null");

    ahead_linker_t *linker = ahead_linker_new();
    no_error(ahead_linker_define_tag(linker, "m", "t", own));
    expect_error(ahead_linker_define_tag(linker, "m", "t", NULL), "`tag`");
    ahead_linker_free(linker);
}

static void host_functions_do_what_they_may(ahead_instance_t *instance) {
    int32_t result;
    int32_t code = 0;
    ahead_frame_view_t frame;
    ahead_trap_t *trap;
    no_trap(do_act(instance, RETURN, &result));
    CHECK(result == 7);
    expect_trap(do_act(instance, FAIL, &result), AHEAD_TRAP_HOST, "failed on purpose");
    CHECK(result == -1);
    trap = do_act(instance, EXIT, &result);
    CHECK(ahead_trap_exit_code(trap, &code) && code == 9);
    expect_trap(trap, AHEAD_TRAP_EXIT, "9");
    no_trap(do_act(instance, CALL_BACK, &result));
    CHECK(result == 42);

    trap = do_act(instance, CALL_BACK_AND_TRAP, &result);
    CHECK(ahead_trap_frame_count(trap) >= 1 && ahead_trap_frame(trap, 0, &frame));
    CHECK(strcmp(frame.func_name, "deep") == 0 && strcmp(frame.module_name, "guest") == 0);
    CHECK(frame.wasm_offset != UINT32_MAX);
    CHECK(!ahead_trap_frame(trap, ahead_trap_frame_count(trap), &frame));
    CHECK(strstr(ahead_trap_report(trap), "deep") != NULL);
    CHECK(!ahead_trap_exit_code(trap, &code));
    expect_trap(trap, AHEAD_TRAP_MEMORY_OUT_OF_BOUNDS, "out of bounds");

    expect_trap(do_act(instance, WRONG_TYPE, &result), AHEAD_TRAP_HOST, "f64 where i32");
    no_trap(do_act(instance, FREE_STORE, &result));
    CHECK(result == 42);
    no_trap(do_act(instance, INSTANTIATE, &result));
    no_trap(do_act(instance, MEMORY, &result));
    CHECK(result == 2);
}

static void memory_ends_where_it_ends(ahead_instance_t *instance) {
    ahead_memory_t *memory = ahead_instance_memory(instance, "memory");
    char bytes[4] = {0};
    CHECK(memory != NULL && memory == ahead_instance_memory(instance, "memory"));
    CHECK(ahead_instance_memory(instance, "answer") == NULL && ahead_instance_func(instance, "memory") == NULL);
    CHECK(ahead_memory_size(memory) == 131072);
    CHECK(ahead_memory_write(memory, 131068, "last", 4));
    CHECK(ahead_memory_read(memory, 131068, bytes, 4) && memcmp(bytes, "last", 4) == 0);
    CHECK(ahead_memory_read(memory, 131072, NULL, 0) && ahead_memory_write(memory, 131072, NULL, 0));
    CHECK(!ahead_memory_read(memory, 131069, bytes, 4) && !ahead_memory_write(memory, 131069, "lost", 4));
    CHECK(!ahead_memory_read(memory, UINT64_MAX, bytes, 4) && !ahead_memory_read(memory, 1, bytes, SIZE_MAX));
    CHECK(!ahead_memory_read(memory, 0, NULL, 4) && !ahead_memory_write(memory, 0, NULL, 4));
    CHECK(ahead_memory_read(memory, 131068, bytes, 4) && memcmp(bytes, "last", 4) == 0);
    ahead_memory_view_t view = ahead_memory_view(memory);
    CHECK(view.size == 131072 && memcmp(view.bytes + 131068, "last", 4) == 0);
    CHECK(!ahead_memory_grow(memory, 2) && !ahead_memory_grow(memory, UINT64_MAX));
    CHECK(ahead_memory_grow(memory, 1) && ahead_memory_size(memory) == 196608);
}

static void instances_can_be_linked(ahead_instance_t *instance, const ahead_module_t *importer) {
    ahead_linker_t *linker = ahead_linker_new();
    ahead_instance_t *second = NULL;
    ahead_value_t result;
    uint32_t two = 2;
    no_error(ahead_linker_define_instance(linker, "other", instance));
    no_error(ahead_linker_instantiate(linker, ahead_instance_store(instance), importer, &second));
    CHECK(ahead_instance_store(second) == ahead_instance_store(instance));
    ahead_memory_write(ahead_instance_memory(instance, "memory"), 8, &two, 4);
    no_trap(ahead_func_call(ahead_instance_func(second, "twice"), NULL, 0, &result, 1));
    CHECK(result.of.i32 == 84);
    ahead_linker_free(linker);
}

static void limits_hold(const ahead_module_t *module) {
    struct host host = {NULL, NULL, NULL, 0};
    ahead_store_config_t config = {0, 65536 - 1, 0};
    ahead_store_t *store = ahead_store_new(&config, &host);
    ahead_linker_t *linker = linker_of(&host);
    ahead_instance_t *instance = NULL;
    expect_error(ahead_linker_instantiate(linker, store, module, &instance), "limit");
    CHECK(instance == NULL);
    ahead_store_free(store);

    config.memory_bytes_max = 65536;
    store = ahead_store_new(&config, &host);
    no_error(ahead_linker_instantiate(linker, store, module, &instance));
    CHECK(!ahead_memory_grow(ahead_instance_memory(instance, "memory"), 1));
    /* A linker may go before the stores that use its functions. */
    ahead_linker_free(linker);
    CHECK(host.frees == 0);
    int32_t result;
    no_trap(do_act(instance, RETURN, &result));
    ahead_store_free(store);
    CHECK(host.frees == 2);
}

static void wasi_gives_what_it_was_given(const ahead_module_t *command) {
    static const char *const args[] = {"prog", "\xff"};
    static const char *const env[] = {"A=b=c"};
    static const char *const wrong[] = {"A"};
    static const char *const null[] = {NULL};
    ahead_wasi_config_t config;
    ahead_linker_t *linker = ahead_linker_new();
    ahead_store_t *store = ahead_store_new(NULL, NULL);
    ahead_instance_t *instance;
    char out[64] = {0};
    int ends[2];
    CHECK(pipe(ends) == 0);
    memset(&config, 0, sizeof config);
    config.args = args;
    config.args_count = 2;
    config.env = wrong;
    config.env_count = 1;
    expect_error(ahead_store_set_wasi(store, &config), "no `=`");
    config.env = null;
    expect_error(ahead_store_set_wasi(store, &config), "`env[0]` is null");
    config.env = NULL;
    expect_error(ahead_store_set_wasi(store, &config), "`env` is null");
    config.env = env;
    config.stdout_stream.kind = AHEAD_STDIO_FD;
    config.stdout_stream.fd = -1;
    expect_error(ahead_store_set_wasi(store, &config), "-1");
    config.stdout_stream.fd = 9999;
    expect_error(ahead_store_set_wasi(store, &config), "9999");
    config.stderr_stream.kind = (ahead_stdio_kind_t)77;
    config.stdout_stream.fd = ends[1];
    expect_error(ahead_store_set_wasi(store, &config), "77");
    config.stderr_stream.kind = AHEAD_STDIO_CLOSED;
    config.dirs_count = 1;
    expect_error(ahead_store_set_wasi(store, &config), "`dirs` is null");
    ahead_dir_t dir = {NULL, "/here", true};
    config.dirs = &dir;
    expect_error(ahead_store_set_wasi(store, &config), "`dirs[].host` is null");
    dir.host = "no such directory";
    expect_error(ahead_store_set_wasi(store, &config), "`no such directory`");
    dir.host = ".";
    const int no_socket = -1;
    config.listeners = &no_socket;
    config.listeners_count = 1;
    expect_error(ahead_store_set_wasi(store, &config), "-1");
    config.listeners_count = 0;
    config.path_lookup = (ahead_path_lookup_t)77;
    expect_error(ahead_store_set_wasi(store, &config), "ahead_path_lookup_t");
    config.path_lookup = AHEAD_PATH_LOOKUP_WALK;
    config.blocking = (ahead_blocking_t)77;
    expect_error(ahead_store_set_wasi(store, &config), "ahead_blocking_t");
    config.blocking = AHEAD_BLOCKING_FORBIDDEN;
    config.descriptors_max = 3;
    expect_error(ahead_store_set_wasi(store, &config), "more than the 3");
    config.descriptors_max = 4;
    no_error(ahead_store_set_wasi(store, &config));
    close(ends[1]);

    no_error(ahead_linker_define_wasi(linker));
    no_error(ahead_linker_instantiate(linker, store, command, &instance));
    ahead_trap_t *trap = ahead_func_call(ahead_instance_func(instance, "_start"), NULL, 0, NULL, 0);
    expect_trap(trap, AHEAD_TRAP_EXIT, "3");
    ahead_linker_free(linker);
    ahead_store_free(store);
    /* With the store gone, so is its end of the pipe: there is an end to read to. */
    size_t size = 0;
    ssize_t got;
    while ((got = read(ends[0], out + size, sizeof out - size)) > 0) {
        size += (size_t)got;
    }
    CHECK(got == 0 && size == 18 && memcmp(out, "prog\0\xff\0A=b=c\0/here", 18) == 0);
    close(ends[0]);
}

static void wasi_bounds_what_is_written(const ahead_module_t *command) {
    static const char *const args[] = {"0123456789"};
    ahead_wasi_config_t config;
    ahead_linker_t *linker = ahead_linker_new();
    FILE *out = tmpfile();
    char bytes[64];
    CHECK(out != NULL);
    memset(&config, 0, sizeof config);
    config.args = args;
    config.args_count = 1;
    config.stdout_stream.kind = AHEAD_STDIO_FD;
    config.stdout_stream.fd = fileno(out);
    config.written_bytes_max = 7;
    config.files_max = 1;
    ahead_dir_t dir = {".", NULL, true};
    config.dirs = &dir;
    config.dirs_count = 1;
    config.path_lookup = AHEAD_PATH_LOOKUP_WALK;
    no_error(ahead_linker_define_wasi(linker));
    ahead_store_t *store = ahead_store_new(NULL, NULL);
    ahead_instance_t *instance;
    no_error(ahead_store_set_wasi(store, &config));
    no_error(ahead_linker_instantiate(linker, store, command, &instance));
    ahead_trap_free(ahead_func_call(ahead_instance_func(instance, "_start"), NULL, 0, NULL, 0));
    ahead_store_free(store);
    ahead_linker_free(linker);
    rewind(out);
    CHECK(fread(bytes, 1, sizeof bytes, out) == 7 && memcmp(bytes, "0123456", 7) == 0);
    fclose(out);
}

int main(int argc, char **argv) {
    ahead_module_t *module;
    ahead_module_t *importer;
    ahead_module_t *command;
    CHECK(argc == 4);
    null_is_refused();
    no_error(ahead_module_open(argv[1], &module));
    no_error(ahead_module_open(argv[2], &importer));
    no_error(ahead_module_open(argv[3], &command));

    modules_say_what_they_are(module);
    linking_names_what_is_missing(module);

    struct host host = {module, NULL, NULL, 0};
    host.linker = linker_of(&host);
    ahead_store_t *store = ahead_store_new(NULL, &host);
    ahead_store_t *other = ahead_store_new(NULL, &host);
    ahead_instance_t *instance;
    ahead_instance_t *foreign;
    no_error(ahead_linker_instantiate(host.linker, store, module, &instance));
    no_error(ahead_linker_instantiate(host.linker, other, module, &foreign));
    values_pass_unchanged(instance);
    wrong_calls_are_traps(instance, ahead_instance_func(foreign, "answer"));
    exceptions_are_thrown_and_caught(instance, &host);
    host_functions_do_what_they_may(instance);
    memory_ends_where_it_ends(instance);
    instances_can_be_linked(instance, importer);
    limits_hold(module);
    wasi_gives_what_it_was_given(command);
    wasi_bounds_what_is_written(command);

    /* A module may go before its instances. */
    int32_t result;
    ahead_module_free(module);
    ahead_module_free(importer);
    ahead_module_free(command);
    no_trap(do_act(instance, RETURN, &result));
    CHECK(result == 7 && host.frees == 0);
    ahead_store_free(other);
    ahead_store_free(store);
    ahead_linker_free(host.linker);
    CHECK(host.frees == 2);
    return 0;
}
