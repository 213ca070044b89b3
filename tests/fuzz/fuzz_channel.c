/* One honest session is recorded; one end is then played the other's half with
 * edits and a tail, once whole and once in chunks.
 *
 *     role, chunk size, number of edits, (u16 offset, u8 xor)..., tail
 *
 * The chunks make no difference; an untouched half is understood whole; what is
 * opened is never anything but the front of what was sent; a responder gives
 * not one byte to who does not have message 1 right. */
#include <stdlib.h>
#include <string.h>

#include "protocol/channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STREAM_MAX = 1 << 20, INITIATOR = 0, RESPONDER = 1, SPOKEN = 300 };

struct end {
    struct channel c;
    struct buf wire, plain;
    enum err e;
};

static void require(int holds)
{
    if (!holds)
        abort();
}

static struct dh_secret secret(uint8_t with)
{
    struct dh_secret s;
    memset(s.b, with, sizeof(s.b));
    return s;
}

static void end_on(struct end *x, int role)
{
    struct dh_secret keys[2] = {secret(5), secret(3)}, ours = secret(1), ephemeral = secret(role ? 4 : 2);
    struct dh_public peer = dh_public_of(&keys[1]);
    x->wire = buf_on(STREAM_MAX);
    x->plain = buf_on(STREAM_MAX);
    x->e = OK;
    if (role == RESPONDER) {
        channel_init_responder(&x->c, keys, 2, &ephemeral, bytes_of("fuzz"));
    } else {
        channel_init_initiator(&x->c, &ours, &peer, &ephemeral, bytes_of("fuzz"));
        require(channel_begin(&x->c, &x->wire) == OK);
    }
}

static void end_off(struct end *x)
{
    channel_release(&x->c);
    buf_release(&x->wire);
    buf_release(&x->plain);
}

static void feed(struct end *x, struct bytes in, size_t chunk)
{
    while (in.len > 0 && x->e == OK) {
        size_t n = in.len < chunk ? in.len : chunk, used;
        x->e = channel_receive(&x->c, (struct bytes){in.p, n}, &used, &x->wire, &x->plain);
        if (x->e == OK)
            require(used == n);
        in = (struct bytes){in.p + n, in.len - n};
    }
    require((x->e == OK) == (channel_state(&x->c) != CHANNEL_DEAD));
}

static struct buf heard[2];                     /* what each role heard in the honest session */
static char spoken[SPOKEN];                     /* what each then said, in three messages */

static void move(struct end *from, struct end *to, int role)
{
    buf_put(&heard[role], buf_bytes(&from->wire));
    feed(to, buf_bytes(&from->wire), STREAM_MAX);
    buf_clear(&from->wire);
}

static void record(void)
{
    struct end side[2];
    for (size_t i = 0; i < SPOKEN; i++)
        spoken[i] = (char)('a' + i % 23);
    for (int role = 0; role < 2; role++) {
        heard[role] = buf_on(STREAM_MAX);
        end_on(&side[role], role);
    }
    for (int m = 0; m < 3; m++)
        move(&side[m % 2], &side[1 - m % 2], 1 - m % 2);
    for (int role = 0; role < 2; role++) {
        for (size_t at = 0; at < SPOKEN; at += 100)
            require(channel_send(&side[role].c, (struct bytes){(uint8_t *)spoken + at, 100}, &side[role].wire) == OK);
        move(&side[role], &side[1 - role], 1 - role);
    }
    for (int role = 0; role < 2; role++)
        end_off(&side[role]);
}

static void play(int role, struct bytes stream, size_t chunk)
{
    struct end whole, parts;
    size_t same = 0, first = CHANNEL_HEADER_LEN + 48;
    end_on(&whole, role);
    end_on(&parts, role);
    feed(&whole, stream, STREAM_MAX);
    feed(&parts, stream, chunk);
    require(whole.e == parts.e && channel_state(&whole.c) == channel_state(&parts.c));
    require(bytes_equal(buf_bytes(&whole.wire), buf_bytes(&parts.wire)));
    require(bytes_equal(buf_bytes(&whole.plain), buf_bytes(&parts.plain)));

    while (same < stream.len && same < heard[role].len && stream.p[same] == heard[role].p[same])
        same++;
    require(whole.plain.len <= SPOKEN && (whole.plain.len == 0 || memcmp(whole.plain.p, spoken, whole.plain.len) == 0));
    if (role == RESPONDER)
        require((whole.wire.len > 0) == (same >= first));
    if (same == heard[role].len)
        require(whole.plain.len == SPOKEN);
    else if (same < stream.len && stream.len >= heard[role].len)
        require(whole.plain.len < SPOKEN);
    end_off(&whole);
    end_off(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (heard[0].p == NULL)
        record();
    if (size < 3)
        return 0;
    int role = data[0] & 1;
    size_t chunk = (size_t)data[1] + 1, n_edits = data[2] % 8;
    struct buf stream = buf_on(STREAM_MAX);
    buf_put(&stream, buf_bytes(&heard[role]));
    data += 3;
    size -= 3;
    for (; n_edits > 0 && size >= 3; n_edits--, data += 3, size -= 3)
        stream.p[get_u16be(data) % stream.len] ^= data[2];
    buf_put(&stream, (struct bytes){data, size});
    if (buf_status(&stream) == OK)
        play(role, buf_bytes(&stream), chunk);
    buf_release(&stream);
    return 0;
}
