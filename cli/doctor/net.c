/* cli/doctor/net.c - the daemon, its network, and what peers have of us. */
#define _GNU_SOURCE
#include "cli/doctor/doctor.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include "cli/view/query.h"
#include "cli/view/view.h"
#include "keys/file.h"

void check_daemon(struct doctor *x, struct finding *ret)
{
    if (x->runs)
        finding_good(ret, "folkmootd holds this home");
    else
        finding_bad(ret, "start folkmootd (systemd: `systemctl start folkmootd`), or run `folkmoot sync` from cron",
                    "folkmootd does not run");
}

/* What the daemon wrote into the file that it locks. -1: it said nothing. */
static int landlock_of(const struct doctor *x)
{
    enum { HOLDER_MAX = 256 };
    char path[FILE_PATH_MAX];
    struct buf text = buf_on(0);
    uint64_t abi = UINT64_MAX;
    home_path(&x->s->home, HOME_DAEMON_LOCK, path);
    if (file_read(path, HOLDER_MAX, &text) == OK) {
        struct bytes rest = buf_bytes(&text), line, word;
        while (bytes_line(&rest, &line))
            if (bytes_word(&line, &word) && bytes_equal(word, bytes_of("landlock")))
                (void)!bytes_u64(line, 1000, &abi);
    }
    buf_release(&text);
    return abi <= 1000 ? (int)abi : -1;
}

void check_confined(struct doctor *x, struct finding *ret)
{
    const int abi = x->runs ? landlock_of(x) : -1;
    if (!x->runs)
        finding_good(ret, "not asked: folkmootd does not run");
    else if (abi > 0)
        finding_good(ret, "by Landlock, ABI %d: folkmootd cannot open private/", abi);
    else if (abi == 0)
        finding_advice(ret, "Linux 5.13 or newer has it; the systemd unit confines as well", "this kernel has no Landlock");
    else
        finding_advice(ret, "restart folkmootd: this one is older than this program", "folkmootd did not say");
}

/* ---- listening ---- */

/* Connect within `timeout_ms`; a name is looked up by the machine's own means. */
static enum err connects(const char *address, int timeout_ms)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *list = NULL;
    char host[ADDRESS_MAX + 1];
    const char *colon = strrchr(address, ':');
    size_t len = (size_t)(colon - address);
    memcpy(host, address, len);
    host[len] = '\0';
    if (host[0] == '[') {
        memmove(host, host + 1, len);
        host[strlen(host) - 1] = '\0';
    }
    const char *to = strcmp(host, "0.0.0.0") == 0 ? "127.0.0.1" : strcmp(host, "::") == 0 ? "::1" : host;
    if (getaddrinfo(to, colon + 1, &hints, &list) != 0)
        return ERR_UNKNOWN;
    int fd = socket(list->ai_family, list->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, list->ai_protocol);
    enum err e = fd >= 0 ? OK : ERR_IO;
    if (e == OK && connect(fd, list->ai_addr, list->ai_addrlen) != 0 && errno != EINPROGRESS)
        e = ERR_IO;
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int failed = 0;
    socklen_t size = sizeof(failed);
    if (e == OK && (poll(&p, 1, timeout_ms) != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size) != 0 || failed != 0))
        e = ERR_IO;
    if (fd >= 0)
        (void)close(fd);
    freeaddrinfo(list);
    return e;
}

void check_listen(struct doctor *x, struct finding *ret)
{
    enum { WAIT_MS = 2000 };
    const size_t n = x->d->identity->n_addresses;
    if (!x->has_config || x->config.listen[0] == '\0')
        finding_good(ret, "this node only dials: its links carry both ways");
    else if (x->runs && connects(x->config.listen, WAIT_MS) != OK)
        finding_bad(ret, "is another program there? is the daemon's --listen another one?", "nobody answers at %s",
                    x->config.listen);
    else if (n == 0)
        finding_advice(ret, "peers can dial only what our identity tells them: `init --advertise`",
                       "at %s, and peers are told no address", x->config.listen);
    else
        finding_good(ret, "at %s; peers are told %s", x->config.listen, x->d->identity->addresses[0]);
}

void check_proxy(struct doctor *x, struct finding *ret)
{
    static const char *const names[] = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"};
    (void)x;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            finding_advice(ret, "`folkmoot doctor --firewall` says which ports have to be let out",
                           "%s is set, and this version dials directly", names[i]);
            return;
        }
    }
    finding_good(ret, "none is set: peers are dialled directly");
}

void check_peers(struct doctor *x, struct finding *ret)
{
    size_t open = 0, members = 0;
    for (size_t i = 0; x->now != NULL && i < x->now->n_members; i++)
        members += !x->now->members[i].is_former;
    for (size_t i = 0; x->reach != NULL && i < x->reach->n; i++)
        open += x->reach->rows[i].state == PEER_OPEN;
    if (members <= 1)
        finding_good(ret, "nobody but us is a member");
    else if (!x->runs)
        finding_good(ret, "not asked: folkmootd does not run");
    else if (open == 0)
        finding_bad(ret, "`folkmoot status -v` says why; `folkmoot doctor --firewall` is for those who keep the network",
                    "none of %zu is in reach", members - 1);
    else
        finding_good(ret, "%zu of %zu in reach", open, members - 1);
}

/* ---- time ---- */

struct dating { struct doctor *x; uint64_t now_s, latest_s, own_s, own_entry_s; const struct slug *us; struct slug who; };

static enum err look_at(void *arg, const struct cosig *c)
{
    struct dating *t = arg;
    if (slug_equal(&c->witness, t->us))
        return OK;
    if (c->time_s > t->latest_s) {
        t->latest_s = c->time_s;
        t->who = c->witness;
    }
    return OK;
}

static enum err look_at_log(void *arg, const struct log_state *l)
{
    struct dating *t = arg;
    enum err e = store_each_cosig(t->x->d->store, &l->origin, l->whole, look_at, t);
    return e == ERR_UNKNOWN ? OK : e;
}

/* When our last entry says it was written, and the earliest that another saw it. */
static enum err our_last(void *arg, const struct cosig *c)
{
    struct dating *t = arg;
    if (!slug_equal(&c->witness, t->us) && (t->own_s == 0 || c->time_s < t->own_s))
        t->own_s = c->time_s;
    return OK;
}

static enum err date_of(void *arg, uint64_t idx, const struct item *item)
{
    struct dating *t = arg;
    struct header h;
    (void)idx;
    if (header_read(item->header, &h) == OK)
        t->own_entry_s = h.time_ms / 1000;
    return OK;
}

static enum err read_dates(struct doctor *x, struct dating *t)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_each_log(x->d->store, look_at_log, t);
    if (e == OK && (e = store_log(x->d->store, &x->d->origin, &l, &note)) == OK && l.whole > 0) {
        e = store_each_entry(x->d->store, &x->d->origin, l.whole - 1, l.whole, date_of, t);
        if (e == OK)
            e = store_each_cosig(x->d->store, &x->d->origin, l.whole, our_last, t);
    }
    buf_release(&note);
    return e == ERR_UNKNOWN ? OK : e;
}

/* Witnesses date what they sign, so a clock that is wrong shows without asking anybody. */
void check_clock(struct doctor *x, struct finding *ret)
{
    enum { SLACK_S = 120 };
    struct dating t = {.x = x, .now_s = x->now_ms / 1000, .us = &x->d->identity->slug};
    enum err e = x->d->has_alliance ? read_dates(x, &t) : ERR_UNKNOWN;
    if (e != OK && e != ERR_UNKNOWN)
        finding_bad(ret, "see the disk", "node/log.db: %s", err_text(e));
    else if (t.latest_s > t.now_s + SLACK_S)
        finding_bad(ret, "set this machine's clock, or tell that member", "%s dates a cosignature %llu s ahead of this clock",
                    t.who.s, (unsigned long long)(t.latest_s - t.now_s));
    else if (t.own_s != 0 && t.own_entry_s > t.own_s + SLACK_S)
        finding_bad(ret, "set this machine's clock: witnesses wait with what is dated ahead",
                    "others witnessed our last entry %llu s before we say that it was written",
                    (unsigned long long)(t.own_entry_s - t.own_s));
    else if (t.latest_s == 0)
        finding_good(ret, "nobody to compare it with yet");
    else
        finding_good(ret, "agrees with what the witnesses date");
}

void check_time_sync(struct doctor *x, struct finding *ret)
{
    struct timex t = {.modes = 0};
    (void)x;
    const int state = adjtimex(&t);
    if (state < 0)
        finding_advice(ret, "see that systemd-timesyncd, chrony or the host keeps it right", "the kernel does not say");
    else if (state == TIME_ERROR || (t.status & STA_UNSYNC) != 0)
        finding_advice(ret, "start systemd-timesyncd or chrony; in a container the host may see to it",
                       "the kernel's clock is not synchronised");
    else
        finding_good(ret, "the kernel's clock is synchronised");
}

/* ---- the alliance ---- */

void check_charter(struct doctor *x, struct finding *ret)
{
    if (!x->d->has_alliance)
        finding_advice(ret, "`folkmoot alliance create NAME`, or `folkmoot join INVITE`", "this node belongs to no alliance yet");
    else if (x->now == NULL || (!desk_is_member(x->d) && !desk_is_former(x->d)))
        finding_advice(ret, "a steward admits it; `folkmoot sync` asks again", "waiting to be admitted");
    else if (desk_is_former(x->d))
        finding_bad(ret, "`folkmoot alliance show` says by which charter", "no longer a member of %.100s", x->now->name);
    else
        finding_good(ret, "a member of %.100s, charter %u", x->now->name, (unsigned)x->now->version);
}

static const struct held *our_held(const struct doctor *x)
{
    const struct member *m = x->now != NULL && x->held != NULL ? charter_find(x->now, &x->d->identity->slug) : NULL;
    return m != NULL ? &x->held[m - x->now->members] : NULL;
}

void check_quorum(struct doctor *x, struct finding *ret)
{
    const struct held *h = desk_is_member(x->d) ? our_held(x) : NULL;
    char ago[AGO_SIZE];
    if (h == NULL || h->size == 0) {
        finding_good(ret, "nothing of ours to be witnessed yet");
        return;
    }
    ago_text(h->witnessed_s * 1000, x->now_ms, ago);
    if (h->witnessed_s == 0)
        finding_bad(ret, "start folkmootd, and see `folkmoot status`: the witnesses must be in reach",
                    "no quorum has ever witnessed our log");
    else if (!h->is_fresh)
        finding_bad(ret, "start folkmootd, and see `folkmoot status`: the witnesses must be in reach",
                    "a quorum last witnessed our log %s", ago);
    else
        finding_good(ret, "a quorum witnessed our log %s", ago);
}

void check_forks(struct doctor *x, struct finding *ret)
{
    const struct held *ours = our_held(x);
    if (ours != NULL && ours->is_frozen) {
        finding_bad(ret, "`folkmoot recover` begins the next generation", "our own log is frozen: two stories were told in it");
        return;
    }
    for (size_t i = 0; x->now != NULL && x->held != NULL && i < x->now->n_members; i++)
        if (x->held[i].is_frozen) {
            finding_advice(ret, "tell its people: they begin the next generation", "the log of %s is frozen: it told two stories",
                           x->now->members[i].slug.s);
            return;
        }
    finding_good(ret, "nobody told two stories");
}
