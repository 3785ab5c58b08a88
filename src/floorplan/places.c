/* Positions as a table (onewindow import places FILE): the whole drawing, all faults told at once. */
#include "floorplan.h"

#include "csv.h"
#include "table_out.h"

static const char *const kinds[] = {"desk",  "zone",   "entrance",    "stairs", "guide",
                                    "kiosk", "toilet", "mother_baby", "water",  "form",
                                    "copy",  "rest",   NULL};
enum { KIND_DESK, KIND_ZONE };

static enum err import_place(struct ctx *c, struct table_in *t)
{
    size_t before = t->fault_count;
    int64_t on_floor = table_int(t, "floor", 1, 20);
    int kind = table_choice(t, "kind", kinds);
    struct str code = table_need(t, "code", 20), name = str_or_empty(table_text(t, "name"));
    int64_t x = table_int(t, "x", 0, 4000), y = table_int(t, "y", 0, 4000);
    int64_t w = table_int(t, "w", 10, 4000), h = table_int(t, "h", 10, 4000);
    struct desk_row d;
    struct zone_row *z;
    if (t->fault_count > before)
        return E_OK;
    if (kind == KIND_DESK) {
        enum err e = desk_by_its_code(c, code, &d);
        if (e == E_NO_SUCH_DESK)
            table_fault(t, "code", "没有“%.*s”号窗口", STR_ARG(code));
        else
            TRY(e);
    } else if (kind == KIND_ZONE) {
        TRY(zone(c, c->center_id, code, &z));
        if (z == NULL)
            table_fault(t, "code", "没有“%.*s”这个区", STR_ARG(code));
    } else if (name.n == 0) {
        table_fault(t, "name", "请填名称，图上要写出来");
    }
    if (t->fault_count > before)
        return E_OK;
    return place_put(c, c->center_id, on_floor, str_of(kinds[kind]), code, name,
                     str_or_empty(table_text(t, "name_en")), str_or_empty(table_text(t, "words")),
                     x, y, w, h);
}

enum err places_import(struct ctx *c, struct table_in *t)
{
    TRY(places_clear(c, c->center_id));
    while (table_next(t))
        TRY(import_place(c, t));
    return E_OK;
}

enum err places_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"floor", "kind", "code", "name", "name_en", "words",
                                          "x",     "y",    "w",    "h",    NULL};
    struct places_rows all;
    TRY(places(c, c->center_id, &all));
    TRY(table_out_columns(c, t, columns));
    for (size_t i = 0; i < all.n; i++) {
        const struct places_row *p = &all.v[i];
        table_put_int(t, p->floor);
        table_put_text(t, p->kind);
        table_put_text(t, p->code);
        table_put_text(t, p->name);
        table_put_text(t, p->name_en);
        table_put_text(t, p->words);
        table_put_int(t, p->x);
        table_put_int(t, p->y);
        table_put_int(t, p->w);
        table_put_int(t, p->h);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

enum err floorplan_demo(struct ctx *c, const char *data_dir)
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/places.csv", data_dir)));
    TRY(places_import(c, &t));
    return table_end(c, &t);
}
