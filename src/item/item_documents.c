/* Whole documents, out and in again: one row an item, its code and its document as item_doc_print() writes it, with
 * everything the other tables have no column for. The bytes of files do not travel with it, only their digests. */
#include "item_tables.h"
#include "item_version.h"
#include "table_out.h"
#include "csv.h"

static enum err put_document(struct ctx *c, void *arg, int64_t item_id, const struct item_doc *d)
{
    struct table_out *t = arg;
    (void)item_id;
    table_put_text(t, str_or_empty(doc_value(d, "catalog_code")));
    table_put_text(t, item_doc_print(c, d));
    return table_end_row(c, t);
}

enum err item_documents_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item", "document", NULL};
    int64_t last;
    TRY(table_out_columns(c, t, columns));
    return item_docs_after(c, 0, INT64_MAX, put_document, t, &last);
}

static void tell_faults(struct table_in *t, const struct doc_faults *faults)
{
    for (size_t i = 0; i < faults->n; i++)
        table_fault(t, "document", "%.*s：%.*s", STR_ARG(faults->v[i].place),
                    STR_ARG(faults->v[i].reason));
}

/* Faults are told with the row, and the next row is looked at; any other error ends it. */
static enum err import_document(struct ctx *c, struct table_in *t, struct item_changes *k,
                                const struct item_terms *terms)
{
    struct item_doc d;
    struct doc_faults faults = {0};
    struct str code = str_copy(c->arena, table_need(t, "item", 12)),
               text = table_need(t, "document", DOC_BYTES_MAX);
    if (text.n == 0)
        return E_OK;
    enum err e = item_doc_read(c, text, &d, &faults);
    if (e == E_OK && !str_eq(code, str_or_empty(doc_value(&d, "catalog_code")))) {
        table_fault(t, "item", "与文档里的基本编码 %.*s 不同",
                    STR_ARG(str_or_empty(doc_value(&d, "catalog_code"))));
        return E_OK;
    }
    if (e == E_OK)
        e = item_doc_import(c, k, terms, &d, &faults);
    tell_faults(t, &faults);
    return e == E_ITEM_FAULTS ? E_OK : e;
}

enum err item_documents_import(struct ctx *c, struct table_in *t)
{
    struct item_terms terms;
    struct item_changes changes = {0};
    TRY(item_terms_read(c, &terms));
    while (table_next(t))
        TRY(import_document(c, t, &changes, &terms));
    return t->fault_count > 0 ? E_OK : item_changes_end(c, &changes);
}
