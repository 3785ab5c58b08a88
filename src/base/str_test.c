/* Texts and UTF-8. What is malformed is taken from RFC 3629 and from the encodings that tables and
 * forms really come in when somebody's program was set wrongly. */
#include "test.h"

#include "arena.h"

#include <stdio.h>
#include <string.h>

#define ROOM ((size_t)8 << 20)

static void assert_text(struct str s, const char *expected)
{
    if (!str_is(s, expected))
        fail_msg("expected \"%s\", got \"%.*s\"", expected, STR_ARG(s));
}

void test_base__str_compares_bytes(struct test *t)
{
    (void)t;
    assert_true(str_eq(STR(""), STR_NONE)); /* equal as bytes; only p tells them apart */
    assert_true(str_is(STR("号"), "号"));
    assert_false(str_is(STR("号票"), "号"));
    assert_true(str_cmp(STR("a"), STR("b")) < 0);
    assert_true(str_cmp(STR("ab"), STR("a")) > 0);
    assert_true(str_cmp(STR("\xe5"), STR("z")) > 0); /* unsigned, as C.UTF-8 sorts */
    assert_int_equal(str_cmp(STR("a"), STR("a")), 0);
    assert_true(str_starts(STR("结婚证"), STR("结婚")));
    assert_false(str_starts(STR("结"), STR("结婚")));
    assert_true(str_ends(STR("结婚证"), STR("证")));
    assert_int_equal(str_find(STR("补领结婚证"), STR("结婚")), 6);
    assert_int_equal(str_find(STR("补领"), STR("结婚")), -1);
    assert_int_equal(str_find(STR("补领"), STR("")), 0);
}

void test_base__str_cut_gives_every_part_and_then_none(struct test *t)
{
    (void)t;
    struct str rest = STR("a,,b,");
    assert_text(str_cut(&rest, ','), "a");
    assert_text(str_cut(&rest, ','), "");
    assert_text(str_cut(&rest, ','), "b");
    assert_non_null(rest.p);
    assert_text(str_cut(&rest, ','), "");
    assert_null(rest.p);
}

void test_base__str_trim_takes_ascii_and_full_width_blanks(struct test *t)
{
    (void)t;
    assert_text(str_trim(STR(" \t\r\n　张 三　 ")), "张 三");
    assert_text(str_trim(STR("　　")), "");
    assert_text(str_trim(STR("〇")), "〇"); /* U+3007 begins with the same two bytes as U+3000 */
}

void test_base__str_to_int_takes_whole_numbers_that_fit(struct test *t)
{
    (void)t;
    int64_t v = 77;
    assert_true(str_to_int(STR("9223372036854775807"), &v) && v == INT64_MAX);
    assert_true(str_to_int(STR("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_true(str_to_int(STR("+007"), &v) && v == 7);
    assert_true(str_to_int(STR("-0"), &v) && v == 0);
    const char *const bad[] = {"",
                               "-",
                               "+",
                               " 1",
                               "1 ",
                               "1.0",
                               "0x1",
                               "1e3",
                               "--1",
                               "１",
                               "12a",
                               "9223372036854775808",
                               "-9223372036854775809",
                               "99999999999999999999"};
    v = 77;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(str_to_int(str_of(bad[i]), &v));
    assert_false(str_to_int(STR_NONE, &v));
    assert_int_equal(v, 77); /* set only on success */
}

static size_t encode(uint32_t ch, char to[4])
{
    if (ch < 0x80)
        return to[0] = (char)ch, 1;
    if (ch < 0x800)
        return to[0] = (char)(0xc0 | ch >> 6), to[1] = (char)(0x80 | (ch & 63)), 2;
    if (ch < 0x10000)
        return to[0] = (char)(0xe0 | ch >> 12), to[1] = (char)(0x80 | (ch >> 6 & 63)),
               to[2] = (char)(0x80 | (ch & 63)), 3;
    return to[0] = (char)(0xf0 | ch >> 18), to[1] = (char)(0x80 | (ch >> 12 & 63)),
           to[2] = (char)(0x80 | (ch >> 6 & 63)), to[3] = (char)(0x80 | (ch & 63)), 4;
}

/* RFC 3629: U+0001 to U+10FFFF without the surrogates D800-DFFF. */
void test_base__utf8_of_every_code_point(struct test *t)
{
    (void)t;
    for (uint32_t ch = 1; ch < 0x120000; ch++) {
        char bytes[4];
        struct str s = {bytes, encode(ch, bytes)};
        bool expected = ch <= 0x10ffff && (ch < 0xd800 || ch > 0xdfff);
        if (str_is_utf8(s) != expected)
            fail_msg("U+%04X", ch);
        size_t at = 0;
        if (expected) {
            assert_int_equal(str_next_char(s, &at), ch);
            assert_int_equal(at, s.n);
            assert_int_equal(str_chars(s), 1);
        }
    }
}

void test_base__utf8_that_is_malformed_is_refused(struct test *t)
{
    (void)t;
    const char *const bad[] = {
        "\x80",
        "\xbf",
        "\xff",
        "\xfe",
        "\xf8\x88\x80\x80\x80", /* no lead byte */
        "\xc0\xaf",
        "\xc1\xbf",
        "\xe0\x80\xaf",
        "\xe0\x9f\xbf", /* overlong: RFC 3629 section 10 */
        "\xf0\x80\x80\xaf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xed\xa0\xbd\xed\xb8\x80", /* surrogates, and a pair of them */
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", /* past U+10FFFF */
        "\xe5",
        "\xe5\x8f",
        "\xf0\x9f\x98",
        "\xc3",
        "\xe5\x8f"
        "a",
        "\xc3(",            /* cut short */
        "\xd5\xc5\xc8\xfd", /* 张三 in GBK */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char padded[64]; /* also behind and among text that takes the fast path */
        int n = snprintf(padded, sizeof padded, "0123456789%sabcdefghijklmn", bad[i]);
        if (str_is_utf8(str_of(bad[i])) || str_is_utf8((struct str){padded, (size_t)n}))
            fail_msg("malformed sequence %zu was taken", i);
    }
    for (size_t at = 0; at < 24; at++) {
        char zero[24];
        memset(zero, 'a', sizeof zero);
        zero[at] = '\0';
        assert_false(str_is_utf8((struct str){zero, sizeof zero}));
    }
    assert_true(str_is_utf8(STR_NONE));
    assert_true(str_is_utf8(STR("\x7f\x01 0123456789 卧龙区政务服务中心 😀")));
}

void test_base__str_counts_and_cuts_by_code_points(struct test *t)
{
    (void)t;
    assert_int_equal(str_chars(STR("卧龙ab😀")), 5);
    assert_text(str_head(STR("卧龙ab😀"), 2), "卧龙");
    assert_text(str_head(STR("卧龙ab😀"), 5), "卧龙ab😀");
    assert_text(str_head(STR("卧龙"), 9), "卧龙");
    assert_text(str_head(STR("卧龙"), 0), "");
    size_t at = 0;
    struct str cut_short = {"\xf0\x9f", 2};
    str_next_char(cut_short, &at);
    assert_int_equal(at, 2); /* never past the end */
    assert_int_equal(str_next_char(cut_short, &at), 0);
}

void test_base__str_copies_keep_none_and_empty_apart(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(ROOM);
    assert_null(str_copy(a, STR_NONE).p);
    assert_non_null(str_copy(a, STR("")).p);
    assert_null(str_of(NULL).p);
    assert_string_equal(str_z(a, (struct str){"abcdef", 3}), "abc");
    assert_string_equal(str_z(a, STR_NONE), "");
    assert_text(str_fmt(a, "%s-%d", "A", 12), "A-12");
    assert_int_equal(str_fmt(a, "%*d", 1000, 1).n, 1000);
    assert_non_null(str_fmt(a, "%s", "").p);
    arena_free(a);
}
