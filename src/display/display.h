/* Displays: nothing that a visitor does is needed to read them, and no mistake in their address makes
 * them dark. A board never waits for its voice: what cannot be spoken is shown all the same. */
#ifndef DISPLAY_H
#define DISPLAY_H

#include "display_gen.h"
#include "ticket.h"

/* What a picture's bytes are; content_type NULL when they are no whole PNG or JPEG. PNG (ISO/IEC 15948): signature,
 * IHDR first, each chunk with its CRC, IEND last. JPEG (ITU-T T.81): SOI, marker segments with a frame
 * header, a scan, EOI last. Nothing may stand behind the end, so that no picture carries another file. */
struct picture {
    const char *content_type;
    int64_t width, height;
};
struct picture picture_look(struct str bytes);

/* A message id in the other language of the page, for the second line: English below Chinese. */
struct str second_line(const struct ctx *c, const char *message);
struct str second_lang(const struct ctx *c); /* "en" or "zh-CN" */
/* The other name of two. */
struct str second_name(const struct ctx *c, struct str zh, struct str en);

/* "06" as people say it: 6. */
struct str desk_plain(struct str desk);

/* As boards and its writer see it. */
void board_message_of(struct ctx *c, const struct messages_now_row *m, struct board_message *ret);
/* What hangs in a zone now: urgent messages and others apart. */
MUST_USE enum err messages_of(struct ctx *c, struct str zone_code,
                              struct board_message_list *ret_urgent,
                              struct board_message_list *ret_others);

#endif
