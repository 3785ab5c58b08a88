/* The inside of the store: what an engine (sqlite.c, postgres.c) does for it, and what the files of
 * this folder share. Nobody outside src/store includes it.
 *
 * A handle is one connection with all its statements prepared; it is used by one thread at a time.
 * A txn is an open transaction on a handle, with the ends of the journal chains it has touched. */
#ifndef ENGINE_H
#define ENGINE_H

#include "arena.h"
#include "crypt.h"
#include "journal.h"
#include "stmt.h"
#include "store.h"

#include <pthread.h>
#include <stdatomic.h>

struct handle {
    const struct engine *engine;
    struct store *store;
    struct arena *arena; /* the handle's own memory, of its life */
    bool writes;         /* of a lane; else only statements that do not write are prepared */
    bool in_use;         /* a read handle with an open transaction */
    char why[400];       /* what went wrong last, for logs and for store_open */
    struct handle *next; /* in the store's list of read handles */
};

typedef void text_row(void *arg, int columns, const char *const *values);

struct engine {
    /* A connection, not yet prepared. On failure *ret_h is a closed handle whose why can be read,
     * or NULL. */
    enum err (*open)(struct store *s, bool writes, struct handle **ret_h);
    enum err (*prepare)(struct handle *h); /* all statements, with their columns checked */
    void (*close)(struct handle *h);
    /* Connects again when the server was lost; E_STORE_LOST when that fails. Cheap when all is well. */
    enum err (*revive)(struct handle *h);

    enum err (*begin)(struct handle *h); /* a snapshot, or the write lock, by h->writes */
    enum err (*savepoint)(struct handle *h);
    enum err (*release)(struct handle *h);
    enum err (*rollback_to)(struct handle *h); /* and release */
    enum err (*commit)(struct handle *h);      /* E_OUTCOME_UNKNOWN: the connection died in it */
    void (*rollback)(struct handle *h);
    bool many_writers; /* other processes write too: batches of one centre, head locked first */
    bool (*in_transaction)(struct handle *h); /* false: the engine threw everything away */
    /* The end of a centre's chain, locked where writers can race; E_NOT_FOUND without a row. */
    enum err (*lock_head)(struct handle *h, int64_t center_id, int64_t *ret_seq,
                          uint8_t ret_hash[SM3_BYTES]);

    void (*open_cursor)(struct cursor *k, struct handle *h);
    void (*bind_int)(struct cursor *k, int param, int64_t v, bool is_null);
    void (*bind_text)(struct cursor *k, int param, struct str v, bool is_bytes);
    bool (*next)(struct cursor *k);
    int64_t (*column_int)(struct cursor *k, int column, bool *ret_is_null);
    struct str (*column_text)(struct cursor *k, int column);          /* p NULL for NULL; copied */
    enum err (*close_cursor)(struct cursor *k, int64_t *ret_changed); /* error text in h->why */

    /* For migrate.c, before prepare(): several statements at once, and rows as text. */
    enum err (*script)(struct handle *h, const char *sql);
    enum err (*rows)(struct handle *h, const char *sql, text_row *row, void *arg);
    /* After the answers: SQLite moves the log into the file when it is long. */
    void (*rest)(struct handle *h);
    /* Tells other processes that a centre's chain has grown; NULL without. */
    void (*tell)(struct handle *h, int64_t center_id, int64_t seq);
};

extern const struct engine sqlite_engine;
extern const struct engine postgres_engine;

struct chain { /* the end of one centre's chain within a transaction */
    int64_t center_id, seq, moved_at;
    uint8_t hash[SM3_BYTES];
    bool is_dirty;
    uint64_t mark; /* act in which the saved_… were taken */
    int64_t saved_seq;
    uint8_t saved_hash[SM3_BYTES];
    bool saved_dirty;
    bool is_new; /* its row was made in the act `mark`: goes with it */
    struct chain *next;
};

struct pending { /* an entry that listeners hear after the commit */
    struct journal_entry entry;
    uint64_t act;
    struct pending *next;
};

struct txn {
    struct store *store;
    struct lane *lane; /* of a write transaction */
    struct handle *handle;
    bool writes;
    bool is_held;        /* opened by store_hold() */
    bool is_nested;      /* a store_act() runs inside it */
    enum err broken;     /* first statement error of the running act */
    bool has_written;    /* the running act has run a statement that writes */
    struct arena *arena; /* chains and pending entries live here until the end */
    struct chain *chains;
    uint64_t act; /* counts the acts of the transaction */
    struct pending *pending, **pending_end;
    const struct keys *keys; /* whose sub-key journal_key is */
    uint8_t journal_key[16];
};

/* What the store remembers of a centre. Made once, lives as long as the store. */
struct center_memory {
    int64_t center_id;
    const struct settings *settings; /* NULL: to be read */
    uint64_t settings_version;       /* rises when they change; both under s->lock */
    int64_t heard;                   /* last seq given to listeners; -1 not known yet */
    struct center_memory *next;
};

struct listener {
    void (*fn)(void *arg, const struct journal_entry *e);
    void *arg;
    struct listener *next;
};

#define CENTER_BUCKETS 256

struct store {
    struct store_options options;
    const struct engine *engine;
    struct arena *arena; /* guarded by lock */
    struct ids *ids;
    pthread_mutex_t lock; /* arena, read handles, centres, listeners' list */
    pthread_cond_t reader_free;
    struct center_memory *centers[CENTER_BUCKETS];
    enum event *kinds; /* sorted by name */

    pthread_key_t reader_key; /* SQLite: the calling thread's handle */
    bool has_reader_key;
    struct handle *readers; /* SQLite: all of them; PostgreSQL: the idle ones */
    unsigned reader_count;

    struct lane *lanes;
    unsigned lane_count;

    pthread_mutex_t publish_lock; /* listeners are called one at a time, in order */
    struct listener *_Atomic listeners;
    struct tail *tail;
    struct keeper *keeper;

    struct { /* guarded by lock */
        const char *name;
        int64_t value;
    } gauges[STORE_GAUGES_MOST];

    atomic_int_fast64_t fail_at;
    atomic_bool fail_fired;
    atomic_bool is_one_counted; /* only calls of `counted` fail and are traced */
    pthread_t counted;
    int16_t *_Atomic trace;
    size_t trace_room;
    atomic_size_t traced;
    atomic_uint_fast64_t acts, refused, batches, conflicts, largest_batch, repeated, queue_full,
        taken_back; /* batches run again with savepoints */
};

struct lane {
    struct store *store;
    struct handle *handle;
    pthread_t thread;
    bool has_thread;
    struct txn txn;      /* of the lane's batch or of who holds it */
    struct arena *arena; /* of the transaction */

    pthread_mutex_t lock;   /* the queue and the next lines */
    pthread_cond_t changed; /* any of them */
    struct act *first, **end;
    size_t waiting;
    unsigned want_hold; /* who asks to hold goes before what is queued */
    bool is_running, is_held, is_stopping, is_ready;
    atomic_int last_error; /* enum err of the last batch, and when it ended */
    atomic_int_fast64_t last_at;
    atomic_int_fast64_t since; /* steady time the running batch began; 0 idle */
};

/* store.c */
struct center_memory *store_center(struct store *s, int64_t center_id); /* takes s->lock */
void store_fill(struct store *s, struct ctx *c);                        /* store, ids when NULL */
struct lane *store_lane_of(struct store *s, int64_t center_id);

/* settings.c */
void settings_forget(struct store *s, struct center_memory *m);

/* lane.c */
void lane_hold(struct lane *l);
void lane_let_go(struct lane *l);
enum err lanes_start(struct store *s);
void lanes_stop(struct store *s);
enum err txn_begin(struct lane *l, struct ctx *c); /* PostgreSQL: with the centre's head locked */
enum err txn_write_heads(struct lane *l, struct ctx *c);
void txn_forget(struct txn *t); /* chains and pending entries */

/* journal.c */
enum err chain_of(struct ctx *c, struct chain **ret); /* of c->center_id, read and locked if new */
void journal_undo(struct txn *t);                     /* what the running act added */
void journal_publish(struct store *s, struct txn *t); /* after the commit */
/* Gives listeners what the database has beyond what they have heard (tail of other processes). */
void journal_catch_up(struct store *s, int64_t center_id);
bool journal_kind(const struct store *s, struct str name, enum event *ret_kind);
struct journal_row { /* one entry with all that its hash covers */
    int64_t center_id, seq, at, actor_kind, actor_id, subject, thread;
    struct str actor, kind, public_json, private_digest;
};
void journal_hash(const uint8_t before[SM3_BYTES], const struct journal_row *r, struct arena *a,
                  uint8_t out[SM3_BYTES]);

/* migrate.c */
enum err migrate(struct handle *h, bool apply, struct arena *a, struct str *ret_why);

/* keeper.c: moves SQLite's log into the file beside the lane */
enum err keeper_start(struct store *s);
void keeper_stop(struct store *s);
void keeper_wake(struct store *s);
bool keeper_is_idle(struct store *s);
MUST_USE enum err sqlite_move_log(struct handle *h);
/* Name of the file layer that gathers what is appended to SQLite's log, over the named one (NULL: the
 * system's). */
const char *wal_layer_over(const char *below_name);

/* tail.c: hears the acts of other processes on PostgreSQL */
enum err tail_start(struct store *s);
void tail_stop(struct store *s);
const char *tail_tag(const struct store *s); /* who we are in notifications */

#endif
