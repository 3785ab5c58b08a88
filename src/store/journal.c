/* The journal: adding, reading, erasing, and giving what was added to its listeners. The chain's
 * form is written in journal.h; journal_verify.c walks it.
 *
 * During a transaction the end of each chain is kept in memory (struct chain) and written once,
 * before the commit. What an act adds is undone with its savepoint. */
#include "buf.h"
#include "engine.h"
#include "log.h"
#include "store_gen.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SALT_BYTES 16

/* --- the chain's end ----------------------------------------------------------------------- */

enum err chain_of(struct ctx *c, struct chain **ret)
{
    struct txn *t = c->txn;
    for (struct chain *h = t->chains; h != NULL; h = h->next)
        if (h->center_id == c->center_id) {
            *ret = h;
            return E_OK;
        }
    struct chain *h = ARENA_NEW(t->arena, struct chain);
    h->center_id = c->center_id;
    const struct engine *g = t->handle->engine;
    enum err e = g->lock_head(t->handle, h->center_id, &h->seq, h->hash);
    if (e == E_NOT_FOUND) {
        TRY(journal_head_new(c, h->center_id, (struct str){(const char *)h->hash, SM3_BYTES}));
        e = g->lock_head(t->handle, h->center_id, &h->seq, h->hash);
        h->is_new = t->act != 0;
        h->mark = t->act;
        h->saved_seq = h->seq;
    }
    if (e != E_OK)
        return fail(c, e, "journal_head: %s", t->handle->why);
    h->next = t->chains;
    t->chains = h;
    *ret = h;
    return E_OK;
}

void journal_undo(struct txn *t)
{
    for (struct chain **at = &t->chains; *at != NULL;) {
        struct chain *h = *at;
        if (h->mark != t->act) {
            at = &h->next;
        } else if (h->is_new) {
            *at = h->next; /* its row went with the savepoint */
        } else {
            h->seq = h->saved_seq;
            h->is_dirty = h->saved_dirty;
            memcpy(h->hash, h->saved_hash, SM3_BYTES);
            at = &h->next;
        }
    }
    struct pending **at = &t->pending;
    while (*at != NULL && (*at)->act != t->act)
        at = &(*at)->next;
    *at = NULL;
    t->pending_end = at;
}

static void move_chain(struct txn *t, struct chain *h, const struct journal_row *r,
                       const uint8_t hash[SM3_BYTES])
{
    if (h->mark != t->act) {
        h->mark = t->act;
        h->is_new = false;
        h->saved_seq = h->seq;
        h->saved_dirty = h->is_dirty;
        memcpy(h->saved_hash, h->hash, SM3_BYTES);
    }
    h->seq = r->seq;
    h->moved_at = r->at;
    h->is_dirty = true;
    memcpy(h->hash, hash, SM3_BYTES);
}

/* --- the hash ------------------------------------------------------------------------------ */

static uint8_t *put_field(uint8_t *at, const void *p, size_t n)
{
    for (int i = 0; i < 4; i++)
        *at++ = (uint8_t)(n >> (24 - 8 * i));
    if (n > 0)
        memcpy(at, p, n);
    return at + n;
}

static void number_bytes(int64_t v, uint8_t out[8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)((uint64_t)v >> (56 - 8 * i));
}

static uint8_t *put_number(uint8_t *at, int64_t v)
{
    uint8_t bytes[8];
    number_bytes(v, bytes);
    return put_field(at, bytes, sizeof bytes);
}

void journal_hash(const uint8_t before[SM3_BYTES], const struct journal_row *r, struct arena *a,
                  uint8_t out[SM3_BYTES])
{
    size_t room = 13 * 4 + SM3_BYTES + 7 * 8 + r->actor.n + r->kind.n + r->public_json.n +
                  r->private_digest.n;
    uint8_t *start = arena_alloc(a, room), *at = start;
    at = put_field(at, before, SM3_BYTES);
    at = put_number(at, r->center_id);
    at = put_number(at, r->seq);
    at = put_number(at, r->at);
    at = put_number(at, r->actor_kind);
    at = put_number(at, r->actor_id);
    at = put_field(at, r->actor.p, r->actor.n);
    at = put_field(at, r->kind.p, r->kind.n);
    at = put_number(at, r->subject);
    at = put_number(at, r->thread);
    at = put_field(at, r->public_json.p, r->public_json.n);
    at = put_field(at, r->private_digest.p, r->private_digest.n);
    sm3_of((struct str){(const char *)start, (size_t)(at - start)}, out);
}

/* --- adding -------------------------------------------------------------------------------- */

static struct str bound_of(struct arena *a, int64_t center_id, int64_t seq)
{
    uint8_t *p = arena_alloc(a, 16);
    number_bytes(center_id, p);
    number_bytes(seq, p + 8);
    return (struct str){(const char *)p, 16};
}

static const uint8_t *journal_key(struct ctx *c)
{
    struct txn *t = c->txn;
    if (t->keys != c->keys) {
        keys_derive(c->keys, "journal", t->journal_key, sizeof t->journal_key);
        t->keys = c->keys;
    }
    return t->journal_key;
}

static enum err seal(struct ctx *c, struct journal_row *r, struct str private_json,
                     struct str *ret_sealed, struct str *ret_salt)
{
    if (c->keys == NULL)
        return fail(c, E_INTERNAL, "a private journal entry without keys");
    char *salt = arena_alloc(c->arena, SALT_BYTES);
    uint8_t *digest = arena_alloc(c->arena, SM3_BYTES);
    random_bytes(salt, SALT_BYTES);
    *ret_salt = (struct str){salt, SALT_BYTES};
    sm3_keyed(*ret_salt, private_json, digest);
    r->private_digest = (struct str){(const char *)digest, SM3_BYTES};
    *ret_sealed =
        sm4_seal(c->arena, journal_key(c), private_json, bound_of(c->arena, r->center_id, r->seq));
    return E_OK;
}

static void remember(struct txn *t, enum event kind, const struct journal_row *r)
{
    if (atomic_load(&t->store->listeners) == NULL && kind != EV_SETTING_CHANGED)
        return;
    struct pending *p = ARENA_NEW(t->arena, struct pending);
    p->act = t->act;
    p->entry = (struct journal_entry){
        .center_id = r->center_id,
        .seq = r->seq,
        .at = r->at,
        .subject = r->subject,
        .thread = r->thread,
        .kind = kind,
        .actor = str_copy(t->arena, r->actor),
        .public_json = str_copy(t->arena, r->public_json),
    };
    *t->pending_end = p;
    t->pending_end = &p->next;
}

enum err journal_add(struct ctx *c, enum event kind, int64_t subject, int64_t thread,
                     struct str public_json, struct str private_json)
{
    struct txn *t = c->txn;
    BUG_IF(t == NULL || !t->writes);
    struct chain *h = NULL;
    TRY(chain_of(c, &h));
    struct journal_row r = {
        .center_id = c->center_id,
        .seq = h->seq + 1,
        .at = c->now,
        .actor_kind = c->actor.kind,
        .actor_id = c->actor.id,
        .subject = subject,
        .thread = thread,
        .actor = c->actor.name.p == NULL ? STR("") : c->actor.name,
        .kind = str_of(event_table[kind].name),
        .public_json = public_json.p == NULL ? STR("{}") : public_json,
    };
    struct str sealed = STR_NONE, salt = STR_NONE;
    uint8_t hash[SM3_BYTES];
    if (private_json.p != NULL)
        TRY(seal(c, &r, private_json, &sealed, &salt));
    journal_hash(h->hash, &r, c->arena, hash);
    TRY(journal_insert(c, r.center_id, r.seq, r.at, r.kind, subject, thread, r.actor_kind,
                       r.actor_id, r.actor, r.public_json, sealed, salt, r.private_digest,
                       (struct str){(const char *)hash, SM3_BYTES}));
    move_chain(t, h, &r, hash);
    remember(t, kind, &r);
    return E_OK;
}

enum err journal_erase(struct ctx *c, int64_t thread)
{
    TRY(journal_private_erase(c, c->center_id, thread));
    return journal_add(c, EV_JOURNAL_ERASED, thread, thread, STR_NONE, STR_NONE);
}

/* --- reading ------------------------------------------------------------------------------- */

bool journal_kind(const struct store *s, struct str name, enum event *ret_kind)
{
    size_t low = 0, high = EVENT_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_cmp(name, str_of(event_table[s->kinds[middle]].name));
        if (order == 0) {
            *ret_kind = s->kinds[middle];
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

/* Entries of a kind that this program no longer knows (a folder was taken out) are passed over. */
static void entries_of(struct ctx *c, const struct journal_rows_of_thread_rows *rows,
                       struct journal_entries *ret)
{
    struct journal_entry *v = ARENA_ARRAY(c->arena, struct journal_entry, rows->n);
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct journal_rows_of_thread_row *r = &rows->v[i];
        enum event kind;
        if (!journal_kind(c->txn->store, r->kind, &kind))
            continue;
        v[n++] = (struct journal_entry){
            .center_id = c->center_id,
            .seq = r->seq,
            .at = r->at,
            .subject = r->subject,
            .thread = r->thread,
            .kind = kind,
            .actor = r->actor,
            .public_json = r->public_json,
        };
    }
    *ret = (struct journal_entries){v, n};
}

enum err journal_of_thread(struct ctx *c, int64_t thread, struct journal_entries *ret)
{
    struct journal_rows_of_thread_rows rows = {NULL, 0};
    TRY(journal_rows_of_thread(c, c->center_id, thread, &rows));
    entries_of(c, &rows, ret);
    return E_OK;
}

enum err journal_after(struct ctx *c, int64_t seq, int most, struct journal_entries *ret)
{
    struct journal_rows_of_thread_rows rows = {NULL, 0};
    TRY(journal_rows_after(c, c->center_id, seq, most, &rows));
    entries_of(c, &rows, ret);
    return E_OK;
}

enum err journal_head(struct ctx *c, int64_t *ret_seq, struct str *ret_hash)
{
    for (struct chain *h = c->txn->chains; h != NULL; h = h->next)
        if (h->center_id == c->center_id) {
            *ret_seq = h->seq;
            *ret_hash = str_copy(c->arena, (struct str){(const char *)h->hash, SM3_BYTES});
            return E_OK;
        }
    struct journal_head_of_row *row = NULL;
    TRY(journal_head_of(c, c->center_id, &row));
    if (row == NULL) {
        *ret_seq = 0;
        *ret_hash = (struct str){arena_alloc(c->arena, SM3_BYTES), SM3_BYTES};
        return E_OK;
    }
    *ret_seq = row->seq;
    *ret_hash = row->hash;
    return E_OK;
}

enum err journal_private(struct ctx *c, int64_t seq, struct str *ret_json)
{
    struct journal_private_of_row *row = NULL;
    TRY(journal_private_of(c, c->center_id, seq, &row));
    if (row == NULL || row->private_sealed.p == NULL)
        return fail(c, E_NOT_FOUND, "journal %lld has no private part", (long long)seq);
    if (c->keys == NULL || !sm4_open(c->arena, journal_key(c), row->private_sealed,
                                     bound_of(c->arena, c->center_id, seq), ret_json))
        return fail(c, E_INTERNAL, "the private part of journal %lld cannot be opened",
                    (long long)seq);
    return E_OK;
}

/* --- as a sentence ------------------------------------------------------------------------- */

static void put_fact(struct buf *b, const struct ctx *c, const json_t *fact)
{
    if (json_is_string(fact))
        buf_str(b,
                tr(c, json_string_value(fact))); /* words of ours have a translation, names stay */
    else if (json_is_integer(fact))
        buf_int(b, json_integer_value(fact));
    else if (json_is_true(fact))
        buf_str(b, tr(c, "是"));
    else if (json_is_false(fact))
        buf_str(b, tr(c, "否"));
}

struct str journal_sentence(const struct ctx *c, const struct journal_entry *e)
{
    struct str rest = tr(c, event_table[e->kind].sentence);
    json_t *facts = json_loadb(e->public_json.p == NULL ? "{}" : e->public_json.p,
                               e->public_json.p == NULL ? 2 : e->public_json.n, 0, NULL);
    struct buf b;
    buf_init(&b, c->arena, 64 * 1024);
    while (rest.n > 0) {
        ptrdiff_t open = str_find(rest, STR("{")), close = str_find(rest, STR("}"));
        if (open < 0 || close < open)
            break;
        struct str name = {rest.p + open + 1, (size_t)(close - open - 1)};
        buf_put(&b, rest.p, (size_t)open);
        put_fact(&b, c, json_object_get(facts, str_z(c->arena, name)));
        rest = (struct str){rest.p + close + 1, rest.n - (size_t)close - 1};
    }
    buf_str(&b, rest);
    json_decref(facts);
    return buf_as_str(&b);
}

/* --- giving it to the listeners ------------------------------------------------------------- */

void journal_listen(struct store *s, void (*fn)(void *arg, const struct journal_entry *e),
                    void *arg)
{
    pthread_mutex_lock(&s->lock);
    struct listener *l = ARENA_NEW(s->arena, struct listener);
    *l = (struct listener){fn, arg, atomic_load(&s->listeners)};
    atomic_store(&s->listeners, l);
    pthread_mutex_unlock(&s->lock);
}

static void hear_nothing(void *arg, const struct journal_entry *e)
{
    (void)arg, (void)e;
}

void journal_unlisten(struct store *s, const void *arg)
{
    pthread_mutex_lock(&s->publish_lock);
    for (struct listener *l = atomic_load(&s->listeners); l != NULL; l = l->next)
        if (l->arg == arg)
            *l = (struct listener){hear_nothing, NULL, l->next};
    pthread_mutex_unlock(&s->publish_lock);
}

/* With publish_lock held. What was heard already is passed over. */
static void hear(struct store *s, struct center_memory *m, const struct journal_entry *e)
{
    if (e->seq <= m->heard)
        return;
    m->heard = e->seq;
    if (e->kind == EV_SETTING_CHANGED)
        settings_forget(s, m);
    for (struct listener *l = atomic_load(&s->listeners); l != NULL; l = l->next)
        l->fn(l->arg, e);
}

struct gap {
    int64_t after;
    struct journal_entries entries;
};

static enum err read_gap(struct ctx *c, void *arg)
{
    struct gap *g = arg;
    return journal_after(c, g->after, 500, &g->entries);
}

/* With publish_lock held: what the database has after m->heard, up to `until` (0: all). */
static void hear_from_database(struct store *s, struct center_memory *m, int64_t until)
{
    struct ctx c = {.arena = arena_new((size_t)64 << 20), .center_id = m->center_id};
    struct gap g = {.after = m->heard};
    enum err e;
    while ((e = store_read(s, &c, read_gap, &g)) == E_OK && g.entries.n > 0) {
        for (size_t i = 0; i < g.entries.n && (until == 0 || g.entries.v[i].seq <= until); i++)
            hear(s, m, &g.entries.v[i]);
        g.after = g.entries.v[g.entries.n - 1].seq;
        if (g.entries.n < 500 || (until != 0 && g.after >= until))
            break;
        c.settings = NULL;
        arena_reset(c.arena);
    }
    if (e != E_OK)
        log_line(LOG_WARN, "journal_gap", "center=%lld after=%lld error=%s",
                 (long long)m->center_id, (long long)m->heard, err_table[e].code);
    arena_free(c.arena);
}

void journal_publish(struct store *s, struct txn *t)
{
    pthread_mutex_lock(&s->publish_lock);
    for (struct pending *p = t->pending; p != NULL; p = p->next) {
        struct center_memory *m = store_center(s, p->entry.center_id);
        if (m->heard < 0) /* the tail knows all older centres: this one is new */
            m->heard = s->tail != NULL ? 0 : p->entry.seq - 1;
        if (p->entry.seq > m->heard + 1) /* acts of another process came between */
            hear_from_database(s, m, p->entry.seq - 1);
        hear(s, m, &p->entry);
    }
    pthread_mutex_unlock(&s->publish_lock);
    const struct engine *g = s->engine;
    for (struct chain *h = t->chains; h != NULL && g->tell != NULL; h = h->next)
        if (h->is_dirty)
            g->tell(t->handle, h->center_id, h->seq);
}

void journal_catch_up(struct store *s, int64_t center_id)
{
    struct center_memory *m = store_center(s, center_id);
    pthread_mutex_lock(&s->publish_lock);
    if (m->heard < 0)
        m->heard = 0;
    hear_from_database(s, m, 0);
    pthread_mutex_unlock(&s->publish_lock);
}
