/* Reads a declared form out of a request: one declaration, the same names and the same rules for a
 * browser's form and for JSON. The path's own values win over the body, the body over the query. A
 * plain field that is given twice in a body is refused, so that no two programs on the way can
 * read it differently. The first bad field ends it, named, with a sentence for the visitor. */
#include <jansson.h> /* before json.h, whose short names it would clash with */

#include "form.h"

#include "server.h"

#include <inttypes.h>
#include <string.h>

static enum err (*const checks[])(const struct check *k) = {
    [FIELD_TEXT] = check_text,   [FIELD_INT] = check_int,       [FIELD_ID] = check_id,
    [FIELD_FLAG] = check_flag,   [FIELD_DATE] = check_date,     [FIELD_INSTANT] = check_instant,
    [FIELD_PHONE] = check_phone, [FIELD_ID_NO] = check_id_no,   [FIELD_USCC] = check_uscc,
    [FIELD_TOKEN] = check_token, [FIELD_CHOICE] = check_choice, [FIELD_PASSWORD] = check_password,
};

struct counts { /* where path, query and body begin in request.fields */
    size_t path, query;
};

static struct counts counts_of(const struct request *q)
{
    struct trip *t = q->c != NULL ? trip_of(q->c) : NULL;
    if (t == NULL || q->fields != t->q.fields)
        return (struct counts){0, 0};
    return (struct counts){t->path_count, t->query_count};
}

static struct str bytes_text(struct ctx *c, int64_t bytes)
{
    int64_t mb = bytes >> 20;
    return mb > 0 ? str_fmt(c->arena, "%" PRId64 " MB", mb)
                  : str_fmt(c->arena, "%" PRId64 " KB", bytes >> 10);
}

static enum err refuse_field(struct ctx *c, const struct field_spec *f, enum err e)
{
    struct str label = f->label != NULL ? tr(c, f->label) : tr(c, "这一项");
    struct str min = str_fmt(c->arena, "%" PRId64, f->min),
               max = str_fmt(c->arena, "%" PRId64, f->max);
    (void)fail_field(c, e, f->name, "field %s", f->name);
    if (f->type == FIELD_FILE)
        max = bytes_text(c, f->max);
    c->refusal.text =
        tr_fill(c, err_table[e].sentence, "label", label, "min", min, "max", max, NULL);
    return e;
}

/* The value to take: of the path for the path's own fields, else the last of the body, else of the query. */
static const struct field_value *find(const struct request *q, const struct field_spec *f,
                                      size_t *ret_in_body)
{
    struct counts n = counts_of(q);
    size_t from = f->from_path ? 0 : n.path,
           to = f->from_path && n.path > 0 ? n.path : q->field_count;
    const struct field_value *found = NULL;
    *ret_in_body = 0;
    for (size_t i = from; i < to && i < q->field_count; i++)
        if (str_is(q->fields[i].name, f->name)) {
            found = &q->fields[i];
            *ret_in_body += i >= n.path + n.query;
        }
    return found;
}

static bool is_blank(const struct field_spec *f, struct str value)
{
    return f->type == FIELD_PASSWORD ? value.n == 0 : str_trim(value).n == 0;
}

static void put_default(const struct field_spec *f, void *to)
{
    switch (f->type) {
    case FIELD_INT:
    case FIELD_ID:
    case FIELD_INSTANT:
        *(int64_t *)to = f->default_int;
        break;
    case FIELD_DATE:
        *(int32_t *)to = (int32_t)f->default_int;
        break;
    case FIELD_CHOICE:
        *(int *)to = (int)f->default_int;
        break;
    case FIELD_FLAG:
        *(bool *)to = f->default_int != 0;
        break;
    case FIELD_TEXT:
    case FIELD_PHONE:
    case FIELD_ID_NO:
    case FIELD_USCC:
    case FIELD_TOKEN:
    case FIELD_PASSWORD:
    case FIELD_TEXTS:
    case FIELD_JSON:
    case FIELD_FILE:
    default:
        break; /* zeroed already: STR_NONE, no members */
    }
}

static enum err read_one(struct ctx *c, const struct request *q, const struct field_spec *f,
                         void *to)
{
    size_t in_body;
    const struct field_value *v = find(q, f, &in_body);
    if (in_body > 1 && f->type != FIELD_FLAG)
        return refuse_field(c, f, E_FIELD_SEVERAL);
    struct str value = v != NULL ? v->value : STR_NONE;
    if (is_blank(f, value)) {
        put_default(f, to);
        return f->required && f->type != FIELD_FLAG ? refuse_field(c, f, E_FIELD_MISSING) : E_OK;
    }
    if (f->type != FIELD_PASSWORD && f->type != FIELD_TEXT)
        value = str_trim(value);
    enum err e = checks[f->type](&(struct check){c, f, value, to});
    return e == E_OK ? E_OK : refuse_field(c, f, e);
}

/* A JSON value as it came, or the text of a form field. */
static enum err read_json(struct ctx *c, const struct request *q, const struct field_spec *f,
                          struct str *to)
{
    json_t *v = q->json != NULL ? json_object_get(q->json, f->name) : NULL;
    if (v == NULL || json_is_null(v)) {
        size_t in_body;
        const struct field_value *text = find(q, f, &in_body);
        if (text == NULL || is_blank(f, text->value))
            return f->required ? refuse_field(c, f, E_FIELD_MISSING) : E_OK;
        json_t *given = json_loadb(text->value.p, text->value.n,
                                   JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
        bool is_sound = given != NULL;
        json_decref(given);
        *to = text->value;
        return is_sound ? E_OK : refuse_field(c, f, E_FIELD_JSON);
    }
    size_t n = json_dumpb(v, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
    if (f->max > 0 && n > (size_t)f->max * 4)
        return refuse_field(c, f, E_FIELD_LONG);
    char *text = arena_alloc(c->arena, n + 1);
    *to = (struct str){text, json_dumpb(v, text, n, JSON_COMPACT | JSON_ENCODE_ANY)};
    return E_OK;
}

static enum err add_members(struct ctx *c, const struct field_spec *f, struct str value,
                            struct texts *list)
{
    struct str rest = value;
    while (rest.p != NULL) {
        struct str word = str_trim(str_cut(&rest, ','));
        if (word.n == 0)
            continue;
        enum err e = check_member(&(struct check){c, f, word, NULL}, &word);
        if (e != E_OK)
            return refuse_field(c, f, e);
        bool is_there = false;
        for (size_t i = 0; i < list->n && !is_there; i++)
            is_there = str_eq(list->v[i], word);
        if (is_there)
            continue;
        if (list->n == VALUES_MAX)
            return refuse_field(c, f, E_FIELD_CHOICE);
        if (list->n == 0 || (list->n >= 8 && (list->n & (list->n - 1)) == 0)) {
            struct str *wider = ARENA_ARRAY(c->arena, struct str, list->n == 0 ? 8 : list->n * 2);
            if (list->n > 0)
                memcpy(wider, list->v, list->n * sizeof *wider);
            list->v = wider;
        }
        list->v[list->n++] = word;
    }
    return E_OK;
}

static enum err read_list(struct ctx *c, const struct request *q, const struct field_spec *f,
                          struct texts *to)
{
    struct texts list = {NULL, 0};
    for (size_t i = counts_of(q).path; i < q->field_count; i++)
        if (str_is(q->fields[i].name, f->name))
            TRY(add_members(c, f, q->fields[i].value, &list));
    if (list.n == 0 && f->required)
        return refuse_field(c, f, E_FIELD_MISSING);
    *to = list;
    return E_OK;
}

/* A file; a text under its name is what a form sends that was not made for files. */
static enum err read_file(struct ctx *c, const struct request *q, const struct field_spec *f,
                          struct upload *to)
{
    const struct upload *found = NULL;
    size_t in_body, n = 0;
    const struct field_value *text = find(q, f, &in_body);
    for (size_t i = 0; i < q->file_count; i++)
        if (str_is(q->files[i].field, f->name)) {
            found = &q->files[i];
            n++;
        }
    if (n > 1)
        return refuse_field(c, f, E_FIELD_SEVERAL);
    if (found == NULL)
        return f->required || (text != NULL && text->value.n > 0) ? refuse_field(c, f, E_FIELD_FILE)
                                                                  : E_OK;
    if (found->bytes.n == 0)
        return refuse_field(c, f, E_FIELD_FILE_EMPTY);
    if (found->bytes.n > (size_t)f->max)
        return refuse_field(c, f, E_FIELD_FILE_LARGE);
    *to = *found;
    return E_OK;
}

enum err form_read(struct ctx *c, const struct request *q, const struct form_spec *spec,
                   void *ret_form)
{
    char *form = ret_form;
    memset(form, 0, spec->struct_size);
    for (size_t i = 0; i < spec->count; i++) {
        const struct field_spec *f = &spec->fields[i];
        if (f->type == FIELD_TEXTS)
            TRY(read_list(c, q, f, (struct texts *)(void *)(form + f->offset)));
        else if (f->type == FIELD_JSON)
            TRY(read_json(c, q, f, (struct str *)(void *)(form + f->offset)));
        else if (f->type == FIELD_FILE)
            TRY(read_file(c, q, f, (struct upload *)(void *)(form + f->offset)));
        else
            TRY(read_one(c, q, f, form + f->offset));
    }
    return E_OK;
}
