/* Bodies with files, without a network. What is expected is RFC 7578 and RFC 2046, and for what browsers write the HTML
 * standard ("multipart/form-data encoding algorithm"). What needs a running server is in tests/http. */
#include "test.h"

#include "server.h"

#include <string.h>

struct sample {
    struct str name;
    struct upload file, other;
};
static const struct field_spec fields[] = {
    {.name = "name",
     .type = FIELD_TEXT,
     .max = 20,
     .label = "名称",
     .offset = offsetof(struct sample, name)},
    {.name = "file",
     .type = FIELD_FILE,
     .required = true,
     .max = 2048,
     .label = "表格",
     .offset = offsetof(struct sample, file)},
    {.name = "other",
     .type = FIELD_FILE,
     .max = 2048,
     .label = "样表",
     .offset = offsetof(struct sample, other)},
};
static const struct form_spec spec = {.name = "sample",
                                      .fields = fields,
                                      .count = 3,
                                      .struct_size = sizeof(struct sample),
                                      .file_bytes = 4096};

#define BEGIN "--AaB03x\r\nContent-Disposition: form-data; "
#define END   "\r\n--AaB03x--\r\n"

static struct trip *trip_for(struct test *t, const char *type)
{
    struct arena *a = t->c->arena;
    struct trip *trip = ARENA_NEW(a, struct trip);
    struct route *route = ARENA_NEW(a, struct route);
    trip->web = ARENA_NEW(a, struct web);
    trip->web->body_max = 4096;
    route->form = &spec;
    trip->arena = a;
    trip->c = *t->c;
    trip->c.request = &trip->q;
    trip->q.c = &trip->c;
    trip->q.route = route;
    trip->type = str_of(type);
    return trip;
}

static enum err read_bytes(struct test *t, struct str body, struct sample *ret)
{
    struct trip *trip = trip_for(t, "multipart/form-data; boundary=AaB03x");
    enum err e = fields_multipart(trip, body);
    if (e == E_OK)
        e = form_read(&trip->c, &trip->q, &spec, ret);
    t->c->refusal = trip->c.refusal;
    return e;
}

static enum err read_text(struct test *t, const char *body)
{
    struct sample s;
    return read_bytes(t, str_of(body), &s);
}

void test_web__a_form_with_a_file_is_read(struct test *t)
{
    static const char body[] =
        BEGIN "name=\"name\"\r\n\r\n张三" /* no type: UTF-8 */
              "\r\n" BEGIN "name=\"file\"; filename=\"表格.pdf\"\r\n"
              "Content-Type: application/pdf\r\n\r\n%PDF-\x00\r\n--AaB03\r\n" END;
    struct sample s;
    assert_int_equal(read_bytes(t, (struct str){body, sizeof body - 1}, &s), E_OK);
    assert_true(str_is(s.name, "张三"));
    assert_true(str_is(s.file.name, "表格.pdf"));
    assert_int_equal(s.file.bytes.n,
                     17); /* with its NUL, its line ends and what only looks like the boundary */
    assert_memory_equal(s.file.bytes.p, "%PDF-\x00\r\n--AaB03\r\n", 17);
    assert_null(s.other.bytes.p);
}

void test_web__a_quoted_boundary_is_the_same(struct test *t)
{
    static const char *const types[] = {"multipart/form-data; boundary=\"AaB03x\"",
                                        "multipart/form-data;charset=utf-8 ;BOUNDARY=AaB03x"};
    for (size_t i = 0; i < 2; i++) {
        struct trip *trip = trip_for(t, types[i]);
        assert_int_equal(fields_multipart(trip, STR(BEGIN "name=\"name\"\r\n\r\nx" END)), E_OK);
        assert_int_equal(trip->q.field_count, 1);
    }
}

void test_web__names_of_files_lose_their_path(struct test *t)
{
    static const char *const names[][2] = {{"C:\\docs\\a.pdf", "a.pdf"},
                                           {"../../etc/passwd", "passwd"},
                                           {"a%22b.pdf", "a\"b.pdf"},
                                           {"a\\\"b.pdf", "a\"b.pdf"},
                                           {"a\tb", "ab"},
                                           {"dir/", ""}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct sample s;
        struct str body =
            str_fmt(t->c->arena, BEGIN "name=\"file\"; filename=\"%s\"\r\n\r\nx" END, names[i][0]);
        assert_int_equal(read_bytes(t, body, &s), E_OK);
        assert_string_equal(str_z(t->c->arena, s.file.name), names[i][1]);
    }
}

void test_web__a_file_that_was_not_chosen_is_asked_for(struct test *t)
{
    assert_int_equal(read_text(t, BEGIN "name=\"file\"; filename=\"\"\r\n\r\n" END), E_FIELD_FILE);
    assert_true(str_is(refusal_sentence(t->c), "请选择表格"));
    assert_int_equal(read_text(t, BEGIN "name=\"file\"\r\n\r\nform.pdf" END), E_FIELD_FILE);
    assert_int_equal(read_text(t, BEGIN "name=\"file\"; filename=\"a\"\r\n\r\n" END),
                     E_FIELD_FILE_EMPTY);
}

void test_web__files_are_refused_where_they_do_not_fit(struct test *t)
{
    struct sample s;
    char *large = arena_alloc(t->c->arena, 2049);
    memset(large, 'x', 2049);
    struct str body =
        str_fmt(t->c->arena, BEGIN "name=\"file\"; filename=\"a\"\r\n\r\n%.*s" END, 2049, large);
    assert_int_equal(read_bytes(t, body, &s), E_FIELD_FILE_LARGE);
    assert_true(str_is(refusal_sentence(t->c), "表格太大，最多 2 KB，请换一个小一点的"));
    assert_int_equal(read_text(t, BEGIN "name=\"name\"; filename=\"a\"\r\n\r\nx" END),
                     E_FILE_UNEXPECTED);
    assert_int_equal(read_text(t, BEGIN "name=\"nobody\"; filename=\"a\"\r\n\r\nx" END),
                     E_FILE_UNEXPECTED);
    assert_int_equal(read_text(t, BEGIN "name=\"file\"; filename=\"a\"\r\n\r\nx\r\n" BEGIN
                                        "name=\"file\"; filename=\"b\"\r\n\r\ny" END),
                     E_FIELD_SEVERAL);
}

/* Everything cut short, and everything two programs on the way could read differently. */
void test_web__broken_bodies_with_files_are_refused(struct test *t)
{
    static const char *const bodies[] =
        {"",
         "--",
         "--AaB03x",
         "--AaB03x\r\n",
         "x--AaB03x--\r\n",
         "\r\n--AaB03x--\r\n",
         "--AaB03y\r\n" BEGIN "name=\"name\"\r\n\r\nx" END,
         BEGIN "name=\"name\"",
         BEGIN "name=\"name\"\r\n",
         BEGIN "name=\"name\"\r\n\r\n",
         BEGIN "name=\"name\"\r\n\r\nx",
         BEGIN "name=\"name\"\r\n\r\nx\r\n--AaB03x",
         BEGIN "name=\"name\"\r\n\r\nx\r\n--AaB03x-",
         BEGIN "name=\"name\"\r\n\r\nx\r\n--AaB03xy\r\n",
         BEGIN "name=\"name\"\r\n\r\nx\r\n--AaB03x--\r\nmore",
         BEGIN "name=\"name\n\r\n\r\nx" END,
         BEGIN "name=\"\"\r\n\r\nx" END,
         BEGIN "nom=\"a\"\r\n\r\nx" END,
         BEGIN "name=\"a\"; name=\"b\"\r\n\r\nx" END,
         BEGIN "name=\"file\"; filename=\"a\"; filename=\"b\"\r\n\r\nx" END,
         BEGIN "name=\"a\" b\r\n\r\nx" END,
         BEGIN "name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nx" END,
         BEGIN "name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\neA==" END,
         BEGIN "name=\"a\"\r\nno colon\r\n\r\nx" END,
         "--AaB03x\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx" END,
         "--AaB03x\r\nContent-Type: text/plain\r\n\r\nx" END,
         "--AaB03x\r\n\r\nx" END,
         BEGIN "name=\"name\"\n\nx\n--AaB03x--\n"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (read_text(t, bodies[i]) != E_PARTS_BROKEN)
            fail_msg("taken: %s", bodies[i]);
    static const char *const types[] = {"multipart/form-data", "multipart/form-data;",
                                        "multipart/form-data; boundary=",
                                        "multipart/form-data; boundary=\"AaB03x",
                                        "multipart/form-data; boundary=\"AaB03x \""};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_int_equal(fields_multipart(trip_for(t, types[i]),
                                          STR(BEGIN "name=\"name\"\r\n\r\nx" END)),
                         E_PARTS_BROKEN);
}

void test_web__texts_beside_files_have_their_own_limit(struct test *t)
{
    struct sample s;
    char *large = arena_alloc(t->c->arena, 4097);
    memset(large, 'x', 4097);
    assert_int_equal(read_bytes(t,
                                str_fmt(t->c->arena, BEGIN "name=\"name\"\r\n\r\n%.*s" END, 4097,
                                        large),
                                &s),
                     E_BODY_LARGE);
    assert_int_equal(read_text(t, BEGIN "name=\"name\"\r\n\r\n\xff" END), E_TEXT_UNREADABLE);
    assert_int_equal(read_text(t, BEGIN "name=\"\xff\"\r\n\r\nx" END), E_TEXT_UNREADABLE);
    struct buf b;
    buf_init(&b, t->c->arena, 1 << 20);
    for (int i = 0; i <= VALUES_MAX; i++)
        buf_lit(&b, BEGIN "name=\"a\"\r\n\r\n\r\n");
    buf_lit(&b, "--AaB03x--");
    assert_int_equal(read_bytes(t, buf_as_str(&b), &s), E_FIELDS_MANY);
}
