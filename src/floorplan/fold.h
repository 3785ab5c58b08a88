/* The state of the hall as the journal tells it: begun empty, each entry changes it, and at any entry it says
 * what each window does and how many wait in each zone. Pure: no store, no clock. */
#ifndef FOLD_H
#define FOLD_H

#include "hall.h"
#include "journal.h"

struct desk_now {
    struct str code;
    int64_t state; /* enum desk_state */
    int64_t since; /* of that state; 0 while closed */
    struct str staff, reason;
    struct str number; /* of the ticket called or served there; empty without */
    bool is_serving;
    int64_t number_since; /* last call, or start */
};

struct alarm_now {
    int64_t id, at, answered_at;
    struct str desk, by, answered_by;
};

struct fold;

struct fold *fold_new(struct arena *a);
/* One entry; kinds that change nothing on the plan are passed over. */
void fold_entry(struct fold *f, const struct journal_entry *e);
/* As text and back; false when the text is not one of fold_print(). */
struct str fold_print(const struct fold *f, struct arena *a);
bool fold_read(struct fold *f, struct str text);

/* The desk as it is then; one that was never opened is closed. */
struct desk_now fold_desk(const struct fold *f, struct str code);
size_t fold_desk_count(const struct fold *f);
struct desk_now fold_desk_at(const struct fold *f, size_t i);
int64_t fold_waiting(const struct fold *f, struct str zone_code);
size_t fold_alarms(const struct fold *f, struct arena *a, struct alarm_now **ret); /* open ones */

#endif
