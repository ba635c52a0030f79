/*
 * A system that gives no threads. Preloaded into a JVM: pthread_create fails with EAGAIN, as at the
 * limit on the processes of a user, while the file named by NOTHREADS_WHILE exists.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int (*real_pthread_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
static const char *sign;

/* The JVM starts threads only after this. */
__attribute__((constructor)) static void prepare(void) {
  real_pthread_create = dlsym(RTLD_NEXT, "pthread_create");
  sign = getenv("NOTHREADS_WHILE");
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                   void *argument) {
  if (sign != NULL && access(sign, F_OK) == 0) {
    return EAGAIN;
  }
  if (real_pthread_create == NULL) {
    prepare();
  }
  return real_pthread_create(thread, attributes, body, argument);
}
