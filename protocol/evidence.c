#include "protocol/evidence.h"

#include <string.h>

void evidence_write(const struct evidence *ev, struct buf *ret)
{
    pack_array(ret, 6);
    pack_str(ret, ev->log.slug.s);
    pack_uint(ret, ev->log.generation);
    pack_bin(ret, ev->note_m);
    pack_bin(ret, ev->note_n);
    if (ev->has_rival)
        pack_fixed(ret, ev->rival.b, HASH_LEN);
    else
        pack_nil(ret);
    pack_array(ret, ev->proof.n);
    for (size_t i = 0; i < ev->proof.n; i++)
        pack_fixed(ret, ev->proof.path[i].b, HASH_LEN);
}

enum err evidence_read(struct bytes in, struct evidence *ret)
{
    struct evidence ev;
    struct reader r = reader_on(in);
    (void)read_array(&r, 6, 6);
    if (slug_parse(read_str(&r, SLUG_MAX), &ev.log.slug) != OK)
        return ERR_FORMAT;
    ev.log.generation = (uint32_t)read_uint(&r, UINT32_MAX);
    ev.note_m = read_bin(&r, CHECKPOINT_MAX);
    ev.note_n = read_bin(&r, CHECKPOINT_MAX);
    memset(&ev.rival, 0, sizeof(ev.rival));
    ev.has_rival = !read_nil(&r);
    if (ev.has_rival)
        read_fixed(&r, ev.rival.b, HASH_LEN);
    ev.proof.n = read_array(&r, 0, PROOF_HASHES_MAX);
    for (size_t i = 0; i < ev.proof.n; i++)
        read_fixed(&r, ev.proof.path[i].b, HASH_LEN);
    if (reader_finish(&r) != OK || ev.log.generation == 0 || (!ev.has_rival && ev.proof.n > 0))
        return ERR_FORMAT;
    *ret = ev;
    return OK;
}

enum err evidence_check(const struct evidence *ev, const struct origin *origin, const struct sign_public *log_key)
{
    struct checkpoint m, n;
    enum err e = checkpoint_open(ev->note_m, origin, log_key, &m);
    if (e == OK)
        e = checkpoint_open(ev->note_n, origin, log_key, &n);
    if (e != OK)
        return e;
    if (!slug_equal(&ev->log.slug, &origin->slug) || ev->log.generation != origin->generation || m.size > n.size
        || m.size == 0)
        return ERR_FORMAT;
    if (m.size == n.size)
        return !ev->has_rival && !hash_equal(&m.root, &n.root) ? OK : ERR_FORMAT;
    if (!ev->has_rival || hash_equal(&ev->rival, &m.root))
        return ERR_FORMAT;
    return merkle_check_consistency(m.size, n.size, &ev->rival, &n.root, &ev->proof);
}
