/* Warning of medicine that will expire, and reading the stock from tables. */
#include "thing.h"

#include "clock.h"
#include "csv.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"

#define WARN_AGAIN_MS (7 * DAY_MS)

static bool was_warned_lately(const struct ctx *c, const struct thing_stock_row *t)
{
    return t->warned_at != 0 && c->now - t->warned_at < WARN_AGAIN_MS;
}

/* Each thing at most once a week, so that a warning is read. */
enum err thing_watch_job(struct ctx *c)
{
    struct thing_stock_all_rows rows;
    TRY(thing_stock_all(c, c->center_id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct thing_stock_row *t = &rows.v[i];
        bool soon = thing_expires_soon(t->expires_on, today(c), setting_thing_warn_days(c)) ||
                    thing_is_expired(t->expires_on, today(c));
        bool late = t->is_usable && thing_check_is_late(t->checked_at, t->check_days, c->now);
        if ((!soon && !late) || was_warned_lately(c, t))
            continue;
        TRY(thing_warned_set(c, c->center_id, t->id, c->now));
        TRY(journal_add(c, soon ? EV_THING_EXPIRING : EV_THING_CHECK_DUE, t->id, 0,
                        event_facts(c, "thing", t->name, "on",
                                    soon ? date_text(c->arena, t->expires_on) : STR(""), NULL),
                        STR_NONE));
    }
    return E_OK;
}

static enum err import_row(struct ctx *c, struct table_in *t)
{
    struct str code = table_need(t, "code", 20), name = table_need(t, "name", 40);
    struct str kind = table_need(t, "kind", 20);
    bool has_quantity = table_text(t, "quantity").n > 0,
         has_lendable = table_text(t, "lendable").n > 0,
         has_days = table_text(t, "check_days").n > 0, has_end = table_text(t, "expires_on").n > 0;
    int64_t quantity = has_quantity ? table_int(t, "quantity", 0, 100000) : 1;
    bool lendable = has_lendable ? table_flag(t, "lendable") : true;
    int64_t days = has_days ? table_int(t, "check_days", 0, 366) : 0;
    int32_t expires_on = has_end ? table_date(t, "expires_on") : 0;
    if (lendable && quantity != 1)
        table_fault(t, "quantity", "借用的东西一行一件，数量写 1");
    if (t->fault_count > 0)
        return E_OK;
    TRY(thing_put(c, c->center_id, new_id(c), code, name, str_or_empty(table_text(t, "name_en")),
                  kind, str_or_empty(table_text(t, "place")),
                  str_or_empty(table_text(t, "place_en"))));
    return thing_stock_set(c, c->center_id, code, quantity, lendable,
                           str_or_empty(table_text(t, "checklist")), days, expires_on,
                           public_token(c));
}

enum err things_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t))
        TRY(import_row(c, t));
    return E_OK;
}

enum err thing_demo(struct ctx *c, const char *data_dir)
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/things.csv", data_dir)));
    TRY(things_import(c, &t));
    return table_end(c, &t);
}
