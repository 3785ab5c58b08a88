/* Counting a day. Means come from sums, the 90 % value from the ordered list itself, so that both can be
 * counted again by hand from the tickets. */
#include "report.h"
#include "ticket.h"

struct sums {
    int64_t waits, wait_ms, services, service_ms;
};

int64_t rank_of_nine_tenths(int64_t n)
{
    return n <= 0 ? 0 : (9 * n + 9) / 10 - 1;
}

static void add_state(const struct tickets_of_day_by_zone_row *r, struct day_figures *f,
                      struct sums *s)
{
    f->issued += r->tickets;
    s->waits += r->waits;
    s->wait_ms += r->wait_sum;
    switch ((enum ticket_state)r->state) {
    case TICKET_WAITING:
    case TICKET_PARKED:
        f->waiting += r->tickets;
        break;
    case TICKET_CALLED:
    case TICKET_SERVING:
        f->serving += r->tickets;
        break;
    case TICKET_FINISHED:
        f->served += r->tickets;
        s->services += r->tickets;
        s->service_ms += r->service_sum;
        break;
    case TICKET_NO_SHOW:
        f->no_show += r->tickets;
        break;
    case TICKET_CANCELLED:
        f->cancelled += r->tickets;
        break;
    case TICKET_STATE_COUNT:
        BUG("a ticket in state %lld", (long long)r->state);
    }
}

static void add_rows(const struct tickets_of_day_by_zone_rows *rows, struct day_figures *f,
                     struct sums *s)
{
    for (size_t i = 0; i < rows->n; i++)
        add_state(&rows->v[i], f, s);
}

static void set_means(struct day_figures *f, const struct sums *s)
{
    f->mean_wait_ms = s->waits > 0 ? s->wait_ms / s->waits : 0;
    f->mean_service_ms = s->services > 0 ? s->service_ms / s->services : 0;
}

static void add_sums(struct sums *to, const struct sums *s)
{
    to->waits += s->waits;
    to->wait_ms += s->wait_ms;
    to->services += s->services;
    to->service_ms += s->service_ms;
}

static enum err count_zone(struct ctx *c, int32_t on, const struct report_zones_row *z,
                           struct day_figures *f, struct sums *all)
{
    struct tickets_of_day_by_zone_rows rows;
    struct wait_at_rank_of_zone_row *p90;
    struct sums s = {0};
    *f = (struct day_figures){.code = z->code,
                              .name = c->lang == LANG_EN ? z->name_en : z->name,
                              .sign = z->sign};
    TRY(tickets_of_day_by_zone(c, c->center_id, z->id, on, &rows));
    add_rows(&rows, f, &s);
    set_means(f, &s);
    if (s.waits > 0) {
        TRY(wait_at_rank_of_zone(c, c->center_id, z->id, on, rank_of_nine_tenths(s.waits), &p90));
        f->p90_wait_ms = p90 == NULL ? 0 : p90->wait_ms;
    }
    add_sums(all, &s);
    return E_OK;
}

static void add_figures(struct day_figures *to, const struct day_figures *f)
{
    to->issued += f->issued;
    to->waiting += f->waiting;
    to->serving += f->serving;
    to->served += f->served;
    to->no_show += f->no_show;
    to->cancelled += f->cancelled;
}

enum err day_of_hall(struct ctx *c, int32_t on, struct day_figures *ret_all,
                     struct day_figures_list *ret_zones)
{
    struct report_zones_rows zones;
    struct wait_at_rank_of_zone_row *p90;
    struct sums all = {0};
    TRY(report_zones(c, c->center_id, &zones));
    *ret_all = (struct day_figures){.code = STR("all"), .name = tr(c, "全大厅"), .sign = STR("")};
    ret_zones->v = ARENA_ARRAY(c->arena, struct day_figures, zones.n + 1);
    ret_zones->n = zones.n;
    for (size_t i = 0; i < zones.n; i++) {
        TRY(count_zone(c, on, &zones.v[i], &ret_zones->v[i], &all));
        add_figures(ret_all, &ret_zones->v[i]);
    }
    set_means(ret_all, &all);
    if (all.waits > 0) {
        TRY(wait_at_rank_of_day(c, c->center_id, on, rank_of_nine_tenths(all.waits), &p90));
        ret_all->p90_wait_ms = p90 == NULL ? 0 : p90->wait_ms;
    }
    return E_OK;
}

static const struct {
    enum ticket_class class;
    const char *code, *title;
} classes[] = {{CLASS_GREEN, "green", /* tr */ "绿色通道"},
               {CLASS_DISABLED, "disabled", /* tr */ "残疾人"},
               {CLASS_MILITARY, "military", /* tr */ "军人"},
               {CLASS_INFANT, "infant", /* tr */ "孕妇和带婴儿"},
               {CLASS_ELDERLY, "elderly", /* tr */ "老年人"},
               {CLASS_BOOKED, "booked", /* tr */ "预约"},
               {CLASS_NORMAL, "normal", /* tr */ "普通"}};
#define CLASSES (sizeof classes / sizeof *classes)

static enum err count_class(struct ctx *c, int32_t on, enum ticket_class class,
                            struct day_figures *f)
{
    struct tickets_of_day_by_zone_rows rows;
    struct wait_at_rank_of_zone_row *p90;
    struct sums s = {0};
    TRY(tickets_of_day_by_class(c, c->center_id, class, on, &rows));
    add_rows(&rows, f, &s);
    set_means(f, &s);
    if (s.waits > 0) {
        TRY(wait_at_rank_of_class(c, c->center_id, class, on, rank_of_nine_tenths(s.waits), &p90));
        f->p90_wait_ms = p90 == NULL ? 0 : p90->wait_ms;
    }
    return E_OK;
}

enum err day_by_class(struct ctx *c, int32_t on, struct day_figures_list *ret_classes)
{
    ret_classes->v = ARENA_ARRAY(c->arena, struct day_figures, CLASSES);
    ret_classes->n = 0;
    for (size_t i = 0; i < CLASSES; i++) {
        struct day_figures f = {.code = str_of(classes[i].code),
                                .name = tr(c, classes[i].title),
                                .sign = STR("")};
        TRY(count_class(c, on, classes[i].class, &f));
        if (f.issued > 0)
            ret_classes->v[ret_classes->n++] = f;
    }
    return E_OK;
}
