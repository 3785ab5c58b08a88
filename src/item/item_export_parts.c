/* The parts of items and the tables of terms, the columns that item_import_parts.c and item_import_terms.c
 * read. Parts are streamed from the documents in force, in the order the directory was filled; the rows of an item stand
 * together, as their importers want them. */
#include "clock.h"
#include "crypt.h"
#include "item_tables.h"
#include "item_terms.h"
#include "table_out.h"
#include <string.h>

#define ALWAYS_FROM 19000101 /* a code without a first day, as item_import_terms.c keeps it */
#define PAGE_BYTES  ((size_t)1 << 28)

/* The rows of one item. */
typedef enum err put_part(struct ctx *c, struct table_out *t, struct str item,
                          const struct item_doc *d);

struct parts_run {
    struct table_out *t;
    put_part *put;
};

static enum err each_doc(struct ctx *c, void *arg, int64_t item_id, const struct item_doc *d)
{
    const struct parts_run *run = arg;
    (void)item_id;
    return run->put(c, run->t, str_or_empty(doc_value(d, "catalog_code")), d);
}

static enum err export_parts(struct ctx *c, struct table_out *t, const char *const *columns,
                             put_part *put)
{
    struct parts_run run = {t, put};
    int64_t last;
    TRY(table_out_columns(c, t, columns));
    return item_docs_after(c, 0, INT64_MAX, each_doc, &run, &last);
}

static void put_texts(struct table_out *t, const struct str *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        table_put_text(t, texts[i]);
}
#define PUT_TEXTS(t, ...)                                                                          \
    put_texts((t), (const struct str[]){__VA_ARGS__},                                              \
              sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

/* --- elements: those that are not in the tables items and item_texts --- */

static bool is_guide_text(struct str field)
{
    static const char *const names[] = {"summary",     "conditions",    "steps",          "fee",
                                        "legal_basis", "hours",         "place",          "online",
                                        "result",      "consult_phone", "complaint_phone"};
    struct str name = text_name_of(field);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

/* A case type that is neither of the two that the table items knows stands among the elements. */
static bool is_in_items(const struct doc_element *e)
{
    int column = item_column_of(e->field);
    return column >= 0 &&
           (column != COLUMN_CASE_TYPE || e->zh.n == 0 || str_is(e->zh, "1") || str_is(e->zh, "2"));
}

/* Part of a code, said to be what the code is said to be: item_compose.c reads it out of the code again. */
static bool is_part_of(const struct item_doc *d, const struct doc_element *e, const char *field,
                       const char *code, size_t from, size_t n)
{
    const struct doc_element *whole = doc_element_of(d, code);
    return str_is(e->field, field) && whole != NULL && whole->zh.n >= from + n && e->en.n == 0 &&
           str_eq(e->zh, (struct str){whole->zh.p + from, n}) && str_eq(e->state, whole->state) &&
           str_eq(e->source, whole->source);
}

static bool follows_from_codes(const struct item_doc *d, const struct doc_element *e)
{
    return is_part_of(d, e, "dept_code", "task_code", 0, 18) ||
           is_part_of(d, e, "use_level", "task_code", 18, 1) ||
           is_part_of(d, e, "central_dept", "catalog_code", 4, 2);
}

static enum err put_elements(struct ctx *c, struct table_out *t, struct str item,
                             const struct item_doc *d)
{
    for (size_t i = 0; i < d->elements.n; i++) {
        const struct doc_element *e = &d->elements.v[i];
        if (is_guide_text(e->field) || is_in_items(e) || follows_from_codes(d, e))
            continue;
        PUT_TEXTS(t, item, e->field, e->zh, e->en, e->state, e->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

enum err item_elements_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item", "field", "zh", "en", "state", "source", NULL};
    return export_parts(c, t, columns, put_elements);
}

/* --- files: a long one goes over several rows of the same code, so that each cell is one a spreadsheet holds --- */

static enum err put_file(struct ctx *c, struct table_out *t, struct str item,
                         const struct doc_file *f)
{
    struct str bytes;
    TRY(item_file_read(c, f->digest, &bytes));
    for (size_t from = 0; from < bytes.n; from += ITEM_FILE_ROW_BYTES) {
        size_t n = bytes.n - from < ITEM_FILE_ROW_BYTES ? bytes.n - from : ITEM_FILE_ROW_BYTES;
        PUT_TEXTS(t, item, f->code, f->kind, f->name,
                  base64url(c->arena, (const uint8_t *)bytes.p + from, n), f->state, f->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

static enum err put_files(struct ctx *c, struct table_out *t, struct str item,
                          const struct item_doc *d)
{
    for (size_t i = 0; i < d->files.n; i++)
        TRY(put_file(c, t, item, &d->files.v[i]));
    return E_OK;
}

enum err item_files_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item",    "code",  "kind",   "name",
                                          "content", "state", "source", NULL};
    return export_parts(c, t, columns, put_files);
}

/* --- bases, fees, questions --- */

static enum err put_bases(struct ctx *c, struct table_out *t, struct str item,
                          const struct item_doc *d)
{
    for (size_t i = 0; i < d->bases.n; i++) {
        const struct doc_basis *b = &d->bases.v[i];
        PUT_TEXTS(t, item, b->kind, b->law, b->law_en, b->document_no, b->article, b->wording,
                  b->state, b->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

enum err item_bases_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item",    "kind",    "law",   "law_en", "document_no",
                                          "article", "wording", "state", "source", NULL};
    return export_parts(c, t, columns, put_bases);
}

static enum err put_fees(struct ctx *c, struct table_out *t, struct str item,
                         const struct item_doc *d)
{
    for (size_t i = 0; i < d->fees.n; i++) {
        const struct doc_fee *f = &d->fees.v[i];
        PUT_TEXTS(t, item, f->name, f->name_en, f->standard, f->standard_en, f->basis);
        table_put_flag(t, f->can_reduce);
        PUT_TEXTS(t, f->reduce_note, f->reduce_note_en, f->state, f->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

enum err item_fees_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item",           "name",  "name_en",    "standard",
                                          "standard_en",    "basis", "can_reduce", "reduce_note",
                                          "reduce_note_en", "state", "source",     NULL};
    return export_parts(c, t, columns, put_fees);
}

static enum err put_questions(struct ctx *c, struct table_out *t, struct str item,
                              const struct item_doc *d)
{
    for (size_t i = 0; i < d->questions.n; i++) {
        const struct doc_question *q = &d->questions.v[i];
        PUT_TEXTS(t, item, q->question, q->question_en, q->answer, q->answer_en, q->state,
                  q->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

enum err item_questions_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item",      "question", "question_en", "answer",
                                          "answer_en", "state",    "source",      NULL};
    return export_parts(c, t, columns, put_questions);
}

/* --- situations: one row an option --- */

/* "1:required;3:optional" */
static struct str papers_text(struct ctx *c, const struct doc_option *o)
{
    struct str s = STR("");
    for (size_t i = 0; i < o->papers.n; i++)
        s = str_fmt(c->arena, "%.*s%s%lld:%.*s", STR_ARG(s), i > 0 ? ";" : "",
                    (long long)o->papers.v[i].paper, STR_ARG(o->papers.v[i].necessity));
    return s;
}

static enum err put_situation(struct ctx *c, struct table_out *t, struct str item,
                              const struct doc_situation *s)
{
    for (size_t i = 0; i < s->options.n; i++) {
        const struct doc_option *o = &s->options.v[i];
        PUT_TEXTS(t, item, s->code, s->parent, s->question, s->question_en, o->code, o->name,
                  o->name_en, papers_text(c, o), s->state, s->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

static enum err put_situations(struct ctx *c, struct table_out *t, struct str item,
                               const struct item_doc *d)
{
    for (size_t i = 0; i < d->situations.n; i++)
        TRY(put_situation(c, t, item, &d->situations.v[i]));
    return E_OK;
}

enum err item_situations_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"item",        "question_code", "parent", "question",
                                          "question_en", "option_code",   "option", "option_en",
                                          "papers",      "state",         "source", NULL};
    return export_parts(c, t, columns, put_situations);
}

/* --- handling items --- */

static enum err put_handlings(struct ctx *c, struct table_out *t, struct str item,
                              const struct item_doc *d)
{
    for (size_t i = 0; i < d->handlings.n; i++) {
        const struct doc_handling *h = &d->handlings.v[i];
        PUT_TEXTS(t, item, h->code, h->kind, h->name, h->name_en);
        table_put_flag(t, h->is_immediate);
        table_put_int(t, h->legal_days);
        table_put_text(t, h->legal_unit);
        table_put_int(t, h->promised_days);
        PUT_TEXTS(t, h->promised_unit, h->state, h->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

enum err item_handlings_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] =
        {"item",         "code",       "kind",       "name",          "name_en",
         "is_immediate", "legal_days", "legal_unit", "promised_days", "promised_unit",
         "state",        "source",     NULL};
    return export_parts(c, t, columns, put_handlings);
}

/* --- elements and codes: a few hundred rows, read whole --- */

#define ELEMENTS_LIMIT 1000
#define CODES_LIMIT    20000

enum err elements_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"field",      "number", "part", "title", "title_en",
                                          "value_type", "scheme", "need", "rule",  "max_chars",
                                          "seen_by",    "source", NULL};
    struct elements_for_export_rows rows;
    TRY(table_out_columns(c, t, columns));
    TRY(elements_for_export(c, &rows));
    if (rows.n == ELEMENTS_LIMIT)
        return fail(c, E_TOO_LARGE, "%zu elements", rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const struct elements_for_export_row *r = &rows.v[i];
        table_put_text(t, r->field);
        table_put_int(t, r->number);
        PUT_TEXTS(t, r->part, r->title, r->title_en, r->value_type, r->scheme, r->need, r->rule);
        table_put_int(t, r->max_chars);
        PUT_TEXTS(t, r->seen_by, r->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

/* Always and open are empty. */
static struct str date_or_empty(struct ctx *c, int32_t date)
{
    return date == 0 || date == ALWAYS_FROM ? STR("") : date_text(c->arena, date);
}

enum err codes_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"scheme",     "code",     "name",   "name_en",
                                          "valid_from", "valid_to", "source", NULL};
    struct codes_for_export_rows rows;
    TRY(table_out_columns(c, t, columns));
    TRY(codes_for_export(c, &rows));
    if (rows.n == CODES_LIMIT)
        return fail(c, E_TOO_LARGE, "%zu codes", rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const struct codes_for_export_row *r = &rows.v[i];
        PUT_TEXTS(t, r->scheme, r->code, r->name, r->name_en, date_or_empty(c, r->valid_from),
                  date_or_empty(c, r->valid_to), r->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

enum err code_maps_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"partner",   "scheme", "code", "partner_code",
                                          "direction", "source", NULL};
    struct code_maps_for_export_rows rows;
    TRY(table_out_columns(c, t, columns));
    TRY(code_maps_for_export(c, &rows));
    if (rows.n == CODES_LIMIT)
        return fail(c, E_TOO_LARGE, "%zu code maps", rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const struct code_maps_for_export_row *r = &rows.v[i];
        PUT_TEXTS(t, r->partner, r->scheme, r->code, r->partner_code, r->direction, r->source);
        TRY(table_end_row(c, t));
    }
    return E_OK;
}

/* --- the basic catalogue, a thousand entries a page --- */

/* Lines "kind|law|document number|article". */
static struct str bases_text(struct ctx *c, const struct doc_basis_list *l)
{
    struct str s = STR("");
    for (size_t i = 0; i < l->n; i++)
        s = str_fmt(c->arena, "%.*s%s%.*s|%.*s|%.*s|%.*s", STR_ARG(s), i > 0 ? "\n" : "",
                    STR_ARG(l->v[i].kind), STR_ARG(l->v[i].law), STR_ARG(l->v[i].document_no),
                    STR_ARG(l->v[i].article));
    return s;
}

static enum err put_entry(struct ctx *c, struct table_out *t, const struct catalogue_entry *e)
{
    PUT_TEXTS(t, e->code, e->name, e->name_en, e->kind, e->use_levels, e->central_dept,
              bases_text(c, &e->bases), e->state, date_or_empty(c, e->valid_from),
              date_or_empty(c, e->valid_to), e->source);
    return table_end_row(c, t);
}

static enum err entries_page(struct ctx *c, struct table_out *t, char last[32], size_t *ret_n)
{
    struct catalogue_entries page;
    TRY(catalogue_after(c, str_of(last), &page));
    for (size_t i = 0; i < page.n; i++)
        TRY(put_entry(c, t, &page.v[i]));
    if (page.n > 0) { /* 12 digits: no entry has other codes */
        struct str code = page.v[page.n - 1].code;
        BUG_IF(code.n >= 32);
        memcpy(last, code.p, code.n);
        last[code.n] = '\0';
    }
    *ret_n = page.n;
    return E_OK;
}

static void let_arena_go(void *arena)
{
    arena_free(arena);
}

enum err catalogue_export(struct ctx *c, struct table_out *t)
{
    static const char *const columns[] = {"code",       "name",         "name_en", "type",
                                          "use_levels", "central_dept", "bases",   "state",
                                          "valid_from", "valid_to",     "source",  NULL};
    struct arena *own = c->arena, *page = arena_new(PAGE_BYTES);
    char last[32] = "";
    enum err e = E_OK;
    arena_defer(own, let_arena_go, page);
    TRY(table_out_columns(c, t, columns));
    c->arena = page;
    for (size_t n = 1; n > 0 && e == E_OK;) {
        arena_reset(page);
        e = entries_page(c, t, last, &n);
    }
    c->arena = own;
    return e;
}
