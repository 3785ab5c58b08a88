/* A PostgreSQL that goes away: before a COMMIT, during one, for a while, and for good until it is
 * started again. Whatever happens, an act is done once or not at all, what was acknowledged is
 * there, and the store finds its way back without help. */
#include "test.h"

#include "clock.h"
#include "cut_link.h"
#include "journal.h"
#include "store_gen.h"
#include "store_raw.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct linked {
    struct cut_link *link;
    struct store *store;
    char url[1000];
};

static struct linked *open_linked(struct test *t)
{
    struct linked *l = ARENA_NEW(t->arena, struct linked);
    struct str why = STR_NONE;
    l->link = cut_link_open(test_new_database(t), l->url);
    assert_non_null(l->link);
    struct store_options o = {.url = l->url, .migrate = true, .lanes = 1, .readers = 2};
    assert_int_equal(store_open(&o, t->arena, &l->store, &why), E_OK);
    return l;
}

static void close_linked(struct linked *l)
{
    store_close(l->store);
    cut_link_close(l->link);
}

struct counted {
    int runs;
    int64_t subject;
};

static enum err add_counted(struct ctx *c, void *arg)
{
    struct counted *k = arg;
    k->runs++;
    return journal_add(c, EV_JOURNAL_READ, k->subject, 0, STR_NONE, STR_NONE);
}

static enum err do_one(struct test *t, struct store *s, struct counted *k)
{
    struct ctx *c = test_new_ctx(t, t->arena);
    return store_act(s, c, add_counted, k);
}

static enum err read_all(struct ctx *c, void *arg)
{
    return journal_after(c, 0, 100000, arg);
}

static size_t entries_in(struct test *t, struct store *s)
{
    struct journal_entries e = {NULL, 0};
    int64_t until = clock_steady() + 20000;
    struct ctx *c = test_new_ctx(t, t->arena);
    enum err got = store_read(s, c, read_all, &e);
    while (got != E_OK && clock_steady() < until) {
        usleep(50000);
        got = store_read(s, c, read_all, &e);
    }
    assert_int_equal(got, E_OK);
    return e.n;
}

static void assert_sound(struct test *t, struct store *s)
{
    struct journal_fault f;
    bool is_sound = false;
    int64_t entries = 0;
    assert_int_equal(journal_verify(s, test_new_ctx(t, t->arena), NULL, &f, &is_sound, &entries),
                     E_OK);
    assert_true(is_sound);
}

/* --- around a COMMIT ----------------------------------------------------------------------- */

void test_live_store__a_commit_that_never_arrived_is_repeated(struct test *t)
{
    if (!store_is_postgres(t->store))
        return;
    struct linked *l = open_linked(t);
    struct counted first = {.subject = 1}, k = {.subject = 2};
    assert_int_equal(do_one(t, l->store, &first), E_OK);
    cut_link_set(l->link, LINK_LOSE_COMMIT);
    assert_int_equal(do_one(t, l->store, &k), E_OK);
    assert_int_equal(cut_link_state(l->link), LINK_OPEN);
    assert_int_equal(k.runs, 2);
    assert_int_equal(entries_in(t, l->store), 2);
    assert_sound(t, l->store);
    close_linked(l);
}

void test_live_store__a_commit_whose_answer_is_lost_is_not_repeated(struct test *t)
{
    if (!store_is_postgres(t->store))
        return;
    struct linked *l = open_linked(t);
    struct counted first = {.subject = 1}, k = {.subject = 2}, last = {.subject = 3};
    assert_int_equal(do_one(t, l->store, &first), E_OK);
    cut_link_set(l->link, LINK_LOSE_ANSWER);
    assert_int_equal(do_one(t, l->store, &k), E_OK);
    assert_int_equal(cut_link_state(l->link), LINK_OPEN);
    assert_int_equal(k.runs, 1);
    assert_int_equal(do_one(t, l->store, &last), E_OK);
    assert_int_equal(entries_in(t, l->store), 3);
    assert_sound(t, l->store);
    close_linked(l);
}

/* An act that writes no journal entry: only was_done can tell. */
struct quiet {
    struct act act;
    struct ctx *c;
    int runs, looks;
    enum err result;
    atomic_bool is_done;
};

static enum err put_setting(struct ctx *c, void *arg)
{
    struct quiet *q = arg;
    q->runs++;
    return setting_put(c, c->center_id, STR("quiet"), STR("1"), c->now);
}

static enum err setting_is_put(struct ctx *c, void *arg)
{
    struct quiet *q = arg;
    struct settings_of_rows rows = {NULL, 0};
    q->looks++;
    TRY(settings_of(c, c->center_id, &rows));
    return rows.n == 1 ? E_OK : fail(c, E_NOT_FOUND, "not put");
}

static void quiet_done(void *arg, enum err e)
{
    struct quiet *q = arg;
    q->result = e;
    atomic_store(&q->is_done, true);
}

static void do_quiet(struct test *t, struct linked *l, struct quiet *q, store_work *was_done)
{
    *q = (struct quiet){.c = test_new_ctx(t, t->arena)};
    q->act = (struct act){.c = q->c,
                          .run = put_setting,
                          .was_done = was_done,
                          .done = quiet_done,
                          .arg = q};
    assert_int_equal(store_submit(l->store, &q->act), E_OK);
    int64_t until = clock_steady() + 30000;
    while (!atomic_load(&q->is_done) && clock_steady() < until)
        usleep(1000);
    assert_true(atomic_load(&q->is_done));
}

void test_live_store__without_a_journal_entry_the_act_is_asked(struct test *t)
{
    if (!store_is_postgres(t->store))
        return;
    struct linked *l = open_linked(t);
    struct counted first = {.subject = 1};
    struct quiet q;
    assert_int_equal(do_one(t, l->store, &first), E_OK);
    cut_link_set(l->link, LINK_LOSE_COMMIT);
    do_quiet(t, l, &q, setting_is_put);
    assert_int_equal(q.result, E_OK);
    assert_int_equal(q.runs, 2); /* asked, not there, repeated */
    assert_int_equal(q.looks, 1);
    cut_link_set(l->link, LINK_LOSE_ANSWER);
    do_quiet(t, l, &q, setting_is_put);
    assert_int_equal(q.result, E_OK);
    assert_int_equal(q.runs, 1);
    cut_link_set(l->link, LINK_LOSE_ANSWER);
    do_quiet(t, l, &q, NULL);
    assert_int_equal(q.result, E_OUTCOME_UNKNOWN); /* nobody can tell: said so, not repeated */
    assert_int_equal(q.runs, 1);
    close_linked(l);
}

/* --- away for a while ---------------------------------------------------------------------- */

void test_live_store__while_the_server_is_away_acts_and_reads_are_refused_soon(struct test *t)
{
    if (!store_is_postgres(t->store))
        return;
    struct linked *l = open_linked(t);
    struct counted k = {.subject = 1}, away = {.subject = 2}, back = {.subject = 3};
    struct journal_entries e = {NULL, 0};
    assert_int_equal(do_one(t, l->store, &k), E_OK);
    assert_int_equal(entries_in(t, l->store), 1);
    cut_link_set(l->link, LINK_DOWN);
    usleep(100000);
    int64_t from = clock_steady();
    assert_int_equal(do_one(t, l->store, &away), E_STORE_LOST);
    assert_int_equal(store_read(l->store, test_new_ctx(t, t->arena), read_all, &e), E_STORE_LOST);
    assert_int_equal(store_check(l->store, test_new_ctx(t, t->arena)), E_STORE_LOST);
    assert_true(clock_steady() - from < 5000);
    cut_link_set(l->link, LINK_OPEN);
    usleep(500000); /* longer than the pause between two tries */
    assert_int_equal(do_one(t, l->store, &back), E_OK);
    assert_int_equal(entries_in(t, l->store), 2);
    assert_int_equal(store_check(l->store, test_new_ctx(t, t->arena)), E_OK);
    close_linked(l);
}

void test_live_store__ended_connections_are_opened_again_unseen(struct test *t)
{
    if (!store_is_postgres(t->store))
        return;
    const char *url = test_new_database(t);
    struct store_options o = {.url = url, .migrate = true, .lanes = 1, .readers = 2};
    struct store *s = NULL;
    struct str why = STR_NONE;
    struct counted k = {.subject = 1};
    assert_int_equal(store_open(&o, t->arena, &s, &why), E_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(do_one(t, s, &k), E_OK);
        struct journal_entries e = {NULL, 0};
        assert_int_equal(store_read(s, test_new_ctx(t, t->arena), read_all, &e), E_OK);
        assert_int_equal(e.n, i + 1);
        raw_do(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()");
        usleep(100000); /* until the ends have arrived */
    }
    store_close(s);
}

/* --- restarted ----------------------------------------------------------------------------- */

#define SUBJECTS 200000

struct load {
    struct test *t;
    struct store *store;
    pthread_t thread;
    atomic_int *next;
    atomic_bool *is_over;
    bool *acknowledged;
    int64_t answers, refusals;
};

static void *write_on(void *arg)
{
    struct load *l = arg;
    struct arena *a = arena_new((size_t)4 << 20);
    while (!atomic_load(l->is_over)) {
        struct counted k = {.subject = atomic_fetch_add(l->next, 1)};
        if (k.subject >= SUBJECTS)
            break;
        if (store_act(l->store, test_new_ctx(l->t, a), add_counted, &k) == E_OK) {
            l->acknowledged[k.subject] = true;
            l->answers++;
        } else {
            l->refusals++;
            usleep(2000);
        }
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

/* Writes from eight threads through restarts; returns how many acknowledged acts are missing. */
static int lost_in_restarts(struct test *t, struct store *s, const char *restart, int restarts)
{
    enum { WRITERS = 8 };
    atomic_int next = 1;
    atomic_bool is_over = false;
    bool *acknowledged = ARENA_ARRAY(t->arena, bool, SUBJECTS);
    bool *is_there = ARENA_ARRAY(t->arena, bool, SUBJECTS);
    struct load l[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        l[i] = (struct load){t, s, 0, &next, &is_over, acknowledged, 0, 0};
        assert_int_equal(pthread_create(&l[i].thread, NULL, write_on, &l[i]), 0);
    }
    for (int i = 0; i < restarts; i++) {
        usleep(400000);
        assert_true(test_command(restart));
    }
    int64_t refusals = 0;
    usleep(1500000);
    atomic_store(&is_over, true);
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(l[i].thread, NULL);
        assert_true(l[i].answers > 0);
        refusals += l[i].refusals;
    }
    assert_true(refusals > 0); /* the restarts were felt */
    struct counted after = {.subject = SUBJECTS - 1};
    assert_int_equal(do_one(t, s, &after), E_OK); /* and got over without help */
    struct journal_entries e = {NULL, 0};
    assert_int_equal(store_read(s, test_new_ctx(t, t->arena), read_all, &e), E_OK);
    int lost = 0;
    for (size_t i = 0; i < e.n; i++) {
        assert_false(is_there[e.v[i].subject]); /* never twice */
        is_there[e.v[i].subject] = true;
    }
    for (int i = 0; i < SUBJECTS; i++)
        lost += acknowledged[i] && !is_there[i];
    return lost;
}

static struct store *open_own(struct test *t, bool unsafe)
{
    struct store_options o = {.url = test_new_database(t),
                              .migrate = true,
                              .lanes = 1,
                              .unsafe_no_sync = unsafe};
    struct store *s = NULL;
    struct str why = STR_NONE;
    assert_int_equal(store_open(&o, t->arena, &s, &why), E_OK);
    return s;
}

/* OW_TEST_PG_RESTART: a command that stops the server in immediate mode and starts it again. */
void test_live_store__a_server_stopped_at_once_loses_nothing_acknowledged(struct test *t)
{
    const char *restart = getenv("OW_TEST_PG_RESTART");
    if (!store_is_postgres(t->store) || restart == NULL)
        return;
    struct store *s = open_own(t, false);
    assert_int_equal(lost_in_restarts(t, s, restart, test_is_long() ? 20 : 3), 0);
    assert_sound(t, s);
    store_close(s);
}

void test_live_store__without_sync_the_restart_test_sees_losses(struct test *t)
{
    const char *restart = getenv("OW_TEST_PG_RESTART");
    if (!store_is_postgres(t->store) || restart == NULL)
        return;
    struct store *s = open_own(t, true);
    assert_true(lost_in_restarts(t, s, restart, 3) > 0);
    store_close(s);
}
