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
    /* A line break would begin a header of its own; a second slash would leave this site. */
    bool is_sound = n > 0 && n < LOCATION_MAX && text[0] == '/' && text[1] != '/';
    for (int i = 0; is_sound && i < n; i++)
        is_sound = (unsigned char)text[i] > ' ' && (unsigned char)text[i] < 0x7f && text[i] != '\\';
    r->location = is_sound ? (struct str){text, (size_t)n} : STR("/");
}

void reply_cookie(struct reply *r, const char *name, struct str value, int64_t seconds)
{
    BUG_IF(r->cookie_count == sizeof r->cookies / sizeof *r->cookies);
    r->cookies[r->cookie_count++] =
        str_fmt(r->c->arena, "%s=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%" PRId64, name, STR_ARG(value),
                seconds > 0 ? seconds : INT64_C(0));
}

void reply_body(struct reply *r, const char *content_type, struct str body)
{
    r->content_type = str_of(content_type);
    r->body = body.p != NULL ? body : STR("");
}
