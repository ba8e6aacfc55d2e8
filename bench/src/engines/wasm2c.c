// Around the C that wasm2c made of a module: WASI for programs without files, and the same measurements that
// `worker.rs` makes. Compiled together with the module's code, behind a few lines that name what is called:
//
//   GUEST_IMPORTS     further arguments of Z_guest_instantiate
//   GUEST_HAS_MEMORY  the module exports `memory`
//   GUEST_EXPORT      what to call of a module that is no command, as C; RESULTS writes what it gave
//
// Use: program RECORD once|repeat STDOUT STDIN SECONDS MIN MAX INSTANCES ENV-COUNT [NAME=VALUE...] ARGUMENTS...

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BADF = 8, FAULT = 21, INVAL = 28, IO = 29, NOTSUP = 58, SPIPE = 70 };

static Z_guest_instance_t guest;
static jmp_buf exited;
static int exit_code;
static char **words, **variables;
static int word_count, variable_count;
static double region_start, region_taken;

static double nanoseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static u8 *at(u32 address, u64 length) {
#ifdef GUEST_HAS_MEMORY
  wasm_rt_memory_t *memory = Z_guestZ_memory(&guest);
  if (address + length <= memory->size) return memory->data + address;
#endif
  (void)address, (void)length;
  return NULL;
}

static u32 put(u32 address, u64 value, int bytes) {
  u8 *to = at(address, bytes);
  if (!to) return FAULT;
  memcpy(to, &value, bytes);
  return 0;
}

static u32 get32(u32 address) {
  u32 value = 0;
  u8 *from = at(address, 4);
  if (from) memcpy(&value, from, 4);
  return value;
}

static u32 sizes(char **list, int count, u32 to_count, u32 to_bytes) {
  u64 bytes = 0;
  for (int i = 0; i < count; i++) bytes += strlen(list[i]) + 1;
  u32 failed = put(to_count, count, 4);
  return failed ? failed : put(to_bytes, bytes, 4);
}

static u32 copies(char **list, int count, u32 pointers, u32 buffer) {
  for (int i = 0; i < count; i++) {
    u64 length = strlen(list[i]) + 1;
    u8 *to = at(buffer, length);
    if (!to || put(pointers + 4 * i, buffer, 4)) return FAULT;
    memcpy(to, list[i], length);
    buffer += length;
  }
  return 0;
}

static u32 transfer(u32 fd, u32 vectors, u32 count, u32 result, int writes) {
  if (fd > 2) return BADF;
  u32 done = 0;
  for (u32 i = 0; i < count; i++) {
    u32 address = get32(vectors + 8 * i), length = get32(vectors + 8 * i + 4);
    u8 *bytes = at(address, length);
    if (!bytes) return FAULT;
    ssize_t now = writes ? write(fd, bytes, length) : read(fd, bytes, length);
    if (now < 0) return IO;
    done += now;
    if ((u32)now < length) break;
  }
  return put(result, done, 4);
}

static u32 clock_of(u32 id, clockid_t *clock) {
  static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID};
  if (id > 3) return INVAL;
  *clock = clocks[id];
  return 0;
}

static u32 fdstat(u32 fd, u32 to) {
  struct stat is;
  u8 *bytes = at(to, 24);
  if (fd > 2 || fstat(fd, &is)) return BADF;
  if (!bytes) return FAULT;
  memset(bytes, 0, 24);
  bytes[0] = S_ISCHR(is.st_mode) ? 2 : S_ISREG(is.st_mode) ? 4 : 0;
  // Every right but seeking, which a stream has not.
  u64 rights = 0x1fffffff & ~(u64)0x24;
  memcpy(bytes + 8, &rights, 8);
  return 0;
}

#define WASI(M) \
  u32 M##Z_args_sizes_get(struct M##_instance_t *w, u32 n, u32 b) { return sizes(words, word_count, n, b); } \
  u32 M##Z_args_get(struct M##_instance_t *w, u32 p, u32 b) { return copies(words, word_count, p, b); } \
  u32 M##Z_environ_sizes_get(struct M##_instance_t *w, u32 n, u32 b) { return sizes(variables, variable_count, n, b); } \
  u32 M##Z_environ_get(struct M##_instance_t *w, u32 p, u32 b) { return copies(variables, variable_count, p, b); } \
  u32 M##Z_fd_write(struct M##_instance_t *w, u32 fd, u32 v, u32 n, u32 r) { return transfer(fd, v, n, r, 1); } \
  u32 M##Z_fd_read(struct M##_instance_t *w, u32 fd, u32 v, u32 n, u32 r) { return transfer(fd, v, n, r, 0); } \
  u32 M##Z_fd_fdstat_get(struct M##_instance_t *w, u32 fd, u32 to) { return fdstat(fd, to); } \
  u32 M##Z_fd_fdstat_set_flags(struct M##_instance_t *w, u32 fd, u32 f) { return fd > 2 ? BADF : NOTSUP; } \
  u32 M##Z_fd_close(struct M##_instance_t *w, u32 fd) { return fd > 2 ? BADF : 0; } \
  u32 M##Z_fd_prestat_get(struct M##_instance_t *w, u32 fd, u32 to) { return BADF; } \
  u32 M##Z_fd_prestat_dir_name(struct M##_instance_t *w, u32 fd, u32 to, u32 n) { return BADF; } \
  u32 M##Z_fd_filestat_get(struct M##_instance_t *w, u32 fd, u32 to) { return BADF; } \
  u32 M##Z_fd_readdir(struct M##_instance_t *w, u32 fd, u32 b, u32 n, u64 c, u32 r) { return BADF; } \
  u32 M##Z_fd_sync(struct M##_instance_t *w, u32 fd) { return BADF; } \
  u32 M##Z_fd_tell(struct M##_instance_t *w, u32 fd, u32 to) { return fd > 2 ? BADF : SPIPE; } \
  u32 M##Z_path_open(struct M##_instance_t *w, u32 fd, u32 f, u32 p, u32 n, u32 o, u64 b, u64 i, u32 g, u32 r) { return BADF; } \
  u32 M##Z_path_filestat_get(struct M##_instance_t *w, u32 fd, u32 f, u32 p, u32 n, u32 to) { return BADF; } \
  u32 M##Z_path_create_directory(struct M##_instance_t *w, u32 fd, u32 p, u32 n) { return BADF; } \
  u32 M##Z_path_remove_directory(struct M##_instance_t *w, u32 fd, u32 p, u32 n) { return BADF; } \
  u32 M##Z_path_unlink_file(struct M##_instance_t *w, u32 fd, u32 p, u32 n) { return BADF; } \
  u32 M##Z_path_rename(struct M##_instance_t *w, u32 a, u32 p, u32 n, u32 b, u32 q, u32 m) { return BADF; } \
  u32 M##Z_path_readlink(struct M##_instance_t *w, u32 fd, u32 p, u32 n, u32 b, u32 m, u32 r) { return BADF; } \
  u32 M##Z_clock_time_get(struct M##_instance_t *w, u32 id, u64 precision, u32 to) { \
    clockid_t clock; \
    u32 failed = clock_of(id, &clock); \
    struct timespec time; \
    if (failed || clock_gettime(clock, &time)) return INVAL; \
    return put(to, time.tv_sec * 1000000000ull + time.tv_nsec, 8); \
  } \
  u32 M##Z_clock_res_get(struct M##_instance_t *w, u32 id, u32 to) { \
    clockid_t clock; \
    u32 failed = clock_of(id, &clock); \
    struct timespec time; \
    if (failed || clock_getres(clock, &time)) return INVAL; \
    return put(to, time.tv_sec * 1000000000ull + time.tv_nsec, 8); \
  } \
  u32 M##Z_random_get(struct M##_instance_t *w, u32 to, u32 n) { \
    u8 *bytes = at(to, n); \
    if (!bytes) return FAULT; \
    for (u32 done = 0; done < n; done += 256) \
      if (getentropy(bytes + done, n - done < 256 ? n - done : 256)) return IO; \
    return 0; \
  } \
  u32 M##Z_sched_yield(struct M##_instance_t *w) { return 0; } \
  void M##Z_proc_exit(struct M##_instance_t *w, u32 code) { exit_code = code; longjmp(exited, 1); }

WASI(Z_wasi_snapshot_preview1)
u32 Z_wasi_snapshot_preview1Z_fd_seek(struct Z_wasi_snapshot_preview1_instance_t *w, u32 fd, u64 o, u32 from, u32 to) {
  return fd > 2 ? BADF : SPIPE;
}
#ifdef GUEST_UNSTABLE
WASI(Z_wasi_unstable)
u32 Z_wasi_unstableZ_fd_seek(struct Z_wasi_unstable_instance_t *w, u32 fd, u64 o, u32 from, u32 to) {
  return fd > 2 ? BADF : SPIPE;
}
#endif

void Z_benchZ_start(struct Z_bench_instance_t *b) { region_start = nanoseconds(CLOCK_MONOTONIC); }
void Z_benchZ_end(struct Z_bench_instance_t *b) { region_taken = nanoseconds(CLOCK_MONOTONIC) - region_start; }

// --- measuring -----------------------------------------------------------------------------------------------------

enum { TIMES_MAX = 1000000, BATCHES_MAX = 1000, OUTPUTS_MAX = 64 };
static double *instantiations, *times, batches[BATCHES_MAX];
static int instantiation_count, time_count, batch_count, output_count;
static char outputs[OUTPUTS_MAX][17], memory_print[17], results[512];

static void fingerprint(const u8 *bytes, u64 length, char out[17]) {
  u32 first = 0x811c9dc5, second = 0x12345678;
  for (u64 i = 0; i < length; i++) {
    first = (first ^ bytes[i]) * 0x01000193u;
    second = (second ^ bytes[i]) * 0x01000193u;
  }
  snprintf(out, 17, "%08x%08x", first, second);
}

static void instantiate(void) {
  double start = nanoseconds(CLOCK_MONOTONIC);
  Z_guest_instantiate(&guest GUEST_IMPORTS);
  if (instantiation_count < TIMES_MAX) instantiations[instantiation_count++] = nanoseconds(CLOCK_MONOTONIC) - start;
}

static void keep(double time) {
  if (time_count < TIMES_MAX) times[time_count++] = time;
}

/* The runtime gives back what a memory has grown to, and keeps the rest of the 8 GiB that it reserved. */
static void release(void) {
#ifdef GUEST_HAS_MEMORY
  void *base = Z_guestZ_memory(&guest)->data;
#endif
  Z_guest_free(&guest);
#ifdef GUEST_HAS_MEMORY
  munmap(base, 0x200000000ul);
#endif
}

#ifndef GUEST_EXPORT
static int iteration(void) {
  double start = nanoseconds(CLOCK_MONOTONIC);
  region_taken = -1;
  exit_code = 0;
  if (!setjmp(exited)) {
    instantiate();
    Z_guestZ__start(&guest);
  }
  double whole = nanoseconds(CLOCK_MONOTONIC) - start;
  keep(region_taken >= 0 ? region_taken : whole);
  release();
  return exit_code;
}
#else
static void call(void) { GUEST_EXPORT; }

static void first(void) {
  RESULTS;
#ifdef GUEST_HAS_MEMORY
  wasm_rt_memory_t *memory = Z_guestZ_memory(&guest);
  fingerprint(memory->data, memory->size, memory_print);
#endif
}
#endif

static void outcome(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) return;
  fseek(file, 0, SEEK_END);
  long length = ftell(file);
  rewind(file);
  u8 *bytes = malloc(length + 1);
  length = fread(bytes, 1, length, file);
  fclose(file);
  char print[17];
  fingerprint(bytes, length, print);
  free(bytes);
  for (int i = 0; i < output_count; i++)
    if (!strcmp(outputs[i], print)) return;
  if (output_count < OUTPUTS_MAX) strcpy(outputs[output_count++], print);
}

static void list(FILE *file, const char *name, double *numbers, int count) {
  fprintf(file, "\"%s\":[", name);
  for (int i = 0; i < count; i++) fprintf(file, "%s%.0f", i ? "," : "", numbers[i]);
  fprintf(file, "],");
}

#ifdef GUEST_EXPORT
static int by_size(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}
#endif

int main(int argc, char **argv) {
  if (argc < 10) return 2;
  const char *record = argv[1], *stdout_path = argv[3], *stdin_path = argv[4];
  int repeats = !strcmp(argv[2], "repeat");
  double limit = atof(argv[5]) * 1e9;
  long least = atol(argv[6]), most = atol(argv[7]), instances = atol(argv[8]);
  variable_count = atoi(argv[9]);
  variables = argv + 10;
  words = variables + variable_count;
  word_count = argc - 10 - variable_count;
  instantiations = malloc(TIMES_MAX * sizeof(double));
  times = malloc(TIMES_MAX * sizeof(double));
  if (most > TIMES_MAX) most = TIMES_MAX;

  double load_start = nanoseconds(CLOCK_MONOTONIC);
  wasm_rt_init();
  Z_guest_init_module();
  double load = nanoseconds(CLOCK_MONOTONIC) - load_start;
  int trap = wasm_rt_impl_try();
  if (trap) {
    fprintf(stderr, "error: trap: %s\n", wasm_rt_strerror(trap));
    return 134;
  }

  double start = nanoseconds(CLOCK_MONOTONIC), cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
  double count = 0;
  int exit = 0;
#ifdef GUEST_EXPORT
  if (!setjmp(exited)) {
    instantiate();
    GUEST_INITIALIZE;
    if (!repeats) least = most = 1;
    while (time_count < most && (time_count < least || nanoseconds(CLOCK_MONOTONIC) - start < limit / 2)) {
      double before = nanoseconds(CLOCK_MONOTONIC);
      call();
      keep(nanoseconds(CLOCK_MONOTONIC) - before);
      if (time_count == 1) first();
    }
    count = time_count;
    if (repeats) {
      int half = time_count / 2;
      double *last = malloc((time_count - half) * sizeof(double));
      memcpy(last, times + half, (time_count - half) * sizeof(double));
      qsort(last, time_count - half, sizeof(double), by_size);
      double typical = last[(time_count - half) / 2];
      long size = typical < 1 ? 1000000 : (long)(1e6 / typical);
      if (size < 1) size = 1;
      if (size > 1000000) size = 1000000;
      while (!batch_count || (batch_count < BATCHES_MAX && nanoseconds(CLOCK_MONOTONIC) - start < limit)) {
        double before = nanoseconds(CLOCK_MONOTONIC);
        for (long i = 0; i < size; i++) call();
        batches[batch_count++] = (nanoseconds(CLOCK_MONOTONIC) - before) / size;
        count += size;
      }
    }
  }
  release();
#else
  while (time_count < (repeats ? most : 1) &&
         (!repeats || time_count < least || nanoseconds(CLOCK_MONOTONIC) - start < limit)) {
    if (repeats) {
      dup2(open(stdin_path, O_RDONLY | O_CLOEXEC), 0);
      int fd = open(stdout_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
      dup2(fd, 1);
      close(fd);
    }
    exit = iteration();
    if (repeats) outcome(stdout_path);
  }
  count = time_count;
#endif
  cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  for (long i = 0; repeats && i < instances; i++) {
    if (!setjmp(exited)) instantiate();
    release();
  }

  FILE *out = fopen(record, "w");
  if (!out) return 1;
  fprintf(out, "{");
  list(out, "instantiate_ns", instantiations, instantiation_count);
  list(out, "iterations_ns", times, time_count);
  fprintf(out, "\"batches_ns\":[");
  for (int i = 0; i < batch_count; i++) fprintf(out, "%s%.3f", i ? "," : "", batches[i]);
  fprintf(out, "],\"outputs\":[");
  for (int i = 0; i < output_count; i++) fprintf(out, "%s\"%s\"", i ? "," : "", outputs[i]);
  fprintf(out, "],");
#ifdef GUEST_EXPORT
  fprintf(out, "\"values\":[%s],", results);
#else
  fprintf(out, "\"exit\":%d,", exit);
#endif
  if (memory_print[0]) fprintf(out, "\"memory\":\"%s\",", memory_print);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  fprintf(out, "\"load_ns\":%.0f,\"cpu_ns\":%.0f,\"count\":%.0f,\"process_cpu_ns\":%.0f,\"peak_bytes\":%ld}", load, cpu,
          count, nanoseconds(CLOCK_PROCESS_CPUTIME_ID), usage.ru_maxrss * 1024L);
  fclose(out);
  return exit;
}
