/* The table of characters asked: one look-up by number each. */
#include "item_han.h"
#include <string.h>

const struct han *han_of(uint32_t ch)
{
    return ch >= HAN_FIRST && ch <= HAN_LAST ? &han_table[ch - HAN_FIRST] : NULL;
}

uint16_t han_sound(struct str syllable)
{
    size_t low = 1, high = han_sound_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(str_of(han_sounds[middle]), syllable);
        if (order == 0)
            return (uint16_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

size_t han_put(uint32_t ch, char *out)
{
    out[0] = (char)(0xE0 | (ch >> 12));
    out[1] = (char)(0x80 | ((ch >> 6) & 0x3F));
    out[2] = (char)(0x80 | (ch & 0x3F));
    return 3;
}

size_t han_plain(struct str text, char *out, size_t room)
{
    size_t n = 0;
    for (size_t at = 0, from = 0; at < text.n; from = at) {
        uint32_t ch = str_next_char(text, &at);
        if (ch == 0)
            break;
        if (ch >= 0xFF01 && ch <= 0xFF5E)
            ch -= 0xFEE0;
        const struct han *han = han_of(ch);
        size_t size = han != NULL ? 3 : ch < 0x80 ? 1 : at - from;
        if (n + size > room)
            break;
        if (han != NULL)
            han_put(han->simple, out + n);
        else if (ch < 0x80)
            out[n] = ch >= 'A' && ch <= 'Z' ? (char)(ch + 32) : (char)ch;
        else
            memcpy(out + n, text.p + from, size);
        n += size;
    }
    return n;
}
