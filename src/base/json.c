/* JSON (RFC 8259) as it is written to clients and into the journal. A bit a level remembers
 * whether a comma is due; a name takes it away for the value that follows. Texts are copied in runs
 * between the few bytes that need an escape. */
#include "json.h"

#include "clock.h"
#include "fault.h"

#define DEPTH_MAX 64

void json_init(struct json *j, struct buf *b, int zone_minutes)
{
    *j = (struct json){.b = b, .zone_minutes = zone_minutes};
}

static uint64_t level_bit(const struct json *j)
{
    return UINT64_C(1) << (j->depth & 63);
}

static void before_value(struct json *j)
{
    if (j->has_items & level_bit(j))
        buf_char(j->b, ',');
    j->has_items |= level_bit(j);
}

static void open_level(struct json *j, char bracket)
{
    before_value(j);
    BUG_IF(j->depth + 1 >= DEPTH_MAX);
    j->depth++;
    j->has_items &= ~level_bit(j);
    buf_char(j->b, bracket);
}

static void close_level(struct json *j, char bracket)
{
    BUG_IF(j->depth == 0);
    j->depth--;
    buf_char(j->b, bracket);
}

void json_open_object(struct json *j)
{
    open_level(j, '{');
}

void json_open_array(struct json *j)
{
    open_level(j, '[');
}

void json_end_object(struct json *j)
{
    close_level(j, '}');
}

void json_end_array(struct json *j)
{
    close_level(j, ']');
}

void json_name(struct json *j, const char *name)
{
    BUG_IF(j->depth == 0);
    before_value(j);
    j->has_items &= ~level_bit(j);
    buf_char(j->b, '"');
    buf_put(j->b, name, strlen(name));
    buf_lit(j->b, "\":");
}

static bool needs_look(unsigned char ch)
{
    return ch < 0x20 || ch == '"' || ch == '\\' || ch == '/';
}

static void put_escape(struct buf *b, unsigned char ch)
{
    switch (ch) {
    case '\b':
        buf_lit(b, "\\b");
        return;
    case '\f':
        buf_lit(b, "\\f");
        return;
    case '\n':
        buf_lit(b, "\\n");
        return;
    case '\r':
        buf_lit(b, "\\r");
        return;
    case '\t':
        buf_lit(b, "\\t");
        return;
    default:
        break;
    }
    if (ch < 0x20) {
        static const char digits[] = "0123456789abcdef";
        char escape[6] = {'\\', 'u', '0', '0', digits[ch >> 4], digits[ch & 15]};
        buf_put(b, escape, sizeof escape);
    } else {
        char escape[2] = {'\\', (char)ch};
        buf_put(b, escape, sizeof escape);
    }
}

void json_text(struct json *j, struct str s)
{
    if (s.p == NULL) {
        json_put_null(j);
        return;
    }
    before_value(j);
    buf_char(j->b, '"');
    size_t done = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (!needs_look(ch) || (ch == '/' && (i == 0 || s.p[i - 1] != '<')))
            continue;
        buf_put(j->b, s.p + done, i - done);
        put_escape(j->b, ch);
        done = i + 1;
    }
    buf_put(j->b, s.p + done, s.n - done);
    buf_char(j->b, '"');
}

void json_int(struct json *j, int64_t v)
{
    before_value(j);
    buf_int(j->b, v);
}

void json_id(struct json *j, int64_t id)
{
    if (id == 0) {
        json_put_null(j);
        return;
    }
    before_value(j);
    buf_char(j->b, '"');
    buf_int(j->b, id);
    buf_char(j->b, '"');
}

void json_flag(struct json *j, bool v)
{
    before_value(j);
    if (v)
        buf_lit(j->b, "true");
    else
        buf_lit(j->b, "false");
}

void json_date(struct json *j, int32_t date)
{
    if (date == 0) {
        json_put_null(j);
        return;
    }
    char text[DATE_TEXT_MAX];
    size_t n = date_print(text, date);
    before_value(j);
    buf_char(j->b, '"');
    buf_put(j->b, text, n);
    buf_char(j->b, '"');
}

void json_instant(struct json *j, int64_t at)
{
    if (at == 0) {
        json_put_null(j);
        return;
    }
    char text[INSTANT_TEXT_MAX];
    size_t n = instant_print(text, at, j->zone_minutes);
    before_value(j);
    buf_char(j->b, '"');
    buf_put(j->b, text, n);
    buf_char(j->b, '"');
}

void json_put_null(struct json *j)
{
    before_value(j);
    buf_lit(j->b, "null");
}

void json_raw(struct json *j, struct str json)
{
    if (json.p == NULL) {
        json_put_null(j);
        return;
    }
    before_value(j);
    buf_str(j->b, json);
}
