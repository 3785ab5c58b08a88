/* The web layer without a network: forms, keys, routes, escaping, addresses, limits. What needs a
 * running server is in tests/http. Numbers of identity papers are the worked examples of GB
 * 11643-1999 (11010519491231002X) and GB 32100-2015 (91350100M000100Y43). */
#include <jansson.h>

#include "test.h"

#include "server.h"
#include "web_gen.h"

#include <string.h>

/* --- forms ------------------------------------------------------------------------------------ */

static const char *const sizes[] = {"big", "small", NULL};
static const char *const needs[] = {"no_stairs", "deaf", "infant", NULL};

struct sample {
    struct str name, phone, id_no, uscc, token, password, more;
    int64_t hours, thing, at;
    int32_t on;
    bool flag;
    int size;
    struct texts needs;
};
#define FIELD(field, kind, ...)                                                                    \
    {                                                                                              \
        .name = #field, .type = kind, .label = "名称", .offset = offsetof(struct sample, field),   \
        __VA_ARGS__                                                                                \
    }
static const struct field_spec sample_fields[] = {
    FIELD(name, FIELD_TEXT, .required = true, .max = 5),
    FIELD(hours, FIELD_INT, .min = 1, .max = 72, .default_int = 4),
    FIELD(thing, FIELD_ID),
    FIELD(phone, FIELD_PHONE),
    FIELD(id_no, FIELD_ID_NO),
    FIELD(uscc, FIELD_USCC),
    FIELD(token, FIELD_TOKEN),
    FIELD(password, FIELD_PASSWORD, .max = 20),
    FIELD(at, FIELD_INSTANT),
    FIELD(on, FIELD_DATE),
    FIELD(flag, FIELD_FLAG),
    FIELD(size, FIELD_CHOICE, .choices = sizes, .default_int = -1),
    FIELD(needs, FIELD_TEXTS, .choices = needs, .max = 40),
    FIELD(more, FIELD_JSON, .max = 100),
};
static const struct form_spec sample_spec = {.name = "sample",
                                             .fields = sample_fields,
                                             .count = sizeof sample_fields / sizeof *sample_fields,
                                             .struct_size = sizeof(struct sample)};

/* One value beside a good name. */
static enum err read_value(struct test *t, const char *name, const char *value, struct sample *ret)
{
    struct field_value fields[] = {{STR("name"), STR("张三")}, {str_of(name), str_of(value)}};
    struct request q = {.c = t->c, .fields = fields, .field_count = 2};
    if (strcmp(name, "name") == 0)
        q.fields++, q.field_count--;
    return form_read(t->c, &q, &sample_spec, ret);
}

static void assert_read(struct test *t, const char *name, const char *value, enum err expected)
{
    struct sample s;
    enum err e = read_value(t, name, value, &s);
    if (e != expected)
        fail_msg("%s=\"%s\": %s, expected %s", name, value, err_table[e].name,
                 err_table[expected].name);
}

void test_web__a_missing_field_is_named_in_a_sentence(struct test *t)
{
    struct sample s;
    assert_int_equal(read_value(t, "name", "  ", &s), E_FIELD_MISSING);
    assert_string_equal(t->c->refusal.field, "name");
    assert_true(str_is(refusal_sentence(t->c), "请填写名称"));
    assert_true(refused(t->c, "name"));
    assert_true(refused(t->c, NULL));
    assert_false(refused(t->c, "hours"));
}

void test_web__length_is_counted_in_characters(struct test *t)
{
    assert_read(t, "name", "一二三四五", E_OK);
    assert_read(t, "name", "一二三四五六", E_FIELD_LONG);
    assert_true(str_is(refusal_sentence(t->c), "名称太长，最多 5 个字"));
}

void test_web__text_is_trimmed_and_has_no_control_characters(struct test *t)
{
    struct sample s;
    assert_int_equal(read_value(t, "name", " 李四 ", &s), E_OK);
    assert_true(str_is(s.name, "李四"));
    assert_int_equal(read_value(t, "name", "a\r\nb", &s), E_OK);
    assert_true(str_is(s.name, "a\nb"));
    assert_read(t, "name", "a\x01z", E_FIELD_CONTROL);
    assert_read(t, "name", "a\x1b[2J", E_FIELD_CONTROL);
}

void test_web__numbers_have_their_range(struct test *t)
{
    struct sample s;
    assert_int_equal(read_value(t, "x", "", &s), E_OK);
    assert_int_equal(s.hours, 4);
    assert_int_equal(s.size, -1);
    assert_int_equal(s.thing, 0);
    assert_read(t, "hours", "1", E_OK);
    assert_read(t, "hours", "72", E_OK);
    assert_read(t, "hours", "0", E_FIELD_RANGE);
    assert_read(t, "hours", "73", E_FIELD_RANGE);
    assert_read(t, "hours", "-1", E_FIELD_RANGE);
    assert_read(t, "hours", "1.5", E_FIELD_NUMBER);
    assert_read(t, "hours", "1e3", E_FIELD_NUMBER);
    assert_read(t, "hours", "99999999999999999999", E_FIELD_NUMBER);
    assert_read(t, "hours", "0x10", E_FIELD_NUMBER);
    assert_int_equal(read_value(t, "hours", "12", &s), E_OK);
    assert_int_equal(s.hours, 12);
    assert_read(t, "thing", "0", E_FIELD_ID);
    assert_read(t, "thing", "-5", E_FIELD_ID);
    assert_read(t, "thing", "12 OR 1=1", E_FIELD_ID);
}

void test_web__full_width_digits_are_digits(struct test *t)
{
    struct sample s;
    assert_int_equal(read_value(t, "hours", "12", &s), E_OK);
    assert_int_equal(s.hours, 12);
    assert_int_equal(read_value(t, "phone", "138 0013-8000", &s), E_OK);
    assert_true(str_is(s.phone, "13800138000"));
}

void test_web__phones(struct test *t)
{
    static const char *const good[] = {"13800138000", "+8613800138000", "0377-63211234",
                                       "03776321123", "+441632960000"};
    static const char *const bad[] = {"12800138000", "1380013800", "138001380001", "abc", "+1"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_read(t, "phone", good[i], E_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_read(t, "phone", bad[i], E_FIELD_PHONE);
}

void test_web__identity_numbers_by_the_standards_examples(struct test *t)
{
    struct sample s;
    assert_int_equal(read_value(t, "id_no", "11010519491231002x", &s), E_OK);
    assert_true(str_is(s.id_no, "11010519491231002X"));
    assert_read(t, "id_no", "110105194912310021", E_FIELD_ID_NO);
    assert_read(t, "id_no", "11010519491331002X", E_FIELD_ID_NO);
    assert_read(t, "id_no", "E12345678", E_OK);
    assert_read(t, "id_no", "<script>", E_FIELD_ID_NO);
    assert_read(t, "uscc", "91350100M000100Y43", E_OK);
    assert_read(t, "uscc", "91350100M000100Y44", E_FIELD_USCC);
    assert_read(t, "uscc", "91350100I000100Y43", E_FIELD_USCC);
}

void test_web__dates_and_instants(struct test *t)
{
    struct sample s;
    assert_int_equal(read_value(t, "on", "2026-02-28", &s), E_OK);
    assert_int_equal(s.on, 20260228);
    assert_read(t, "on", "2026-02-29", E_FIELD_DATE);
    assert_read(t, "on", "tomorrow", E_FIELD_DATE);
    assert_int_equal(read_value(t, "at", "2026-03-02T09:00", &s), E_OK);
    assert_int_equal(s.at, TEST_NOW);
    assert_int_equal(read_value(t, "at", "2026-03-02 09:00", &s), E_OK);
    assert_int_equal(s.at, TEST_NOW);
    assert_int_equal(read_value(t, "at", "2026-03-02T01:00:00Z", &s), E_OK);
    assert_int_equal(s.at, TEST_NOW);
    assert_read(t, "at", "09:00", E_FIELD_INSTANT);
}

void test_web__choices_flags_lists(struct test *t)
{
    struct sample s;
    assert_int_equal(read_value(t, "size", "small", &s), E_OK);
    assert_int_equal(s.size, 1);
    assert_read(t, "size", "middle", E_FIELD_CHOICE);
    assert_int_equal(read_value(t, "flag", "on", &s), E_OK);
    assert_true(s.flag);
    assert_read(t, "flag", "maybe", E_FIELD_FLAG);
    assert_int_equal(read_value(t, "needs", "deaf, no_stairs,deaf", &s), E_OK);
    assert_int_equal(s.needs.n, 2);
    assert_true(str_is(s.needs.v[0], "deaf"));
    assert_read(t, "needs", "deaf,rich", E_FIELD_CHOICE);
    assert_read(t, "token", "1-../../etc", E_FIELD_TOKEN);
    assert_read(t, "more", "{\"a\":[1,2]}", E_OK);
    assert_read(t, "more", "{a}", E_FIELD_JSON);
}

void test_web__a_password_is_left_as_it_is(struct test *t)
{
    struct sample s;
    assert_int_equal(read_value(t, "password", " a b ", &s), E_OK);
    assert_true(str_is(s.password, " a b "));
}

void test_web__a_field_given_twice_is_refused(struct test *t)
{
    struct sample s;
    struct field_value fields[] = {{STR("name"), STR("a")}, {STR("name"), STR("b")}};
    struct request q = {.c = t->c, .fields = fields, .field_count = 2};
    assert_int_equal(form_read(t->c, &q, &sample_spec, &s), E_FIELD_SEVERAL);
}

/* --- bodies ----------------------------------------------------------------------------------- */

static struct trip *new_trip(struct test *t)
{
    struct trip *x = ARENA_NEW(t->arena, struct trip);
    x->arena = t->arena;
    x->c = *t->c;
    x->c.request = &x->q;
    x->q.c = &x->c;
    return x;
}

static struct str value_of(const struct trip *x, const char *name)
{
    for (size_t i = 0; i < x->q.field_count; i++)
        if (str_is(x->q.fields[i].name, name))
            return x->q.fields[i].value;
    return STR_NONE;
}

void test_web__a_form_body_is_decoded_once(struct test *t)
{
    struct trip *x = new_trip(t);
    assert_int_equal(fields_urlencoded(x, STR("a=%E4%BC%9E+1&b=%2541&c&=d&e=f=g")), E_OK);
    assert_true(str_is(value_of(x, "a"), "伞 1"));
    assert_true(str_is(value_of(x, "b"), "%41"));
    assert_true(str_is(value_of(x, "c"), ""));
    assert_true(str_is(value_of(x, "e"), "f=g"));
}

void test_web__bytes_that_are_no_text_are_refused(struct test *t)
{
    static const char *const bad[] = {"a=%FF", "a=%C0%80", "a=%ED%A0%80", "a=%00", "a=%",
                                      "a=%4",  "a=%zz",    "a=\xff",      "%E4=1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (fields_urlencoded(new_trip(t), str_of(bad[i])) != E_TEXT_UNREADABLE)
            fail_msg("%s was read", bad[i]);
    assert_int_equal(fields_json(new_trip(t), STR("{\"a\":\"\xff\"}")), E_TEXT_UNREADABLE);
}

void test_web__a_json_body_is_flattened(struct test *t)
{
    struct trip *x = new_trip(t);
    assert_int_equal(fields_json(x, STR("{\"item\":\"x\",\"n\":5,\"yes\":true,\"none\":null,"
                                        "\"applicant\":{\"name\":\"李\",\"id_type\":\"111\"},"
                                        "\"needs\":[\"deaf\",\"infant\"]}")),
                     E_OK);
    assert_true(str_is(value_of(x, "n"), "5"));
    assert_true(str_is(value_of(x, "yes"), "1"));
    assert_true(value_of(x, "none").p == NULL);
    assert_true(str_is(value_of(x, "applicant_name"), "李"));
    assert_true(str_is(value_of(x, "applicant_id_type"), "111"));
    assert_int_equal(x->q.field_count, 7);
}

void test_web__broken_json_is_refused(struct test *t)
{
    static const char *const bad[] =
        {"{", "[]", "5", "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}", "{\"a\":1}x", ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (fields_json(new_trip(t), str_of(bad[i])) != E_BODY_UNREADABLE)
            fail_msg("%s was read", bad[i]);
}

/* --- keys ------------------------------------------------------------------------------------- */

void test_web__a_key_is_good_for_its_cookie_only(struct test *t)
{
    uint8_t secret[32] = {1}, other[32] = {2}, nonce[12] = {3};
    struct str key = csrf_key_make(t->arena, secret, nonce, 0, STR("cookie"));
    assert_true(csrf_key_is_valid(secret, key, STR("cookie")));
    assert_false(csrf_key_is_valid(secret, key, STR("cookies")));
    assert_false(csrf_key_is_valid(secret, key, STR_NONE));
    assert_false(csrf_key_is_valid(other, key, STR("cookie")));
    assert_false(str_eq(key, csrf_key_make(t->arena, secret, nonce, 1, STR("cookie"))));
}

void test_web__a_key_with_any_character_changed_is_refused(struct test *t)
{
    uint8_t secret[32] = {1}, nonce[12] = {3};
    struct str key = csrf_key_make(t->arena, secret, nonce, 7, STR("cookie"));
    for (size_t i = 0; i + 1 < key.n; i++) { /* the last has two bits that are not used */
        char *forged = (char *)(uintptr_t)str_copy(t->arena, key).p;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        assert_false(csrf_key_is_valid(secret, (struct str){forged, key.n}, STR("cookie")));
    }
    assert_false(csrf_key_is_valid(secret, (struct str){key.p, key.n - 1}, STR("cookie")));
    assert_false(csrf_key_is_valid(secret, STR(""), STR("cookie")));
}

/* --- tokens ----------------------------------------------------------------------------------- */

void test_web__a_public_token_names_its_centre(struct test *t)
{
    static const int64_t centers[] = {1, 35, 36, 1000, INT64_MAX};
    struct ctx c = *t->c;
    for (size_t i = 0; i < sizeof centers / sizeof *centers; i++) {
        int64_t found = 0;
        c.center_id = centers[i];
        assert_true(public_token_center(public_token(&c), &found));
        assert_int_equal(found, centers[i]);
    }
}

/* Tokens of one moment stand side by side, those of a later one behind them; what follows is random. */
void test_web__tokens_sort_by_their_moment(struct test *t)
{
    struct ctx c = *t->c;
    c.now = INT64_C(16777000) * 250; /* not at the end of a period of 2^24 quarters */
    struct str one = public_token(&c), other = public_token(&c);
    c.now += 250;
    struct str later = public_token(&c);
    size_t moment = (size_t)str_find(one, STR("-")) + 1 + 4;
    assert_memory_equal(one.p, other.p, moment);
    assert_false(str_eq(one, other));
    assert_true(str_cmp(one, later) < 0 && str_cmp(other, later) < 0);
    assert_int_equal(one.n, moment + 18);
}

void test_web__what_is_no_token_names_no_centre(struct test *t)
{
    static const char *const bad[] = {"",
                                      "-",
                                      "1-",
                                      "abc",
                                      "1-AAAAAAAAAAAAAAAAAAAAA",
                                      "1-AAAAAAAAAAAAAAAAAAAAAAA",
                                      "-AAAAAAAAAAAAAAAAAAAAAA",
                                      "Z-AAAAAAAAAAAAAAAAAAAAAA",
                                      "01-AAAAAAAAAAAAAAAAAAAAAA",
                                      "1-AAAAAAAAAAAAAAAAAAAA/A",
                                      "zzzzzzzzzzzzzz-AAAAAAAAAAAAAAAAAAAAAA",
                                      "1y2p0ij32e8e8-AAAAAAAAAAAAAAAAAAAAAA"};
    (void)t;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t center_id;
        if (public_token_center(str_of(bad[i]), &center_id))
            fail_msg("\"%s\" names a centre", bad[i]);
    }
}

/* --- routes ----------------------------------------------------------------------------------- */

static const struct route some_routes[] = {
    {.method = METHOD_GET, .pattern = "/", .name = "home"},
    {.method = METHOD_GET, .pattern = "/loans", .name = "loans"},
    {.method = METHOD_POST, .pattern = "/loans", .name = "lend"},
    {.method = METHOD_GET, .pattern = "/loans/late.csv", .name = "late"},
    {.method = METHOD_GET, .pattern = "/loans/{id}", .name = "loan"},
    {.method = METHOD_POST, .pattern = "/loans/{id}/return", .name = "give_back"},
    {.method = METHOD_GET, .pattern = "/loans/late.csv/{page}/x", .name = "deep"},
    {.method = METHOD_GET, .pattern = "/a/{x}/{y}", .name = "two"},
};

static const char *found(struct test *t, enum method m, const char *path, struct str *values,
                         unsigned *allowed)
{
    struct router *r = router_new(t->arena, some_routes, sizeof some_routes / sizeof *some_routes);
    const struct route *route = router_find(r, m, str_of(path), values, allowed);
    return route != NULL ? route->name : "none";
}

void test_web__routes_are_found(struct test *t)
{
    struct str v[4];
    unsigned allowed;
    assert_string_equal(found(t, METHOD_GET, "/", v, &allowed), "home");
    assert_string_equal(found(t, METHOD_GET, "/loans", v, &allowed), "loans");
    assert_string_equal(found(t, METHOD_POST, "/loans", v, &allowed), "lend");
    assert_string_equal(found(t, METHOD_GET, "/loans/late.csv", v, &allowed), "late");
    assert_string_equal(found(t, METHOD_GET, "/loans/17", v, &allowed), "loan");
    assert_true(str_is(v[0], "17"));
    assert_string_equal(found(t, METHOD_GET, "/a/b/c", v, &allowed), "two");
    assert_true(str_is(v[0], "b") && str_is(v[1], "c"));
}

void test_web__a_literal_that_leads_nowhere_is_taken_as_a_value(struct test *t)
{
    struct str v[4];
    unsigned allowed;
    assert_string_equal(found(t, METHOD_POST, "/loans/late.csv/return", v, &allowed), "give_back");
    assert_true(str_is(v[0], "late.csv"));
}

void test_web__unknown_paths_and_methods(struct test *t)
{
    static const char *const unknown[] =
        {"",        "loans",          "/loan",
         "/loans/", "/loans//return", "/loans/1/return/x",
         "//",      "/loans/1/",      "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o"};
    struct str v[4];
    unsigned allowed;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        assert_string_equal(found(t, METHOD_GET, unknown[i], v, &allowed), "none");
        assert_int_equal(allowed, 0);
    }
    assert_string_equal(found(t, METHOD_DELETE, "/loans", v, &allowed), "none");
    assert_int_equal(allowed, 1u << METHOD_GET | 1u << METHOD_POST);
    assert_string_equal(found(t, METHOD_COUNT, "/loans", v, &allowed), "none");
}

void test_web__names_in_a_pattern(struct test *t)
{
    (void)t;
    assert_true(str_is(pattern_name("/a/{x}/{y}", 0), "x"));
    assert_true(str_is(pattern_name("/a/{x}/{y}", 1), "y"));
    assert_true(pattern_name("/a/{x}/{y}", 2).p == NULL);
}

/* --- pages ------------------------------------------------------------------------------------ */

static struct str escaped(struct test *t, void (*print)(struct buf *b, struct str s), const char *s)
{
    struct buf b;
    buf_init(&b, t->arena, 1000);
    print(&b, str_of(s));
    return buf_as_str(&b);
}

void test_web__text_in_a_page_is_escaped(struct test *t)
{
    assert_true(str_is(escaped(t, html_text, "<script>alert('x')&\"</script>"),
                       "&lt;script&gt;alert(&#39;x&#39;)&amp;&quot;&lt;/script&gt;"));
    assert_true(str_is(escaped(t, html_text, "补领结婚证"), "补领结婚证"));
    assert_true(str_is(escaped(t, html_lines, "a\n<b>\n"), "a<br>&lt;b&gt;<br>"));
}

void test_web__only_safe_addresses_become_links(struct test *t)
{
    static const char *const good[] = {"/",        "/tickets/1",    "https://example.org/",
                                       "tel:0377", "mailto:a@b.cn", "?page=2",
                                       "#main"};
    static const char *const bad[] = {"javascript:alert(1)",
                                      "JavaScript:x",
                                      "data:text/html,x",
                                      "//evil.example",
                                      "\\\\evil",
                                      "/\\evil",
                                      " javascript:x",
                                      "java\tscript:x",
                                      "vbscript:x",
                                      "evil.example",
                                      ""};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(str_is(escaped(t, html_url, good[i]), good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(str_is(escaped(t, html_url, bad[i]), "#"));
}

void test_web__times_are_written_in_the_centres_zone(struct test *t)
{
    struct buf b;
    buf_init(&b, t->arena, 1000);
    html_instant(&b, t->c, TEST_NOW);
    buf_char(&b, '|');
    html_time(&b, t->c, TEST_NOW - INT64_C(60000) * 60 * 9 - 1);
    buf_char(&b, '|');
    html_date(&b, t->c, 20260302);
    buf_char(&b, '|');
    html_duration(&b, t->c, 380000);
    buf_char(&b, '|');
    html_duration(&b, t->c, 3900000);
    assert_true(str_is(buf_as_str(&b), "2026-03-02 09:00|23:59|2026-03-02|6′20″|1 小时 5 分"));
}

void test_web__a_browser_is_sent_to_our_own_pages_only(struct test *t)
{
    struct reply r = {.c = t->c};
    reply_see(&r, "/tickets/%s", "1-abc");
    assert_true(str_is(r.location, "/tickets/1-abc"));
    static const char *const bad[] = {"//evil.example/",
                                      "https://evil.example/",
                                      "/a\r\nSet-Cookie: x=1",
                                      "/\\evil",
                                      "/a b",
                                      ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        reply_see(&r, "%s", bad[i]);
        assert_true(str_is(r.location, "/"));
    }
}

/* --- heads ------------------------------------------------------------------------------------ */

void test_web__languages(struct test *t)
{
    (void)t;
    assert_int_equal(language_of(STR_NONE), LANG_ZH);
    assert_int_equal(language_of(STR("en-GB,en;q=0.9,zh;q=0.5")), LANG_EN);
    assert_int_equal(language_of(STR("fr, zh-CN;q=0.8, en;q=0.7")), LANG_ZH);
    assert_int_equal(language_of(STR("de")), LANG_ZH);
}

void test_web__cookies(struct test *t)
{
    (void)t;
    assert_true(str_is(cookie_of(STR("a=1; session=x-y; b=2"), "session"), "x-y"));
    assert_true(cookie_of(STR("xsession=1; a=session"), "session").p == NULL);
    assert_true(cookie_of(STR_NONE, "session").p == NULL);
    assert_true(cookie_of(STR("session="), "session").p == NULL);
}

void test_web__networks(struct test *t)
{
    struct cidr net;
    struct address x;
    (void)t;
    assert_true(cidr_parse(STR("10.1.0.0/16"), &net));
    assert_true(address_parse(STR("10.1.255.3"), &x) && cidr_holds(&net, &x));
    assert_true(address_parse(STR("10.2.0.1"), &x) && !cidr_holds(&net, &x));
    assert_true(cidr_parse(STR("10.1.2.128/25"), &net));
    assert_true(address_parse(STR("10.1.2.127"), &x) && !cidr_holds(&net, &x));
    assert_true(cidr_parse(STR("fd00::/8"), &net));
    assert_true(address_parse(STR("[fd12::1]"), &x) && cidr_holds(&net, &x));
    assert_false(cidr_parse(STR("10.1.0.0/33"), &net));
    assert_false(cidr_parse(STR("hall.example"), &net));
    assert_true(address_parse(STR("127.8.0.1"), &x) && address_is_loopback(&x));
    assert_true(address_parse(STR("::1"), &x) && address_is_loopback(&x));
}

void test_web__a_bucket_empties_and_fills_with_time(struct test *t)
{
    struct limits *l = limits_new(t->arena);
    int seconds = 0;
    for (int i = 0; i < 5; i++)
        assert_true(limits_take(l, 'a', STR("10.0.0.1"), 1000, 5, 1000, &seconds));
    assert_false(limits_take(l, 'a', STR("10.0.0.1"), 1000, 5, 1000, &seconds));
    assert_in_range(seconds, 1, 2);
    assert_true(limits_take(l, 'a', STR("10.0.0.2"), 1000, 5, 1000, &seconds));
    assert_true(limits_take(l, 'a', STR("10.0.0.1"), 1000, 5, 2001, &seconds));
    assert_false(limits_take(l, 'a', STR("10.0.0.1"), 1000, 5, 2002, &seconds));
}

/* --- sessions --------------------------------------------------------------------------------- */

void test_web__a_session_is_found_by_its_token_until_it_ends(struct test *t)
{
    struct web w = {.options = {.center_id = t->center_id}};
    struct str token;
    int64_t expires_at;
    assert_int_equal(session_open(t->c, 77, STR("张三"), STR("clerk01"), 2, &token, &expires_at),
                     E_OK);
    assert_true(expires_at > t->c->now);
    struct trip *x = new_trip(t);
    x->web = &w;
    x->q.session_token = token;
    assert_int_equal(session_resolve(x), E_OK);
    assert_int_equal(x->c.actor.id, 77);
    assert_int_equal(x->c.actor.roles, 2);
    x->c.now = expires_at;
    assert_int_equal(session_resolve(x), E_OK);
    assert_int_equal(x->c.actor.kind, ACTOR_VISITOR);
    x->c.now = t->c->now;
    assert_int_equal(sessions_of_staff_close(t->c, 77), E_OK);
    assert_int_equal(session_resolve(x), E_OK);
    assert_int_equal(x->c.actor.kind, ACTOR_VISITOR);
}

void test_web__a_session_of_another_centre_is_not_found(struct test *t)
{
    struct web w = {.options = {.center_id = t->center_id}};
    struct ctx elsewhere = *t->c;
    elsewhere.center_id = t->center_id + 1;
    struct trip *x = new_trip(t);
    x->web = &w;
    x->q.session_token = public_token(&elsewhere);
    assert_int_equal(session_resolve(x), E_NOT_FOUND);
}
