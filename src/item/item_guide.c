/* Prepares a guide once for all its readers: the parts of the document, the sentences for terms, the windows, and the
 * two pieces of the page around the hours, as HTML. Who is logged in or has answered gets them made anew. */
#include "item_guide.h"
#include "item_tables.h"
#include "item_terms.h"

/* How long, in a sentence with its unit (DOMAIN.md 1.8, elements 19 to 24; an immediate item is done on the spot). */
static struct str term_sentence(struct ctx *c, int64_t days, struct str unit, struct str explain)
{
    struct str n = str_fmt(c->arena, "%lld", (long long)days);
    struct str term = days == 0                 ? STR("")
                      : str_is(unit, "natural") ? tr_fill(c, "{n} 天", "n", n, NULL)
                                                : tr_fill(c, "{n} 个工作日", "n", n, NULL);
    if (explain.n == 0)
        return term;
    return term.n == 0 ? explain
                       : tr_fill(c, "{term}（{note}）", "term", term, "note", explain, NULL);
}

static struct str element_in(const struct ctx *c, const struct item_doc *d, const char *field)
{
    const struct doc_element *e = doc_element_of(d, field);
    return e == NULL ? STR("") : guide_text(c, e->zh, e->en);
}

static void fill_terms(struct ctx *c, const struct item_doc *d, struct item_view *v)
{
    v->legal_term =
        term_sentence(c, v->legal_days, v->legal_unit, element_in(c, d, "anticipate_explain"));
    v->promised_term =
        term_sentence(c, v->promised_days, v->promised_unit, element_in(c, d, "promise_explain"));
}

/* How far it goes online (element 72), in words a visitor uses. */
static const char *const online_steps[] = {"",
                                           /* tr */ "网上咨询",
                                           /* tr */ "网上交材料",
                                           /* tr */ "网上先看材料对不对",
                                           /* tr */ "网上受理",
                                           /* tr */ "网上办理",
                                           /* tr */ "网上看结果",
                                           /* tr */ "网上领电子证照"};

static struct str online_sentence(struct ctx *c, const struct item_doc *d)
{
    struct str depth = doc_value(d, "online_handle_depth");
    struct buf b;
    buf_init(&b, c->arena, 2000);
    for (size_t i = 0; i < depth.n; i++) {
        int step = depth.p[i] - '0';
        if (step < 1 || step > 7)
            continue;
        if (b.n > 0)
            buf_str(&b, c->lang == LANG_EN ? STR(", ") : STR("、"));
        buf_str(&b, tr(c, online_steps[step]));
    }
    return buf_as_str(&b);
}

static void fill_fees(struct ctx *c, const struct item_doc *d, struct item_view *v)
{
    v->fees.n = d->fees.n;
    v->fees.v = ARENA_ARRAY(c->arena, struct guide_fee, d->fees.n + 1);
    for (size_t i = 0; i < d->fees.n; i++) {
        const struct doc_fee *f = &d->fees.v[i];
        v->fees.v[i] =
            (struct guide_fee){.name = guide_text(c, f->name, f->name_en),
                               .standard = guide_text(c, f->standard, f->standard_en),
                               .basis = f->basis,
                               .can_reduce = f->can_reduce,
                               .reduce_note = guide_text(c, f->reduce_note, f->reduce_note_en),
                               .state = f->state};
    }
}

static void fill_bases(struct ctx *c, const struct item_doc *d, struct item_view *v)
{
    v->bases.n = d->bases.n;
    v->bases.v = ARENA_ARRAY(c->arena, struct guide_basis, d->bases.n + 1);
    for (size_t i = 0; i < d->bases.n; i++) {
        const struct doc_basis *b = &d->bases.v[i];
        v->bases.v[i] = (struct guide_basis){b->kind,        guide_text(c, b->law, b->law_en),
                                             b->document_no, b->article,
                                             b->wording,     b->state};
    }
}

/* In English a file is called by what it is; where several papers have a form, the paper tells them apart. */
static void name_by_paper(struct ctx *c, const struct item_doc *d, struct guide_file *file)
{
    for (size_t i = 0; c->lang == LANG_EN && i < d->papers.n; i++) {
        const struct doc_paper *p = &d->papers.v[i];
        if (!str_eq(p->blank_file, file->code) && !str_eq(p->sample_file, file->code))
            continue;
        file->name = str_fmt(c->arena, "%.*s: %.*s", STR_ARG(file->name),
                             STR_ARG(guide_text(c, p->name, p->name_en)));
        return;
    }
}

static void fill_lists(struct ctx *c, const struct item_doc *d, struct item_view *v)
{
    v->files.n = d->files.n;
    v->files.v = ARENA_ARRAY(c->arena, struct guide_file, d->files.n + 1);
    for (size_t i = 0; i < d->files.n; i++) {
        guide_file_fill(c, &d->files.v[i], v->base, &v->files.v[i]);
        name_by_paper(c, d, &v->files.v[i]);
    }
    v->situations.n = d->situations.n;
    v->situations.v = ARENA_ARRAY(c->arena, struct guide_situation, d->situations.n + 1);
    for (size_t i = 0; i < d->situations.n; i++)
        guide_situation_fill(c, &d->situations.v[i], &v->situations.v[i]);
    v->chosen_papers.n = d->papers.n;
    v->chosen_papers.v = ARENA_ARRAY(c->arena, struct guide_paper, d->papers.n + 1);
    for (size_t i = 0; i < d->papers.n; i++)
        guide_paper_fill(c, d, &d->papers.v[i], d->papers.v[i].necessity, v->base,
                         &v->chosen_papers.v[i]);
    if (d->situations.n > 0)
        v->next = &v->situations.v[0];
    v->steps_left = guide_steps_left(d, NULL, 0);
    v->query = STR("");
    v->qr = guide_qr_address(c, v);
}

static enum err fill_history(struct ctx *c, struct item_view *v)
{
    struct version_row_row *row;
    TRY(version_row(c, c->center_id, v->id, v->version, &row));
    if (row != NULL)
        v->effective_on = row->effective_on;
    return E_OK;
}

static struct str ready_piece(struct ctx *c, struct arena *keep, const struct item_view *v,
                              void (*part)(struct buf *, struct ctx *, const struct item_view *))
{
    struct buf b;
    buf_init(&b, c->arena, (size_t)2 << 20);
    part(&b, c, v);
    return buf_overflowed(&b) ? STR_NONE : str_copy(keep, buf_as_str(&b));
}

static enum err fill_from_doc(struct ctx *c, const struct item_doc *d, struct item_view *v)
{
    fill_terms(c, d, v);
    v->online_reach = online_sentence(c, d);
    fill_fees(c, d, v);
    fill_bases(c, d, v);
    fill_lists(c, d, v);
    TRY(guide_places_fill(c, v->id, v));
    return fill_history(c, v);
}

enum err item_guide_of_doc(struct ctx *c, int64_t item_id, int64_t version, struct str base,
                           const struct item_doc *d, struct item_view *ret)
{
    struct guide_hours hours;
    TRY(item_view_of_doc(c, item_id, version, d, ret));
    ret->base = base;
    ret->is_draft = true;
    TRY(fill_from_doc(c, d, ret));
    TRY(guide_hours_now(c, &hours));
    guide_hours_say(c, &hours, ret);
    return E_OK;
}

enum err item_kept_fill(struct ctx *c, struct arena *scratch, const struct item_row *row,
                        struct item_kept *ret)
{
    struct item_view *v = &ret->view;
    struct ctx visitor = *c;
    struct catalogue_entry *entry;
    TRY(item_view_fill(c, row, v));
    TRY(item_doc_of_tables(c, row->id, &ret->doc));
    TRY(catalogue_of(c, row->code, &entry));
    item_doc_inherit(c, &ret->doc, entry);
    TRY(fill_from_doc(c, &ret->doc, v));
    visitor.arena = scratch;
    visitor.actor.kind = ACTOR_VISITOR;
    v->before_hours = ready_piece(&visitor, c->arena, v, guide_before);
    v->after_hours = ready_piece(&visitor, c->arena, v, guide_after);
    return E_OK;
}

bool guide_put_ready(struct buf *b, struct str ready)
{
    if (ready.n == 0)
        return false;
    buf_str(b, ready);
    return true;
}
