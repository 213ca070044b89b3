/* protocol/disclosure.h - some records handed to somebody outside, with all it takes to judge them and nothing more.
 *
 *      ["folkmoot disclosure v1", [charter note, ...], [identity note, ...], [log, ...]]
 *      log        = [slug, generation, evidence|nil, [checkpoint, ...], [entry, ...]]
 *      checkpoint = [note, path]
 *      entry      = [index, header, payload|nil, key|nil, checkpoint, path]
 *
 * One packed value. The charters are the standing ones from version 1 on; the identities those of witnesses. A path is
 * the hashes of a proof, one behind the other: of a checkpoint, from the one before it in the list (the first has
 * none); of an entry, its inclusion in the checkpoint of that place in the list. Among the entries are every
 * identity of the log, and what else speaks of the records: their epochs, withdrawals, openings.
 *
 * Sealed to one reader it is ["folkmoot sealed v1", box key, crypto_box_seal of all that].
 *
 * This reads and writes the form; cli/audit/judge.h says what is true. docs/protocol.md, section "Disclosures". */
#ifndef FOLKMOOT_PROTOCOL_DISCLOSURE_H
#define FOLKMOOT_PROTOCOL_DISCLOSURE_H

#include "protocol/entry.h"
#include "protocol/merkle.h"
#include "protocol/message.h"

struct disclosed_checkpoint {
    struct bytes note;
    struct bytes path;                      /* from the checkpoint before */
};

struct disclosed_entry {
    uint64_t idx;
    struct bytes header, payload;
    bool has_payload, has_key;
    struct sym_secret key;                  /* K of a sealed record */
    uint32_t checkpoint;                    /* its place in the log's list, below n_checkpoints */
    struct bytes path;
};

struct disclosed_log {
    struct log_ref log;
    struct bytes evidence;                  /* empty: none */
    size_t n_checkpoints, n_entries;
    struct disclosed_checkpoint *checkpoints;
    struct disclosed_entry *entries;        /* in ascending order of index */
};

struct disclosure {                         /* borrows its bytes; the arrays are its own */
    size_t n_charters, n_identities, n_logs;
    struct bytes *charters, *identities;
    struct disclosed_log *logs;
};

/* What a .fmb file is, by its first bytes. */
enum fmb_kind { FMB_NONE, FMB_DISCLOSURE, FMB_SEALED, FMB_BUNDLE };
enum fmb_kind fmb_kind_of(struct bytes in);

/* Put the packed value behind what `ret` holds: buf_status() says whether it could be. */
void disclosure_write(const struct disclosure *d, struct buf *ret);
/* Take the packed value apart; judges nothing. On OK release it.
 *   ERR_FORMAT  not exactly that form: an unknown word, a number of a checkpoint that is not there, entries out of
 *               order, a path that is no whole number of hashes, anything behind it
 *   ERR_LIMIT   longer than DISCLOSURE_MAX;  ERR_NOMEM */
MUST_USE enum err disclosure_read(struct bytes in, struct disclosure *ret);
/* Wipes the keys. */
void disclosure_release(struct disclosure *d);

/* A path as a proof. ERR_FORMAT when it has too many hashes. */
MUST_USE enum err disclosure_path(struct bytes path, struct proof *ret);

/* Seal to `to` what disclosure_write wrote, behind what `ret` holds. ERR_KEY: nobody can open what is sealed to it. */
MUST_USE enum err disclosure_seal(const struct dh_public *to, struct bytes in, struct buf *ret);
/* To whom is it sealed? ERR_FORMAT, ERR_LIMIT. */
MUST_USE enum err disclosure_sealed_to(struct bytes in, struct dh_public *ret);
/* Open it: *ret is a new buffer, which the caller wipes. ERR_DECRYPT: it is sealed to another key, or was changed. */
MUST_USE enum err disclosure_unseal(struct bytes in, const struct dh_secret *secret, struct buf *ret);

#endif
