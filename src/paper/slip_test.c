/* What a slip becomes: lines of a template, and bytes. The bytes expected are those of the ESC/POS command
 * reference (ESC @, FS &, ESC a, GS !, ESC E, GS ( k, ESC d, GS V); GB18030: 号 is BA C5 (GB 18030-2022). */
#include "port.h"
#include "slip.h"
#include "test.h"

#include <string.h>

static const struct slip_field fields[] = {{"number", {"A023", 4}},
                                           {"empty", {"", 0}},
                                           {"qr", {"https://x/t", 11}},
                                           {NULL, {NULL, 0}}};

static bool fill(struct test *t, const char *text, struct slip_lines *ret, int *line,
                 struct str *word)
{
    return slip_fill(t->arena, str_of(text), fields, ret, line, word);
}

void test_paper__a_line_of_a_template_is_a_line_of_paper(struct test *t)
{
    struct slip_lines l;
    struct str word;
    int line;
    assert_true(fill(t, "## {number}\n< * 号：{number}\r\n---\n{qr}\n", &l, &line, &word));
    assert_int_equal(l.n, 4);
    assert_true(l.v[0].size == 3 && str_is(l.v[0].text, "A023"));
    assert_true(l.v[1].is_left && l.v[1].is_bold && str_is(l.v[1].text, "号：A023"));
    assert_int_equal(l.v[2].kind, SLIP_RULE);
    assert_true(l.v[3].kind == SLIP_QR && str_is(l.v[3].text, "https://x/t"));
}

void test_paper__a_line_whose_fields_say_nothing_is_left_out(struct test *t)
{
    struct slip_lines l;
    struct str word;
    int line;
    assert_true(fill(t, "x\n等候 {empty} 人\n{empty}{number}", &l, &line, &word));
    assert_int_equal(l.n, 2);
}

void test_paper__an_unknown_field_is_told_with_its_line(struct test *t)
{
    struct slip_lines l;
    struct str word;
    int line;
    assert_false(fill(t, "{number}\n{nummer}", &l, &line, &word));
    assert_true(line == 2 && str_is(word, "{nummer}"));
    assert_false(fill(t, "a {number", &l, &line, &word));
    assert_int_equal(line, 1);
}

void test_paper__more_lines_than_fit_are_refused(struct test *t)
{
    char text[2 * (SLIP_LINES_MOST + 1) + 1];
    struct slip_lines l;
    struct str word;
    int line;
    for (size_t i = 0; i <= SLIP_LINES_MOST; i++)
        memcpy(text + 2 * i, "x\n", 3);
    assert_false(fill(t, text, &l, &line, &word));
    assert_int_equal(line, SLIP_LINES_MOST + 1);
}

void test_paper__bytes_of_a_slip(struct test *t)
{
    struct slip_lines l = {.n = 1, .v = {{.kind = SLIP_TEXT, .size = 2, .text = STR("号A")}}};
    struct str b = slip_bytes(t->arena, &l, 48);
    static const char expected[] = "\x1b@\x1c&\x1b"
                                   "a\x01\x1d!\x11\x1b"
                                   "E\x00\xba\xc5"
                                   "A\n\x1b"
                                   "d\x04\x1dVB\x00";
    assert_int_equal(b.n, sizeof expected - 1);
    assert_memory_equal(b.p, expected, b.n);
}

void test_paper__a_long_line_is_wrapped_between_characters(struct test *t)
{
    struct slip_lines l = {.n = 1,
                           .v = {{.kind = SLIP_TEXT,
                                  .size = 1,
                                  .text = STR("一二三四五六七八九十"
                                              "一二三四五六七")}}};
    struct str b = slip_bytes(t->arena, &l, 32);
    ptrdiff_t first = str_find(b, STR("\n"));
    assert_int_equal(first, 4 + 3 + 3 + 3 + 32); /* reset, side, size, bold, sixteen characters */
}

void test_paper__what_is_not_utf8_makes_no_slip(struct test *t)
{
    struct slip_lines l = {.n = 1, .v = {{.kind = SLIP_TEXT, .size = 1, .text = STR("\xff\xfe")}}};
    assert_null(slip_bytes(t->arena, &l, 48).p);
}

void test_paper__control_characters_of_a_text_are_no_commands(struct test *t)
{
    struct slip_lines l = {.n = 1, .v = {{.kind = SLIP_TEXT, .size = 1, .text = STR("a\x1b@b")}}};
    struct str b = slip_bytes(t->arena, &l, 48);
    assert_true(str_find(b, STR("a @b")) > 0);
}

void test_paper__addresses_of_printers(struct test *t)
{
    (void)t;
    assert_true(port_address_ok(STR("192.168.1.50:9100"), false));
    assert_true(port_address_ok(STR("printer.hall:9100"), false));
    assert_true(port_address_ok(STR("/dev/usb/lp0"), false));
    assert_false(port_address_ok(STR("/etc/passwd"), false));
    assert_false(port_address_ok(STR("/dev/../etc/passwd"), false));
    assert_false(port_address_ok(STR("10.0.0.1"), false));
    assert_false(port_address_ok(STR("10.0.0.1:0"), false));
    assert_false(port_address_ok(STR("a b:9100"), false));
}
