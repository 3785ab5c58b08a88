/* In which encoding a text from outside is, and the same text in UTF-8. Spreadsheets of older
 * Windows save CSV in GBK; it is read as GB18030, which holds GBK (GB 18030-2022). */
#ifndef ENCODING_H
#define ENCODING_H

#include "arena.h"

enum encoding { ENCODING_UTF8, ENCODING_GB18030, ENCODING_UTF16_LE, ENCODING_UTF16_BE };

/* UTF-16 by its BOM. GB18030 when the text is not UTF-8 and its lines do not look like UTF-8 either:
 * Chinese UTF-8 is mostly well-formed GB18030 too and would come out as other characters, so a text
 * that mixes both is called UTF-8, and its bad places are found one by one. */
enum encoding encoding_of(struct str text);
/* The text without its BOM in UTF-8, new in the arena when it had to be converted. UTF-8 is not checked. False:
 * broken, then the part before the broken place. */
bool encoding_to_utf8(struct arena *a, struct str text, enum encoding from, struct str *ret_utf8);
/* A UTF-8 text in GB18030, which has a place for every character; false when it is not UTF-8. */
bool encoding_to_gb18030(struct arena *a, struct str utf8, struct str *ret);

#endif
