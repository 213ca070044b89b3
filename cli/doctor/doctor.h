/* cli/doctor/doctor.h - is it working?  One check after another, each with what it found and what to do.
 *
 * Nothing here needs the network: what can be known of peers is what our store has of them. A check is good, bad, or good with
 * advice: what can wait, or is the owner's choice. Only a bad one makes the answer no. */
#ifndef FOLKMOOT_CLI_DOCTOR_DOCTOR_H
#define FOLKMOOT_CLI_DOCTOR_DOCTOR_H

#include "cli/desk.h"
#include "cli/held.h"
#include "cli/reach.h"
#include "node/config.h"

/*    name, in the order of the answer; does it need the home opened?      file */
#define DOCTOR_CHECKS(X)                                                      \
    X(home, false)         /* modes and owners */                    /* here.c */    \
    X(crypto, false)       /* libsodium passes its self-test */                      \
    X(disk, false)         /* room on it */                                          \
    X(config, false)       /* can be read */                                         \
    X(keys, true)         /* every file, the key that is named */                   \
    X(seed, false)         /* there, behind a passphrase */                          \
    X(backup, false)       /* known, and not older than our identity */              \
    X(interrupted, false)  /* no change and no restore that has not ended */         \
    X(store, false)        /* no damage known */                                     \
    X(head, true)         /* our log is what we signed, and all of it */            \
    X(daemon, false)       /* runs */                                /* net.c */     \
    X(confined, false)     /* ... by Landlock */                                     \
    X(listen, true)       /* answers, and peers are told where */                   \
    X(proxy, false)        /* none is needed */                                      \
    X(peers, true)        /* one at least is in reach */                            \
    X(clock, true)        /* agrees with what witnesses date */                     \
    X(time_sync, false)    /* the kernel's clock is kept right */                    \
    X(charter, true)      /* we are a member by the one held */                     \
    X(quorum, true)       /* our log is witnessed, and lately */                    \
    X(forks, true)        /* nobody's log is frozen */                              \
    X(readers, true)      /* nobody is owed a key */                             \
    X(openings, true)     /* what was promised is opened */  /* governance.c */     \
    X(erasures, true)     /* what we erased, everybody has */                        \
    X(leaving, true)      /* who said that it leaves has been let go */              \
    X(retention, true)    /* nothing of ours is older than agreed */                 \
    X(journal, false)      /* whole */

enum doctor_state { DOCTOR_GOOD, DOCTOR_ADVICE, DOCTOR_BAD };

struct finding {
    enum doctor_state state;
    char detail[256], remedy[256];          /* remedy "": nothing to do */
};

struct doctor {
    struct session *s;
    struct desk *d;                         /* NULL: it could not be opened, and has said why */
    bool is_closed;                         /* a mode or an owner is wrong: nothing was opened */
    const struct charter *now;              /* NULL: in no alliance, or not let in yet */
    bool runs;                              /* the daemon */
    bool lacks_view;                        /* it could not be opened; that is said once */
    bool has_config;
    struct config config;
    struct config_error config_error;
    struct held *held;                      /* by place in the charter; NULL without one */
    struct reach *reach;
    uint64_t now_ms;
};

#define X(name, needs) void check_##name(struct doctor *x, struct finding *ret);
DOCTOR_CHECKS(X)
#undef X

__attribute__((format(printf, 2, 3)))
void finding_good(struct finding *f, const char *detail, ...);
__attribute__((format(printf, 3, 4)))
void finding_advice(struct finding *f, const char *remedy, const char *detail, ...);
__attribute__((format(printf, 3, 4)))
void finding_bad(struct finding *f, const char *remedy, const char *detail, ...);

/* The rules that the people who keep the network need: printed, or as a document with --json. */
enum exit_status doctor_firewall(struct doctor *x);

#endif
