/* protocol/filesig.h - a file's signature in the forms that other people's tools check: minisign and OpenSSH.
 *
 * Prehashed only: what is signed is a hash of the file, or a structure around one, so that no file can be made which,
 * signed, would be a note of Folkmoot's.
 *
 *      minisign    Ed25519 over BLAKE2b-512 of the file ("ED"), and over that signature and the trusted comment;
 *                  key number: the first 8 bytes of SHA-256 of the key
 *      sshsig      PROTOCOL.sshsig of OpenSSH, version 1, ssh-ed25519, hash sha512
 *
 * Sources: jedisct1.github.io/minisign; openssh-portable/PROTOCOL.sshsig; RFC 4253 section 5 and RFC 8709. */
#ifndef FOLKMOOT_PROTOCOL_FILESIG_H
#define FOLKMOOT_PROTOCOL_FILESIG_H

#include "protocol/crypto.h"

#define SSHSIG_NAMESPACE "file"

enum { FILESIG_MAX = 4096, FILESIG_COMMENT_MAX = 512 };

/* Each puts its text behind what `ret` holds. Comments are one line of at most FILESIG_COMMENT_MAX bytes. */

/* The key alone, as `minisign -P` takes it. */
void minisign_key(const struct sign_public *key, struct buf *ret);
/* The two lines of a .pub file. */
void minisign_public(const struct sign_public *key, struct buf *ret);
/* The four lines of a .minisig file; `hash` is LONG_BLAKE2B's. */
void minisign_sign(const struct hash512 *hash, const struct sign_secret *secret, const char *untrusted, const char *trusted,
                   struct buf *ret);

/* `ssh-ed25519 <base64>`, as authorized_keys and allowed_signers have it; no line end. */
void ssh_key(const struct sign_public *key, struct buf *ret);
/* The armoured signature of a .sig file; `hash` is LONG_SHA512's. */
void sshsig_sign(const struct hash512 *hash, const struct sign_secret *secret, struct buf *ret);

#endif
