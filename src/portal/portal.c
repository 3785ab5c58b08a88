/* What the home page says of the hall at this moment: how many wait, how long, until when. */
#include "assist.h"
#include "bundle.h"
#include "calendar.h"
#include "center.h"
#include "clock.h"
#include "duty.h"
#include "hall.h"
#include "item.h"
#include "portal_gen.h"
#include "settings.h"
#include "ticket.h"

static struct str clock_text(struct ctx *c, int minute)
{
    return minute < 0 ? STR("") : str_fmt(c->arena, "%02d:%02d", minute / 60, minute % 60);
}

static enum err fill_opening(struct ctx *c, struct home *v)
{
    struct opening_now o;
    TRY(calendar_opening_now(c, &o));
    v->is_open = o.is_open;
    v->after_hours = o.after_hours;
    v->until = clock_text(c, o.until_minute);
    v->opens = clock_text(c, o.next_minute);
    return E_OK;
}

/* Items of the setting that exist; a code that is gone is left out. */
static enum err fill_often(struct ctx *c, struct home *v)
{
    v->often.v = ARENA_ARRAY(c->arena, struct often_item, 20);
    for (struct str rest = setting_portal_often(c); rest.p != NULL && v->often.n < 20;) {
        struct str code = str_trim(str_cut(&rest, ','));
        struct item_row *row;
        TRY(item_by_code(c, c->center_id, code, &row));
        if (row != NULL)
            v->often.v[v->often.n++] = (struct often_item){row->code, item_name(c, row)};
    }
    return E_OK;
}

enum err home_show(struct ctx *c, struct reply *r, struct home *v)
{
    struct center_row here;
    (void)r;
    TRY(center_here(c, &here));
    v->center = center_name(c, &here);
    v->phone = here.phone;
    v->address = c->lang == LANG_EN ? here.address_en : here.address;
    v->hours = c->lang == LANG_EN ? here.hours_en : here.hours;
    TRY(zone_waits(c, &v->zones));
    for (size_t i = 0; i < v->zones.n; i++) {
        v->waiting += v->zones.v[i].waiting;
        if (v->zones.v[i].minutes > v->minutes)
            v->minutes = v->zones.v[i].minutes;
    }
    TRY(fill_opening(c, v));
    TRY(duty_today(c, &v->duty));
    TRY(bundle_lines(c, setting_portal_bundles(c), &v->bundles));
    return fill_often(c, v);
}

enum err take_show(struct ctx *c, const struct take_query_form *f, struct reply *r,
                   struct take_page *v)
{
    struct item_row row;
    (void)r;
    v->item = STR("");
    if (f->item.n > 0) {
        TRY(item_by_any_code(c, f->item, &row));
        v->item = row.code;
        v->item_name = item_name(c, &row);
    }
    return zone_waits(c, &v->zones);
}

/* With a number the browser goes on to the case itself. */
enum err progress_show(struct ctx *c, const struct progress_query_form *f, struct reply *r,
                       struct progress_page *v)
{
    (void)c;
    v->number = f->number.p == NULL ? STR("") : f->number;
    if (f->number.n > 0)
        reply_see(r, "/cases/%.*s?token=%.*s", STR_ARG(f->number), STR_ARG(f->token));
    return E_OK;
}

/* The sign at the bus stop opens /help?from=bus_stop: where the person is need not be said. */
enum err help_show(struct ctx *c, const struct help_query_form *f, struct reply *r,
                   struct help_page *v)
{
    struct center_row here;
    bool at_stop = str_is(f->from, "bus_stop");
    (void)r;
    TRY(center_here(c, &here));
    v->phone = here.phone;
    v->source = at_stop ? STR("bus_stop") : STR("phone");
    v->place = at_stop ? tr(c, "公交站") : STR("");
    v->today = date_text(c->arena, today(c));
    return help_skills_all(c, &v->skills);
}
