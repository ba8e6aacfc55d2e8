// Output for guests that have no C library.

#pragma once

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *bytes;
    __SIZE_TYPE__ size;
} wasi_ciovec_t;

__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write")))
int wasi_fd_write(int fd, const wasi_ciovec_t *buffers, int buffers_count, int *written);

#ifdef __cplusplus
}
#endif

static inline void print(const char *text) {
    wasi_ciovec_t buffer = {text, 0};
    while (text[buffer.size] != 0) {
        buffer.size++;
    }
    int written;
    wasi_fd_write(1, &buffer, 1, &written);
}

static inline void print_number(int number) {
    char digits[12], *start = digits + sizeof digits;
    unsigned rest = number < 0 ? 0u - (unsigned)number : (unsigned)number;
    *--start = 0;
    do {
        *--start = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0) {
        *--start = '-';
    }
    print(start);
}

static inline void line(const char *text, int number) {
    print(text);
    print(" ");
    print_number(number);
    print("\n");
}
