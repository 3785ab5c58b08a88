/* Raising, answering, ending an emergency call. */
#include "alarm.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"

static struct str plain(struct str desk)
{
    while (desk.n > 1 && desk.p[0] == '0') {
        desk.p++;
        desk.n--;
    }
    return desk;
}

static struct alarm_line line_of(struct ctx *c, const struct alarm_by_id_row *a)
{
    return (struct alarm_line){
        .id = a->id,
        .desk = a->desk_code,
        .desk_plain = plain(a->desk_code),
        .floor = a->floor,
        .floor_name = floor_text(c, a->floor),
        .staff = a->staff_name,
        .raised_at = a->raised_at,
        .state = a->ended_at != 0      ? STR("ended")
                 : a->answered_at != 0 ? STR("acknowledged")
                                       : STR("raised"),
        .answered_by = str_or_empty(a->answered_by),
        .answered_at = a->answered_at,
        .ended_at = a->ended_at,
    };
}

static void lines_of(struct ctx *c, const struct alarm_by_id_rows *rows,
                     struct alarm_line_list *ret)
{
    ret->v = ARENA_ARRAY(c->arena, struct alarm_line, rows->n);
    ret->n = rows->n;
    for (size_t i = 0; i < rows->n; i++)
        ret->v[i] = line_of(c, &rows->v[i]);
}

enum err alarms_open(struct ctx *c, struct alarm_line_list *ret)
{
    struct alarm_by_id_rows rows;
    TRY(alarms_now(c, c->center_id, &rows));
    lines_of(c, &rows, ret);
    return E_OK;
}

enum err alarm_of_desk(struct ctx *c, int64_t desk_id, struct alarm_line **ret)
{
    struct alarm_by_id_row *a;
    TRY(alarm_open_of_desk(c, c->center_id, desk_id, &a));
    *ret = NULL;
    if (a != NULL) {
        *ret = ARENA_NEW(c->arena, struct alarm_line);
        **ret = line_of(c, a);
    }
    return E_OK;
}

/* Pressing again while somebody is on the way changes nothing: the same call is answered. */
enum err alarm_raise(struct ctx *c, struct reply *r, struct alarm_line *v)
{
    struct desk_row d;
    struct alarm_line *there;
    struct alarm_by_id_row *made;
    int64_t id = new_id(c);
    TRY(desk_of_actor(c, &d));
    TRY(alarm_of_desk(c, d.id, &there));
    reply_see(r, "/desk");
    if (there != NULL) {
        *v = *there;
        return E_OK;
    }
    TRY(alarm_add(c, c->center_id, id, d.id, d.code, d.floor, c->actor.name, c->now));
    TRY(journal_add(c, EV_ALARM_RAISED, id, 0,
                    event_facts(c, "desk", d.code, "zone", d.zone_code, NULL), STR_NONE));
    TRY(alarm_by_id(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    *v = line_of(c, made);
    return E_OK;
}

static enum err find(struct ctx *c, int64_t id, struct alarm_by_id_row **ret)
{
    TRY(alarm_by_id(c, c->center_id, id, ret));
    if (*ret == NULL)
        return fail(c, E_NOT_FOUND, "alarm %lld", (long long)id);
    return (*ret)->ended_at == 0 ? E_OK : fail(c, E_ALARM_OVER, "alarm %lld", (long long)id);
}

enum err alarm_answer(struct ctx *c, const struct alarm_choice_form *f, struct reply *r,
                      struct alarm_line *v)
{
    struct alarm_by_id_row *a;
    TRY(find(c, f->id, &a));
    if (a->answered_at != 0)
        return fail(c, E_ALARM_ANSWERED, "alarm %lld", (long long)f->id);
    TRY(alarm_answer_put(c, c->center_id, a->id, c->actor.name, c->now));
    TRY(journal_add(c, EV_ALARM_ACKNOWLEDGED, a->id, 0,
                    event_facts(c, "desk", a->desk_code, "who", c->actor.name, NULL), STR_NONE));
    a->answered_by = c->actor.name;
    a->answered_at = c->now;
    *v = line_of(c, a);
    reply_see(r, "/alarms");
    return E_OK;
}

enum err alarm_end(struct ctx *c, const struct alarm_note_form *f, struct reply *r,
                   struct alarm_line *v)
{
    struct alarm_by_id_row *a;
    struct str note = str_trim(str_or_empty(f->note));
    TRY(find(c, f->id, &a));
    TRY(alarm_end_put(c, c->center_id, a->id, c->now));
    TRY(journal_add(c, EV_ALARM_ENDED, a->id, 0, event_facts(c, "desk", a->desk_code, NULL),
                    note.n > 0 ? event_facts(c, "note", note, NULL) : STR_NONE));
    a->ended_at = c->now;
    *v = line_of(c, a);
    reply_see(r, "/alarms");
    return E_OK;
}

enum err alarms_show(struct ctx *c, struct reply *r, struct alarms *v)
{
    struct alarm_by_id_rows rows;
    (void)r;
    TRY(alarms_open(c, &v->open));
    TRY(alarms_ended(c, c->center_id, date_start(today(c), c->zone_minutes), &rows));
    lines_of(c, &rows, &v->past);
    return E_OK;
}
