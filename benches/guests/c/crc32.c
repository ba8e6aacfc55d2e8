// CRC-32 of 32 MiB, a table look-up for each byte.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  uint32_t table[256], crc = ~0u;
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int bit = 0; bit < 8; bit++) c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
    table[i] = c;
  }
  enum { LENGTH = 1 << 20 };
  uint8_t *bytes = malloc(LENGTH);
  for (int i = 0; i < LENGTH; i++) bytes[i] = i ^ i >> 8;
  for (int round = 0; round < 32; round++)
    for (int i = 0; i < LENGTH; i++) crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
  printf("%08x\n", ~crc);
  return 0;
}
