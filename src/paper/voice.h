/* Spoken calls: espeak-ng, run as a process of its own under bounds (one at a time, 3 s, half a megabyte of
 * sound, memory and processor time), never on a network thread. Voice cmn-latn-pinyin, digits as single
 * Chinese numerals: the voice cmn reads 请, 号 and 零 in English. A call is put together from parts that are
 * spoken once and kept; those that every call needs are spoken ahead. */
#ifndef VOICE_H
#define VOICE_H

#include "ctx.h"

struct voice;

/* A service (declared by who speaks): start and stop. Without espeak-ng it starts all the same. */
MUST_USE enum err voice_start(struct ctx *c, void **ret_service);
void voice_stop(void *service);

/* The words as WAV, in c->arena. Words are our own: letters, digits and Chinese only; digits and
 * letters are spoken one by one (A023: A 零 二 三), at most 48 parts. E_VOICE_OFF when there is no
 * espeak-ng or it fails or hangs; then it is not asked again for 30 s. */
MUST_USE enum err voice_say(struct voice *v, struct ctx *c, struct str words, struct str *ret_wav);

/* The parts, with blanks between them: digits as numerals, letters single, all else but Chinese
 * turned to blanks. */
struct str voice_spell(struct arena *a, struct str words);

#endif
