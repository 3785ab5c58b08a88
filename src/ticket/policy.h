/* Who is next. Each zone has one of these policies, by name (zone_policy.c); all are pure functions of
 * who waits, since when, of what class (DOMAIN.md 9.4), of the time, and of the classes called last.
 *
 *   arrival    strictly in the order of coming; a class counts for nothing
 *   ageing     a class is served as if it had come some minutes earlier (its head start)
 *   strict     class by class, the one with the strongest claim first
 *   ratio      of each first + then calls, first for people with a claim and then for the others
 *   window     who is booked goes first from the beginning of his window on; others by ageing
 *   green_cap  green goes first, at most first of any then calls one after another; others by ageing
 *
 * Nobody starves: under strict, ratio, window and green_cap who has waited longer than the patience
 * of the zone goes before all, the oldest first; under ageing who has waited longer than the
 * greatest head start is overtaken by nobody who comes now. */
#ifndef POLICY_H
#define POLICY_H

#include "desk_set.h"
#include "estimate.h"
#include "ticket.h"

enum policy_kind {
    POLICY_ARRIVAL,
    POLICY_AGEING,
    POLICY_STRICT,
    POLICY_RATIO,
    POLICY_WINDOW,
    POLICY_GREEN_CAP,
    POLICY_COUNT
};

struct policy {
    enum policy_kind kind;
    int64_t head_start_ms[CLASS_COUNT]; /* >= 0 */
    int64_t patience_ms;                /* > 0; not used by arrival and ageing */
    int first, then; /* of ratio and green_cap; 1 … POLICY_MEMORY - 1 together */
};

/* The classes called last in a zone: octal digits, the newest lowest, 7 for none. */
#define POLICY_MEMORY  20
#define POLICY_NOTHING ((INT64_C(1) << (3 * POLICY_MEMORY)) - 1)
int64_t policy_remember(int64_t recent, enum ticket_class class);

struct candidate { /* the oldest of a class in a line */
    int64_t ticket_id, line_id;
    int64_t queued_at; /* of who is booked: not before his window begins */
    enum ticket_class class;
};

/* Why somebody was chosen. */
enum policy_ground {
    GROUND_CLASS,    /* his class, or for no class: the longest wait */
    GROUND_ARRIVAL,  /* came first */
    GROUND_PATIENCE, /* waited longer than anybody should */
    GROUND_TURN,     /* it was the turn of people without a claim */
    GROUND_WINDOW,   /* booked, and the window has begun */
    GROUND_COUNT
};
struct choice {
    ptrdiff_t index; /* -1 when nobody waits */
    enum policy_ground ground;
};

/* Head starts from the settings of the centre. desk_kind "green" and "elderly" windows prefer their
 * people by a further, bounded head start, whatever the policy; empty for what holds in general. */
struct policy policy_of(const struct ctx *c, enum policy_kind kind, struct str desk_kind);
/* The word of a policy in data and JSON; and back, false for an unknown one. */
struct str policy_word(enum policy_kind kind);
bool policy_by_word(struct str word, enum policy_kind *ret);
/* Its name for who chooses one, and what visitors and staff are told about the order of a zone, in words. */
const char *policy_name(enum policy_kind kind);
const char *policy_rule(enum policy_kind kind);
/* Which classes stand before a class whatever its wait, as far as an estimate needs to know: the
 * instant before which somebody of class `other` must have come to be called before a ticket of
 * class `mine` that has waited since queued_at. */
int64_t policy_instant_of(const struct policy *p, enum ticket_class mine, int64_t queued_at,
                          enum ticket_class other);
/* Whom to call of v; among equals the lower ticket id. recent: POLICY_NOTHING or policy_remember(). */
struct choice policy_choose(const struct policy *p, const struct candidate *v, size_t n,
                            int64_t now, int64_t recent);
/* Why, as a message id with the hole {minutes}. */
const char *policy_reason(enum ticket_class class, enum policy_ground ground);
/* The class of somebody with these needs (bits): the first that fits of disabled (disabled, cannot
 * climb stairs, sees or hears badly: 无障碍环境建设法, 残疾人保障法), military (军人地位和权益保障法,
 * 退役军人保障法), infant (pregnant or with a small child: local rules), elderly (60 and more:
 * 老年人权益保障法 art. 2), booked, normal. Green is granted by the guide at the door alone. */
enum ticket_class class_of_needs(int64_t needs, bool is_booked, bool is_green);
/* The same for somebody who comes in the time booked: the class of the needs or booked, whichever is
 * served earlier under this policy. */
enum ticket_class class_with_booking(const struct policy *p, int64_t needs, bool is_green);

/* --- of a zone (zone_policy.c) --- */

struct zone_order {
    struct policy policy;
    int64_t recent;
};
/* The policy of a zone for a desk of this kind, and what was called there last; ageing where nothing
 * was chosen. */
MUST_USE enum err zone_order(struct ctx *c, int64_t zone_id, struct str desk_kind,
                             struct zone_order *ret);
/* How a line keeps what it tells, the desks that may handle it, and all that are open now. */
struct line_habits {
    struct stretch stretch;
    struct desk_set desks, open;
};
/* The policy for who waits in a line, whatever desk will call, and the line's habits. */
MUST_USE enum err line_order(struct ctx *c, int64_t line_id, struct policy *ret_policy,
                             struct line_habits *ret);
/* Notes that somebody of this class was called, where the policy has a memory. */
MUST_USE enum err zone_order_called(struct ctx *c, int64_t zone_id, const struct zone_order *o,
                                    enum ticket_class class);

#endif
