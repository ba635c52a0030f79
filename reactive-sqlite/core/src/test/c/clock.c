/*
 * A wall clock that jumps. Preloaded into a JVM: every way to ask libc for the time of day answers
 * with an offset, which the test changes while the process runs. The offset, in seconds, is the
 * first eight bytes of the file named by CLOCK_CTL, which is mapped. Monotonic clocks are untouched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *offset;

static int (*real_clock_gettime)(clockid_t, struct timespec *);

/* The JVM asks before it has threads, so whoever is first may prepare. */
__attribute__((constructor)) static void prepare(void) {
  real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  const char *path = getenv("CLOCK_CTL");
  int fd = path == NULL ? -1 : open(path, O_RDONLY);
  if (fd >= 0) {
    void *map = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
    if (map != MAP_FAILED) {
      offset = map;
    }
    close(fd);
  }
}

static int64_t seconds(void) {
  return offset == NULL ? 0 : *offset;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (real_clock_gettime == NULL) {
    prepare();
  }
  int result = real_clock_gettime(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    now->tv_sec += seconds();
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  if (now != NULL) {
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
  }
  return 0;
}

time_t time(time_t *now) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now != NULL) {
    *now = exact.tv_sec;
  }
  return exact.tv_sec;
}
