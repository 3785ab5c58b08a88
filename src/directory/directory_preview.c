/* A version as visitors would read it: what is for them, in the order of the element table, codes by their names. */
#include "clock.h"
#include "directory.h"
#include <inttypes.h>

struct previewing {
    struct ctx *c;
    struct item_terms terms;
    struct item_doc doc;
    struct dir_preview *v;
};

static struct dir_block *add_block(struct previewing *k, struct str title, struct str state,
                                   size_t lines)
{
    struct dir_block *b = &k->v->blocks.v[k->v->blocks.n++];
    *b = (struct dir_block){.title = title, .state = state, .is_list = lines > 1};
    b->lines.v = ARENA_ARRAY(k->c->arena, struct str, lines + 1);
    return b;
}

static struct str in_words(const struct previewing *k, const struct element_term *t,
                           struct str value)
{
    struct ctx *c = k->c;
    struct buf b;
    if (t->type == VALUE_FLAG)
        return str_is(value, "1") ? tr(c, "是") : tr(c, "否");
    if (t->type != VALUE_CODE && t->type != VALUE_CODES)
        return value;
    buf_init(&b, c->arena, 100000);
    for (struct str rest = value; rest.p != NULL;) {
        struct str code = str_cut(&rest, ',');
        const struct code_term *term = code_term_of(&k->terms, t->scheme, code, today(c));
        if (b.n > 0)
            buf_lit(&b, "、");
        buf_str(&b, term == NULL                                ? code
                    : c->lang == LANG_EN && term->name_en.n > 0 ? term->name_en
                                                                : term->name);
    }
    return buf_as_str(&b);
}

static struct str spoken(const struct ctx *c, struct str zh, struct str en)
{
    return c->lang == LANG_EN && en.n > 0 ? en : zh;
}

static void add_elements(struct previewing *k)
{
    for (size_t i = 0; i < k->terms.element_count; i++) {
        const struct element_term *t = &k->terms.elements[i];
        const struct doc_element *e = doc_element_of(&k->doc, str_z(k->c->arena, t->field));
        if (!t->for_visitors || e == NULL || e->zh.n == 0 || str_is(t->field, "task_name"))
            continue;
        struct dir_block *b = add_block(k, spoken(k->c, t->title, t->title_en), e->state, 1);
        b->lines.v[b->lines.n++] = spoken(k->c, in_words(k, t, e->zh), e->en);
    }
}

static void add_papers(struct previewing *k)
{
    struct ctx *c = k->c;
    struct dir_block *b = add_block(k, tr(c, "材料"), STR(""), k->doc.papers.n + 1);
    for (size_t i = 0; i < k->doc.papers.n; i++) {
        const struct doc_paper *p = &k->doc.papers.v[i];
        b->lines.v[b->lines.n++] =
            str_fmt(c->arena, "%.*s（%.*s %" PRId64 "，%.*s）",
                    STR_ARG(spoken(c, p->name, p->name_en)), STR_ARG(word_label(c, p->kind)),
                    p->copies, STR_ARG(word_label(c, p->necessity)));
    }
    if (k->doc.papers.n == 0)
        b->lines.v[b->lines.n++] = tr(c, "还没有。");
}

static void add_situations(struct previewing *k)
{
    struct ctx *c = k->c;
    for (size_t i = 0; i < k->doc.situations.n; i++) {
        const struct doc_situation *s = &k->doc.situations.v[i];
        struct dir_block *b =
            add_block(k, spoken(c, s->question, s->question_en), s->state, s->options.n + 1);
        for (size_t o = 0; o < s->options.n; o++) {
            const struct doc_option *choice = &s->options.v[o];
            struct buf line;
            buf_init(&line, c->arena, 100000);
            buf_str(&line, spoken(c, choice->name, choice->name_en));
            for (size_t p = 0; p < choice->papers.n; p++) {
                const struct doc_paper *paper = doc_paper_at(&k->doc, choice->papers.v[p].paper);
                buf_lit(&line, "\n＋ ");
                buf_str(&line, paper == NULL ? STR("?") : spoken(c, paper->name, paper->name_en));
            }
            b->lines.v[b->lines.n++] = buf_as_str(&line);
        }
    }
}

static void add_rest(struct previewing *k)
{
    struct ctx *c = k->c;
    for (size_t i = 0; i < k->doc.fees.n; i++) {
        const struct doc_fee *f = &k->doc.fees.v[i];
        struct dir_block *b = add_block(k, spoken(c, f->name, f->name_en), f->state, 1);
        b->lines.v[b->lines.n++] = spoken(c, f->standard, f->standard_en);
    }
    for (size_t i = 0; i < k->doc.questions.n; i++) {
        const struct doc_question *q = &k->doc.questions.v[i];
        struct dir_block *b = add_block(k, spoken(c, q->question, q->question_en), q->state, 1);
        b->lines.v[b->lines.n++] = spoken(c, q->answer, q->answer_en);
    }
    if (k->doc.bases.n == 0)
        return;
    struct dir_block *b = add_block(k, tr(c, "设定依据"), STR(""), k->doc.bases.n);
    for (size_t i = 0; i < k->doc.bases.n; i++) {
        const struct doc_basis *basis = &k->doc.bases.v[i];
        b->lines.v[b->lines.n++] =
            str_fmt(c->arena, "%.*s %.*s", STR_ARG(spoken(c, basis->law, basis->law_en)),
                    STR_ARG(basis->article));
    }
}

enum err dir_preview_show(struct ctx *c, const struct dir_version_form *f, struct reply *r,
                          struct dir_preview *v)
{
    struct previewing k = {.c = c, .v = v};
    struct item_version_info is;
    struct catalogue_entry *entry;
    (void)r;
    TRY(item_version_of(c, f->id, f->version, &is));
    TRY(item_version_doc(c, f->id, f->version, &k.doc));
    TRY(catalogue_of(c, str_or_empty(doc_value(&k.doc, "catalog_code")), &entry));
    item_doc_inherit(c, &k.doc, entry);
    TRY(item_terms_read(c, &k.terms));
    *v = (struct dir_preview){.id = f->id,
                              .version = f->version,
                              .state = str_of(item_state_word(is.state)),
                              .name = str_or_empty(doc_value(&k.doc, "task_name"))};
    v->blocks.v = ARENA_ARRAY(c->arena, struct dir_block,
                              k.terms.element_count + k.doc.situations.n + k.doc.fees.n +
                                  k.doc.questions.n + 3);
    add_papers(&k);
    add_situations(&k);
    add_elements(&k);
    add_rest(&k);
    return E_OK;
}
