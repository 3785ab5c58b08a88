/* What is in force today is what the tables hold. Done after each act that may change it, and by a job on the days that
 * versions begin and end, so that nobody has to be there at midnight. */
#include "clock.h"
#include "item_life.h"
#include "log.h"

/* An item with nothing in force: it stays for its cases, but nobody finds it. */
static enum err take_off(struct ctx *c, int64_t item_id, const struct item_standing_row *is)
{
    int64_t directory_version;
    if (is == NULL || !is->is_listed)
        return E_OK;
    TRY(version_freeze(c, item_id, is->version));
    TRY(item_version_set(c, c->center_id, item_id, is->version, false));
    TRY(directory_rise(c, &directory_version));
    return journal_version(c, EV_ITEM_ENDED, item_id, is->name, is->version, STR(""));
}

static enum err put_in_force(struct ctx *c, int64_t item_id, int64_t version,
                             const struct item_standing_row *is)
{
    struct catalogue_entry *entry;
    struct item_doc d;
    int64_t directory_version;
    if (is != NULL && is->is_listed && is->version == version)
        return E_OK;
    if (is != NULL)
        TRY(version_freeze(c, item_id, is->version));
    TRY(item_version_doc(c, item_id, version, &d));
    TRY(catalogue_of(c, str_or_empty(doc_value(&d, "catalog_code")), &entry));
    item_doc_inherit(c, &d, entry);
    TRY(item_put_doc(c, item_id, version, &d));
    TRY(directory_rise(c, &directory_version));
    return journal_version(c, EV_ITEM_IN_FORCE, item_id, str_or_empty(doc_value(&d, "task_name")),
                           version, STR(""));
}

enum err item_settle(struct ctx *c, int64_t item_id)
{
    struct version_in_force_row *v;
    struct item_standing_row *is;
    TRY(version_in_force(c, c->center_id, item_id, today(c), &v));
    TRY(item_standing(c, c->center_id, item_id, &is));
    bool has_ended = v != NULL && v->ends_on != 0 && v->ends_on <= today(c);
    if (v == NULL || has_ended)
        TRY(take_off(c, item_id, is));
    else
        TRY(put_in_force(c, item_id, v->version, is));
    return versions_note_switch(c, c->center_id, item_id, today(c));
}

/* A version that no longer fits (its agency is gone) waits a day and is told, so that it hinders no other. */
static enum err put_off(struct ctx *c, int64_t item_id)
{
    struct item_standing_row *is;
    TRY(item_standing(c, c->center_id, item_id, &is));
    log_line(LOG_WARN, "item", "item=%lld does not come into force: %.*s", (long long)item_id,
             STR_ARG(c->refusal.detail));
    TRY(journal_version(c, EV_ITEM_SWITCH_FAILED, item_id, is == NULL ? STR("") : is->name,
                        is == NULL ? 0 : is->version, c->refusal.text));
    return versions_switch_put_off(c, c->center_id, item_id, today(c), date_add(today(c), 1));
}

enum err item_switch(struct ctx *c)
{
    struct versions_to_switch_rows rows;
    TRY(versions_to_switch(c, c->center_id, today(c), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        enum err e = item_settle(c, rows.v[i].item_id);
        if (e == E_ITEM_FAULTS)
            e = put_off(c, rows.v[i].item_id);
        TRY(e);
    }
    return E_OK;
}
