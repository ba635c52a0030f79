/*
 * A disk that fails on command, for tests. Loaded before libc (LD_PRELOAD), it stands between
 * SQLite and the system calls on the files of a database: those whose names end in ".db",
 * ".db-wal", ".db-shm" and ".db-journal". All other files are left alone.
 *
 * The file named by FAULTFS_CTL is mapped into memory. It holds rules, which the tests (this
 * process or another one) switch on and off while everything runs, and counters of the calls seen.
 * The layout is that of struct control; FaultControl.java is its other reader.
 *
 *   cc -shared -fPIC -O1 -o faultfs.so faultfs.c -ldl
 *   FAULTFS_CTL=/some/file LD_PRELOAD=./faultfs.so java ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { OP_WRITE, OP_FSYNC, OP_TRUNCATE, OP_OPEN, OP_READ, OP_MMAP, OP_UNLINK, OPS };
enum { KIND_NONE, KIND_MAIN, KIND_WAL, KIND_SHM, KIND_JOURNAL, KINDS };
enum { ACT_FAIL, ACT_DELAY, ACT_KILL_BEFORE, ACT_KILL_AFTER, ACT_KILL_HALFWAY, ACT_SHORT };

#define RULES 16
#define MAX_FD 65536
#define SLICE_NANOS 5000000L

/* All fields are 8 bytes wide, so that no padding is to be guessed on the other side. */
struct rule {
  _Atomic int64_t armed;     /* 0: the rule is not looked at */
  _Atomic int64_t op;        /* which call */
  _Atomic int64_t kinds;     /* which files: bit 1 << KIND_x */
  _Atomic int64_t action;
  _Atomic int64_t error;     /* errno of ACT_FAIL */
  _Atomic int64_t sticky;    /* 0: fires once, else on every call from the n-th */
  _Atomic int64_t countdown; /* fires when a call finds 1 here (sticky: 1 or less) */
  _Atomic int64_t nanos;     /* how long ACT_DELAY takes */
  _Atomic int64_t hits;      /* how often it has fired */
  _Atomic int64_t beyond;    /* only writes that would end past this offset; 0: all calls */
};

struct control {
  _Atomic int64_t magic;
  struct rule rules[RULES];
  _Atomic int64_t calls[OPS][KINDS];
};

static struct control *control;
static _Atomic unsigned char kind_of_fd[MAX_FD];

static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pread64)(int, void *, size_t, off64_t);
static ssize_t (*real_read)(int, void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_open64)(const char *, int, ...);
static int (*real_close)(int);
static int (*real_unlink)(const char *);
static void *(*real_mmap64)(void *, size_t, int, int, int, off64_t);

__attribute__((constructor)) static void set_up(void) {
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pread64 = dlsym(RTLD_NEXT, "pread64");
  real_read = dlsym(RTLD_NEXT, "read");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
  real_open64 = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_mmap64 = dlsym(RTLD_NEXT, "mmap64");
  const char *name = getenv("FAULTFS_CTL");
  if (name == NULL) {
    return;
  }
  int fd = real_open64(name, O_RDWR | O_CLOEXEC);
  if (fd < 0) {
    return;
  }
  void *mapped =
      real_mmap64(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  real_close(fd);
  if (mapped != MAP_FAILED) {
    control = mapped;
  }
}

static int ends_with(const char *text, size_t length, const char *end) {
  size_t of_end = strlen(end);
  return length >= of_end && memcmp(text + length - of_end, end, of_end) == 0;
}

static int kind_of_path(const char *path) {
  size_t length = strlen(path);
  if (ends_with(path, length, ".db")) return KIND_MAIN;
  if (ends_with(path, length, ".db-wal")) return KIND_WAL;
  if (ends_with(path, length, ".db-shm")) return KIND_SHM;
  if (ends_with(path, length, ".db-journal")) return KIND_JOURNAL;
  return KIND_NONE;
}

static int kind_of(int fd) {
  return fd >= 0 && fd < MAX_FD ? atomic_load(&kind_of_fd[fd]) : KIND_NONE;
}

/* In slices, so that a disk that hangs comes back at once when its rule is switched off. */
static void delay(struct rule *rule) {
  int64_t left = atomic_load(&rule->nanos);
  while (left > 0 && atomic_load(&rule->armed)) {
    struct timespec slice = {0, left < SLICE_NANOS ? left : SLICE_NANOS};
    nanosleep(&slice, NULL);
    left -= SLICE_NANOS;
  }
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) {
    pause();
  }
}

/* What happens to this call: an action for the caller to take, or -1 to go on as usual. */
static int judge_until(int op, int kind, int64_t end, int *error) {
  if (control == NULL || kind == KIND_NONE) {
    return -1;
  }
  atomic_fetch_add(&control->calls[op][kind], 1);
  int result = -1;
  for (int i = 0; i < RULES; i++) {
    struct rule *rule = &control->rules[i];
    if (!atomic_load(&rule->armed) || atomic_load(&rule->op) != op
        || !(atomic_load(&rule->kinds) & (1 << kind))) {
      continue;
    }
    int64_t beyond = atomic_load(&rule->beyond);
    if (beyond > 0 && end <= beyond) {
      continue;
    }
    int64_t before = atomic_fetch_sub(&rule->countdown, 1);
    if (before > 1 || (before < 1 && !atomic_load(&rule->sticky))) {
      continue;
    }
    atomic_fetch_add(&rule->hits, 1);
    int action = (int) atomic_load(&rule->action);
    if (action == ACT_DELAY) {
      delay(rule);
    } else if (action == ACT_KILL_BEFORE) {
      die();
    } else if (result < 0) {
      result = action;
      *error = (int) atomic_load(&rule->error);
    }
  }
  return result;
}

static int judge(int op, int kind, int *error) {
  return judge_until(op, kind, 0, error);
}

static ssize_t fail(int error) {
  errno = error;
  return -1;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
  int error = 0;
  int action = judge_until(OP_WRITE, kind_of(fd), offset + (int64_t) size, &error);
  if (action == ACT_FAIL) {
    return fail(error);
  }
  if (action == ACT_KILL_HALFWAY) {
    real_pwrite64(fd, data, size / 2, offset);
    die();
  }
  if (action == ACT_SHORT) {
    /* A part reaches the disk before the error is reported, as with a disk that fills up */
    real_pwrite64(fd, data, size / 2, offset);
    return fail(error);
  }
  ssize_t written = real_pwrite64(fd, data, size, offset);
  if (action == ACT_KILL_AFTER) {
    die();
  }
  return written;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
  return pwrite64(fd, data, size, offset);
}

ssize_t write(int fd, const void *data, size_t size) {
  int error = 0;
  int action = judge(OP_WRITE, kind_of(fd), &error);
  if (action == ACT_FAIL || action == ACT_SHORT) {
    return fail(error);
  }
  if (action == ACT_KILL_HALFWAY) {
    real_write(fd, data, size / 2);
    die();
  }
  ssize_t written = real_write(fd, data, size);
  if (action == ACT_KILL_AFTER) {
    die();
  }
  return written;
}

ssize_t pread64(int fd, void *data, size_t size, off64_t offset) {
  int error = 0;
  int action = judge(OP_READ, kind_of(fd), &error);
  return action == ACT_FAIL ? fail(error) : real_pread64(fd, data, size, offset);
}

ssize_t pread(int fd, void *data, size_t size, off_t offset) {
  return pread64(fd, data, size, offset);
}

ssize_t read(int fd, void *data, size_t size) {
  int error = 0;
  int action = judge(OP_READ, kind_of(fd), &error);
  return action == ACT_FAIL ? fail(error) : real_read(fd, data, size);
}

static int sync_by(int (*real)(int), int fd) {
  int error = 0;
  int action = judge(OP_FSYNC, kind_of(fd), &error);
  if (action == ACT_FAIL) {
    return (int) fail(error);
  }
  int code = real(fd);
  if (action == ACT_KILL_AFTER) {
    die();
  }
  return code;
}

int fsync(int fd) {
  return sync_by(real_fsync, fd);
}

int fdatasync(int fd) {
  return sync_by(real_fdatasync, fd);
}

int ftruncate64(int fd, off64_t size) {
  int error = 0;
  int action = judge(OP_TRUNCATE, kind_of(fd), &error);
  if (action == ACT_FAIL) {
    return (int) fail(error);
  }
  int code = real_ftruncate64(fd, size);
  if (action == ACT_KILL_AFTER) {
    die();
  }
  return code;
}

int ftruncate(int fd, off_t size) {
  return ftruncate64(fd, size);
}

int open64(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | __O_TMPFILE)) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  int kind = kind_of_path(path);
  int error = 0;
  int action = judge(OP_OPEN, kind, &error);
  if (action == ACT_FAIL) {
    return (int) fail(error);
  }
  int fd = real_open64(path, flags, mode);
  if (fd >= 0 && fd < MAX_FD) {
    atomic_store(&kind_of_fd[fd], (unsigned char) kind);
  }
  if (action == ACT_KILL_AFTER) {
    die();
  }
  return fd;
}

int close(int fd) {
  /* Before the call: afterwards another thread may own the number */
  if (fd >= 0 && fd < MAX_FD) {
    atomic_store(&kind_of_fd[fd], KIND_NONE);
  }
  return real_close(fd);
}

int unlink(const char *path) {
  int error = 0;
  int action = judge(OP_UNLINK, kind_of_path(path), &error);
  if (action == ACT_FAIL) {
    return (int) fail(error);
  }
  int code = real_unlink(path);
  if (action == ACT_KILL_AFTER) {
    die();
  }
  return code;
}

void *mmap64(void *address, size_t size, int protection, int flags, int fd, off64_t offset) {
  int error = 0;
  int action = judge(OP_MMAP, fd < 0 ? KIND_NONE : kind_of(fd), &error);
  if (action == ACT_FAIL) {
    fail(error);
    return MAP_FAILED;
  }
  return real_mmap64(address, size, protection, flags, fd, offset);
}
