/* Situations: a tree of questions that selects the papers of one's own case (DOMAIN.md 1.1, 1.8 F). Pure functions over
 * a document. An option's code is unique in the item, so a chosen way is just a set of option codes. */
#include "item_doc.h"
#include <inttypes.h>

static struct str row_place(struct ctx *c, size_t situation, const char *member)
{
    return str_fmt(c->arena, "situations[%zu].%s", situation + 1, member);
}

/* The question an option belongs to; SIZE_MAX when no question has it. */
static size_t situation_of_option(const struct item_doc *d, struct str option)
{
    for (size_t i = 0; i < d->situations.n; i++)
        for (size_t k = 0; k < d->situations.v[i].options.n; k++)
            if (str_eq(d->situations.v[i].options.v[k].code, option))
                return i;
    return SIZE_MAX;
}

/* --- checking --- */

static void check_papers(struct ctx *c, const struct item_doc *d, size_t i, size_t k,
                         struct doc_faults *faults)
{
    const struct doc_option *o = &d->situations.v[i].options.v[k];
    for (size_t m = 0; m < o->papers.n; m++) {
        struct str place =
            str_fmt(c->arena, "situations[%zu].options[%zu].papers[%zu]", i + 1, k + 1, m + 1);
        struct str at = str_fmt(c->arena, "%" PRId64, o->papers.v[m].paper);
        if (doc_paper_at(d, o->papers.v[m].paper) == NULL)
            doc_fault_add(c, faults, place, tr_fill(c, "材料表里没有第 {n} 份材料", "n", at, NULL));
        for (size_t before = 0; before < m; before++)
            if (o->papers.v[before].paper == o->papers.v[m].paper)
                doc_fault_add(c, faults, place, tr_fill(c, "第 {n} 份材料选了两次", "n", at, NULL));
    }
}

static void check_options(struct ctx *c, const struct item_doc *d, size_t i,
                          struct doc_faults *faults)
{
    const struct doc_situation *s = &d->situations.v[i];
    if (s->options.n < 2)
        doc_fault_add(c, faults, row_place(c, i, "options"), tr(c, "一个问题至少要有两个选项"));
    for (size_t k = 0; k < s->options.n; k++) {
        struct str code = s->options.v[k].code;
        bool is_twice = situation_of_option(d, code) < i;
        for (size_t before = 0; before < k; before++)
            is_twice = is_twice || str_eq(s->options.v[before].code, code);
        if (is_twice)
            doc_fault_add(c, faults,
                          str_fmt(c->arena, "situations[%zu].options[%zu].code", i + 1, k + 1),
                          tr_fill(c, "选项编号 {code} 已经有了", "code", code, NULL));
        check_papers(c, d, i, k, faults);
    }
}

/* Up from question to question; a way longer than there are questions goes round. */
static void check_parent(struct ctx *c, const struct item_doc *d, size_t i,
                         struct doc_faults *faults)
{
    size_t at = i;
    for (size_t steps = 0; d->situations.v[at].parent.n > 0; steps++) {
        size_t up = situation_of_option(d, d->situations.v[at].parent);
        if (up == SIZE_MAX && at == i)
            doc_fault_add(c, faults, row_place(c, i, "parent"),
                          tr_fill(c, "没有选项 {code}，这个问题永远问不到", "code",
                                  d->situations.v[i].parent, NULL));
        if (up == i || steps > d->situations.n)
            doc_fault_add(c, faults, row_place(c, i, "parent"),
                          tr_fill(c, "问题 {code} 绕成了一圈，从开头问不到它", "code",
                                  d->situations.v[i].code, NULL));
        if (up == SIZE_MAX || up == i || steps > d->situations.n)
            return;
        at = up;
    }
}

void situations_check(struct ctx *c, const struct item_doc *d, struct doc_faults *faults)
{
    for (size_t i = 0; i < d->situations.n; i++) {
        for (size_t before = 0; before < i; before++)
            if (str_eq(d->situations.v[before].code, d->situations.v[i].code)) {
                doc_fault_add(c, faults, row_place(c, i, "code"),
                              tr_fill(c, "问题编号 {code} 已经有了", "code",
                                      d->situations.v[i].code, NULL));
                break;
            }
        check_options(c, d, i, faults);
        check_parent(c, d, i, faults);
    }
}

/* --- the longest way --- */

static int depth_below(const struct item_doc *d, struct str option, size_t room);

static int depth_of(const struct item_doc *d, size_t i, size_t room)
{
    int most = 0;
    if (room == 0) /* a cycle: situations_check() tells it */
        return 0;
    for (size_t k = 0; k < d->situations.v[i].options.n; k++) {
        int below = depth_below(d, d->situations.v[i].options.v[k].code, room - 1);
        most = below > most ? below : most;
    }
    return 1 + most;
}

static int depth_below(const struct item_doc *d, struct str option, size_t room)
{
    int all = 0;
    for (size_t i = 0; i < d->situations.n; i++)
        if (str_eq(d->situations.v[i].parent, option))
            all += depth_of(d, i, room);
    return all;
}

int situations_depth(const struct item_doc *d)
{
    return depth_below(d, STR(""), d->situations.n);
}

/* --- somebody's own case --- */

static bool is_chosen(struct str option, const struct str *chosen, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(chosen[i], option))
            return true;
    return false;
}

/* Is the question asked after these options? All options on the way up to it are chosen. */
static bool is_reached(const struct item_doc *d, size_t i, const struct str *chosen, size_t n)
{
    for (size_t steps = 0; d->situations.v[i].parent.n > 0; steps++) {
        struct str parent = d->situations.v[i].parent;
        i = situation_of_option(d, parent);
        if (i == SIZE_MAX || steps > d->situations.n || !is_chosen(parent, chosen, n))
            return false;
    }
    return true;
}

const struct doc_situation *item_doc_next_question(const struct item_doc *d,
                                                   const struct str *chosen, size_t n)
{
    for (size_t i = 0; i < d->situations.n; i++) {
        const struct doc_situation *s = &d->situations.v[i];
        bool is_answered = false;
        for (size_t k = 0; k < s->options.n; k++)
            is_answered = is_answered || is_chosen(s->options.v[k].code, chosen, n);
        if (!is_answered && is_reached(d, i, chosen, n))
            return s;
    }
    return NULL;
}

static int strictness(struct str necessity)
{
    return str_is(necessity, "required") ? 3 : str_is(necessity, "later") ? 2 : 1;
}

/* What the options say of one paper: *ret_named when any does, STR_NONE when no chosen one does. */
static struct str necessity_by_options(const struct item_doc *d, int64_t paper,
                                       const struct str *chosen, size_t n, bool *ret_named)
{
    struct str found = STR_NONE;
    *ret_named = false;
    for (size_t i = 0; i < d->situations.n; i++) {
        const struct doc_situation *s = &d->situations.v[i];
        for (size_t k = 0; k < s->options.n; k++)
            for (size_t m = 0; m < s->options.v[k].papers.n; m++) {
                const struct doc_option_paper *p = &s->options.v[k].papers.v[m];
                if (p->paper != paper)
                    continue;
                *ret_named = true;
                bool counts =
                    is_chosen(s->options.v[k].code, chosen, n) && is_reached(d, i, chosen, n);
                if (counts && (found.p == NULL || strictness(p->necessity) > strictness(found)))
                    found = p->necessity;
            }
    }
    return found;
}

struct doc_needs item_doc_needs(struct ctx *c, const struct item_doc *d, const struct str *chosen,
                                size_t n)
{
    struct doc_needs needs = {ARENA_ARRAY(c->arena, struct doc_need, d->papers.n + 1), 0};
    for (size_t i = 0; i < d->papers.n; i++) {
        const struct doc_paper *p = &d->papers.v[i];
        bool is_named;
        struct str necessity = necessity_by_options(d, p->position, chosen, n, &is_named);
        if (!is_named)
            necessity = p->necessity;
        if (necessity.p != NULL)
            needs.v[needs.n++] = (struct doc_need){p, necessity};
    }
    return needs;
}
