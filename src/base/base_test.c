/* Memory, texts, ids, JSON, contexts. What ends the process (ceilings, bugs) is tried in a child. */
#include "test.h"

#include "buf.h"
#include "clock.h"
#include "ctx.h"
#include "ids.h"
#include "json.h"
#include "log.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOM ((size_t)8 << 20)

/* Does fn end in abort()? Its words on stderr go nowhere. */
static bool aborts(void (*fn)(void))
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        fn();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void assert_text(struct str s, const char *expected)
{
    if (!str_is(s, expected))
        fail_msg("expected \"%s\", got \"%.*s\"", expected, STR_ARG(s));
}

/* --- arena ------------------------------------------------------------------------------- */

void test_base__arena_gives_zeroed_aligned_memory_again_after_a_reset(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 3000; size += 37) {
            unsigned char *p = arena_alloc(a, size);
            assert_int_equal((uintptr_t)p % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xee, size);
        }
        unsigned char *large = arena_alloc(a, 3000000);
        assert_int_equal(large[0] | large[2999999], 0);
        arena_reset(a);
        assert_int_equal(arena_used(a), 0);
    }
    arena_free(a);
}

void test_base__arena_keeps_its_first_block_over_a_reset(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    void *first = arena_alloc(a, 100);
    arena_alloc(a, 1000000);
    arena_reset(a);
    assert_ptr_equal(arena_alloc(a, 100), first);
    arena_free(a);
}

static void ask_for_too_much_at_once(void)
{
    arena_alloc(arena_new(10000), 10001);
}

static void ask_for_too_much_bit_by_bit(void)
{
    struct arena *a = arena_new(10000);
    for (int i = 0; i < 100; i++)
        arena_alloc(a, 101);
}

static void ask_for_more_than_a_size_can_say(void)
{
    arena_array(arena_new(SIZE_MAX), SIZE_MAX / 2, 3);
}

static void ask_within_the_ceiling(void)
{
    arena_alloc(arena_new(10000), 9000);
}

void test_base__arena_past_its_ceiling_ends_the_process(struct test *t)
{
    (void)t;
    assert_true(aborts(ask_for_too_much_at_once));
    assert_true(aborts(ask_for_too_much_bit_by_bit));
    assert_true(aborts(ask_for_more_than_a_size_can_say));
    assert_false(aborts(ask_within_the_ceiling));
}

struct trail {
    struct arena *a;
    char marks[8];
    size_t n;
};

static void mark_a(void *arg)
{
    struct trail *trail = arg;
    trail->marks[trail->n++] = 'a';
}

static void mark_b_and_defer_a(void *arg)
{
    struct trail *trail = arg;
    trail->marks[trail->n++] = 'b';
    arena_defer(trail->a, mark_a, trail);
}

static void mark_c(void *arg)
{
    struct trail *trail = arg;
    trail->marks[trail->n++] = 'c';
}

void test_base__deferred_calls_run_once_newest_first(struct test *t)
{
    (void)t;
    struct trail trail = {.a = arena_new(ROOM)};
    arena_defer(trail.a, mark_a, &trail);
    arena_defer(trail.a, mark_b_and_defer_a, &trail);
    arena_defer(trail.a, mark_c, &trail);
    arena_reset(trail.a);
    assert_text(str_of(trail.marks), "cbaa"); /* what a deferred call defers comes next */
    arena_defer(trail.a, mark_c, &trail);
    arena_free(trail.a);
    assert_text(str_of(trail.marks), "cbaac");
}

/* --- buf --------------------------------------------------------------------------------- */

void test_base__buf_writes_nothing_past_its_ceiling(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    struct buf b;
    buf_init(&b, a, 10);
    assert_text(buf_as_str(&b), "");
    assert_non_null(buf_as_str(&b).p); /* empty, not "no value" */
    buf_lit(&b, "12345");
    buf_lit(&b, "67890");
    assert_false(buf_overflowed(&b));
    buf_str(&b, STR_NONE);
    buf_lit(&b, "");
    assert_false(buf_overflowed(&b));
    buf_char(&b, 'x');
    assert_true(buf_overflowed(&b));
    assert_text(buf_as_str(&b), "1234567890");

    buf_init(&b, a, 10);
    buf_lit(&b, "12345678901"); /* does not fit as a whole, so no part of it is written */
    buf_lit(&b, "1");
    buf_int(&b, 1);
    buf_fmt(&b, "%d", 1);
    assert_true(buf_overflowed(&b));
    assert_int_equal(buf_as_str(&b).n, 0);

    buf_init(&b, a, 10);
    buf_lit(&b, "12345");
    buf_lit(&b, "678901");
    buf_lit(&b, "6"); /* would fit, but would be a text with a hole */
    assert_text(buf_as_str(&b), "12345");
    arena_free(a);
}

void test_base__buf_fmt_fits_exactly_or_not_at_all(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    for (int width = 1; width < 700; width += 1) {
        struct buf b;
        buf_init(&b, a, (size_t)width);
        buf_fmt(&b, "%*d", width, 7);
        assert_false(buf_overflowed(&b));
        assert_int_equal(b.n, width);
        assert_int_equal(b.p[width - 1], '7');
        buf_init(&b, a, (size_t)width);
        buf_fmt(&b, "%*d", width + 1, 7);
        assert_true(buf_overflowed(&b));
        assert_int_equal(b.n, 0);
        arena_reset(a);
    }
    arena_free(a);
}

void test_base__buf_grows_beside_other_allocations(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    struct buf b;
    buf_init(&b, a, 1000000);
    for (int i = 0; i < 60000; i++) {
        char digit = (char)('0' + i % 10);
        buf_put(&b, &digit, 1);
        if (i % 5000 == 4999)
            memset(arena_alloc(a, 100), 'x', 100);
    }
    assert_int_equal(b.n, 60000);
    for (int i = 0; i < 60000; i++)
        assert_int_equal(b.p[i], '0' + i % 10);
    arena_free(a);
}

void test_base__buf_int_prints_as_printf_does(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    const int64_t values[] = {0,      1,       -1,        9,         10,
                              99,     100,     101,       -100,      12345,
                              999999, 1000000, INT64_MAX, INT64_MIN, INT64_C(-9007199254740993)};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct buf b;
        char expected[32];
        buf_init(&b, a, 100);
        buf_int(&b, values[i]);
        snprintf(expected, sizeof expected, "%lld", (long long)values[i]);
        assert_text(buf_as_str(&b), expected);
    }
    arena_free(a);
}

/* --- ids --------------------------------------------------------------------------------- */

void test_base__ids_rise_and_never_repeat(struct test *t)
{
    (void)t;
    struct ids *ids = ids_new(3);
    const int64_t noon = INT64_C(1770004800000); /* 2026-02-02T04:00:00Z */
    int64_t last = 0;
    for (int i = 0; i < 20000; i++) { /* more than 4,096 in one millisecond, and a clock set back */
        int64_t id = ids_next(ids, i < 10000 ? noon : noon - HOUR_MS);
        assert_true(id > last);
        assert_int_equal(id >> 12 & 1023, 3);
        last = id;
    }
    /* 41 bits of milliseconds since 2020-01-01T00:00:00Z (1577836800000) */
    assert_int_equal(ids_next(ids, noon + DAY_MS) >> 22, noon + DAY_MS - INT64_C(1577836800000));
    ids_free(ids);
    ids = ids_new(0);
    assert_true(ids_next(ids, 0) > 0); /* 0 means "no id" */
    ids_free(ids);
}

#define ID_THREADS 4
#define IDS_EACH   20000

struct id_taker {
    struct ids *ids;
    int64_t taken[IDS_EACH];
};

static void *take_ids(void *arg)
{
    struct id_taker *taker = arg;
    for (int i = 0; i < IDS_EACH; i++)
        taker->taken[i] = ids_next(taker->ids, INT64_C(1770004800000));
    return NULL;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void test_base__ids_taken_by_threads_at_once_all_differ(struct test *t)
{
    (void)t;
    static struct id_taker takers[ID_THREADS];
    static int64_t all[ID_THREADS * IDS_EACH];
    struct ids *ids = ids_new(7);
    pthread_t threads[ID_THREADS];
    for (int i = 0; i < ID_THREADS; i++) {
        takers[i].ids = ids;
        assert_int_equal(pthread_create(&threads[i], NULL, take_ids, &takers[i]), 0);
    }
    for (int i = 0; i < ID_THREADS; i++) {
        pthread_join(threads[i], NULL);
        memcpy(all + i * IDS_EACH, takers[i].taken, sizeof takers[i].taken);
    }
    qsort(all, ID_THREADS * IDS_EACH, sizeof *all, compare_ids);
    for (int i = 1; i < ID_THREADS * IDS_EACH; i++)
        assert_true(all[i - 1] < all[i]);
    ids_free(ids);
}

/* --- JSON -------------------------------------------------------------------------------- */

void test_base__json_commas_names_and_nesting(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    struct buf b;
    struct json j;
    buf_init(&b, a, 1000);
    json_init(&j, &b, ZONE_CHINA_MINUTES);
    json_object(&j);
    json_name(&j, "items");
    json_array(&j);
    json_object(&j);
    json_end_object(&j);
    json_int(&j, -5);
    json_array(&j);
    json_end_array(&j);
    json_flag(&j, true);
    json_end_array(&j);
    json_name(&j, "id");
    json_id(&j, INT64_C(9007199254740993));
    json_name(&j, "no_id");
    json_id(&j, 0);
    json_name(&j, "due_on");
    json_date(&j, 20260202);
    json_name(&j, "no_date");
    json_date(&j, 0);
    json_name(&j, "at");
    json_instant(&j, INT64_C(1769995800000));
    json_name(&j, "no_at");
    json_instant(&j, 0);
    json_name(&j, "none");
    json_text(&j, STR_NONE);
    json_name(&j, "empty");
    json_text(&j, STR(""));
    json_name(&j, "raw");
    json_raw(&j, STR("{\"a\":[1]}"));
    json_name(&j, "no_raw");
    json_raw(&j, STR_NONE);
    json_name(&j, "null");
    json_null(&j);
    json_end_object(&j);
    assert_text(buf_as_str(&b),
                "{\"items\":[{},-5,[],true],\"id\":\"9007199254740993\",\"no_id\":null,"
                "\"due_on\":\"2026-02-02\",\"no_date\":null,\"at\":\"2026-02-02T09:30:00+08:00\","
                "\"no_at\":null,\"none\":null,\"empty\":\"\",\"raw\":{\"a\":[1]},\"no_raw\":null,"
                "\"null\":null}");
    arena_free(a);
}

/* RFC 8259 section 7; "</" so that the text cannot end a script element (HTML 13.2.5.15). */
void test_base__json_escapes_what_must_be(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    struct buf b;
    struct json j;
    buf_init(&b, a, 1000);
    json_init(&j, &b, 0);
    json_text(&j, STR("\"\\\b\f\n\r\t\x01\x1f\x7f a/b <b></script> 号😀/"));
    assert_text(buf_as_str(&b),
                "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f a/b <b><\\/script> 号😀/\"");
    arena_free(a);
}

static void close_what_is_not_open(void)
{
    struct buf b;
    struct json j;
    buf_init(&b, arena_new(1000), 100);
    json_init(&j, &b, 0);
    json_end_object(&j);
}

static void nest_too_deeply(void)
{
    struct buf b;
    struct json j;
    buf_init(&b, arena_new(10000), 1000);
    json_init(&j, &b, 0);
    for (int i = 0; i < 64; i++)
        json_array(&j);
}

void test_base__json_wrong_nesting_is_a_bug(struct test *t)
{
    (void)t;
    assert_true(aborts(close_what_is_not_open));
    assert_true(aborts(nest_too_deeply));
}

/* --- context ----------------------------------------------------------------------------- */

void test_base__rights_follow_the_roles_of_the_actor(struct test *t)
{
    (void)t;
    struct ctx c = {.lang = LANG_ZH};
    for (int r = 0; r < (int)RIGHT_COUNT; r++) {
        c.actor.roles = 0;
        bool for_everybody = may(&c, (enum right)r);
        assert_int_equal(for_everybody, right_roles[r] == UINT64_MAX);
        for (int role = 0; role < (int)ROLE_COUNT; role++) {
            c.actor.roles = UINT64_C(1) << role;
            bool listed = (right_roles[r] & UINT64_C(1) << role) != 0;
            assert_int_equal(may(&c, (enum right)r), listed);
            c.actor.roles = ~(UINT64_C(1) << role) & ((UINT64_C(1) << ROLE_COUNT) - 1);
            assert_false(has_role(&c, (enum role)role));
            if (!for_everybody && (right_roles[r] & c.actor.roles) == 0)
                assert_false(may(&c, (enum right)r));
        }
    }
    c.actor.roles = UINT64_MAX;
    assert_false(may(&c, RIGHT_COUNT)); /* no such right */
}

void test_base__a_refusal_is_noted_with_its_field(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    struct ctx c = {.arena = a};
    assert_int_equal(fail(&c, E_NOT_FOUND, "umbrella %d", 7), E_NOT_FOUND);
    assert_int_equal(c.refusal.code, E_NOT_FOUND);
    assert_null(c.refusal.field);
    assert_text(c.refusal.detail, "umbrella 7");
    c.refusal.text = STR("left over");
    assert_int_equal(fail_field(&c, E_TOO_LARGE, "name", "%zu", (size_t)41), E_TOO_LARGE);
    assert_string_equal(c.refusal.field, "name");
    assert_text(c.refusal.detail, "41");
    assert_null(c.refusal.text.p); /* nothing of the earlier one stays */
    arena_free(a);
}

void test_base__the_day_is_the_centres(struct test *t)
{
    (void)t;
    struct ctx c = {.now = INT64_C(1769961600000), .zone_minutes = ZONE_CHINA_MINUTES};
    assert_int_equal(today(&c), 20260202); /* 2026-02-01T16:00:00Z */
    c.now--;
    assert_int_equal(today(&c), 20260201);
}

/* --- translations ------------------------------------------------------------------------ */

struct message {
    const char *zh, *en;
};
extern const struct message message_table[];
extern const int message_count;

void test_base__every_message_is_found_in_english(struct test *t)
{
    (void)t;
    struct ctx zh = {.lang = LANG_ZH}, en = {.lang = LANG_EN};
    for (int i = 0; i < message_count; i++) {
        const struct message *m = &message_table[i];
        bool translated = m->en != NULL && *m->en != '\0';
        assert_text(tr(&zh, m->zh), m->zh);
        assert_text(tr(&en, m->zh), translated ? m->en : m->zh);
        assert_true(i == 0 || strcmp(message_table[i - 1].zh, m->zh) < 0);
    }
    assert_text(tr(&en, "没有人翻译过的一句话"), "没有人翻译过的一句话");
    assert_text(tr(&en, "~"), "~");
    assert_null(tr(&zh, NULL).p);
}

void test_base__holes_are_filled_once(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    struct ctx c = {.arena = a, .lang = LANG_ZH};
    assert_text(tr_fill(&c, "{n}号到{desk}，{n}号", "n", STR("A012"), "desk", STR("3 号窗口"),
                        NULL),
                "A012号到3 号窗口，A012号");
    /* a value is never looked into again, and what is no hole stays */
    assert_text(tr_fill(&c, "{a}{b}{c} {", "a", STR("{b}"), "b", STR("B"), NULL), "{b}B{c} {");
    assert_text(tr_fill(&c, "{{n}}", "n", STR("1"), NULL), "{1}");
    assert_text(tr_fill(&c, "", "n", STR("1"), NULL), "");
    assert_text(tr_fill(&c, "{n}", "n", STR_NONE, NULL), "");
    arena_free(a);
}

/* --- log --------------------------------------------------------------------------------- */

void test_base__a_text_from_outside_cannot_fake_a_log_line(struct test *t)
{
    (void)t;
    int ends[2];
    char text[LOG_LINE_MAX * 3];
    fflush(NULL);
    int kept = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_line(LOG_WARN, "seen", "path=%s",
             "/x\n2026-02-02T00:00:00Z level=error event=fake \x1b[31m");
    log_line(LOG_DEBUG, "unseen", "n=%d", 1);
    log_line(LOG_WARN, "long", "%*d", 2 * LOG_LINE_MAX, 1);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    ssize_t n = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    assert_true(n > 0);
    struct str rest = {text, (size_t)n}, line = str_cut(&rest, '\n');
    assert_true(str_find(line, STR(" level=warn event=seen path=/x\\x0a2026-02-02T00")) > 0);
    assert_true(str_ends(line, STR("\\x1b[31m")));
    line = str_cut(&rest, '\n');
    assert_true(str_find(line, STR("event=long")) > 0);
    assert_int_equal(rest.n, 0); /* two lines in all */
}

/* In a child of its own, because gathering is for the life of a process: what it had not said when it was
 * killed is said by its parent; an error leaves at once and behind what came before it. */
static void gather_and_be_killed(void)
{
    log_gather();
    pid_t server = fork();
    if (server == 0) {
        log_line(LOG_INFO, "first", "n=%d", 1);
        log_line(LOG_ERROR, "second", "n=%d", 2);
        log_line(LOG_INFO, "third", "n=%d", 3);
        raise(SIGKILL);
    }
    waitpid(server, NULL, 0);
    (void)!write(STDERR_FILENO, "killed\n", 7);
    log_flush();
    log_flush(); /* nothing is said twice */
    _exit(0);
}

void test_base__gathered_log_lines_outlive_a_crash(struct test *t)
{
    (void)t;
    int ends[2];
    char text[4096];
    fflush(NULL);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        gather_and_be_killed();
    }
    close(ends[1]);
    size_t n = 0;
    for (ssize_t got = 1; got > 0 && n<sizeof text; n += got> 0 ? (size_t)got : 0)
        got = read(ends[0], text + n, sizeof text - n);
    close(ends[0]);
    waitpid(child, NULL, 0);
    struct str rest = {text, n};
    static const char *const parts[] = {"event=first n=1", "event=second n=2", "killed",
                                        "event=third n=3"};
    for (size_t i = 0; i < 4; i++)
        assert_true(str_find(str_cut(&rest, '\n'), str_of(parts[i])) >= 0);
    assert_int_equal(rest.n, 0);
}

void test_base__log_values_are_quoted_where_needed(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    assert_text(log_value(a, STR("plain/号")), "plain/号");
    assert_text(log_value(a, STR("two words")), "\"two words\"");
    assert_text(log_value(a, STR("a=\"b\\")), "\"a=\\\"b\\\\\"");
    assert_text(log_value(a, STR("")), "\"\"");
    arena_free(a);
}
