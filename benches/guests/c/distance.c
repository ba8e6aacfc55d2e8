// Edit distance of two texts of 4000 letters: minima of three, row by row.
#include <stdint.h>
#include <stdio.h>

enum { N = 4000 };
static uint8_t a[N], b[N];
static uint32_t row[N + 1];

int main(void) {
  uint32_t x = 5;
  for (int i = 0; i < N; i++) a[i] = (x = x * 1664525 + 1013904223) >> 30, b[i] = x >> 27 & 3;
  for (uint32_t j = 0; j <= N; j++) row[j] = j;
  for (uint32_t i = 1; i <= N; i++) {
    uint32_t corner = row[0];
    row[0] = i;
    for (uint32_t j = 1; j <= N; j++) {
      uint32_t change = corner + (a[i - 1] != b[j - 1]), least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
      corner = row[j];
      row[j] = change < least ? change : least;
    }
  }
  printf("%u\n", row[N]);
  return 0;
}
