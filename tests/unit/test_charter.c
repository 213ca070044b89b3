#include "tests/unit/vectors.h"

#include "tests/unit/charters.h"

static void set(char *at, const char *text)
{
    memcpy(at, text, strlen(text) + 1);
}

/* Version 1 and a version 2 that has every line there is. */
static struct charter *full(const struct charter *first)
{
    struct charter *c = charter_after(first, 3);
    struct body old = body(1), again = body_with(1, 1), gone = body(6);
    charter_fill(c, 5, 1, 2);
    c->members[0].root = again.root;
    c->members[0].codes = (struct member_codes){"901", "E10000901"};
    c->members[1].codes = (struct member_codes){"", "E10000902"};
    c->members[2].codes = (struct member_codes){"903", ""};
    c->members[2].role = ROLE_LEAD;
    c->members[3].role = ROLE_PARTNER;
    c->members[4].role = ROLE_RELAY;
    charter_add(c, &gone, ROLE_AUTHORITY);
    charter_make_former(c, &gone.slug, UINT64_MAX);
    c->n_successions = 1;
    c->successions[0] = (struct succession){.slug = body(2).slug, .from = "2024-02-29"};
    set(c->successions[0].old.s, "old-barset");
    c->n_replacements = 1;
    c->replacements[0] = (struct replacement){.slug = old.slug, .old_root = old.root, .log_size = 42};
    c->n_stewards = 2;
    c->stewards[0] = body(2).slug;
    c->stewards[1] = body(1).slug;
    c->n_witnesses = 2;
    c->witnesses[0] = body(5).slug;
    c->witnesses[1] = body(1).slug;
    c->quorum = 1;
    c->history_from_admission = true;
    c->has_agreement = true;
    c->agreement = sha256(bytes_of("agreement"));
    set(c->agreement_title, "Data sharing agreement \xe2\x80\x93 2024");
    set(c->purpose, "To compare and to help.");
    set(c->foi, "Ask the authority whose record it is.");
    set(c->retain, "Six years.");
    set(c->opens, "90 days after the return.");
    set(c->small_numbers, "Below five is hidden.");
    assert_int_equal(charter_seal(c), OK);
    return c;
}

static void the_frozen_charters_are_written_byte_for_byte(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/folkmoot/charter.json");
    struct charter *first = charter_founding(), *second = full(first), *got = charter_new();
    struct hash h1 = hash_of_hex(vector_text(v, "hash_1")), h2 = hash_of_hex(vector_text(v, "hash_2"));
    struct alliance_id want, id = charter_alliance_id(&first->hash);
    struct body again = body_with(1, 1);
    struct buf note = charter_note(first, BY(1));
    struct note n;

    assert_string_equal(buf_str(&note), vector_text(v, "note_1"));
    assert_memory_equal(first->hash.b, h1.b, HASH_LEN);
    hex_into(vector_text(v, "alliance_id"), want.b, sizeof(want.b));
    assert_true(alliance_equal(&id, &want));
    buf_release(&note);
    note = charter_note(second, BY(1, 2));
    charter_sign_by(second, &again, &note);
    assert_string_equal(buf_str(&note), vector_text(v, "note_2"));
    assert_memory_equal(second->hash.b, h2.b, HASH_LEN);

    assert_int_equal(note_parse(vector_bytes(v, "note_2"), &n), OK);
    assert_int_equal(charter_parse(n.text, got), OK);
    assert_int_equal(charter_check_next(first, got), OK);
    assert_int_equal(charter_check_signed(first, got, &n), OK);
    assert_int_equal(got->n_members, 6);
    assert_true(got->members[5].is_former && got->members[5].closed_size == UINT64_MAX);
    assert_string_equal(got->members[1].codes.gss, "E10000902");
    assert_string_equal(got->members[1].codes.dfe, "");
    assert_string_equal(got->successions[0].from, "2024-02-29");
    assert_int_equal(got->replacements[0].log_size, 42);
    assert_string_equal(got->agreement_title, second->agreement_title);
    assert_string_equal(got->small_numbers, "Below five is hidden.");
    buf_release(&note);
    charter_free(first);
    charter_free(second);
    charter_free(got);
    json_decref(v);
}

static enum err parse_with(const char *from, const char *to)
{
    struct charter *first = charter_founding(), *c = full(first), *got = charter_new();
    struct buf text = buf_on(NOTE_MAX), changed = buf_on(2 * NOTE_MAX);
    charter_text(c, &text);
    const char *s = buf_str(&text), *at = strstr(s, from);
    if (at == NULL)
        fail_msg("no \"%s\"", from);
    buf_put(&changed, (struct bytes){(const uint8_t *)s, (size_t)(at - s)});
    buf_put_str(&changed, to);
    buf_put_str(&changed, at + strlen(from));
    enum err e = charter_parse(buf_bytes(&changed), got);
    buf_release(&text);
    buf_release(&changed);
    charter_free(first);
    charter_free(c);
    charter_free(got);
    return e;
}

static void a_text_that_is_not_in_its_one_form_is_refused(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"folkmoot charter v1", "folkmoot charter v2"},
        {"alliance Barsetshire\n", ""},
        {"version 2", "version 0"},
        {"version 2", "version 4097"},
        {"version 2", "version 1"},
        {"round 3", "round 03"},
        {"round 3", "round 4294967296"},
        {"round 3\n", "round 3\nround 3\n"},
        {"member barset-2 authority ", "member barset-2 authority  "},
        {"former barset-6", "former barset-2"},
        {"former barset-6", "members barset-6"},
        {" closed 18446744073709551615 ", " closed 18446744073709551616 "},
        {" closed 18446744073709551615 ", " at 18446744073709551615 "},
        {" closed 18446744073709551615 ", " closed 1/18446744073709551615 "},    /* the first generation is not named */
        {" closed 18446744073709551615 ", " closed 02/5 "},
        {" closed 18446744073709551615 ", " closed 4294967296/5 "},
        {" closed 18446744073709551615 ", " closed 2/ "},
        {" closed 18446744073709551615 ", " closed /5 "},
        {" closed 18446744073709551615 ", " closed 2/3/5 "},
        {"from 2024-02-29", "from 2023-02-29"},
        {"from 2024-02-29", "from 2024-2-29"},
        {"from 2024-02-29", "from 2024-00-10"},
        {"from 2024-02-29", "from 2024-13-01"},
        {"from 2024-02-29", "from 2024-04-31"},
        {"from 2024-02-29", "since 2024-02-29"},
        {"succeeds barset-2", "succeeds barset-9"},
        {"succeeds barset-2 old-barset", "succeeds barset-2 barset-2"},
        {"succeeds barset-2 old-barset from 2024-02-29\n",
         "succeeds barset-2 old-barset from 2024-02-29\nsucceeds barset-2 old-barset from 2024-03-01\n"},
        {"replaces barset-1", "replaces barset-9"},
        {" at 42\n", " at 42 \n"},
        {" at 42\n", " at 1/42\n"},
        {" at 42\n", " at 2/042\n"},
        {"steward barset-2", "steward barset-3"},       /* a lead */
        {"steward barset-2", "steward barset-6"},       /* a former one */
        {"steward barset-2", "steward barset-9"},
        {"steward barset-2", "steward barset-1"},
        {"threshold 2", "threshold 1"},
        {"threshold 2", "threshold 3"},
        {"threshold 2", "threshold 0"},
        {"witness barset-5", "witness barset-6"},
        {"witness barset-5", "witness barset-9"},
        {"witness barset-5", "witness barset-1"},
        {"quorum 1", "quorum 0"},
        {"quorum 1", "quorum 3"},
        {"history from-admission", "history none"},
        {"history from-admission\n", ""},
        {"agreement ", "agreement A"},
        {"purpose To compare and to help.", "purpose  To compare and to help."},
        {"purpose To compare and to help.", "purpose To compare\rand to help."},
        {"purpose To compare and to help.\n", "purpose \n"},
        {"foi ", "retain x\nfoi "},
        {"opens ", "closes "},
        {"small-numbers Below five is hidden.\n", "small-numbers Below five is hidden.\n\n"},
        {"small-numbers Below five is hidden.\n", "small-numbers Below five is hidden."},
    };
    assert_int_equal(parse_with("threshold 2", "threshold 2"), OK);
    assert_int_equal(parse_with("opens 90 days after the return.\n", ""), OK);
    assert_int_equal(parse_with("quorum 1\n", ""), OK);
    assert_int_equal(parse_with("quorum 1\n", "quorum 2\n"), OK);
    assert_int_equal(parse_with("from 2024-02-29", "from 2000-02-29"), OK);
    assert_int_equal(parse_with(" at 42\n", " at 2/42\n"), OK);
    assert_int_equal(parse_with(" closed 18446744073709551615 ", " closed 4294967295/5 "), OK);
    assert_int_equal(parse_with("from 2024-02-29", "from 1900-02-29"), ERR_FORMAT);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
        if (parse_with(changes[i][0], changes[i][1]) != ERR_FORMAT)
            fail_msg("taken: \"%s\" for \"%s\"", changes[i][1], changes[i][0]);
}

static void a_place_in_a_later_generation_is_written_as_it_is_read(void **state)
{
    (void)state;
    struct charter *first = charter_founding(), *c = full(first), *got = charter_new();
    struct buf text = buf_on(NOTE_MAX), again = buf_on(NOTE_MAX);
    c->replacements[0].generation = 7;
    c->members[5].closed_generation = 3;
    c->members[5].closed_size = 12;
    charter_text(c, &text);
    assert_non_null(strstr(buf_str(&text), " at 7/42\n"));
    assert_non_null(strstr(buf_str(&text), " closed 3/12 "));
    assert_int_equal(charter_parse(buf_bytes(&text), got), OK);
    assert_int_equal(got->replacements[0].generation, 7);
    assert_int_equal(got->members[5].closed_generation, 3);
    charter_text(got, &again);
    assert_string_equal(buf_str(&text), buf_str(&again));
    buf_release(&text);
    buf_release(&again);
    charter_free(first);
    charter_free(c);
    charter_free(got);
}

static void a_slug_or_a_root_stands_once(void **state)
{
    (void)state;
    struct charter *first = charter_founding(), *c = full(first);
    c->members[3].slug = c->members[4].slug;
    assert_int_equal(charter_check(c), ERR_FORMAT);
    charter_free(c);
    c = full(first);
    c->members[3].root = c->members[4].root;
    assert_int_equal(charter_check(c), ERR_FORMAT);
    charter_free(c);
    c = full(first);
    c->members[3].root = c->members[5].root;            /* a former one's */
    assert_int_equal(charter_check(c), ERR_FORMAT);
    charter_free(c);
    c = full(first);
    c->members[3].root = c->replacements[0].old_root;   /* a lost one */
    assert_int_equal(charter_check(c), ERR_FORMAT);
    charter_free(c);
    charter_free(first);
}

static void version_1_has_one_steward(void **state)
{
    (void)state;
    struct charter *c = charter_founding();
    charter_fill(c, 2, 2, 2);
    assert_int_equal(charter_check(c), ERR_FORMAT);
    charter_free(c);
}

static void five_hundred_and_twelve_members_fit_and_no_more(void **state)
{
    (void)state;
    struct charter *c = charter_founding(), *got = charter_new();
    struct buf text = buf_on(NOTE_MAX), more = buf_on(NOTE_MAX);
    for (unsigned i = 2; i <= MEMBERS_MAX; i++) {
        struct body b = {0};                            /* made-up roots: signing keys would take long */
        (void)snprintf(b.slug.s, sizeof(b.slug.s), "a-name-as-long-as-a-slug-may-be-%08u", i);
        b.root = (struct sign_public){{1, (uint8_t)i, (uint8_t)(i >> 8)}};
        charter_add(c, &b, ROLE_AUTHORITY);
    }
    assert_int_equal(charter_seal(c), OK);
    assert_int_equal(c->n_members, MEMBERS_MAX);
    charter_text(c, &text);
    const char *s = buf_str(&text), *steward = strstr(s, "\nsteward ") + 1;
    buf_put(&more, (struct bytes){text.p, (size_t)(steward - s)});
    buf_put_str(&more, "former zz authority AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= closed 1 "
                       "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
    buf_put_str(&more, steward);
    assert_int_equal(charter_parse(buf_bytes(&more), got), ERR_FORMAT);
    charter_free(c);
    charter_free(got);
    buf_release(&text);
    buf_release(&more);
}

static enum err signed_as(const struct charter *prev, const struct charter *next, const unsigned *signers)
{
    struct buf note = charter_note(next, signers);
    struct note n;
    assert_int_equal(note_parse(buf_bytes(&note), &n), OK);
    enum err e = charter_check_signed(prev, next, &n);
    buf_release(&note);
    return e;
}

static void version_1_needs_its_founder(void **state)
{
    (void)state;
    struct charter *c = charter_founding();
    assert_int_equal(signed_as(NULL, c, BY(1)), OK);
    assert_int_equal(signed_as(NULL, c, BY(2)), ERR_THRESHOLD);
    charter_free(c);
}

static void three_of_five_stewards_are_enough_and_two_are_not(void **state)
{
    (void)state;
    struct charter *first = charter_founding(), *prev = charter_after(first, 0), *next;
    charter_fill(prev, 6, 5, 3);
    assert_int_equal(charter_seal(prev), OK);
    next = charter_after(prev, 0);
    assert_int_equal(charter_seal(next), OK);
    assert_int_equal(signed_as(prev, next, BY(1, 3)), ERR_THRESHOLD);
    assert_int_equal(signed_as(prev, next, BY(1, 3, 6)), ERR_THRESHOLD);        /* 6 is no steward */
    assert_int_equal(signed_as(prev, next, BY(1, 3, 3, 3)), ERR_THRESHOLD);     /* one is counted once */
    assert_int_equal(signed_as(prev, next, BY(1, 3, 5)), OK);
    assert_int_equal(signed_as(prev, next, BY(6, 5, 4, 3, 2, 1)), OK);
    charter_free(first);
    charter_free(prev);
    charter_free(next);
}

static void new_stewards_must_sign_too(void **state)
{
    (void)state;
    struct charter *first = charter_founding(), *next = charter_after(first, 0);
    charter_fill(next, 3, 3, 2);
    assert_int_equal(charter_seal(next), OK);
    assert_int_equal(signed_as(first, next, BY(1)), ERR_THRESHOLD);
    assert_int_equal(signed_as(first, next, BY(2, 3)), ERR_THRESHOLD);          /* and the old ones */
    assert_int_equal(signed_as(first, next, BY(1, 3)), OK);
    charter_free(first);
    charter_free(next);
}

static void a_stewards_line_that_fails_rejects_the_note(void **state)
{
    (void)state;
    struct charter *first = charter_founding(), *next = charter_after(first, 0), *other = charter_after(first, 1);
    struct body third = body(3), stranger = body(9);
    struct note n;
    charter_fill(next, 3, 3, 2);
    charter_fill(other, 3, 3, 2);
    assert_int_equal(charter_seal(next), OK);
    assert_int_equal(charter_seal(other), OK);
    for (int of_stranger = 0; of_stranger < 2; of_stranger++) {
        struct buf note = charter_note(next, BY(1, 2)), bad = buf_on(NOTE_MAX);
        charter_sign_by(other, of_stranger ? &stranger : &third, &bad);         /* a signature on another text */
        const char *line = strstr(buf_str(&bad), "\xe2\x80\x94");
        buf_put_str(&note, line);
        assert_int_equal(note_parse(buf_bytes(&note), &n), OK);
        assert_int_equal(charter_check_signed(first, next, &n), of_stranger ? OK : ERR_SIGNATURE);
        buf_release(&note);
        buf_release(&bad);
    }
    charter_free(first);
    charter_free(next);
    charter_free(other);
}

static void the_signing_stewards_are_told_by_bit(void **state)
{
    (void)state;
    struct charter *first = charter_founding(), *c = charter_after(first, 0);
    struct note n;
    size_t count;
    uint32_t mask;
    charter_fill(c, 4, 4, 3);
    assert_int_equal(charter_seal(c), OK);
    struct buf note = charter_note(c, BY(4, 7, 2));
    assert_int_equal(note_parse(buf_bytes(&note), &n), OK);
    assert_int_equal(charter_count_signatures(c, &n, &count, &mask), OK);
    assert_int_equal(count, 2);
    assert_int_equal(mask, 1u << 3 | 1u << 1);
    buf_release(&note);
    charter_free(first);
    charter_free(c);
}

/* Versions with which what follows is compared: bodies 1 to 4, and 4 is a former one. */
static struct charter *settled(void)
{
    struct charter *first = charter_founding(), *c = charter_after(first, 0);
    charter_fill(c, 4, 1, 1);
    charter_make_former(c, SLUG(4), 100);
    assert_int_equal(charter_seal(c), OK);
    charter_free(first);
    return c;
}

static void a_successor_must_follow(void **state)
{
    (void)state;
    struct charter *prev = settled(), *next = charter_after(prev, 7);
    assert_int_equal(charter_check_next(prev, next), OK);
    next->version++;
    assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
    next->version--;
    next->previous.b[0] ^= 1;
    assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
    next->previous.b[0] ^= 1;
    set(next->name, "Borsetshire");
    assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
    charter_free(prev);
    charter_free(next);
}

static void a_removed_member_cannot_vanish(void **state)
{
    (void)state;
    struct charter *prev = settled(), *next = charter_after(prev, 0);
    next->members[2] = next->members[3];            /* body 3 is gone; the former one stays */
    next->n_members = 3;
    assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
    charter_free(next);
    next = charter_after(prev, 0);
    charter_make_former(next, SLUG(3), 5);
    assert_int_equal(charter_seal(next), OK);
    assert_int_equal(charter_check_next(prev, next), OK);
    charter_free(next);
    next = charter_after(prev, 0);
    next->n_members = 3;                            /* the former one is gone */
    assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
    charter_free(prev);
    charter_free(next);
}

static void what_a_former_member_left_is_fixed_for_ever(void **state)
{
    (void)state;
    struct charter *prev = settled();
    for (int change = 0; change < 6; change++) {
        struct charter *next = charter_after(prev, 0);
        struct member *m = &next->members[3];
        switch (change) {
        case 0: m->closed_size++; break;
        case 1: m->closed_root.b[0] ^= 1; break;
        case 2: m->role = ROLE_LEAD; break;
        case 3: m->is_former = false; break;
        case 4: m->root = body_with(4, 1).root; break;
        case 5: m->closed_generation++; break;
        }
        assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
        charter_free(next);
    }
    charter_free(prev);
}

static void a_slug_is_never_given_to_another_body(void **state)
{
    (void)state;
    struct charter *prev = settled(), *next = charter_after(prev, 0);
    next->members[1].root = body(9).root;
    assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
    charter_free(prev);
    charter_free(next);
}

static void a_lost_root_is_replaced_in_so_many_words(void **state)
{
    (void)state;
    struct charter *prev = settled(), *next = charter_after(prev, 0), *third;
    next->members[1].root = body_with(2, 1).root;
    next->n_replacements = 1;
    next->replacements[0] = (struct replacement){.slug = body(2).slug, .old_root = body(2).root, .generation = 1, .log_size = 10};
    assert_int_equal(charter_seal(next), OK);
    assert_int_equal(charter_check_next(prev, next), OK);

    next->replacements[0].old_root = body(8).root;          /* not the root it had */
    assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
    next->replacements[0].old_root = body(2).root;
    next->replacements[0].slug = body(3).slug;              /* not the member it was */
    assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
    next->replacements[0].slug = body(2).slug;

    next->n_replacements = 2;    /* a loss that never was: old entries would get a new author */
    next->replacements[1] = (struct replacement){.slug = body(3).slug, .old_root = body(8).root, .generation = 1, .log_size = 10};
    assert_int_equal(charter_check(next), OK);
    assert_int_equal(charter_check_next(prev, next), ERR_CHAIN);
    next->n_replacements = 1;

    third = charter_after(next, 0);
    assert_int_equal(charter_check_next(next, third), OK);
    third->replacements[0].log_size++;                      /* what was said stays said */
    assert_int_equal(charter_check_next(next, third), ERR_CHAIN);
    third->replacements[0].log_size--;
    third->replacements[0].generation++;
    assert_int_equal(charter_check_next(next, third), ERR_CHAIN);
    third->replacements[0].generation--;
    third->n_replacements = 0;
    assert_int_equal(charter_check_next(next, third), ERR_CHAIN);
    third->n_replacements = 2;
    third->replacements[0].log_size = 10;
    third->members[1].root = body_with(2, 2).root;
    third->replacements[1] = (struct replacement){body(2).slug, body_with(2, 1).root, 1, 9};
    assert_int_equal(charter_check(third), ERR_FORMAT);     /* below the one before it */
    third->replacements[1].generation = 2;                  /* a later log's 9 is above it */
    assert_int_equal(charter_check(third), OK);
    third->replacements[1].generation = 1;
    third->replacements[1].log_size = 10;
    assert_int_equal(charter_check(third), OK);
    assert_int_equal(charter_check_next(next, third), OK);
    charter_free(prev);
    charter_free(next);
    charter_free(third);
}

static void a_bad_root_is_not_admitted(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/ed25519/mixed_order_keys.json");
    struct charter *prev = settled(), *next = charter_after(prev, 0), *first = charter_founding();
    struct sign_public bad;
    hex_into(vector_text(json_array_get(json_object_get(v, "cases"), 0), "pk"), bad.b, sizeof(bad.b));
    next->members[3] = (struct member){.slug = body(7).slug, .role = ROLE_LEAD, .root = bad};
    next->members[4] = prev->members[3];
    next->n_members = 5;
    assert_int_equal(charter_check_next(prev, next), ERR_KEY);
    next->members[3].root = body(7).root;
    assert_int_equal(charter_check_next(prev, next), OK);
    assert_int_equal(charter_check_next(NULL, first), OK);
    first->members[0].root = bad;
    assert_int_equal(charter_check_next(NULL, first), ERR_KEY);
    charter_free(prev);
    charter_free(next);
    charter_free(first);
    json_decref(v);
}

static void authorities_and_leads_read(void **state)
{
    (void)state;
    struct charter *first = charter_founding(), *c = full(first);
    const struct member *readers[MEMBERS_MAX];
    assert_int_equal(charter_readers(c, NULL), 3);
    assert_int_equal(charter_readers(c, readers), 3);
    assert_string_equal(readers[0]->slug.s, "barset-1");
    assert_string_equal(readers[1]->slug.s, "barset-2");
    assert_string_equal(readers[2]->slug.s, "barset-3");
    assert_ptr_equal(charter_find(c, SLUG(6)), &c->members[5]);
    struct body gone = body(6), present = body(4);
    assert_null(charter_find_root(c, &gone.root));          /* members only */
    assert_ptr_equal(charter_find_root(c, &present.root), &c->members[3]);
    assert_true(charter_is_steward(c, SLUG(2)));
    assert_false(charter_is_steward(c, SLUG(3)));
    charter_free(first);
    charter_free(c);
}

static void without_witness_lines_the_first_seven_authorities_witness(void **state)
{
    (void)state;
    struct charter *first = charter_founding(), *c = charter_after(first, 0);
    struct slug w[WITNESSES_MAX];
    assert_int_equal(charter_witnesses(c, w), 1);
    assert_int_equal(charter_quorum(c), 1);
    charter_fill(c, 10, 1, 1);
    c->members[1].role = ROLE_RELAY;
    assert_int_equal(charter_witnesses(c, w), 7);
    assert_string_equal(w[0].s, "barset-1");
    assert_string_equal(w[1].s, "barset-3");
    assert_string_equal(w[6].s, "barset-8");
    assert_int_equal(charter_quorum(c), 5);
    c->n_witnesses = 1;
    c->witnesses[0] = body(2).slug;
    assert_int_equal(charter_witnesses(c, w), 1);
    assert_string_equal(w[0].s, "barset-2");
    assert_int_equal(charter_quorum(c), 1);
    c->n_witnesses = 0;
    c->quorum = 7;
    assert_int_equal(charter_check(c), OK);
    assert_int_equal(charter_quorum(c), 7);
    c->quorum = 8;
    assert_int_equal(charter_check(c), ERR_FORMAT);
    charter_free(first);
    charter_free(c);
}

static void the_quorum_is_the_least_that_f_liars_cannot_split(void **state)
{
    (void)state;
    json_t *rows = vectors_load("tests/vectors/interop/quorum.json"), *row;
    size_t i, seen = 0;
    json_array_foreach(rows, i, row) {
        uint64_t n = vector_u64(row, "n"), f = vector_u64(row, "f"), third = (n - 1) / 3;
        if (n < 2 || f != (third < 1 ? 1 : third))
            continue;
        assert_int_equal(quorum_of((size_t)n), vector_u64(row, "k"));
        seen++;
    }
    assert_true(seen >= 4);
    assert_int_equal(quorum_of(1), 1);
    assert_int_equal(quorum_of(2), 2);
    assert_int_equal(quorum_of(3), 3);
    assert_int_equal(quorum_of(4), 3);
    assert_int_equal(quorum_of(7), 5);
    assert_int_equal(quorum_of(31), 21);
    json_decref(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frozen_charters_are_written_byte_for_byte),
        cmocka_unit_test(a_text_that_is_not_in_its_one_form_is_refused),
        cmocka_unit_test(a_place_in_a_later_generation_is_written_as_it_is_read),
        cmocka_unit_test(a_slug_or_a_root_stands_once),
        cmocka_unit_test(version_1_has_one_steward),
        cmocka_unit_test(five_hundred_and_twelve_members_fit_and_no_more),
        cmocka_unit_test(version_1_needs_its_founder),
        cmocka_unit_test(three_of_five_stewards_are_enough_and_two_are_not),
        cmocka_unit_test(new_stewards_must_sign_too),
        cmocka_unit_test(a_stewards_line_that_fails_rejects_the_note),
        cmocka_unit_test(the_signing_stewards_are_told_by_bit),
        cmocka_unit_test(a_successor_must_follow),
        cmocka_unit_test(a_removed_member_cannot_vanish),
        cmocka_unit_test(what_a_former_member_left_is_fixed_for_ever),
        cmocka_unit_test(a_slug_is_never_given_to_another_body),
        cmocka_unit_test(a_lost_root_is_replaced_in_so_many_words),
        cmocka_unit_test(a_bad_root_is_not_admitted),
        cmocka_unit_test(authorities_and_leads_read),
        cmocka_unit_test(without_witness_lines_the_first_seven_authorities_witness),
        cmocka_unit_test(the_quorum_is_the_least_that_f_liars_cannot_split),
    };
    return crypto_start() != OK || cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
