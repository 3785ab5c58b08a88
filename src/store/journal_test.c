/* The journal: its chain, what verify finds when somebody edits the database behind the program's
 * back, erasing, and what listeners hear. Each tampering works on a database of its own. */
#include "test.h"

#include "clock.h"
#include "crypt.h"
#include "journal.h"
#include "store_raw.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ENTRIES 12
#define SECRET  "{\"name\":\"王小明\"}"

/* --- a chain to work on -------------------------------------------------------------------- */

static enum err add_twelve(struct ctx *c, void *arg)
{
    (void)arg;
    for (int64_t i = 1; i <= ENTRIES; i++)
        TRY(journal_add(c, EV_JOURNAL_READ, i, i % 3, STR("{\"n\":1}"),
                        i % 2 == 0 ? STR(SECRET) : STR_NONE));
    return E_OK;
}

static struct store *open_url(struct test *t, const char *url)
{
    struct store_options o = {.url = url, .migrate = true, .lanes = 1};
    struct store *s = NULL;
    struct str why = STR_NONE;
    enum err e = store_open(&o, t->arena, &s, &why);
    if (e != E_OK)
        print_error("%.*s\n", STR_ARG(why));
    assert_int_equal(e, E_OK);
    return s;
}

static struct store *with_chain(struct test *t, const char **ret_url)
{
    *ret_url = test_new_database(t);
    struct store *s = open_url(t, *ret_url);
    assert_int_equal(store_act(s, test_new_ctx(t, t->arena), add_twelve, NULL), E_OK);
    return s;
}

static struct journal_fault verify(struct test *t, struct store *s, const char *anchor,
                                   bool *ret_sound)
{
    struct journal_fault f = {0, 0, "none"};
    int64_t entries = 0;
    assert_int_equal(journal_verify(s, test_new_ctx(t, t->arena), anchor, &f, ret_sound, &entries),
                     E_OK);
    if (*ret_sound)
        assert_int_equal(entries, ENTRIES);
    return f;
}

static void assert_fault(struct test *t, struct store *s, const char *anchor, const char *what,
                         int64_t seq)
{
    bool is_sound = true;
    struct journal_fault f = verify(t, s, anchor, &is_sound);
    assert_false(is_sound);
    assert_string_equal(f.what, what);
    assert_int_equal(f.seq, seq);
    assert_int_equal(f.center_id, t->center_id);
}

static void assert_sound(struct test *t, struct store *s, const char *anchor)
{
    bool is_sound = false;
    verify(t, s, anchor, &is_sound);
    assert_true(is_sound);
}

static const char *sql(struct test *t, const char *head, long long n)
{
    return str_z(t->arena, str_fmt(t->arena, "%s %lld", head, n));
}

/* --- the form of the chain ------------------------------------------------------------------ */

/* The canonical bytes of journal.h, put together here by hand from that text alone. */
static void put(uint8_t *bytes, size_t *n, const void *p, size_t size)
{
    uint8_t length[4] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8),
                         (uint8_t)size};
    memcpy(bytes + *n, length, 4);
    if (size > 0)
        memcpy(bytes + *n + 4, p, size);
    *n += 4 + size;
}

static void put_int(uint8_t *bytes, size_t *n, int64_t v)
{
    uint8_t b[8];
    for (int i = 7; i >= 0; i--, v >>= 8)
        b[i] = (uint8_t)(v & 0xff);
    put(bytes, n, b, 8);
}

void test_store__the_hash_covers_the_fields_of_the_header(struct test *t)
{
    static const uint8_t zeros[32] = {0};
    uint8_t bytes[1000], expected[32];
    size_t n = 0;
    int64_t seq = 0;
    struct str hash = STR_NONE;
    assert_int_equal(journal_add(t->c, EV_JOURNAL_READ, 42, 7, STR("{\"a\":1}"), STR_NONE), E_OK);
    put(bytes, &n, zeros, 32);
    put_int(bytes, &n, t->center_id);
    put_int(bytes, &n, 1);
    put_int(bytes, &n, TEST_NOW);
    put_int(bytes, &n, 1); /* staff */
    put_int(bytes, &n, 1);
    put(bytes, &n, "测试员", strlen("测试员"));
    put(bytes, &n, "journal.read", 12);
    put_int(bytes, &n, 42);
    put_int(bytes, &n, 7);
    put(bytes, &n, "{\"a\":1}", 7);
    put(bytes, &n, "", 0);
    sm3_of((struct str){(const char *)bytes, n}, expected);
    assert_int_equal(journal_head(t->c, &seq, &hash), E_OK);
    assert_int_equal(seq, 1);
    assert_int_equal(hash.n, 32);
    assert_memory_equal(hash.p, expected, 32);
}

void test_store__a_thread_is_a_timeline(struct test *t)
{
    struct journal_entries e = {NULL, 0};
    for (int64_t i = 1; i <= 6; i++)
        assert_int_equal(journal_add(t->c, EV_JOURNAL_READ, i, i % 2 == 0 ? 5 : 0, STR_NONE,
                                     STR_NONE),
                         E_OK);
    assert_int_equal(journal_of_thread(t->c, 5, &e), E_OK);
    assert_int_equal(e.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(e.v[i].subject, 2 * (int64_t)i + 2);
        assert_true(str_is(e.v[i].actor, "测试员"));
        assert_int_equal(e.v[i].kind, EV_JOURNAL_READ);
    }
    assert_int_equal(journal_of_thread(t->c, 0, &e), E_OK);
    assert_int_equal(e.n, 0);
    assert_int_equal(journal_after(t->c, 4, 1, &e), E_OK);
    assert_int_equal(e.n, 1);
    assert_int_equal(e.v[0].seq, 5);
}

void test_store__private_parts_are_sealed_and_can_be_read_with_the_key(struct test *t)
{
    struct str plain = STR_NONE;
    assert_int_equal(journal_add(t->c, EV_JOURNAL_READ, 1, 9, STR_NONE, STR(SECRET)), E_OK);
    assert_int_equal(journal_add(t->c, EV_JOURNAL_READ, 2, 9, STR_NONE, STR_NONE), E_OK);
    assert_int_equal(journal_private(t->c, 1, &plain), E_OK);
    assert_true(str_is(plain, SECRET));
    assert_int_equal(journal_private(t->c, 2, &plain), E_NOT_FOUND);
    struct keys other = *t->c->keys;
    other.master[0] ^= 1;
    const struct keys *ours = t->c->keys;
    t->c->keys = &other;
    assert_int_equal(journal_private(t->c, 1, &plain), E_INTERNAL);
    t->c->keys = ours;
    assert_int_equal(journal_erase(t->c, 9), E_OK);
    assert_int_equal(journal_private(t->c, 1, &plain), E_NOT_FOUND);
}

void test_store__sentences_are_filled_from_the_facts(struct test *t)
{
    struct journal_entry e = {.kind = EV_SETTING_CHANGED,
                              .public_json =
                                  STR("{\"name\":\"借出多久{to}\",\"from\":4,\"to\":true}")};
    assert_true(str_is(journal_sentence(t->c, &e), "设置借出多久{to}由4改为是"));
    e.public_json = STR("not json");
    assert_true(str_is(journal_sentence(t->c, &e), "设置由改为"));
}

/* --- tampering ----------------------------------------------------------------------------- */

void test_live_store__a_sound_chain_verifies(struct test *t)
{
    const char *url = NULL;
    struct store *s = with_chain(t, &url);
    assert_sound(t, s, NULL);
    store_close(s);
}

void test_live_store__verify_finds_an_edited_row(struct test *t)
{
    static const char *const edits[] = {
        "UPDATE journal SET public_json = '{\"n\":2}' WHERE seq =",
        "UPDATE journal SET at = at + 1 WHERE seq =",
        "UPDATE journal SET actor = 'x' WHERE seq =",
        "UPDATE journal SET kind = 'x' WHERE seq =",
        "UPDATE journal SET subject = 99 WHERE seq =",
        "UPDATE journal SET thread = 99 WHERE seq =",
        "UPDATE journal SET actor_id = 99 WHERE seq =",
        "UPDATE journal SET actor_kind = 0 WHERE seq =",
        "UPDATE journal SET private_digest = NULL WHERE seq =",
    };
    const char *url = NULL;
    struct store *s = with_chain(t, &url);
    raw_do(url, "CREATE TABLE kept AS SELECT * FROM journal");
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        raw_do(url, sql(t, edits[i], 6));
        assert_fault(t, s, NULL, "hash", 6);
        raw_do(url, "DELETE FROM journal");
        raw_do(url, "INSERT INTO journal SELECT * FROM kept");
        assert_sound(t, s, NULL);
    }
    store_close(s);
}

void test_live_store__verify_finds_a_removed_row(struct test *t)
{
    const char *url = NULL;
    struct store *s = with_chain(t, &url);
    raw_do(url, "DELETE FROM journal WHERE seq = 5");
    assert_fault(t, s, NULL, "gap", 5);
    store_close(s);
}

void test_live_store__verify_finds_swapped_rows(struct test *t)
{
    const char *url = NULL;
    struct store *s = with_chain(t, &url);
    raw_do(url, "UPDATE journal SET seq = 1000 WHERE seq = 3");
    raw_do(url, "UPDATE journal SET seq = 3 WHERE seq = 9");
    raw_do(url, "UPDATE journal SET seq = 9 WHERE seq = 1000");
    assert_fault(t, s, NULL, "hash", 3);
    store_close(s);
}

void test_live_store__verify_finds_an_exchanged_private_part(struct test *t)
{
    const char *url = NULL;
    struct store *s = with_chain(t, &url);
    raw_do(url, "UPDATE journal SET private_sealed = (SELECT j.private_sealed FROM journal j WHERE "
                "j.seq = 4) "
                "WHERE seq = 8");
    assert_fault(t, s, NULL, "private", 8);
    raw_do(url,
           "UPDATE journal SET private_salt = NULL WHERE seq = 6"); /* half an erasure is none */
    assert_fault(t, s, NULL, "private", 6);
    store_close(s);
}

static enum err erase(struct ctx *c, void *arg)
{
    return journal_erase(c, *(int64_t *)arg);
}

static enum err read_private(struct ctx *c, void *arg)
{
    struct str plain = STR_NONE;
    return journal_private(c, *(int64_t *)arg, &plain);
}

static void assert_no_secret(struct test *t, struct store *s, int64_t seq_of_thread_2)
{
    assert_int_equal(store_read(s, test_new_ctx(t, t->arena), read_private, &seq_of_thread_2),
                     E_NOT_FOUND);
}

void test_live_store__an_erased_private_part_still_verifies(struct test *t)
{
    const char *url = NULL;
    int64_t thread = 2, kept = 4; /* thread 2: 2, 5, 8, 11; thread 1: 4 */
    struct store *s = with_chain(t, &url);
    assert_int_equal(store_act(s, test_new_ctx(t, t->arena), erase, &thread), E_OK);
    assert_no_secret(t, s, 2);
    assert_no_secret(t, s, 8);
    assert_int_equal(store_read(s, test_new_ctx(t, t->arena), read_private, &kept), E_OK);
    struct journal_fault f;
    bool is_sound = false;
    int64_t entries = 0;
    assert_int_equal(journal_verify(s, test_new_ctx(t, t->arena), NULL, &f, &is_sound, &entries),
                     E_OK);
    assert_true(is_sound);
    assert_int_equal(entries, ENTRIES + 1); /* the erasure is an entry itself */
    store_close(s);
}

void test_live_store__verify_finds_a_cut_tail(struct test *t)
{
    const char *url = NULL;
    struct store *s = with_chain(t, &url);
    const char *anchor = test_path(t, "anchor-cut");
    assert_int_equal(journal_anchor(s, test_new_ctx(t, t->arena), anchor), E_OK);
    assert_sound(t, s, anchor);
    raw_do(url, "DELETE FROM journal WHERE seq > 9");
    assert_fault(t, s, NULL, "head", 10);
    /* Who also moves the head is found by the anchor alone. */
    raw_do(url, "UPDATE journal_head SET seq = 9, hash = (SELECT hash FROM journal WHERE seq = 9)");
    bool is_sound = false;
    struct journal_fault f = {0, 0, ""};
    int64_t entries = 0;
    assert_int_equal(journal_verify(s, test_new_ctx(t, t->arena), NULL, &f, &is_sound, &entries),
                     E_OK);
    assert_true(is_sound);
    assert_fault(t, s, anchor, "anchor", ENTRIES);
    store_close(s);
}

void test_live_store__verify_finds_a_rebuilt_chain_and_a_forged_anchor(struct test *t)
{
    const char *url = NULL;
    struct store *s = with_chain(t, &url);
    const char *anchor = test_path(t, "anchor-rebuilt");
    assert_int_equal(journal_anchor(s, test_new_ctx(t, t->arena), anchor), E_OK);
    raw_do(url, "DELETE FROM journal");
    raw_do(url, "DELETE FROM journal_head");
    struct ctx *c = test_new_ctx(t, t->arena);
    c->now += 1;
    assert_int_equal(store_act(s, c, add_twelve, NULL), E_OK);
    assert_sound(t, s, NULL);
    assert_fault(t, s, anchor, "anchor", ENTRIES);
    /* An anchor whose signature was not made with our key. */
    FILE *f = fopen(test_path(t, "anchor-forged"), "w");
    fprintf(f, "%lld 12 1 %064d %0128d\n", (long long)t->center_id, 0, 0);
    fclose(f);
    assert_fault(t, s, test_path(t, "anchor-forged"), "anchor", 12);
    store_close(s);
}

void test_live_store__verify_finds_rows_without_a_head(struct test *t)
{
    const char *url = NULL;
    struct store *s = with_chain(t, &url);
    raw_do(url, "DELETE FROM journal_head");
    assert_fault(t, s, NULL, "head", ENTRIES);
    store_close(s);
}

/* --- listening ----------------------------------------------------------------------------- */

struct heard {
    pthread_mutex_t lock;
    int64_t center_id, seqs[2000];
    int n;
};

static void hear(void *arg, const struct journal_entry *e)
{
    struct heard *h = arg;
    pthread_mutex_lock(&h->lock);
    if (e->center_id == h->center_id && h->n < 2000)
        h->seqs[h->n++] = e->seq;
    pthread_mutex_unlock(&h->lock);
}

static struct heard *listen_to(struct test *t, struct store *s)
{
    struct heard *h = ARENA_NEW(t->arena, struct heard);
    pthread_mutex_init(&h->lock, NULL);
    h->center_id = t->center_id;
    journal_listen(s, hear, h);
    return h;
}

static void assert_heard(struct heard *h, int from, int to)
{
    int64_t until = clock_steady() + 15000;
    int n = 0;
    while (n < to - from + 1 && clock_steady() < until) {
        usleep(1000);
        pthread_mutex_lock(&h->lock);
        n = h->n;
        pthread_mutex_unlock(&h->lock);
    }
    assert_int_equal(n, to - from + 1);
    for (int i = 0; i < n; i++)
        assert_int_equal(h->seqs[i], from + i);
}

static enum err add_one(struct ctx *c, void *arg)
{
    (void)arg;
    return journal_add(c, EV_JOURNAL_READ, 1, 0, STR_NONE, STR_NONE);
}

static enum err add_and_take_back(struct ctx *c, void *arg)
{
    TRY(add_one(c, arg));
    return fail(c, E_BAD_STATE, "taken back");
}

void test_live_store__listeners_hear_what_is_committed_once_and_in_order(struct test *t)
{
    const char *url = test_new_database(t);
    struct store *s = open_url(t, url);
    struct heard *h = listen_to(t, s);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(store_act(s, test_new_ctx(t, t->arena), add_one, NULL), E_OK);
        assert_int_equal(store_act(s, test_new_ctx(t, t->arena), add_and_take_back, NULL),
                         E_BAD_STATE);
    }
    assert_heard(h, 1, 200);
    store_close(s);
}

struct writer {
    struct test *t;
    struct store *store;
    pthread_t thread;
    int acts, wrong;
};

static void *write_many(void *arg)
{
    struct writer *w = arg;
    struct arena *a = arena_new((size_t)4 << 20);
    for (int i = 0; i < w->acts; i++) {
        if (store_act(w->store, test_new_ctx(w->t, a), add_one, NULL) != E_OK)
            w->wrong++;
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

/* Two stores on one database stand for two processes: they share nothing in memory. */
void test_live_store__two_processes_hear_each_other_once_and_in_order(struct test *t)
{
    if (!store_is_postgres(t->store))
        return; /* a SQLite hall is one process */
    const char *url = test_new_database(t);
    struct store *s[2] = {open_url(t, url), NULL};
    s[1] = open_url(t, url);
    struct heard *h[2] = {listen_to(t, s[0]), listen_to(t, s[1])};
    assert_int_equal(store_act(s[0], test_new_ctx(t, t->arena), add_one, NULL), E_OK);
    struct writer w[4];
    for (int i = 0; i < 4; i++) {
        w[i] = (struct writer){.t = t, .store = s[i % 2], .acts = 150};
        assert_int_equal(pthread_create(&w[i].thread, NULL, write_many, &w[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(w[i].thread, NULL);
        assert_int_equal(w[i].wrong, 0);
    }
    assert_heard(h[0], 1, 601);
    assert_heard(h[1], 1, 601);
    struct journal_fault f;
    bool is_sound = false;
    int64_t entries = 0;
    assert_int_equal(journal_verify(s[0], test_new_ctx(t, t->arena), NULL, &f, &is_sound, &entries),
                     E_OK);
    assert_true(is_sound);
    assert_int_equal(entries, 601);
    store_close(s[0]);
    store_close(s[1]);
}
