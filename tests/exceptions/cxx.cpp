// C++ exceptions as clang compiles them: each part prints what it did.

#include "wasi.h"

namespace {

// Says when it goes.
struct Guard {
    const char *name;
    explicit Guard(const char *name) : name(name) {}
    ~Guard() {
        print("~");
        print(name);
        print("\n");
    }
};

struct Error {
    int code;
    explicit Error(int code) : code(code) {}
    virtual int doubled() const {
        return code * 2;
    }
};

struct Special : Error {
    using Error::Error;
    int doubled() const override {
        return code * 20;
    }
};

struct Other {
    int code;
    ~Other() {
        line("~other", code);
    }
};

// Thrown from where the compiler cannot see it.
__attribute__((noinline)) void fail(int code) {
    switch (code % 4) {
    case 1:
        throw Error(code);
    case 2:
        throw Special(code);
    case 3:
        throw Other{code};
    default:
        line("no failure", code);
    }
}

__attribute__((noinline)) void through(int code, int frames) {
    Guard guard("frame");
    if (frames == 0) {
        fail(code);
    } else {
        through(code, frames - 1);
    }
}

void (*volatile called)(int) = fail;

void by_type() {
    for (int code = 0; code < 8; code++) {
        try {
            Guard guard("try");
            called(code);
        } catch (const Special &special) {
            line("special", special.doubled());
        } catch (const Error &error) {
            line("error", error.doubled());
        } catch (...) {
            line("anything", code);
        }
    }
}

void across_frames() {
    try {
        through(2, 3);
    } catch (const Error &error) {
        line("came across", error.doubled());
    }
}

__attribute__((noinline)) void again(int code) {
    try {
        fail(code);
    } catch (const Error &error) {
        Guard guard("again");
        line("first", error.code);
        throw;
    }
}

void rethrown() {
    for (int code = 1; code < 4; code++) {
        try {
            again(code);
        } catch (const Error &error) {
            line("second", error.code);
        } catch (const Other &other) {
            line("other", other.code);
        }
    }
}

void one_in_another() {
    try {
        try {
            fail(1);
        } catch (const Error &outer) {
            try {
                fail(3);
            } catch (const Other &inner) {
                line("inner", inner.code);
            }
            line("outer is still", outer.code);
            throw Special(outer.code + 1);
        }
    } catch (const Special &last) {
        line("last", last.doubled());
    }
}

struct InDestructor {
    ~InDestructor() {
        try {
            fail(1);
        } catch (const Error &error) {
            line("in a destructor", error.code);
        }
    }
};

void while_unwinding() {
    try {
        InDestructor first;
        InDestructor second;
        fail(2);
    } catch (const Special &special) {
        line("after it", special.code);
    }
}

__attribute__((noinline)) int deep(int frames) {
    if (frames == 0) {
        throw Error(7);
    }
    return deep(frames - 1) + 1;
}

void from_far() {
    int sum = 0;
    for (int round = 0; round < 100; round++) {
        try {
            sum += deep(1000);
        } catch (const Error &error) {
            sum += error.code;
        }
    }
    line("from far", sum);
}

int in_a_loop() {
    int caught = 0;
    for (int i = 0; i < 100000; i++) {
        try {
            if (i % 3 == 0) {
                throw Error(i);
            }
            caught += 1000000000;
        } catch (const Error &error) {
            caught -= error.code % 2;
            continue;
        }
        caught -= 1000000000;
    }
    return caught;
}

}  // namespace

extern "C" void _start() {
    by_type();
    across_frames();
    rethrown();
    one_in_another();
    while_unwinding();
    from_far();
    line("in a loop", in_a_loop());
}
