/* GB18030 has no mark of its own, so it is told from UTF-8 by the lines that are well-formed UTF-8:
 * by chance a line of GBK with a few characters can be, a longer one practically never. */
#include "encoding.h"

#include "buf.h"
#include "fault.h"

#include <errno.h>
#include <iconv.h>

#define CHINESE_SURE     4  /* so many in a well-formed line: UTF-8, not chance */
#define CHANCE_PER_LINES 10 /* at most one line in ten is well-formed by chance */

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

/* Does the text hold lines of Chinese UTF-8? */
static bool has_utf8_lines(struct str text)
{
    size_t lines = 0, well_formed = 0;
    for (struct str rest = text; rest.p != NULL;) {
        struct str line = str_cut(&rest, '\n');
        if (is_ascii(line))
            continue;
        lines++;
        if (!str_is_utf8(line))
            continue;
        size_t long_ones = 0;
        for (size_t i = 0; i < line.n; i++)
            long_ones += (unsigned char)line.p[i] >= 0xe0;
        if (long_ones >= CHINESE_SURE)
            return true;
        well_formed += long_ones > 0;
    }
    return well_formed * CHANCE_PER_LINES > lines;
}

enum encoding encoding_of(struct str text)
{
    if (str_starts(text, STR("\xff\xfe")))
        return ENCODING_UTF16_LE;
    if (str_starts(text, STR("\xfe\xff")))
        return ENCODING_UTF16_BE;
    if (str_starts(text, STR("\xef\xbb\xbf")) || str_is_utf8(text) || is_ascii(text))
        return ENCODING_UTF8;
    return has_utf8_lines(text) ? ENCODING_UTF8 : ENCODING_GB18030;
}

/* Converts as far as it goes; false when it stopped before the end. */
static bool convert_to(const char *target, const char *from, struct str text, struct buf *to)
{
    iconv_t converter = iconv_open(target, from);
    if (converter == (iconv_t)-1)
        BUG("the C library does not convert %s to %s", from, target);
    char *in = (char *)(uintptr_t)text.p; /* iconv() only reads it */
    size_t in_left = text.n;
    bool is_whole = true;
    while (in_left > 0 && is_whole) {
        char part[4096], *out = part;
        size_t out_left = sizeof part;
        is_whole = iconv(converter, &in, &in_left, &out, &out_left) != (size_t)-1 || errno == E2BIG;
        buf_put(to, part, sizeof part - out_left);
    }
    iconv_close(converter);
    return is_whole;
}

bool encoding_to_utf8(struct arena *a, struct str text, enum encoding from, struct str *ret_utf8)
{
    static const char *const names[] = {NULL, "GB18030", "UTF-16LE", "UTF-16BE"};
    if (from == ENCODING_UTF8) {
        size_t bom = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
        *ret_utf8 = bom > 0 ? (struct str){text.p + bom, text.n - bom} : text;
        return true;
    }
    if (from != ENCODING_GB18030)
        text = (struct str){text.p + 2, text.n - 2};
    struct buf b;
    buf_init(&b, a, text.n * 2 + 16); /* two bytes become at most three */
    bool is_whole = convert_to("UTF-8", names[from], text, &b);
    *ret_utf8 = buf_as_str(&b);
    return is_whole && !buf_overflowed(&b);
}

bool encoding_to_gb18030(struct arena *a, struct str utf8, struct str *ret)
{
    struct buf b;
    buf_init(&b, a, utf8.n * 4 + 16);
    bool is_whole = convert_to("GB18030", "UTF-8", utf8, &b);
    *ret = buf_as_str(&b);
    return is_whole && !buf_overflowed(&b);
}
