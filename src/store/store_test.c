/* The store's promises, on the engine the run was given: what a refused act leaves behind, in which
 * order acts run, what a full queue does, what readers see, what a start refuses. */
#include "test.h"

#include "clock.h"
#include "journal.h"
#include "settings.h"
#include "store_gen.h"
#include "store_raw.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* --- acts of the tests --------------------------------------------------------------------- */

struct note_act { /* adds `subject` to the journal, then does what `then` says */
    struct act act;
    struct ctx c;
    int64_t subject, seq;
    enum { THEN_OK, THEN_REFUSE, THEN_REPEAT_SEQ, THEN_CONFLICT_TWICE } then;
    int runs;
    enum err result;
    atomic_bool is_done;
};

static enum err add_note(struct ctx *c, int64_t subject, int64_t *ret_seq)
{
    struct str hash = STR_NONE;
    TRY(journal_add(c, EV_JOURNAL_READ, subject, 0, STR_NONE, STR_NONE));
    return journal_head(c, ret_seq, &hash);
}

static enum err run_note(struct ctx *c, void *arg)
{
    struct note_act *a = arg;
    int64_t seq = 0;
    a->runs++;
    TRY(add_note(c, a->subject, &seq));
    if (a->then == THEN_REFUSE)
        return fail(c, E_BAD_STATE, "refused by the test");
    if (a->then == THEN_CONFLICT_TWICE && a->runs <= 2)
        return fail(c, E_CONFLICT, "conflict by the test");
    if (a->then ==
        THEN_REPEAT_SEQ) /* a second row with the same key, and its error is not heeded */
        (void)!journal_insert(c, c->center_id, seq, 0, STR("x"), 0, 0, 0, 0, STR(""), STR("{}"),
                              STR_NONE, STR_NONE, STR_NONE, STR(""));
    a->seq = seq;
    return E_OK;
}

static void note_done(void *arg, enum err e)
{
    struct note_act *a = arg;
    a->result = e;
    atomic_store(&a->is_done, true);
}

static struct note_act *note_of(struct test *t, int64_t subject)
{
    struct note_act *a = ARENA_NEW(t->arena, struct note_act);
    a->c = *test_new_ctx(t, arena_new((size_t)4 << 20));
    a->act = (struct act){.c = &a->c, .run = run_note, .done = note_done, .arg = a};
    a->subject = subject;
    return a;
}

static void wait_for(struct note_act *a)
{
    int64_t until = clock_steady() + 30000;
    while (!atomic_load(&a->is_done) && clock_steady() < until)
        usleep(500);
    assert_true(atomic_load(&a->is_done));
    arena_free(a->c.arena);
}

struct entries_read {
    struct journal_entries entries;
};

static enum err read_entries(struct ctx *c, void *arg)
{
    return journal_after(c, 0, 100000, &((struct entries_read *)arg)->entries);
}

static struct journal_entries entries_of(struct test *t, struct store *s)
{
    struct entries_read r = {{NULL, 0}};
    struct ctx *c = test_new_ctx(t, t->arena);
    c->store = s;
    assert_int_equal(store_read(s, c, read_entries, &r), E_OK);
    return r.entries;
}

/* Keeps the lane waiting, so that what is submitted meanwhile becomes one batch. */
static struct ctx *keep_lane_waiting(struct test *t, struct store *s)
{
    struct ctx *c = test_new_ctx(t, t->arena);
    assert_int_equal(store_hold(s, c), E_OK);
    return c;
}

/* --- held transactions --------------------------------------------------------------------- */

static enum err raw_row(struct ctx *c, int64_t seq)
{
    return journal_insert(c, c->center_id, seq, 1, STR("x"), 0, 0, 0, 0, STR(""), STR("{}"),
                          STR_NONE, STR_NONE, STR_NONE, STR("h"));
}

void test_store__a_refused_statement_undoes_only_itself(struct test *t)
{
    struct journal_last_row *last = NULL;
    assert_int_equal(raw_row(t->c, 1), E_OK);
    assert_int_equal(raw_row(t->c, 1), E_UNIQUE);
    assert_true(t->c->refusal.detail.n > 0);
    assert_int_equal(raw_row(t->c, 2), E_OK);
    assert_int_equal(journal_last(t->c, t->center_id, &last), E_OK);
    assert_non_null(last);
    assert_int_equal(last->seq, 2);
}

static enum err add_and_refuse(struct ctx *c, void *arg)
{
    (void)arg;
    TRY(journal_add(c, EV_JOURNAL_READ, 7, 0, STR_NONE, STR_NONE));
    return fail(c, E_BAD_STATE, "refused");
}

void test_store__an_act_inside_a_held_transaction_has_its_own_savepoint(struct test *t)
{
    int64_t seq = 0;
    struct str hash = STR_NONE;
    assert_int_equal(journal_add(t->c, EV_JOURNAL_READ, 1, 0, STR_NONE, STR_NONE), E_OK);
    assert_int_equal(store_act(t->store, t->c, add_and_refuse, NULL), E_BAD_STATE);
    assert_int_equal(journal_add(t->c, EV_JOURNAL_READ, 2, 0, STR_NONE, STR_NONE), E_OK);
    assert_int_equal(journal_head(t->c, &seq, &hash), E_OK);
    assert_int_equal(seq, 2);
}

void test_store__null_and_empty_are_told_apart(struct test *t)
{
    struct journal_private_of_row *none = NULL, *empty = NULL;
    struct ctx *c = t->c;
    assert_int_equal(raw_row(c, 1), E_OK);
    assert_int_equal(journal_insert(c, c->center_id, 2, 1, STR("x"), 0, 0, 0, 0, STR(""), STR("{}"),
                                    STR(""), STR_NONE, STR_NONE, STR("h")),
                     E_OK);
    assert_int_equal(journal_private_of(c, c->center_id, 1, &none), E_OK);
    assert_int_equal(journal_private_of(c, c->center_id, 2, &empty), E_OK);
    assert_null(none->private_sealed.p);
    assert_non_null(empty->private_sealed.p);
    assert_int_equal(empty->private_sealed.n, 0);
}

void test_store__numbers_and_texts_come_back_whole(struct test *t)
{
    static const int64_t numbers[] = {0, 1, -1, 255, -256, INT64_MAX, INT64_MIN + 1};
    struct ctx *c = t->c;
    struct journal_rows_of_thread_rows rows = {NULL, 0};
    for (int64_t i = 0; i < 7; i++)
        assert_int_equal(journal_insert(c, c->center_id, i + 1, numbers[i], STR("x"), numbers[i], 5,
                                        0, 0, STR("办事员'甲\"\xf0\x9f\x99\x82"), STR("{}"),
                                        STR_NONE, STR_NONE, STR_NONE, STR("h")),
                         E_OK);
    assert_int_equal(journal_rows_after(c, c->center_id, 0, 100, &rows), E_OK);
    assert_int_equal(rows.n, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_true(rows.v[i].at == numbers[i]);
        assert_true(rows.v[i].subject == numbers[i]);
        assert_true(str_is(rows.v[i].actor, "办事员'甲\"\xf0\x9f\x99\x82"));
    }
}

/* --- acts ---------------------------------------------------------------------------------- */

void test_live_store__a_refused_act_leaves_nothing_in_its_batch(struct test *t)
{
    struct ctx *held = keep_lane_waiting(t, t->store);
    struct note_act *a[3];
    for (int i = 0; i < 3; i++) {
        a[i] = note_of(t, 10 + i);
        a[i]->then = i == 1 ? THEN_REFUSE : THEN_OK;
        assert_int_equal(store_submit(t->store, &a[i]->act), E_OK);
    }
    assert_int_equal(store_let_go(held, false), E_OK);
    for (int i = 0; i < 3; i++)
        wait_for(a[i]);
    assert_int_equal(a[0]->result, E_OK);
    assert_int_equal(a[1]->result, E_BAD_STATE);
    assert_int_equal(a[2]->result, E_OK);
    struct journal_entries e = entries_of(t, t->store);
    assert_int_equal(e.n, 2);
    assert_int_equal(e.v[0].subject, 10);
    assert_int_equal(e.v[1].subject, 12);
    assert_int_equal(e.v[1].seq, 2);
    struct store_figures f;
    store_figures(t->store, &f);
    assert_true(f.largest_batch >= 3);
    assert_int_equal(f.taken_back, 1); /* it had written */
}

void test_live_store__an_act_that_ignores_a_failed_statement_is_refused(struct test *t)
{
    struct note_act *bad = note_of(t, 1), *good = note_of(t, 2);
    bad->then = THEN_REPEAT_SEQ;
    assert_int_equal(store_submit(t->store, &bad->act), E_OK);
    assert_int_equal(store_submit(t->store, &good->act), E_OK);
    wait_for(bad);
    wait_for(good);
    assert_int_equal(bad->result, E_UNIQUE);
    assert_int_equal(good->result, E_OK);
    assert_int_equal(entries_of(t, t->store).n, 1);
}

void test_live_store__acts_of_a_centre_run_in_the_order_they_came(struct test *t)
{
    enum { N = 600 }; /* more than one batch */
    struct note_act *a[N];
    for (int i = 0; i < N; i++) {
        a[i] = note_of(t, i + 1);
        assert_int_equal(store_submit(t->store, &a[i]->act), E_OK);
    }
    for (int i = 0; i < N; i++)
        wait_for(a[i]);
    struct journal_entries e = entries_of(t, t->store);
    assert_int_equal(e.n, N);
    for (int i = 0; i < N; i++) {
        assert_int_equal(e.v[i].seq, i + 1);
        assert_int_equal(e.v[i].subject, i + 1);
    }
}

void test_live_store__a_conflict_is_repeated(struct test *t)
{
    struct store_figures before, after;
    struct note_act *a = note_of(t, 1);
    a->then = THEN_CONFLICT_TWICE;
    store_figures(t->store, &before);
    assert_int_equal(store_submit(t->store, &a->act), E_OK);
    wait_for(a);
    store_figures(t->store, &after);
    assert_int_equal(a->result, E_OK);
    assert_int_equal(a->runs, 3);
    assert_int_equal(after.conflicts - before.conflicts, 2);
    assert_int_equal(entries_of(t, t->store).n, 1);
}

void test_live_store__an_act_past_its_deadline_is_not_run(struct test *t)
{
    struct ctx *held = keep_lane_waiting(t, t->store);
    struct note_act *late = note_of(t, 1), *early = note_of(t, 2);
    late->act.deadline = clock_steady() - 1;
    early->act.deadline = clock_steady() + 60000;
    assert_int_equal(store_submit(t->store, &late->act), E_OK);
    assert_int_equal(store_submit(t->store, &early->act), E_OK);
    assert_int_equal(store_let_go(held, false), E_OK);
    wait_for(late);
    wait_for(early);
    assert_int_equal(late->result, E_BUSY);
    assert_int_equal(late->runs, 0);
    assert_int_equal(early->result, E_OK);
}

static struct store *open_store(struct test *t, const char *url, struct store_options o)
{
    struct store *s = NULL;
    struct str why = STR_NONE;
    o.url = url;
    enum err e = store_open(&o, t->arena, &s, &why);
    if (e != E_OK)
        print_error("%.*s\n", STR_ARG(why));
    assert_int_equal(e, E_OK);
    return s;
}

void test_live_store__a_full_queue_refuses_and_loses_nothing(struct test *t)
{
    enum { BOUND = 8, N = 20 };
    struct store_options o = {.migrate = true, .queue_bound = BOUND, .lanes = 1};
    struct store *s = open_store(t, test_new_database(t), o);
    struct ctx *held = keep_lane_waiting(t, s);
    struct note_act *a[N];
    for (int i = 0; i < N; i++) {
        a[i] = note_of(t, i + 1);
        enum err e = store_submit(s, &a[i]->act);
        assert_int_equal(e, i < BOUND ? E_OK : E_BUSY);
    }
    assert_int_equal(store_let_go(held, false), E_OK);
    for (int i = 0; i < N; i++) {
        if (i < BOUND)
            wait_for(a[i]);
        else
            arena_free(a[i]->c.arena);
        assert_int_equal(a[i]->runs, i < BOUND ? 1 : 0);
        assert_int_equal(a[i]->result, E_OK);
    }
    assert_int_equal(entries_of(t, s).n, BOUND);
    struct store_figures f;
    store_figures(s, &f);
    assert_int_equal(f.queue_full, N - BOUND);
    store_close(s);
}

void test_live_store__closing_runs_what_is_queued(struct test *t)
{
    enum { N = 300 };
    const char *url = test_new_database(t);
    struct store_options o = {.migrate = true, .lanes = 1};
    struct store *s = open_store(t, url, o);
    struct note_act *a[N];
    for (int i = 0; i < N; i++) {
        a[i] = note_of(t, i + 1);
        assert_int_equal(store_submit(s, &a[i]->act), E_OK);
    }
    store_close(s);
    for (int i = 0; i < N; i++) {
        wait_for(a[i]);
        assert_int_equal(a[i]->result, E_OK);
    }
    s = open_store(t, url, o);
    assert_int_equal(entries_of(t, s).n, N);
    store_close(s);
}

void test_live_store__a_locked_database_is_busy_and_then_well_again(struct test *t)
{
    const char *url = test_new_database(t);
    struct store_options o = {.migrate = true, .lanes = 1};
    struct store *s = open_store(t, url, o);
    struct note_act *a[3];
    for (int i = 0; i < 3; i++) {
        struct raw_lock *lock = i == 1 ? raw_lock(url) : NULL;
        int64_t from = clock_steady();
        a[i] = note_of(t, i + 1);
        assert_int_equal(store_submit(s, &a[i]->act), E_OK);
        wait_for(a[i]);
        assert_int_equal(a[i]->result, i == 1 ? E_STORE_BUSY : E_OK);
        assert_true(clock_steady() - from < 8000);
        if (lock != NULL)
            raw_unlock(lock);
    }
    assert_int_equal(entries_of(t, s).n, 2);
    store_close(s);
}

/* --- many threads -------------------------------------------------------------------------- */

struct crowd {
    struct test *t;
    pthread_t thread;
    int acts, wrong;
    int64_t *seqs;
};

static enum err take_seq(struct ctx *c, void *arg)
{
    return add_note(c, 1, arg);
}

static void *crowd_member(void *arg)
{
    struct crowd *m = arg;
    struct arena *a = arena_new((size_t)16 << 20);
    for (int i = 0; i < m->acts; i++) {
        struct ctx *c = test_new_ctx(m->t, a);
        if (store_act(m->t->store, c, take_seq, &m->seqs[i]) != E_OK)
            m->wrong++;
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

void test_live_store__64_threads_get_every_number_once(struct test *t)
{
    enum { THREADS = 64 };
    int each = test_is_long() ? 10000 : 200;
    struct crowd *m = ARENA_ARRAY(t->arena, struct crowd, THREADS);
    int64_t total = (int64_t)THREADS * each;
    bool *is_seen = ARENA_ARRAY(t->arena, bool, (size_t)total + 1);
    for (int i = 0; i < THREADS; i++) {
        m[i] = (struct crowd){.t = t,
                              .acts = each,
                              .seqs = ARENA_ARRAY(t->arena, int64_t, (size_t)each)};
        assert_int_equal(pthread_create(&m[i].thread, NULL, crowd_member, &m[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(m[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(m[i].wrong, 0);
        for (int k = 0; k < each; k++) {
            assert_in_range(m[i].seqs[k], 1, total);
            assert_false(is_seen[m[i].seqs[k]]);
            is_seen[m[i].seqs[k]] = true;
        }
    }
    struct store_figures f;
    store_figures(t->store, &f);
    assert_true(f.largest_batch > 1); /* the cost of the disk was shared */
}

/* --- reading ------------------------------------------------------------------------------- */

static enum err read_seq(struct ctx *c, void *arg)
{
    struct str hash = STR_NONE;
    return journal_head(c, arg, &hash);
}

static int64_t seq_seen(struct test *t)
{
    int64_t seq = -1;
    assert_int_equal(store_read(t->store, test_new_ctx(t, t->arena), read_seq, &seq), E_OK);
    return seq;
}

void test_live_store__readers_see_only_what_is_committed(struct test *t)
{
    struct ctx *held = keep_lane_waiting(t, t->store);
    assert_int_equal(journal_add(held, EV_JOURNAL_READ, 1, 0, STR_NONE, STR_NONE), E_OK);
    assert_int_equal(seq_seen(t), 0);
    assert_int_equal(store_let_go(held, true), E_OK);
    assert_int_equal(seq_seen(t), 1);
    held = keep_lane_waiting(t, t->store);
    assert_int_equal(journal_add(held, EV_JOURNAL_READ, 2, 0, STR_NONE, STR_NONE), E_OK);
    assert_int_equal(store_let_go(held, false), E_OK);
    assert_int_equal(seq_seen(t), 1);
}

struct two_looks {
    struct test *t;
    int64_t first, second;
};

static enum err look_twice(struct ctx *c, void *arg)
{
    struct two_looks *two = arg;
    int64_t seq = 0;
    struct journal_head_of_row *row = NULL;
    TRY(journal_head_of(c, c->center_id, &row));
    two->first = row == NULL ? 0 : row->seq;
    /* an act of somebody else between the two */
    struct ctx *other = test_new_ctx(two->t, two->t->arena);
    TRY(store_act(two->t->store, other, take_seq, &seq));
    TRY(journal_head_of(c, c->center_id, &row));
    two->second = row == NULL ? 0 : row->seq;
    return E_OK;
}

void test_live_store__a_reader_sees_one_moment(struct test *t)
{
    struct two_looks two = {.t = t};
    int64_t seq = 0;
    assert_int_equal(store_act(t->store, test_new_ctx(t, t->arena), take_seq, &seq), E_OK);
    assert_int_equal(store_read(t->store, test_new_ctx(t, t->arena), look_twice, &two), E_OK);
    assert_int_equal(two.first, 1);
    assert_int_equal(two.second, 1);
    assert_int_equal(seq_seen(t), 2);
}

static enum err import_and_fail(struct ctx *c, void *arg)
{
    int64_t seq = 0;
    for (int i = 0; i < 50; i++)
        TRY(add_note(c, i, &seq));
    return *(bool *)arg ? E_OK : fail(c, E_BAD_STATE, "row 51 is bad");
}

void test_live_store__bulk_is_all_or_nothing(struct test *t)
{
    bool is_good = false;
    assert_int_equal(store_bulk(t->store, test_new_ctx(t, t->arena), import_and_fail, &is_good),
                     E_BAD_STATE);
    assert_int_equal(seq_seen(t), 0);
    is_good = true;
    assert_int_equal(store_bulk(t->store, test_new_ctx(t, t->arena), import_and_fail, &is_good),
                     E_OK);
    assert_int_equal(seq_seen(t), 50);
}

void test_live_store__check_is_well(struct test *t)
{
    assert_int_equal(store_check(t->store, test_new_ctx(t, t->arena)), E_OK);
}

/* --- starting ------------------------------------------------------------------------------ */

static struct str refused_start(struct test *t, const char *url, bool migrate)
{
    struct store_options o = {.url = url, .migrate = migrate, .lanes = 1};
    struct store *s = NULL;
    struct str why = STR_NONE;
    assert_int_equal(store_open(&o, t->arena, &s, &why), E_STORE_OPEN);
    assert_true(str_is_utf8(why));
    assert_true(why.n > 0);
    return why;
}

void test_live_store__a_missing_migration_refuses_to_start(struct test *t)
{
    const char *url = test_new_database(t);
    refused_start(t, url, false);
    struct store_options o = {.migrate = true, .lanes = 1};
    store_close(open_store(t, url, o));
    o.migrate = false;
    store_close(open_store(t, url, o));
    raw_do(url, "DELETE FROM schema_migration WHERE number = 1");
    assert_true(str_find(refused_start(t, url, false), STR("0001_store")) >= 0);
}

void test_live_store__a_changed_migration_refuses_to_start(struct test *t)
{
    const char *url = test_new_database(t);
    struct store_options o = {.migrate = true, .lanes = 1};
    store_close(open_store(t, url, o));
    raw_do(url, "UPDATE schema_migration SET hash = 'other' WHERE number = 1");
    struct str why = refused_start(t, url, true);
    assert_true(str_find(why, STR("0001_store")) >= 0);
    assert_true(str_find(why, STR("改动")) >= 0);
}

void test_live_store__a_newer_database_refuses_to_start(struct test *t)
{
    const char *url = test_new_database(t);
    struct store_options o = {.migrate = true, .lanes = 1};
    store_close(open_store(t, url, o));
    raw_do(url, "INSERT INTO schema_migration (number, name, hash, applied_at) VALUES (9999, "
                "'future', 'x', 0)");
    assert_true(str_find(refused_start(t, url, true), STR("9999_future")) >= 0);
}

void test_live_store__addresses_that_are_none_are_refused(struct test *t)
{
    refused_start(t, "mysql://localhost/x", true);
    refused_start(t, "sqlite:", true);
    refused_start(t, "sqlite:/no/such/folder/x.db", true);
    refused_start(t, "postgresql://nobody@127.0.0.1:1/none", true);
}

/* --- settings ------------------------------------------------------------------------------ */

static int some_int_setting(void)
{
    for (int i = 0; i < (int)SETTING_COUNT; i++)
        if (setting_table[i].type == SETTING_TYPE_INT &&
            setting_table[i].max > setting_table[i].default_int)
            return i;
    return -1;
}

struct saving {
    const char *name;
    struct str value;
};

static enum err save(struct ctx *c, void *arg)
{
    struct saving *s = arg;
    return setting_save(c, s->name, s->value);
}

static enum err nothing(struct ctx *c, void *arg)
{
    (void)c;
    (void)arg;
    return E_OK;
}

static int64_t setting_seen(struct test *t, int n)
{
    struct ctx *c = test_new_ctx(t, t->arena);
    assert_int_equal(store_read(t->store, c, nothing, NULL), E_OK);
    assert_non_null(c->settings);
    return c->settings->v[n].number;
}

void test_live_store__a_saved_setting_is_there_for_the_next_work(struct test *t)
{
    int n = some_int_setting();
    struct saving unknown = {"no.such_setting", STR("1")};
    assert_int_equal(store_act(t->store, test_new_ctx(t, t->arena), save, &unknown), E_NOT_FOUND);
    if (n < 0)
        return; /* the program has no setting with a number */
    const struct setting_info *info = &setting_table[n];
    struct saving good = {info->name, str_fmt(t->arena, "%lld", (long long)info->default_int + 1)};
    struct saving bad = {info->name, STR("12x")};
    assert_int_equal(setting_seen(t, n), info->default_int);
    assert_int_equal(store_act(t->store, test_new_ctx(t, t->arena), save, &bad), E_SETTING_VALUE);
    assert_int_equal(setting_seen(t, n), info->default_int);
    assert_int_equal(store_act(t->store, test_new_ctx(t, t->arena), save, &good), E_OK);
    assert_int_equal(setting_seen(t, n), info->default_int + 1);
}
