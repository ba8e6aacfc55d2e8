// Product of two matrices of 320 x 320 doubles, innermost loop over rows.
#include <stdio.h>
#include <stdlib.h>

enum { N = 320 };
static double a[N][N], b[N][N], c[N][N];

int main(void) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) a[i][j] = (i * 31 + j * 17) % 64, b[i][j] = (i * 7 + j * 3) % 32;
  for (int i = 0; i < N; i++)
    for (int k = 0; k < N; k++)
      for (int j = 0; j < N; j++) c[i][j] += a[i][k] * b[k][j];
  double sum = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) sum += c[i][j];
  printf("%.0f\n", sum);
  return 0;
}
