// Bodies that attract each other: square roots and divisions of doubles.
#include <math.h>
#include <stdio.h>

enum { COUNT = 5 };
struct body {
  double x[3], v[3], mass;
} bodies[COUNT];

static double energy(void) {
  double sum = 0;
  for (int i = 0; i < COUNT; i++) {
    for (int d = 0; d < 3; d++) sum += 0.5 * bodies[i].mass * bodies[i].v[d] * bodies[i].v[d];
    for (int j = 0; j < i; j++) {
      double square = 0;
      for (int d = 0; d < 3; d++) square += (bodies[i].x[d] - bodies[j].x[d]) * (bodies[i].x[d] - bodies[j].x[d]);
      sum -= bodies[i].mass * bodies[j].mass / sqrt(square);
    }
  }
  return sum;
}

int main(void) {
  for (int i = 0; i < COUNT; i++) {
    bodies[i] = (struct body){{i * 5.0, i * i * 0.75, -1.5 * i}, {0, i ? 1.0 / i : 0, i ? 0.25 / i : 0}, i ? 0.01 * i : 40};
  }
  printf("%.9f\n", energy());
  for (int step = 0; step < 300000; step++) {
    for (int i = 0; i < COUNT; i++)
      for (int j = i + 1; j < COUNT; j++) {
        double away[3], square = 1e-3;
        for (int d = 0; d < 3; d++) away[d] = bodies[i].x[d] - bodies[j].x[d], square += away[d] * away[d];
        double pull = 1e-3 / (square * sqrt(square));
        for (int d = 0; d < 3; d++) {
          bodies[i].v[d] -= away[d] * bodies[j].mass * pull;
          bodies[j].v[d] += away[d] * bodies[i].mass * pull;
        }
      }
    for (int i = 0; i < COUNT; i++)
      for (int d = 0; d < 3; d++) bodies[i].x[d] += 1e-3 * bodies[i].v[d];
  }
  printf("%.9f\n", energy());
  return 0;
}
