/* Hostile bodies with files: the first line is the content type, the rest the body. Whatever is read lies within the
 * body and under the limits, names are clean, and writing what was read as a sound body gives it back. */
#include "server.h"

#include <stdlib.h>
#include <string.h>

#define ROOM ((size_t)256 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sample {
    struct upload file;
};
static const struct field_spec fields[] = {{.name = "file",
                                            .type = FIELD_FILE,
                                            .max = 1000,
                                            .label = "file",
                                            .offset = offsetof(struct sample, file)}};
static const struct form_spec spec = {.name = "sample",
                                      .fields = fields,
                                      .count = 1,
                                      .struct_size = sizeof(struct sample),
                                      .file_bytes = 1000};
static struct web web = {.body_max = 65536};
static const struct route route = {.form = &spec};

static void check(bool right)
{
    if (!right)
        abort();
}

static struct trip *trip_in(struct arena *a, struct str type)
{
    struct trip *t = ARENA_NEW(a, struct trip);
    t->web = &web;
    t->arena = a;
    t->c = (struct ctx){.arena = a, .request = &t->q};
    t->q.c = &t->c;
    t->q.route = &route;
    t->type = type;
    return t;
}

static void check_read(const struct trip *t, struct str body)
{
    check(t->q.field_count <= VALUES_MAX && t->q.file_count <= FILES_MAX);
    for (size_t i = 0; i < t->q.field_count; i++)
        check(str_is_utf8(t->q.fields[i].name) && str_is_utf8(t->q.fields[i].value));
    for (size_t i = 0; i < t->q.file_count; i++) {
        const struct upload *u = &t->q.files[i];
        check(str_is(u->field, "file") && str_is_utf8(u->name) && str_chars(u->name) <= 200);
        check(memchr(u->name.n > 0 ? u->name.p : "", '/', u->name.n) == NULL);
        check(u->bytes.p >= body.p && u->bytes.p + u->bytes.n <= body.p + body.n);
    }
}

/* A boundary that is in none of the files: then they come back as they were. */
static void check_comes_back(struct arena *a, const struct trip *t)
{
    struct buf b;
    buf_init(&b, a, (size_t)16 << 20);
    for (size_t i = 0; i < t->q.file_count; i++) {
        if (str_find(t->q.files[i].bytes, STR("--zzz-again-zzz")) >= 0)
            return;
        buf_lit(&b, "--zzz-again-zzz\r\nContent-Disposition: form-data; name=\"file\"; "
                    "filename=\"a\"\r\n\r\n");
        buf_str(&b, t->q.files[i].bytes);
        buf_lit(&b, "\r\n");
    }
    buf_lit(&b, "--zzz-again-zzz--");
    struct trip *again = trip_in(a, STR("multipart/form-data; boundary=zzz-again-zzz"));
    if (t->q.file_count == 0)
        return;
    check(fields_multipart(again, buf_as_str(&b)) == E_OK &&
          again->q.file_count == t->q.file_count);
    for (size_t i = 0; i < t->q.file_count; i++)
        check(str_eq(again->q.files[i].bytes, t->q.files[i].bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(ROOM);
    struct str body = {(const char *)data, size}, type = str_cut(&body, '\n');
    struct trip *t = trip_in(a, type);
    if (body.p != NULL) {
        enum err e = fields_multipart(t, body);
        check_read(t, body);
        struct sample s = {0};
        if (e == E_OK && form_read(&t->c, &t->q, &spec, &s) == E_OK)
            check(s.file.bytes.n <= 1000);
        if (e == E_OK)
            check_comes_back(a, t);
    }
    arena_free(a);
    return 0;
}
