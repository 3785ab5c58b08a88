/* Hostile bodies: the first byte chooses form or JSON, the rest is the body. Whatever is read must be
 * clean text under the limits, and a form with a field of each type is read out of it: each value
 * that is accepted must be what its type promises. */
#include <jansson.h> /* before json.h */

#include "server.h"

#include "clock.h"

#include <stdlib.h>
#include <string.h>

#define ROOM ((size_t)256 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const words[] = {"big", "small", NULL};

struct sample {
    struct str a, phone, id_no, uscc, token, more;
    int64_t n, id, at;
    int32_t on;
    bool flag;
    int size;
    struct texts list;
};
#define FIELD(field, kind, ...) {.name = #field, .type = kind, .offset = offsetof(struct sample, field), __VA_ARGS__}
static const struct field_spec fields[] = {
    FIELD(a, FIELD_TEXT, .max = 40),      FIELD(phone, FIELD_PHONE),
    FIELD(id_no, FIELD_ID_NO),            FIELD(uscc, FIELD_USCC),
    FIELD(token, FIELD_TOKEN),            FIELD(more, FIELD_JSON, .max = 1000),
    FIELD(n, FIELD_INT, .min = 1, .max = 9, .default_int = 4), FIELD(id, FIELD_ID),
    FIELD(at, FIELD_INSTANT),             FIELD(on, FIELD_DATE),
    FIELD(flag, FIELD_FLAG),              FIELD(size, FIELD_CHOICE, .choices = words, .default_int = -1),
    FIELD(list, FIELD_TEXTS, .max = 10),
};
#define FIELD_COUNT (sizeof fields / sizeof *fields)

static void check(bool right)
{
    if (!right)
        abort();
}

static void check_sample(const struct sample *s)
{
    check(s->n >= 1 && s->n <= 9);
    check(s->id >= 0 && (s->size == -1 || s->size == 0 || s->size == 1));
    check(s->on == 0 || date_is_valid(s->on));
    check(str_is_utf8(s->a) && str_chars(s->a) <= 40);
    check(s->token.n <= 100 && s->phone.n <= 30 && s->id_no.n <= 30 && (s->uscc.n == 18 || s->uscc.p == NULL));
    check(s->list.n <= VALUES_MAX);
    for (size_t i = 0; i < s->list.n; i++)
        check(s->list.v[i].n > 0 && str_chars(s->list.v[i]) <= 10);
}

/* Each field alone, so that one that is wrong does not keep the others from being read. */
static void read_fields(struct trip *t)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        struct form_spec spec = {
            .name = "sample", .fields = &fields[i], .count = 1, .struct_size = sizeof(struct sample)};
        struct sample s;
        if (form_read(&t->c, &t->q, &spec, &s) != E_OK) {
            check(t->c.refusal.field != NULL && refusal_sentence(&t->c).n > 0);
            continue;
        }
        if (fields[i].type != FIELD_INT)
            s.n = 1;
        if (fields[i].type != FIELD_CHOICE)
            s.size = -1;
        check_sample(&s);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *a = arena_new(ROOM);
    struct trip *t = ARENA_NEW(a, struct trip);
    struct str body = {(const char *)data + 1, size - 1};
    t->arena = a;
    t->c = (struct ctx){.arena = a, .now = INT64_C(1772413200000), .zone_minutes = ZONE_CHINA_MINUTES, .request = &t->q};
    t->q.c = &t->c;
    enum err e = data[0] % 2 == 0 ? fields_urlencoded(t, body) : fields_json(t, body);
    check(t->q.field_count <= VALUES_MAX);
    for (size_t i = 0; i < t->q.field_count; i++)
        check(str_is_utf8(t->q.fields[i].name) && str_is_utf8(t->q.fields[i].value));
    if (e == E_OK)
        read_fields(t);
    arena_free(a);
    return 0;
}
