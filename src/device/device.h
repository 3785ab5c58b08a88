/* Machines of the hall. A device is registered by an administrator, who is shown a code of eight digits;
 * typed into the machine at /pair within 15 minutes, once, it gives the machine its token (web.h: kept
 * hashed). The code is computed (a keyed digest of centre, device and its end), so it is stored nowhere. */
#ifndef DEVICE_H
#define DEVICE_H

#include "device_gen.h"

/* The registered machine that acts; NULL when somebody else does. */
MUST_USE enum err device_of_actor(struct ctx *c, struct device_row **ret);
/* The kiosk that acts; E_DEVICE_NEEDED when it is none. */
MUST_USE enum err kiosk_of_actor(struct ctx *c, struct device_row *ret);
/* May this machine give out numbers now? E_KIOSK_LOCKED with what the hall wants said, E_KIOSK_CLOSED with
 * when the hall opens next (of the coming 14 days). Who is no registered machine may. */
MUST_USE enum err kiosk_may_issue(struct ctx *c);
/* The code that pairs a device, 8 digits; empty when none holds at c->now. */
struct str device_code(struct ctx *c, const struct device_row *d);
/* When the hall opens next, as a whole sentence; "" when it is not known. */
MUST_USE enum err hall_opens_next(struct ctx *c, struct str *ret);

#endif
