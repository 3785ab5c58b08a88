/* CSV as Windows saves it. GBK bytes: "\xd5\xc5\xc8\xfd" is 张三 (GB 2312: 5337 4093), "\x81\x30\x84\x36"
 * the four-byte code of U+00A5 in GB 18030-2022; UTF-16 after the Unicode standard, chapter 3. */
#include "test.h"

#include "buf.h"
#include "csv.h"
#include "encoding.h"

#define ROOM ((size_t)64 << 20)

static void assert_text(struct str s, const char *expected)
{
    if (!str_is(s, expected))
        fail_msg("expected \"%s\", got \"%.*s\"", expected, STR_ARG(s));
}

static void assert_fault(const struct table_in *t, int line, const char *column, const char *words)
{
    assert_int_equal(t->fault_count, 1);
    const struct table_fault *f = &t->faults[0];
    if (f->line != line || !str_is(f->column, column) || str_find(f->reason, str_of(words)) < 0)
        fail_msg("line %d column \"%.*s\": %.*s", f->line, STR_ARG(f->column), STR_ARG(f->reason));
}

void test_base__encoding_gbk_is_read(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    assert_true(table_open(&t, a,
                           STR("name,\xb5\xd8\xb5\xe3\r\n\xd5\xc5\xc8\xfd,\xb6\xfe\xc2\xa5\r\n"
                               "\xc1\xaa\xcd\xa8,\x81\x30\x84\x36\r\n")));
    assert_true(table_has_column(&t, "地点"));
    assert_true(table_next(&t));
    assert_text(table_text(&t, "name"), "张三");
    assert_text(table_text(&t, "地点"), "二楼");
    assert_true(table_next(&t));
    assert_text(table_text(&t, "name"), "联通"); /* Notepad's old mistake: it took this for UTF-8 */
    assert_text(table_text(&t, "地点"), "\xc2\xa5");
    assert_int_equal(t.row_line, 3);
    assert_false(table_next(&t));
    assert_int_equal(t.fault_count, 0);
    arena_free(a);
}

void test_base__encoding_utf16_is_read_with_commas_and_tabs(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    assert_true(table_open(&t, a,
                           STR("\xff\xfe"
                               "a\0,\0b\0\n\0\x20\x5f,\0\x3d\xd8\x00\xde")));
    assert_true(table_next(&t));
    assert_text(table_text(&t, "a"), "张");
    assert_text(table_text(&t, "b"), "😀"); /* a surrogate pair */
    assert_true(table_open(&t, a, STR("\xfe\xff\0a\0\t\0b\0\n\x5f\x20\0\t\0,")));
    assert_true(table_next(&t));
    assert_text(table_text(&t, "a"), "张");
    assert_text(table_text(&t, "b"), ",");
    assert_int_equal(t.fault_count, 0);
    assert_false(table_open(&t, a,
                            STR("\xff\xfe"
                                "a\0,\0b\0\n\0"
                                "1\0,\0\x3d\xd8"
                                "x\0")));
    assert_fault(&t, 2, "第 2 列", "UTF-16"); /* half a pair */
    assert_false(table_open(&t, a,
                            STR("\xff\xfe"
                                "a\0,\0b")));
    assert_fault(&t, 1, "第 2 列", "UTF-16"); /* half a character */
    arena_free(a);
}

void test_base__encoding_neither_is_refused_with_its_place(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    assert_false(
        table_open(&t, a,
                   STR("a,b,c\n\xd5\xc5\xc8\xfd,\"x,\n\",1\n\xd5\xc5,2,\xc8\xfd\xff\xff\n")));
    assert_fault(&t, 4, "第 3 列", "既不是 UTF-8，也不是 GBK");
    assert_false(table_next(&t));
    /* a row of GBK among UTF-8 is a bad row, never other characters for all rows */
    assert_true(table_open(&t, a, STR("a,b\n中华人民共和国,1\n\xd5\xc5\xc8\xfd,2\n")));
    assert_true(table_next(&t));
    assert_text(table_text(&t, "a"), "中华人民共和国");
    assert_false(table_next(&t));
    assert_fault(&t, 3, "a", "不是 UTF-8");
    arena_free(a);
}

void test_base__encoding_a_long_gbk_table_is_read_whole(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    struct buf b;
    buf_init(&b, a, 4000000);
    buf_lit(&b, "name,n\n");
    for (int i = 0; i < 20000; i++) /* odd and even widths move every buffer end */
        buf_fmt(&b, "\xd5\xc5\xc8\xfd%d,%d\n", i, i);
    assert_true(table_open(&t, a, buf_as_str(&b)));
    for (int i = 0; i < 20000; i++) {
        assert_true(table_next(&t));
        assert_true(str_starts(table_text(&t, "name"), STR("张三")));
        assert_int_equal(table_int(&t, "n", 0, 20000), i);
    }
    assert_false(table_next(&t));
    assert_int_equal(t.fault_count, 0);
    arena_free(a);
}
