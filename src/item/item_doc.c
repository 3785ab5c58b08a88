/* Looking into a document, and the faults found in one. */
#include "item_doc.h"
#include <string.h>

#define FAULTS_KEPT 200

void doc_fault_add(struct ctx *c, struct doc_faults *f, struct str place, struct str reason)
{
    if (f->v == NULL)
        f->v = ARENA_ARRAY(c->arena, struct doc_fault, FAULTS_KEPT);
    f->all++;
    if (f->n < FAULTS_KEPT)
        f->v[f->n++] = (struct doc_fault){str_copy(c->arena, place), str_copy(c->arena, reason)};
}

enum err doc_faults_end(struct ctx *c, const struct doc_faults *f)
{
    if (f->all == 0)
        return E_OK;
    enum err e =
        fail(c, E_ITEM_FAULTS, "%zu faults, the first at %.*s", f->all, STR_ARG(f->v[0].place));
    c->refusal.text =
        tr_fill(c, "{place}：{reason}", "place", f->v[0].place, "reason", f->v[0].reason, NULL);
    return e;
}

/* Where the field is, or where it would stand. */
static size_t element_slot(const struct item_doc *d, struct str field)
{
    size_t low = 0, high = d->elements.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(d->elements.v[middle].field, field) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct doc_element *doc_element_of(const struct item_doc *d, const char *field)
{
    size_t at = element_slot(d, str_of(field));
    return at < d->elements.n && str_is(d->elements.v[at].field, field) ? &d->elements.v[at] : NULL;
}

struct str doc_value(const struct item_doc *d, const char *field)
{
    const struct doc_element *e = doc_element_of(d, field);
    return e == NULL || e->zh.n == 0 ? STR_NONE : e->zh;
}

void doc_element_set(struct ctx *c, struct item_doc *d, struct doc_element e)
{
    size_t at = element_slot(d, e.field), n = d->elements.n;
    if (at < n && str_eq(d->elements.v[at].field, e.field)) {
        d->elements.v[at] = e;
        return;
    }
    struct doc_element *v = ARENA_ARRAY(c->arena, struct doc_element, n + 1);
    if (at > 0)
        memcpy(v, d->elements.v, at * sizeof *v);
    v[at] = e;
    if (n > at)
        memcpy(v + at + 1, d->elements.v + at, (n - at) * sizeof *v);
    d->elements = (struct doc_element_list){v, n + 1};
}

const struct doc_paper *doc_paper_at(const struct item_doc *d, int64_t position)
{
    for (size_t i = 0; i < d->papers.n; i++)
        if (d->papers.v[i].position == position)
            return &d->papers.v[i];
    return NULL;
}

const struct doc_file *doc_file_of(const struct item_doc *d, struct str code)
{
    for (size_t i = 0; i < d->files.n; i++)
        if (str_eq(d->files.v[i].code, code))
            return &d->files.v[i];
    return NULL;
}
