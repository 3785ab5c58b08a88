/* Centres and their agencies. */
#ifndef CENTER_H
#define CENTER_H

#include "center_gen.h"

/* The centre of this context; its row is cached for nothing: one look-up by key. E_NOT_FOUND before init. */
MUST_USE enum err center_here(struct ctx *c, struct center_row *ret);
struct str center_name(const struct ctx *c, const struct center_row *r);
MUST_USE enum err agency_by_its_name(struct ctx *c, struct str name, struct agency_row *ret);

#endif
