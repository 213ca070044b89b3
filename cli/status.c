#include "cli/status.h"

/* A switch and not an array: the compiler names an error that nobody placed. */
enum exit_status exit_of(enum err e)
{
    switch (e) {
    case OK:
        return EXIT_OK;
    case ERR_FORMAT: case ERR_PROTO: case ERR_SIGNATURE: case ERR_DECRYPT: case ERR_COMMIT:
    case ERR_ROOT: case ERR_PROOF: case ERR_FORK: case ERR_FROZEN: case ERR_CONFLICT: case ERR_STALE:
    case ERR_THRESHOLD: case ERR_CHAIN: case ERR_UNKNOWN: case ERR_EXISTS: case ERR_MORE: case ERR_LIMIT:
        return EXIT_NO;
    case ERR_KEY: case ERR_SECRET:
        return EXIT_SECRET;
    case ERR_NOMEM: case ERR_DENIED: case ERR_IO: case ERR_FULL: case ERR_CORRUPT: case ERR_BUSY:
    case ERR_SCHEMA: case ERR_UNSAFE: case ERR_COUNT:
        return EXIT_ENVIRONMENT;
    }
    return EXIT_ENVIRONMENT;
}
