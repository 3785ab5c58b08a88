/* Between the files of this folder. */
#ifndef DOCUMENT_PARTS_H
#define DOCUMENT_PARTS_H

#include "document.h"

enum document_state { DOCUMENT_WAITING, DOCUMENT_MADE, DOCUMENT_WITHDRAWN };

const char *document_part_name(enum document_part part);
const char *document_part_label(enum document_part part);
/* The at-th part of a kind in the order of print, and whether it must be there; false past the last. */
bool document_part_at(enum document_kind kind, int at, enum document_part *ret, bool *ret_needed);

/* The contents of a row, sealed for this document and opened again. */
struct str document_seal_contents(struct ctx *c, int64_t id,
                                  const struct str parts[DOCUMENT_PART_COUNT]);
MUST_USE enum err document_open_contents(struct ctx *c, const struct document_row *d,
                                         struct str ret_parts[DOCUMENT_PART_COUNT]);

/* The address of a document's check page, as it stands in the QR code. */
struct str document_check_address(struct ctx *c, struct str token);

struct document_signing { /* what to sign with; signer NULL: nothing */
    struct signer *signer;
    bool is_demonstration;
};
MUST_USE enum err document_signing_now(struct ctx *c, struct document_signing *ret);
/* The PDF of a row, signed when there is a signer. Long work: outside a transaction but for what it reads. */
MUST_USE enum err document_draw(struct ctx *c, const struct document_row *d, struct str holder,
                                const struct document_signing *s, struct str *ret_pdf);

#endif
