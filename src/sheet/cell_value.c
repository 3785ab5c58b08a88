/* What a cell holds, as the text that a person would have typed into a CSV. Pure rules. */
#include "buf.h"
#include "clock.h"
#include "workbook.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAST_DAY    2958465 /* 9999-12-31 in the calendar of 1900 */
#define DAY_SECONDS 86400

/* --- number formats ---------------------------------------------------------------------- */

static bool builtin_is_date(int64_t id)
{
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

/* Index behind a quoted text, an escaped character or a [section] at i; i itself when none is there. */
static size_t skip_literal(struct str code, size_t i)
{
    char open = code.p[i];
    if (open == '\\' || open == '_' || open == '*')
        return i + 2;
    if (open != '"' && open != '[')
        return i;
    for (i++; i < code.n && code.p[i] != (open == '"' ? '"' : ']');)
        i++;
    return i + 1;
}

bool format_is_date(int64_t id, struct str code)
{
    if (id >= 0 && code.n == 0)
        return builtin_is_date(id);
    for (size_t i = 0; i < code.n && code.p[i] != ';';) {
        size_t behind = skip_literal(code, i);
        if (behind == i + 3 && code.p[i] == '[') { /* [h] [m] [s]: a time that passed, no date */
            char unit = (char)(code.p[i + 1] | 0x20);
            if (unit == 'h' || unit == 'm' || unit == 's')
                return false;
        }
        if (behind == i) {
            char letter = (char)(code.p[i] | 0x20);
            if (letter == 'y' || letter == 'm' || letter == 'd' || letter == 'h' || letter == 's')
                return true;
            behind = i + 1;
        }
        i = behind;
    }
    return false;
}

/* --- dates and numbers ------------------------------------------------------------------- */

struct str serial_text(struct arena *a, double serial, bool is_1904)
{
    if (!(serial >= 0) || serial >= LAST_DAY + 1 - (is_1904 ? 1462 : 0))
        return STR_NONE;
    int64_t days = (int64_t)serial, seconds = llround((serial - (double)days) * DAY_SECONDS);
    if (seconds == DAY_SECONDS)
        days++, seconds = 0;
    struct str time = str_fmt(a, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                              (int)(seconds % 60));
    if (!is_1904 && days == 0)
        return time;
    if (!is_1904 && days == 60)
        return STR_NONE;
    int32_t date = is_1904 ? date_add(19040101, (int)days)
                           : date_add(19000101, (int)days - (days > 60 ? 2 : 1));
    struct str day = str_fmt(a, "%04d-%02d-%02d", date / 10000, date / 100 % 100, date % 100);
    return seconds == 0 ? day : str_fmt(a, "%.*s %.*s", STR_ARG(day), STR_ARG(time));
}

static bool is_whole(struct str s)
{
    size_t sign = s.n > 0 && s.p[0] == '-';
    for (size_t i = sign; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > sign && s.n - sign <= 15;
}

static bool read_number(struct str s, double *ret)
{
    char text[64], *end;
    if (s.n == 0 || s.n >= sizeof text || memchr("-.0123456789", s.p[0], 12) == NULL)
        return false;
    snprintf(text, sizeof text, "%.*s", STR_ARG(s));
    *ret = strtod(text, &end);
    return *end == '\0' && isfinite(*ret);
}

double number_value(struct str s)
{
    double value = 0;
    return read_number(s, &value) ? value : 0;
}

struct str number_text(struct arena *a, struct str s)
{
    double value;
    char text[512];
    if (is_whole(s))
        return str_copy(a, s);
    if (!read_number(s, &value) || fabs(value) >= 1e15)
        return STR_NONE;
    snprintf(text, sizeof text, "%.15g", value);
    struct str shortest = str_of(text);
    if (str_find(shortest, STR("e")) >= 0) { /* only small ones have it, being below 1e15 */
        int digits = 14 - (int)floor(log10(fabs(value)));
        snprintf(text, sizeof text, "%.*f", digits < 300 ? digits : 300, value);
        shortest = str_of(text);
        while (shortest.n > 0 && shortest.p[shortest.n - 1] == '0')
            shortest.n--;
        shortest.n -= shortest.n > 0 && shortest.p[shortest.n - 1] == '.';
    }
    return str_copy(a, shortest);
}

/* --- escaped characters ------------------------------------------------------------------ */

static int hex_digit(char ch)
{
    return ch >= '0' && ch <= '9'   ? ch - '0'
           : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10
           : ch >= 'A' && ch <= 'F' ? ch - 'A' + 10
                                    : -1;
}

/* The character of _xHHHH_ at i, or 0: none, NUL or half of a pair. */
static unsigned escaped_at(struct str s, size_t i)
{
    if (s.n - i < 7 || s.p[i] != '_' || s.p[i + 1] != 'x' || s.p[i + 6] != '_')
        return 0;
    unsigned value = 0;
    for (size_t k = i + 2; k < i + 6; k++) {
        int digit = hex_digit(s.p[k]);
        if (digit < 0)
            return 0;
        value = value << 4 | (unsigned)digit;
    }
    return value >= 0xd800 && value < 0xe000 ? 0 : value;
}

static void put_char(struct buf *b, unsigned ch)
{
    if (ch < 0x80) {
        buf_char(b, (char)ch);
    } else if (ch < 0x800) {
        buf_char(b, (char)(0xc0 | ch >> 6));
        buf_char(b, (char)(0x80 | (ch & 0x3f)));
    } else {
        buf_char(b, (char)(0xe0 | ch >> 12));
        buf_char(b, (char)(0x80 | (ch >> 6 & 0x3f)));
        buf_char(b, (char)(0x80 | (ch & 0x3f)));
    }
}

struct str unescape(struct arena *a, struct str s)
{
    if (str_find(s, STR("_x")) < 0)
        return s;
    struct buf b;
    buf_init(&b, a, s.n + 1);
    for (size_t i = 0; i < s.n;) {
        unsigned ch = escaped_at(s, i);
        if (ch != 0)
            put_char(&b, ch);
        else
            buf_char(&b, s.p[i]);
        i += ch != 0 ? 7 : 1;
    }
    return buf_as_str(&b);
}
