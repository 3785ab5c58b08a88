/* What is written in each form reads back the same, and no cell runs (OWASP, "CSV injection"). */
#include "test.h"

#include "ctx.h"
#include "sheet.h"
#include "xlsx_out.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const texts[] = {
    "plain",
    "a,b",
    "say \"hi\"",
    "two\nlines",
    "cr\rin",
    "张三",
    "'quoted'",
    "=1+1",
    "'=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "-5",
    "0012",
    "411302199001011234",
    "_x0041_",
    "_x005F_",
    "tab\tin",
    "\x01\x1f",
    "</script>",
    "&amp;<b>",
    "😀",
    "",
    "1e5",
};
#define TEXTS (sizeof texts / sizeof *texts)

static const char *const columns[] = {"text", "number", "flag", "=name", NULL};
static const char *const names[] = {"out.csv", "out.xlsx", "out.json"};

static struct str read_back(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *bytes = arena_alloc(a, 4 << 20);
    size_t n = fread(bytes, 1, 4 << 20, f);
    fclose(f);
    unlink(path);
    return (struct str){bytes, n};
}

static void write_texts(struct ctx *c, const char *path, bool is_plain)
{
    struct table_out t = {.is_plain = is_plain};
    assert_int_equal(sheet_create(c, &t, str_of(path)), E_OK);
    assert_int_equal(table_out_columns(c, &t, columns), E_OK);
    for (size_t i = 0; i < TEXTS; i++) {
        table_put_text(&t, str_of(texts[i]));
        table_put_int(&t, (int64_t)i - 3);
        table_put_flag(&t, i % 2 == 1);
        table_put_text(&t, i == 0 ? STR_NONE : STR("end"));
        assert_int_equal(table_end_row(c, &t), E_OK);
    }
    assert_int_equal(table_out_end(c, &t), E_OK);
}

void test_sheet__what_is_written_reads_back_the_same(struct test *test)
{
    struct ctx *c = test->c;
    for (size_t k = 0; k < 3; k++) {
        const char *path = test_path(test, names[k]);
        write_texts(c, path, k == 0);
        struct table_in t;
        assert_true(sheet_open(&t, c->arena, read_back(c->arena, path), STR_NONE));
        for (size_t i = 0; i < TEXTS; i++) {
            assert_true(table_next(&t));
            if (!str_is(table_text(&t, "text"), texts[i]))
                fail_msg("%s: \"%s\" came back as \"%.*s\"", names[k], texts[i],
                         STR_ARG(table_text(&t, "text")));
            assert_int_equal(table_int(&t, "number", -3, 100), (int64_t)i - 3);
            assert_int_equal(table_flag(&t, "flag"), i % 2 == 1);
            const char *last = str_z(c->arena, t.columns[3]); /* guarded in CSV */
            assert_true(i == 0 || str_is(table_text(&t, last), "end"));
        }
        assert_false(table_next(&t));
        assert_int_equal(t.fault_count, 0);
    }
}

void test_sheet__csv_for_excel_begins_with_a_bom(struct test *test)
{
    struct ctx *c = test->c;
    const char *path = test_path(test, "out.csv");
    write_texts(c, path, false);
    assert_true(str_starts(read_back(c->arena, path), STR("\xef\xbb\xbf"
                                                          "text,number,flag,")));
    write_texts(c, path, true);
    assert_true(str_starts(read_back(c->arena, path), STR("text,number,flag,")));
}

void test_sheet__a_table_without_rows_is_a_table(struct test *test)
{
    struct ctx *c = test->c;
    for (size_t k = 0; k < 3; k++) {
        struct table_out t = {0};
        const char *path = test_path(test, names[k]);
        assert_int_equal(sheet_create(c, &t, str_of(path)), E_OK);
        assert_int_equal(table_out_columns(c, &t, columns), E_OK);
        assert_int_equal(table_out_end(c, &t), E_OK);
        struct table_in in;
        struct str file = read_back(c->arena, path);
        if (k < 2)
            assert_true(sheet_open(&in, c->arena, file, STR_NONE) && !table_next(&in) &&
                        in.column_count == 4);
        else
            assert_true(str_is(file, "[\n]\n"));
    }
}

void test_sheet__a_dropped_file_leaves_what_was_there(struct test *test)
{
    struct ctx *c = test->c;
    for (size_t k = 0; k < 3; k++) {
        const char *path = test_path(test, names[k]);
        FILE *f = fopen(path, "w");
        fputs("before", f);
        fclose(f);
        struct table_out t = {0};
        assert_int_equal(sheet_create(c, &t, str_of(path)), E_OK);
        assert_int_equal(table_out_columns(c, &t, columns), E_OK);
        table_put_text(&t, STR("x"));
        table_out_drop(&t);
        table_out_drop(&t);
        struct stat st;
        assert_int_not_equal(stat(t.part_path, &st), 0);
        assert_true(str_is(read_back(c->arena, path), "before"));
    }
}

void test_sheet__places_that_cannot_be_written(struct test *test)
{
    struct ctx *c = test->c;
    struct table_out t = {0};
    assert_int_equal(sheet_create(c, &t, STR("x.ods")), E_FILE_FORM);
    for (size_t k = 0; k < 3; k++) {
        struct str path = str_fmt(c->arena, "/no-such-folder/%s", names[k]);
        assert_int_equal(sheet_create(c, &t, path), E_OK);
        assert_int_equal(table_out_columns(c, &t, columns), E_FILE_UNWRITABLE);
    }
    const char *path = test_path(test, "out.xlsx");
    char *tall = arena_alloc(c->arena, 40001);
    memset(tall, 'x', 40000);
    assert_int_equal(sheet_create(c, &t, str_of(path)), E_OK);
    assert_int_equal(table_out_columns(c, &t, columns), E_OK);
    table_put_text(&t, str_of(tall)); /* a cell holds 32,767 characters */
    table_put_int(&t, 1);
    table_put_flag(&t, true);
    table_put_text(&t, STR(""));
    assert_int_equal(table_end_row(c, &t), E_TOO_LARGE);
    table_out_drop(&t);
}

void test_sheet__json_bad_rows_are_named(struct test *test)
{
    (void)test;
    static const struct {
        const char *text;
        size_t faults;
        int line;
        const char *column, *words;
    } bad[] = {
        {"[", 1, 1, "", "不完整"},
        {"[]", 1, 1, "", "空的"},
        {"[1]", 1, 1, "", "要是对象"},
        {"[{}]", 1, 1, "", "列名"},
        {"[{\"a\":1},\n{\"b\":1}]", 1, 2, "b", "没有这一项"},
        {"[{\"a\":1},\n{\"a\":[1]},\n{\"a\":1.5}]", 2, 2, "a", "要填文字"},
        {"[{\"a\":1,\"a\":2}]", 1, 1, "", "重复"},
        {"[{\"a\":1}", 1, 1, "", "缺逗号"},
        {"[{\"a\":1}]x", 1, 1, "", "后面还有字"},
        {"[{\"a\":1},\n]", 1, 2, "", "不完整"},
        {"[{\"a\":\"\\u0000\"}]", 1, 1, "", "不完整"},
        {"[{\"a\":\"\xff\"}]", 1, 1, "", "不完整"},
    };
    struct arena *a = arena_new((size_t)256 << 20);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct table_in t;
        if (sheet_open(&t, a, str_of(bad[i].text), STR_NONE))
            while (table_next(&t))
                ;
        const struct table_fault *f = t.faults;
        if (t.fault_count != bad[i].faults || f->line != bad[i].line ||
            !str_is(f->column, bad[i].column) || str_find(f->reason, str_of(bad[i].words)) < 0)
            fail_msg("%s: %zu faults, line %d, %.*s: %.*s", bad[i].text, t.fault_count,
                     t.fault_count ? f->line : 0, STR_ARG(t.fault_count ? f->column : STR_NONE),
                     STR_ARG(t.fault_count ? f->reason : STR_NONE));
    }
    arena_free(a);
}
