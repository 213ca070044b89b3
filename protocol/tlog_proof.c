#include "protocol/tlog_proof.h"

#include <inttypes.h>
#include <string.h>

#define FIRST_LINE "c2sp.org/tlog-proof@v1"

void tlog_proof_write(const struct tlog_proof *p, struct buf *ret)
{
    char text[BASE64_SIZE(TLOG_EXTRA_MAX)];
    buf_put_str(ret, FIRST_LINE "\n");
    if (p->extra_len > 0) {
        base64_encode((struct bytes){p->extra, p->extra_len}, text);
        buf_printf(ret, "extra %s\n", text);
    }
    buf_printf(ret, "index %" PRIu64 "\n", p->idx);
    for (size_t i = 0; i < p->proof.n; i++) {
        base64_encode((struct bytes){p->proof.path[i].b, HASH_LEN}, text);
        buf_printf(ret, "%s\n", text);
    }
    buf_put_str(ret, "\n");
    buf_put(ret, p->note);
}

bool tlog_proof_is(struct bytes in)
{
    return bytes_start_with(in, FIRST_LINE "\n");
}

/* The rest of a line that begins with `word` and a space. */
static bool cut_word(struct bytes line, const char *word, struct bytes *ret)
{
    if (!bytes_start_with(line, word))
        return false;
    *ret = (struct bytes){line.p + strlen(word), line.len - strlen(word)};
    return true;
}

enum err tlog_proof_read(struct bytes in, struct tlog_proof *ret)
{
    struct tlog_proof p = {0};
    struct bytes line, rest;
    if (in.len > TLOG_PROOF_MAX)
        return ERR_LIMIT;
    if (!bytes_line(&in, &line) || !bytes_equal(line, bytes_of(FIRST_LINE)) || !bytes_line(&in, &line))
        return ERR_FORMAT;
    if (cut_word(line, "extra ", &rest)
        && (base64_decode_upto(rest, p.extra, sizeof(p.extra), &p.extra_len) != OK || p.extra_len == 0 || !bytes_line(&in, &line)))
        return ERR_FORMAT;
    if (!cut_word(line, "index ", &rest) || bytes_u64(rest, INT64_MAX, &p.idx) != OK)
        return ERR_FORMAT;
    for (;;) {
        if (!bytes_line(&in, &line))
            return ERR_FORMAT;
        if (line.len == 0)
            break;
        if (p.proof.n == PROOF_HASHES_MAX || base64_decode(line, p.proof.path[p.proof.n++].b, HASH_LEN) != OK)
            return ERR_FORMAT;
    }
    p.note = in;
    *ret = p;
    return OK;
}
