// The C library's sort through a comparison function: indirect calls.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b) {
  uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return (left > right) - (left < right);
}

int main(void) {
  enum { COUNT = 400000 };
  uint32_t *numbers = malloc(COUNT * sizeof *numbers), x = 1;
  for (int i = 0; i < COUNT; i++) numbers[i] = x = x * 1664525 + 1013904223;
  qsort(numbers, COUNT, sizeof *numbers, by_size);
  uint32_t print = 0;
  for (int i = 0; i < COUNT; i++) print = print * 31 + numbers[i];
  printf("%08x\n", print);
  return 0;
}
