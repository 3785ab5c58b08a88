/* The child that runs tests: opens the store and the services once, gives each test a fresh arena,
 * context and centre, and tells the parent what came of it. What many tests stand on (a hall, the
 * demonstration's directory) is loaded once, see test_start_with(). */
#include "run.h"

#include "clock.h"
#include "crypt.h"
#include "log.h"
#include "services.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TEST_ROOM   ((size_t)2 << 30)
#define TRACE_ROOM  ((size_t)1 << 17)
#define STMTS_MOST  1024
#define FAULTS_ALL  64   /* so many first calls of a test fail one by one */
#define LONG_MS     100  /* of processor time: what takes longer (a whole directory) ... */
#define LONG_ALL_MS 4000 /* ... may take about so long over all its faults, ... */
#define LONG_FAULTS 4    /* ... but at least so many of its calls fail */
#define MADE_MOST   32
#define MADE_IN     1 /* the centre */

/* What is made beforehand, once a process. */
struct made {
    test_maker *make;
    struct store *store;
};

static struct worker {
    struct store *store;
    struct keys keys;
    void *services[SERVICE_COUNT + 1];
    int told, output;
    const struct test_info *info;
    struct test *test;
    int64_t fault; /* the store call of the test that fails */
    int64_t made_ms;
    size_t traced;
    int16_t trace[TRACE_ROOM]; /* the statements of a run without faults */
    uint8_t seen[STMTS_MOST * STMTS_MOST];
    struct made made[MADE_MOST];
    bool tolerates_errors; /* of the test that ran last */
} w;

/* --- what tests may ask -------------------------------------------------------------------- */

const char *test_data_dir(const struct test *t)
{
    const char *root = getenv("ONEWINDOW_ROOT");
    char at[1024];
    struct stat st;
    if (root != NULL)
        return str_fmt(t->arena, "%s/data/wolong", root).p;
    if (getcwd(at, sizeof at) == NULL)
        return "data";
    for (;;) { /* upwards from where we stand */
        struct str dir = str_fmt(t->arena, "%s/data/wolong", at),
                   list = str_fmt(t->arena, "%s/src/modules.list", at);
        if (stat(list.p, &st) == 0)
            return dir.p;
        char *slash = strrchr(at, '/');
        if (slash == NULL)
            return "data";
        *slash = '\0';
    }
}

const char *test_path(const struct test *t, const char *name)
{
    return str_z(t->arena, str_fmt(t->arena, "%s/%s", run.place, name));
}

const char *test_new_database(struct test *t)
{
    char *url = arena_alloc(t->arena, 1000);
    if (!database_make(t->arena, url, 1000))
        fail_msg("no new database");
    return url;
}

static struct ctx fresh_ctx(struct arena *a, struct store *s, int64_t center_id)
{
    return (struct ctx){
        .arena = a,
        .store = s,
        .keys = &w.keys,
        .ids = store_ids(s),
        .now = TEST_NOW,
        .zone_minutes = ZONE_CHINA_MINUTES,
        .center_id = center_id,
        .actor = {.kind = ACTOR_STAFF,
                  .id = 1,
                  .name = STR("测试员"),
                  .login = STR("tester"),
                  .roles = (UINT64_C(1) << ROLE_COUNT) - 1},
        .services = w.services,
    };
}

struct ctx *test_new_ctx(struct test *t, struct arena *a)
{
    struct ctx *c = ARENA_NEW(a, struct ctx);
    *c = fresh_ctx(a, t->store, t->center_id);
    return c;
}

bool test_command(const char *command)
{
    return system(command) == 0;
}

void test_tolerates_errors(struct test *t)
{
    (void)t;
    w.tolerates_errors = true;
}

bool test_is_long(void)
{
    const char *word = getenv("OW_TEST_LONG");
    return word != NULL && strcmp(word, "1") == 0;
}

/* --- what is made beforehand --------------------------------------------------------------- */

/* Processor time, because the machine may have other work. */
static int64_t spent_ms(void)
{
    return (int64_t)clock() * 1000 / CLOCKS_PER_SEC;
}

/* From here on it is the test's own calls. */
static void begin_calls(struct store *s)
{
    if (run.with_faults)
        store_count_only_here(s);
    store_trace(s, run.with_faults && w.fault == 0 ? w.trace : NULL, TRACE_ROOM);
    store_fail_at(s, w.fault);
}

static void end_calls(struct store *s)
{
    store_trace(s, NULL, 0);
    store_fail_at(s, 0);
}

static struct store *open_store(struct arena *a, const char *url)
{
    struct str why = STR_NONE;
    struct store *s = NULL;
    struct store_options o = {.url = url, .folder = run.place, .node = 1, .lanes = 2, .readers = 4, .migrate = true};
    if (store_open(&o, a, &s, &why) == E_OK)
        return s;
    fprintf(stderr, "%.*s\n", STR_ARG(why));
    return NULL;
}

/* The test's transaction ends, and another one begins there. */
static void work_in(struct test *t, struct store *s, int64_t center_id)
{
    end_calls(t->store);
    assert_int_equal(store_let_go(t->c, false), E_OK);
    t->store = s;
    t->center_id = center_id;
    *t->c = fresh_ctx(t->arena, s, center_id);
    assert_int_equal(store_hold(s, t->c), E_OK);
    begin_calls(s);
}

static void make_now(struct test *t, struct made *m)
{
    int64_t begun = spent_ms();
    struct store *s = open_store(t->arena, test_new_database(t));
    assert_non_null(s);
    work_in(t, s, MADE_IN);
    m->make(t);
    assert_int_equal(store_let_go(t->c, true), E_OK);
    assert_int_equal(store_hold(s, t->c), E_OK);
    m->store = s;
    w.made_ms = spent_ms() - begun;
}

void test_start_with(struct test *t, test_maker *make)
{
    size_t n = 0;
    while (n < MADE_MOST - 1 && w.made[n].make != NULL && w.made[n].make != make)
        n++;
    struct made *m = &w.made[n];
    assert_true(m->make == NULL || m->make == make);
    m->make = make;
    if (m->store == NULL)
        make_now(t, m);
    work_in(t, m->store, MADE_IN);
}

/* --- running ------------------------------------------------------------------------------- */

static void tell(const char *what, const char *text)
{
    char line[300];
    int n = snprintf(line, sizeof line, "%s %.250s\n", what, text);
    if (write(w.told, line, (size_t)n) != n)
        _exit(3);
}

static void clear_output(void)
{
    fflush(NULL);
    if (ftruncate(w.output, 0) != 0 || lseek(w.output, 0, SEEK_SET) != 0)
        _exit(3);
}

static bool output_has(const char *word)
{
    char path[300], line[1000];
    bool has = false;
    fflush(NULL);
    snprintf(path, sizeof path, "%s/output", run.place);
    FILE *f = fopen(path, "r");
    while (f != NULL && !has && fgets(line, sizeof line, f) != NULL)
        has = strstr(line, word) != NULL;
    if (f != NULL)
        fclose(f);
    return has;
}

static void call_test(void **state)
{
    (void)state;
    w.info->run(w.test);
}

/* One run of a test; fault: its n-th store call fails, 0 none. Returns whether it passed. */
static bool run_once(const struct test_info *info, int place, int64_t fault, bool *ret_fired)
{
    bool is_live = strncmp(info->name, "test_live_", 10) == 0;
    struct arena *a = arena_new(TEST_ROOM);
    struct ctx c = fresh_ctx(a, w.store, 1000 + place);
    struct test t = {a, &c, w.store, store_is_postgres(w.store) ? "postgresql" : "sqlite",
                     c.center_id};
    const struct CMUnitTest one[] = {{info->name, call_test, NULL, NULL, NULL}};
    w.info = info;
    w.test = &t;
    w.fault = fault;
    w.made_ms = 0;
    w.tolerates_errors = false;
    if (!is_live && store_hold(w.store, &c) != E_OK) {
        fprintf(stderr, "store_hold: %.*s\n", STR_ARG(c.refusal.detail));
        return false;
    }
    begin_calls(w.store);
    int failed = _cmocka_run_group_tests(info->name, one, 1, NULL, NULL);
    *ret_fired = store_fail_fired(t.store);
    end_calls(t.store);
    w.traced = store_traced(t.store);
    if (!is_live) {
        if (c.txn == NULL)
            fprintf(stderr, "the test has ended its own transaction\n");
        else if (store_let_go(&c, false) != E_OK)
            failed++;
    }
    if (failed == 0 || fault != 0)
        arena_free(a);
    return failed == 0;
}

/* How often this statement has come after the one before it: loops do the same again, and what is
 * new is another place in the code. */
static int times_seen(size_t call)
{
    size_t before = call == 0 ? 0 : (size_t)w.trace[call - 1] + 1;
    uint8_t *seen = &w.seen[before % STMTS_MOST * STMTS_MOST + (size_t)w.trace[call] % STMTS_MOST];
    return *seen < UINT8_MAX ? ++*seen : *seen;
}

/* The calls that shall fail: of a short test the first ones, then every place twice and some more; of a long
 * one every place once, evenly thinned out. Counted from 1. */
static size_t choose_faults(int64_t ms, uint32_t *ret)
{
    size_t traced = w.traced < TRACE_ROOM ? w.traced : TRACE_ROOM, n = 0, next = 1;
    memset(w.seen, 0, sizeof w.seen);
    for (size_t call = 1; call <= traced; call++) {
        int seen = times_seen(call - 1);
        bool is_next = call == next;
        if (is_next)
            next += next < FAULTS_ALL ? 1 : next / 4;
        if (seen == 1 || (ms <= LONG_MS && (seen == 2 || is_next)))
            ret[n++] = (uint32_t)call;
    }
    size_t most = ms <= LONG_MS ? n : (size_t)(LONG_ALL_MS / ms);
    most = most < LONG_FAULTS ? LONG_FAULTS : most;
    for (size_t i = 0; i < most && most < n; i++)
        ret[i] = ret[i * (n - 1) / (most - 1)];
    return most < n ? most : n;
}

/* A test run again and again, each time with another of its store calls failing. The test's own
 * asserts must notice: a test that passes although a call failed has met code that swallows errors. */
static bool run_with_faults(const struct test_info *info, int place, int64_t ms)
{
    static uint32_t calls[TRACE_ROOM];
    size_t n = choose_faults(ms, calls);
    for (size_t i = 0; i < n; i++) {
        bool has_fired = false;
        clear_output();
        bool has_passed = run_once(info, place, calls[i], &has_fired);
        char text[100];
        snprintf(text, sizeof text, "store call %u failing: ", calls[i]);
        if (has_passed && has_fired && !w.tolerates_errors) {
            tell("F", strcat(text, "the error was swallowed"));
            return false;
        }
        if (!has_passed && !has_fired) {
            tell("F", strcat(text, "it did not come to that call"));
            return false;
        }
        if (output_has("Test failed with exception")) {
            tell("F", strcat(text, "crashed"));
            return false;
        }
    }
    return true;
}

static void open_all(void)
{
    struct arena *a = arena_new((size_t)16 << 20);
    struct str why = STR_NONE;
    char file[300];
    snprintf(file, sizeof file, "%s/key", run.folder);
    if (!keys_load(file, &w.keys, &why))
        fprintf(stderr, "%.*s\n", STR_ARG(why));
    else
        w.store = open_store(a, run.url);
    if (w.store == NULL) {
        fflush(NULL);
        _exit(4);
    }
    struct ctx c = fresh_ctx(a, w.store, 1);
    for (int i = 0; i < (int)SERVICE_COUNT; i++) {
        if (service_table[i].start(&c, &w.services[i]) != E_OK) {
            fprintf(stderr, "service %s: %.*s\n", service_table[i].name, STR_ARG(c.refusal.detail));
            fflush(NULL);
            _exit(4);
        }
    }
    arena_free(a);
}

void worker(const int *order, int count, int told)
{
    char path[300];
    snprintf(path, sizeof path, "%s/output", run.place);
    w.told = told;
    w.output = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
    dup2(w.output, STDOUT_FILENO);
    dup2(w.output, STDERR_FILENO);
    open_all();
    for (int i; (i = atomic_fetch_add(run.next_place, 1)) < count;) {
        const struct test_info *info = &test_table[order[i]];
        char number[20];
        bool has_fired = false;
        snprintf(number, sizeof number, "%d", i);
        tell("S", number);
        clear_output();
        int64_t begun = spent_ms();
        bool has_passed = run_once(info, order[i], 0, &has_fired);
        int64_t ms = spent_ms() - begun - w.made_ms;
        if (!has_passed)
            tell("F", "");
        else if (run.with_faults)
            has_passed = run_with_faults(info, order[i], ms);
        fflush(NULL);
        if (!has_passed)
            _exit(0); /* what the test left behind goes with the process */
        tell("P", "");
    }
    /* Services and store end with the process: a test may have stopped a service of its own that is
     * one a process. What leaked is still found, at exit. */
    exit(0);
}
