// Digits of pi by Machin's formula on numbers of many words: 64-bit division and carries.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 6000, WORDS = DIGITS / 9 + 4 };
typedef uint32_t Number[WORDS];  // base 10^9, the whole part first

static void divide(Number n, uint32_t by) {
  uint64_t rest = 0;
  for (int i = 0; i < WORDS; i++) {
    rest = rest * 1000000000 + n[i];
    n[i] = rest / by;
    rest %= by;
  }
}

static void add(Number to, const Number n, int sign) {
  int64_t carry = 0;
  for (int i = WORDS - 1; i >= 0; i--) {
    int64_t sum = (int64_t)to[i] + sign * (int64_t)n[i] + carry;
    carry = sum < 0 ? -1 : sum >= 1000000000;
    to[i] = sum - carry * 1000000000;
  }
}

static int is_zero(const Number n) {
  for (int i = 0; i < WORDS; i++)
    if (n[i]) return 0;
  return 1;
}

static void arctangent(Number sum, uint32_t factor, uint32_t of, int sign) {
  Number power = {factor}, term;
  divide(power, of);
  for (uint32_t k = 1; !is_zero(power); k += 2, sign = -sign) {
    memcpy(term, power, sizeof term);
    divide(term, k);
    add(sum, term, sign);
    divide(power, of * of);
  }
}

int main(void) {
  Number pi = {0};
  arctangent(pi, 16, 5, 1);
  arctangent(pi, 4, 239, -1);
  printf("%u.", pi[0]);
  for (int i = 1; i <= DIGITS / 9; i++) printf("%09u", pi[i]);
  puts("");
  return 0;
}
