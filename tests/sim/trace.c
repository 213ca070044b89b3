#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/sim.h"

void trace(struct sim *s, const char *fmt, ...)
{
    char line[300];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    if (s->is_verbose)
        printf("# %llu %s\n", (unsigned long long)s->now_ms, line);
    if (s->is_tracing)
        buf_printf(&s->trace, "%llu %s\n", (unsigned long long)s->now_ms, line);
}

static void describe(const struct message *m, char *ret, size_t size)
{
    ret[0] = '\0';
    if (m->type == MSG_HAVE)
        (void)snprintf(ret, size, " %s%zu", m->u.have.has_hash ? "#" : "", m->u.have.n);
    else if (m->type == MSG_WANT)
        (void)snprintf(ret, size, " %s %s%llu..%llu +%u", m->u.want.log.slug.s, m->u.want.has_from ? "" : "on ",
                       (unsigned long long)m->u.want.from, (unsigned long long)m->u.want.upto, m->u.want.credit);
    else if (m->type == MSG_ENTRIES)
        (void)snprintf(ret, size, " %s %llu+%zu%s", m->u.entries.log.slug.s, (unsigned long long)m->u.entries.from, m->u.entries.n,
                       m->u.entries.checkpoint.len > 0 ? "." : "");
    else if (m->type == MSG_COSIG)
        (void)snprintf(ret, size, " %s %llu by %s", m->u.cosig.log.slug.s, (unsigned long long)m->u.cosig.size,
                       m->u.cosig.witness.s);
    else if (m->type == MSG_CHARTER)
        (void)snprintf(ret, size, " held %u, %zu, %zu", m->u.charter.held, m->u.charter.n_notes, m->u.charter.n_identities);
    else if (m->type == MSG_HELLO)
        (void)snprintf(ret, size, " charter %u", m->u.hello.charter_version);
    else if (m->type == MSG_BYE)
        (void)snprintf(ret, size, " %.*s", (int)m->u.bye.len, (const char *)m->u.bye.p);
}

void trace_sent(struct node *n, struct node *to, struct bytes frame)
{
    struct message *m;
    char more[160];
    if (!n->sim->is_verbose && !n->sim->is_tracing)
        return;
    must((m = malloc(sizeof(*m))) != NULL);
    if (message_decode(frame, m) != OK) {
        trace(n->sim, "%s > %s ?", n->keys.slug.s, to->keys.slug.s);
    } else if (m->type != MSG_PING) {
        describe(m, more, sizeof(more));
        trace(n->sim, "%s > %s %s%s", n->keys.slug.s, to->keys.slug.s, message_name(m->type), more);
    }
    free(m);
}
