/* Reading and writing tables: RFC 4180 with the ways of spreadsheets. Line numbers are counted as an
 * editor counts them, because that is where the person who made the table will look. */
#include "test.h"

#include "buf.h"
#include "csv.h"

#include <stdio.h>
#include <string.h>

#define ROOM ((size_t)64 << 20)

static void assert_text(struct str s, const char *expected)
{
    if (!str_is(s, expected))
        fail_msg("expected \"%s\", got \"%.*s\"", expected, STR_ARG(s));
}

static void assert_fault(const struct table_in *t, size_t i, int line, const char *column,
                         const char *words)
{
    assert_true(i < t->fault_count);
    const struct table_fault *f = &t->faults[i];
    if (f->line != line || !str_is(f->column, column) || str_find(f->reason, str_of(words)) < 0)
        fail_msg("fault %zu is line %d column \"%.*s\": %.*s", i, f->line, STR_ARG(f->column),
                 STR_ARG(f->reason));
}

/* Reads all rows; returns how many there were. */
static int read_all(struct table_in *t)
{
    int rows = 0;
    while (table_next(t))
        rows++;
    return rows;
}

void test_base__csv_quotes_commas_and_newlines_in_fields(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    assert_true(table_open(&t, a,
                           STR("\xef\xbb\xbf"
                               "name,\"note\",n\r\n"
                               "张三,\"says \"\"hi\"\", twice\",1\r\n"
                               "\"two\r\nlines\",\"\",2\n"
                               "plain 5\" pipe,,3\r"
                               "last,no line end,4")));
    assert_int_equal(t.column_count, 3);
    assert_true(table_has_column(&t, "note") && !table_has_column(&t, "Note"));
    assert_true(table_next(&t));
    assert_text(table_text(&t, "name"), "张三");
    assert_text(table_text(&t, "note"), "says \"hi\", twice");
    assert_int_equal(t.row_line, 2);
    assert_true(table_next(&t));
    assert_text(table_text(&t, "name"), "two\r\nlines");
    assert_text(table_text(&t, "note"), "");
    assert_non_null(table_text(&t, "note").p);
    assert_null(table_text(&t, "absent").p);
    assert_int_equal(t.row_line, 3);
    assert_true(table_next(&t));
    assert_text(table_text(&t, "name"), "plain 5\" pipe");
    assert_int_equal(t.row_line, 5); /* the row before had two lines */
    assert_true(table_next(&t));
    assert_text(table_text(&t, "note"), "no line end");
    assert_int_equal(table_int(&t, "n", 0, 9), 4);
    assert_int_equal(t.row_line, 6);
    assert_false(table_next(&t));
    assert_false(table_next(&t));
    assert_int_equal(t.fault_count, 0);
    table_close(&t);
    arena_free(a);
}

void test_base__csv_rows_of_the_wrong_width_are_noted_and_skipped(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    assert_true(table_open(&t, a, STR("a,b\n1,2\n1\n1,2,3\n\"x\ny\",\n3,4\n1,2,\n")));
    assert_int_equal(read_all(&t), 3);
    assert_int_equal(t.fault_count, 3);
    assert_fault(&t, 0, 3, "", "这一行有 1 格，表头有 2 列");
    assert_fault(&t, 1, 4, "", "这一行有 3 格，表头有 2 列");
    assert_fault(&t, 2, 8, "", "这一行有 3 格"); /* behind a field of two lines */
    arena_free(a);
}

void test_base__csv_what_spreadsheets_leave_is_passed_over(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    assert_true(
        table_open(&t, a, STR("\r\na,b,,\r\n1,2,,\r\n,,,\r\n\r\n 3 , 4 , ,\r\n,,\r\n5,6,7,\r\n")));
    assert_int_equal(t.column_count, 2);
    assert_true(table_next(&t) && table_next(&t));
    assert_text(table_text(&t, "a"), "3"); /* blanks off both ends */
    assert_int_equal(t.row_line, 6);
    assert_false(table_next(&t));
    assert_int_equal(t.fault_count, 1);
    assert_fault(&t, 0, 8, "", "这一行有 4 格");
    arena_free(a);
}

void test_base__csv_bad_utf8_is_a_fault_with_line_and_column(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    assert_true(table_open(&t, a,
                           STR("name,place\n张三,二楼\n\xd5\xc5\xc8\xfd,\xb6\xfe\xc2\xa5\n"
                               "a,b\nc,\"x\n\xff\"\nd,e\n")));
    assert_int_equal(read_all(&t), 3);
    assert_int_equal(t.fault_count, 3);
    assert_fault(&t, 0, 3, "name", "UTF-8");
    assert_fault(&t, 1, 3, "place", "UTF-8");
    assert_fault(&t, 2, 5, "place", "UTF-8");
    /* a NUL would cut texts short in C libraries */
    assert_true(table_open(&t, a, STR("a,b\n1,x\0y\n")));
    assert_int_equal(read_all(&t), 0);
    assert_fault(&t, 0, 2, "b", "UTF-8");
    arena_free(a);
}

void test_base__csv_headers_that_cannot_be_used(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    assert_false(table_open(&t, a, STR("")));
    assert_fault(&t, 0, 1, "", "空的");
    assert_false(table_open(&t, a, STR("\xef\xbb\xbf\r\n\r\n")));
    assert_false(table_open(&t, a, STR_NONE));
    assert_false(table_open(&t, a, STR(",,\n1,2,3\n")));
    assert_false(table_open(&t, a, STR("a,b,a\n1,2,3\n")));
    assert_fault(&t, 0, 1, "a", "两次");
    assert_false(table_open(&t, a, STR("a,,b\n1,2,3\n")));
    assert_fault(&t, 0, 1, "第 2 列", "没有列名");
    assert_false(table_open(&t, a, STR("a,\xd5\xff\n1,2\n")));
    assert_fault(&t, 0, 1, "第 2 列", "UTF-8");
    assert_false(table_open(&t, a, STR("a,\"b\n1,2\n")));
    assert_false(table_next(&t)); /* harmless after a refusal */
    struct buf wide;
    buf_init(&wide, a, 10000);
    for (int i = 0; i <= CSV_COLUMNS_MAX; i++)
        buf_fmt(&wide, "%sc%d", i == 0 ? "" : ",", i);
    assert_false(table_open(&t, a, buf_as_str(&wide)));
    assert_fault(&t, 0, 1, "", "最多 128 列");
    arena_free(a);
}

void test_base__csv_broken_quotes(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    assert_true(table_open(&t, a, STR("a,b\n1,\"x\"y\n3,4\n5,\"never ends\n7,8\n9,0\n")));
    assert_true(table_next(&t));
    assert_text(table_text(&t, "a"), "3"); /* the row with the stray text is skipped */
    assert_false(table_next(&t));
    assert_int_equal(t.fault_count, 2);
    assert_fault(&t, 0, 2, "b", "引号");
    assert_fault(&t, 1, 4, "b", "没有结束，从这里起读不下去了");
    arena_free(a);
}

void test_base__csv_fields_have_a_ceiling(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    for (int extra = 0; extra <= 1; extra++)
        for (int quoted = 0; quoted <= 1; quoted++) {
            struct buf b;
            buf_init(&b, a, CSV_FIELD_MAX + 100);
            buf_fmt(&b, "a,b\n%s", quoted ? "\"" : "");
            for (int i = 0; i < CSV_FIELD_MAX + extra; i++)
                buf_char(&b, 'x');
            buf_fmt(&b, "%s,2\n", quoted ? "\"" : "");
            assert_true(table_open(&t, a, buf_as_str(&b)));
            assert_int_equal(table_next(&t), extra == 0);
            if (extra == 1)
                assert_fault(&t, 0, 2, "a", "太长");
        }
    arena_free(a);
}

void test_base__csv_keeps_a_thousand_faults_and_counts_all(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    struct buf b;
    buf_init(&b, a, 100000);
    buf_lit(&b, "a,b\n");
    for (int i = 0; i < 2500; i++)
        buf_lit(&b, "1\n");
    assert_true(table_open(&t, a, buf_as_str(&b)));
    assert_int_equal(read_all(&t), 0);
    assert_int_equal(t.fault_count, 2500);
    assert_int_equal(t.faults[999].line, 1001);
    arena_free(a);
}

void test_base__csv_values_are_checked_by_kind(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    const char *const words[] = {"special", "elderly", NULL};
    assert_true(table_open(&t, a,
                           STR("n,on,f,k,s\n"
                               "12,2026-02-02,1,elderly,卧龙\n"
                               " -3 ,2026/2/2,0,special,a\n"
                               "12x,2026-02-30,2,green,卧龙区政务\n"
                               "99,2026/13/1,,,\n"
                               ",,是,elderly ,x\n")));
    assert_true(table_next(&t));
    assert_int_equal(table_int(&t, "n", -5, 20), 12);
    assert_int_equal(table_date(&t, "on"), 20260202);
    assert_true(table_flag(&t, "f"));
    assert_int_equal(table_choice(&t, "k", words), 1);
    assert_text(table_need(&t, "s", 4), "卧龙");
    assert_true(table_next(&t));
    assert_int_equal(table_int(&t, "n", -5, 20), -3);
    assert_int_equal(table_date(&t, "on"), 20260202);
    assert_false(table_flag(&t, "f"));
    assert_int_equal(table_choice(&t, "k", words), 0);
    assert_int_equal(t.fault_count, 0);

    assert_true(table_next(&t));
    assert_int_equal(table_int(&t, "n", -5, 20), -5);
    assert_fault(&t, 0, 4, "n", "“12x”不是整数");
    assert_int_equal(table_date(&t, "on"), 0);
    assert_fault(&t, 1, 4, "on", "“2026-02-30”不是日期");
    table_flag(&t, "f");
    assert_fault(&t, 2, 4, "f", "0（否）或 1（是）");
    assert_int_equal(table_choice(&t, "k", words), -1);
    assert_fault(&t, 3, 4, "k", "“green”不能填，可以填：special、elderly");
    assert_text(table_need(&t, "s", 4), "");
    assert_fault(&t, 4, 4, "s", "有 5 个字，最多 4 个");

    assert_true(table_next(&t));
    table_int(&t, "n", -5, 20);
    assert_fault(&t, 5, 5, "n", "-5 到 20");
    table_date(&t, "on");
    assert_fault(&t, 6, 5, "on", "不是日期");
    table_flag(&t, "f");
    table_choice(&t, "k", words);
    table_need(&t, "s", 4);
    assert_fault(&t, 9, 5, "s", "不能空着");
    assert_int_equal(t.fault_count, 10);
    assert_true(table_next(&t));
    assert_int_equal(table_choice(&t, "k", words), 1);
    table_int(&t, "no such column", 0, 1);
    table_fault(&t, "k", "窗口 %d 不存在", 7);
    assert_fault(&t, 11, 6, "k", "窗口 7 不存在");
    arena_free(a);
}

static void note_progress(void *arg, size_t done, size_t total)
{
    size_t *last = arg;
    assert_true(done >= *last && done <= total);
    *last = done;
}

void test_base__csv_progress_ends_at_the_end(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    struct buf b;
    size_t last = 0;
    buf_init(&b, a, 1000000);
    buf_lit(&b, "a\n");
    for (int i = 0; i < 5000; i++)
        buf_fmt(&b, "%d\n", i);
    assert_true(table_open(&t, a, buf_as_str(&b)));
    t.progress = note_progress;
    t.progress_arg = &last;
    for (int i = 0; i < 2000; i++)
        assert_true(table_next(&t));
    assert_true(last > 0 && last < b.n);
    assert_int_equal(read_all(&t), 3000);
    assert_int_equal(last, b.n);
    arena_free(a);
}

/* What is written comes back, and no cell begins a formula (OWASP, "CSV injection"). */
void test_base__csv_fields_come_back_and_run_nowhere(struct test *test)
{
    (void)test;
    static const char *const texts[] = {
        "plain", "",         "a,b",  "say \"hi\"",  "\"",    "two\nlines", "a\rb",
        "张三",  "'quoted'", "it's", "=1+1",        "'=1+1", "''@x",       "+cmd|' /C calc'!A0",
        "-2+3",  "@SUM(A1)", "-5",   "+8637712345", "-1.5",  "=",          "-",
    };
    struct arena *a = arena_new(ROOM);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buf b;
        struct table_in t;
        buf_init(&b, a, 1000);
        buf_lit(&b, "x,y\n");
        size_t from = b.n;
        csv_field(&b, str_of(texts[i]), true);
        struct str cell = {b.p + from, b.n - from};
        if (cell.n > 0 && cell.p[0] == '"')
            cell.p++, cell.n--;
        bool number = strspn(texts[i], "+-0123456789.") == strlen(texts[i]) && strlen(texts[i]) > 1;
        assert_true(cell.n == 0 || strchr("=+-@", cell.p[0]) == NULL || number ||
                    strlen(texts[i]) == 1);
        csv_field(&b, STR("end"), false);
        buf_char(&b, '\n');
        assert_true(table_open(&t, a, buf_as_str(&b)));
        assert_true(table_next(&t));
        assert_text(table_text(&t, "x"), texts[i]);
        assert_text(table_text(&t, "y"), "end");
        assert_false(table_next(&t));
        assert_int_equal(t.fault_count, 0);
    }
    arena_free(a);
}

/* A mistyped name of a column would lose what stands in it. */
void test_base__a_column_nobody_knows_is_a_fault(struct test *t)
{
    struct table_in in;
    assert_true(table_open(&in, t->arena, STR("code,nmae,note\n1,a,x\n2,b,y\n")));
    while (table_next(&in)) {
        (void)table_need(&in, "code", 5);
        assert_true(table_text(&in, "name").p == NULL);
    }
    assert_int_equal(in.fault_count, 1);
    assert_int_equal(in.faults[0].line, 1);
    assert_true(str_is(in.faults[0].column, "nmae"));
    /* What a faulty row left unread is not told as well, nor what is read without names. */
    assert_true(table_open(&in, t->arena, STR("code,name\n,a\n")));
    while (table_next(&in))
        (void)table_need(&in, "code", 5);
    assert_int_equal(in.fault_count, 1);
    assert_true(table_open(&in, t->arena, STR("code,name\n1,a\n")));
    while (table_next(&in)) {
    }
    assert_int_equal(in.fault_count, 0);
}
