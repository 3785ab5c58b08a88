/* The lines of a card reader's bridge. */
#include "kiosk.h"
#include "test.h"

static bool line(const char *text, struct card *ret, bool *is_there)
{
    *ret = (struct card){.name = ""};
    return card_line(str_of(text), ret, is_there);
}

void test_kiosk__a_card_is_laid_down_and_taken_away(struct test *t)
{
    struct card x;
    bool is_there;
    (void)t;
    assert_true(line("{\"event\":\"card\",\"name\":\"李建国\",\"id_no\":\"11010519491231002X\"}",
                     &x, &is_there));
    assert_true(is_there);
    assert_string_equal(x.name, "李建国");
    assert_string_equal(x.id_no, "11010519491231002X");
    assert_true(line("{\"event\":\"removed\"}", &x, &is_there));
    assert_false(is_there);
    assert_string_equal(x.name, "");
}

void test_kiosk__what_is_no_line_of_the_protocol_is_passed_over(struct test *t)
{
    static const char *const lines[] = {"",
                                        "[]",
                                        "{}",
                                        "{\"event\":\"hello\"}",
                                        "{\"event\":\"card\",\"name\":\"李\"}",
                                        "{\"event\":\"card\",\"name\":\"\",\"id_no\":\"1\"}",
                                        "{\"event\":\"card\",\"name\":1,\"id_no\":2}",
                                        "{\"event\":\"card\",\"name\":\"x\",\"id_no\":"
                                        "\"123456789012345678901234567890\"}"};
    struct card x;
    bool is_there;
    (void)t;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_false(line(lines[i], &x, &is_there));
}
