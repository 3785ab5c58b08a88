/* A document into the tables: the version that comes into force. Whatever the tables held of the item goes, and the
 * document's rows take its place; composing them again gives the document (item_compose.c), with what follows
 * from its codes filled in. */
#include "item_tables.h"

#define QUESTIONS_MOST 50

void questions_of_text(struct ctx *c, struct str zh, struct str en, struct str state,
                       struct str source, struct doc_question_list *ret)
{
    *ret =
        (struct doc_question_list){ARENA_ARRAY(c->arena, struct doc_question, QUESTIONS_MOST), 0};
    struct str english = en;
    for (struct str rest = zh; rest.p != NULL && ret->n < QUESTIONS_MOST;) {
        struct str answer = str_cut(&rest, '\n'), answer_en = STR_NONE;
        struct str question = str_cut(&answer, '|'), question_en = STR_NONE;
        if (english.p != NULL)
            answer_en = str_cut(&english, '\n');
        if (answer_en.p != NULL)
            question_en = str_cut(&answer_en, '|');
        if (question.n > 0 && answer.p != NULL)
            ret->v[ret->n++] = (struct doc_question){str_trim(question),
                                                     str_or_empty(str_trim(question_en)),
                                                     str_trim(answer),
                                                     str_or_empty(str_trim(answer_en)),
                                                     state,
                                                     source};
    }
}

/* --- does it fit? --- */

static struct str value(const struct item_doc *d, enum item_column k)
{
    return str_or_empty(doc_value(d, item_columns[k].field));
}

static int64_t count(const struct item_doc *d, enum item_column k)
{
    int64_t n = 0;
    return str_to_int(value(d, k), &n) ? n : 0;
}

static void check_columns(struct ctx *c, const struct item_doc *d, struct doc_faults *faults)
{
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (!item_columns[i].may_be_empty && value(d, (enum item_column)i).n == 0)
            doc_fault_add(c, faults, str_fmt(c->arena, "elements.%s", item_columns[i].field),
                          tr(c, "发布前要填这一项"));
}

static enum err check_agency(struct ctx *c, const struct item_doc *d, struct agency_row *ret,
                             struct doc_faults *faults)
{
    struct str name = value(d, COLUMN_AGENCY), code = str_or_empty(doc_value(d, "dept_code"));
    enum err e = name.n == 0 ? E_NOT_FOUND : agency_by_its_name(c, name, ret);
    if (e == E_NOT_FOUND && name.n > 0)
        doc_fault_add(c, faults, STR("elements.dept_name"),
                      tr_fill(c, "没有“{name}”这个部门，请先登记部门", "name", name, NULL));
    if (e == E_OK && code.n > 0 && !str_eq(code, ret->uscc))
        doc_fault_add(c, faults, STR("elements.dept_code"),
                      tr_fill(c, "与部门登记的统一社会信用代码 {code} 不同", "code", ret->uscc,
                              NULL));
    return e == E_NOT_FOUND ? E_OK : e;
}

static void check_owner(struct ctx *c, int64_t item_id, const struct item_row *other,
                        const char *field, struct doc_faults *faults)
{
    if (other != NULL && other->id != item_id)
        doc_fault_add(c, faults, str_fmt(c->arena, "elements.%s", field),
                      tr_fill(c, "这个编码已经是“{name}”的", "name", other->name, NULL));
}

/* The agency, and nothing that another item has already. */
enum err item_doc_fits(struct ctx *c, int64_t item_id, const struct item_doc *d,
                       struct agency_row *ret_agency, struct doc_faults *faults)
{
    struct item_row *other;
    check_columns(c, d, faults);
    TRY(check_agency(c, d, ret_agency, faults));
    TRY(item_by_code(c, c->center_id, value(d, COLUMN_CODE), &other));
    check_owner(c, item_id, other, "catalog_code", faults);
    TRY(item_by_impl_code(c, c->center_id, value(d, COLUMN_IMPL_CODE), &other));
    check_owner(c, item_id, other, "task_code", faults);
    for (size_t i = 0; i < d->handlings.n; i++) {
        struct handling_owner_row *owner;
        TRY(handling_owner(c, c->center_id, d->handlings.v[i].code, &owner));
        if (owner != NULL && owner->item_id != item_id)
            doc_fault_add(c, faults, str_fmt(c->arena, "handlings[%zu].code", i + 1),
                          tr(c, "这个编码已经是另一个事项的"));
    }
    return E_OK;
}

/* --- taking away --- */

static enum err clear_parts(struct ctx *c, int64_t item_id)
{
    static enum err (*const clears[])(struct ctx *, int64_t, int64_t) = {
        texts_clear,     sources_clear,   papers_clear,     fees_clear,
        questions_clear, bases_clear,     options_clear,    option_papers_clear,
        files_clear,     handlings_clear, situations_clear,
    };
    for (size_t i = 0; i < sizeof clears / sizeof *clears; i++)
        TRY(clears[i](c, c->center_id, item_id));
    return E_OK;
}

/* --- putting --- */

static struct str unit_word(const struct item_doc *d, enum item_column k)
{
    return str_is(value(d, k), "1") ? STR("natural") : STR("working");
}

void item_row_of_doc(const struct item_doc *d, struct item_row *ret)
{
    const struct doc_element *name = doc_element_of(d, "task_name");
    *ret = (struct item_row){.code = value(d, COLUMN_CODE),
                             .impl_code = value(d, COLUMN_IMPL_CODE),
                             .name = value(d, COLUMN_NAME),
                             .name_en = name == NULL ? STR("") : name->en,
                             .main_item = value(d, COLUMN_MAIN_ITEM),
                             .kind = value(d, COLUMN_KIND),
                             .zone_code = value(d, COLUMN_ZONE),
                             .one_window = str_is(value(d, COLUMN_ONE_WINDOW), "1"),
                             .is_online = str_is(value(d, COLUMN_IS_ONLINE), "1"),
                             .onsite_visits = count(d, COLUMN_VISITS),
                             .is_immediate = str_is(value(d, COLUMN_CASE_TYPE), "1"),
                             .legal_days = count(d, COLUMN_LEGAL_DAYS),
                             .legal_unit = unit_word(d, COLUMN_LEGAL_UNIT),
                             .promised_days = count(d, COLUMN_PROMISED_DAYS),
                             .promised_unit = unit_word(d, COLUMN_PROMISED_UNIT),
                             .has_fee = str_is(value(d, COLUMN_HAS_FEE), "1")};
}

static enum err put_row(struct ctx *c, int64_t item_id, int64_t version, const struct item_doc *d,
                        int64_t agency_id)
{
    struct item_row i;
    item_row_of_doc(d, &i);
    return item_put_by_id(c, c->center_id, item_id, i.code, i.impl_code, i.name, i.name_en,
                          i.main_item, agency_id, i.kind, i.zone_code, i.one_window, i.is_online,
                          i.onsite_visits, i.is_immediate, i.legal_days, i.legal_unit,
                          i.promised_days, i.promised_unit, i.has_fee, version);
}

/* Case type 9 (other) is neither of the two the column knows. */
static bool fits_column(int column, struct str zh)
{
    return column >= 0 &&
           (column != COLUMN_CASE_TYPE || str_is(zh, "1") || str_is(zh, "2") || zh.n == 0);
}

static enum err put_elements(struct ctx *c, int64_t item_id, const struct item_doc *d)
{
    for (size_t i = 0; i < d->elements.n; i++) {
        const struct doc_element *e = &d->elements.v[i];
        int column = item_column_of(e->field);
        if (fits_column(column, e->zh))
            TRY(item_source_put(c, c->center_id, item_id, str_of(item_columns[column].source),
                                e->state, e->source));
        else
            TRY(item_text_put(c, c->center_id, item_id, text_name_of(e->field), e->zh, e->en,
                              e->state, e->source));
    }
    return E_OK;
}

enum err item_paper_put(struct ctx *c, int64_t item_id, const struct doc_paper *p)
{
    return paper_put(c, c->center_id, item_id, p->position, p->name, str_or_empty(p->name_en),
                     p->kind, str_or_empty(p->medium), p->copies, p->necessity, p->provider,
                     str_or_empty(p->source_note), str_or_empty(p->page_format),
                     str_or_empty(p->blank_file), str_or_empty(p->sample_file),
                     str_or_empty(p->fill_note), str_or_empty(p->fill_note_en),
                     str_or_empty(p->standard), str_or_empty(p->standard_en),
                     str_or_empty(p->basis), str_or_empty(p->basis_en), p->on_site,
                     str_or_empty(p->issuer), str_or_empty(p->issuer_en),
                     str_or_empty(p->time_rule), str_or_empty(p->where_to_get),
                     str_or_empty(p->where_to_get_en), str_or_empty(p->licence_type), p->state,
                     str_or_empty(p->source));
}

static enum err put_papers(struct ctx *c, int64_t item_id, const struct doc_paper_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        TRY(item_paper_put(c, item_id, &l->v[i]));
    return E_OK;
}

static enum err put_small_parts(struct ctx *c, int64_t item_id, const struct item_doc *d)
{
    for (size_t i = 0; i < d->fees.n; i++) {
        const struct doc_fee *f = &d->fees.v[i];
        TRY(fee_put(c, c->center_id, item_id, (int64_t)i + 1, f->name, f->name_en, f->standard,
                    f->standard_en, f->basis, f->can_reduce, f->reduce_note, f->reduce_note_en,
                    f->state, f->source));
    }
    for (size_t i = 0; i < d->questions.n; i++) {
        const struct doc_question *q = &d->questions.v[i];
        TRY(question_put(c, c->center_id, item_id, (int64_t)i + 1, q->question, q->question_en,
                         q->answer, q->answer_en, q->state, q->source));
    }
    for (size_t i = 0; i < d->bases.n; i++) {
        const struct doc_basis *b = &d->bases.v[i];
        TRY(basis_put(c, c->center_id, item_id, (int64_t)i + 1, b->kind, b->law, b->law_en,
                      b->document_no, b->article, b->wording, b->state, b->source));
    }
    return E_OK;
}

static enum err put_files(struct ctx *c, int64_t item_id, const struct item_doc *d)
{
    for (size_t i = 0; i < d->files.n; i++) {
        const struct doc_file *f = &d->files.v[i];
        TRY(file_put(c, c->center_id, item_id, (int64_t)i + 1, f->code, f->kind, f->name,
                     f->content_type, f->size, f->digest, f->state, f->source));
    }
    for (size_t i = 0; i < d->handlings.n; i++) {
        const struct doc_handling *h = &d->handlings.v[i];
        TRY(handling_put(c, c->center_id, item_id, (int64_t)i + 1, h->code, h->kind, h->name,
                         h->name_en, h->is_immediate, h->legal_days, h->legal_unit,
                         h->promised_days, h->promised_unit, h->state, h->source));
    }
    return E_OK;
}

static enum err put_option(struct ctx *c, int64_t item_id, int64_t situation, int64_t position,
                           const struct doc_option *o)
{
    TRY(option_put(c, c->center_id, item_id, situation, position, o->code, o->name, o->name_en));
    for (size_t m = 0; m < o->papers.n; m++)
        TRY(option_paper_put(c, c->center_id, item_id, situation, position, (int64_t)m + 1,
                             o->papers.v[m].paper, o->papers.v[m].necessity));
    return E_OK;
}

static enum err put_situations(struct ctx *c, int64_t item_id, const struct doc_situation_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct doc_situation *s = &l->v[i];
        int64_t at = (int64_t)i + 1;
        TRY(situation_put(c, c->center_id, item_id, at, s->code, s->parent, s->question,
                          s->question_en, s->state, s->source));
        for (size_t k = 0; k < s->options.n; k++)
            TRY(put_option(c, item_id, at, (int64_t)k + 1, &s->options.v[k]));
    }
    return E_OK;
}

enum err item_put_doc(struct ctx *c, int64_t item_id, int64_t version, const struct item_doc *d)
{
    struct agency_row by = {0};
    struct doc_faults faults = {0};
    TRY(item_doc_fits(c, item_id, d, &by, &faults));
    TRY(doc_faults_end(c, &faults));
    TRY(clear_parts(c, item_id));
    TRY(put_row(c, item_id, version, d, by.id));
    TRY(put_elements(c, item_id, d));
    TRY(put_papers(c, item_id, &d->papers));
    TRY(put_small_parts(c, item_id, d));
    TRY(put_files(c, item_id, d));
    return put_situations(c, item_id, &d->situations);
}
