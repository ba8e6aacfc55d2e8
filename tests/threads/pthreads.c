/* wasi-libc's pthreads, declared by hand, since a system's headers may be those without threads. */

typedef unsigned long size_t;
typedef struct __pthread *pthread_t;
typedef struct { int words[6]; } pthread_mutex_t;
typedef struct { int words[12]; } pthread_cond_t;
int pthread_create(pthread_t *, const void *, void *(*)(void *), void *);
int pthread_join(pthread_t, void **);
int pthread_mutex_lock(pthread_mutex_t *);
int pthread_mutex_unlock(pthread_mutex_t *);
int pthread_cond_wait(pthread_cond_t *, pthread_mutex_t *);
int pthread_cond_broadcast(pthread_cond_t *);
int printf(const char *, ...);
void *malloc(size_t);
void free(void *);

#define THREADS 16

static pthread_mutex_t lock;
static pthread_cond_t all_there;
static int there;
static long counter;
static _Thread_local int mine;

static void *work(void *arg) {
  pthread_mutex_lock(&lock);
  if (++there == THREADS) pthread_cond_broadcast(&all_there);
  while (there < THREADS) pthread_cond_wait(&all_there, &lock);
  pthread_mutex_unlock(&lock);
  for (int round = 0; round < 500; round++) {
    char *block = malloc(100 + round);
    block[0] = 1;
    pthread_mutex_lock(&lock);
    counter += block[0];
    pthread_mutex_unlock(&lock);
    mine++;
    free(block);
  }
  return (void *)((size_t)arg + (size_t)mine);
}

int main(void) {
  pthread_t threads[THREADS];
  for (size_t index = 0; index < THREADS; index++)
    if (pthread_create(&threads[index], 0, work, (void *)index)) return 1;
  long sum = 0;
  for (int index = 0; index < THREADS; index++) {
    void *result;
    if (pthread_join(threads[index], &result)) return 2;
    sum += (long)(size_t)result;
  }
  printf("counter %ld sum %ld mine %d\n", counter, sum, mine);
  return 3;
}
