// What compiled C++ needs at run time to throw and catch: the part of the Itanium C++ ABI that the guests here use, for
// exceptions of classes with at most one base. Whose handler is whose is told by the compiler's tables (`find_handler`).

#include "wasi.h"

using size_t = __SIZE_TYPE__;

namespace {

struct TypeInfo {
    const void *vtable;
    const char *name;
    // Only if the vtable is that of classes with one base.
    const TypeInfo *base;
};

struct Exception {
    const TypeInfo *type;
    // A destructor gives back what it is called for.
    void *(*destroy)(void *);
    // How many handlers have it; negative while it is on its way out of them again.
    int handlers;
    // The exception whose handler was entered before.
    Exception *outer;
    alignas(16) char object[];
};

Exception *of_object(void *object) {
    return reinterpret_cast<Exception *>(static_cast<char *>(object) - __builtin_offsetof(Exception, object));
}

// Those whose handlers are running, the innermost first.
Exception *caught;

// Never more than a few at once.
alignas(16) char arena[4096];
size_t arena_used;
int live;

size_t read_uleb(const unsigned char *&at) {
    size_t value = 0;
    for (int shift = 0;; shift += 7) {
        unsigned char byte = *at++;
        value |= static_cast<size_t>(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
}

int read_sleb(const unsigned char *&at) {
    unsigned value = 0;
    int shift = 0;
    unsigned char byte;
    do {
        byte = *at++;
        value |= static_cast<unsigned>(byte & 0x7f) << shift;
        shift += 7;
    } while (byte >= 0x80);
    return (byte & 0x40) != 0 && shift < 32 ? static_cast<int>(value | ~0u << shift) : static_cast<int>(value);
}

}  // namespace

extern "C" {

// Their addresses say which kind of class a `TypeInfo` is of.
void *_ZTVN10__cxxabiv117__class_type_infoE[3];
void *_ZTVN10__cxxabiv120__si_class_type_infoE[3];

// What a landing pad tells, and is told: the handler that takes the exception.
thread_local struct {
    int index;
    const unsigned char *table;
    int selector;
} __wasm_lpad_context;

}

namespace {

bool is_a(const TypeInfo *type, const TypeInfo *wanted) {
    while (type != wanted) {
        if (type->vtable != &_ZTVN10__cxxabiv120__si_class_type_infoE[2]) {
            return false;
        }
        type = type->base;
    }
    return true;
}

// The table of a function: encodings, the offset of its types' end, for each landing pad its number and the first of its
// actions, then the actions: which type (its number from the end), and where the next one is. 0 is a clean-up.
int find_handler(const Exception *exception, int index, const unsigned char *at) {
    const unsigned char omitted = 0xff;
    at++;
    const TypeInfo *const *types_end = nullptr;
    if (*at++ != omitted) {
        size_t offset = read_uleb(at);
        types_end = reinterpret_cast<const TypeInfo *const *>(at + offset);
    }
    at++;
    size_t pads_size = read_uleb(at);
    const unsigned char *actions = at + pads_size;
    size_t action = 0;
    for (int pad = 0; pad <= index; pad++) {
        read_uleb(at);
        action = read_uleb(at);
    }
    while (action != 0) {
        const unsigned char *record = actions + (action - 1);
        int type = read_sleb(record);
        const unsigned char *next = record;
        if (type > 0) {
            const TypeInfo *wanted = types_end[-type];
            if (wanted == nullptr || is_a(exception->type, wanted)) {
                return type;
            }
        }
        int offset = read_sleb(record);
        action = offset == 0 ? 0 : static_cast<size_t>(next - actions + offset) + 1;
    }
    return 0;
}

}  // namespace

extern "C" {

int _Unwind_CallPersonality(void *thrown) {
    auto &context = __wasm_lpad_context;
    context.selector = find_handler(static_cast<Exception *>(thrown), context.index, context.table);
    return 0;
}

int __gxx_wasm_personality_v0() {
    __builtin_trap();
}

void *__cxa_allocate_exception(size_t size) {
    if (live++ == 0) {
        arena_used = 0;
    }
    auto *exception = reinterpret_cast<Exception *>(arena + arena_used);
    arena_used += (sizeof(Exception) + size + 15) & ~size_t{15};
    if (arena_used > sizeof arena) {
        __builtin_trap();
    }
    exception->handlers = 0;
    exception->outer = nullptr;
    return exception->object;
}

void __cxa_free_exception(void *) {
    live--;
}

[[noreturn]] void __cxa_throw(void *object, void *type, void *(*destroy)(void *)) {
    Exception *exception = of_object(object);
    exception->type = static_cast<const TypeInfo *>(type);
    exception->destroy = destroy;
    __builtin_wasm_throw(0, exception);
    __builtin_unreachable();
}

void *__cxa_begin_catch(void *thrown) {
    auto *exception = static_cast<Exception *>(thrown);
    if (exception->handlers < 0) {
        exception->handlers = -exception->handlers;
    }
    exception->handlers++;
    if (caught != exception) {
        exception->outer = caught;
        caught = exception;
    }
    return exception->object;
}

void __cxa_end_catch() {
    Exception *exception = caught;
    if (exception->handlers < 0) {
        if (++exception->handlers == 0) {
            caught = exception->outer;
        }
        return;
    }
    if (--exception->handlers > 0) {
        return;
    }
    caught = exception->outer;
    if (exception->destroy != nullptr) {
        exception->destroy(exception->object);
    }
    __cxa_free_exception(exception->object);
}

[[noreturn]] void __cxa_rethrow() {
    caught->handlers = -caught->handlers;
    __builtin_wasm_throw(0, caught);
    __builtin_unreachable();
}

[[noreturn]] void _ZSt9terminatev() {
    print("terminated\n");
    __builtin_trap();
}

}

void operator delete(void *, size_t) noexcept {}
void operator delete(void *) noexcept {}
