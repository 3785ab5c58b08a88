/* Chinese characters as a search needs them: simplified, and how they sound. The table is made when the
 * program is built (tools/han/han.mjs says of what, and why it is no library at run time). */
#ifndef ITEM_HAN_H
#define ITEM_HAN_H

#include "str.h"

#define HAN_FIRST    0x4E00
#define HAN_LAST     0x9FFF
#define HAN_READINGS 3

struct han {
    uint16_t simple;               /* the simplified character, itself when there is no other */
    uint16_t sounds[HAN_READINGS]; /* numbers of sounds, the commonest first, 0 none */
};
extern const struct han han_table[HAN_LAST - HAN_FIRST + 1];
extern const char *const han_sounds[]; /* syllables without tones, in order; [0] is "" */
extern const uint16_t han_kinds[]; /* of a sound: the same for zh and z, eng and en, l and n … */
extern const size_t han_sound_count;

/* NULL when the character is not in the table. */
const struct han *han_of(uint32_t ch);
/* The number of the syllable, 0 when no character sounds so. */
uint16_t han_sound(struct str syllable);
/* The text as it is compared: simplified, half-width, lower case. Writes at most room bytes, whole
 * characters only, and returns how many. */
size_t han_plain(struct str text, char *out, size_t room);
/* UTF-8 of one character of the table; returns 3. */
size_t han_put(uint32_t ch, char *out);

#endif
