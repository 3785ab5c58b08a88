/* The directory as tables, the columns that item_import.c reads, in order of code, so that export, import
 * and export give equal files. Rows are read a thousand at a time, each page in memory of its own. */
#include "center.h"
#include "item.h"
#include "table_out.h"

#define PAGE_BYTES ((size_t)1 << 30)

struct last_row { /* where the next page begins */
    struct str code, second;
    int64_t position;
};

/* Writes the rows behind the last one; none at the end. */
typedef enum err page_export(struct ctx *c, struct table_out *t, struct last_row *last,
                             size_t *ret_rows);

static void free_arena(void *arg)
{
    arena_free(arg);
}

static enum err export_pages(struct ctx *c, struct table_out *t, page_export *export)
{
    struct arena *two[2], *own = c->arena;
    struct last_row last = {STR(""), STR(""), 0};
    enum err e = E_OK;
    size_t rows = 1;
    for (int i = 0; i < 2; i++) {
        two[i] = arena_new(PAGE_BYTES);
        arena_defer(own, free_arena, two[i]);
    }
    for (int i = 0; rows > 0 && e == E_OK; i = 1 - i) { /* the last row stands in the other one */
        arena_reset(two[i]);
        c->arena = two[i];
        e = export(c, t, &last, &rows);
    }
    c->arena = own;
    return e;
}

static enum err put_items(struct ctx *c, struct table_out *t, const struct items_behind_row *r)
{
    table_put_text(t, r->code);
    table_put_text(t, r->impl_code);
    table_put_text(t, r->name);
    table_put_text(t, r->name_en);
    table_put_text(t, r->main_item);
    table_put_text(t, r->agency);
    table_put_text(t, r->kind);
    table_put_text(t, r->zone_code);
    table_put_flag(t, r->one_window);
    table_put_flag(t, r->is_online);
    table_put_int(t, r->onsite_visits);
    table_put_text(t, r->is_immediate ? STR("immediate") : STR("promised"));
    table_put_int(t, r->legal_days);
    table_put_text(t, r->legal_unit);
    table_put_int(t, r->promised_days);
    table_put_text(t, r->promised_unit);
    table_put_flag(t, r->has_fee);
    return table_end_row(c, t);
}

static enum err items_rows(struct ctx *c, struct table_out *t, struct last_row *last,
                           size_t *ret_rows)
{
    struct items_behind_rows page;
    TRY(items_behind(c, c->center_id, last->code, &page));
    for (size_t i = 0; i < page.n; i++)
        TRY(put_items(c, t, &page.v[i]));
    if (page.n > 0)
        *last = (struct last_row){page.v[page.n - 1].code, STR(""), 0};
    *ret_rows = page.n;
    return E_OK;
}

enum err items_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"code",          "impl_code",  "name",
                                          "name_en",       "main_item",  "agency",
                                          "type",          "zone",       "one_window",
                                          "online",        "visits",     "case_type",
                                          "legal_days",    "legal_unit", "promised_days",
                                          "promised_unit", "fee",        NULL};
    TRY(table_out_columns(c, t, columns));
    return export_pages(c, t, items_rows);
}

static enum err put_item_texts(struct ctx *c, struct table_out *t,
                               const struct item_texts_behind_row *r)
{
    table_put_text(t, r->code);
    table_put_text(t, r->element);
    table_put_text(t, r->zh);
    table_put_text(t, r->en);
    table_put_text(t, r->state);
    table_put_text(t, r->source);
    return table_end_row(c, t);
}

static enum err item_texts_rows(struct ctx *c, struct table_out *t, struct last_row *last,
                                size_t *ret_rows)
{
    struct item_texts_behind_rows page;
    TRY(item_texts_behind(c, c->center_id, last->code, last->second, &page));
    for (size_t i = 0; i < page.n; i++)
        TRY(put_item_texts(c, t, &page.v[i]));
    if (page.n > 0)
        *last = (struct last_row){page.v[page.n - 1].code, page.v[page.n - 1].element, 0};
    *ret_rows = page.n;
    return E_OK;
}

enum err item_texts_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item",  "element", "text", "text_en",
                                          "state", "source",  NULL};
    TRY(table_out_columns(c, t, columns));
    return export_pages(c, t, item_texts_rows);
}

/* The first fourteen columns stand where they always stood. */
static enum err put_item_papers(struct ctx *c, struct table_out *t,
                                const struct item_papers_behind_row *r)
{
    const struct str more[] = {r->state,       r->source,       r->medium,
                               r->source_note, r->page_format,  r->blank_file,
                               r->sample_file, r->fill_note,    r->fill_note_en,
                               r->basis_en,    r->issuer,       r->issuer_en,
                               r->time_rule,   r->where_to_get, r->where_to_get_en,
                               r->licence_type};
    table_put_text(t, r->code);
    table_put_int(t, r->position);
    table_put_text(t, r->name);
    table_put_text(t, r->name_en);
    table_put_text(t, r->kind);
    table_put_int(t, r->copies);
    table_put_text(t, r->necessity);
    table_put_text(t, r->provider);
    table_put_text(t, r->standard);
    table_put_text(t, r->standard_en);
    table_put_text(t, r->basis);
    table_put_flag(t, r->on_site);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        table_put_text(t, more[i]);
    return table_end_row(c, t);
}

static enum err item_papers_rows(struct ctx *c, struct table_out *t, struct last_row *last,
                                 size_t *ret_rows)
{
    struct item_papers_behind_rows page;
    TRY(item_papers_behind(c, c->center_id, last->code, last->position, &page));
    for (size_t i = 0; i < page.n; i++)
        TRY(put_item_papers(c, t, &page.v[i]));
    if (page.n > 0)
        *last = (struct last_row){page.v[page.n - 1].code, STR(""), page.v[page.n - 1].position};
    *ret_rows = page.n;
    return E_OK;
}

enum err item_papers_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] =
        {"item",         "position",        "name",         "name_en",     "kind",
         "copies",       "necessity",       "provider",     "standard",    "standard_en",
         "basis",        "on_site",         "state",        "source",      "medium",
         "source_note",  "page_format",     "blank_file",   "sample_file", "fill_note",
         "fill_note_en", "basis_en",        "issuer",       "issuer_en",   "time_rule",
         "where_to_get", "where_to_get_en", "licence_type", NULL};
    TRY(table_out_columns(c, t, columns));
    return export_pages(c, t, item_papers_rows);
}

static enum err put_item_words(struct ctx *c, struct table_out *t,
                               const struct item_words_behind_row *r)
{
    table_put_text(t, r->code);
    table_put_text(t, r->word);
    table_put_text(t, r->kind);
    return table_end_row(c, t);
}

static enum err item_words_rows(struct ctx *c, struct table_out *t, struct last_row *last,
                                size_t *ret_rows)
{
    struct item_words_behind_rows page;
    TRY(item_words_behind(c, c->center_id, last->code, last->second, &page));
    for (size_t i = 0; i < page.n; i++)
        TRY(put_item_words(c, t, &page.v[i]));
    if (page.n > 0)
        *last = (struct last_row){page.v[page.n - 1].code, page.v[page.n - 1].word, 0};
    *ret_rows = page.n;
    return E_OK;
}

enum err item_words_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item", "word", "kind", NULL};
    TRY(table_out_columns(c, t, columns));
    return export_pages(c, t, item_words_rows);
}

static enum err put_item_sources(struct ctx *c, struct table_out *t,
                                 const struct item_sources_of_all_row *r)
{
    table_put_text(t, r->code);
    table_put_text(t, r->element);
    table_put_text(t, r->state);
    table_put_text(t, r->source);
    return table_end_row(c, t);
}

static enum err item_sources_rows(struct ctx *c, struct table_out *t, struct last_row *last,
                                  size_t *ret_rows)
{
    struct item_sources_behind_rows page;
    TRY(item_sources_behind(c, c->center_id, last->code, last->second, &page));
    for (size_t i = 0; i < page.n; i++)
        TRY(put_item_sources(c, t, &page.v[i]));
    if (page.n > 0)
        *last = (struct last_row){page.v[page.n - 1].code, page.v[page.n - 1].element, 0};
    *ret_rows = page.n;
    return E_OK;
}

enum err item_sources_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item", "element", "state", "source", NULL};
    TRY(table_out_columns(c, t, columns));
    struct item_sources_of_all_rows all;
    TRY(item_sources_of_all(c, c->center_id, &all));
    for (size_t i = 0; i < all.n; i++)
        TRY(put_item_sources(c, t, &all.v[i]));
    return export_pages(c, t, item_sources_rows);
}

static enum err put_item_sayings(struct ctx *c, struct table_out *t,
                                 const struct item_sayings_behind_row *r)
{
    table_put_text(t, r->said);
    table_put_text(t, r->means);
    table_put_text(t, r->kind);
    table_put_text(t, r->state);
    table_put_text(t, r->source);
    return table_end_row(c, t);
}

static enum err item_sayings_rows(struct ctx *c, struct table_out *t, struct last_row *last,
                                  size_t *ret_rows)
{
    struct item_sayings_behind_rows page;
    TRY(item_sayings_behind(c, c->center_id, last->code, &page));
    for (size_t i = 0; i < page.n; i++)
        TRY(put_item_sayings(c, t, &page.v[i]));
    if (page.n > 0)
        last->code = page.v[page.n - 1].said;
    *ret_rows = page.n;
    return E_OK;
}

enum err item_sayings_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"said", "means", "kind", "state", "source", NULL};
    TRY(table_out_columns(c, t, columns));
    return export_pages(c, t, item_sayings_rows);
}

static enum err put_item_demands(struct ctx *c, struct table_out *t,
                                 const struct item_demands_behind_row *r)
{
    table_put_text(t, r->code);
    table_put_text(t, r->audience);
    table_put_int(t, r->visits);
    table_put_text(t, r->state);
    table_put_text(t, r->source);
    return table_end_row(c, t);
}

static enum err item_demands_rows(struct ctx *c, struct table_out *t, struct last_row *last,
                                  size_t *ret_rows)
{
    struct item_demands_behind_rows page;
    TRY(item_demands_behind(c, c->center_id, last->code, &page));
    for (size_t i = 0; i < page.n; i++)
        TRY(put_item_demands(c, t, &page.v[i]));
    if (page.n > 0)
        last->code = page.v[page.n - 1].code;
    *ret_rows = page.n;
    return E_OK;
}

enum err item_demands_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item", "audience", "visits", "state", "source", NULL};
    TRY(table_out_columns(c, t, columns));
    return export_pages(c, t, item_demands_rows);
}
