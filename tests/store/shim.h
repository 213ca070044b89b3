/* tests/store/shim.h - a disk and a memory that fail when told to, below SQLite.
 *
 * The shim is the default VFS and hands everything to the real one.  It counts operations by kind; the plan
 * says which one fails, how, and whether the disk then stays broken.  With `is_power_cut` the machine dies at
 * that operation: all later ones fail, and shim_reboot() gives each file what it held when last
 * synced, with any of the later writes that `seed` chooses.  Nothing is really synced: it is a model. */
#ifndef FOLKMOOT_TESTS_STORE_SHIM_H
#define FOLKMOOT_TESTS_STORE_SHIM_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OP_WRITE = 1, OP_SYNC = 2, OP_OPEN = 4, OP_TRUNCATE = 8, OP_DELETE = 16, OP_MALLOC = 32 };

static struct {
    unsigned kinds;                             /* which operations are counted; 0: no fault */
    uint64_t at;                                /* the one that fails, from 1 */
    int code;                                   /* with what */
    bool stays, is_power_cut;
    uint64_t count;
    bool fired;
} plan;

static bool fails(unsigned kind)
{
    if ((plan.kinds & kind) == 0)
        return false;
    if (plan.fired && (plan.stays || plan.is_power_cut))
        return true;
    if (++plan.count != plan.at)
        return false;
    plan.fired = true;
    return true;
}

/* ---- what is on the platter ---- */

struct change { struct change *next; bool is_truncate; int64_t at; int len; uint8_t bytes[]; };
static struct platter { char name[200]; uint8_t *p; size_t len; struct change *first, **last; } platters[8];

static struct platter *platter_of(const char *name)
{
    for (size_t i = 0; i < 8; i++)
        if (strcmp(platters[i].name, name) == 0)
            return &platters[i];
    for (size_t i = 0; i < 8; i++)
        if (platters[i].name[0] == '\0') {
            (void)snprintf(platters[i].name, sizeof(platters[i].name), "%s", name);
            platters[i].last = &platters[i].first;
            return &platters[i];
        }
    abort();
}

static void change_apply(struct platter *f, const struct change *c)
{
    size_t end = (size_t)c->at + (size_t)c->len;
    if (c->is_truncate) {
        f->len = (size_t)c->at < f->len ? (size_t)c->at : f->len;
        return;
    }
    if (end > f->len) {
        f->p = realloc(f->p, end);
        if (f->p == NULL)
            abort();
        memset(f->p + f->len, 0, end - f->len);
        f->len = end;
    }
    memcpy(f->p + c->at, c->bytes, (size_t)c->len);
}

/* Take what waits to the platter: all of it, or as `seed` chooses. */
static void platter_settle(struct platter *f, uint64_t *seed)
{
    while (f->first != NULL) {
        struct change *c = f->first;
        f->first = c->next;
        if (seed == NULL || next_random(seed) % 2 == 0)
            change_apply(f, c);
        free(c);
    }
    f->last = &f->first;
}

static void platter_note(const char *name, bool is_truncate, int64_t at, const void *p, int len)
{
    struct platter *f = platter_of(name);
    struct change *c = malloc(sizeof(*c) + (size_t)len);
    if (c == NULL)
        abort();
    *c = (struct change){.is_truncate = is_truncate, .at = at, .len = len};
    if (len > 0)
        memcpy(c->bytes, p, (size_t)len);
    *f->last = c;
    f->last = &c->next;
}

static void platter_forget(struct platter *f)
{
    uint64_t seed = 0;
    platter_settle(f, &seed);
    free(f->p);
    memset(f, 0, sizeof(*f));
}

/* The power is back.  With `keep` the unsynced writes that seed chooses have reached the disk, else none. */
static void shim_reboot(bool keep, uint64_t seed)
{
    for (size_t i = 0; i < 8; i++) {
        struct platter *f = &platters[i];
        if (f->name[0] == '\0')
            continue;
        if (keep)
            platter_settle(f, &seed);
        FILE *out = fopen(f->name, "wb");
        if (out == NULL || (f->len > 0 && fwrite(f->p, 1, f->len, out) != f->len) || fclose(out) != 0)
            abort();
        platter_forget(f);
    }
}

/* ---- the VFS ---- */

struct shim_file { sqlite3_file base; const char *name; sqlite3_file *real; };

static sqlite3_vfs *real_vfs;
static struct shim_file *shim(sqlite3_file *f) { return (struct shim_file *)f; }

static int f_close(sqlite3_file *f) { return shim(f)->real->pMethods->xClose(shim(f)->real); }
static int f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return shim(f)->real->pMethods->xRead(shim(f)->real, p, n, at);
}
static int f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    if (fails(OP_WRITE)) {
        if (!plan.is_power_cut && n > 1)        /* half of it arrived */
            (void)shim(f)->real->pMethods->xWrite(shim(f)->real, p, n / 2, at);
        return plan.code;
    }
    if (shim(f)->name != NULL)
        platter_note(shim(f)->name, false, at, p, n);
    return shim(f)->real->pMethods->xWrite(shim(f)->real, p, n, at);
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    if (fails(OP_TRUNCATE))
        return SQLITE_IOERR_TRUNCATE;
    if (shim(f)->name != NULL)
        platter_note(shim(f)->name, true, size, NULL, 0);
    return shim(f)->real->pMethods->xTruncate(shim(f)->real, size);
}
static int f_sync(sqlite3_file *f, int flags)
{
    (void)flags;
    if (fails(OP_SYNC))
        return SQLITE_IOERR_FSYNC;
    if (shim(f)->name != NULL)
        platter_settle(platter_of(shim(f)->name), NULL);
    return SQLITE_OK;
}
static int f_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return shim(f)->real->pMethods->xFileSize(shim(f)->real, size);
}
static int f_lock(sqlite3_file *f, int l) { return shim(f)->real->pMethods->xLock(shim(f)->real, l); }
static int f_unlock(sqlite3_file *f, int l) { return shim(f)->real->pMethods->xUnlock(shim(f)->real, l); }
static int f_reserved(sqlite3_file *f, int *r) { return shim(f)->real->pMethods->xCheckReservedLock(shim(f)->real, r); }
static int f_control(sqlite3_file *f, int op, void *arg)
{
    return shim(f)->real->pMethods->xFileControl(shim(f)->real, op, arg);
}
static int f_sector(sqlite3_file *f) { return shim(f)->real->pMethods->xSectorSize(shim(f)->real); }
static int f_device(sqlite3_file *f) { return shim(f)->real->pMethods->xDeviceCharacteristics(shim(f)->real); }
static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p)
{
    return shim(f)->real->pMethods->xShmMap(shim(f)->real, page, size, extend, p);
}
static int f_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return shim(f)->real->pMethods->xShmLock(shim(f)->real, at, n, flags);
}
static void f_shm_barrier(sqlite3_file *f) { shim(f)->real->pMethods->xShmBarrier(shim(f)->real); }
static int f_shm_unmap(sqlite3_file *f, int drop) { return shim(f)->real->pMethods->xShmUnmap(shim(f)->real, drop); }

static const sqlite3_io_methods shim_methods = {
    .iVersion = 2, .xClose = f_close, .xRead = f_read, .xWrite = f_write, .xTruncate = f_truncate, .xSync = f_sync,
    .xFileSize = f_size, .xLock = f_lock, .xUnlock = f_unlock, .xCheckReservedLock = f_reserved,
    .xFileControl = f_control, .xSectorSize = f_sector, .xDeviceCharacteristics = f_device,
    .xShmMap = f_shm_map, .xShmLock = f_shm_lock, .xShmBarrier = f_shm_barrier, .xShmUnmap = f_shm_unmap};

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
    (void)vfs;
    f->pMethods = NULL;
    if (fails(OP_OPEN))
        return SQLITE_CANTOPEN;
    shim(f)->name = name;
    shim(f)->real = (sqlite3_file *)(shim(f) + 1);
    int rc = real_vfs->xOpen(real_vfs, name, shim(f)->real, flags, out);
    if (rc == SQLITE_OK)
        f->pMethods = &shim_methods;
    return rc;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    if (fails(OP_DELETE))
        return SQLITE_IOERR_DELETE;
    int rc = real_vfs->xDelete(real_vfs, name, sync);
    if (rc == SQLITE_OK)
        platter_forget(platter_of(name));
    return rc;
}

/* ---- memory ---- */

static sqlite3_mem_methods real_memory;
static void *m_malloc(int n) { return fails(OP_MALLOC) ? NULL : real_memory.xMalloc(n); }
static void *m_realloc(void *p, int n) { return fails(OP_MALLOC) ? NULL : real_memory.xRealloc(p, n); }

/* Before anything else touches SQLite. */
static inline int shim_start(void)
{
    static sqlite3_vfs vfs;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory) != SQLITE_OK)
        return -1;
    sqlite3_mem_methods memory = real_memory;
    memory.xMalloc = m_malloc;
    memory.xRealloc = m_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &memory) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK)
        return -1;
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "shim";
    vfs.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    vfs.xOpen = v_open;
    vfs.xDelete = v_delete;
    return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK ? 0 : -1;
}

static inline void shim_plan(unsigned kinds, uint64_t at, int code, bool stays, bool is_power_cut)
{
    plan.kinds = kinds;
    plan.at = at;
    plan.code = code;
    plan.stays = stays;
    plan.is_power_cut = is_power_cut;
    plan.count = 0;
    plan.fired = false;
}

static inline void shim_heal(void)
{
    plan.kinds = 0;
}

static inline void shim_forget(void)
{
    for (size_t i = 0; i < 8; i++)
        if (platters[i].name[0] != '\0')
            platter_forget(&platters[i]);
}

#endif
