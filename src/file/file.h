/* Files of the hall: documents, pictures of papers, archives. Their bytes lie in the data folder, what is
 * known of them in the database.
 *
 * Named by content: the name is HMAC-SM3, under a key of the centre, of the SM3 digest of the bytes. Equal
 * content is kept once in a centre. Keyed, because a bare digest as a name would tell whoever holds a copy of
 * the folder (a backup) that a known paper is among the files, and that two centres keep the same one.
 *
 * Sealed: head "OWFILE1\n" and a random salt of 32 bytes; chunks of 64 KiB under SM4-GCM, the nonce being the
 * chunk's number and a mark on the last one, the key HMAC-SM3 of the salt under the centre's key; then 24 bytes:
 * the size, and a keyed digest of name and size. So a chunk that was changed, swapped, left out, or cut off
 * with all that follows does not open, nor does a file under another's name.
 *
 * Written to a temporary name, synced, renamed, the folder synced; only then file_use() may name it in a
 * transaction. What was written and never named (the program died in between, the act was refused) is an
 * orphan and swept after file.grace_hours. Two who write the same content both win: the later rename
 * replaces equal bytes by equal bytes, and makes a damaged file whole again.
 *
 * All but file_use() and file_unuse() work without a transaction and never on a lane. Where sealed bytes
 * lie is the business of file_place.h alone: storage behind another interface (S3) is another file like
 * file_disk.c. */
#ifndef FILE_H
#define FILE_H

#include "file_gen.h"
#include "store.h"

#define FILE_CHUNK_BYTES 65536

/* What is known of bytes that are safe on the disk. */
struct file_kept {
    struct str name;   /* 64 hex digits */
    struct str digest; /* SM3, hex: what a signature, a check, an archive names */
    int64_t size;      /* bytes */
};

struct file_writer; /* in the arena of its context; what is not ended there is removed with it */
MUST_USE enum err file_begin(struct ctx *c, struct file_writer **ret);
/* E_STORE_FULL when the disk is, E_FILE_STORE for other trouble. Holds one chunk, however long the file. */
MUST_USE enum err file_add(struct ctx *c, struct file_writer *w, struct str bytes);
MUST_USE enum err file_end(struct ctx *c, struct file_writer *w, struct file_kept *ret);
/* The three in one. */
MUST_USE enum err file_write(struct ctx *c, struct str bytes, struct file_kept *ret);

/* In the transaction that makes something stand on the file: owner is the noun, owner_id its id.
 * E_FILE_GONE when the bytes are not there (swept: more than the grace period went by). */
MUST_USE enum err file_use(struct ctx *c, const struct file_kept *f, const char *owner,
                           int64_t owner_id);
MUST_USE enum err file_unuse(struct ctx *c, struct str name, const char *owner, int64_t owner_id);

struct file_reader;
/* E_FILE_GONE, or E_FILE_CHANGED when its length, its place or its end are not what they were. */
MUST_USE enum err file_open(struct ctx *c, struct str name, struct file_reader **ret);
int64_t file_size(const struct file_reader *r);
/* The next chunk, good until the next call; n is 0 at the end. E_FILE_CHANGED gives nothing of it. */
MUST_USE enum err file_next(struct ctx *c, struct file_reader *r, struct str *ret_part);
/* All of it; E_TOO_LARGE when it is longer than that. */
MUST_USE enum err file_read_whole(struct ctx *c, struct str name, size_t most_bytes,
                                  struct str *ret_bytes);

struct file_faults { /* what verify found */
    int64_t files, gone, changed;
    struct str first; /* name of the first bad one, STR_NONE: none */
};
/* Opens and reads every file that the centre's database names. */
MUST_USE enum err file_verify(struct store *s, struct ctx *c, struct file_faults *ret);

#endif
