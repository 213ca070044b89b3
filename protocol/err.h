/* protocol/err.h - how every function here says what became of it.
 *
 * A result that is not OK leaves the function's outputs as they were unless the
 * header of that function says otherwise.  The name of an error is a stable
 * code: it is printed in logs, sent in BYE frames and tested by scripts, so a
 * member of this list is never renamed. */
#ifndef FOLKMOOT_PROTOCOL_ERR_H
#define FOLKMOOT_PROTOCOL_ERR_H

#define MUST_USE __attribute__((warn_unused_result))

/*   enum           stable code           what it says to a person            */
#define ERRORS(X)                                                             \
    X(OK,             "ok",               "done")                             \
    X(ERR_MORE,       "more",             "more bytes are needed")            \
    X(ERR_NOMEM,      "no-memory",        "out of memory")                    \
    X(ERR_LIMIT,      "limit",            "a limit was reached")              \
    X(ERR_FORMAT,     "format",           "the bytes are not in the expected form") \
    X(ERR_PROTO,      "protocol",         "the peer broke the protocol")      \
    X(ERR_SIGNATURE,  "signature",        "a signature does not hold")        \
    X(ERR_KEY,        "key",              "a key is not usable")              \
    X(ERR_DECRYPT,    "decrypt",          "the bytes do not open under this key") \
    X(ERR_COMMIT,     "commitment",       "the key is not the one the author committed to") \
    X(ERR_ROOT,       "root-mismatch",    "the entries do not have the signed root") \
    X(ERR_PROOF,      "proof",            "the proof does not hold")          \
    X(ERR_FORK,       "fork",             "two signed stories contradict each other") \
    X(ERR_FROZEN,     "frozen",           "the log is frozen by evidence of a fork") \
    X(ERR_CONFLICT,   "conflict",         "somebody else wrote first")        \
    X(ERR_STALE,      "stale",            "a newer version is already held")  \
    X(ERR_THRESHOLD,  "threshold",        "too few stewards have signed")     \
    X(ERR_CHAIN,      "charter-chain",    "the text does not follow from the version before") \
    X(ERR_UNKNOWN,    "unknown",          "no such thing is known here")      \
    X(ERR_EXISTS,     "exists",           "there is one already")             \
    X(ERR_DENIED,     "denied",           "permission was refused")           \
    X(ERR_SECRET,     "secret",           "the passphrase is wrong or a secret is missing") \
    X(ERR_IO,         "io",               "the disk or the network failed")   \
    X(ERR_FULL,       "disk-full",        "the disk is full")                 \
    X(ERR_CORRUPT,    "corrupt",          "stored data is damaged")           \
    X(ERR_BUSY,       "busy",             "another process holds it")         \
    X(ERR_SCHEMA,     "future-schema",    "the store was written by a newer version") \
    X(ERR_UNSAFE,     "unsafe-library",   "libsodium fails the start-up self-test")

enum err {
#define X(sym, code, text) sym,
    ERRORS(X)
#undef X
    ERR_COUNT
};

/* The stable code, "root-mismatch".  Never NULL. */
const char *err_code(enum err e);

/* The sentence for a person, without a full stop.  Never NULL. */
const char *err_text(enum err e);

#endif
