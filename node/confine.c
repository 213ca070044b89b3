#define _GNU_SOURCE
#include "node/confine.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#if defined(__has_include)
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#define HAVE_LANDLOCK 1
#endif
#endif
#endif

static void no_core_file(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);   /* nor a debugger of the same user */
#endif
}

#ifdef HAVE_LANDLOCK

/* Newer rights than the headers we are built with may know. */
enum { RIGHT_REFER = 1 << 13, RIGHT_TRUNCATE = 1 << 14, RIGHT_IOCTL_DEV = 1 << 15 };
enum { RIGHTS_ABI_1 = (1 << 13) - 1 };

static const uint64_t read_only = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t library = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE;
static const uint64_t ours = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE
                           | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | RIGHT_TRUNCATE
                           | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_DIR;  /* a folder where a file should be */
static const uint64_t rights_of_files = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE
                                      | LANDLOCK_ACCESS_FS_READ_FILE | RIGHT_TRUNCATE;

/* What getaddrinfo() reads, and the modules it loads for it. The files that a resolver's own
 * folder holds are replaced by renaming, so it is the folder that is named; a file in /etc replaced
 * after the start is not seen until the next one. */
static const struct { const char *path; const uint64_t *rights; } granted[] = {
    {"/etc/hosts", &read_only},         {"/etc/resolv.conf", &read_only},       {"/etc/nsswitch.conf", &read_only},
    {"/etc/gai.conf", &read_only},      {"/etc/host.conf", &read_only},         {"/etc/ld.so.cache", &read_only},
    {"/run/systemd/resolve", &read_only}, {"/run/NetworkManager", &read_only},  {"/run/resolvconf", &read_only},
    {"/lib", &library},                 {"/lib64", &library},                   {"/usr/lib", &library},
    {"/usr/lib64", &library},           {"/dev/urandom", &read_only},           {"/dev/null", &read_only},
};

static uint64_t rights_handled(int abi)
{
    uint64_t rights = RIGHTS_ABI_1;
    if (abi >= 2)
        rights |= RIGHT_REFER;
    if (abi >= 3)
        rights |= RIGHT_TRUNCATE;
    if (abi >= 5)
        rights |= RIGHT_IOCTL_DEV;
    return rights;
}

/* What is not there needs no rule. False: the kernel refused the rule. */
static bool grant(int ruleset, const char *path, uint64_t rights)
{
    struct stat st;
    struct landlock_path_beneath_attr rule = {.allowed_access = rights};
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return true;
    if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed_access &= rights_of_files;
    rule.parent_fd = fd;
    long failed = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    (void)close(fd);
    return failed == 0;
}

static bool grant_all(int ruleset, const char *node_path, uint64_t handled)
{
    if (!grant(ruleset, node_path, ours & handled))
        return false;
    for (size_t i = 0; i < sizeof(granted) / sizeof(granted[0]); i++)
        if (!grant(ruleset, granted[i].path, *granted[i].rights & handled))
            return false;
    return true;
}

static const char *lock_land(const char *node_path, int abi)
{
    const struct landlock_ruleset_attr attr = {.handled_access_fs = rights_handled(abi)};
    const char *why = NULL;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
    if (ruleset < 0)
        return "ruleset-refused";
    if (!grant_all(ruleset, node_path, attr.handled_access_fs))
        why = "rule-refused";
    else if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        why = "restriction-refused";
    (void)close(ruleset);
    return why;
}

enum err confine(const char *node_path, struct confinement *ret)
{
    *ret = (struct confinement){.reason = NULL};
    no_core_file();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        ret->reason = "no-new-privs-refused";
        return OK;                              /* older than Landlock by far */
    }
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) {
        ret->reason = "not-in-this-kernel";
        return OK;
    }
    ret->reason = lock_land(node_path, (int)abi);
    if (ret->reason != NULL)
        return ERR_DENIED;
    ret->landlock_abi = (int)abi;
    return OK;
}

#else

enum err confine(const char *node_path, struct confinement *ret)
{
    (void)node_path;
    no_core_file();
    *ret = (struct confinement){.reason = "not-in-this-system"};
    return OK;
}

#endif
