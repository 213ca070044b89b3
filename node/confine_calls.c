/* node/confine_calls.c - system calls that the daemon never makes are taken from it (confine.h).
 *
 * A list of what is denied, and not of what is allowed: it does not have to follow libc, libuv and SQLite from release to
 * release,
 * and a call that none of them needs today is still not needed tomorrow. It takes from whoever subverts the process the
 * ways out of it: to run a program, to become another process, to look into one, to load code into the kernel, to open files past
 * Landlock. What a network daemon must be able to do (read, write, connect, make threads) stays possible.
 *
 * Denied calls fail with EPERM, so that a library that tries one goes on; clone3 with ENOSYS, as its flags lie where a filter
 * cannot read; libc then uses clone, whose flags it can. Sources: seccomp(2), linux/seccomp.h, linux/filter.h. */
#define _GNU_SOURCE
#include "node/confine.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#if defined(__has_include)
#if __has_include(<linux/seccomp.h>) && __has_include(<linux/filter.h>) && __has_include(<linux/audit.h>)
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OUR_ARCH AUDIT_ARCH_RISCV64
#endif
#endif
#endif
#endif

#ifdef OUR_ARCH

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define FAIL(error) ANSWER(SECCOMP_RET_ERRNO | ((error) & SECCOMP_RET_DATA))
#define DENY(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), FAIL(EPERM),

/* Headers that we are built with may be older than a call: then the kernel's number, which is one on every machine since 5.1. */
enum { CALL_PIDFD_GETFD = 438, CALL_PROCESS_MADVISE = 440, CALL_IO_URING_SETUP = 425, CALL_CLONE3 = 435 };

static struct sock_filter filter[] = {
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0), FAIL(ENOSYS),          /* another machine's numbers: none of ours */
    LOAD(nr),
#ifdef __x86_64__
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), FAIL(ENOSYS),        /* x32 */
#endif
    /* another program, another process */
    DENY(SYS_execve) DENY(SYS_execveat)
#ifdef SYS_fork
    DENY(SYS_fork) DENY(SYS_vfork)
#endif
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALL_CLONE3, 0, 1), FAIL(ENOSYS),
    /* looking into one */
    DENY(SYS_ptrace) DENY(SYS_process_vm_readv) DENY(SYS_process_vm_writev) DENY(SYS_kcmp) DENY(CALL_PIDFD_GETFD)
    DENY(CALL_PROCESS_MADVISE) DENY(SYS_perf_event_open)
    /* files past Landlock, other views of the system */
    DENY(SYS_open_by_handle_at) DENY(SYS_mount) DENY(SYS_umount2) DENY(SYS_pivot_root) DENY(SYS_chroot) DENY(SYS_setns)
    DENY(SYS_unshare) DENY(CALL_IO_URING_SETUP)
    /* the kernel itself */
    DENY(SYS_bpf) DENY(SYS_init_module) DENY(SYS_finit_module) DENY(SYS_delete_module) DENY(SYS_kexec_load) DENY(SYS_reboot)
    DENY(SYS_swapon) DENY(SYS_swapoff) DENY(SYS_userfaultfd) DENY(SYS_personality) DENY(SYS_add_key) DENY(SYS_request_key)
    DENY(SYS_keyctl) DENY(SYS_settimeofday) DENY(SYS_clock_settime) DENY(SYS_acct) DENY(SYS_quotactl)
    /* a thread is a clone within the process; anything else would be a process */
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
    FAIL(EPERM),
    ANSWER(SECCOMP_RET_ALLOW),
};

bool confine_calls(const char **ret_reason)
{
    const struct sock_fprog program = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};
    *ret_reason = NULL;
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0)
        *ret_reason = "not-in-this-kernel";
    else if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
        *ret_reason = "refused";
    return *ret_reason == NULL;
}

#else

bool confine_calls(const char **ret_reason)
{
    *ret_reason = "not-on-this-machine";
    return false;
}

#endif
