/* QR codes (GB/T 18284, ISO/IEC 18004) as SVG: sharp on a phone and on an 80 mm printer alike. */
#ifndef QR_H
#define QR_H

#include "arena.h"

/* A whole SVG document with the text as its <title>, black on white with the four quiet modules the
 * standard asks for, error correction M. STR_NONE when the text is empty or too long (1,000 bytes). */
struct str qr_svg(struct arena *a, struct str text);

#endif
