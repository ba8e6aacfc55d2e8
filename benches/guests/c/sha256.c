// SHA-256 of 8 MiB: 32-bit rotations and additions.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t round_constants[64], state[8];

// The constants are the fractional parts of cube and square roots of primes: found here by search on integers.
static uint32_t root_fraction(uint32_t prime, int power) {
  // The largest r with r^power <= prime * 2^(32 * power), of which the low 32 bits are wanted.
  unsigned __int128 low = 0, high = (unsigned __int128)1 << 40;
  while (high - low > 1) {
    unsigned __int128 middle = (low + high) / 2, value = middle;
    // middle < 2^40, so its cube is below 2^120.
    for (int i = 1; i < power; i++) value *= middle;
    if (value <= (unsigned __int128)prime << (32 * power)) low = middle;
    else high = middle;
  }
  return (uint32_t)low;
}

static uint32_t right(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void block(const uint8_t *bytes) {
  uint32_t w[64], s[8];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 | bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (right(a, 7) ^ right(a, 18) ^ a >> 3) + w[i - 7] + (right(b, 17) ^ right(b, 19) ^ b >> 10);
  }
  memcpy(s, state, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t one = right(s[4], 6) ^ right(s[4], 11) ^ right(s[4], 25), choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    uint32_t first = s[7] + one + choice + round_constants[i] + w[i];
    uint32_t zero = right(s[0], 2) ^ right(s[0], 13) ^ right(s[0], 22);
    uint32_t second = zero + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += first;
    s[0] = first + second;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

int main(void) {
  int found = 0;
  for (uint32_t n = 2; found < 64; n++) {
    int prime = 1;
    for (uint32_t d = 2; d * d <= n; d++) prime &= n % d != 0;
    if (!prime) continue;
    if (found < 8) state[found] = root_fraction(n, 2);
    round_constants[found++] = root_fraction(n, 3);
  }
  enum { LENGTH = 8 << 20 };
  uint8_t *text = malloc(LENGTH + 64);
  for (int i = 0; i < LENGTH; i++) text[i] = i * 7 + (i >> 9);
  memset(text + LENGTH, 0, 64);
  text[LENGTH] = 0x80;
  uint64_t bits = (uint64_t)LENGTH * 8;
  for (int i = 0; i < 8; i++) text[LENGTH + 63 - i] = bits >> 8 * i;
  for (int at = 0; at < LENGTH + 64; at += 64) block(text + at);
  for (int i = 0; i < 8; i++) printf("%08x", state[i]);
  puts("");
  return 0;
}
