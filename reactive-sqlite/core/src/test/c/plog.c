/*
 * A record of everything that a process asks of the disk, for tests of power loss. Loaded before
 * libc (LD_PRELOAD), it stands between SQLite (and the JDK) and the system calls on the files of
 * one directory, and writes each change, flush and change of a name to a log, in the order in which
 * they took effect. What a disk may hold after a power loss is worked out from that log, by
 * ModelDisk.java, the other reader of the format.
 *
 * Writes to the file of marks are recorded too, and not carried out: they are words of the test in
 * the log ("this unit was acknowledged"), at exactly their place among the writes.
 *
 *   cc -shared -fPIC -O1 -o plog.so plog.c -ldl -lpthread
 *   PLOG_DIR=/dir PLOG_LOG=/elsewhere/log PLOG_MARKS=/elsewhere/marks LD_PRELOAD=./plog.so java ...
 *
 * The directory is watched by its real, absolute name; files in it that end in "-shm" are left
 * alone, as nothing of them matters after a power loss. One lock is held around each call and its
 * record. Flushes are recorded and not carried out: the disk of these tests is the log.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
  OP_OPEN,     /* payload: name; offset: 1 created, 2 emptied */
  OP_WRITE,    /* payload: data */
  OP_TRUNCATE, /* offset: the new size */
  OP_SYNC,
  OP_UNLINK,   /* payload: name */
  OP_RENAME,   /* payload: old name, a line feed, new name */
  OP_LINK,     /* the same */
  OP_SYNC_DIRECTORY,
  OP_MARK      /* payload: text */
};

/* What a file descriptor is, to us. */
enum { FD_OTHER, FD_FILE, FD_DIRECTORY, FD_MARKS };

/* All fields in native order; the payload follows. */
struct header {
  int32_t op;
  int32_t fd;
  int64_t offset;
  int64_t size; /* of the payload, in bytes */
};

#define MAX_FD 65536
#define MAX_NAMES 8192

static const char *directory;
static size_t directory_length;
static const char *marks;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic unsigned char kind_of_fd[MAX_FD];

static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_open64)(const char *, int, ...);
static int (*real_close)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_link)(const char *, const char *);

__attribute__((constructor)) static void set_up(void) {
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
  real_open64 = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_link = dlsym(RTLD_NEXT, "link");
  const char *name = getenv("PLOG_LOG");
  const char *watched = getenv("PLOG_DIR");
  marks = getenv("PLOG_MARKS");
  if (name == NULL || watched == NULL || marks == NULL) {
    return;
  }
  log_fd = real_open64(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd >= 0) {
    directory = watched;
    directory_length = strlen(watched);
  }
}

/* The name of a file in the watched directory, or NULL if it is none of ours. */
static const char *name_of(const char *path) {
  if (directory == NULL || strncmp(path, directory, directory_length) != 0
      || path[directory_length] != '/') {
    return NULL;
  }
  const char *name = path + directory_length + 1;
  size_t length = strlen(name);
  if (length == 0 || strchr(name, '/') != NULL
      || (length > 4 && strcmp(name + length - 4, "-shm") == 0)) {
    return NULL;
  }
  return name;
}

static int kind_of_path(const char *path) {
  if (directory == NULL) return FD_OTHER;
  if (strcmp(path, marks) == 0) return FD_MARKS;
  if (strcmp(path, directory) == 0) return FD_DIRECTORY;
  return name_of(path) == NULL ? FD_OTHER : FD_FILE;
}

static int kind_of(int fd) {
  return fd >= 0 && fd < MAX_FD ? atomic_load(&kind_of_fd[fd]) : FD_OTHER;
}

/* A log with a gap would be worse than none: the tests must not go on. The lock is held. */
static void record(int op, int fd, int64_t offset, const void *payload, size_t size) {
  struct header header = {op, fd, offset, (int64_t) size};
  struct iovec parts[] = {{&header, sizeof header}, {(void *) payload, size}};
  int before = errno;
  if (writev(log_fd, parts, 2) != (ssize_t) (sizeof header + size)) {
    static const char text[] = "plog: the log cannot be written\n";
    real_write(STDERR_FILENO, text, sizeof text - 1);
    abort();
  }
  errno = before;
}

/* A change of names, as "old\nnew". The lock is held. */
static void record_names(int op, const char *from, const char *to) {
  char names[MAX_NAMES];
  int size = snprintf(names, sizeof names, "%s\n%s", from, to);
  if (size < 0 || size >= (int) sizeof names) {
    abort();
  }
  record(op, -1, 0, names, (size_t) size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
  if (kind_of(fd) != FD_FILE) {
    return real_pwrite64(fd, data, size, offset);
  }
  pthread_mutex_lock(&lock);
  ssize_t written = real_pwrite64(fd, data, size, offset);
  if (written > 0) {
    record(OP_WRITE, fd, offset, data, (size_t) written);
  }
  pthread_mutex_unlock(&lock);
  return written;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
  return pwrite64(fd, data, size, offset);
}

ssize_t write(int fd, const void *data, size_t size) {
  int kind = kind_of(fd);
  if (kind != FD_FILE && kind != FD_MARKS) {
    return real_write(fd, data, size);
  }
  pthread_mutex_lock(&lock);
  ssize_t written = (ssize_t) size;
  if (kind == FD_MARKS) {
    record(OP_MARK, fd, 0, data, size);
  } else {
    off64_t offset = lseek64(fd, 0, SEEK_CUR);
    written = real_write(fd, data, size);
    if (written > 0) {
      record(OP_WRITE, fd, offset, data, (size_t) written);
    }
  }
  pthread_mutex_unlock(&lock);
  return written;
}

static int sync_by(int (*real)(int), int fd) {
  int kind = kind_of(fd);
  if (kind != FD_FILE && kind != FD_DIRECTORY) {
    return real(fd);
  }
  pthread_mutex_lock(&lock);
  record(kind == FD_FILE ? OP_SYNC : OP_SYNC_DIRECTORY, fd, 0, "", 0);
  pthread_mutex_unlock(&lock);
  return 0;
}

int fsync(int fd) {
  return sync_by(real_fsync, fd);
}

int fdatasync(int fd) {
  return sync_by(real_fdatasync, fd);
}

int ftruncate64(int fd, off64_t size) {
  if (kind_of(fd) != FD_FILE) {
    return real_ftruncate64(fd, size);
  }
  pthread_mutex_lock(&lock);
  int code = real_ftruncate64(fd, size);
  if (code == 0) {
    record(OP_TRUNCATE, fd, size, "", 0);
  }
  pthread_mutex_unlock(&lock);
  return code;
}

int ftruncate(int fd, off_t size) {
  return ftruncate64(fd, size);
}

static int open_recorded(const char *path, int flags, mode_t mode) {
  int kind = kind_of_path(path);
  if (kind == FD_OTHER) {
    return real_open64(path, flags, mode);
  }
  pthread_mutex_lock(&lock);
  struct stat64 before;
  int is_new = stat64(path, &before) != 0;
  int fd = real_open64(path, flags, mode);
  if (fd >= MAX_FD) {
    abort();
  }
  if (fd >= 0) {
    atomic_store(&kind_of_fd[fd], (unsigned char) kind);
    if (kind == FD_FILE) {
      const char *name = name_of(path);
      record(OP_OPEN, fd, is_new ? 1 : flags & O_TRUNC ? 2 : 0, name, strlen(name));
    }
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

int open64(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | __O_TMPFILE)) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  return open_recorded(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | __O_TMPFILE)) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  return open_recorded(path, flags, mode);
}

int close(int fd) {
  /* Before the call: afterwards another thread may own the number */
  if (fd >= 0 && fd < MAX_FD) {
    atomic_store(&kind_of_fd[fd], FD_OTHER);
  }
  return real_close(fd);
}

int unlink(const char *path) {
  const char *name = name_of(path);
  if (name == NULL) {
    return real_unlink(path);
  }
  pthread_mutex_lock(&lock);
  int code = real_unlink(path);
  if (code == 0) {
    record(OP_UNLINK, -1, 0, name, strlen(name));
  }
  pthread_mutex_unlock(&lock);
  return code;
}

static int rename_by(
    int (*real)(const char *, const char *), int op, const char *from, const char *to) {
  const char *old_name = name_of(from);
  const char *new_name = name_of(to);
  if (old_name == NULL || new_name == NULL) {
    return real(from, to);
  }
  pthread_mutex_lock(&lock);
  int code = real(from, to);
  if (code == 0) {
    record_names(op, old_name, new_name);
  }
  pthread_mutex_unlock(&lock);
  return code;
}

int rename(const char *from, const char *to) {
  return rename_by(real_rename, OP_RENAME, from, to);
}

int link(const char *from, const char *to) {
  return rename_by(real_link, OP_LINK, from, to);
}
