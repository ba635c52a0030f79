/*
 * Memory that runs out for one library only, for tests. Loaded before libc (LD_PRELOAD), it stands
 * in front of malloc, calloc and realloc, and lets the n-th call fail that comes from a given range
 * of code: the native library of the SQLite driver. The JVM itself always gets its memory.
 *
 * The file named by OOM_CTL is mapped into memory; the test inside the process writes the range and
 * the number, and reads what came of it. The layout is that of struct control; NativeMemory.java is
 * its other reader.
 *
 * What the driver's own code between Java and SQLite asks for it gets: it does not look at the answer,
 * so that the JVM would crash (register_progress_handler), and nobody but the driver can help that.
 *
 *   cc -shared -fPIC -O1 -o oom.so oom.c -ldl
 *   OOM_CTL=/some/file LD_PRELOAD=./oom.so java ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* All fields are 8 bytes wide, so that no padding is to be guessed on the other side. */
struct control {
  _Atomic int64_t begin;     /* the code whose calls count: from here */
  _Atomic int64_t end;       /* up to here; 0: nobody's */
  _Atomic int64_t countdown; /* the call that finds 1 here fails; 0 and less: none does */
  _Atomic int64_t sticky;    /* 1: all later ones fail too, until countdown is 0 again */
  _Atomic int64_t calls;     /* how many came from there */
  _Atomic int64_t hits;      /* how many failed */
};

/* glibc's own names: dlsym would allocate memory itself */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static struct control *control;

__attribute__((constructor)) static void set_up(void) {
  const char *name = getenv("OOM_CTL");
  if (name == NULL) {
    return;
  }
  int fd = open(name, O_RDWR | O_CLOEXEC);
  if (fd < 0) {
    return;
  }
  void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped != MAP_FAILED) {
    control = mapped;
  }
}

/*
 * The glue between Java and SQLite is one object file of the driver's library: all its functions, the
 * nameless ones too, lie between these two. What dlopen allocates is not asked for by that library.
 */
static int is_glue(void *caller) {
  static _Atomic int64_t first, last;
  if (atomic_load(&last) == 0) {
    Dl_info info;
    void *library = dladdr(caller, &info) ? dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD) : NULL;
    if (library == NULL) {
      return 0;
    }
    atomic_store(&first, (int64_t) (intptr_t) dlsym(library, "JNI_OnLoad"));
    atomic_store(&last,
        (int64_t) (intptr_t) dlsym(library, "Java_org_sqlite_core_NativeDB_prepare_1utf8"));
    dlclose(library);
  }
  int64_t from = (int64_t) (intptr_t) caller;
  return from >= atomic_load(&first) && from <= atomic_load(&last);
}

static int runs_out(void *caller) {
  struct control *c = control;
  int64_t from = (int64_t) (intptr_t) caller;
  if (c == NULL || from < atomic_load(&c->begin) || from >= atomic_load(&c->end)) {
    return 0;
  }
  atomic_fetch_add(&c->calls, 1);
  int64_t left = atomic_load(&c->countdown);
  while (left > 1) {
    if (atomic_compare_exchange_weak(&c->countdown, &left, left - 1)) {
      return 0;
    }
  }
  if (left < 1 || is_glue(caller)) {
    return 0;
  }
  if (!atomic_load(&c->sticky) && !atomic_compare_exchange_strong(&c->countdown, &left, 0)) {
    return 0;
  }
  atomic_fetch_add(&c->hits, 1);
  return 1;
}

static void *nothing(void) {
  errno = ENOMEM;
  return NULL;
}

void *malloc(size_t size) {
  return runs_out(__builtin_return_address(0)) ? nothing() : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  return runs_out(__builtin_return_address(0)) ? nothing() : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  return runs_out(__builtin_return_address(0)) ? nothing() : __libc_realloc(memory, size);
}
