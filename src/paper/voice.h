/* Spoken calls: espeak-ng, run as a process of its own under bounds (5 s, 2 MB of sound, memory and
 * processor time), never on a network thread. Voice cmn-latn-pinyin, digits as single Chinese
 * numerals: the voice cmn reads 请, 号 and 零 in English. What was spoken lately is kept in memory,
 * because a call is played by several boards and often twice. */
#ifndef VOICE_H
#define VOICE_H

#include "ctx.h"

struct voice;

/* A service (declared by who speaks): start and stop. Without espeak-ng it starts all the same. */
MUST_USE enum err voice_start(struct ctx *c, void **ret_service);
void voice_stop(void *service);

/* The words as WAV, in c->arena. Words are our own: letters, digits and Chinese only; digits are
 * spoken one by one (A023: A 零 二 三). E_VOICE_OFF when espeak-ng is not there or fails. */
MUST_USE enum err voice_say(struct voice *v, struct ctx *c, struct str words, struct str *ret_wav);

/* The words as they are given to espeak-ng: digits spelled, all else but letters and Chinese
 * turned to blanks. */
struct str voice_spell(struct arena *a, struct str words);

#endif
