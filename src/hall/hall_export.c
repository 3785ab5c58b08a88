/* Desks and zones as tables, the columns that hall_import.c reads. */
#include "hall.h"

#include "table_out.h"

enum err zones_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"code",  "prefix", "name",   "name_en",
                                          "floor", "sign",   "colour", NULL};
    struct zone_rows all;
    TRY(zones(c, c->center_id, &all));
    TRY(table_out_columns(c, t, columns));
    for (size_t i = 0; i < all.n; i++) {
        const struct zone_row *r = &all.v[i];
        table_put_text(t, r->code);
        table_put_text(t, r->prefix);
        table_put_text(t, r->name);
        table_put_text(t, r->name_en);
        table_put_int(t, r->floor);
        table_put_text(t, r->sign);
        table_put_text(t, r->colour);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

enum err desks_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"code", "name",      "name_en",     "floor",   "zone",
                                          "kind", "step_free", "low_counter", "handles", NULL};
    struct desk_rows all;
    TRY(desks(c, c->center_id, &all));
    TRY(table_out_columns(c, t, columns));
    for (size_t i = 0; i < all.n; i++) {
        const struct desk_row *r = &all.v[i];
        table_put_text(t, r->code);
        table_put_text(t, r->name);
        table_put_text(t, r->name_en);
        table_put_int(t, r->floor);
        table_put_text(t, r->zone_code);
        table_put_text(t, r->kind);
        table_put_flag(t, r->step_free);
        table_put_flag(t, r->low_counter);
        table_put_text(t, r->handles);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}
