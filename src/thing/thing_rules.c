/* What a thing's dates mean, as pure functions: when a look at it is late, when medicine may still be given. */
#include "thing.h"

#include "clock.h"

bool thing_check_is_late(int64_t checked_at, int64_t check_days, int64_t now)
{
    return check_days > 0 && (checked_at == 0 || now - checked_at > check_days * DAY_MS);
}

bool thing_is_expired(int32_t expires_on, int32_t on)
{
    return expires_on != 0 && on > expires_on;
}

bool thing_expires_soon(int32_t expires_on, int32_t on, int64_t warn_days)
{
    return expires_on != 0 && on <= expires_on && date_diff(on, expires_on) <= warn_days;
}
