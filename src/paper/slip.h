/* A slip of paper: a template of named fields becomes lines, lines become the bytes of a receipt printer
 * (ESC/POS) or a preview on a page. All of it pure functions.
 *
 * A template is text, a line of it a line of paper:
 *   # 大字        twice as wide and high      ## 特大字   three times
 *   * 粗体        bold                        < 靠左     to the left; all else stands in the middle
 *   ---           a line across the paper     {qr}       alone: the QR code of the field qr
 * and {name} puts a field in. A line whose fields are all empty is left out. Source of the bytes: the
 * commands ESC @, ESC a, ESC E, ESC d, FS &, GS !, GS ( k, GS V, GS r of the ESC/POS command reference
 * (Epson), which other makers follow; text in GB18030. */
#ifndef SLIP_H
#define SLIP_H

#include "arena.h"

#define SLIP_LINES_MOST    40
#define SLIP_TEMPLATE_MOST 2000 /* bytes of a template */

enum slip_kind { SLIP_TEXT, SLIP_RULE, SLIP_QR };

struct slip_line {
    enum slip_kind kind;
    int size; /* 1 to 3 */
    bool is_bold, is_left;
    struct str text; /* of a QR code what it says */
};
struct slip_lines {
    struct slip_line v[SLIP_LINES_MOST];
    size_t n;
};
struct slip_field {
    const char *name;
    struct str value;
};

/* Fills the template. Fields are ended by one without a name. False, with the line that cannot be
 * (from 1), for an unknown field, a brace that is not closed, or more than SLIP_LINES_MOST lines;
 * *ret_word is the word it is about. */
bool slip_fill(struct arena *a, struct str template_text, const struct slip_field *fields,
               struct slip_lines *ret, int *ret_bad_line, struct str *ret_word);
/* The bytes for a printer with so many columns (48 on 80 mm paper, 32 on 58 mm): begins with a reset,
 * wraps what is too long, feeds and cuts at the end. STR_NONE when it cannot be (not UTF-8, a QR text
 * of more than 300 bytes). */
struct str slip_bytes(struct arena *a, const struct slip_lines *lines, int columns);

#endif
