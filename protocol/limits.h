/* protocol/limits.h - every limit of the protocol has its name here.
 *
 * docs/protocol.md, section "Limits", is this file in words; a node that
 * exceeds one of these on the wire is in violation.  Times are milliseconds
 * unless the name says otherwise; sizes are bytes. */
#ifndef FOLKMOOT_PROTOCOL_LIMITS_H
#define FOLKMOOT_PROTOCOL_LIMITS_H

#include <assert.h>

enum {
    DEPTH_MAX = 8,                      /* nested arrays in any packed value */

    /* names */
    SLUG_MAX = 40,                      /* characters; [a-z][a-z0-9-]{1,39} */
    NAME_MAX_LEN = 120,                 /* bytes of UTF-8 in a body's or person's name */
    ADDRESS_MAX = 261,                  /* host:port */
    PROGRAM_MAX = 32,                   /* characters of a program's name and version in HELLO */
    ORIGIN_MAX = 9 + 32 + 1 + SLUG_MAX + 1 + 10,

    /* signed notes */
    NOTE_SIGNATURES_MAX = 100,
    NOTE_KEY_NAME_MAX = 128,            /* the name part of a signature line */
    NOTE_MAX = 256 * 1024,              /* text and signatures: a charter of 512 members fits */
    CHECKPOINT_MAX = 16 * 1024,         /* a checkpoint's note with 31 cosignatures */
    IDENTITY_MAX = 16 * 1024,
    IDENTITY_OFFICERS_MAX = 32,
    IDENTITY_ADDRESSES_MAX = 4,

    /* the charter */
    MEMBERS_MAX = 512,
    STEWARDS_MAX = 31,
    WITNESSES_MAX = 31,
    WITNESS_KEYS_MAX = 128,             /* of one witness, looked through for the one that made a cosignature */
    NAMED_AUDIENCE_MAX = 32,
    CHARTER_VERSIONS_MAX = 4096,
    CHARTER_RIVALS_MAX = STEWARDS_MAX,  /* valid charters that do not stand */
    CHARTER_PROPOSALS_MAX = 4 * STEWARDS_MAX,   /* on the current charter and on its rivals together */

    /* entries */
    HEADER_MAX = 512,
    PAYLOAD_MAX = 256 * 1024,
    BOUNDARY = 1024,                    /* a checkpoint at every multiple of this many entries */
    BOUNDARY_BYTES = 8 * 1024 * 1024,   /* ... and whenever this much has gathered */
    GRANT_BOXES_MAX = 1024,             /* epoch keys in one grant */

    /* self-assessments */
    ASSESSMENT_TEXT_MAX = 192 * 1024,   /* the canonical text, without its signatures */
    ASSESSMENT_LINE_MAX = 256,          /* an officer's signature line: name and base64 */
    ASSESSMENT_OVERHEAD = 1024,         /* of packing, salt, padding and tag */
    ASSESSMENT_FILE_MAX = 1024 * 1024,  /* the file with its comments */
    ASSESSMENT_LINKS_MAX = 512,

    /* Noise and frames */
    NOISE_MESSAGE_MAX = 65535,
    NOISE_PAYLOAD_MAX = NOISE_MESSAGE_MAX - 16,
    REKEY_AFTER = 65536,                /* messages in one direction */
    FRAME_BODY_MAX = 1024 * 1024,

    /* membership over the wire */
    INVITES_MAX = 64,                   /* open at one time */
    REQUESTS_MAX = 64,                  /* bodies waiting to be admitted */

    /* files */
    PARCEL_MAX = 64 * 1024 * 1024,      /* charters and identities in one */
    DISCLOSURE_MAX = 64 * 1024 * 1024,  /* records handed to somebody outside; and in it: */
    DISCLOSED_LOGS_MAX = 2 * MEMBERS_MAX,
    DISCLOSED_IDENTITIES_MAX = 4 * MEMBERS_MAX,     /* of witnesses; and before the logs of a bundle that is audited */
    DISCLOSED_CHECKPOINTS_MAX = 4096,   /* in one log */
    DISCLOSED_ENTRIES_MAX = 65536,      /* in one log */
    BACKUP_MAX = 2 * PARCEL_MAX,        /* of the text; its content is a parcel and little more */
    POLICY_MAX = 256 * 1024,            /* a tlog-policy, and in it: */
    POLICY_LOGS_MAX = 512,
    POLICY_WITNESSES_MAX = 64,
    POLICY_GROUPS_MAX = 64,

    /* links */
    LINKS_MAX = 64,
    HALF_OPEN_MAX = 64,
    HALF_OPEN_PER_ADDRESS_MAX = 16,
    STRANGERS_MAX = 32,                 /* links that were dialled to us under no member's node key, and are not open */
    LINK_QUEUE_MAX = 4 * 1024 * 1024,   /* bytes waiting to be sent on one link */
    INBOX_MAX = 4 * 1024 * 1024,        /* bytes read from links, waiting for the engine */
    STAGED_LOG_MAX = BOUNDARY_BYTES + PAYLOAD_MAX + HEADER_MAX,    /* unverified, one log */
    STAGED_MAX = 24 * 1024 * 1024,      /* unverified, all logs together */
    ENTRIES_FRAME_BYTES = 128 * 1024,   /* where a sender ends an ENTRIES frame */
    WANT_CREDIT = 2 * 1024 * 1024,      /* what a receiver asks for at a time */
    WANT_CREDIT_MAX = 8 * 1024 * 1024,
    EVIDENCE_MAX = 64 * 1024,
    HOLES_MAX = 65536,                  /* payloads missing in one log */
    TOKENS_A_SECOND = 5000,             /* a link's budget for work it causes us */
    TOKENS_MAX = 200 * 1000,
    TOKENS_SIGNATURE = 5,               /* what a message with a signature to check costs */
    TOKENS_PROOF = 500,                 /* what a proof to be made costs */
    PROOF_HASHES_MAX = 128,             /* RFC 6962: at most 2 x 64 for a consistency proof */

    /* times */
    HANDSHAKE_TIMEOUT_MS = 5000,
    HELLO_TIMEOUT_MS = 30 * 1000,
    PING_EVERY_MS = 15 * 1000,
    SILENCE_MAX_MS = 60 * 1000,
    BACKOFF_MIN_MS = 500,
    BACKOFF_MAX_MS = 10 * 60 * 1000,
    ASK_WAIT_MS = 10 * 1000,
    CLOCK_AHEAD_MAX_MS = 10 * 60 * 1000,    /* a checkpoint's entries dated later wait */
    COSIGN_EVERY_MS = 1000,
    COSIGN_AFTER_START_MS = 10 * 1000,  /* so long a witness waits for all its peers to return its promises */
    COSIGN_AT_LEAST_MS = 24 * 3600 * 1000,
    NODE_KEY_GRACE_S = 30 * 24 * 3600,  /* so long a node answers to its previous node key */
    FRESH_MS = 48 * 3600 * 1000,        /* so long ago at most a quorum cosigned a fresh log */
    VECTOR_CHECK_MS = 3600 * 1000,
    WANT_TIMEOUT_MS = 60 * 1000,        /* a stream that gives nothing goes to another peer */
    CLAIM_WAIT_MS = 60 * 1000,          /* so long a peer is asked for a head of our own log that we do not hold ... */
    CLAIM_BYTES_A_MS = 16,              /* ... and 1 ms more for so many bytes that came */
    CLAIM_FAULT_MS = 10 * 1000,         /* what a link that fell, or entries that were of no use, cost it of that */
    CLAIM_FORGIVEN_MS = 3600 * 1000,    /* without another such head, it has all its time again */
    STATUS_AGAIN_MS = 300 * 1000,       /* what a peer says again is written down so often, for people to see ... */
    STATUS_ASKED_MS = 120 * 1000        /* ... and each time for so long after somebody asked */
};

static_assert(HEADER_MAX + PAYLOAD_MAX + 1024 <= FRAME_BODY_MAX, "the largest entry fits a frame");
static_assert(NOTE_MAX < FRAME_BODY_MAX, "a charter fits a frame");
static_assert(STAGED_LOG_MAX <= STAGED_MAX, "one log can always be staged");

#endif
