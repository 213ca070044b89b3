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

const char *err_remedy(enum err e)
{
    switch (e) {
    case OK: case ERR_COUNT:    break;
    case ERR_MORE:              return "it was cut short: fetch it again";
    case ERR_NOMEM:             return "close other programs and try again";
    case ERR_LIMIT:             return "give less of it at once";
    case ERR_FORMAT:            return "look whether it is the right file, and whole";
    case ERR_PROTO:             return "the versions may differ: `folkmoot alliance show -v`";
    case ERR_SIGNATURE: case ERR_DECRYPT: case ERR_COMMIT: case ERR_ROOT: case ERR_PROOF:
        return "`folkmoot verify` says what holds";
    case ERR_KEY:               return "restore the key from a backup";
    case ERR_FORK: case ERR_FROZEN:
        return "publish nothing, telephone the stewards, delete nothing";
    case ERR_CONFLICT:          return "try again";
    case ERR_STALE:             return "`folkmoot sync` fetches the newer one";
    case ERR_THRESHOLD:         return "another steward runs `folkmoot alliance sign`";
    case ERR_CHAIN:             return "`folkmoot sync` fetches what is missing";
    case ERR_UNKNOWN:           return "look at the name again";
    case ERR_EXISTS:            return "give another name";
    case ERR_DENIED:            return "it must be yours to read and to write";
    case ERR_SECRET:            return "check the passphrase, or restore the key from a backup";
    case ERR_IO:                return "look at the disk and the network, and try again";
    case ERR_FULL:              return "make room and try again";
    case ERR_CORRUPT:           return "`folkmoot sync` mends what peers hold; else restore it from a backup";
    case ERR_BUSY:              return "try again when it is done";
    case ERR_SCHEMA:            return "install the newer Folkmoot";
    case ERR_UNSAFE:            return "install a newer libsodium";
    }
    return "`folkmoot help` explains";
}
