/* Elements and codes, read whole and looked up by halving; which elements an item needs; codes at partners. */
#include "item_terms.h"
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *const value_types[] = {"text",  "int",  "flag", "date", "code",
                                          "codes", "list", "file", "url",  NULL};

static enum value_type value_type_of(struct str word)
{
    int i = 0;
    while (value_types[i] != NULL && !str_is(word, value_types[i]))
        i++;
    BUG_IF(value_types[i] == NULL); /* the importer lets no other in */
    return (enum value_type)i;
}

static int by_field(const void *a, const void *b)
{
    const struct element_term *p = a, *q = b;
    return str_cmp(p->field, q->field);
}

static enum err read_elements(struct ctx *c, struct item_terms *t)
{
    struct element_rows_rows rows;
    TRY(element_rows(c, &rows));
    t->elements = ARENA_ARRAY(c->arena, struct element_term, rows.n + 1);
    t->by_field = ARENA_ARRAY(c->arena, struct element_term, rows.n + 1);
    t->element_count = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct element_rows_row *r = &rows.v[i];
        t->elements[i] = (struct element_term){.field = r->field,
                                               .part = r->part,
                                               .title = r->title,
                                               .title_en = r->title_en,
                                               .scheme = r->scheme,
                                               .rule = r->rule,
                                               .number = r->number,
                                               .max_chars = r->max_chars,
                                               .type = value_type_of(r->value_type),
                                               .need = str_is(r->need, "M")   ? NEED_MANDATORY
                                                       : str_is(r->need, "C") ? NEED_CONDITIONAL
                                                                              : NEED_OPTIONAL,
                                               .for_visitors = str_is(r->seen_by, "visitor")};
        t->by_field[i] = t->elements[i];
    }
    qsort(t->by_field, rows.n, sizeof *t->by_field, by_field);
    return E_OK;
}

enum err item_terms_read(struct ctx *c, struct item_terms *ret)
{
    struct code_rows_rows rows;
    struct item_terms t = {0};
    TRY(read_elements(c, &t));
    TRY(code_rows(c, &rows));
    t.codes = ARENA_ARRAY(c->arena, struct code_term, rows.n + 1);
    t.code_count = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        t.codes[i] =
            (struct code_term){rows.v[i].scheme,  rows.v[i].code,       rows.v[i].name,
                               rows.v[i].name_en, rows.v[i].valid_from, rows.v[i].valid_to};
    *ret = t;
    return E_OK;
}

const struct element_term *element_term_of(const struct item_terms *t, struct str field)
{
    struct element_term key = {.field = field};
    if (t->element_count == 0)
        return NULL;
    return bsearch(&key, t->by_field, t->element_count, sizeof key, by_field);
}

static int code_order(const struct code_term *t, struct str scheme, struct str code)
{
    int order = str_cmp(t->scheme, scheme);
    return order != 0 ? order : str_cmp(t->code, code);
}

const struct code_term *code_term_of(const struct item_terms *t, struct str scheme, struct str code,
                                     int32_t on)
{
    size_t low = 0, high = t->code_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code_order(&t->codes[middle], scheme, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < t->code_count && code_order(&t->codes[low], scheme, code) == 0; low++) {
        const struct code_term *found = &t->codes[low];
        if (found->valid_from <= on && (found->valid_to == 0 || on < found->valid_to))
            return found;
    }
    return NULL;
}

/* --- what an item needs --- */

/* Is the code among those of a comma list? */
static bool has_code(struct str codes, const char *code)
{
    for (struct str rest = codes; rest.p != NULL;)
        if (str_is(str_cut(&rest, ','), code))
            return true;
    return false;
}

static bool has_other_code(struct str codes, const char *than)
{
    for (struct str rest = codes; rest.p != NULL;)
        if (!str_is(str_cut(&rest, ','), than))
            return true;
    return false;
}

static bool value_is(const struct item_doc *d, const char *field, const char *value)
{
    return str_is(str_or_empty(doc_value(d, field)), value);
}

/* The named rules of conditional elements (DOMAIN.md 1.8 column M/O and 1.10 last paragraph). */
static bool rule_holds(struct str rule, const struct item_doc *d)
{
    struct str objects = doc_value(d, "server_type"), visits = doc_value(d, "limit_scene_num");
    if (str_is(rule, "has_fee"))
        return value_is(d, "is_fee", "1");
    if (str_is(rule, "needs_visit"))
        return visits.n > 0 && !str_is(visits, "0");
    if (str_is(rule, "is_entrusted"))
        return value_is(d, "power_source", "5") || value_is(d, "power_source", "6");
    if (str_is(rule, "for_persons"))
        return has_code(objects, "1");
    if (str_is(rule, "for_bodies"))
        return objects.n > 0 && has_other_code(objects, "1");
    if (str_is(rule, "is_online"))
        return value_is(d, "is_online", "1");
    if (str_is(rule, "has_result"))
        return doc_value(d, "result_name").n > 0;
    if (str_is(rule, "is_licence"))
        return value_is(d, "task_type", "01");
    return false;
}

bool element_rule_known(struct str rule)
{
    static const char *const rules[] =
        {"",           "derived",   "has_fee",    "needs_visit", "is_entrusted", "for_persons",
         "for_bodies", "is_online", "has_result", "is_licence",  "each_paper",   "paper_brought",
         "paper_form"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_is(rule, rules[i]))
            return true;
    return false;
}

/* --- what its papers need (part C) --- */

static const struct {
    const char *field;
    size_t member;
    const char *name;
} paper_texts[] = {
    {"material_format", offsetof(struct doc_paper, medium), "medium"},
    {"source_explain", offsetof(struct doc_paper, source_note), "source_note"},
    {"page_format", offsetof(struct doc_paper, page_format), "page_format"},
    {"form_guid", offsetof(struct doc_paper, blank_file), "blank_file"},
    {"example_guid", offsetof(struct doc_paper, sample_file), "sample_file"},
    {"fill_explain", offsetof(struct doc_paper, fill_note), "fill_note"},
    {"accept_stand", offsetof(struct doc_paper, standard), "standard"},
    {"material_by_law", offsetof(struct doc_paper, basis), "basis"},
    {"issuing_body", offsetof(struct doc_paper, issuer), "issuer"},
    {"time_rule", offsetof(struct doc_paper, time_rule), "time_rule"},
    {"where_to_get", offsetof(struct doc_paper, where_to_get), "where_to_get"},
    {"is_result_cert", offsetof(struct doc_paper, licence_type), "licence_type"},
};
#define PAPER_TEXTS (sizeof paper_texts / sizeof *paper_texts)

/* Which papers a conditional element of part C is asked of. */
static bool paper_rule_holds(struct str rule, const struct doc_paper *p)
{
    bool is_form = str_is(p->kind, "form");
    if (str_is(rule, "each_paper"))
        return true;
    if (str_is(rule, "paper_brought")) /* by the applicant, from somebody else */
        return !is_form && str_is(p->provider, "applicant");
    return str_is(rule, "paper_form") && is_form;
}

static bool paper_says(const struct doc_paper *p, struct str field)
{
    for (size_t i = 0; i < PAPER_TEXTS; i++)
        if (str_is(field, paper_texts[i].field)) {
            struct str s;
            memcpy(&s, (const char *)p + paper_texts[i].member, sizeof s);
            return s.n > 0;
        }
    return true; /* name, necessity and position: no document is without */
}

static bool papers_need(const struct element_term *e, const struct item_doc *d)
{
    for (size_t i = 0; e->need == NEED_CONDITIONAL && i < d->papers.n; i++)
        if (paper_rule_holds(e->rule, &d->papers.v[i]))
            return true;
    return false;
}

/* The first paper that should say it and does not; papers.n when none. */
static size_t paper_without(const struct element_term *e, const struct item_doc *d)
{
    size_t i = 0;
    while (i < d->papers.n &&
           (!paper_rule_holds(e->rule, &d->papers.v[i]) || paper_says(&d->papers.v[i], e->field)))
        i++;
    return i;
}

bool element_is_needed(const struct element_term *e, const struct item_doc *d)
{
    if (str_is(e->part, "C"))
        return papers_need(e, d);
    if (str_is(e->rule, "derived") || (!str_is(e->part, "A") && !str_is(e->part, "B")))
        return false;
    return e->need == NEED_MANDATORY || (e->need == NEED_CONDITIONAL && rule_holds(e->rule, d));
}

static bool is_there(struct ctx *c, const struct element_term *e, const struct item_doc *d)
{
    if (str_is(e->part, "C"))
        return paper_without(e, d) == d->papers.n;
    return doc_value(d, str_z(c->arena, e->field)).n > 0 ||
           (str_is(e->field, "by_law") && d->bases.n > 0);
}

void item_doc_missing(struct ctx *c, const struct item_terms *t, const struct item_doc *d,
                      struct element_gaps *ret)
{
    *ret = (struct element_gaps){
        .v = ARENA_ARRAY(c->arena, const struct element_term *, t->element_count + 1)};
    for (size_t i = 0; i < t->element_count; i++) {
        const struct element_term *e = &t->elements[i];
        if (!element_is_needed(e, d))
            continue;
        ret->needed++;
        if (!is_there(c, e, d))
            ret->v[ret->n++] = e;
    }
}

struct str element_gap_place(struct ctx *c, const struct element_term *e, const struct item_doc *d)
{
    size_t paper = str_is(e->part, "C") ? paper_without(e, d) : d->papers.n;
    for (size_t i = 0; paper < d->papers.n && i < PAPER_TEXTS; i++)
        if (str_is(e->field, paper_texts[i].field))
            return str_fmt(c->arena, "papers[%zu].%s", paper + 1, paper_texts[i].name);
    return str_fmt(c->arena, "elements.%.*s", STR_ARG(e->field));
}

/* --- codes at partners --- */

enum err code_to_partner(struct ctx *c, struct str partner, struct str scheme, struct str code,
                         struct str *ret)
{
    struct code_maps_of_rows rows;
    TRY(code_maps_of(c, partner, scheme, &rows));
    *ret = rows.n == 0 ? code : STR_NONE;
    for (size_t i = 0; i < rows.n && ret->p == NULL; i++)
        if (str_eq(rows.v[i].code, code) && !str_is(rows.v[i].direction, "in"))
            *ret = rows.v[i].partner_code;
    return E_OK;
}

enum err code_from_partner(struct ctx *c, struct str partner, struct str scheme,
                           struct str partner_code, struct str *ret)
{
    struct code_maps_of_rows rows;
    TRY(code_maps_of(c, partner, scheme, &rows));
    *ret = rows.n == 0 ? partner_code : STR_NONE;
    for (size_t i = 0; i < rows.n && ret->p == NULL; i++)
        if (str_eq(rows.v[i].partner_code, partner_code) && !str_is(rows.v[i].direction, "out"))
            *ret = rows.v[i].code;
    return E_OK;
}
