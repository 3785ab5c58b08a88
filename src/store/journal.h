/* The journal: every act appends to it in its own transaction. One mechanism, five uses: the
 * timeline a person sees, the audit trail that `onewindow verify` checks, the source of live
 * events, the outbox, and what figures are recomputed from.
 *
 * hash = SM3 over the fields one after the other, each as its length (4 bytes, big-endian) and its
 * bytes: previous hash (32 bytes; zeros before seq 1), centre, seq, at, actor kind, actor id (these
 * and the following numbers as 8 bytes, big-endian, two's complement), actor name, name of the
 * kind, subject, thread, public part, digest of the private part (empty when there is none).
 * That digest is HMAC-SM3 of the private part under a random salt of the row. The private part
 * (SM4-GCM under the sub-key "journal", bound to centre and seq) and the salt can be erased (PIPL
 * art. 47) and the chain still holds. seq rises by one a centre, without gaps. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "events.h" /* generated: enum event, EVENT_COUNT, event_table[] */
#include "store.h"

struct event_info {
    const char *name;     /* "ticket.called" */
    const char *sentence; /* zh-CN with {holes} named as in the public data; message id for tr() */
    unsigned topics;      /* bit 1 << TOPIC_…: who hears it live; 0 nobody */
    bool shown_to_visitor;
};
extern const struct event_info event_table[];
extern const char *const topic_names[]; /* by enum topic */

/* subject: the id of what it happened to (ticket, loan, desk, …). thread: the visit it belongs to,
 * 0 none. public_json: an object of short facts, no personal data (it goes to live topics).
 * private_json: personal data, encrypted at rest, STR_NONE when there is none. */
MUST_USE enum err journal_add(struct ctx *c, enum event kind, int64_t subject, int64_t thread,
                              struct str public_json, struct str private_json);

struct journal_entry {
    int64_t center_id, seq, at, subject, thread;
    enum event kind;
    struct str actor; /* name as shown */
    struct str public_json;
};

/* Called after each commit, in order of seq within a centre, on the lane's thread (or the tail's,
 * for acts of other processes on PostgreSQL). Must not block. */
void journal_listen(struct store *s, void (*fn)(void *arg, const struct journal_entry *e),
                    void *arg);
/* Ends it for this arg: after the return fn is not called again. */
void journal_unlisten(struct store *s, const void *arg);

struct journal_entries {
    struct journal_entry *v;
    size_t n;
};
/* Entries of a thread (visit), oldest first, at most 500. */
MUST_USE enum err journal_of_thread(struct ctx *c, int64_t thread, struct journal_entries *ret);
/* Entries after a seq, oldest first, at most `most`. */
MUST_USE enum err journal_after(struct ctx *c, int64_t seq, int most, struct journal_entries *ret);
MUST_USE enum err journal_head(struct ctx *c, int64_t *ret_seq, struct str *ret_hash);
/* The private part of one entry, decrypted; the reading itself is journalled by the caller. */
MUST_USE enum err journal_private(struct ctx *c, int64_t seq, struct str *ret_json);
/* Erases the private parts of a thread, salt included; the erasure is journalled. */
MUST_USE enum err journal_erase(struct ctx *c, int64_t thread);
/* The entry as a sentence in the context's language, holes filled from its public data. */
struct str journal_sentence(const struct ctx *c, const struct journal_entry *e);

struct journal_fault { /* what verify found */
    int64_t center_id, seq;
    const char *what; /* "gap", "hash", "private", "head", "anchor" */
};
/* Walks the whole chain of every centre; false with the first fault. anchor_file: signed heads
 * written by journal_anchor(), or NULL. */
MUST_USE enum err journal_verify(struct store *s, struct ctx *c, const char *anchor_file,
                                 struct journal_fault *ret_fault, bool *ret_sound,
                                 int64_t *ret_entries);
/* Appends the signed head of each centre's chain to a file outside the database, one line each:
 * centre seq at hash signature (hex; Ed25519 over the line before it). */
MUST_USE enum err journal_anchor(struct store *s, struct ctx *c, const char *anchor_file);

#endif
