// What Glibc's Swift module leaves out. Don't define _GNU_SOURCE here: it changes libc structs and
// clashes with the toolchain's own module; don't include <sys/socket.h>: its constants would
// vanish from files that import only Glibc.
#ifndef HOLDFAST_CLINUX_SHIM_H
#define HOLDFAST_CLINUX_SHIM_H
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>

struct sockaddr;
extern int accept4(int, struct sockaddr *, unsigned int *, int);
extern int gettid(void);
extern int pthread_setname_np(unsigned long, const char *);
#endif
