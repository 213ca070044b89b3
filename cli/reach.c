#include "cli/reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/json.h"

static enum err take_peer(void *arg, const struct peer_row *p)
{
    struct reach *r = arg;
    if (r->n < MEMBERS_MAX)
        r->rows[r->n++] = *p;
    return OK;
}

enum err reach_read(const struct desk *d, struct reach **ret)
{
    struct reach *r = calloc(1, sizeof(*r));
    enum err e = r != NULL ? store_each_peer(d->store, take_peer, r) : ERR_NOMEM;
    if (e != OK) {
        free(r);
        return e;
    }
    r->runs = desk_daemon_runs(d);
    *ret = r;
    return OK;
}

struct peer_row reach_of(const struct reach *r, const struct slug *slug)
{
    for (size_t i = 0; i < r->n; i++)
        if (slug_equal(&r->rows[i].slug, slug))
            return r->rows[i];
    return (struct peer_row){.slug = *slug, .rtt_ms = -1};
}

/* The code that programs read, but where it says nothing to people. */
static const char *error_shown(const char *code)
{
    return strcmp(code, err_code(ERR_IO)) == 0 ? "nothing answers at its address" : code;
}

/* What a daemon that was killed left says nothing of now. */
static enum peer_state state_of(const struct reach *r, const struct peer_row *p)
{
    return r->runs || p->state == PEER_NO_ADDRESS ? p->state : PEER_IDLE;
}

void reach_cell(struct sheet *sh, const struct reach *r, const struct slug *slug)
{
    char text[128];
    struct peer_row p = reach_of(r, slug);
    enum peer_state now = state_of(r, &p);
    if (now == PEER_OPEN && p.rtt_ms >= 0)
        (void)snprintf(text, sizeof(text), "yes, %lld ms", (long long)p.rtt_ms);
    else if (now == PEER_OPEN)
        (void)snprintf(text, sizeof(text), "yes");
    else if (now == PEER_NO_ADDRESS && p.heard_ms == 0)
        (void)snprintf(text, sizeof(text), "not heard of yet");
    else if (now == PEER_NO_ADDRESS)
        (void)snprintf(text, sizeof(text), "gives no address: it dials us");
    else if (p.last_error[0] == '\0' || strcmp(p.last_error, bye_code(BYE_LEAVING)) == 0)
        (void)snprintf(text, sizeof(text), "no");
    else
        (void)snprintf(text, sizeof(text), "no: %s", error_shown(p.last_error));
    sheet_text(sh, text);
    if (now == PEER_OPEN)
        sheet_style(sh, STYLE_GOOD);
}

json_t *reach_json(const struct reach *r, const struct slug *slug)
{
    json_t *o = json_object();
    struct peer_row p = reach_of(r, slug);
    enum peer_state now = state_of(r, &p);
    json_object_set_new(o, "slug", json_text(p.slug.s));
    json_object_set_new(o, "address", p.address[0] != '\0' ? json_text(p.address) : json_null());
    json_object_set_new(o, "state", json_text(peer_state_name(now)));
    json_object_set_new(o, "rtt_ms", now == PEER_OPEN && p.rtt_ms >= 0 ? json_integer(p.rtt_ms) : json_null());
    json_object_set_new(o, "last_error", p.last_error[0] != '\0' ? json_text(p.last_error) : json_null());
    json_object_set_new(o, "last_heard", p.heard_ms > 0 ? json_time(p.heard_ms) : json_null());
    json_object_set_new(o, "runs", p.program[0] != '\0' ? json_text(p.program) : json_null());
    return o;
}
