/* A file of charters and identities, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "charters.h"
#include "protocol/frame.h"
#include "protocol/message.h"
#include "protocol/parcel.h"

#define OKAY(call) assert_int_equal((call), OK)

static int start(void **state)
{
    (void)state;
    return crypto_start() == OK ? 0 : -1;
}

/* The founding charter of an alliance of one, in a chain. */
static struct chain *founded(void)
{
    enum chain_verdict verdict;
    struct hash hash;
    struct charter *c = charter_founding();
    OKAY(charter_seal(c));
    struct alliance_id id = charter_alliance_id(&c->hash);
    struct chain *chain = chain_new(&id);
    struct buf note = charter_note(c, BY(1));
    assert_non_null(chain);
    assert_null(chain_root_at(chain, SLUG(1), 1, 0));          /* of an empty chain: nobody's */
    OKAY(chain_add(chain, buf_bytes(&note), &verdict, &hash));
    buf_release(&note);
    charter_free(c);
    return chain;
}

static struct buf file_of(struct chain *chain)
{
    struct buf file = buf_on(1 << 20);
    OKAY(parcel_put_charters(chain, &file));
    return file;
}

static void put_frame(struct buf *file, struct bytes body)
{
    size_t mark = frame_begin(file);
    buf_put(file, body);
    OKAY(frame_end(file, mark));
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct parcel p;
    struct chain *chain = founded();
    struct buf file = file_of(chain);
    OKAY(parcel_put_identity(chain, bytes_of("any note"), &file));
    OKAY(parcel_read(buf_bytes(&file), &p));
    assert_int_equal(chain_current(p.chain)->version, 1);
    assert_int_equal(p.n_identities, 1);
    assert_true(bytes_equal(p.identities[0], bytes_of("any note")));
    parcel_release(&p);
    for (size_t n = 0; n < file.len; n += 13)
        if (parcel_read((struct bytes){file.p, n}, &p) == OK)
            parcel_release(&p);                 /* cut between two frames: then the charter is there */
    buf_release(&file);
    chain_free(chain);
}

/* [P-4] What a newer version may put between is passed over; what no parcel has is refused. */
static void a_newer_message_is_passed_over_and_a_known_other_one_is_not(void **state)
{
    (void)state;
    struct parcel p;
    struct chain *chain = founded();
    struct buf file = file_of(chain), body = buf_on(1024);
    pack_array(&body, 2);
    pack_uint(&body, 77);
    pack_uint(&body, 1);
    put_frame(&file, buf_bytes(&body));
    OKAY(parcel_read(buf_bytes(&file), &p));
    parcel_release(&p);
    buf_clear(&body);
    put_bye(&body, BYE_LEAVING);
    put_frame(&file, buf_bytes(&body));
    assert_int_equal(parcel_read(buf_bytes(&file), &p), ERR_FORMAT);
    buf_release(&body);
    buf_release(&file);
    chain_free(chain);
}

static void a_file_without_a_charter_is_none(void **state)
{
    (void)state;
    struct parcel p;
    struct buf file = buf_on(1024), body = buf_on(1024);
    assert_int_equal(parcel_read(buf_bytes(&file), &p), ERR_FORMAT);
    pack_array(&body, 2);
    pack_uint(&body, 77);
    pack_uint(&body, 1);
    put_frame(&file, buf_bytes(&body));
    assert_int_equal(parcel_read(buf_bytes(&file), &p), ERR_FORMAT);
    buf_release(&body);
    buf_release(&file);
}

/* Nobody judges the identities in it, so their number must be bounded. */
static void more_identities_than_any_alliance_has_are_refused(void **state)
{
    (void)state;
    struct parcel p;
    struct chain *chain = founded();
    struct buf file = buf_on(1 << 24);
    OKAY(parcel_put_charters(chain, &file));
    for (size_t i = 0; i <= 4 * MEMBERS_MAX; i++)
        OKAY(parcel_put_identity(chain, bytes_of("a note"), &file));
    assert_int_equal(parcel_read(buf_bytes(&file), &p), ERR_LIMIT);
    buf_release(&file);
    chain_free(chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(a_newer_message_is_passed_over_and_a_known_other_one_is_not),
        cmocka_unit_test(a_file_without_a_charter_is_none),
        cmocka_unit_test(more_identities_than_any_alliance_has_are_refused),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
