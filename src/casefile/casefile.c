/* Finding a case, the document of its item, and how the cases of an item are handled. The way of a
 * case is in casefile_moves.c, making a move in casefile_act.c, its clock in casefile_term.c. */
#include "casefile.h"

#include "csv.h"
#include "item.h"
#include "item_version.h"
#include "settings.h"

struct str case_number_of(struct arena *a, struct str impl_code, int32_t on, int64_t serial)
{
    return str_fmt(a, "%.*s%08d%04lld", STR_ARG(impl_code), (int)on, (long long)serial);
}

enum err case_by_its_number(struct ctx *c, struct str number, struct casefile_row *ret)
{
    struct casefile_row *row;
    TRY(casefile_by_number(c, c->center_id, number, &row));
    if (row == NULL)
        return fail(c, E_NO_SUCH_CASE, "case %.*s", STR_ARG(number));
    *ret = *row;
    return E_OK;
}

enum err case_item_doc(struct ctx *c, struct str number, struct item_doc *ret)
{
    struct casefile_row k;
    struct casefile_item_row *of;
    TRY(case_by_its_number(c, number, &k));
    TRY(casefile_item(c, c->center_id, k.id, &of));
    BUG_IF(of == NULL);
    return item_version_doc(c, of->item_id, of->item_version, ret);
}

/* --- how the cases of an item are handled ------------------------------------------------------ */

static const char *const modes[] = {"ordinary", "joint", "first_review", NULL};
static const char *const states[] = {"read", "demonstration", NULL};

enum err case_rule_of(struct ctx *c, int64_t item_id, struct case_rule_row *ret)
{
    struct case_rule_row *row;
    TRY(case_rule(c, c->center_id, item_id, &row));
    *ret = row != NULL ? *row
                       : (struct case_rule_row){.mode = STR("ordinary"),
                                                .two_persons = setting_case_two_persons(c),
                                                .correction_days = setting_case_correction_days(c),
                                                .state = STR(""),
                                                .source = STR("")};
    return E_OK;
}

/* The item a row is about; id 0 with a fault when there is none. */
static enum err item_of_code(struct ctx *c, struct table_in *t, struct str code,
                             struct item_row *ret)
{
    enum err e = item_by_any_code(c, code, ret);
    if (e != E_NO_SUCH_ITEM)
        return e;
    c->refusal = (struct refusal){.code = E_OK};
    *ret = (struct item_row){.id = 0};
    table_fault(t, "item", "没有这个事项");
    return E_OK;
}

static enum err import_rule(struct ctx *c, struct table_in *t)
{
    struct item_row item;
    int mode = table_choice(t, "mode", modes), state = table_choice(t, "state", states);
    struct str code = table_need(t, "item", 40), source = table_need(t, "source", 300);
    int64_t days[4];
    static const char *const columns[] = {"correction_days", "review_days", "approve_days",
                                          "decide_days"};
    for (size_t i = 0; i < 4; i++)
        days[i] = table_int(t, columns[i], 0, 365);
    bool two = table_flag(t, "two_persons"), approval = table_flag(t, "approval");
    if (mode < 0 || state < 0 || code.n == 0)
        return E_OK;
    TRY(item_of_code(c, t, code, &item));
    if (item.id == 0)
        return E_OK;
    return case_rule_put(c, c->center_id, item.id, str_of(modes[mode]), two, approval, days[0],
                         days[1], days[2], days[3], str_of(states[state]), source);
}

enum err case_rules_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t))
        TRY(import_rule(c, t));
    return E_OK;
}

/* --- which items are which electronic licence ---------------------------------------------------- */

static bool is_licence_type(struct str code)
{
    for (size_t i = 0; i < code.n; i++)
        if (!(code.p[i] >= '0' && code.p[i] <= '9') && !(code.p[i] >= 'A' && code.p[i] <= 'Z'))
            return false;
    return code.n == 21;
}

static enum err import_licence_type(struct ctx *c, struct table_in *t)
{
    struct item_row item;
    int state = table_choice(t, "state", states);
    struct str code = table_need(t, "item", 40), type = table_need(t, "type_code", 21),
               name = table_need(t, "name", 100), source = table_need(t, "source", 300);
    if (state < 0 || code.n == 0 || type.n == 0)
        return E_OK;
    if (!is_licence_type(type)) {
        table_fault(t, "type_code", "要 21 位数字和大写字母（GB/T 36904）");
        return E_OK;
    }
    TRY(item_of_code(c, t, code, &item));
    if (item.id == 0)
        return E_OK;
    return licence_type_put(c, c->center_id, item.id, type, name, str_of(states[state]), source);
}

enum err licence_types_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t))
        TRY(import_licence_type(c, t));
    return E_OK;
}

static enum err licence_types_demo(struct ctx *c, const char *data_dir)
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/licence_types.csv", data_dir)));
    TRY(licence_types_import(c, &t));
    return table_end(c, &t);
}

enum err casefile_demo(struct ctx *c, const char *data_dir)
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/case_rules.csv", data_dir)));
    TRY(case_rules_import(c, &t));
    TRY(table_end(c, &t));
    return licence_types_demo(c, data_dir);
}
