/* Query, form and JSON body become one list of names and values, in the order path, query, body.
 * A JSON object inside is flattened with an underscore (applicant.name → applicant_name), a list of
 * plain values becomes the name repeated; lists of objects stay in request.json for the handler.
 * Files come as multipart (multipart.c), where the form declares them. */
#include <jansson.h> /* before json.h, whose short names it would clash with */

#include "server.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define NAME_MAX_BYTES 64
#define JSON_DEPTH_MAX 4

enum err field_add(struct trip *t, struct str name, struct str value)
{
    struct request *q = &t->q;
    if (name.n > NAME_MAX_BYTES)
        return fail(&t->c, E_FIELDS_MANY, "field name of %zu bytes", name.n);
    if (q->field_count == VALUES_MAX)
        return fail(&t->c, E_FIELDS_MANY, "more than %d values", VALUES_MAX);
    if (q->field_count == t->field_room) {
        size_t room = t->field_room == 0 ? 16 : t->field_room * 2;
        struct field_value *wider = ARENA_ARRAY(t->arena, struct field_value, room);
        if (q->field_count > 0)
            memcpy(wider, q->fields, q->field_count * sizeof *wider);
        q->fields = wider;
        t->field_room = room;
    }
    q->fields[q->field_count++] = (struct field_value){name, value};
    return E_OK;
}

/* Different names, where a name repeated in a row counts once. */
static enum err check_count(struct trip *t)
{
    size_t names = 0;
    for (size_t i = 0; i < t->q.field_count; i++)
        names += i == 0 || !str_eq(t->q.fields[i].name, t->q.fields[i - 1].name);
    if (names > FIELDS_MAX)
        return fail(&t->c, E_FIELDS_MANY, "%zu fields", names);
    return E_OK;
}

enum err fields_urlencoded(struct trip *t, struct str s)
{
    struct str rest = s;
    while (rest.n > 0) {
        struct str value = str_cut(&rest, '&'), name = str_cut(&value, '='), plain_name,
                   plain_value = STR("");
        if (name.n == 0)
            continue;
        if (!url_decode(t->arena, name, true, &plain_name) ||
            (value.p != NULL && !url_decode(t->arena, value, true, &plain_value)))
            return fail(&t->c, E_TEXT_UNREADABLE, "bytes that are not UTF-8, or a broken %%");
        TRY(field_add(t, plain_name, plain_value));
    }
    return E_OK;
}

static enum err flatten(struct trip *t, struct str name, json_t *v, int depth);

/* A field declared as json keeps its value whole. */
static bool is_kept_whole(const struct trip *t, const char *name)
{
    const struct form_spec *form = t->q.route != NULL ? t->q.route->form : NULL;
    for (size_t i = 0; form != NULL && i < form->count; i++)
        if (form->fields[i].type == FIELD_JSON && strcmp(form->fields[i].name, name) == 0)
            return true;
    return false;
}

static enum err flatten_object(struct trip *t, struct str prefix, json_t *object, int depth)
{
    const char *key;
    json_t *v;
    if (depth > JSON_DEPTH_MAX)
        return E_OK;
    json_object_foreach(object, key, v)
    {
        struct str name = str_of(key);
        if (depth == 0 && is_kept_whole(t, key))
            continue;
        if (name.n + prefix.n > NAME_MAX_BYTES)
            return fail(&t->c, E_FIELDS_MANY, "field name too long");
        if (prefix.n > 0)
            name = str_fmt(t->arena, "%.*s_%s", STR_ARG(prefix), key);
        else
            name = str_copy(t->arena, name);
        TRY(flatten(t, name, v, depth));
    }
    return E_OK;
}

static enum err flatten_array(struct trip *t, struct str name, json_t *array)
{
    size_t i;
    json_t *v;
    json_array_foreach(array, i, v)
    {
        if (json_is_object(v) || json_is_array(v))
            continue;
        TRY(flatten(t, name, v, JSON_DEPTH_MAX));
    }
    return E_OK;
}

static enum err flatten(struct trip *t, struct str name, json_t *v, int depth)
{
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        return flatten_object(t, name, v, depth + 1);
    case JSON_ARRAY:
        return flatten_array(t, name, v);
    case JSON_STRING:
        return field_add(t, name, (struct str){json_string_value(v), json_string_length(v)});
    case JSON_INTEGER:
        return field_add(t, name, str_fmt(t->arena, "%" PRId64, (int64_t)json_integer_value(v)));
    case JSON_REAL:
        return field_add(t, name, str_fmt(t->arena, "%.17g", json_real_value(v)));
    case JSON_TRUE:
        return field_add(t, name, STR("1"));
    case JSON_FALSE:
        return field_add(t, name, STR("0"));
    case JSON_NULL:
    default:
        return E_OK;
    }
}

static void drop_json(void *json)
{
    json_decref(json);
}

enum err fields_json(struct trip *t, struct str s)
{
    json_error_t where;
    if (!str_is_utf8(s))
        return fail(&t->c, E_TEXT_UNREADABLE, "JSON that is not UTF-8");
    json_t *json = json_loadb(s.p, s.n, JSON_REJECT_DUPLICATES, &where);
    if (json == NULL)
        return fail(&t->c, E_BODY_UNREADABLE, "JSON, line %d column %d", where.line, where.column);
    arena_defer(t->arena, drop_json, json);
    if (!json_is_object(json))
        return fail(&t->c, E_BODY_UNREADABLE, "JSON that is not an object");
    t->q.json = json;
    return flatten_object(t, STR_NONE, json, 0);
}

static bool type_is(struct str type, const char *name)
{
    size_t n = strlen(name);
    return type.n >= n && strncasecmp(type.p, name, n) == 0 &&
           (type.n == n || type.p[n] == ';' || type.p[n] == ' ');
}

static enum err read_body(struct trip *t)
{
    struct str body = buf_as_str(&t->body);
    if (body.n == 0)
        return E_OK;
    if (type_is(t->type, "application/json"))
        return fields_json(t, body);
    if (type_is(t->type, "application/x-www-form-urlencoded"))
        return fields_urlencoded(t, body);
    const struct form_spec *form = t->q.route != NULL ? t->q.route->form : NULL;
    if (form != NULL && form->file_bytes > 0 && type_is(t->type, "multipart/form-data"))
        return fields_multipart(t, body);
    return fail(&t->c, E_TYPE_UNKNOWN, "content type");
}

/* ?lang= holds for one answer; the cookie is set by /preferences. */
static void read_language(struct trip *t)
{
    for (size_t i = t->path_count; i < t->path_count + t->query_count; i++) {
        const struct field_value *f = &t->q.fields[i];
        if (str_is(f->name, "lang") && (str_is(f->value, "en") || str_is(f->value, "zh")))
            t->c.lang = str_is(f->value, "en") ? LANG_EN : LANG_ZH;
    }
}

enum err intake_fields(struct trip *t)
{
    struct request *q = &t->q;
    if (q->route != NULL)
        for (int i = 0; i < 4; i++) {
            struct str name = pattern_name(q->route->pattern, i);
            if (name.p == NULL)
                break;
            TRY(field_add(t, name, q->path_values[i]));
        }
    t->path_count = q->field_count;
    struct str query = str_of(t->uri);
    str_cut(&query, '?');
    if (query.p != NULL) {
        struct str before_fragment = str_cut(&query, '#');
        TRY(fields_urlencoded(t, before_fragment));
    }
    t->query_count = q->field_count - t->path_count;
    read_language(t);
    TRY(read_body(t));
    TRY(check_count(t));
    q->key = t->is_unsafe ? header_of(t, "Idempotency-Key") : STR_NONE;
    for (size_t i = t->path_count + t->query_count; i < q->field_count; i++)
        if (str_is(q->fields[i].name, "key"))
            q->key = q->fields[i].value;
    return E_OK;
}
