/* The five tables of the implementation list in the national exchange (DOMAIN.md 1.8 A to E, 12.1, 12.2): the
 * documents in force under the field names of the exchange, one row an item, paper, fee or question.
 *
 * Fields that only provincial builds of the list have (⊕ and ⊗ in DOMAIN.md 1.8) and those this project named itself
 * are not sent: the national tables have no such columns. Codes are those of the partner `national` in code_map;
 * without a map of a scheme they are our own (item_terms.h), and a code that a map leaves out stops the export. */
#include "clock.h"
#include "crypt.h"
#include "item_terms.h"
#include "item_version.h"
#include "table_out.h"
#include <string.h>

#define PARTNER     "national"
#define SCHEMES_MAX 32
/* n3; the national platform gives each source its own, which a code map of the scheme data_source can say. */
#define OUR_DATA_SOURCE "001"

struct scheme_map {
    const char *scheme;
    struct code_maps_of_rows rows;
};
struct exchange;
typedef enum err put_rows(struct ctx *c, struct exchange *x, const struct item_doc *d);

struct exchange {
    struct table_out *t;
    const char *table;
    put_rows *put;
    struct item_terms terms;
    struct scheme_map maps[SCHEMES_MAX];
    size_t map_count;
    struct str source, batch, time; /* the same in every row */
    /* of the item at hand */
    struct str task_code;
    struct exchange_version_row version;
};

/* --- codes --- */

static enum err map_of(struct ctx *c, struct exchange *x, struct str scheme)
{
    for (size_t i = 0; i < x->map_count; i++)
        if (str_is(scheme, x->maps[i].scheme))
            return E_OK;
    BUG_IF(x->map_count == SCHEMES_MAX);
    struct scheme_map *m = &x->maps[x->map_count++];
    m->scheme = str_z(c->arena, scheme);
    return code_maps_of(c, STR(PARTNER), scheme, &m->rows);
}

static enum err no_partner_code(struct ctx *c, const struct exchange *x, const char *scheme,
                                struct str code)
{
    enum err e = fail(c, E_ITEM_PARTNER_CODE, "item %.*s: %s %.*s", STR_ARG(x->task_code), scheme,
                      STR_ARG(code));
    c->refusal.text =
        tr_fill(c, "事项 {item}：代码表“{scheme}”的 {code} 没有对应的国家代码，请在代码对照里补上",
                "item", x->task_code, "scheme", str_of(scheme), "code", code, NULL);
    return e;
}

/* As code_to_partner(), with the maps read once. */
static enum err their_code(struct ctx *c, const struct exchange *x, const char *scheme,
                           struct str code, struct str *ret)
{
    *ret = code;
    for (size_t i = 0; i < x->map_count; i++) {
        const struct code_maps_of_rows *rows = &x->maps[i].rows;
        if (strcmp(x->maps[i].scheme, scheme) != 0 || rows->n == 0 || code.n == 0)
            continue;
        for (size_t k = 0; k < rows->n; k++)
            if (str_eq(rows->v[k].code, code) && !str_is(rows->v[k].direction, "in")) {
                *ret = rows->v[k].partner_code;
                return E_OK;
            }
        return no_partner_code(c, x, scheme, code);
    }
    return E_OK;
}

/* "1,2" code by code. */
static enum err their_codes(struct ctx *c, const struct exchange *x, const char *scheme,
                            struct str codes, struct str *ret)
{
    struct str all = STR("");
    for (struct str rest = codes; rest.p != NULL && codes.n > 0;) {
        struct str code;
        TRY(their_code(c, x, scheme, str_trim(str_cut(&rest, ',')), &code));
        all = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(all), all.n > 0 ? "," : "", STR_ARG(code));
    }
    *ret = all;
    return E_OK;
}

/* --- cells --- */

/* The same for the same row in every export: SM3 of table, implementation code and number, written as a UUID of
 * version 8 (RFC 9562 5.8). Number 0 is the item itself. */
static struct str guid_of(struct ctx *c, const char *table, struct str of, int64_t number)
{
    uint8_t d[SM3_BYTES];
    sm3_of(str_fmt(c->arena, "%s\n%.*s\n%lld", table, STR_ARG(of), (long long)number), d);
    d[6] = (uint8_t)((d[6] & 0x0F) | 0x80);
    d[8] = (uint8_t)((d[8] & 0x3F) | 0x80);
    struct str h = hex(c->arena, d, 16);
    return str_fmt(c->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", h.p, h.p + 8, h.p + 12, h.p + 16,
                   h.p + 20);
}

/* YYYYMMDD (DOMAIN.md 12.1); empty when there is none. */
static struct str day_text(struct ctx *c, int32_t date)
{
    return date == 0 ? STR("") : str_fmt(c->arena, "%08d", date);
}

static struct str day_of_text(struct ctx *c, struct str s)
{
    int32_t date;
    return date_parse(s, &date) ? day_text(c, date) : s;
}

/* A file is known by its bytes; empty without it. */
static struct str file_guid(struct ctx *c, const struct item_doc *d, struct str code)
{
    const struct doc_file *f = doc_file_of(d, code);
    return code.n == 0 || f == NULL ? STR("") : guid_of(c, "file", f->digest, 0);
}

static struct str one_line(struct ctx *c, struct str s)
{
    char *to = arena_alloc(c->arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        to[i] = s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '|' ? ' ' : s.p[i];
    return (struct str){to, s.n};
}

/* zh: names for the partner, not for a screen */
static const char *basis_kind(struct str kind)
{
    static const char *const names[][2] = {{"law", "法律"},
                                           {"admin_regulation", "行政法规"},
                                           {"local_regulation", "地方性法规"},
                                           {"department_rule", "部门规章"},
                                           {"local_rule", "地方政府规章"},
                                           {"normative", "规范性文件"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(kind, names[i][0]))
            return names[i][1];
    return "";
}

/* Element 6, a line a basis: law, document number, article, text, kind. */
static struct str bases_cell(struct ctx *c, const struct item_doc *d)
{
    struct str s = STR("");
    if (d->bases.n == 0)
        return str_or_empty(doc_value(d, "by_law"));
    for (size_t i = 0; i < d->bases.n; i++) {
        const struct doc_basis *b = &d->bases.v[i];
        s = str_fmt(c->arena, "%.*s%s%.*s|%.*s|%.*s|%.*s|%s", STR_ARG(s), i > 0 ? "\n" : "",
                    STR_ARG(one_line(c, b->law)), STR_ARG(one_line(c, b->document_no)),
                    STR_ARG(one_line(c, b->article)), STR_ARG(one_line(c, b->wording)),
                    basis_kind(b->kind));
    }
    return s;
}

/* What nobody enters, and what is a part of the document; false when the column is an element like others. */
static bool derived_cell(struct ctx *c, const struct exchange *x, const struct item_doc *d,
                         const char *column, struct str *ret)
{
    struct str field = str_of(column);
    if (str_is(field, "row_guid"))
        *ret = guid_of(c, x->table, x->task_code, 0);
    else if (str_is(field, "task_guid"))
        *ret = guid_of(c, "up_task_general_basic", x->task_code, 0);
    else if (str_is(field, "by_law"))
        *ret = bases_cell(c, d);
    else if (str_is(field,
                    "task_handle_item")) /* room for one: of several none stands for the rest */
        *ret = d->handlings.n == 1 ? d->handlings.v[0].code : STR("");
    else if (str_is(field, "task_state")) /* listed, in force: in use */
        *ret = STR("1");
    else if (str_is(field, "task_version"))
        *ret = str_fmt(c->arena, "%lld", (long long)x->version.version);
    else if (str_is(field, "plan_effective_date"))
        *ret = day_text(c, x->version.effective_on);
    else if (str_is(field, "plan_cancel_date"))
        *ret = day_text(c, x->version.ends_on);
    else
        return false;
    return true;
}

static enum err element_cell(struct ctx *c, const struct exchange *x, const struct item_doc *d,
                             const char *column, struct str *ret)
{
    const struct element_term *term = element_term_of(&x->terms, str_of(column));
    struct str value = str_or_empty(doc_value(d, column));
    *ret = value;
    if (term == NULL)
        return E_OK;
    if (term->type == VALUE_CODE || term->type == VALUE_CODES)
        return their_codes(c, x, str_z(c->arena, term->scheme), value, ret);
    if (term->type == VALUE_DATE)
        *ret = day_of_text(c, value);
    if (term->type == VALUE_FILE)
        *ret = file_guid(c, d, value);
    return E_OK;
}

static enum err put_bookkeeping(struct ctx *c, struct exchange *x)
{
    table_put_text(x->t, x->source);
    table_put_text(x->t, x->batch);
    table_put_text(x->t, x->time);
    table_put_text(x->t, STR("I"));
    return table_end_row(c, x->t);
}
#define BOOKKEEPING "data_source", "cd_batch", "cd_time", "cd_operation"

/* --- A and B: one row an item, the columns named --- */

static enum err put_named(struct ctx *c, struct exchange *x, const struct item_doc *d)
{
    for (size_t i = 0; i + 4 < x->t->column_count; i++) {
        struct str cell;
        if (!derived_cell(c, x, d, x->t->columns[i], &cell))
            TRY(element_cell(c, x, d, x->t->columns[i], &cell));
        table_put_text(x->t, cell);
    }
    return put_bookkeeping(c, x);
}

/* --- C, D, E: one row a paper, a fee, a question --- */

static void put_links(struct ctx *c, struct exchange *x, const struct item_doc *d, int64_t number)
{
    table_put_text(x->t, guid_of(c, x->table, x->task_code, number));
    table_put_text(x->t, guid_of(c, "up_task_general_basic", x->task_code, 0));
    table_put_text(x->t, str_or_empty(doc_value(d, "catalog_code")));
    table_put_text(x->t, x->task_code);
}
#define LINKS "row_guid", "task_guid", "catalog_code", "task_code"

struct word_code {
    const char *word, *code;
};
/* Codes of data/catalogue/codes.csv. A form filled in is handed in as an original; what is made at the window
 * is neither the applicant's nor the government's. */
static const struct word_code kinds[] = {{"original", "1"}, {"copy", "2"}, {"both", "3"},
                                         {"either", "4"},   {"form", "1"}, {NULL, ""}};
static const struct word_code media[] = {{"paper", "1"},
                                         {"electronic", "2"},
                                         {"any", "3"},
                                         {NULL, ""}};
static const struct word_code necessities[] = {{"required", "1"},
                                               {"optional", "2"},
                                               {"later", "3"},
                                               {NULL, ""}};
static const struct word_code providers[] = {{"applicant", "10"},
                                             {"government", "20"},
                                             {"on_site", "99"},
                                             {NULL, ""}};

static enum err put_word(struct ctx *c, struct exchange *x, const struct word_code *words,
                         const char *scheme, struct str word)
{
    struct str code;
    while (words->word != NULL && !str_is(word, words->word))
        words++;
    TRY(their_code(c, x, scheme, str_of(words->code), &code));
    table_put_text(x->t, code);
    return E_OK;
}

static enum err put_paper(struct ctx *c, struct exchange *x, const struct item_doc *d,
                          const struct doc_paper *p)
{
    put_links(c, x, d, p->position);
    table_put_text(x->t, p->name);
    TRY(put_word(c, x, kinds, "material_kind", p->kind));
    TRY(put_word(c, x, media, "material_form", p->medium));
    TRY(put_word(c, x, necessities, "necessity", p->necessity));
    TRY(put_word(c, x, providers, "material_source", p->provider));
    table_put_text(x->t, p->source_note);
    table_put_int(x->t, p->copies);
    table_put_text(x->t, p->page_format);
    table_put_text(x->t, file_guid(c, d, p->blank_file));
    table_put_text(x->t, file_guid(c, d, p->sample_file));
    table_put_text(x->t, p->fill_note);
    table_put_text(x->t, p->standard);
    table_put_text(x->t, p->basis);
    table_put_int(x->t, p->position);
    table_put_flag(x->t, p->licence_type.n > 0);
    return put_bookkeeping(c, x);
}

static enum err put_papers(struct ctx *c, struct exchange *x, const struct item_doc *d)
{
    for (size_t i = 0; i < d->papers.n; i++)
        TRY(put_paper(c, x, d, &d->papers.v[i]));
    return E_OK;
}

static enum err put_fees(struct ctx *c, struct exchange *x, const struct item_doc *d)
{
    for (size_t i = 0; i < d->fees.n; i++) {
        const struct doc_fee *f = &d->fees.v[i];
        put_links(c, x, d, (int64_t)i + 1);
        table_put_text(x->t, f->name);
        table_put_text(x->t, f->standard);
        table_put_text(x->t, f->basis);
        table_put_flag(x->t, f->can_reduce);
        table_put_text(x->t, f->reduce_note);
        table_put_int(x->t, (int64_t)i + 1);
        TRY(put_bookkeeping(c, x));
    }
    return E_OK;
}

static enum err put_questions(struct ctx *c, struct exchange *x, const struct item_doc *d)
{
    for (size_t i = 0; i < d->questions.n; i++) {
        put_links(c, x, d, (int64_t)i + 1);
        table_put_text(x->t, d->questions.v[i].question);
        table_put_text(x->t, d->questions.v[i].answer);
        table_put_int(x->t, (int64_t)i + 1);
        TRY(put_bookkeeping(c, x));
    }
    return E_OK;
}

/* --- the run --- */

static enum err each_item(struct ctx *c, void *arg, int64_t item_id, const struct item_doc *d)
{
    struct exchange *x = arg;
    struct item_doc whole = *d;
    struct catalogue_entry *entry;
    struct exchange_version_row *version;
    TRY(catalogue_of(c, str_or_empty(doc_value(d, "catalog_code")), &entry));
    item_doc_inherit(c, &whole, entry);
    TRY(exchange_version(c, c->center_id, item_id, &version));
    x->version = version == NULL ? (struct exchange_version_row){0} : *version;
    x->task_code = str_or_empty(doc_value(&whole, "task_code"));
    return x->put(c, x, &whole);
}

static enum err read_maps(struct ctx *c, struct exchange *x)
{
    static const char *const of_papers[] = {"material_kind", "material_form", "necessity",
                                            "material_source", "data_source"};
    TRY(item_terms_read(c, &x->terms));
    for (size_t i = 0; i < sizeof of_papers / sizeof *of_papers; i++)
        TRY(map_of(c, x, str_of(of_papers[i])));
    for (size_t i = 0; i < x->t->column_count; i++) {
        const struct element_term *term = element_term_of(&x->terms, str_of(x->t->columns[i]));
        if (term != NULL && term->scheme.n > 0)
            TRY(map_of(c, x, term->scheme));
    }
    return E_OK;
}

static enum err export_table(struct ctx *c, struct table_out *t, const char *table,
                             const char *const *columns, put_rows *put)
{
    struct exchange x = {.t = t, .table = table, .put = put};
    struct str day = day_text(c, date_of(c->now, c->zone_minutes));
    int64_t last;
    TRY(table_out_columns(c, t, columns));
    TRY(read_maps(c, &x));
    x.batch = day;
    struct str at = instant_text(c->arena, c->now, c->zone_minutes);
    x.time = str_fmt(c->arena, "%.*sT%.2s%.2s%.2s", STR_ARG(day), at.p + 11, at.p + 14, at.p + 17);
    TRY(their_code(c, &x, "data_source", STR(OUR_DATA_SOURCE), &x.source));
    return item_docs_after(c, 0, INT64_MAX, each_item, &x, &last);
}

static const char *const basic[] = {"row_guid",
                                    "task_name",
                                    "catalog_code",
                                    "local_catalog_code",
                                    "task_type",
                                    "by_law",
                                    "power_source",
                                    "use_level",
                                    "task_code",
                                    "local_task_code",
                                    "task_handle_item",
                                    "task_state",
                                    "task_version",
                                    "dept_name",
                                    "dept_type",
                                    "dept_code",
                                    "entrust_name",
                                    "anticipate_day",
                                    "anticipate_type",
                                    "anticipate_explain",
                                    "promise_day",
                                    "promise_type",
                                    "promise_explain",
                                    "accept_condition",
                                    "handle_flow",
                                    "special_procedure",
                                    "is_fee",
                                    "fee_basis",
                                    "server_type",
                                    "project_type",
                                    "handle_type",
                                    "limit_scene_num",
                                    "limit_scene_explain",
                                    "transact_addr",
                                    "transact_time",
                                    "link_way",
                                    "supervise_way",
                                    "link_addr",
                                    "is_single_login",
                                    "mobile_terminal_url",
                                    "app_is_single_login",
                                    "plan_effective_date",
                                    "plan_cancel_date",
                                    "collect_type",
                                    "is_permit_reduce",
                                    "punishment_method",
                                    BOOKKEEPING,
                                    NULL};

enum err exchange_basic_export(struct ctx *c, struct table_out *t)
{
    return export_table(c, t, "up_task_general_basic", basic, put_named);
}

static const char *const extend[] = {LINKS,
                                     "is_entry_center",
                                     "handle_area",
                                     "other_dept",
                                     "service_type",
                                     "limit_explain",
                                     "result_type",
                                     "result_name",
                                     "result_guid",
                                     "is_schedule",
                                     "is_pay_online",
                                     "is_express",
                                     "is_service_terminals",
                                     "user_topic_type",
                                     "user_character_topic_type",
                                     "corp_topic_type",
                                     "corp_character_topic_type",
                                     "is_online",
                                     "online_handle_depth",
                                     "online_handle_url",
                                     "town_name",
                                     "town_code",
                                     "village_name",
                                     "village_code",
                                     "review_type",
                                     "finance_flag",
                                     "extend_field",
                                     BOOKKEEPING,
                                     NULL};

enum err exchange_extend_export(struct ctx *c, struct table_out *t)
{
    return export_table(c, t, "up_task_general_extend", extend, put_named);
}

static const char *const material[] = {LINKS,
                                       "material_name",
                                       "material_type",
                                       "material_format",
                                       "is_need",
                                       "source_type",
                                       "source_explain",
                                       "page_num",
                                       "page_format",
                                       "form_guid",
                                       "example_guid",
                                       "fill_explain",
                                       "accept_stand",
                                       "by_law",
                                       "order_num",
                                       "is_result_cert",
                                       BOOKKEEPING,
                                       NULL};

enum err exchange_material_export(struct ctx *c, struct table_out *t)
{
    return export_table(c, t, "up_task_general_material", material, put_papers);
}

static const char *const fee_project[] = {LINKS,       "fee_name",  "fee_stand",
                                          "by_law",    "is_desc",   "desc_explain",
                                          "order_num", BOOKKEEPING, NULL};

enum err exchange_fee_export(struct ctx *c, struct table_out *t)
{
    return export_table(c, t, "up_task_general_fee_project", fee_project, put_fees);
}

static const char *const questions[] = {LINKS,       "question",  "answer",
                                        "order_num", BOOKKEEPING, NULL};

enum err exchange_questions_export(struct ctx *c, struct table_out *t)
{
    return export_table(c, t, "up_task_general_questions", questions, put_questions);
}
