/* Desks come in as a table (onewindow import desks FILE) and, for the demonstration, with floors
 * and zones from the folder of the Wolong hall. A table of desks is the whole hall: desks it does
 * not name go, unless somebody sits there. All faults of a table are told at once. */
#include "hall.h"

#include "csv.h"

static const char *const desk_kinds[] = {"comprehensive",  "special",        "elderly", "green",
                                         "whole_province", "cross_province", "cant_do", NULL};
static const char *const zone_colours[] = {"blue", "green", "amber", "purple", NULL};

static struct str or_empty(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

static enum err import_floors(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        int64_t number = table_int(t, "floor", 1, 99);
        struct str name = table_need(t, "name", 40), name_en = table_need(t, "name_en", 60);
        bool has_lift = table_flag(t, "lift");
        if (t->fault_count == 0)
            TRY(floor_put(c, c->center_id, number, name, name_en, has_lift));
    }
    return E_OK;
}

enum err zones_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        struct str code = table_need(t, "code", 20), prefix = table_need(t, "prefix", 2);
        struct str name = table_need(t, "name", 40), name_en = table_need(t, "name_en", 60);
        struct str sign = table_need(t, "sign", 1);
        int64_t on_floor = table_int(t, "floor", 1, 99);
        int colour = table_choice(t, "colour", zone_colours);
        if (t->fault_count == 0)
            TRY(zone_put(c, c->center_id, new_id(c), code, prefix, name, name_en, on_floor, sign,
                         str_of(zone_colours[colour])));
    }
    return E_OK;
}

static bool pattern_is_good(struct ctx *c, struct str pattern, const struct zone_rows *known,
                            enum err *ret_error)
{
    struct str rest = pattern, kind = str_cut(&rest, ':');
    if (str_is(pattern, "*"))
        return true;
    if (rest.p == NULL || rest.n == 0)
        return false;
    if (str_is(kind, "item"))
        return rest.n <= 40;
    if (str_is(kind, "zone")) {
        for (size_t i = 0; i < known->n; i++)
            if (str_eq(known->v[i].code, rest))
                return true;
        return false;
    }
    struct agency_row *found = NULL;
    if (str_is(kind, "agency"))
        *ret_error = agency_by_name(c, c->center_id, rest, &found);
    return found != NULL;
}

static enum err check_handles(struct ctx *c, struct table_in *t, struct str handles,
                              const struct zone_rows *known)
{
    struct str rest = handles;
    while (rest.p != NULL && handles.n > 0) {
        struct str pattern = str_trim(str_cut(&rest, ';'));
        enum err e = E_OK;
        if (!pattern_is_good(c, pattern, known, &e))
            table_fault(
                t, "handles",
                "“%.*s”不是已知的部门、区或事项；写法：agency：部门名、zone：区、item：事项代码、*",
                STR_ARG(pattern));
        TRY(e);
    }
    return E_OK;
}

static const struct zone_row *zone_named(const struct zone_rows *known, struct str code)
{
    for (size_t i = 0; i < known->n; i++)
        if (str_eq(known->v[i].code, code))
            return &known->v[i];
    return NULL;
}

static enum err import_desk(struct ctx *c, struct table_in *t, const struct zone_rows *known)
{
    struct str code = table_need(t, "code", 12), name = table_need(t, "name", 60);
    struct str zone_code = table_need(t, "zone", 20), handles = table_need(t, "handles", 100000);
    int64_t on_floor = table_int(t, "floor", 1, 99);
    int kind = table_choice(t, "kind", desk_kinds);
    bool step_free = table_flag(t, "step_free"), low_counter = table_flag(t, "low_counter");
    const struct zone_row *z = zone_named(known, zone_code);
    if (z == NULL && zone_code.n > 0)
        table_fault(t, "zone", "没有“%.*s”这个区", STR_ARG(zone_code));
    if (str_find(code, STR(" ")) >= 0)
        table_fault(t, "code", "窗口号“%.*s”里不能有空格", STR_ARG(code));
    TRY(check_handles(c, t, handles, known));
    if (t->fault_count > 0)
        return E_OK;
    return desk_put(
        c, c->center_id, new_id(c), code, name, or_empty(table_text(t, "name_en")),
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): without a zone there is a fault */
        on_floor, z->id, str_of(desk_kinds[kind]), step_free, low_counter, handles, c->now);
}

struct seen_desk {
    struct str code;
    int line;
};

/* Notes a number that stands twice; remembers it otherwise. */
static void remember(struct ctx *c, struct table_in *t, struct seen_desk *seen, size_t *count)
{
    struct str code = table_text(t, "code");
    for (size_t i = 0; i < *count; i++)
        if (str_eq(seen[i].code, code))
            table_fault(t, "code", "窗口号“%.*s”在第 %d 行已经有了", STR_ARG(code), seen[i].line);
    if (*count < 1024)
        seen[(*count)++] = (struct seen_desk){str_copy(c->arena, or_empty(code)), t->row_line};
    else
        table_fault(t, "code", "窗口太多，一个大厅最多 1024 个");
}

static enum err drop_unnamed(struct ctx *c, struct table_in *t, const struct seen_desk *seen,
                             size_t count)
{
    struct desk_rows all;
    TRY(desks(c, c->center_id, &all));
    for (size_t i = 0; i < all.n; i++) {
        bool is_named = false;
        for (size_t k = 0; k < count && !is_named; k++)
            is_named = str_eq(seen[k].code, all.v[i].code);
        if (is_named)
            continue;
        if (all.v[i].state != DESK_CLOSED)
            table_fault(t, "code", "表里没有 %.*s 号窗口，但它现在有人在用，不能删除",
                        STR_ARG(all.v[i].code));
        else
            TRY(desk_drop(c, c->center_id, all.v[i].id));
    }
    return E_OK;
}

enum err desks_import(struct ctx *c, struct table_in *t)
{
    struct zone_rows known;
    struct seen_desk *seen = ARENA_ARRAY(c->arena, struct seen_desk, 1024);
    size_t count = 0;
    TRY(zones(c, c->center_id, &known));
    while (table_next(t)) {
        remember(c, t, seen, &count);
        TRY(import_desk(c, t, &known));
    }
    if (t->fault_count > 0)
        return E_OK; /* told by the caller, which takes everything back */
    TRY(drop_unnamed(c, t, seen, count));
    return t->fault_count > 0 ? E_OK : lines_rebuild(c);
}

static enum err import_file(struct ctx *c, const char *dir, const char *file,
                            enum err (*import)(struct ctx *, struct table_in *))
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/%s", dir, file)));
    TRY(import(c, &t));
    return table_end(c, &t);
}

enum err hall_demo(struct ctx *c, const char *data_dir)
{
    TRY(import_file(c, data_dir, "floors.csv", import_floors));
    TRY(import_file(c, data_dir, "zones.csv", zones_import));
    return import_file(c, data_dir, "desks.csv", desks_import);
}
