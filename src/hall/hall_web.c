/* GET /desks: every window and what it is doing. */
#include "hall.h"

void desk_view_of(struct ctx *c, const struct desk_row *d, struct desk_view *ret)
{
    *ret = (struct desk_view){
        .code = d->code,
        .name = name_in_lang(c, d->name, d->name_en),
        .number = d->code,
        .floor = d->floor,
        .zone = d->zone_code,
        .kind = d->kind,
        .step_free = d->step_free,
        .low_counter = d->low_counter,
        .state = desk_state_word(d->state),
        .staff = d->staff_name.p == NULL ? STR("") : d->staff_name,
    };
}

enum err desks_show(struct ctx *c, struct reply *r, struct desk_list *v)
{
    struct desk_rows rows;
    (void)r;
    TRY(desks(c, c->center_id, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct desk_view, rows.n);
    v->items.n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        desk_view_of(c, &rows.v[i], &v->items.v[i]);
    v->total = (int64_t)rows.n;
    return E_OK;
}
