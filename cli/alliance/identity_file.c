#include "cli/alliance/identity_file.h"

#include "cli/say.h"
#include "keys/file.h"

struct search { const struct slug *slug; struct applicant *ret; bool found; };

static enum err take(void *arg, const struct request_row *r)
{
    struct search *x = arg;
    if (!slug_equal(&r->slug, x->slug) || identity_open(r->identity, &x->ret->id) != OK)
        return OK;
    buf_clear(&x->ret->note);
    buf_put(&x->ret->note, r->identity);
    x->found = true;
    return buf_status(&x->ret->note);
}

enum err applicant_requested(struct desk *d, const struct slug *slug, struct applicant *ret)
{
    struct search x = {.slug = slug, .ret = ret};
    ret->note = buf_on(IDENTITY_MAX);
    enum err e = store_each_request(d->store, take, &x);
    return e != OK ? e : x.found ? OK : ERR_UNKNOWN;
}

enum exit_status applicant_file(struct session *s, const char *file, struct applicant *ret)
{
    ret->note = buf_on(IDENTITY_MAX);
    enum err e = file_read(file, IDENTITY_MAX, &ret->note);
    if (e == OK)
        e = identity_open(buf_bytes(&ret->note), &ret->id);
    if (e == OK)
        return EXIT_OK;
    return say_unreadable(s, e, file, "it must be what `folkmoot id --export FILE` writes");
}
