/* Looking through a picture before it is kept: what its bytes say, never what its name says. */
#include "display.h"

#include <string.h>

static uint32_t big_endian(struct str s, size_t at, int bytes)
{
    uint32_t n = 0;
    for (int i = 0; i < bytes; i++)
        n = n << 8 | (unsigned char)s.p[at + (size_t)i];
    return n;
}

/* CRC-32 of ISO 3309, as PNG's annex D has it. */
static uint32_t crc_of(const char *p, size_t n)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < n; i++) {
        crc ^= (unsigned char)p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

static struct picture look_at_png(struct str s)
{
    struct picture none = {0}, found = {.content_type = "image/png"};
    bool has_pixels = false;
    for (size_t at = 8; s.n - at >= 12;) {
        size_t n = big_endian(s, at, 4);
        if (n > s.n - at - 12 || big_endian(s, at + 8 + n, 4) != crc_of(s.p + at + 4, n + 4))
            return none;
        const char *kind = s.p + at + 4;
        if ((at == 8) != (memcmp(kind, "IHDR", 4) == 0))
            return none;
        if (at == 8 && n >= 8) {
            found.width = big_endian(s, at + 8, 4);
            found.height = big_endian(s, at + 12, 4);
        }
        has_pixels = has_pixels || memcmp(kind, "IDAT", 4) == 0;
        at += n + 12;
        if (memcmp(kind, "IEND", 4) == 0)
            return at == s.n && has_pixels ? found : none;
    }
    return none;
}

static bool is_frame(uint32_t marker)
{
    return marker >= 0xffc0 && marker <= 0xffcf && marker != 0xffc4 && marker != 0xffc8 &&
           marker != 0xffcc;
}

/* Behind a scan's header: its compressed data, up to the next marker that is no stuffed byte and no restart. */
static size_t scan_end(struct str s, size_t at)
{
    while (at + 1 < s.n) {
        unsigned char next = (unsigned char)s.p[at + 1];
        if ((unsigned char)s.p[at] == 0xff && next != 0 && next != 0xff &&
            !(next >= 0xd0 && next <= 0xd7))
            return at;
        at++;
    }
    return s.n;
}

static struct picture look_at_jpeg(struct str s)
{
    struct picture none = {0}, found = {.content_type = "image/jpeg"};
    bool has_scan = false;
    for (size_t at = 2; at + 2 <= s.n;) {
        uint32_t marker = big_endian(s, at, 2);
        if (marker == 0xffd9)
            return has_scan && found.width > 0 && at + 2 == s.n ? found : none;
        size_t n = s.n - at >= 4 ? big_endian(s, at + 2, 2) : 0;
        if (marker < 0xffc0 || n < 2 || n > s.n - at - 2)
            return none;
        if (is_frame(marker) && n >= 8) {
            found.height = big_endian(s, at + 5, 2);
            found.width = big_endian(s, at + 7, 2);
        }
        at += n + 2;
        if (marker == 0xffda) {
            has_scan = true;
            at = scan_end(s, at);
        }
    }
    return none;
}

struct picture picture_look(struct str bytes)
{
    if (bytes.n > 20 && memcmp(bytes.p, "\x89PNG\r\n\x1a\n", 8) == 0)
        return look_at_png(bytes);
    if (bytes.n > 8 && memcmp(bytes.p, "\xff\xd8\xff", 3) == 0)
        return look_at_jpeg(bytes);
    return (struct picture){0};
}
