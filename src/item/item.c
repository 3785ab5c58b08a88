/* Items as people see them: found by code, and filled with their elements, each with its provenance,
 * so that a page can say what was read, what is invented for the demonstration, and what is missing. */
#include "item.h"
#include "center.h"
#include "item_tables.h"

/* The elements a complete guide has here, in the order in which a visitor asks. Mandatory ones count
 * for completeness (DOMAIN.md 1.8 M and 1.10: filled / all, in percent). */
static const struct {
    const char *element, *title;
} guide_elements[] =
    {{"summary", /* tr */ "办成什么样"},     {"conditions", /* tr */ "我能办吗"},
     {"place", /* tr */ "去哪里"},           {"hours", /* tr */ "什么时候"},
     {"steps", /* tr */ "怎么办"},           {"fee", /* tr */ "多少钱"},
     {"online", /* tr */ "能在网上办吗"},    {"result", /* tr */ "拿到什么"},
     {"questions", /* tr */ "常见问题"},     {"legal_basis", /* tr */ "法律依据"},
     {"consult_phone", /* tr */ "咨询电话"}, {"complaint_phone", /* tr */ "投诉电话"}};
#define GUIDE_ELEMENTS (sizeof guide_elements / sizeof *guide_elements)

struct str item_name(const struct ctx *c, const struct item_row *i)
{
    return c->lang == LANG_EN && i->name_en.n > 0 ? i->name_en : i->name;
}

enum err item_by_any_code(struct ctx *c, struct str code, struct item_row *ret)
{
    struct item_row *row;
    if (code.n == 31)
        TRY(item_by_impl_code(c, c->center_id, code, &row));
    else
        TRY(item_by_code(c, c->center_id, code, &row));
    if (row == NULL || !row->is_listed)
        return fail(c, E_NO_SUCH_ITEM, "item %.*s", STR_ARG(code));
    *ret = *row;
    return E_OK;
}

enum err item_by_its_id(struct ctx *c, int64_t item_id, struct item_row *ret)
{
    struct item_row *row;
    TRY(item(c, c->center_id, item_id, &row));
    if (row == NULL)
        return fail(c, E_NO_SUCH_ITEM, "item %lld", (long long)item_id);
    *ret = *row;
    return E_OK;
}

static struct str in_language(const struct ctx *c, struct str zh, struct str en)
{
    return c->lang == LANG_EN && en.n > 0 ? en : zh;
}

static void papers_fill(struct ctx *c, const struct item_papers_of_rows *rows,
                        struct item_paper_view_list *ret)
{
    ret->v = ARENA_ARRAY(c->arena, struct item_paper_view, rows->n + 1);
    ret->n = rows->n;
    for (size_t i = 0; i < rows->n; i++) {
        const struct item_papers_of_row *p = &rows->v[i];
        ret->v[i] =
            (struct item_paper_view){.position = p->position,
                                     .name = in_language(c, p->name, p->name_en),
                                     .kind = p->kind,
                                     .copies = p->copies,
                                     .necessity = p->necessity,
                                     .provider = p->provider,
                                     .standard = in_language(c, p->standard, p->standard_en),
                                     .basis = p->basis,
                                     .on_site = p->on_site,
                                     .state = p->state};
    }
}

enum err item_papers(struct ctx *c, int64_t item_id, struct item_paper_view_list *ret)
{
    struct item_papers_of_rows rows;
    TRY(item_papers_of(c, c->center_id, item_id, &rows));
    papers_fill(c, &rows, ret);
    return E_OK;
}

/* Questions have rows of their own; as an element they are lines "question|answer". */
static void fill_question_element(struct ctx *c, const struct item_questions_rows *rows,
                                  struct item_view *v)
{
    struct buf b;
    buf_init(&b, c->arena, (size_t)1 << 20);
    for (size_t i = 0; i < v->questions.n; i++) {
        if (i > 0)
            buf_char(&b, '\n');
        buf_str(&b, v->questions.v[i].question);
        buf_char(&b, '|');
        buf_str(&b, v->questions.v[i].answer);
    }
    for (size_t i = 0; i < v->elements.n && rows->n > 0; i++)
        if (str_is(v->elements.v[i].element, "questions")) {
            v->elements.v[i].text = buf_as_str(&b);
            v->elements.v[i].state = rows->v[0].state;
            v->elements.v[i].source = rows->v[0].source;
        }
}

static void fill_questions(struct ctx *c, const struct item_questions_rows *rows,
                           struct item_view *v)
{
    v->questions.v = ARENA_ARRAY(c->arena, struct item_question, rows->n + 1);
    v->questions.n = rows->n;
    for (size_t i = 0; i < rows->n; i++)
        v->questions.v[i] =
            (struct item_question){in_language(c, rows->v[i].question, rows->v[i].question_en),
                                   in_language(c, rows->v[i].answer, rows->v[i].answer_en)};
    fill_question_element(c, rows, v);
}

static const struct item_texts_row *text_of(const struct item_texts_rows *rows, const char *element)
{
    for (size_t i = 0; i < rows->n; i++)
        if (str_is(rows->v[i].element, element))
            return &rows->v[i];
    return NULL;
}

static void fill_elements(struct ctx *c, const struct item_texts_rows *rows, struct item_view *v)
{
    v->elements.v = ARENA_ARRAY(c->arena, struct item_element, GUIDE_ELEMENTS);
    for (size_t i = 0; i < GUIDE_ELEMENTS; i++) {
        const struct item_texts_row *row = text_of(rows, guide_elements[i].element);
        struct item_element *e = &v->elements.v[v->elements.n++];
        *e = (struct item_element){.element = str_of(guide_elements[i].element),
                                   .title = tr(c, guide_elements[i].title),
                                   .text = STR(""),
                                   .state = STR("missing"),
                                   .source = STR("")};
        if (row == NULL)
            continue;
        e->text = in_language(c, row->zh, row->en);
        e->state = row->state;
        e->source = row->source;
        if (str_is(e->element, "summary"))
            v->summary = e->text;
        if (str_is(e->element, "place"))
            v->place = e->text;
    }
}

/* Filled elements of the twelve, with the papers as the thirteenth. */
static void count_complete(struct ctx *c, struct item_view *v)
{
    v->missing.v = ARENA_ARRAY(c->arena, struct str, GUIDE_ELEMENTS + 1);
    for (size_t i = 0; i < v->elements.n; i++) {
        if (str_is(v->elements.v[i].state, "missing"))
            v->missing.v[v->missing.n++] = v->elements.v[i].element;
        if (str_is(v->elements.v[i].state, "demonstration"))
            v->demonstration = true;
    }
    if (v->papers.n == 0)
        v->missing.v[v->missing.n++] = STR("papers");
    v->completeness = (int64_t)(100 * (GUIDE_ELEMENTS + 1 - v->missing.n) / (GUIDE_ELEMENTS + 1));
}

static enum err note_invented(struct ctx *c, int64_t item_id, struct item_view *v)
{
    struct item_sources_rows sources;
    TRY(item_sources(c, c->center_id, item_id, &sources));
    for (size_t i = 0; i < sources.n; i++)
        if (str_is(sources.v[i].state, "demonstration"))
            v->demonstration = true;
    return E_OK;
}

static enum err fill_links(struct ctx *c, struct item_view *v)
{
    struct item_links_of_rows rows;
    TRY(item_links_of(c, c->center_id, v->id, &rows));
    v->also.v = ARENA_ARRAY(c->arena, struct item_link, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v->also.v[v->also.n++] =
            (struct item_link){rows.v[i].path, in_language(c, rows.v[i].name, rows.v[i].name_en)};
    return E_OK;
}

static enum err fill_row(struct ctx *c, const struct item_row *i, struct item_view *ret)
{
    struct agency_row *by;
    struct item_zone_row *zone;
    TRY(item_zone(c, c->center_id, i->zone_code, &zone));
    TRY(agency(c, c->center_id, i->agency_id, &by));
    *ret =
        (struct item_view){.id = i->id,
                           .code = i->code,
                           .impl_code = i->impl_code,
                           .name = item_name(c, i),
                           .name_en = i->name_en,
                           .main_item = i->main_item,
                           .agency = by == NULL ? STR("") : in_language(c, by->name, by->name_en),
                           .agency_phone = by == NULL ? STR("") : by->phone,
                           .kind = i->kind,
                           .zone = i->zone_code,
                           .zone_name = zone == NULL ? i->zone_code
                                                     : in_language(c, zone->name, zone->name_en),
                           .one_window = i->one_window,
                           .online = i->is_online,
                           .onsite_visits = i->onsite_visits,
                           .is_immediate = i->is_immediate,
                           .legal_days = i->legal_days,
                           .legal_unit = i->legal_unit,
                           .promised_days = i->promised_days,
                           .promised_unit = i->promised_unit,
                           .has_fee = i->has_fee,
                           .version = i->version,
                           .base = str_fmt(c->arena, "/items/%.*s", STR_ARG(i->code))};
    return fill_links(c, ret);
}

enum err item_view_fill(struct ctx *c, const struct item_row *i, struct item_view *ret)
{
    struct item_texts_rows texts;
    struct item_questions_rows questions;
    TRY(fill_row(c, i, ret));
    TRY(item_texts(c, c->center_id, i->id, &texts));
    fill_elements(c, &texts, ret);
    TRY(item_questions(c, c->center_id, i->id, &questions));
    fill_questions(c, &questions, ret);
    TRY(item_papers(c, i->id, &ret->papers));
    TRY(note_invented(c, i->id, ret));
    count_complete(c, ret);
    return E_OK;
}

/* --- the same of a document that the tables do not hold --- */

static void elements_of_doc(struct ctx *c, const struct item_doc *d, struct item_view *v)
{
    struct item_texts_rows texts = {
        .v = ARENA_ARRAY(c->arena, struct item_texts_row, d->elements.n + 1)};
    for (size_t i = 0; i < d->elements.n; i++) {
        const struct doc_element *e = &d->elements.v[i];
        if (str_is(e->state, "demonstration"))
            v->demonstration = true;
        if (item_column_of(e->field) < 0)
            texts.v[texts.n++] =
                (struct item_texts_row){text_name_of(e->field), e->zh, e->en, e->state, e->source};
    }
    fill_elements(c, &texts, v);
}

static void questions_of_doc(struct ctx *c, const struct item_doc *d, struct item_view *v)
{
    struct item_questions_rows rows = {ARENA_ARRAY(c->arena, struct item_questions_row,
                                                   d->questions.n + 1),
                                       d->questions.n};
    for (size_t i = 0; i < d->questions.n; i++) {
        const struct doc_question *q = &d->questions.v[i];
        rows.v[i] = (struct item_questions_row){.question = q->question,
                                                .question_en = q->question_en,
                                                .answer = q->answer,
                                                .answer_en = q->answer_en,
                                                .state = q->state,
                                                .source = q->source};
    }
    fill_questions(c, &rows, v);
}

static void papers_of_doc(struct ctx *c, const struct item_doc *d, struct item_view *v)
{
    struct item_papers_of_rows rows = {ARENA_ARRAY(c->arena, struct item_papers_of_row,
                                                   d->papers.n + 1),
                                       d->papers.n};
    for (size_t i = 0; i < d->papers.n; i++) {
        const struct doc_paper *p = &d->papers.v[i];
        rows.v[i] = (struct item_papers_of_row){.position = p->position,
                                                .name = p->name,
                                                .name_en = p->name_en,
                                                .kind = p->kind,
                                                .copies = p->copies,
                                                .necessity = p->necessity,
                                                .provider = p->provider,
                                                .standard = p->standard,
                                                .standard_en = p->standard_en,
                                                .basis = p->basis,
                                                .on_site = p->on_site,
                                                .state = p->state};
    }
    papers_fill(c, &rows, &v->papers);
}

enum err item_view_of_doc(struct ctx *c, int64_t item_id, int64_t version, const struct item_doc *d,
                          struct item_view *ret)
{
    struct item_row row;
    struct agency_row by = {0};
    struct doc_faults faults = {0};
    TRY(item_doc_fits(c, item_id, d, &by,
                      &faults)); /* only for the agency: a preview may have faults */
    item_row_of_doc(d, &row);
    row.id = item_id;
    row.version = version;
    row.agency_id = by.id;
    TRY(fill_row(c, &row, ret));
    elements_of_doc(c, d, ret);
    questions_of_doc(c, d, ret);
    papers_of_doc(c, d, ret);
    count_complete(c, ret);
    return E_OK;
}
