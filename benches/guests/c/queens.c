// The places of twelve queens: recursion and bits.
#include <stdint.h>
#include <stdio.h>

static uint32_t place(uint32_t all, uint32_t columns, uint32_t left, uint32_t right) {
  if (columns == all) return 1;
  uint32_t count = 0;
  for (uint32_t free = all & ~(columns | left | right); free; free &= free - 1) {
    uint32_t one = free & -free;
    count += place(all, columns | one, (left | one) << 1, (right | one) >> 1);
  }
  return count;
}

int main(void) {
  printf("%u\n", place((1u << 12) - 1, 0, 0, 0));
  return 0;
}
