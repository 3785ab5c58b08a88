/* Power cuts, full disks and I/O errors on SQLite, on the disk of tests/harness/cut_vfs.c: every
 * acknowledged act must be there after any cut, and with syncing switched off the same test must
 * see acts lost (else it proves nothing). PostgreSQL has its own proof in store_lost_test.c. */
#include "test.h"

#include "clock.h"
#include "cut_vfs.h"
#include "journal.h"
#include "store_gen.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define WRITERS  4
#define ACTS_MAX 20000

struct cut_run {
    struct test *t;
    struct store *store;
    const char *url;
    atomic_int next;           /* subject of the next act */
    atomic_bool *acknowledged; /* by subject */
    atomic_int unsynced_answers;
    atomic_int answers;
    atomic_bool is_over;
};

static enum err add_subject(struct ctx *c, void *arg)
{
    return journal_add(c, EV_JOURNAL_READ, *(int64_t *)arg, 1, STR("{\"a\":1}"),
                       STR("{\"name\":\"x\"}"));
}

struct waiter {
    struct act act;
    struct ctx c;
    struct cut_run *r;
    int64_t subject;
    sem_t is_answered;
    enum err result;
};

static void answered(void *arg, enum err e)
{
    struct waiter *w = arg;
    if (e == E_OK) {
        atomic_fetch_add(&w->r->answers, 1);
        if (cut_disk_unsynced("-wal") > 0)
            atomic_fetch_add(&w->r->unsynced_answers, 1);
        atomic_store(&w->r->acknowledged[w->subject], true);
    }
    w->result = e;
    sem_post(&w->is_answered);
}

static enum err add_of_waiter(struct ctx *c, void *arg)
{
    return add_subject(c, &((struct waiter *)arg)->subject);
}

/* Submits one act and waits for its answer. */
static enum err act_once(struct cut_run *r, struct arena *a, int64_t subject)
{
    struct waiter *w = ARENA_NEW(a, struct waiter);
    w->c = *test_new_ctx(r->t, a);
    w->c.store = r->store;
    w->r = r;
    w->subject = subject;
    w->act = (struct act){.c = &w->c, .run = add_of_waiter, .done = answered, .arg = w};
    sem_init(&w->is_answered, 0, 0);
    if (store_submit(r->store, &w->act) != E_OK)
        return E_BUSY;
    sem_wait(&w->is_answered);
    return w->result;
}

static void *write_until_cut(void *arg)
{
    struct cut_run *r = arg;
    struct arena *a = arena_new((size_t)8 << 20);
    while (!atomic_load(&r->is_over)) {
        int64_t subject = atomic_fetch_add(&r->next, 1);
        if (subject >= ACTS_MAX || act_once(r, a, subject) != E_OK)
            break;
        arena_reset(a);
    }
    atomic_store(&r->is_over, true);
    arena_free(a);
    return NULL;
}

static struct store *open_on(struct cut_run *r, const char *vfs, bool unsafe, enum err *ret)
{
    struct store_options o = {.url = r->url, .migrate = true, .vfs = vfs, .unsafe_no_sync = unsafe};
    struct store *s = NULL;
    struct str why = STR_NONE;
    *ret = store_open(&o, r->t->arena, &s, &why);
    return *ret == E_OK ? s : NULL;
}

static enum err find_subjects(struct ctx *c, void *arg)
{
    bool *is_there = arg;
    struct journal_entries e = {NULL, 0};
    TRY(journal_after(c, 0, ACTS_MAX * 2, &e));
    for (size_t i = 0; i < e.n; i++)
        if (e.v[i].subject < ACTS_MAX)
            is_there[e.v[i].subject] = true;
    return E_OK;
}

/* How many acknowledged acts are missing after the cut; ACTS_MAX when the database is damaged. */
static int lost_after(struct cut_run *r)
{
    enum err opened = E_OK;
    struct arena *a = arena_new((size_t)256 << 20);
    bool *is_there = ARENA_ARRAY(a, bool, ACTS_MAX), is_sound = false;
    int64_t entries = 0;
    int lost = 0;
    struct journal_fault f;
    struct ctx *c = test_new_ctx(r->t, a);
    struct store *s = open_on(r, NULL, false, &opened);
    if (s == NULL || store_read(s, c, find_subjects, is_there) != E_OK ||
        journal_verify(s, test_new_ctx(r->t, a), NULL, &f, &is_sound, &entries) != E_OK ||
        !is_sound)
        lost = ACTS_MAX;
    for (int i = 0; i < ACTS_MAX && lost < ACTS_MAX; i++)
        lost += atomic_load(&r->acknowledged[i]) && !is_there[i];
    if (s != NULL)
        store_close(s);
    arena_free(a);
    return lost;
}

static void cut_once(struct cut_run *r, uint64_t seed, bool unsafe)
{
    pthread_t threads[WRITERS];
    enum err opened = E_OK;
    cut_disk_on(seed);
    r->store = open_on(r, "cut", unsafe, &opened);
    assert_int_equal(opened, E_OK);
    /* Most cuts come early; some after the log was moved into the file and began again. */
    int64_t after =
        seed % 5 == 0 ? 4000 + (int64_t)(seed * 977 % 9000) : 1 + (int64_t)(seed * 31 % 400);
    cut_disk_after(after);
    atomic_store(&r->is_over, false);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_until_cut, r), 0);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    cut_disk_now();
    store_close(r->store);
    r->store = NULL;
}

static struct cut_run *new_run(struct test *t)
{
    struct cut_run *r = ARENA_NEW(t->arena, struct cut_run);
    r->t = t;
    r->url = test_new_database(t);
    atomic_store(&r->next, 1);
    r->acknowledged = ARENA_ARRAY(t->arena, atomic_bool, ACTS_MAX + WRITERS + 1);
    return r;
}

void test_live_store__no_acknowledged_act_is_lost_at_a_power_cut(struct test *t)
{
    if (store_is_postgres(t->store))
        return;
    int rounds = test_is_long() ? 1000 : 40;
    struct cut_run *r = NULL;
    int answers = 0;
    for (int i = 0; i < rounds; i++) {
        if (i % 4 == 0) /* the same database goes through four cuts */
            r = new_run(t);
        cut_once(r, (uint64_t)i + 1, false);
        assert_int_equal(lost_after(r), 0);
        assert_int_equal(atomic_load(&r->unsynced_answers), 0);
        answers += i % 4 == 3 ? atomic_load(&r->answers) : 0;
    }
    assert_true(answers > rounds * 10); /* the cuts met work under way */
}

void test_live_store__without_sync_the_power_cut_test_sees_losses(struct test *t)
{
    if (store_is_postgres(t->store))
        return;
    int lost = 0, unsynced = 0;
    for (int i = 0; i < 20 && (lost == 0 || unsynced == 0); i++) {
        struct cut_run *r = new_run(t);
        cut_once(r, (uint64_t)i + 1, true);
        lost += lost_after(r);
        unsynced += atomic_load(&r->unsynced_answers);
    }
    assert_true(lost > 0);
    assert_true(unsynced > 0);
}

/* --- full disk, failing disk --------------------------------------------------------------- */

void test_live_store__a_full_disk_refuses_loses_nothing_and_recovers(struct test *t)
{
    if (store_is_postgres(t->store))
        return;
    struct cut_run *r = new_run(t);
    struct arena *a = arena_new((size_t)64 << 20);
    enum err opened = E_OK, e = E_OK;
    cut_disk_on(7);
    r->store = open_on(r, "cut", false, &opened);
    assert_int_equal(opened, E_OK);
    cut_disk_room(100000);
    int64_t subject = 1;
    while ((e = act_once(r, a, subject)) == E_OK && subject < 5000)
        subject++;
    assert_int_equal(e, E_STORE_FULL);
    assert_true(subject > 3);
    assert_int_equal(act_once(r, a, subject + 1), E_STORE_FULL);
    cut_disk_room(-1);
    assert_int_equal(act_once(r, a, subject + 2), E_OK);
    store_close(r->store);
    assert_int_equal(lost_after(r), 0);
    struct store *s = open_on(r, NULL, false, &opened);
    bool *is_there = ARENA_ARRAY(a, bool, ACTS_MAX);
    assert_int_equal(store_read(s, test_new_ctx(t, a), find_subjects, is_there), E_OK);
    assert_false(is_there[subject]);
    assert_false(is_there[subject + 1]);
    assert_true(is_there[subject + 2]);
    store_close(s);
    arena_free(a);
}

void test_live_store__a_batch_thrown_away_is_run_again_one_by_one(struct test *t)
{
    if (store_is_postgres(t->store))
        return;
    struct cut_run *r = new_run(t);
    struct waiter w[8];
    struct arena *a = arena_new((size_t)64 << 20);
    enum err opened = E_OK;
    cut_disk_on(8);
    r->store = open_on(r, "cut", false, &opened);
    assert_int_equal(opened, E_OK);
    struct ctx *held = test_new_ctx(t, a);
    held->store = r->store;
    assert_int_equal(store_hold(r->store, held), E_OK);
    for (int i = 0; i < 8; i++) {
        w[i] = (struct waiter){.c = *test_new_ctx(t, a), .r = r, .subject = i + 1};
        sem_init(&w[i].is_answered, 0, 0);
        w[i].act = (struct act){.c = &w[i].c, .run = add_of_waiter, .done = answered, .arg = &w[i]};
        assert_int_equal(store_submit(r->store, &w[i].act), E_OK);
    }
    cut_disk_fail_after(2); /* inside the writing of the batch's log */
    assert_int_equal(store_let_go(held, false), E_OK);
    for (int i = 0; i < 8; i++) {
        sem_wait(&w[i].is_answered);
        assert_int_equal(w[i].result, E_OK);
    }
    struct store_figures f;
    store_figures(r->store, &f);
    assert_int_equal(f.repeated, 8);
    store_close(r->store);
    assert_int_equal(lost_after(r), 0);
    arena_free(a);
}
