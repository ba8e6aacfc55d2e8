// An interpreter: dispatch by a switch in a loop, on a program that counts primes by trial division.
#include <stdint.h>
#include <stdio.h>

enum { PUSH, LOAD, STORE, ADD, REM, LESS, EQUAL, JUMP, JUMP_ZERO, HALT };

static int32_t program[128];
static int length;
static void emit(int32_t word) { program[length++] = word; }
static void emit2(int32_t operation, int32_t operand) { emit(operation), emit(operand); }

static void assemble(int32_t limit) {
  length = 0;
  emit2(PUSH, 2), emit2(STORE, 0), emit2(PUSH, 0), emit2(STORE, 3);
  int outer = length;
  emit2(LOAD, 0), emit2(PUSH, limit), emit(LESS);
  int outer_end = length + 1;
  emit2(JUMP_ZERO, 0);
  emit2(PUSH, 2), emit2(STORE, 1), emit2(PUSH, 1), emit2(STORE, 2);
  int inner = length;
  emit2(LOAD, 1), emit2(LOAD, 0), emit(LESS);
  int inner_end = length + 1;
  emit2(JUMP_ZERO, 0);
  emit2(LOAD, 0), emit2(LOAD, 1), emit(REM), emit2(PUSH, 0), emit(EQUAL);
  int next = length + 1;
  emit2(JUMP_ZERO, 0);
  emit2(PUSH, 0), emit2(STORE, 2), emit2(LOAD, 0), emit2(STORE, 1);
  program[next] = length;
  emit2(LOAD, 1), emit2(PUSH, 1), emit(ADD), emit2(STORE, 1), emit2(JUMP, inner);
  program[inner_end] = length;
  emit2(LOAD, 3), emit2(LOAD, 2), emit(ADD), emit2(STORE, 3);
  emit2(LOAD, 0), emit2(PUSH, 1), emit(ADD), emit2(STORE, 0), emit2(JUMP, outer);
  program[outer_end] = length;
  emit(HALT);
}

static int32_t run(void) {
  int32_t stack[16], slots[4] = {0}, *top = stack;
  for (const int32_t *at = program;;) {
    switch (*at++) {
      case PUSH: *top++ = *at++; break;
      case LOAD: *top++ = slots[*at++]; break;
      case STORE: slots[*at++] = *--top; break;
      case ADD: top--, top[-1] += top[0]; break;
      case REM: top--, top[-1] %= top[0]; break;
      case LESS: top--, top[-1] = top[-1] < top[0]; break;
      case EQUAL: top--, top[-1] = top[-1] == top[0]; break;
      case JUMP: at = program + *at; break;
      case JUMP_ZERO: at = *--top ? at + 1 : program + *at; break;
      default: return slots[3];
    }
  }
}

int main(void) {
  assemble(6000);
  printf("%d primes\n", run());
  return 0;
}
