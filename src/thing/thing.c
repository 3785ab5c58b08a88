/* Holds: a thing kept for who has said when he comes. */
#include "thing.h"

#include "clock.h"
#include "settings.h"

enum err thing_hold(struct ctx *c, struct str kind, int64_t from_at, int64_t for_id,
                    struct thing_for_hold_row **ret)
{
    int64_t until_at = from_at + setting_thing_hold_minutes(c) * MINUTE_MS;
    int64_t from = from_at / HALF_HOUR_MS, to = (until_at - 1) / HALF_HOUR_MS;
    struct thing_for_hold_row *thing;
    TRY(thing_holds_tidy(c, c->center_id, c->now / HALF_HOUR_MS));
    TRY(thing_for_hold(c, c->center_id, kind, from, to, from_at, &thing));
    for (int64_t half = from; thing != NULL && half <= to; half++)
        TRY(thing_hold_add(c, c->center_id, thing->id, half, for_id));
    *ret = thing;
    return E_OK;
}

enum err thing_is_promised(struct ctx *c, int64_t thing_id, int64_t from_at, int64_t to_at,
                           int64_t for_id, bool *ret)
{
    struct thing_hold_of_row *hold;
    TRY(thing_hold_of(c, c->center_id, thing_id, from_at / HALF_HOUR_MS, to_at / HALF_HOUR_MS,
                      &hold));
    *ret = hold != NULL && hold->for_id != for_id;
    return E_OK;
}
