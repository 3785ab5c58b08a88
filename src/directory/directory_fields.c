/* The fields of one form of the editor: each element or member with its label, its kind, what may be chosen, what is
 * wrong with it, and what another wrote meanwhile. */
#include "clock.h"
#include "directory.h"
#include <inttypes.h>
#include <string.h>

#define LONG_FROM 400 /* characters: from here a field of several lines */

/* --- the value of a key in a document --- */

static const void *row_at(const struct item_doc *d, const struct spot *s,
                          const struct shape **ret_shape)
{
    const struct shape_member *m = part_member(s->part);
    struct any_list l = shape_list(d, m);
    if (s->at >= l.n)
        return NULL;
    const void *row = list_row(l, m->rows, s->at);
    *ret_shape = m->rows;
    if (s->option == NO_ROW)
        return row;
    m = shape_member_of(m->rows, "options");
    l = shape_list(row, m);
    *ret_shape = m->rows;
    return s->option < l.n ? list_row(l, m->rows, s->option) : NULL;
}

static struct str option_paper_word(const struct doc_option *o, int64_t paper)
{
    for (size_t i = 0; i < o->papers.n; i++)
        if (o->papers.v[i].paper == paper)
            return o->papers.v[i].necessity;
    return STR("");
}

static struct str member_text(struct ctx *c, const void *row, const struct shape_member *m)
{
    if (m->kind == MEMBER_INT)
        return str_fmt(c->arena, "%" PRId64, shape_int(row, m));
    if (m->kind == MEMBER_FLAG)
        return shape_flag(row, m) ? STR("1") : STR("0");
    return shape_text(row, m);
}

static struct str element_text(const struct doc_element *e, struct str member)
{
    if (e == NULL)
        return str_is(member, "state") ? STR("missing") : STR("");
    return str_is(member, "zh")      ? e->zh
           : str_is(member, "en")    ? e->en
           : str_is(member, "state") ? e->state
                                     : e->source;
}

static struct str value_in(struct ctx *c, const struct item_doc *d, const struct spot *s,
                           struct str key)
{
    struct str rest = key, first = str_cut(&rest, '.');
    const struct shape *shape = NULL;
    int64_t paper;
    if (str_is(s->part, "elements"))
        return element_text(doc_element_of(d, str_z(c->arena, first)), rest);
    const void *row = row_at(d, s, &shape);
    if (row == NULL)
        return STR("");
    if (s->option != NO_ROW && str_is(first, "paper") && str_to_int(rest, &paper))
        return option_paper_word(row, paper);
    const struct shape_member *m = shape_member_of(shape, str_z(c->arena, key));
    return m == NULL ? STR("") : member_text(c, row, m);
}

/* --- what may be chosen --- */

static void add_option(struct dir_option_list *l, struct str code, struct str name,
                       struct str value)
{
    l->v[l->n++] = (struct dir_option){code, name, str_eq(code, value)};
}

static bool has_code(struct str codes, struct str code)
{
    for (struct str rest = codes; rest.p != NULL;)
        if (str_eq(str_cut(&rest, ','), code))
            return true;
    return false;
}

static void offer_codes(struct ctx *c, const struct editing *e, struct str scheme, bool several,
                        struct dir_field *f)
{
    int32_t on = today(c);
    f->options.v = ARENA_ARRAY(c->arena, struct dir_option, e->terms.code_count + 2);
    if (!several)
        add_option(&f->options, STR(""), tr(c, "未填"), f->value);
    bool is_known = f->value.n == 0 || several;
    for (size_t i = 0; i < e->terms.code_count; i++) {
        const struct code_term *t = &e->terms.codes[i];
        if (!str_eq(t->scheme, scheme) || code_term_of(&e->terms, scheme, t->code, on) != t)
            continue;
        struct str name = c->lang == LANG_EN && t->name_en.n > 0 ? t->name_en : t->name;
        is_known = is_known || str_eq(t->code, f->value);
        f->options.v[f->options.n++] =
            (struct dir_option){t->code,
                                str_fmt(c->arena, "%.*s %.*s", STR_ARG(t->code), STR_ARG(name)),
                                several ? has_code(f->value, t->code) : str_eq(t->code, f->value)};
    }
    if (!is_known) /* an old code is shown, so that nothing changes unseen */
        add_option(&f->options, f->value, f->value, f->value);
}

static void offer_words(struct ctx *c, const struct shape_member *m, struct dir_field *f)
{
    size_t n = 0;
    while (m->words[n] != NULL)
        n++;
    f->options.v = ARENA_ARRAY(c->arena, struct dir_option, n + 1);
    if (!m->is_needed)
        add_option(&f->options, STR(""), tr(c, "未填"), f->value);
    for (size_t i = 0; i < n; i++)
        add_option(&f->options, str_of(m->words[i]), word_label(c, str_of(m->words[i])), f->value);
}

static void offer_flag(struct ctx *c, bool may_be_empty, struct dir_field *f)
{
    f->options.v = ARENA_ARRAY(c->arena, struct dir_option, 3);
    if (may_be_empty)
        add_option(&f->options, STR(""), tr(c, "未填"), f->value);
    add_option(&f->options, STR("1"), tr(c, "是"), f->value);
    add_option(&f->options, STR("0"), tr(c, "否"), f->value);
}

static void offer_files(struct ctx *c, const struct item_doc *d, struct dir_field *f)
{
    f->options.v = ARENA_ARRAY(c->arena, struct dir_option, d->files.n + 2);
    add_option(&f->options, STR(""), tr(c, "未填"), f->value);
    bool is_known = f->value.n == 0;
    for (size_t i = 0; i < d->files.n; i++) {
        is_known = is_known || str_eq(d->files.v[i].code, f->value);
        add_option(&f->options, d->files.v[i].code, d->files.v[i].name, f->value);
    }
    if (!is_known)
        add_option(&f->options, f->value, f->value, f->value);
}

/* Options of other questions, one of which leads to this one. */
static void offer_parents(struct ctx *c, const struct editing *e, struct dir_field *f)
{
    size_t n = 2;
    for (size_t i = 0; i < e->doc.situations.n; i++)
        n += e->doc.situations.v[i].options.n;
    f->options.v = ARENA_ARRAY(c->arena, struct dir_option, n);
    add_option(&f->options, STR(""), tr(c, "都要问"), f->value);
    bool is_known = f->value.n == 0;
    for (size_t i = 0; i < e->doc.situations.n; i++)
        for (size_t k = 0; i != e->spot.at && k < e->doc.situations.v[i].options.n; k++) {
            const struct doc_option *o = &e->doc.situations.v[i].options.v[k];
            is_known = is_known || str_eq(o->code, f->value);
            add_option(&f->options, o->code,
                       str_fmt(c->arena, "%.*s → %.*s", STR_ARG(e->doc.situations.v[i].question),
                               STR_ARG(o->name)),
                       f->value);
        }
    if (!is_known)
        add_option(&f->options, f->value, f->value, f->value);
}

/* --- a field --- */

static struct str id_of(struct ctx *c, struct str key)
{
    char *p = arena_alloc(c->arena, key.n + 3);
    memcpy(p, "f-", 2);
    for (size_t i = 0; i < key.n; i++)
        p[i + 2] = (key.p[i] >= 'a' && key.p[i] <= 'z') || (key.p[i] >= '0' && key.p[i] <= '9') ||
                           key.p[i] == '_'
                       ? key.p[i]
                       : '-';
    return (struct str){p, key.n + 2};
}

static struct str fault_at(const struct editing *e, struct str place)
{
    for (size_t i = 0; i < e->faults.n; i++)
        if (str_eq(e->faults.v[i].place, place))
            return e->faults.v[i].reason;
    return STR("");
}

static struct dir_field field_of(struct ctx *c, const struct editing *e, struct str key,
                                 struct str label)
{
    struct dir_field f = {.key = key, .id = id_of(c, key), .label = label, .kind = STR("text")};
    struct str sent = pairs_value(c, &e->sent, key);
    f.value = sent.p != NULL ? sent : value_in(c, &e->doc, &e->spot, key);
    f.fault = f.theirs = STR("");
    if (e->is_conflict) {
        f.theirs = value_in(c, &e->theirs, &e->spot, key);
        f.has_theirs = !str_eq(f.theirs, f.value);
        f.takes_theirs = f.has_theirs && str_eq(f.value, value_in(c, &e->seen, &e->spot, key));
    }
    return f;
}

/* --- elements --- */

static void kind_of_element(struct ctx *c, const struct editing *e, const struct element_term *t,
                            struct dir_field *f)
{
    f->max = t->max_chars;
    switch (t->type) {
    case VALUE_INT:
        f->kind = STR("int");
        break;
    case VALUE_DATE:
        f->kind = STR("date");
        break;
    case VALUE_FLAG:
        f->kind = STR("code");
        offer_flag(c, true, f);
        break;
    case VALUE_CODE:
        f->kind = STR("code");
        offer_codes(c, e, t->scheme, false, f);
        break;
    case VALUE_CODES:
        f->kind = STR("codes");
        offer_codes(c, e, t->scheme, true, f);
        break;
    case VALUE_FILE:
        f->kind = STR("code");
        offer_files(c, &e->doc, f);
        break;
    case VALUE_TEXT:
    case VALUE_LIST:
        f->kind = t->max_chars > LONG_FROM ? STR("long") : STR("text");
        break;
    case VALUE_URL:
    case VALUE_TYPE_COUNT:
        break;
    }
}

static struct dir_field element_field(struct ctx *c, const struct editing *e,
                                      const struct element_term *t, const char *member)
{
    struct str key = str_fmt(c->arena, "%.*s.%s", STR_ARG(t->field), member);
    struct dir_field f = field_of(c, e, key, member_label(c, str_of(member)));
    f.max = str_is(str_of(member), "source") ? 400 : t->max_chars;
    if (str_is(str_of(member), "zh"))
        kind_of_element(c, e, t, &f);
    else if (str_is(str_of(member), "en") && t->max_chars > LONG_FROM)
        f.kind = STR("long");
    else if (str_is(str_of(member), "state")) {
        f.kind = STR("code");
        offer_words(c, shape_member_of(part_member(STR("elements"))->rows, "state"), &f);
    }
    return f;
}

/* Faults of an element, told of the whole or of a member: "elements.F" or "elements[5].zh". */
static struct str element_fault(struct ctx *c, const struct editing *e, struct str field)
{
    struct str said = fault_at(e, str_fmt(c->arena, "elements.%.*s", STR_ARG(field)));
    for (size_t i = 0; said.n == 0 && i < e->doc.elements.n; i++)
        if (str_eq(e->doc.elements.v[i].field, field)) {
            struct str head = str_fmt(c->arena, "elements[%zu].", i + 1);
            for (size_t k = 0; k < e->faults.n; k++)
                if (str_starts(e->faults.v[k].place, head))
                    said = e->faults.v[k].reason;
        }
    return said;
}

struct dir_group element_group(struct ctx *c, const struct editing *e, const struct element_term *t)
{
    bool in_words = t->type == VALUE_TEXT || t->type == VALUE_LIST;
    struct dir_group g = {.id = id_of(c, t->field),
                          .title = c->lang == LANG_EN && t->title_en.n > 0 ? t->title_en : t->title,
                          .is_needed = element_is_needed(t, &e->doc),
                          .fault = element_fault(c, e, t->field)};
    g.fields.v = ARENA_ARRAY(c->arena, struct dir_field, 4);
    g.fields.v[g.fields.n++] = element_field(c, e, t, "zh");
    if (in_words)
        g.fields.v[g.fields.n++] = element_field(c, e, t, "en");
    else
        g.fields.v[0].label = tr(c, "内容");
    g.fields.v[g.fields.n++] = element_field(c, e, t, "state");
    g.fields.v[g.fields.n++] = element_field(c, e, t, "source");
    g.is_missing = g.is_needed && g.fields.v[0].value.n == 0;
    g.fields.v[0].is_needed = g.is_needed;
    return g;
}

/* --- rows --- */

static bool is_by_hand(struct str part, const struct shape_member *m)
{
    static const char *const by_machine[] = {"content_type", "size", "digest"};
    for (size_t i = 0; str_is(part, "files") && i < 3; i++)
        if (str_is(str_of(m->name), by_machine[i]))
            return false;
    return m->kind != MEMBER_LIST && !str_is(str_of(m->name), "position");
}

static void kind_of_member(struct ctx *c, const struct editing *e, const struct shape_member *m,
                           struct dir_field *f)
{
    bool is_file = strcmp(m->name, "blank_file") == 0 || strcmp(m->name, "sample_file") == 0;
    f->max = m->max;
    f->is_needed = m->is_needed;
    f->kind = STR("code");
    if (m->kind == MEMBER_WORD)
        offer_words(c, m, f);
    else if (m->kind == MEMBER_FLAG)
        offer_flag(c, false, f);
    else if (is_file)
        offer_files(c, &e->doc, f);
    else if (strcmp(m->name, "parent") == 0)
        offer_parents(c, e, f);
    else if (m->kind == MEMBER_INT)
        f->kind = STR("int");
    else
        f->kind = m->max > LONG_FROM ? STR("long") : STR("text");
}

static struct str row_place(struct ctx *c, const struct spot *s, const char *member)
{
    if (s->option != NO_ROW)
        return str_fmt(c->arena, "%.*s[%zu].options[%zu].%s", STR_ARG(s->part), s->at + 1,
                       s->option + 1, member);
    return str_fmt(c->arena, "%.*s[%zu].%s", STR_ARG(s->part), s->at + 1, member);
}

/* A new question or option gets a code to begin with. */
static struct str code_to_begin(struct ctx *c, const struct editing *e)
{
    if (e->spot.option == NO_ROW)
        return str_fmt(c->arena, "q%zu", e->spot.at + 1);
    return str_fmt(c->arena, "%.*s.%zu", STR_ARG(e->doc.situations.v[e->spot.at].code),
                   e->spot.option + 1);
}

static void option_papers(struct ctx *c, const struct editing *e, struct dir_draft *v)
{
    const struct shape_member *m = shape_member_of(part_member(STR("papers"))->rows, "necessity");
    struct dir_group g = {.id = STR("g-papers"),
                          .title = tr(c, "选了它要带的材料"),
                          .fault = fault_at(e, row_place(c, &e->spot, "papers"))};
    g.fields.v = ARENA_ARRAY(c->arena, struct dir_field, e->doc.papers.n + 1);
    for (size_t i = 0; i < e->doc.papers.n; i++) {
        const struct doc_paper *p = &e->doc.papers.v[i];
        struct dir_field f =
            field_of(c, e, str_fmt(c->arena, "paper.%" PRId64, p->position), p->name);
        struct shape_member words = *m;
        words.is_needed = false;
        f.kind = STR("code");
        offer_words(c, &words, &f);
        f.options.v[0].name = tr(c, "不因此要带");
        g.fields.v[g.fields.n++] = f;
    }
    if (g.fields.n > 0)
        v->groups.v[v->groups.n++] = g;
}

static void row_group(struct ctx *c, const struct editing *e, struct dir_draft *v)
{
    const struct shape_member *m = part_member(e->spot.part);
    const struct shape *s =
        e->spot.option == NO_ROW ? m->rows : shape_member_of(m->rows, "options")->rows;
    struct dir_group g = {.id = STR("g-row"),
                          .title = tr(c, part_title(e->spot.part)),
                          .fault = STR("")};
    if (e->spot.option != NO_ROW)
        g.title = tr(c, "选项");
    g.fields.v = ARENA_ARRAY(c->arena, struct dir_field, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        const struct shape_member *k = &s->members[i];
        if (!is_by_hand(e->spot.part, k))
            continue;
        struct dir_field f = field_of(c, e, str_of(k->name), member_label(c, str_of(k->name)));
        bool begins =
            strcmp(k->name, "code") == 0 && f.value.n == 0 && str_is(e->spot.part, "situations");
        if (begins)
            f.value = code_to_begin(c, e);
        kind_of_member(c, e, k, &f);
        f.fault = fault_at(e, row_place(c, &e->spot, k->name));
        g.fields.v[g.fields.n++] = f;
    }
    v->groups.v[v->groups.n++] = g;
    if (e->spot.option != NO_ROW)
        option_papers(c, e, v);
}

void fields_fill(struct ctx *c, struct editing *e, struct dir_draft *v)
{
    v->groups.v = ARENA_ARRAY(c->arena, struct dir_group, e->terms.element_count + 3);
    if (!str_is(e->spot.part, "elements")) {
        if (e->spot.is_row)
            row_group(c, e, v);
        return;
    }
    for (size_t i = 0; i < e->terms.element_count; i++)
        if (element_group_of(&e->terms.elements[i]) == e->spot.group)
            v->groups.v[v->groups.n++] = element_group(c, e, &e->terms.elements[i]);
}

/* --- the rows of a part --- */

static int64_t faults_in(struct ctx *c, const struct editing *e, struct str part, size_t at)
{
    struct str head = str_fmt(c->arena, "%.*s[%zu]", STR_ARG(part), at + 1);
    int64_t n = 0;
    for (size_t i = 0; i < e->faults.n; i++)
        n += str_starts(e->faults.v[i].place, head);
    return n;
}

static struct str row_words(struct ctx *c, const struct item_doc *d, struct str part, size_t i)
{
    if (str_is(part, "papers")) {
        const struct doc_paper *p = &d->papers.v[i];
        return str_fmt(c->arena, "%.*s · %.*s · %.*s", STR_ARG(word_label(c, p->kind)),
                       STR_ARG(word_label(c, p->necessity)), STR_ARG(word_label(c, p->provider)));
    }
    if (str_is(part, "fees"))
        return str_head(d->fees.v[i].standard, 60);
    if (str_is(part, "questions"))
        return str_head(d->questions.v[i].answer, 60);
    if (str_is(part, "bases"))
        return d->bases.v[i].article;
    if (str_is(part, "files"))
        return file_words(c, &d->files.v[i]);
    if (str_is(part, "handlings"))
        return d->handlings.v[i].code;
    return tr_fill(c, "{n} 个选项", "n", str_fmt(c->arena, "%zu", d->situations.v[i].options.n),
                   NULL);
}

static void option_rows(struct ctx *c, const struct editing *e, struct dir_draft *v)
{
    const struct doc_situation *s = &e->doc.situations.v[e->spot.at];
    v->options.v = ARENA_ARRAY(c->arena, struct dir_row, s->options.n + 1);
    for (size_t i = 0; i < s->options.n; i++)
        v->options.v[v->options.n++] =
            (struct dir_row){(int64_t)i, s->options.v[i].name,
                             tr_fill(c, "{n} 样材料", "n",
                                     str_fmt(c->arena, "%zu", s->options.v[i].papers.n), NULL),
                             0, STR("")};
}

static struct str row_link(struct ctx *c, const struct editing *e, const struct dir_draft *v,
                           size_t i)
{
    if (!str_is(e->spot.part, "files"))
        return STR("");
    return str_fmt(c->arena, "/admin/items/%" PRId64 "/versions/%" PRId64 "/preview/files/%.*s",
                   v->id, v->version, STR_ARG(e->doc.files.v[i].code));
}

void rows_fill(struct ctx *c, const struct editing *e, struct dir_draft *v)
{
    const struct shape_member *m = part_member(e->spot.part);
    struct any_list l = shape_list(&e->doc, m);
    if (str_is(e->spot.part, "elements"))
        return;
    v->rows.v = ARENA_ARRAY(c->arena, struct dir_row, l.n + 1);
    for (size_t i = 0; i < l.n; i++)
        v->rows.v[v->rows.n++] =
            (struct dir_row){(int64_t)i,
                             shape_text(list_row(l, m->rows, i),
                                        shape_member_of(m->rows, m->rows->label)),
                             row_words(c, &e->doc, e->spot.part, i),
                             faults_in(c, e, e->spot.part, i), row_link(c, e, v, i)};
    if (str_is(e->spot.part, "files"))
        file_papers_fill(c, &e->doc, &v->papers);
    if (str_is(e->spot.part, "situations") && e->spot.is_row && e->spot.option == NO_ROW &&
        e->spot.at < e->doc.situations.n)
        option_rows(c, e, v);
}
