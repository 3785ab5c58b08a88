/* Things lent and taken back. */
#ifndef LOAN_H
#define LOAN_H

#include "loan_gen.h"

/* What is free of each kind, for the guide desk and the door. */
MUST_USE enum err loan_kinds(struct ctx *c, struct kind_free_list *ret);
/* What is out now, the longest first, at most 200. */
MUST_USE enum err loans_out(struct ctx *c, struct loan_line_list *ret);
/* One row as people see it; the same as short facts for the journal. */
struct loan_line loan_line_of(const struct ctx *c, const struct loan_row *l);
struct str loan_facts(struct ctx *c, const struct loan_row *l);

#endif
