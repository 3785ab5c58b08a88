/* Emergency calls of windows. raised → acknowledged (who and when) → ended; one that is over may be
 * ended without an answer (pressed by mistake). The note of an ending stays private in the journal. */
#ifndef ALARM_H
#define ALARM_H

#include "alarm_gen.h"

/* Those not ended, the oldest first. */
MUST_USE enum err alarms_open(struct ctx *c, struct alarm_line_list *ret);
/* The open call of a desk; NULL when there is none. */
MUST_USE enum err alarm_of_desk(struct ctx *c, int64_t desk_id, struct alarm_line **ret);

#endif
