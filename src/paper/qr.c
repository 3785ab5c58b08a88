/* One path for all dark modules, a run of them a rectangle, so the picture stays small. */
#include "qr.h"

#include <qrencode.h>

#include "buf.h"

#define QUIET    4
#define TEXT_MAX 1000

static void put_escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&':
            buf_lit(b, "&amp;");
            break;
        case '<':
            buf_lit(b, "&lt;");
            break;
        case '>':
            buf_lit(b, "&gt;");
            break;
        default:
            buf_char(b, s.p[i]);
        }
    }
}

static void put_modules(struct buf *b, const QRcode *code)
{
    int w = code->width;
    for (int y = 0; y < w; y++) {
        for (int x = 0; x < w;) {
            int run = 0;
            while (x + run < w && (code->data[y * w + x + run] & 1) != 0)
                run++;
            if (run > 0)
                buf_fmt(b, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
            x += run > 0 ? run : 1;
        }
    }
}

struct str qr_svg(struct arena *a, struct str text)
{
    struct buf b;
    if (text.n == 0 || text.n > TEXT_MAX)
        return STR_NONE;
    QRcode *code = QRcode_encodeString8bit(str_z(a, text), 0, QR_ECLEVEL_M);
    if (code == NULL)
        return STR_NONE;
    int size = code->width + 2 * QUIET;
    buf_init(&b, a, 512 * 1024);
    buf_fmt(&b,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
            "height=\"%d\" role=\"img\" "
            "shape-rendering=\"crispEdges\"><title>",
            size, size, size * 6, size * 6);
    put_escaped(&b, text);
    buf_fmt(&b, "</title><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"", size,
            size);
    put_modules(&b, code);
    buf_lit(&b, "\"/></svg>");
    QRcode_free(code);
    return buf_overflowed(&b) ? STR_NONE : buf_as_str(&b);
}
