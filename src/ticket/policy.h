/* Who is next: "classes with ageing". Everybody in a line ages alike; a class with a claim to go
 * first (DOMAIN.md 9.4) is served as if it had come some minutes earlier (its head start). So who
 * has waited longer than the greatest head start cannot be overtaken by anybody who comes now:
 * nobody starves, and no quota is needed. Pure functions, no store, no clock of their own. */
#ifndef POLICY_H
#define POLICY_H

#include "ticket.h"

#define POLICY_NAME "classes with ageing"

struct policy {
    int64_t head_start_ms[CLASS_COUNT]; /* >= 0 */
};

struct candidate { /* the oldest of a class in a line */
    int64_t ticket_id, line_id, queued_at;
    enum ticket_class class;
};

/* Head starts from the settings of the centre. desk_kind "green" and "elderly" windows prefer their
 * people by a further, bounded head start; empty for what holds in general. */
struct policy policy_of(const struct ctx *c, struct str desk_kind);
/* The instant that orders: queued_at less the head start of the class. */
int64_t policy_instant(const struct policy *p, enum ticket_class class, int64_t queued_at);
/* Index of who is next, -1 when nobody waits; the same instant: the lower ticket id. */
ptrdiff_t policy_choose(const struct policy *p, const struct candidate *v, size_t n);
/* Why, as a message id with the hole {minutes}. */
const char *policy_reason(enum ticket_class class);
/* The class of somebody with these needs (bits): the first that fits of disabled (disabled, cannot
 * climb stairs, sees or hears badly: 无障碍环境建设法, 残疾人保障法), military (军人地位和权益保障法,
 * 退役军人保障法), infant (pregnant or with a small child: local rules), elderly (60 and more:
 * 老年人权益保障法 art. 2), booked, normal. Green is granted by the guide at the door alone. */
enum ticket_class class_of_needs(int64_t needs, bool is_booked, bool is_green);
/* The same for somebody who comes in the time booked: the class of the needs or booked, whichever is
 * served earlier. */
enum ticket_class class_with_booking(const struct policy *p, int64_t needs, bool is_green);

struct estimate {
    int64_t minutes, most_minutes;
};
/* weight_hundredths: people ahead in hundredths of a person (people of lines that share only some
 * desks count in part); service_ms: mean time of service; desks: open ones (at least 1 is taken). */
struct estimate estimate_wait(int64_t weight_hundredths, int64_t service_ms, int64_t desks);

#endif
