/* The legal clock of one case: its two terms (promised and statutory) from the day of acceptance, with the
 * ledger of stops and the extension, counted by calendar_dues(). Nothing is kept that cannot be
 * computed again: when the calendar or the ledger changes the dates follow (casefile_work.c). */
#include "casefile.h"

#include "clock.h"

/* Five days to tell what to correct (ALL 32(1)4). */
#define ANSWER_DAYS 5

static enum term_unit unit_of(struct str word)
{
    return str_is(word, "natural") ? TERM_NATURAL : TERM_WORKING;
}

/* A stop that is over ends on the day it ended; one that runs ends when it was said to, or later. */
static enum err span_of(struct ctx *c, const struct casefile_stops_row *s, struct due_stop *ret)
{
    int32_t told;
    *ret = (struct due_stop){date_of(s->begun_at, c->zone_minutes), 0};
    if (s->ended_at != 0) {
        ret->to_on = date_of(s->ended_at, c->zone_minutes);
        return E_OK;
    }
    enum err e = calendar_stop_end(c, ret->from_on, (int)s->days, unit_of(s->unit), &told);
    if (e != E_OK && e != E_CALENDAR_UNKNOWN)
        return e;
    if (e == E_CALENDAR_UNKNOWN) { /* the end is not known: the term then is not either */
        c->refusal = (struct refusal){.code = E_OK};
        told = date_add(ret->from_on, 366 * 5);
    }
    ret->to_on = told < today(c) ? today(c) : told;
    return E_OK;
}

static enum err read_stops(struct ctx *c, const struct casefile_row *k, struct case_terms *ret)
{
    ret->stops = (struct casefile_stops_rows){0};
    if (k->stops == 0)
        return E_OK;
    TRY(casefile_stops(c, c->center_id, k->id, &ret->stops));
    ret->spans = ARENA_ARRAY(c->arena, struct due_stop, ret->stops.n + 1);
    for (size_t i = 0; i < ret->stops.n; i++)
        TRY(span_of(c, &ret->stops.v[i], &ret->spans[i]));
    return E_OK;
}

static struct due_term term_of(const struct casefile_row *k, int32_t from_on, int64_t days,
                               struct str unit, const struct case_terms *t)
{
    return (struct due_term){.from_on = from_on,
                             .days = (int)days,
                             .extended = (int)k->extended_days,
                             .unit = unit_of(unit),
                             .stops = t->spans,
                             .stop_count = t->stops.n};
}

/* Where a year's calendar is not loaded no date is guessed (0); the person's papers are accepted all the
 * same: the hall's own gap is no ground for refusing (ALL 32). */
enum err case_terms_of(struct ctx *c, const struct casefile_row *k, struct case_terms *ret)
{
    struct due_sum sums[2];
    int32_t from_on = date_of(k->accepted_at, c->zone_minutes);
    *ret = (struct case_terms){0};
    TRY(read_stops(c, k, ret));
    const struct due_term terms[2] = {term_of(k, from_on, k->promised_days, k->promised_unit, ret),
                                      term_of(k, from_on, k->legal_days, k->legal_unit, ret)};
    TRY(calendar_dues(c, terms, 2, sums));
    ret->promised = sums[0];
    ret->legal = sums[1];
    return E_OK;
}

enum err case_answer_due(struct ctx *c, int64_t received_at, int32_t *ret_on)
{
    struct due_sum sum;
    const struct due_term t = {.from_on = date_of(received_at, c->zone_minutes),
                               .days = ANSWER_DAYS,
                               .unit = TERM_WORKING};
    TRY(calendar_due(c, &t, &sum));
    *ret_on = sum.due_on;
    return E_OK;
}
