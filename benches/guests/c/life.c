// The game of life on a torus of 256 x 256, 200 generations.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { N = 256 };
static uint8_t now[N][N], next[N][N];

int main(void) {
  uint32_t x = 12345;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) now[i][j] = (x = x * 1103515245 + 12345) >> 30 == 0;
  for (int generation = 0; generation < 200; generation++) {
    for (int i = 0; i < N; i++) {
      const uint8_t *above = now[(i + N - 1) % N], *row = now[i], *below = now[(i + 1) % N];
      for (int j = 0; j < N; j++) {
        int left = (j + N - 1) % N, right = (j + 1) % N;
        int neighbours = above[left] + above[j] + above[right] + row[left] + row[right] + below[left] + below[j] + below[right];
        next[i][j] = neighbours == 3 || (neighbours == 2 && row[j]);
      }
    }
    memcpy(now, next, sizeof now);
  }
  int alive = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) alive += now[i][j];
  printf("%d\n", alive);
  return 0;
}
