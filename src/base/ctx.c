/* Questions to the context: who may do what, the next id, the centre's date. The table of rights
 * is generated from the `right` lines of every .def. */
#include "ctx.h"

#include "clock.h"
#include "ids.h"

bool may(const struct ctx *c, enum right r)
{
    if ((int)r < 0 || (int)r >= (int)RIGHT_COUNT)
        return false;
    uint64_t roles = right_roles[r];
    return roles == UINT64_MAX || (roles & c->actor.roles) != 0; /* all bits: visitors too */
}

bool has_role(const struct ctx *c, enum role r)
{
    return (int)r >= 0 && (int)r < 64 && (c->actor.roles >> r & 1) != 0;
}

int64_t new_id(struct ctx *c)
{
    return ids_next(c->ids, c->now);
}

int32_t today(const struct ctx *c)
{
    return date_of(c->now, c->zone_minutes);
}
