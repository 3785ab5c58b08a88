/* Templates of slips, and their bytes. A Chinese character is two columns wide, everything below U+0800
 * one: lines are wrapped here, because a printer that wraps by bytes tears characters apart. */
#include "slip.h"

#include "buf.h"
#include "encoding.h"

#include <string.h>

#define QR_TEXT_MOST   300
#define BYTES_MOST     (16 * 1024)
#define FEED_LINES     4
#define QR_MODULE_DOTS 6 /* a link of 60 bytes is 37 modules: 28 mm on paper of 8 dots a mm */

/* --- template --- */

static const struct slip_field *field_named(const struct slip_field *fields, struct str name)
{
    for (; fields->name != NULL; fields++)
        if (str_is(name, fields->name))
            return fields;
    return NULL;
}

/* Puts the fields of one line in; *ret_is_empty: it had fields, and none of them says anything. */
static bool fill_line(struct arena *a, struct str line, const struct slip_field *fields,
                      struct str *ret, bool *ret_is_empty, struct str *ret_word)
{
    struct buf b;
    size_t holes = 0, filled = 0;
    buf_init(&b, a, SLIP_TEMPLATE_MOST * 4);
    while (line.n > 0) {
        ptrdiff_t open = str_find(line, STR("{"));
        if (open < 0) {
            buf_str(&b, line);
            break;
        }
        buf_str(&b, (struct str){line.p, (size_t)open});
        struct str rest = {line.p + open + 1, line.n - (size_t)open - 1};
        ptrdiff_t end = str_find(rest, STR("}"));
        const struct slip_field *f =
            end < 0 ? NULL : field_named(fields, (struct str){rest.p, (size_t)end});
        if (f == NULL) {
            *ret_word = (struct str){line.p + open, end < 0 ? 1 : (size_t)end + 2};
            return false;
        }
        holes++;
        filled += f->value.n > 0 ? 1 : 0;
        buf_str(&b, f->value);
        line = (struct str){rest.p + end + 1, rest.n - (size_t)end - 1};
    }
    *ret = buf_as_str(&b);
    *ret_is_empty = holes > 0 && filled == 0;
    return !buf_overflowed(&b);
}

static void take_marks(struct str *line, struct slip_line *ret)
{
    *ret = (struct slip_line){.kind = SLIP_TEXT, .size = 1};
    for (;;) {
        *line = str_trim(*line);
        if (line->n == 0)
            return;
        if (line->p[0] == '#' && ret->size < 3)
            ret->size++;
        else if (line->p[0] == '*' && !ret->is_bold)
            ret->is_bold = true;
        else if (line->p[0] == '<' && !ret->is_left)
            ret->is_left = true;
        else
            return;
        *line = (struct str){line->p + 1, line->n - 1};
    }
}

bool slip_fill(struct arena *a, struct str template_text, const struct slip_field *fields,
               struct slip_lines *ret, int *ret_bad_line, struct str *ret_word)
{
    struct str rest = template_text;
    ret->n = 0;
    for (*ret_bad_line = 1; rest.p != NULL; (*ret_bad_line)++) {
        struct str line = str_cut(&rest, '\n');
        struct slip_line x;
        bool is_empty;
        take_marks(&line, &x);
        if (!fill_line(a, line, fields, &x.text, &is_empty, ret_word))
            return false;
        if (is_empty || (line.n == 0 && rest.p == NULL))
            continue;
        if (str_is(line, "---"))
            x.kind = SLIP_RULE;
        else if (str_is(line, "{qr}"))
            x.kind = SLIP_QR;
        *ret_word = line;
        if (ret->n == SLIP_LINES_MOST)
            return false;
        ret->v[ret->n++] = x;
    }
    return true;
}

/* --- bytes --- */

/* The next character of s and how many columns it takes; 0 at the end or where s is not UTF-8. */
static size_t char_bytes(struct str s, int *ret_columns)
{
    if (s.n == 0)
        return 0;
    unsigned char ch = (unsigned char)s.p[0];
    size_t n = ch < 0x80 ? 1 : ch < 0xe0 ? 2 : ch < 0xf0 ? 3 : 4;
    *ret_columns = n < 3 ? 1 : 2;
    return n <= s.n ? n : 0;
}

static bool put_text(struct arena *a, struct buf *b, struct str s)
{
    struct str gb;
    if (!encoding_to_gb18030(a, s, &gb))
        return false;
    for (size_t i = 0; i < gb.n; i++)
        buf_char(b, (unsigned char)gb.p[i] < 0x20 || gb.p[i] == 0x7f ? ' ' : gb.p[i]);
    return true;
}

static bool put_wrapped(struct arena *a, struct buf *b, struct str s, int columns)
{
    if (!str_is_utf8(s))
        return false;
    do {
        int used = 0, wide = 0;
        size_t n = 0, step;
        while ((step = char_bytes((struct str){s.p + n, s.n - n}, &wide)) > 0 &&
               used + wide <= columns) {
            used += wide;
            n += step;
        }
        if (n == 0 && s.n > 0)
            return false;
        if (!put_text(a, b, (struct str){s.p, n}))
            return false;
        buf_char(b, '\n');
        s = (struct str){s.p + n, s.n - n};
    } while (s.n > 0);
    return true;
}

static void put_bytes(struct buf *b, const char *bytes, size_t n)
{
    buf_put(b, bytes, n);
}
#define PUT(b, literal) put_bytes(b, literal, sizeof(literal) - 1)

/* GS ( k: model 2, size of a module, correction M, store, print. */
static bool put_qr(struct buf *b, struct str text)
{
    if (text.n == 0 || text.n > QR_TEXT_MOST)
        return false;
    PUT(b, "\x1d(k\x04\x00"
           "1A2\x00");
    PUT(b, "\x1d(k\x03\x00"
           "1C");
    buf_char(b, QR_MODULE_DOTS);
    PUT(b, "\x1d(k\x03\x00"
           "1E1");
    PUT(b, "\x1d(k");
    size_t n = text.n + 3;
    buf_char(b, (char)(n & 0xff));
    buf_char(b, (char)(n >> 8));
    PUT(b, "1P0");
    buf_str(b, text);
    PUT(b, "\x1d(k\x03\x00"
           "1Q0");
    return true;
}

static bool put_line(struct arena *a, struct buf *b, const struct slip_line *l, int columns)
{
    buf_char(b, '\x1b');
    buf_char(b, 'a');
    buf_char(b, l->is_left && l->kind == SLIP_TEXT ? 0 : 1);
    if (l->kind == SLIP_QR)
        return put_qr(b, l->text);
    if (l->kind == SLIP_RULE) {
        for (int i = 0; i < columns; i++)
            buf_char(b, '-');
        buf_char(b, '\n');
        return true;
    }
    buf_char(b, '\x1d');
    buf_char(b, '!');
    buf_char(b, (char)((l->size - 1) << 4 | (l->size - 1)));
    PUT(b, "\x1b"
           "E");
    buf_char(b, l->is_bold ? 1 : 0);
    return put_wrapped(a, b, l->text, columns / l->size);
}

struct str slip_bytes(struct arena *a, const struct slip_lines *lines, int columns)
{
    struct buf b;
    buf_init(&b, a, BYTES_MOST);
    PUT(&b, "\x1b@"
            "\x1c&");
    for (size_t i = 0; i < lines->n; i++)
        if (!put_line(a, &b, &lines->v[i], columns))
            return STR_NONE;
    PUT(&b, "\x1b"
            "d");
    buf_char(&b, FEED_LINES);
    PUT(&b, "\x1dVB\x00");
    return buf_overflowed(&b) ? STR_NONE : buf_as_str(&b);
}
