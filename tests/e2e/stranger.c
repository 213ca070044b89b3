/* tests/e2e/stranger.c - dials a node as somebody it does not know, and counts what comes back.
 *
 *   stranger PORT silent|garbage|short|wrong-key|wrong-prologue [NODE-KEY-BASE64]
 *
 * Prints the number of bytes that came before the node hung up.  Exit 0 when it hung up, 1 when it had not done so in
 * 20 s, 3 when it could not be dialled. */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/channel.h"

enum { PATIENCE_MS = 20 * 1000, GARBAGE_LEN = 4096 };

static int dial(const char *port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    uint64_t number = 0;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bytes_u64(bytes_of(port), 65535, &number) != OK)
        return -1;
    to.sin_port = htons((uint16_t)number);
    return connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 ? fd : -1;
}

/* A first message that is well formed: for a key that is not the node's, or for the node's in another alliance. */
static enum err first_message(const char *key, struct buf *ret)
{
    struct dh_secret ours, ephemeral, other;
    struct dh_public peer;
    struct alliance_id nowhere;
    uint8_t prologue[CHANNEL_PROLOGUE_LEN];
    struct channel c;
    random_fill(&ours, sizeof(ours));
    random_fill(&ephemeral, sizeof(ephemeral));
    random_fill(&other, sizeof(other));
    random_fill(&nowhere, sizeof(nowhere));
    peer = dh_public_of(&other);
    if (key != NULL && base64_decode(bytes_of(key), peer.b, sizeof(peer.b)) != OK)
        return ERR_FORMAT;
    channel_prologue(&nowhere, prologue);
    channel_init_initiator(&c, &ours, &peer, &ephemeral, (struct bytes){prologue, sizeof(prologue)});
    enum err e = channel_begin(&c, ret);
    channel_release(&c);
    return e;
}

static enum err what_to_say(const char *manner, const char *key, struct buf *ret)
{
    uint8_t noise[GARBAGE_LEN];
    random_fill(noise, sizeof(noise));
    if (strcmp(manner, "garbage") == 0)
        buf_put(ret, (struct bytes){noise, sizeof(noise)});
    else if (strcmp(manner, "short") == 0)          /* the length is right and the message never ends */
        buf_put(ret, (struct bytes){(const uint8_t *)"\0\x30 half a message", 18});
    else if (strcmp(manner, "wrong-key") == 0)
        return first_message(NULL, ret);
    else if (strcmp(manner, "wrong-prologue") == 0)
        return first_message(key, ret);
    return buf_status(ret);
}

/* How many bytes came; *ret_hung_up whether the other side ended it. */
static size_t listen_to(int fd, int *ret_hung_up)
{
    uint8_t in[1024];
    size_t total = 0;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    *ret_hung_up = 0;
    while (poll(&p, 1, PATIENCE_MS) > 0) {
        ssize_t got = read(fd, in, sizeof(in));
        if (got <= 0) {
            *ret_hung_up = 1;
            break;
        }
        total += (size_t)got;
    }
    return total;
}

int main(int argc, char **argv)
{
    int hung_up = 0, fd;
    struct buf say = buf_on(GARBAGE_LEN + 1);
    if (argc < 3 || crypto_start() != OK || what_to_say(argv[2], argc > 3 ? argv[3] : NULL, &say) != OK ||
        (fd = dial(argv[1])) < 0)
        return 3;
    if (say.len > 0 && send(fd, say.p, say.len, MSG_NOSIGNAL) < 0)
        return 3;
    size_t came = listen_to(fd, &hung_up);
    (void)printf("%zu\n", came);
    (void)close(fd);
    buf_release(&say);
    return hung_up ? 0 : 1;
}
