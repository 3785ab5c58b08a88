/* The page of one version: the part that is open, the way to the others, what is wrong, what is missing, and what the
 * person looking at it may do next. When a save was refused it shows what was typed, not what is stored. */
#include "clock.h"
#include "directory.h"
#include "item_rules.h"
#include "staff.h"
#include "web.h"
#include <inttypes.h>
#include <string.h>

struct spot spot_of(struct str part, int64_t group, int64_t at, int64_t option)
{
    struct spot s = {.part = part_member(part) == NULL ? STR("elements") : part,
                     .group = group < GROUP_COUNT ? group : 0,
                     .at = (size_t)at,
                     .option = (size_t)option};
    s.is_row = s.at != NO_ROW && !str_is(s.part, "elements");
    if (!str_is(s.part, "situations"))
        s.option = NO_ROW;
    return s;
}

enum err staff_name_of(struct ctx *c, int64_t staff_id, struct str *ret)
{
    struct staff_row *s = NULL;
    if (staff_id != 0)
        TRY(staff(c, c->center_id, staff_id, &s));
    *ret = s == NULL ? STR("") : c->lang == LANG_EN && s->name_en.n > 0 ? s->name_en : s->name;
    return E_OK;
}

int64_t completeness_of(struct ctx *c, const struct item_terms *t, const struct item_doc *d)
{
    struct element_gaps gaps;
    item_doc_missing(c, t, d, &gaps);
    return gaps.needed == 0 ? 100 : (int64_t)((gaps.needed - gaps.n) * 100 / gaps.needed);
}

/* --- places in words and as addresses --- */

static struct str field_of_place(struct ctx *c, const struct item_doc *d, struct str place)
{
    struct str rest = place, index;
    int64_t at;
    if (str_starts(place, STR("elements.")))
        return str_copy(c->arena, (struct str){place.p + 9, place.n - 9});
    if (!str_starts(place, STR("elements[")))
        return STR_NONE;
    str_cut(&rest, '[');
    index = str_cut(&rest, ']');
    bool is_there = str_to_int(index, &at) && at > 0 && (size_t)at <= d->elements.n;
    return is_there ? d->elements.v[at - 1].field : STR_NONE;
}

/* "papers[3].name" → 2, NO_ROW when there is no such number; *rest moves behind it. */
static size_t index_in(struct str *rest)
{
    int64_t at;
    struct str before = str_cut(rest, '['), number = str_cut(rest, ']');
    (void)before;
    return number.p != NULL && str_to_int(number, &at) && at > 0 ? (size_t)at - 1 : NO_ROW;
}

static struct str link_of_row(struct ctx *c, const struct dir_draft *v, struct str place)
{
    struct str rest = place, part = str_cut(&(struct str){place.p, place.n}, '[');
    size_t at = index_in(&rest), option = NO_ROW;
    if (str_starts(str_or_empty(rest), STR(".options[")))
        option = index_in(&rest);
    struct str member = str_or_empty(rest);
    if (member.n > 0)
        member = (struct str){member.p + 1, member.n - 1};
    struct buf b;
    buf_init(&b, c->arena, 1000);
    buf_fmt(&b, "/admin/items/%" PRId64 "/versions/%" PRId64 "?part=%.*s", v->id, v->version,
            STR_ARG(part));
    if (at != NO_ROW)
        buf_fmt(&b, "&at=%zu", at);
    if (option != NO_ROW)
        buf_fmt(&b, "&option=%zu", option);
    bool is_here = str_eq(part, v->part) && (int64_t)at == v->at && (int64_t)option == v->option;
    if (is_here)
        return str_fmt(c->arena, "#f-%.*s", STR_ARG(member));
    buf_fmt(&b, "#f-%.*s", STR_ARG(member));
    return buf_as_str(&b);
}

struct str place_link(struct ctx *c, const struct editing *e, const struct dir_draft *v,
                      struct str place)
{
    struct str field = field_of_place(c, &e->doc, place);
    if (field.p == NULL)
        return link_of_row(c, v, place);
    const struct element_term *t = element_term_of(&e->terms, field);
    int group = t == NULL ? 0 : element_group_of(t);
    if (str_is(v->part, "elements") && group == v->group)
        return str_fmt(c->arena, "#f-%.*s-zh", STR_ARG(field));
    if (group < 0) /* legal bases stand in a part of their own */
        return str_fmt(c->arena, "/admin/items/%" PRId64 "/versions/%" PRId64 "?part=bases", v->id,
                       v->version);
    return str_fmt(c->arena,
                   "/admin/items/%" PRId64 "/versions/%" PRId64 "?part=elements&group=%d#f-%.*s-zh",
                   v->id, v->version, group, STR_ARG(field));
}

struct str element_title(struct ctx *c, const struct item_terms *t, struct str field)
{
    const struct element_term *e = element_term_of(t, field);
    if (e == NULL)
        return field;
    return c->lang == LANG_EN && e->title_en.n > 0 ? e->title_en : e->title;
}

struct str words_of_place(struct ctx *c, const struct item_terms *t, const struct item_doc *d,
                          struct str place)
{
    struct str field = field_of_place(c, d, place);
    if (field.p != NULL)
        return element_title(c, t, field);
    struct str rest = place, part = str_cut(&(struct str){place.p, place.n}, '[');
    size_t at = index_in(&rest);
    if (part_member(part) == NULL || at == NO_ROW)
        return place;
    struct str member = str_or_empty(rest);
    while (member.n > 0 && str_find(member, STR(".")) >= 0)
        str_cut(&member, '.');
    return tr_fill(c, "{part}第 {n} 行：{member}", "part", tr(c, part_title(part)), "n",
                   str_fmt(c->arena, "%zu", at + 1), "member", member_label(c, member), NULL);
}

/* --- sections --- */

static int64_t faults_of_part(const struct editing *e, struct str part)
{
    int64_t n = 0;
    for (size_t i = 0; i < e->faults.n; i++)
        n += str_starts(e->faults.v[i].place, part);
    return n;
}

static void count_group(struct ctx *c, const struct editing *e, struct dir_section *s)
{
    struct element_gaps gaps;
    item_doc_missing(c, &e->terms, &e->doc, &gaps);
    for (size_t i = 0; i < gaps.n; i++)
        s->missing += element_group_of(gaps.v[i]) == s->group;
    for (size_t i = 0; i < e->doc.elements.n; i++) {
        const struct element_term *t = element_term_of(&e->terms, e->doc.elements.v[i].field);
        s->count += t != NULL && element_group_of(t) == s->group && e->doc.elements.v[i].zh.n > 0;
    }
    for (size_t i = 0; i < e->faults.n; i++) {
        struct str field = field_of_place(c, &e->doc, e->faults.v[i].place);
        const struct element_term *t = field.p == NULL ? NULL : element_term_of(&e->terms, field);
        s->faults += t != NULL && element_group_of(t) == s->group;
    }
}

void sections_fill(struct ctx *c, const struct editing *e, struct dir_draft *v)
{
    struct str here =
        str_fmt(c->arena, "/admin/items/%" PRId64 "/versions/%" PRId64, v->id, v->version);
    v->sections.v = ARENA_ARRAY(c->arena, struct dir_section, GROUP_COUNT + item_doc_shape.n);
    for (int g = 0; g < GROUP_COUNT; g++) {
        struct dir_section s = {.part = STR("elements"), .group = g};
        s.title = tr(c, element_group_title(g));
        s.link = str_fmt(c->arena, "%.*s?part=elements&group=%d", STR_ARG(here), g);
        s.is_here = str_is(e->spot.part, "elements") && e->spot.group == g;
        count_group(c, e, &s);
        v->sections.v[v->sections.n++] = s;
    }
    for (size_t i = 1; i < item_doc_shape.n; i++) {
        const struct shape_member *m = &item_doc_shape.members[i];
        struct dir_section s = {.part = str_of(m->name)};
        s.title = tr(c, part_title(s.part));
        s.link = str_fmt(c->arena, "%.*s?part=%s", STR_ARG(here), m->name);
        s.is_here = str_eq(e->spot.part, s.part);
        s.count = (int64_t)shape_list(&e->doc, m).n;
        s.faults = faults_of_part(e, s.part);
        v->sections.v[v->sections.n++] = s;
    }
}

/* --- differences in words --- */

static struct str change_place(struct ctx *c, const struct item_terms *t,
                               const struct doc_change *k)
{
    if (str_is(k->part, "elements"))
        return element_title(c, t, k->key);
    return str_fmt(c->arena, "%.*s %.*s", STR_ARG(tr(c, part_title(k->part))), STR_ARG(k->key));
}

void changes_fill(struct ctx *c, const struct item_terms *t, const struct doc_changes *all,
                  struct dir_change_list *ret)
{
    static const char *const kinds[] =
        {[DOC_ADDED] = "added", [DOC_REMOVED] = "removed", [DOC_CHANGED] = "changed"};
    ret->v = ARENA_ARRAY(c->arena, struct dir_change, all->n + 1);
    for (size_t i = 0; i < all->n; i++) {
        const struct doc_change *k = &all->v[i];
        ret->v[ret->n++] =
            (struct dir_change){.kind = str_of(kinds[k->kind]),
                                .sign = k->kind == DOC_ADDED     ? STR("＋")
                                        : k->kind == DOC_REMOVED ? STR("－")
                                                                 : STR("≠"),
                                .place = change_place(c, t, k),
                                .member = k->member.n == 0 ? STR("") : member_label(c, k->member),
                                .before = k->before,
                                .after = k->after};
    }
}

/* --- what was refused --- */

/* Rows are found again by what they are called: another may have moved them. */
static size_t row_now(struct any_list before, size_t at, struct any_list after,
                      const struct shape *s)
{
    const struct shape_member *m = shape_member_of(s, s->label);
    if (at >= before.n)
        return after.n;
    struct str name = shape_text(list_row(before, s, at), m);
    if (at < after.n && str_eq(name, shape_text(list_row(after, s, at), m)))
        return at;
    for (size_t i = 0; i < after.n; i++)
        if (str_eq(name, shape_text(list_row(after, s, i), m)))
            return i;
    return after.n;
}

static enum err read_seen(struct ctx *c, struct editing *e, const struct item_version_info *is,
                          int64_t revision)
{
    struct dir_revision_row *row;
    struct doc_faults faults;
    TRY(dir_revision(c, c->center_id, is->item_id, is->version, revision, &row));
    TRY(item_version_doc(c, is->item_id, is->version, &e->theirs));
    e->is_conflict = row != NULL;
    if (row == NULL)
        return E_OK;
    TRY(item_doc_read(c, row->content, &e->seen, &faults));
    const struct shape_member *m = part_member(e->spot.part);
    if (e->spot.is_row)
        e->spot.at = row_now(shape_list(&e->seen, m), e->spot.at, shape_list(&e->doc, m), m->rows);
    return E_OK;
}

/* What a refused save sent, laid over the draft as it is now, so that nothing typed is lost. */
static enum err lay_over(struct ctx *c, struct editing *e, const struct item_version_info *is)
{
    struct str act = posted(c, "act"), revision = posted(c, "revision");
    int64_t seen = 0;
    if (!refused(c, NULL) || !str_is(act, "save") || pairs_read(c, &e->sent) != E_OK)
        return E_OK;
    if (str_to_int(revision, &seen) && seen != is->revision)
        TRY(read_seen(c, e, is, seen));
    if (pairs_apply(c, &e->sent, &e->spot, &e->doc, &e->faults) != E_OK)
        e->sent = (struct pairs){0};
    return E_OK;
}

/* All faults: of the shape (lengths, words, what may not be empty) and of the rules. */
static enum err find_faults(struct ctx *c, struct editing *e)
{
    struct catalogue_entry *entry;
    struct doc_faults of_shape;
    struct item_doc read;
    enum err x = item_doc_read(c, item_doc_print(c, &e->doc), &read, &of_shape);
    if (x != E_OK && x != E_ITEM_FAULTS)
        return x;
    for (size_t i = 0; i < of_shape.n; i++)
        doc_fault_add(c, &e->faults, of_shape.v[i].place, of_shape.v[i].reason);
    item_doc_check(c, &e->terms, &e->doc, today(c), &e->faults);
    TRY(catalogue_of(c, str_or_empty(doc_value(&e->doc, "catalog_code")), &entry));
    item_doc_against_catalogue(c, &e->doc, entry, &e->faults);
    return E_OK;
}

/* --- the page --- */

/* What contradicts itself or the law, told while it is written and not only when it is to be published. */
static void rules_fill(struct ctx *c, const struct editing *e, struct dir_draft *v)
{
    struct rule_findings found;
    item_rules_judge(c, &e->doc, &found);
    v->broken.v = ARENA_ARRAY(c->arena, struct dir_fault, found.n + 1);
    v->advice.v = ARENA_ARRAY(c->arena, struct dir_fault, found.n + 1);
    for (size_t i = 0; i < found.n; i++) {
        const struct rule_finding *one = &found.v[i];
        struct str says = tr_fill(c, "{says}。{mend}", "says", tr(c, one->rule->says), "mend",
                                  tr(c, one->rule->mend), NULL);
        struct dir_fault f = {words_of_place(c, &e->terms, &e->doc, one->place), says,
                              place_link(c, e, v, one->place)};
        if (one->rule->weight == RULE_HARD)
            v->broken.v[v->broken.n++] = f;
        else
            v->advice.v[v->advice.n++] = f;
    }
}

static void faults_fill(struct ctx *c, const struct editing *e, struct dir_draft *v)
{
    struct element_gaps gaps;
    v->faults.v = ARENA_ARRAY(c->arena, struct dir_fault, e->faults.n + 1);
    for (size_t i = 0; i < e->faults.n; i++)
        v->faults.v[v->faults.n++] =
            (struct dir_fault){words_of_place(c, &e->terms, &e->doc, e->faults.v[i].place),
                               e->faults.v[i].reason, place_link(c, e, v, e->faults.v[i].place)};
    rules_fill(c, e, v);
    item_doc_missing(c, &e->terms, &e->doc, &gaps);
    v->missing.v = ARENA_ARRAY(c->arena, struct dir_fault, gaps.n + 1);
    for (size_t i = 0; i < gaps.n; i++)
        v->missing.v[v->missing.n++] =
            (struct dir_fault){element_title(c, &e->terms, gaps.v[i]->field), STR(""),
                               place_link(c, e, v, element_gap_place(c, gaps.v[i], &e->doc))};
    v->completeness = completeness_of(c, &e->terms, &e->doc);
}

static enum err acts_fill(struct ctx *c, const struct item_version_info *is, struct dir_draft *v)
{
    struct dir_hand_in_row *hand;
    TRY(dir_hand_in(c, c->center_id, is->item_id, is->version, c->actor.id, &hand));
    bool is_own = hand != NULL;
    v->can_edit = is->state == ITEM_DRAFT && may(c, RIGHT_ITEM_EDIT);
    v->can_discard = v->can_edit;
    v->can_check = is->state == ITEM_DRAFT && may(c, RIGHT_ITEM_CHECK) && !is_own;
    v->can_publish = is->state == ITEM_CHECKED && may(c, RIGHT_ITEM_PUBLISH) && !is_own;
    v->why_not = STR("");
    if (is->state == ITEM_DRAFT && is_own)
        v->why_not = tr(c, "您改过这一版，要由另一位同事核对。");
    else if (is->state == ITEM_CHECKED && is_own)
        v->why_not = tr(c, "您改过这一版，要由另一位有权的人发布。");
    else if (is->state == ITEM_CHECKED && !may(c, RIGHT_ITEM_PUBLISH))
        v->why_not = tr(c, "发布要由有权的人来做。");
    return E_OK;
}

static enum err head_fill(struct ctx *c, const struct editing *e,
                          const struct item_version_info *is, struct dir_draft *v)
{
    struct item_version_infos all;
    int64_t in_force = 0;
    TRY(item_versions(c, is->item_id, &all));
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].is_in_force)
            in_force = all.v[i].version;
    v->revision = is->revision;
    v->state = str_of(item_state_word(is->state));
    v->name = str_or_empty(doc_value(&e->doc, "task_name"));
    v->code = str_or_empty(doc_value(&e->doc, "catalog_code"));
    TRY(staff_name_of(c, is->edited_by, &v->by));
    v->saved_at = is->changed_at;
    v->base_moved =
        (is->state == ITEM_DRAFT || is->state == ITEM_CHECKED) && is->base_version != in_force;
    return acts_fill(c, is, v);
}

static enum err conflict_fill(struct ctx *c, const struct editing *e, struct dir_draft *v)
{
    struct doc_changes changes;
    if (!e->is_conflict)
        return E_OK;
    v->changed_by_others = true;
    item_doc_diff(c, &e->seen, &e->theirs, &changes);
    changes_fill(c, &e->terms, &changes, &v->changes);
    return E_OK;
}

enum err dir_draft_show(struct ctx *c, const struct dir_spot_form *f, struct reply *r,
                        struct dir_draft *v)
{
    struct editing e = {.spot = spot_of(f->part, f->group, f->at, f->option)};
    struct item_version_info is;
    (void)r;
    TRY(item_version_of(c, f->id, f->version, &is));
    TRY(item_version_doc(c, f->id, f->version, &e.doc));
    v->document = item_doc_print(c, &e.doc);
    TRY(item_terms_read(c, &e.terms));
    TRY(lay_over(c, &e, &is));
    TRY(find_faults(c, &e));
    size_t rows = shape_list(&e.doc, part_member(e.spot.part)).n;
    if (e.spot.is_row && e.spot.at > rows)
        e.spot.at = rows;
    if (e.spot.option != NO_ROW && (!e.spot.is_row || e.spot.at >= rows))
        e.spot.option = NO_ROW;
    v->id = f->id;
    v->version = f->version;
    v->part = e.spot.part;
    v->group = e.spot.group;
    v->at = e.spot.is_row ? (int64_t)e.spot.at : (int64_t)NO_ROW;
    v->option = (int64_t)e.spot.option;
    v->title = str_is(v->part, "elements") ? tr(c, element_group_title((int)e.spot.group))
                                           : tr(c, part_title(v->part));
    TRY(head_fill(c, &e, &is, v));
    fields_fill(c, &e, v);
    rows_fill(c, &e, v);
    sections_fill(c, &e, v);
    faults_fill(c, &e, v);
    return conflict_fill(c, &e, v);
}
