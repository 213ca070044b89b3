/* tests/coverage/exit.c - a child that ends by _exit() leaves its counts behind too (linked with --wrap=_exit). */
#include <unistd.h>

void __gcov_dump(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}
