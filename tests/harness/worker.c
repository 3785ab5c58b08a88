/* The child that runs tests: opens the store and the services once, gives each test a fresh arena,
 * context and centre, and tells the parent what came of it. */
#include "run.h"

#include "clock.h"
#include "crypt.h"
#include "log.h"
#include "services.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEST_ROOM  ((size_t)2 << 30)
#define FAULTS_ALL 64 /* so many first calls fail one by one; behind them every some more */
#define LONG_MS    100 /* a test that takes longer (it loads a whole hall) leaves out more of them */

static struct worker {
    struct store *store;
    struct keys keys;
    void *services[SERVICE_COUNT + 1];
    int told, output;
    const struct test_info *info;
    struct test *test;
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
    return str_z(t->arena, str_fmt(t->arena, "%s/%s", run.folder, name));
}

const char *test_new_database(struct test *t)
{
    char *url = arena_alloc(t->arena, 1000);
    if (!database_make(t->arena, url, 1000))
        fail_msg("no new database");
    return url;
}

static struct ctx fresh_ctx(struct arena *a, int64_t center_id)
{
    return (struct ctx){
        .arena = a,
        .store = w.store,
        .keys = &w.keys,
        .ids = store_ids(w.store),
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
    *c = fresh_ctx(a, t->center_id);
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
    snprintf(path, sizeof path, "%s/output", run.folder);
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
    struct ctx c = fresh_ctx(a, 1000 + place);
    struct test t = {a, &c, w.store, store_is_postgres(w.store) ? "postgresql" : "sqlite",
                     c.center_id};
    const struct CMUnitTest one[] = {{info->name, call_test, NULL, NULL, NULL}};
    w.info = info;
    w.test = &t;
    w.tolerates_errors = false;
    if (!is_live && store_hold(w.store, &c) != E_OK) {
        fprintf(stderr, "store_hold: %.*s\n", STR_ARG(c.refusal.detail));
        return false;
    }
    store_fail_at(w.store, fault);
    int failed = _cmocka_run_group_tests(info->name, one, 1, NULL, NULL);
    *ret_fired = store_fail_fired(w.store);
    store_fail_at(w.store, 0);
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

/* Every store call of a rule test fails once. The test's own asserts must notice: a test that
 * passes although a call failed has met code that swallows errors. */
static bool run_with_faults(const struct test_info *info, int place, bool is_long)
{
    bool has_fired = true;
    for (int64_t n = 1; has_fired; n += n < FAULTS_ALL ? 1 : is_long ? n : n / 4) {
        clear_output();
        bool has_passed = run_once(info, place, n, &has_fired);
        char text[100];
        snprintf(text, sizeof text, "store call %lld failing: ", (long long)n);
        if (!has_fired)
            return has_passed;
        if (has_passed && !w.tolerates_errors) {
            tell("F", strcat(text, "the error was swallowed"));
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
    struct store_options o = {.url = run.url, .node = 1, .lanes = 2, .readers = 4, .migrate = true};
    snprintf(file, sizeof file, "%s/key", run.folder);
    bool is_loaded = keys_load(file, &w.keys, &why);
    if (!is_loaded || store_open(&o, a, &w.store, &why) != E_OK) {
        fprintf(stderr, "%.*s\n", STR_ARG(why));
        fflush(NULL);
        _exit(4);
    }
    struct ctx c = fresh_ctx(a, 1);
    for (int i = 0; i < (int)SERVICE_COUNT; i++) {
        if (service_table[i].start(&c, &w.services[i]) != E_OK) {
            fprintf(stderr, "service %s: %.*s\n", service_table[i].name, STR_ARG(c.refusal.detail));
            fflush(NULL);
            _exit(4);
        }
    }
    arena_free(a);
}

void worker(const int *order, int from, int count, int told)
{
    char path[300];
    snprintf(path, sizeof path, "%s/output", run.folder);
    w.told = told;
    w.output = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
    dup2(w.output, STDOUT_FILENO);
    dup2(w.output, STDERR_FILENO);
    open_all();
    for (int i = from; i < count; i++) {
        const struct test_info *info = &test_table[order[i]];
        char number[20];
        bool has_fired = false;
        snprintf(number, sizeof number, "%d", i);
        tell("S", number);
        clear_output();
        int64_t begun = clock_steady();
        bool has_passed = run_once(info, order[i], 0, &has_fired);
        bool is_long = clock_steady() - begun > LONG_MS;
        if (!has_passed)
            tell("F", "");
        else if (run.with_faults)
            has_passed = run_with_faults(info, order[i], is_long);
        fflush(NULL);
        if (!has_passed)
            _exit(0); /* what the test left behind goes with the process */
        tell("P", "");
    }
    /* Services and store end with the process: a test may have stopped a service of its own that is
     * one a process. What leaked is still found, at exit. */
    exit(0);
}
