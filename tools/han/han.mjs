// Writes the C table of Chinese characters that src/item/item_han.h describes: for each of U+4E00 to U+9FFF its
// simplified form (Debian's opencc, t2s) and its readings without tones, the commonest first (npm's pinyin-pro).
//
//     node tools/han/han.mjs OUT.c
//
// A table made when the program is built, and not libopencc called when it runs: a search compares single
// characters and pairs, for which one look-up by number is all there is to do. So a request needs no dictionary to be opened,
// nothing to allocate and nothing that could fail, and the search page costs traditional characters nothing.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { polyphonic } from 'pinyin-pro';

const FIRST = 0x4e00, LAST = 0x9fff, READINGS = 3;

// Sounds that people of many places do not tell apart, so a wrong letter there is no wrong word:
// z/zh c/ch s/sh, n/ng at the end, n/l at the beginning, ü written v or u.
function kind_of(sound) {
    return sound.replace(/^([zcs])h/, '$1').replace(/([aei])ng$/, '$1n').replace(/^l/, 'n').replace('v', 'u');
}

const chars = Array.from({ length: LAST - FIRST + 1 }, (_, i) => String.fromCodePoint(FIRST + i));
const simplified = execFileSync(process.env.OPENCC || 'opencc', ['-c', 't2s.json'], { input: `${chars.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 24 }).trimEnd().split('\n');
if (simplified.length !== chars.length) throw new Error(`opencc gave ${simplified.length} lines for ${chars.length} characters`);

const readings = chars.map((ch) => [...new Set(polyphonic(ch, { toneType: 'none', type: 'array', v: true })[0])]
    .map((r) => r.replace('ê', 'e')).filter((r) => /^[a-z]+$/.test(r)).slice(0, READINGS));
const sounds = [...new Set(readings.flat())].sort();
const kinds = [...new Set(sounds.map(kind_of))].sort();
const number = new Map(sounds.map((s, i) => [s, i + 1]));

const rows = chars.map((ch, i) => {
    const to = simplified[i].codePointAt(0);
    const numbers = readings[i].map((r) => number.get(r));
    // A character outside the table stays what it is.
    return `{${to >= FIRST && to <= LAST && simplified[i].length === 1 ? to : FIRST + i},{${numbers.length ? numbers.join(',') : 0}}}`;
});
writeFileSync(process.argv[2], `/* Written by tools/han/han.mjs. */
#include "item_han.h"

const char *const han_sounds[] = {"",${sounds.map((s) => `"${s}"`).join(',')}};
const uint16_t han_kinds[] = {0,${sounds.map((s) => kinds.indexOf(kind_of(s)) + 1).join(',')}};
const size_t han_sound_count = ${sounds.length + 1};
const struct han han_table[HAN_LAST - HAN_FIRST + 1] = {
${rows.join(',\n')}
};
`);
