/* Bodies with files (multipart/form-data: RFC 7578, RFC 2046 5.1). A body is here whole and under its
 * limit before it is looked at, so the parts are slices of it and nothing is copied. libmicrohttpd's own
 * reader wants a live connection, takes what is cut short for finished, and follows nested multiparts;
 * this one refuses all that, and can be tested and fuzzed with bytes alone. Only a field that the form
 * declares as a file may be one. */
#include "server.h"

#include <string.h>
#include <strings.h>

#define BOUNDARY_MAX    70   /* RFC 2046 */
#define PART_HEAD_MAX   2048 /* bytes of a part's header lines */
#define FILE_NAME_CHARS 200

static enum err broken(struct trip *t, const char *what)
{
    return fail(&t->c, E_PARTS_BROKEN, "%s", what);
}

/* --- parameters of a header: name="value"; name=value --- */

static bool is_token_char(char ch)
{
    return ch > ' ' && ch < 0x7f && strchr("()<>@,;:\\\"/[]?=", ch) == NULL;
}

static void skip_blanks(struct str *s)
{
    while (s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t'))
        s->p++, s->n--;
}

static struct str take_token(struct str *s)
{
    size_t n = 0;
    while (n < s->n && is_token_char(s->p[n]))
        n++;
    struct str token = {s->p, n};
    *s = (struct str){s->p + n, s->n - n};
    return token;
}

/* As browsers write it: " is %22, CR and LF are %0D and %0A; others put \ before ". False without its end. */
static bool take_quoted(struct arena *a, struct str *s, struct str *ret)
{
    char *to = arena_alloc(a, s->n + 1);
    size_t n = 0, at = 1;
    for (; at < s->n && s->p[at] != '"'; at++) {
        bool is_quote = s->n - at > 2 && memcmp(s->p + at, "%22", 3) == 0;
        bool is_escape = s->p[at] == '\\' && at + 1 < s->n && s->p[at + 1] == '"';
        to[n++] = is_quote || is_escape ? '"' : s->p[at];
        at += is_quote ? 2 : is_escape ? 1 : 0;
    }
    if (at >= s->n)
        return false;
    *ret = (struct str){to, n};
    *s = (struct str){s->p + at + 1, s->n - at - 1};
    return true;
}

/* The next parameter of the rest of a header; false at its end or when it is broken. */
static bool next_parameter(struct arena *a, struct str *rest, struct str *ret_name,
                           struct str *ret_value)
{
    skip_blanks(rest);
    if (rest->n == 0 || rest->p[0] != ';')
        return false;
    rest->p++, rest->n--;
    skip_blanks(rest);
    *ret_name = take_token(rest);
    if (ret_name->n == 0 || rest->n == 0 || rest->p[0] != '=')
        return false;
    rest->p++, rest->n--;
    if (rest->n > 0 && rest->p[0] == '"')
        return take_quoted(a, rest, ret_value);
    *ret_value = take_token(rest);
    return true;
}

static bool is_word(struct str s, const char *word)
{
    return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static bool boundary_of(struct trip *t, struct str *ret)
{
    struct str rest = t->type, name, value;
    struct str kind = str_cut(&rest, ';');
    if (rest.p == NULL)
        return false;
    rest = (struct str){kind.p + kind.n, t->type.n - kind.n};
    while (next_parameter(t->arena, &rest, &name, &value))
        if (is_word(name, "boundary")) {
            *ret = value;
            return value.n > 0 && value.n <= BOUNDARY_MAX && value.p[value.n - 1] != ' ';
        }
    return false;
}

/* --- the head of a part --- */

struct part {
    struct str name, file_name; /* file_name STR_NONE: a plain field */
};

static enum err read_disposition(struct trip *t, struct str value, struct part *p)
{
    struct str rest = value, name, text;
    skip_blanks(&rest);
    if (!is_word(take_token(&rest), "form-data"))
        return broken(t, "a part that is no form-data");
    while (next_parameter(t->arena, &rest, &name, &text)) {
        bool is_name = is_word(name, "name"), is_file = is_word(name, "filename");
        if ((is_name && p->name.p != NULL) || (is_file && p->file_name.p != NULL))
            return broken(t, "a part with two names");
        if (is_name)
            p->name = text;
        else if (is_file)
            p->file_name = text;
    }
    skip_blanks(&rest);
    if (p->name.n == 0 || rest.n > 0)
        return broken(t, "a part without a sound name");
    if (!str_is_utf8(p->name) || !str_is_utf8(str_or_empty(p->file_name)))
        return fail(&t->c, E_TEXT_UNREADABLE, "the name of a part");
    return E_OK;
}

static enum err read_head_line(struct trip *t, struct str line, struct part *p)
{
    struct str value = line, name = str_cut(&value, ':');
    if (value.p == NULL || name.n == 0)
        return broken(t, "a header of a part without a colon");
    if (is_word(name, "Content-Disposition"))
        return p->name.p != NULL ? broken(t, "two dispositions") : read_disposition(t, value, p);
    if (!is_word(name, "Content-Transfer-Encoding"))
        return E_OK; /* a type is not believed anyway */
    value = str_trim(value);
    bool is_plain = is_word(value, "binary") || is_word(value, "8bit") || is_word(value, "7bit");
    return is_plain ? E_OK : broken(t, "an encoding of a part");
}

static bool cut_at(struct str *rest, const char *mark, size_t mark_n, struct str *ret)
{
    const char *at = rest->n == 0 ? NULL : memmem(rest->p, rest->n, mark, mark_n);
    if (at == NULL)
        return false;
    *ret = (struct str){rest->p, (size_t)(at - rest->p)};
    *rest = (struct str){at + mark_n, rest->n - ret->n - mark_n};
    return true;
}

/* The header lines up to the empty one; *rest is then the content. */
static enum err read_head(struct trip *t, struct str *rest, struct part *ret)
{
    struct str head = {rest->p, rest->n < PART_HEAD_MAX ? rest->n : PART_HEAD_MAX}, line;
    *ret = (struct part){STR_NONE, STR_NONE};
    while (cut_at(&head, "\r\n", 2, &line)) {
        if (line.n == 0) {
            size_t read = (size_t)(head.p - rest->p);
            *rest = (struct str){head.p, rest->n - read};
            return ret->name.p != NULL ? E_OK : broken(t, "a part without a name");
        }
        TRY(read_head_line(t, line, ret));
    }
    return broken(t, "the head of a part does not end");
}

/* --- what is in it --- */

static bool takes_file(const struct trip *t, struct str name)
{
    const struct form_spec *form = t->q.route != NULL ? t->q.route->form : NULL;
    for (size_t i = 0; form != NULL && i < form->count; i++)
        if (form->fields[i].type == FIELD_FILE && str_is(name, form->fields[i].name))
            return true;
    return false;
}

/* The last part of a path, without what cannot be shown, and not too long. */
static struct str plain_name(struct arena *a, struct str s)
{
    size_t from = s.n, n = 0;
    while (from > 0 && s.p[from - 1] != '/' && s.p[from - 1] != '\\')
        from--;
    char *to = arena_alloc(a, s.n - from + 1);
    for (size_t i = from; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x20 && s.p[i] != 0x7f)
            to[n++] = s.p[i];
    return str_trim(str_head((struct str){to, n}, FILE_NAME_CHARS));
}

static enum err add_file(struct trip *t, const struct part *p, struct str bytes)
{
    struct request *q = &t->q;
    if (p->file_name.n == 0 && bytes.n == 0)
        return E_OK; /* nothing was chosen */
    if (!takes_file(t, p->name))
        return fail(&t->c, E_FILE_UNEXPECTED, "file %.*s", STR_ARG(str_head(p->name, 60)));
    if (q->file_count == FILES_MAX)
        return fail(&t->c, E_FIELDS_MANY, "more than %d files", FILES_MAX);
    if (q->files == NULL)
        q->files = ARENA_ARRAY(t->arena, struct upload, FILES_MAX);
    q->files[q->file_count++] = (struct upload){p->name, plain_name(t->arena, p->file_name), bytes};
    return E_OK;
}

static enum err add_part(struct trip *t, const struct part *p, struct str content,
                         size_t *text_bytes)
{
    if (p->file_name.p != NULL)
        return add_file(t, p, content);
    *text_bytes += content.n + p->name.n;
    if (*text_bytes > t->web->body_max)
        return fail(&t->c, E_BODY_LARGE, "fields of %zu bytes beside files", *text_bytes);
    if (!str_is_utf8(content))
        return fail(&t->c, E_TEXT_UNREADABLE, "a part that is not UTF-8");
    return field_add(t, p->name, content.n == 0 ? STR("") : content);
}

/* --- the whole --- */

enum err fields_multipart(struct trip *t, struct str body)
{
    struct str boundary, rest = body, content;
    struct part part;
    struct buf mark;
    size_t text_bytes = 0;
    if (!boundary_of(t, &boundary))
        return broken(t, "no boundary");
    buf_init(&mark, t->arena, BOUNDARY_MAX + 8);
    buf_fmt(&mark, "\r\n--%.*s", STR_ARG(boundary));
    if (rest.n < mark.n - 2 || memcmp(rest.p, mark.p + 2, mark.n - 2) != 0)
        return broken(t, "it does not begin with its boundary");
    rest = (struct str){rest.p + mark.n - 2, rest.n - mark.n + 2};
    while (str_starts(rest, STR("\r\n"))) {
        rest = (struct str){rest.p + 2, rest.n - 2};
        TRY(read_head(t, &rest, &part));
        if (!cut_at(&rest, mark.p, mark.n, &content))
            return broken(t, "a part does not end");
        TRY(add_part(t, &part, content, &text_bytes));
    }
    bool is_end = str_starts(rest, STR("--")) && (rest.n == 2 || str_is(rest, "--\r\n"));
    return is_end ? E_OK : broken(t, "it does not end with its boundary");
}
