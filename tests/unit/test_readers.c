/* For whom a post is sealed: exactly the readers of what it is about, whoever sealed what to whom. */
/* This file says fewer things than the fixture can. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "view_fixture.h"

#include "cli/thread/readers.h"

static FILE *said;

/* An epoch of a named audience of `m`, for those whose numbers are listed; 0 ends the list. Its key is returned. */
static struct sym_secret say_epoch_for(struct voice *m, uint8_t name, uint32_t epoch, const unsigned *whom)
{
    static uint8_t boxes[VOICES][BOX_LEN];
    struct bytes list[VOICES];
    struct epoch_secret *secret = calloc(1, sizeof(*secret));
    struct buf *header, *payload;
    struct audience_id a = {{name}};
    struct sym_secret key = {{name, (uint8_t)(epoch + 1)}};
    size_t n = 0;
    assert_non_null(secret);
    for (; whom[n] != 0; n++) {
        OKAY(epoch_box(&key, &voices[whom[n]]->box, boxes[n]));
        list[n] = (struct bytes){boxes[n], BOX_LEN};
        secret->readers[secret->n_readers++] = voices[whom[n]]->body.slug;
    }
    struct seal_with w = sealing(m, &a, epoch, &key);
    slot(m, &header, &payload);
    OKAY(epoch_seal(&w, NULL, n, list, secret, header, payload));
    free(secret);
    return key;
}

static struct record_id say_under(unsigned who, uint8_t name, uint32_t epoch, const struct sym_secret *key, struct bytes plain)
{
    struct buf *header, *payload;
    struct audience_id a = {{name}};
    struct record_id id = {voices[who]->body.slug, 1, next_idx(voices[who])};
    struct seal_with w = sealing(voices[who], &a, epoch, key);
    slot(voices[who], &header, &payload);
    w.time_ms = now_ms;
    record_seal(&w, plain, header, payload);
    return id;
}

static struct record_id figure_under(unsigned who, uint8_t name, uint32_t epoch, const struct sym_secret *key)
{
    struct buf plain = buf_on(PAYLOAD_MAX);
    struct figure f = figure_of("cin_rate", "2024", 20);
    figure_write(&f, &plain);
    struct record_id id = say_under(who, name, epoch, key, buf_bytes(&plain));
    buf_release(&plain);
    return id;
}

/* A challenge of `who` to the alliance about that record: wider than the record is. */
static struct record_id shout_about(unsigned who, const struct record_id *about)
{
    struct buf plain = buf_on(PAYLOAD_MAX);
    struct post p = {.type = "challenge", .text = "words", .state = "open"};
    record_id_text(about, p.about);
    memcpy(p.owner, about->slug.s, sizeof(about->slug.s));
    post_write(&p, &plain);
    struct record_id id = {voices[who]->body.slug, 1, say_sealed(voices[who], buf_bytes(&plain))};
    buf_release(&plain);
    return id;
}

/* As the desk of `who` sees it: "the alliance", slugs, or why not. */
static const char *readers(unsigned who, const struct record_id *id)
{
    static char text[512];
    struct session s;
    struct threads t;
    struct readers_of r;
    struct view *v = view_of(who);
    struct identity own = identity_of(voices[who]);
    struct buf words = buf_on(sizeof(text));
    (void)fold(v, who);
    session_init(&s, stdin, said, said);
    struct desk d = {.s = &s, .store = store, .view = v, .chain = chain, .identity = &own, .origin = voices[who]->origin};
    OKAY(threads_gather(v, chain_current(chain), now_ms, &t));
    enum exit_status st = readers_of_record(&d, &t, id, &r);
    if (st == EXIT_OK)
        readers_words(&r, &words);
    (void)snprintf(text, sizeof(text), "%s", st == EXIT_OK ? buf_str(&words) : "refused");
    buf_release(&words);
    threads_release(&t);
    session_release(&s);
    view_close(v);
    return text;
}

static const unsigned one_two[] = {1, 2, 0}, two_three[] = {2, 3, 0}, all_three[] = {1, 2, 3, 0};

static void of_an_alliance_record_the_alliance_and_of_a_public_one_too(void **state)
{
    (void)state;
    found_alliance(3);
    struct record_id sealed = {voices[2]->body.slug, 1, say_figure(voices[2], "cin_rate", "2024", 20)};
    struct figure f = figure_of("cla_rate", "2024", 20);
    struct record_id public = {voices[2]->body.slug, 1, say_figure_as(voices[2], &f, true)};
    assert_string_equal(readers(1, &sealed), "the alliance");
    assert_string_equal(readers(1, &public), "the alliance");
}

static void of_a_named_record_those_of_its_very_epoch(void **state)
{
    (void)state;
    found_alliance(3);
    struct sym_secret first = say_epoch_for(voices[2], 0xAB, 0, one_two);
    struct record_id id = figure_under(2, 0xAB, 0, &first);
    struct sym_secret second = say_epoch_for(voices[2], 0xAB, 1, all_three);
    struct record_id wider = figure_under(2, 0xAB, 1, &second);
    assert_string_equal(readers(1, &id), "barset-1, barset-2");
    assert_string_equal(readers(1, &wider), "barset-1, barset-2, barset-3");
    assert_string_equal(readers(3, &id), "refused");
}

static void an_answer_to_who_shouts_is_for_the_readers_of_the_record(void **state)
{
    (void)state;
    found_alliance(3);
    struct sym_secret key = say_epoch_for(voices[2], 0xAB, 0, one_two);
    struct record_id id = figure_under(2, 0xAB, 0, &key);
    struct record_id shout = shout_about(1, &id);
    assert_string_equal(readers(2, &shout), "barset-1, barset-2");
    shout = shout_about(3, &id);
    assert_string_equal(readers(2, &shout), "barset-1, barset-2");
}

static void who_is_named_in_one_and_not_in_the_other_reads_neither(void **state)
{
    (void)state;
    found_alliance(3);
    struct sym_secret key = say_epoch_for(voices[2], 0xAB, 0, one_two), other = say_epoch_for(voices[3], 0xCD, 0, two_three);
    struct record_id id = figure_under(2, 0xAB, 0, &key);
    struct buf plain = buf_on(PAYLOAD_MAX);
    struct post p = {.type = "challenge", .text = "words", .state = "open"};
    record_id_text(&id, p.about);
    memcpy(p.owner, id.slug.s, sizeof(id.slug.s));
    post_write(&p, &plain);
    struct record_id narrow = say_under(3, 0xCD, 0, &other, buf_bytes(&plain));
    buf_release(&plain);
    assert_string_equal(readers(2, &narrow), "barset-2");
}

static void who_has_left_falls_away_and_a_partner_is_named_with_the_readers(void **state)
{
    (void)state;
    found_alliance(4);
    struct sym_secret key = say_epoch_for(voices[2], 0xAB, 0, all_three);
    struct record_id named = figure_under(2, 0xAB, 0, &key), of_partner = {voices[4]->body.slug, 1, 0};
    of_partner.idx = say_figure(voices[4], "cin_rate", "2024", 20);
    publish_all();
    struct charter *next = charter_after(charter, 0);
    next->members[3].role = ROLE_PARTNER;
    enact(next, BY(1));
    assert_string_equal(readers(1, &named), "barset-1, barset-2, barset-3");
    assert_string_equal(readers(1, &of_partner), "barset-1, barset-2, barset-3, barset-4");
    next = charter_after(charter, 0);
    charter_make_former(next, &voices[3]->body.slug, voices[3]->frontier.size);
    next->members[3].closed_root = frontier_root(&voices[3]->frontier);
    enact(next, BY(1));
    assert_string_equal(readers(1, &named), "barset-1, barset-2");
    assert_string_equal(readers(1, &of_partner), "barset-1, barset-2, barset-4");
}

static void of_what_is_not_there_it_says_so(void **state)
{
    (void)state;
    found_alliance(2);
    struct record_id id = {voices[2]->body.slug, 1, 99};
    assert_string_equal(readers(1, &id), "refused");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_an_alliance_record_the_alliance_and_of_a_public_one_too, make_world, drop_world),
        cmocka_unit_test_setup_teardown(of_a_named_record_those_of_its_very_epoch, make_world, drop_world),
        cmocka_unit_test_setup_teardown(an_answer_to_who_shouts_is_for_the_readers_of_the_record, make_world, drop_world),
        cmocka_unit_test_setup_teardown(who_is_named_in_one_and_not_in_the_other_reads_neither, make_world, drop_world),
        cmocka_unit_test_setup_teardown(who_has_left_falls_away_and_a_partner_is_named_with_the_readers, make_world, drop_world),
        cmocka_unit_test_setup_teardown(of_what_is_not_there_it_says_so, make_world, drop_world),
    };
    said = tmpfile();
    int failed = said != NULL ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    if (said != NULL)
        (void)fclose(said);
    return failed;
}
