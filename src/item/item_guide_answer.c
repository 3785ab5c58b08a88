/* Answers in the address of a guide page. They come from anybody: old links, edited ones, hundreds of them. */
#include "item_guide.h"

#define STEPS_MOST 8 /* a guide asks at most five questions */

struct str guide_text(const struct ctx *c, struct str zh, struct str en)
{
    return str_or_empty(c->lang == LANG_EN && en.n > 0 ? en : zh);
}

static const struct doc_option *option_of(const struct doc_situation *s, struct str code)
{
    for (size_t i = 0; i < s->options.n; i++)
        if (str_eq(s->options.v[i].code, code))
            return &s->options.v[i];
    return NULL;
}

static bool is_among(const struct str *codes, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(codes[i], code))
            return true;
    return false;
}

/* The answers in the order of their questions: a question counts when it is reached and exactly one of its options is
 * given. Every answer given must have been used, else they do not go together. */
static bool put_in_order(const struct item_doc *d, const struct texts *given, struct str *ret,
                         size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < d->situations.n; i++) {
        const struct doc_situation *s = &d->situations.v[i];
        const struct doc_option *answer = NULL;
        if (s->parent.n > 0 && !is_among(given->v, given->n, s->parent))
            continue;
        for (size_t k = 0; k < given->n; k++) {
            const struct doc_option *o = option_of(s, given->v[k]);
            if (o != NULL && answer != NULL)
                return false;
            answer = o != NULL ? o : answer;
        }
        if (answer != NULL)
            ret[n++] = answer->code;
    }
    *ret_n = n;
    return n == given->n;
}

/* Questions from this one down, on the longest way; room ends a cycle, which situations_check() tells. */
static int steps_from(const struct item_doc *d, const struct doc_situation *s, size_t room)
{
    int most = 0;
    for (size_t k = 0; k < s->options.n && room > 0; k++) {
        int below = 0;
        for (size_t i = 0; i < d->situations.n; i++)
            if (str_eq(d->situations.v[i].parent, s->options.v[k].code))
                below += steps_from(d, &d->situations.v[i], room - 1);
        most = below > most ? below : most;
    }
    return 1 + most;
}

int guide_steps_left(const struct item_doc *d, const struct str *chosen, size_t n)
{
    int left = 0;
    for (size_t i = 0; i < d->situations.n; i++) {
        const struct doc_situation *s = &d->situations.v[i];
        bool is_answered = false;
        for (size_t k = 0; k < n; k++)
            is_answered = is_answered || option_of(s, chosen[k]) != NULL;
        if (!is_answered && (s->parent.n == 0 || is_among(chosen, n, s->parent)))
            left += steps_from(d, s, STEPS_MOST);
    }
    return left;
}

/* Files have a Chinese name only: in English they are called by what they are. */
static struct str file_name(const struct ctx *c, const struct doc_file *f)
{
    if (c->lang != LANG_EN)
        return f->name;
    return str_is(f->kind, "blank")    ? tr(c, "空白表格")
           : str_is(f->kind, "filled") ? tr(c, "填写样本")
           : str_is(f->kind, "result") ? tr(c, "结果样本")
                                       : tr(c, "流程图");
}

void guide_file_fill(struct ctx *c, const struct doc_file *f, struct str base,
                     struct guide_file *ret)
{
    *ret = (struct guide_file){.code = f->code,
                               .kind = f->kind,
                               .name = file_name(c, f),
                               .content_type = f->content_type,
                               .size = f->size,
                               .href = str_fmt(c->arena, "%.*s/files/%.*s", STR_ARG(base),
                                               STR_ARG(f->code))};
}

static struct guide_file *file_of(struct ctx *c, const struct item_doc *d, struct str code,
                                  struct str base)
{
    const struct doc_file *f = code.n == 0 ? NULL : doc_file_of(d, code);
    if (f == NULL)
        return NULL;
    struct guide_file *file = ARENA_NEW(c->arena, struct guide_file);
    guide_file_fill(c, f, base, file);
    return file;
}

/* The answers that ask for a paper, as one text; empty when no answer does. */
static struct str only_for(struct ctx *c, const struct item_doc *d, int64_t paper)
{
    struct buf b;
    buf_init(&b, c->arena, 20000);
    for (size_t i = 0; i < d->situations.n; i++)
        for (size_t k = 0; k < d->situations.v[i].options.n; k++) {
            const struct doc_option *o = &d->situations.v[i].options.v[k];
            for (size_t m = 0; m < o->papers.n; m++)
                if (o->papers.v[m].paper == paper) {
                    if (b.n > 0)
                        buf_str(&b, c->lang == LANG_EN ? STR("; ") : STR("；"));
                    buf_str(&b, guide_text(c, o->name, o->name_en));
                }
        }
    return buf_as_str(&b);
}

void guide_paper_fill(struct ctx *c, const struct item_doc *d, const struct doc_paper *p,
                      struct str necessity, struct str base, struct guide_paper *ret)
{
    *ret = (struct guide_paper){.position = p->position,
                                .name = guide_text(c, p->name, p->name_en),
                                .kind = p->kind,
                                .medium = p->medium,
                                .copies = p->copies,
                                .necessity = necessity,
                                .provider = p->provider,
                                .source_note = p->source_note,
                                .page_format = p->page_format,
                                .fill_note = guide_text(c, p->fill_note, p->fill_note_en),
                                .standard = guide_text(c, p->standard, p->standard_en),
                                .basis = guide_text(c, p->basis, p->basis_en),
                                .on_site = p->on_site,
                                .issuer = guide_text(c, p->issuer, p->issuer_en),
                                .time_rule = p->time_rule,
                                .where_to_get = guide_text(c, p->where_to_get, p->where_to_get_en),
                                .licence_type = p->licence_type,
                                .only_for = only_for(c, d, p->position),
                                .blank = file_of(c, d, p->blank_file, base),
                                .sample = file_of(c, d, p->sample_file, base),
                                .state = p->state};
}

void guide_situation_fill(struct ctx *c, const struct doc_situation *s, struct guide_situation *ret)
{
    *ret = (struct guide_situation){.code = s->code,
                                    .parent = s->parent,
                                    .question = guide_text(c, s->question, s->question_en),
                                    .state = s->state};
    ret->options.n = s->options.n;
    ret->options.v = ARENA_ARRAY(c->arena, struct guide_option, s->options.n + 1);
    for (size_t i = 0; i < s->options.n; i++)
        ret->options.v[i] =
            (struct guide_option){s->options.v[i].code,
                                  guide_text(c, s->options.v[i].name, s->options.v[i].name_en)};
}

/* "?a=self&a=adult": the first n of them, "" for none. Codes are letters and digits, but an import may differ. */
static struct str query_of(struct ctx *c, const struct str *codes, size_t n)
{
    struct buf b;
    buf_init(&b, c->arena, 20000);
    for (size_t i = 0; i < n; i++) {
        buf_str(&b, i == 0 ? STR("?a=") : STR("&a="));
        for (size_t k = 0; k < codes[i].n; k++) {
            unsigned char ch = (unsigned char)codes[i].p[k];
            if ((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                ch == '-' || ch == '_')
                buf_char(&b, (char)ch);
            else
                buf_fmt(&b, "%%%02X", ch);
        }
    }
    return buf_as_str(&b);
}

struct str guide_qr_address(struct ctx *c, const struct item_view *v)
{
    return str_fmt(c->arena, "%.*s/qr.svg%.*s", STR_ARG(v->base), STR_ARG(v->query));
}

static void fill_answers(struct ctx *c, const struct item_doc *d, const struct str *chosen,
                         size_t n, struct item_view *v)
{
    v->answers.v = ARENA_ARRAY(c->arena, struct guide_answer, n + 1);
    for (size_t i = 0; i < d->situations.n && v->answers.n < n; i++) {
        const struct doc_situation *s = &d->situations.v[i];
        const struct doc_option *o = option_of(s, chosen[v->answers.n]);
        if (o == NULL)
            continue;
        struct str before = query_of(c, chosen, v->answers.n);
        v->answers.v[v->answers.n++] =
            (struct guide_answer){.question = guide_text(c, s->question, s->question_en),
                                  .code = o->code,
                                  .answer = guide_text(c, o->name, o->name_en),
                                  .change = str_fmt(c->arena, "%.*s%.*s#bring", STR_ARG(v->base),
                                                    STR_ARG(before))};
    }
}

void guide_answer_fill(struct ctx *c, const struct item_doc *d, const struct texts *answers,
                       struct item_view *v)
{
    struct str *chosen = ARENA_ARRAY(c->arena, struct str, d->situations.n + 1);
    size_t n = 0;
    if (answers->n > d->situations.n || !put_in_order(d, answers, chosen, &n)) {
        v->answers_unclear = true;
        return;
    }
    const struct doc_situation *next = item_doc_next_question(d, chosen, n);
    struct doc_needs needs = item_doc_needs(c, d, chosen, n);
    v->chosen_papers.v = ARENA_ARRAY(c->arena, struct guide_paper, needs.n + 1);
    v->chosen_papers.n = needs.n;
    for (size_t i = 0; i < needs.n; i++)
        guide_paper_fill(c, d, needs.v[i].paper, needs.v[i].necessity, v->base,
                         &v->chosen_papers.v[i]);
    v->next = NULL;
    if (next != NULL) {
        struct guide_situation *ask = ARENA_NEW(c->arena, struct guide_situation);
        guide_situation_fill(c, next, ask);
        v->next = ask;
    }
    v->is_chosen = next == NULL;
    v->steps_left = guide_steps_left(d, chosen, n);
    v->query = query_of(c, chosen, n);
    v->qr = guide_qr_address(c, v);
    fill_answers(c, d, chosen, n, v);
}
