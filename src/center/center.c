/* The centre, its agencies, and the regions of GB/T 2260: rows that change seldom and are read by
 * all others. */
#include "center.h"
#include "csv.h"
#include "identify.h"
#include "table_out.h"

#define AGENCIES_READ 2000 /* the LIMIT of `agencies` */

static const char *const origins[] = {"read", "demonstration", "missing", NULL};
static const char *const levels[] = {"province", "city", "county", NULL};

enum err center_here(struct ctx *c, struct center_row *ret)
{
    return center(c, c->center_id, ret);
}

struct str center_name(const struct ctx *c, const struct center_row *r)
{
    return c->lang == LANG_EN && r->name_en.n > 0 ? r->name_en : r->name;
}

enum err agency_by_its_name(struct ctx *c, struct str name, struct agency_row *ret)
{
    struct agency_row *row;
    TRY(agency_by_name(c, c->center_id, name, &row));
    if (row == NULL)
        return fail(c, E_NOT_FOUND, "agency %.*s", STR_ARG(name));
    *ret = *row;
    return E_OK;
}

enum err agencies_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        struct str name = table_need(t, "name", 80);
        struct str uscc = table_need(t, "uscc", 18);
        int origin = table_choice(t, "state", origins);
        if (uscc.n > 0 && uscc_check(uscc) != ID_OK)
            table_fault(t, "uscc", "统一社会信用代码 %.*s 校验不对（GB 32100）", STR_ARG(uscc));
        if (t->fault_count > 0)
            continue;
        TRY(agency_put(c, c->center_id, new_id(c), name, str_or_empty(table_text(t, "name_en")),
                       uscc, str_or_empty(table_text(t, "phone")), str_of(origins[origin]),
                       str_or_empty(table_text(t, "source"))));
    }
    return E_OK;
}

enum err agencies_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"name",  "name_en", "uscc", "phone",
                                          "state", "source",  NULL};
    struct agency_rows all;
    TRY(agencies(c, c->center_id, &all));
    if (all.n >= AGENCIES_READ)
        return fail(c, E_TOO_LARGE, "%d agencies or more", AGENCIES_READ);
    TRY(table_out_columns(c, t, columns));
    for (size_t i = 0; i < all.n; i++) {
        const struct agency_row *r = &all.v[i];
        const struct str texts[] = {r->name, r->name_en, r->uscc, r->phone, r->state, r->source};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            table_put_text(t, texts[k]);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

enum err regions_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        struct str code = table_need(t, "code", 6);
        struct str name = table_need(t, "name", 80);
        int level = table_choice(t, "level", levels);
        if (code.n > 0 && !region_code_ok(code))
            table_fault(t, "code", "行政区划代码 %.*s 不对（GB/T 2260，六位数字）", STR_ARG(code));
        if (t->fault_count == 0)
            TRY(region_put(c, code, name, str_of(levels[level]),
                           str_or_empty(table_text(t, "parent"))));
    }
    return E_OK;
}

static enum err import_center(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        int origin = table_choice(t, "state", origins);
        TRY(center_put(c, c->center_id, table_need(t, "code", 20), table_need(t, "name", 80),
                       table_need(t, "name_en", 120), table_need(t, "region", 6),
                       table_need(t, "address", 200), table_need(t, "address_en", 200),
                       table_need(t, "phone", 40), table_need(t, "hours", 200),
                       table_need(t, "hours_en", 200), origin == 1));
    }
    return E_OK;
}

static enum err import_file(struct ctx *c, const char *dir, const char *file,
                            enum err (*import)(struct ctx *, struct table_in *))
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/%s", dir, file)));
    TRY(import(c, &t));
    return table_end(c, &t);
}

enum err center_demo(struct ctx *c, const char *data_dir)
{
    TRY(import_file(c, data_dir, "../region/CN.csv", regions_import));
    TRY(import_file(c, data_dir, "center.csv", import_center));
    return import_file(c, data_dir, "agencies.csv", agencies_import);
}
