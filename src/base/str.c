/* Texts with their length, and UTF-8 by its definition (Unicode 15, table 3-7: well-formed byte
 * sequences). str_is_utf8() is the gate that everything from outside passes once, so it takes
 * eight ASCII bytes at a step; the functions that walk code points may then trust the text, but
 * still never read past its end. */
#include "str.h"

#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str str_of(const char *terminated)
{
    return terminated == NULL ? STR_NONE : (struct str){terminated, strlen(terminated)};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str a, const char *terminated)
{
    return str_eq(a, str_of(terminated));
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

ptrdiff_t str_find(struct str s, struct str part)
{
    if (part.n == 0)
        return 0;
    if (s.n < part.n)
        return -1;
    const char *found = memmem(s.p, s.n, part.p, part.n);
    return found == NULL ? -1 : found - s.p;
}

static bool is_ascii_blank(char ch)
{
    return ch == ' ' || (ch >= '\t' && ch <= '\r');
}

struct str str_trim(struct str s)
{
    struct str wide = STR("\xe3\x80\x80"); /* U+3000, what a Chinese keyboard's space bar gives */
    while (s.n > 0) {
        size_t n = is_ascii_blank(s.p[0]) ? 1 : str_starts(s, wide) ? wide.n : 0;
        if (n == 0)
            break;
        s = (struct str){s.p + n, s.n - n};
    }
    while (s.n > 0) {
        size_t n = is_ascii_blank(s.p[s.n - 1]) ? 1 : str_ends(s, wide) ? wide.n : 0;
        if (n == 0)
            break;
        s.n -= n;
    }
    return s;
}

struct str str_cut(struct str *rest, char separator)
{
    struct str part = *rest;
    const char *found = part.n == 0 ? NULL : memchr(part.p, separator, part.n);
    if (found == NULL) {
        *rest = STR_NONE;
        return part;
    }
    part.n = (size_t)(found - part.p);
    *rest = (struct str){found + 1, rest->n - part.n - 1};
    return part;
}

struct str str_copy(struct arena *a, struct str s)
{
    if (s.p == NULL)
        return STR_NONE;
    if (s.n == 0)
        return STR("");
    char *p = arena_bytes(a, s.n);
    memcpy(p, s.p, s.n);
    return (struct str){p, s.n};
}

const char *str_z(struct arena *a, struct str s)
{
    if (s.n == 0)
        return "";
    char *p = arena_bytes(a, s.n + 1);
    memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return p;
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
    char first[256];
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(first, sizeof first, fmt, args);
    va_end(args);
    struct str s = STR("");
    if (n > 0) {
        char *p = arena_bytes(a, (size_t)n + 1);
        if ((size_t)n < sizeof first)
            memcpy(p, first, (size_t)n + 1);
        else
            vsnprintf(p, (size_t)n + 1, fmt, again);
        s = (struct str){p, (size_t)n};
    }
    va_end(again);
    return s;
}

bool str_to_int(struct str s, int64_t *ret_value)
{
    size_t at = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
    bool negative = at == 1 && s.p[0] == '-';
    if (at == s.n)
        return false;
    int64_t value = 0;
    for (; at < s.n; at++) {
        int digit = s.p[at] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

/* Length of the well-formed sequence at p, or 0. The second byte's range is what shuts out
 * overlong forms, surrogates and what lies past U+10FFFF. */
static size_t sequence_length(const unsigned char *p, size_t room)
{
    unsigned char lead = p[0], low = 0x80, high = 0xbf;
    size_t n;
    if (lead < 0x80)
        return lead != 0;
    if (lead >= 0xc2 && lead <= 0xdf)
        n = 2;
    else if (lead >= 0xe0 && lead <= 0xef)
        n = 3;
    else if (lead >= 0xf0 && lead <= 0xf4)
        n = 4;
    else
        return 0;
    if (lead == 0xe0)
        low = 0xa0;
    else if (lead == 0xed)
        high = 0x9f;
    else if (lead == 0xf0)
        low = 0x90;
    else if (lead == 0xf4)
        high = 0x8f;
    if (room < n || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

bool str_is_utf8(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t at = 0;
    while (at < s.n) {
        uint64_t eight;
        if (s.n - at >= sizeof eight) {
            memcpy(&eight, p + at, sizeof eight);
            /* No high bit, and no zero byte (a zero byte borrows when 1 is taken from it). */
            if (((eight | (eight - 0x0101010101010101)) & 0x8080808080808080) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        size_t n = sequence_length(p + at, s.n - at);
        if (n == 0)
            return false;
        at += n;
    }
    return true;
}

size_t str_chars(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return count;
}

struct str str_head(struct str s, size_t chars)
{
    size_t at = 0;
    while (at < s.n && chars > 0) {
        at++;
        while (at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
            at++;
        chars--;
    }
    return (struct str){s.p, at};
}

uint32_t str_next_char(struct str s, size_t *at)
{
    if (*at >= s.n)
        return 0;
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (n > s.n - *at)
        n = s.n - *at;
    uint32_t ch = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        ch = ch << 6 | (p[i] & 0x3fu);
    *at += n;
    return ch;
}
