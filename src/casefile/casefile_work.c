/* What the program does by itself, on time: papers nobody answered for are accepted (ALL 32(1)4), a
 * correction that was not answered by its day lapses, and due dates follow the calendar. Each run takes a
 * bounded piece; each case is moved by the same table as by hand. */
#include "casefile_parts.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"

#define LOOK_BACK   60 /* days: five working days always lie in them */
#define ANSWER_DAYS 5  /* ALL 32(1)4 */
#define BATCH       100

/* Whoever was received before that instant has waited five whole working days; 0: the calendar of these
 * days is not known, so nobody has. */
static enum err answered_before(struct ctx *c, int64_t *ret)
{
    struct day_kinds days;
    int32_t first = date_add(today(c), -LOOK_BACK);
    int counted = 0, at = LOOK_BACK;
    TRY(calendar_kinds(c, first, LOOK_BACK, &days));
    while (at > 0 && counted < ANSWER_DAYS && days.kinds[at - 1] != DAY_UNKNOWN) {
        at--;
        counted += days.kinds[at] == DAY_WORKED ? 1 : 0;
    }
    *ret = counted == ANSWER_DAYS ? date_start(date_add(first, at), c->zone_minutes) : 0;
    return E_OK;
}

static enum err deem(struct ctx *c)
{
    struct casefiles_unanswered_rows rows;
    struct case_view v;
    int64_t before;
    TRY(answered_before(c, &before));
    TRY(casefiles_unanswered(c, c->center_id, before, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(case_do(c, rows.v[i].number, CASE_ACT_DEEM, STR(""), &v));
    return E_OK;
}

static enum err lapse(struct ctx *c)
{
    struct corrections_over_rows rows;
    struct case_view v;
    TRY(corrections_over(c, c->center_id, today(c), &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(case_do(c, rows.v[i].number, CASE_ACT_LAPSE, STR(""), &v));
    return E_OK;
}

enum err case_clock_job(struct ctx *c)
{
    TRY(deem(c));
    return lapse(c);
}

/* --- the calendar changed -------------------------------------------------------------------------- */

static struct str day_text(struct ctx *c, int32_t on)
{
    return on == 0 ? STR("—") : date_text(c->arena, on);
}

static enum err recount(struct ctx *c, int64_t id)
{
    struct casefile_row *k;
    TRY(casefile(c, c->center_id, id, &k));
    if (k == NULL)
        return E_OK;
    int32_t due_before = k->due_on, legal_before = k->legal_due_on;
    TRY(case_count(c, k));
    if (k->due_on == due_before && k->legal_due_on == legal_before)
        return E_OK;
    TRY(casefile_dues_put(c, c->center_id, id, k->due_on, k->legal_due_on));
    if (k->due_on == due_before)
        return E_OK;
    return journal_add(c, EV_CASE_DUE_MOVED, id, k->thread,
                       event_facts(c, "number", k->number, "before", day_text(c, due_before),
                                   "after", day_text(c, k->due_on), NULL),
                       STR_NONE);
}

enum err case_recount_job(struct ctx *c)
{
    struct casefile_recount_row *done, begin = {0};
    struct casefiles_running_after_rows rows;
    int64_t version;
    TRY(calendar_version(c, &version));
    TRY(casefile_recount(c, c->center_id, &done));
    if (done != NULL && done->version == version)
        return E_OK;
    if (done != NULL && done->doing == version)
        begin = *done;
    TRY(casefiles_running_after(c, c->center_id, begin.after_id, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(recount(c, rows.v[i].id));
    if (rows.n < BATCH)
        return casefile_recount_put(c, c->center_id, version, version, 0);
    return casefile_recount_put(c, c->center_id, done != NULL ? done->version : -1, version,
                                rows.v[rows.n - 1].id);
}
