/* Hostile texts: the UTF-8 gate against a plain decoder written from RFC 3629, walking code points,
 * cutting, trimming, numbers, dates and instants, and the JSON writer's escapes. */
#include "buf.h"
#include "clock.h"
#include "json.h"

#include <stdlib.h>

#define ROOM ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
    if (!right)
        abort();
}

/* The code point at *at and moves on; 0 when malformed. Decodes first and judges after, unlike
 * str.c, which judges the bytes. */
static uint32_t decode(const uint8_t *p, size_t n, size_t *at)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t lead = p[*at];
    size_t length = lead < 0x80       ? 1
                    : lead >> 5 == 6  ? 2
                    : lead >> 4 == 14 ? 3
                    : lead >> 3 == 30 ? 4
                                      : 0;
    if (length == 0 || n - *at < length)
        return 0;
    uint32_t ch = length == 1 ? lead : lead & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (p[*at + i] >> 6 != 2)
            return 0;
        ch = ch << 6 | (p[*at + i] & 0x3f);
    }
    *at += length;
    return ch < least[length] || ch > 0x10ffff || (ch >= 0xd800 && ch <= 0xdfff) ? 0 : ch;
}

static bool check_characters(struct str s)
{
    size_t at = 0, ours = 0, count = 0;
    while (at < s.n) {
        uint32_t ch = decode((const uint8_t *)s.p, s.n, &at);
        if (ch == 0) {
            check(!str_is_utf8(s));
            return false;
        }
        check(str_next_char(s, &ours) == ch && ours == at);
        count++;
    }
    check(str_is_utf8(s) && str_chars(s) == count);
    check(str_head(s, count).n == s.n);
    check(count == 0 || str_chars(str_head(s, count - 1)) == count - 1);
    return true;
}

static void check_cutting(struct str s)
{
    struct str trimmed = str_trim(s), rest = s;
    check(trimmed.n <= s.n && str_eq(str_trim(trimmed), trimmed));
    size_t total = 0, parts = 0;
    while (rest.p != NULL) {
        total += str_cut(&rest, ',').n;
        parts++;
    }
    check(s.n == 0 || total + parts - 1 == s.n);
}

static void check_numbers_and_times(struct arena *a, struct str s)
{
    int64_t number, at;
    int32_t date;
    if (str_to_int(s, &number)) {
        struct buf b;
        int64_t again;
        buf_init(&b, a, 32);
        buf_int(&b, number);
        check(str_to_int(buf_as_str(&b), &again) && again == number);
    }
    if (date_parse(s, &date))
        check(date_is_valid(date) && date_add(date_add(date, 1), -1) == date);
    if (instant_parse(s, &at)) {
        int64_t again;
        check(instant_parse(instant_text(a, at, ZONE_CHINA_MINUTES), &again) && again == at);
    }
    size_t walked = 0;
    while (walked < s.n) /* also over malformed bytes: always forward, never past the end */
        str_next_char(s, &walked);
    check(walked == s.n);
}

static void check_json(struct arena *a, struct str s)
{
    struct buf b;
    struct json j;
    buf_init(&b, a, ROOM / 2);
    json_init(&j, &b, 0);
    json_text(&j, s);
    struct str text = buf_as_str(&b);
    check(text.n >= 2 && text.p[0] == '"' && text.p[text.n - 1] == '"' && str_is_utf8(text));
    for (size_t i = 1; i + 1 < text.n; i++) {
        check((unsigned char)text.p[i] >= 0x20 && text.p[i] != '"');
        if (text.p[i] == '\\')
            check(++i + 1 < text.n);
    }
    check(str_find(text, STR("</")) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    struct arena *a = arena_new(ROOM);
    if (check_characters(s) && s.p != NULL)
        check_json(a, s);
    check_cutting(s);
    check_numbers_and_times(a, s);
    arena_free(a);
    return 0;
}
