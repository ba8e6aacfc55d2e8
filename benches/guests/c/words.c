// A hash table of strings: counts words of a text made up on the spot; malloc and memcmp.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
  struct entry *next;
  uint32_t count, length;
  char word[];
};

enum { BUCKETS = 4096 };
static struct entry *buckets[BUCKETS];

static void count(const char *word, uint32_t length) {
  uint32_t hash = 2166136261u;
  for (uint32_t i = 0; i < length; i++) hash = (hash ^ (uint8_t)word[i]) * 16777619;
  struct entry **bucket = &buckets[hash % BUCKETS];
  for (struct entry *entry = *bucket; entry; entry = entry->next)
    if (entry->length == length && !memcmp(entry->word, word, length)) {
      entry->count++;
      return;
    }
  struct entry *entry = malloc(sizeof *entry + length);
  *entry = (struct entry){*bucket, 1, length};
  memcpy(entry->word, word, length);
  *bucket = entry;
}

int main(void) {
  uint32_t x = 99, most = 0, different = 0;
  char word[12];
  for (int i = 0; i < 1500000; i++) {
    x = x * 1664525 + 1013904223;
    uint32_t number = (x >> 8) % 1000 * ((x >> 20) % 11), length = 0;
    do word[length++] = 'a' + number % 26;
    while (number /= 26);
    count(word, length);
  }
  for (int i = 0; i < BUCKETS; i++)
    for (struct entry *entry = buckets[i]; entry; entry = entry->next) {
      different++;
      if (entry->count > most) most = entry->count;
    }
  printf("%u words, the most common %u times\n", different, most);
  return 0;
}
