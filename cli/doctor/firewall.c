/* cli/doctor/firewall.c - for those who keep the network: what has to come in, and what has to go out. */
#include "cli/doctor/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/output.h"
#include "cli/say.h"

struct place { const char *slug; char host[ADDRESS_MAX + 1]; unsigned port; };

struct places { struct doctor *x; size_t n, n_silent; struct place list[MEMBERS_MAX * IDENTITY_ADDRESSES_MAX]; };

/* host and port; a port is there: address_is_valid. */
static void split(const char *address, char host[ADDRESS_MAX + 1], unsigned *port)
{
    const char *colon = strrchr(address, ':');
    size_t len = (size_t)(colon - address);
    memcpy(host, address, len);
    host[len] = '\0';
    if (host[0] == '[') {
        memmove(host, host + 1, len);
        host[len - 2] = '\0';
    }
    *port = (unsigned)strtoul(colon + 1, NULL, 10);
}

static enum err gather(struct places *p)
{
    struct doctor *x = p->x;
    enum err e = OK;
    for (size_t i = 0; e == OK && x->now != NULL && i < x->now->n_members; i++) {
        const struct member *m = &x->now->members[i];
        struct identity *id = NULL;
        if (m->is_former || slug_equal(&m->slug, &x->d->identity->slug))
            continue;
        e = desk_identity_of(x->d, &m->slug, &id);
        if (e == ERR_UNKNOWN)
            e = OK;
        p->n_silent += id == NULL || id->n_addresses == 0;
        for (size_t k = 0; id != NULL && k < id->n_addresses; k++) {
            struct place *at = &p->list[p->n++];
            at->slug = m->slug.s;
            split(id->addresses[k], at->host, &at->port);
        }
        free(id);
    }
    return e;
}

static bool is_v6(const char *host)
{
    return strchr(host, ':') != NULL;
}

/* A name is no address: nft looks it up once, when the rule is loaded. */
static bool is_name(const char *host)
{
    return !is_v6(host) && strspn(host, "0123456789.") != strlen(host);
}

static void rules_in(struct buf *nft, struct buf *ufw, const char *listen)
{
    char host[ADDRESS_MAX + 1];
    unsigned port;
    split(listen, host, &port);
    const bool is_any = strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
    if (is_any) {
        buf_printf(nft, "add rule inet filter input tcp dport %u accept\n", port);
        buf_printf(ufw, "ufw allow in proto tcp to any port %u\n", port);
    } else {
        buf_printf(nft, "add rule inet filter input %s daddr %s tcp dport %u accept\n", is_v6(host) ? "ip6" : "ip", host, port);
        buf_printf(ufw, "ufw allow in proto tcp to %s port %u\n", host, port);
    }
}

static void rule_out(struct buf *nft, struct buf *ufw, const struct place *p)
{
    buf_printf(nft, "add rule inet filter output %s daddr %s tcp dport %u accept  # %s\n", is_v6(p->host) ? "ip6" : "ip",
               p->host, p->port, p->slug);
    if (is_name(p->host))
        buf_printf(ufw, "# %s: ufw takes addresses, not names: look up %s, then\n# ufw allow out proto tcp to ADDRESS port %u\n",
                   p->slug, p->host, p->port);
    else
        buf_printf(ufw, "ufw allow out proto tcp to %s port %u comment %s\n", p->host, p->port, p->slug);
}

static json_t *document(const struct places *p, const struct buf *nft, const struct buf *ufw)
{
    const struct doctor *x = p->x;
    json_t *doc = json_document(x->s), *in = json_array(), *out_list = json_array();
    if (x->config.listen[0] != '\0') {
        char host[ADDRESS_MAX + 1];
        unsigned port;
        json_t *one = json_object();
        split(x->config.listen, host, &port);
        json_object_set_new(one, "address", json_text(host));
        json_object_set_new(one, "port", json_integer(port));
        json_object_set_new(one, "protocol", json_text("tcp"));
        json_array_append_new(in, one);
    }
    for (size_t i = 0; i < p->n; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "slug", json_text(p->list[i].slug));
        json_object_set_new(one, "address", json_text(p->list[i].host));
        json_object_set_new(one, "port", json_integer(p->list[i].port));
        json_object_set_new(one, "protocol", json_text("tcp"));
        json_array_append_new(out_list, one);
    }
    json_object_set_new(doc, "inbound", in);
    json_object_set_new(doc, "outbound", out_list);
    json_object_set_new(doc, "nft", json_bytes(buf_bytes(nft)));
    json_object_set_new(doc, "ufw", json_bytes(buf_bytes(ufw)));
    return doc;
}

static void describe(const struct places *p, const struct buf *nft, const struct buf *ufw)
{
    struct session *s = p->x->s;
    out(s, "What Folkmoot needs of the network: TCP only, no UDP, no DNS of its own, nothing else comes in or goes out.\n"
           "Every link is encrypted and both ends prove who they are (Noise XK); strangers see an open port and no byte.\n\n");
    if (p->x->config.listen[0] != '\0')
        out(s, "In:   TCP to %s, from the members' nodes (from anywhere, if theirs change).\n", p->x->config.listen);
    else
        out(s, "In:   nothing. This node only dials.\n");
    for (size_t i = 0; i < p->n; i++)
        out(s, "%s TCP to %s port %u (%s)\n", i == 0 ? "Out: " : "     ", p->list[i].host, p->list[i].port, p->list[i].slug);
    if (p->n == 0)
        out(s, "Out:  nothing: no other member is known that listens.\n");
    if (p->n_silent > 0)
        out(s, "      %zu members only dial: they come to us, if we listen.\n", p->n_silent);
    out(s, "\n# nftables: into the ruleset, table inet filter\n");
    out_text(s, buf_bytes(nft));
    out(s, "\n# ufw\n");
    out_text(s, buf_bytes(ufw));
}

enum exit_status doctor_firewall(struct doctor *x)
{
    enum { RULES_MAX = 1024 * 1024 };
    struct places *p = calloc(1, sizeof(*p));
    struct buf nft = buf_on(RULES_MAX), ufw = buf_on(RULES_MAX);
    enum err e = p != NULL ? OK : ERR_NOMEM;
    if (e == OK) {
        p->x = x;
        e = gather(p);
    }
    if (e == OK && x->config.listen[0] != '\0')
        rules_in(&nft, &ufw, x->config.listen);
    for (size_t i = 0; e == OK && i < p->n; i++)
        rule_out(&nft, &ufw, &p->list[i]);
    if (e == OK)
        e = buf_status(&nft);
    if (e == OK)
        e = buf_status(&ufw);
    enum exit_status st = EXIT_OK;
    if (e != OK)
        st = say_failed(x->s, e, NULL, "doctor --firewall");
    if (st == EXIT_OK) {
        describe(p, &nft, &ufw);
        st = output(x->s, document(p, &nft, &ufw), NULL);
    }
    free(p);
    buf_release(&nft);
    buf_release(&ufw);
    return st;
}
