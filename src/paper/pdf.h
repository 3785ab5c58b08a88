/* Letters as PDF (cairo + pango, Noto Serif CJK SC): a statutory paper is a title, a number, the one it is
 * addressed to, a ruled table of what it must hold, closing words, the organ and the date with the seal over
 * them, and a QR code to where it can be checked. A4, fonts embedded, /Lang zh-CN, text that can be read out. */
#ifndef PDF_H
#define PDF_H

#include "arena.h"

struct pdf_row {
    struct str label, text; /* lines of the text are separated by newlines */
};
struct pdf_letter {
    struct str organ, title, number, addressee;
    const struct pdf_row *rows;
    size_t row_count;
    struct str closing;       /* a paragraph below the table, may be empty */
    struct str date;          /* as written below the organ: 2026年3月2日 */
    struct str check_address; /* into the QR code and beside it */
    struct str check_words;   /* what stands beside the QR code */
    struct str mark; /* below the table's head line on each page, "示范数据 …"; may be empty */
    struct str seal; /* words inside the seal that is drawn: "示范"; empty: no seal is drawn */
    struct str keywords; /* into the document information */
    int64_t made_at;
    int zone_minutes;
};
/* The whole file, unsigned; STR_NONE when the drawing library fails. About 20 ms of processor time (most of it
 * goes into cutting the used characters out of the font): never on a lane. */
struct str pdf_letter_draw(struct arena *a, const struct pdf_letter *l);

/* A small copy of the font with the common characters, cut once into that file (half a second); false when there
 * is no such font or the file cannot be written. */
bool pdf_cut_font(struct arena *a, const char *to);
/* From now on this thread draws with the small copy, and with the whole font what is not in it: several times as fast.
 * false leaves all as it is. pdf_end_font() before the thread ends. */
bool pdf_use_font(struct arena *a, const char *file);
void pdf_end_font(void);

/* A file ready to be signed: as pdf_letter_draw() made it, with an update behind it (ISO 32000-1, 7.5.6) that sets
 * /Lang and, when there is to be a signature, holds its field and the room for it. */
struct pdf_signing {
    bool has_signature;
    struct str name, reason; /* of the signature */
    struct str contact;      /* ASCII without brackets: where the signature can be asked about */
    int64_t at;
    int zone_minutes;
    size_t signature_bytes_max; /* room for the signature, before it is written as hex */
};
struct pdf_ready {
    struct str bytes;
    struct str parts[2]; /* what the signature covers: all but the room (12.8.1) */
    char *room;          /* in bytes; signature_bytes_max * 2 hex digits */
    size_t room_bytes;
};
/* False when the file is not of the form that cairo writes. */
bool pdf_make_ready(struct arena *a, struct str pdf, const struct pdf_signing *s,
                    struct pdf_ready *ret);
/* Writes the signature (DER) into its room; false when it does not fit. */
bool pdf_put_signature(struct pdf_ready *r, struct str signature);

#endif
