/* What a handler says besides its view: where the browser goes, cookies, a body of its own. */
#include "web.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define LOCATION_MAX 2048

void reply_refuse(struct reply *r, enum err e, const char *field)
{
    r->refuse = e;
    r->refuse_field = field;
}

void reply_see(struct reply *r, const char *fmt, ...)
{
    char *text = arena_alloc(r->c->arena, LOCATION_MAX);
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, LOCATION_MAX, fmt, args);
    va_end(args);
    struct str path = {text, n > 0 && n < LOCATION_MAX ? (size_t)n : 0};
    r->location = path_is_ours(path) ? path : STR("/");
}

/* A line break would begin a header of its own; a second slash would leave this site. */
bool path_is_ours(struct str path)
{
    if (path.n == 0 || path.n >= LOCATION_MAX || path.p[0] != '/' ||
        (path.n > 1 && path.p[1] == '/'))
        return false;
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)path.p[i] <= ' ' || (unsigned char)path.p[i] >= 0x7f ||
            path.p[i] == '\\')
            return false;
    return true;
}

void reply_back(struct reply *r, struct str back, const char *fallback)
{
    r->location = path_is_ours(back) ? back : str_of(fallback);
}

void reply_cookie(struct reply *r, const char *name, struct str value, int64_t seconds)
{
    BUG_IF(r->cookie_count == sizeof r->cookies / sizeof *r->cookies);
    r->cookies[r->cookie_count++] =
        str_fmt(r->c->arena, "%s=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%" PRId64, name,
                STR_ARG(value), seconds > 0 ? seconds : INT64_C(0));
}

struct str reply_file_name(struct ctx *c, struct str name)
{
    struct buf b;
    buf_init(&b, c->arena, 8192);
    buf_lit(&b, "inline; filename*=UTF-8''");
    for (size_t i = 0; i < name.n; i++) {
        unsigned char ch = (unsigned char)name.p[i];
        if ((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
            ch == '-' || ch == '_' || ch == '.')
            buf_char(&b, (char)ch);
        else
            buf_fmt(&b, "%%%02X", ch);
    }
    return buf_as_str(&b);
}

void reply_body(struct reply *r, const char *content_type, struct str body)
{
    r->content_type = str_of(content_type);
    r->body = body.p != NULL ? body : STR("");
}
