// A Lempel-Ziv compressor with a hash table, and back again: short copies, unpredictable branches.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH = 2 << 20, TABLE = 1 << 14, LEAST = 4, LONGEST = 255 + LEAST };
static int32_t heads[TABLE];

static uint32_t hash(const uint8_t *at) {
  uint32_t word;
  memcpy(&word, at, 4);
  return word * 2654435761u >> 18;
}

// A literal is 0 and the byte; a copy is 1, its length and its distance in two bytes.
static size_t pack(const uint8_t *from, size_t length, uint8_t *to) {
  size_t at = 0, out = 0;
  memset(heads, 0xff, sizeof heads);
  while (at < length) {
    size_t match = 0, distance = 0;
    if (at + LEAST <= length) {
      int32_t *head = &heads[hash(from + at)];
      if (*head >= 0 && at - *head < 65536) {
        size_t most = length - at < LONGEST ? length - at : LONGEST;
        while (match < most && from[*head + match] == from[at + match]) match++;
        distance = at - *head;
      }
      *head = at;
    }
    if (match >= LEAST) {
      to[out++] = 1, to[out++] = match - LEAST, to[out++] = distance, to[out++] = distance >> 8;
      at += match;
    } else {
      to[out++] = 0, to[out++] = from[at++];
    }
  }
  return out;
}

static size_t unpack(const uint8_t *from, size_t length, uint8_t *to) {
  size_t out = 0;
  for (size_t at = 0; at < length;) {
    if (from[at] == 0) {
      to[out++] = from[at + 1];
      at += 2;
    } else {
      size_t count = from[at + 1] + LEAST, distance = from[at + 2] | from[at + 3] << 8;
      for (; count; count--, out++) to[out] = to[out - distance];
      at += 4;
    }
  }
  return out;
}

int main(void) {
  static const char *words[] = {"the ", "memory ", "of ", "a ", "module ", "is ", "an ", "array ", "bytes ", "and "};
  uint8_t *text = malloc(LENGTH + 16), *packed = malloc(2 * LENGTH + 64), *back = malloc(LENGTH + 512);
  uint32_t x = 7;
  size_t length = 0;
  while (length < LENGTH) {
    const char *word = words[(x = x * 1664525 + 1013904223) >> 16 & 7];
    size_t letters = strlen(word);
    memcpy(text + length, word, letters);
    length += letters;
    if ((x >> 12 & 15) == 0) text[length++] = 'A' + (x >> 20 & 15);
  }
  size_t small = pack(text, length, packed), again = unpack(packed, small, back);
  printf("%zu %zu %s\n", length, small, again == length && !memcmp(text, back, length) ? "same" : "different");
  return 0;
}
