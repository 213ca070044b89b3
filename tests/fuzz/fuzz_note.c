/* Any bytes as a note and as a vkey.  What parses is put together again from its
 * parts to the same bytes, can be signed once more, and merges with itself. */
#include <assert.h>
#include <stdlib.h>

#include "protocol/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(struct bytes in, const struct note *n)
{
    struct buf b = buf_on(NOTE_MAX);
    note_begin(n->text, &b);
    for (size_t i = 0; i < n->n_lines; i++) {
        assert(n->lines[i].blob_len > 0 && n->lines[i].name.len > 0);
        note_put_line(&n->lines[i], &b);
    }
    assert(buf_status(&b) == OK && bytes_equal(buf_bytes(&b), in));
    buf_release(&b);
}

static void merge_twice(const struct note *n)
{
    struct buf once = buf_on(NOTE_MAX), twice = buf_on(NOTE_MAX);
    struct note merged;
    assert(note_merge(n, n, &once) == OK);
    assert(note_parse(buf_bytes(&once), &merged) == OK && merged.n_lines <= n->n_lines);
    assert(note_merge(&merged, n, &twice) == OK && bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
    buf_release(&once);
    buf_release(&twice);
}

static void sign_it_too(const struct note *n, const struct note_key *key, const struct sign_secret *secret)
{
    struct buf own = buf_on(NOTE_MAX + 1024), all = buf_on(NOTE_MAX + 1024);
    struct note ours, both;
    uint64_t time = 0;
    note_begin(n->text, &own);
    if (key->type == NOTE_ED25519)
        note_sign(n->text, key, secret, &own);
    else if (n->text.len <= CHECKPOINT_MAX)
        note_cosign(n->text, key, secret, 1700000000, &own);
    if (note_parse(buf_bytes(&own), &ours) == OK) {     /* not when it is at the limit already */
        assert(note_check(&ours, key, &time) == OK);
        assert(time == (key->type == NOTE_ED25519 ? 0 : 1700000000));
        enum err e = note_merge(&ours, n, &all);
        assert(e == OK || e == ERR_LIMIT);
        if (e == OK && note_parse(buf_bytes(&all), &both) == OK)
            assert(note_check(&both, key, NULL) == OK);
    }
    buf_release(&own);
    buf_release(&all);
}

static void one_vkey(struct bytes in)
{
    struct note_key key;
    struct buf b = buf_on(1024);
    if (note_vkey_parse(in, &key) == OK) {
        note_vkey_write(&key, &b);
        assert(bytes_equal(buf_bytes(&b), in));
    }
    buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct note_key keys[] = {{.name = "a.example", .type = NOTE_ED25519},
                                     {.name = "a.example", .type = NOTE_COSIGNATURE}};
    static struct sign_secret secret;
    if (secret.b[0] == 0) {
        if (crypto_start() != OK)
            abort();
        sign_keypair(&(struct sym_secret){{1}}, &secret, &keys[0].key);
        keys[1].key = keys[0].key;
    }
    struct bytes in = {data, size};
    struct note n;
    one_vkey(in);
    if (note_parse(in, &n) != OK)
        return 0;
    round_trip(in, &n);
    merge_twice(&n);
    for (size_t i = 0; i < 2; i++) {
        enum err e = note_check(&n, &keys[i], NULL);
        assert((e == ERR_UNKNOWN) == (note_find(&n, &keys[i]) == NULL));
        sign_it_too(&n, &keys[i], &secret);
    }
    return 0;
}
