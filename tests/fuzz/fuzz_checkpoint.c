/* Any bytes as a checkpoint's text, as its note and as an origin: what is taken is
 * written again to the same bytes, and only what our key signed opens. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sign_secret secret;
static struct sign_public public;

static void one_origin(struct bytes in)
{
    struct origin o;
    char text[ORIGIN_MAX + 1];
    if (origin_parse(in, &o) != OK)
        return;
    origin_text(&o, text);
    assert(bytes_equal(bytes_of(text), in));
}

static void sign_and_open(const struct checkpoint *c)
{
    struct buf b = buf_on(CHECKPOINT_MAX);
    struct checkpoint back;
    struct signature sig;
    struct origin other = c->origin;
    other.generation = c->origin.generation == 1 ? 2 : c->origin.generation - 1;
    checkpoint_sign(c, &secret, &b);
    assert(buf_status(&b) == OK);
    assert(checkpoint_open(buf_bytes(&b), &c->origin, &public, &back) == OK);
    assert(back.size == c->size && hash_equal(&back.root, &c->root) && origin_equal(&back.origin, &c->origin));
    assert(checkpoint_open(buf_bytes(&b), &other, &public, &back) == ERR_UNKNOWN);
    checkpoint_cosign(c, &other, &secret, 77, &sig);
    assert(checkpoint_check_cosignature(c, &other, &public, 77, &sig) == OK);
    assert(checkpoint_check_cosignature(c, &other, &public, 78, &sig) == ERR_SIGNATURE);
    buf_release(&b);
}

static void one_text(struct bytes in)
{
    struct checkpoint c;
    struct buf b = buf_on(CHECKPOINT_TEXT_MAX);
    if (checkpoint_parse(in, &c) == OK) {
        checkpoint_text(&c, &b);
        assert(buf_status(&b) == OK && bytes_equal(buf_bytes(&b), in));
        sign_and_open(&c);
    }
    buf_release(&b);
}

/* A note that opens is one whose text we sign to the same signature. */
static void one_note(struct bytes in)
{
    struct note n;
    struct checkpoint c, opened;
    struct buf b = buf_on(CHECKPOINT_MAX);
    if (note_parse(in, &n) == OK && checkpoint_parse(n.text, &c) == OK
        && checkpoint_open(in, &c.origin, &public, &opened) == OK) {
        struct note_key key = checkpoint_log_key(&c.origin, &public);
        struct note ours;
        checkpoint_sign(&opened, &secret, &b);
        assert(note_parse(buf_bytes(&b), &ours) == OK);
        assert(bytes_equal(ours.lines[0].line, note_find(&n, &key)->line));
    }
    buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (secret.b[63] == 0) {
        struct sym_secret seed;
        if (crypto_start() != OK)
            abort();
        for (size_t i = 0; i < sizeof(seed.b); i++)     /* the first key of tests/vectors/folkmoot/checkpoint.json */
            seed.b[i] = (uint8_t)i;
        sign_keypair(&seed, &secret, &public);
    }
    struct bytes in = {data, size};
    one_origin(in);
    one_text(in);
    one_note(in);
    return 0;
}
