/*
 * Calls exports of a linked object whose C functions take and give vectors. Exits with 1 and says what is not so.
 */

#include "guest.h"
#include <ahead.h>
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

/* The vector whose bytes count up from `first`. */
static ahead_v128_t from(uint8_t first) {
    ahead_v128_t vector;
    for (int i = 0; i < 16; i++) {
        vector[i] = (uint8_t)(first + i);
    }
    return vector;
}

static int same(ahead_v128_t left, ahead_v128_t right) {
    return memcmp(&left, &right, sizeof left) == 0;
}

int main(void) {
    ahead_module_t *module;
    ahead_instance_t *guest;
    ahead_store_t *store = ahead_store_new(NULL, NULL);
    ahead_linker_t *linker = ahead_linker_new();
    CHECK(ahead_module_adopt(guest_module, &module) == NULL);
    CHECK(ahead_linker_instantiate(linker, store, module, &guest) == NULL);

    ahead_v128_t first, second;
    int32_t number;
    double real;
    CHECK(guest_swap(guest, -7, from(10), 0.5, from(200), &first, &number, &second, &real) == NULL);
    CHECK(same(first, from(200)) && number == -7 && same(second, from(10)) && real == 0.5);

    ahead_v128_t z = from(0), one = z + 1;
    CHECK(guest_last(guest, z, z, z, z, z, z, z, one, 3, from(100), &first) == NULL);
    CHECK(same(first, from(100) - one));

    ahead_store_free(store);
    ahead_linker_free(linker);
    ahead_module_free(module);
    return 0;
}
