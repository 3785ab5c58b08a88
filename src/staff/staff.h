/* Accounts, log-in and log-out. Five wrong passwords lock an account for a while (GB/T 22239 8.1.4.1). */
#ifndef STAFF_H
#define STAFF_H

#include "staff_gen.h"

MUST_USE enum err staff_by_its_id(struct ctx *c, int64_t staff_id, struct staff_row *ret);

#endif
