/* Versions that imports make. Writing a document for each of a hundred thousand rows would take longer than the import
 * itself, so a version made by import has none at first: it is what the tables hold. The document is written down
 * when the tables are about to change (version_freeze). */
#include "item_life.h"
#include "journal.h"

enum err item_changes_touch(struct ctx *c, struct item_changes *k, int64_t item_id)
{
    struct item_standing_row *is;
    struct version_row_row *now;
    int64_t version;
    if (k->touched_id == item_id)
        return E_OK;
    TRY(item_standing(c, c->center_id, item_id, &is));
    if (is == NULL)
        return E_OK; /* made in this import: its first version comes at the end */
    k->touched_id = item_id;
    k->count++;
    TRY(version_row(c, c->center_id, item_id, is->version, &now));
    if (now == NULL) /* put into the tables without an import: that is its first version */
        TRY(version_import_add(c, c->center_id, item_id, is->version, 0, today(c), c->now, STR(""),
                               STR("")));
    bool is_ours = now != NULL && now->published_by == 0 && now->published_at == c->now;
    if (is_ours && is->is_listed)
        return E_OK; /* another table of the same import */
    TRY(version_freeze(c, item_id, is->version));
    TRY(version_next(c, item_id, &version));
    TRY(version_import_add(c, c->center_id, item_id, version, is->version, today(c), c->now,
                           STR(""), STR("")));
    return item_version_set(c, c->center_id, item_id, version, true);
}

enum err item_changes_end(struct ctx *c, struct item_changes *k)
{
    int64_t version;
    if (k->count == 0)
        return E_OK;
    TRY(directory_rise(c, &version));
    TRY(versions_import_new(c, c->center_id, today(c), c->now));
    struct str facts = str_fmt(c->arena, "{\"version\":%lld,\"count\":%lld}", (long long)version,
                               (long long)k->count);
    return journal_add(c, EV_ITEM_DIRECTORY_IMPORTED, version, 0, facts, STR_NONE);
}

/* --- documents from outside --- */

static enum err item_of_doc(struct ctx *c, const struct item_doc *d, int64_t *ret_id)
{
    struct item_row *row;
    TRY(item_by_code(c, c->center_id, str_or_empty(doc_value(d, "catalog_code")), &row));
    *ret_id = row == NULL ? 0 : row->id;
    return E_OK;
}

static enum err is_same(struct ctx *c, int64_t item_id, struct str content, bool *ret)
{
    struct item_doc now;
    TRY(item_doc_of_tables(c, item_id, &now));
    *ret = str_eq(item_doc_print(c, &now), content);
    return E_OK;
}

static enum err put_next(struct ctx *c, struct item_changes *k, int64_t item_id,
                         const struct item_doc *d)
{
    struct item_standing_row *is;
    int64_t version;
    TRY(item_changes_touch(c, k, item_id));
    TRY(item_standing(c, c->center_id, item_id, &is));
    if (is != NULL)
        return item_put_doc(c, item_id, is->version, d);
    TRY(version_next(c, item_id, &version));
    TRY(version_import_add(c, c->center_id, item_id, version, 0, today(c), c->now, STR(""),
                           STR("")));
    k->count++;
    return item_put_doc(c, item_id, version, d);
}

enum err item_doc_import(struct ctx *c, struct item_changes *k, const struct item_terms *terms,
                         const struct item_doc *d, struct doc_faults *faults)
{
    struct agency_row by;
    int64_t item_id;
    bool is_known_already = false;
    *faults = (struct doc_faults){0};
    item_doc_check(c, terms, d, today(c), faults);
    TRY(item_of_doc(c, d, &item_id));
    TRY(item_doc_fits(c, item_id, d, &by, faults));
    TRY(doc_faults_end(c, faults));
    if (item_id != 0)
        TRY(is_same(c, item_id, item_doc_print(c, d), &is_known_already));
    if (is_known_already)
        return E_OK;
    return put_next(c, k, item_id != 0 ? item_id : new_id(c), d);
}
