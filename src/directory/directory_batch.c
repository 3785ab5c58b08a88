/* A batch: what a change of many items would make of each. It is kept first and looked at; applying it opens a draft for
 * each item that nobody is working on; undoing it discards those drafts that nobody has touched since. */
#include "clock.h"
#include "directory.h"
#include "item_rules.h"
#include "journal.h"
#include "json.h"
#include "store.h"
#include "web.h"
#include <inttypes.h>

struct str plan_handed(const struct batch_plan *p)
{
    return (struct str){(const char *)p, sizeof *p};
}

const struct batch_plan *plan_of(struct str handed)
{
    BUG_IF(handed.n != sizeof(struct batch_plan));
    return (const struct batch_plan *)(const void *)handed.p;
}

static enum err journal_batch(struct ctx *c, enum event event, int64_t id, struct str title,
                              int64_t count)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 8192);
    json_init(&j, &b, c->zone_minutes);
    json_object(&j);
    json_name(&j, "name");
    json_text(&j, title);
    json_name(&j, "count");
    json_int(&j, count);
    json_end_object(&j);
    return journal_add(c, event, id, 0, buf_as_str(&b), STR_NONE);
}

/* --- keeping --- */

static enum err keep_items(struct ctx *c, const struct batch_plan *p, int64_t id)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct batch_item *k = &p->v[i];
        TRY(dir_batch_item_put(c, c->center_id, id, (int64_t)i + 1, k->item_id,
                               str_or_empty(doc_value(&k->after, "catalog_code")),
                               str_or_empty(doc_value(&k->after, "task_name")), k->base_version,
                               item_doc_print(c, &k->after)));
    }
    for (size_t i = 0; i < p->file_count; i++) {
        struct doc_file file = {0};
        TRY(item_file_keep(c, p->files[i], &file));
    }
    return E_OK;
}

enum err batch_keep(struct ctx *c, const struct batch_plan *p, struct dir_planned *v)
{
    int64_t id = new_id(c);
    struct str state = p->fault_count > 0 ? STR("faulty") : STR("planned");
    if (p->n > BATCH_MOST)
        return fail(c, E_DIR_MANY, "%zu items", p->n);
    TRY(dir_batch_put(c, c->center_id, id, p->kind, p->title, str_or_empty(p->why), state,
                      (int64_t)p->n, p->fault_count, c->actor.id, str_or_empty(c->actor.name),
                      c->now));
    TRY(keep_items(c, p, id));
    for (size_t i = 0; i < p->faults.n; i++)
        TRY(dir_batch_fault_put(c, c->center_id, id, (int64_t)i + 1, p->faults.v[i].line,
                                p->faults.v[i].place, p->faults.v[i].reason));
    if (p->fault_count == 0)
        TRY(journal_batch(c, EV_DIRECTORY_BATCH_PLANNED, id, p->title, (int64_t)p->n));
    *v = (struct dir_planned){id, state, (int64_t)p->n, p->fault_count};
    return E_OK;
}

/* --- one item of it, as it stands now --- */

struct looking {
    struct item_terms terms;
    const struct dir_batch_items_row *row;
    struct item_doc before, after;
    struct doc_faults faults;           /* for which it cannot be saved */
    struct dir_open_draft_of_row *open; /* somebody's draft, or NULL */
    struct str editor;                  /* whose */
    bool is_moved;                      /* what is in force is not what it was made from */
};

static enum err look_at_doc(struct ctx *c, struct looking *k)
{
    struct doc_faults of_shape;
    struct catalogue_entry *entry;
    enum err e = item_doc_read(c, k->row->content, &k->after, &of_shape);
    k->faults = (struct doc_faults){0};
    if (e != E_OK)
        return e == E_ITEM_FAULTS ? fail(c, E_INTERNAL, "a stored document") : e;
    item_doc_check(c, &k->terms, &k->after, today(c), &k->faults);
    TRY(catalogue_of(c, str_or_empty(doc_value(&k->after, "catalog_code")), &entry));
    item_doc_against_catalogue(c, &k->after, entry, &k->faults);
    return E_OK;
}

static enum err look_at(struct ctx *c, const struct dir_batch_items_row *row, struct looking *k)
{
    struct dir_standing_row *standing;
    k->row = row;
    k->before = (struct item_doc){0};
    k->open = NULL;
    k->editor = STR("");
    k->is_moved = false;
    TRY(look_at_doc(c, k));
    if (row->base_version == 0)
        return E_OK;
    TRY(item_version_doc(c, row->item_id, row->base_version, &k->before));
    TRY(dir_open_draft_of(c, c->center_id, row->item_id, &k->open));
    if (k->open != NULL)
        TRY(staff_name_of(c, k->open->edited_by, &k->editor));
    TRY(dir_standing(c, c->center_id, row->item_id, &standing));
    k->is_moved =
        standing == NULL || !standing->is_listed || standing->version != row->base_version;
    return E_OK;
}

static const char *outcome_now(const struct looking *k)
{
    return k->faults.n > 0 ? "faulty" : k->open != NULL ? "open" : k->is_moved ? "moved" : "";
}

/* --- looking at all --- */

static struct str outcome_words(struct ctx *c, const struct looking *k, struct str outcome)
{
    if (str_is(outcome, "open"))
        return k->editor.n == 0 ? tr(c, "已有一稿在改，没有起草。")
                                : tr_fill(c, "{name}有一稿在改，不起草。", "name", k->editor, NULL);
    return str_is(outcome, "made") ? tr(c, "起了一稿")
           : str_is(outcome, "moved") ? tr(c, "这期间换了新的一版，不起草；请重新准备。")
           : str_is(outcome, "faulty") ? tr(c, "改后有错，不起草。")
           : str_is(outcome, "undone") ? tr(c, "稿已作废")
           : str_is(outcome, "kept")   ? tr(c, "有人接着改过或核对过，稿还在。")
                                       : STR("");
}

/* Rules that the document breaks and did not before. */
static void findings_fill(struct ctx *c, const struct looking *k, struct dir_batch_item *ret)
{
    struct rule_findings found;
    uint64_t before = item_rules_broken(c, &k->before);
    item_rules_judge(c, &k->after, &found);
    ret->findings.v = ARENA_ARRAY(c->arena, struct dir_fault, found.n + 1);
    for (size_t i = 0; i < found.n; i++)
        if ((before >> (found.v[i].rule - item_rules) & 1) == 0)
            ret->findings.v[ret->findings.n++] =
                (struct dir_fault){words_of_place(c, &k->terms, &k->after, found.v[i].place),
                                   tr(c, found.v[i].rule->says), STR("")};
}

static void item_fill(struct ctx *c, const struct looking *k, bool is_planned,
                      struct dir_batch_item *ret)
{
    const struct dir_batch_items_row *row = k->row;
    struct doc_changes changes = {0};
    bool is_open = is_planned && row->outcome.n == 0;
    struct str outcome = is_open ? str_of(outcome_now(k)) : row->outcome;
    *ret = (struct dir_batch_item){.position = row->position,
                                   .item_id = row->item_id,
                                   .code = row->code,
                                   .name = row->name,
                                   .is_new = row->base_version == 0,
                                   .outcome = row->outcome,
                                   .words = outcome_words(c, k, outcome),
                                   .can_make = is_open ? outcome.n == 0 : str_is(outcome, "made"),
                                   .draft = row->draft};
    if (row->base_version > 0)
        item_doc_diff(c, &k->before, &k->after, &changes);
    changes_fill(c, &k->terms, &changes, &ret->changes);
    ret->faults.v = ARENA_ARRAY(c->arena, struct dir_fault, k->faults.n + 1);
    for (size_t i = 0; i < k->faults.n && is_open; i++)
        ret->faults.v[ret->faults.n++] =
            (struct dir_fault){words_of_place(c, &k->terms, &k->after, k->faults.v[i].place),
                               k->faults.v[i].reason, STR("")};
    findings_fill(c, k, ret);
}

static enum err items_fill(struct ctx *c, int64_t id, struct dir_batch *v)
{
    struct dir_batch_items_rows rows;
    struct looking k;
    bool is_planned = str_is(v->state, "planned");
    TRY(item_terms_read(c, &k.terms));
    TRY(dir_batch_items(c, c->center_id, id, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct dir_batch_item, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        struct dir_batch_item *item = &v->items.v[v->items.n++];
        TRY(look_at(c, &rows.v[i], &k));
        item_fill(c, &k, is_planned, item);
        v->ready += is_planned && item->outcome.n == 0 && item->can_make;
        v->made += str_is(rows.v[i].outcome, "made");
    }
    return E_OK;
}

static enum err faults_fill(struct ctx *c, int64_t id, struct dir_batch *v)
{
    struct dir_batch_faults_rows rows;
    TRY(dir_batch_faults(c, c->center_id, id, &rows));
    v->faults.v = ARENA_ARRAY(c->arena, struct dir_table_fault, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v->faults.v[v->faults.n++] =
            (struct dir_table_fault){rows.v[i].line, rows.v[i].place, rows.v[i].reason};
    return E_OK;
}

static enum err batch_row(struct ctx *c, int64_t id, struct dir_batch_of_row **ret)
{
    TRY(dir_batch_of(c, c->center_id, id, ret));
    return *ret == NULL ? fail(c, E_DIR_NO_BATCH, "batch %" PRId64, id) : E_OK;
}

enum err dir_batch_show(struct ctx *c, const struct dir_batch_id_form *f, struct reply *r,
                        struct dir_batch *v)
{
    struct dir_batch_of_row *row;
    (void)r;
    TRY(batch_row(c, f->id, &row));
    *v = (struct dir_batch){.id = row->id,
                            .kind = row->kind,
                            .title = row->title,
                            .why = row->why,
                            .state = row->state,
                            .by = row->staff_name,
                            .made_at = row->made_at,
                            .fault_count = row->faults};
    TRY(items_fill(c, f->id, v));
    TRY(faults_fill(c, f->id, v));
    v->can_apply = str_is(row->state, "planned") && v->ready + v->made > 0 &&
                   may(c, RIGHT_ITEM_EDIT); /* one that was cut short is finished */
    v->can_undo = str_is(row->state, "applied") && v->made > 0 && may(c, RIGHT_ITEM_EDIT);
    return E_OK;
}

static struct str state_words(struct ctx *c, struct str state)
{
    return str_is(state, "planned")   ? tr(c, "还没有起草")
           : str_is(state, "applied") ? tr(c, "已经起草")
           : str_is(state, "undone")  ? tr(c, "已经撤销")
                                      : tr(c, "没有收");
}

enum err dir_batches_show(struct ctx *c, struct reply *r, struct dir_batch_list *v)
{
    struct dir_batches_of_rows rows;
    (void)r;
    TRY(dir_batches_of(c, c->center_id, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct dir_batch_line, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v->items.v[v->items.n++] = (struct dir_batch_line){rows.v[i].id,
                                                           rows.v[i].kind,
                                                           rows.v[i].title,
                                                           rows.v[i].state,
                                                           state_words(c, rows.v[i].state),
                                                           rows.v[i].items,
                                                           rows.v[i].staff_name,
                                                           rows.v[i].made_at};
    return E_OK;
}

/* --- making the drafts --- */

static enum err make_draft(struct ctx *c, const struct looking *k, struct str why,
                           struct item_key *ret)
{
    struct doc_faults faults;
    struct doc_changes changes;
    if (k->row->base_version == 0)
        return item_draft_new(c, &k->after, why, ret, &faults);
    TRY(item_draft_open(c, k->row->item_id, why, ret));
    return item_draft_save(c, *ret, &k->after, why, &ret->revision, &faults, &changes);
}

static enum err apply_row(struct ctx *c, struct looking *k, int64_t batch_id, struct str why)
{
    const struct dir_batch_items_row *row = k->row;
    struct item_key key = {row->item_id, 0, 0};
    struct str outcome = str_of(outcome_now(k));
    if (outcome.n == 0) {
        TRY(make_draft(c, k, why, &key));
        outcome = STR("made");
    }
    return dir_batch_item_done(c, c->center_id, batch_id, row->position, outcome, key.item_id,
                               key.version, key.revision);
}

#define SLICE 20 /* items in one transaction: windows that call people wait no longer than that */

struct applying {
    const struct dir_batch_why_form *f;
    size_t done; /* in the last slice */
};

static enum err apply_slice(struct ctx *c, void *arg)
{
    struct applying *a = arg;
    struct dir_batch_of_row *batch;
    struct dir_batch_items_rows rows;
    struct looking k;
    TRY(batch_row(c, a->f->id, &batch));
    if (!str_is(batch->state, "planned"))
        return fail(c, E_DIR_BATCH_STATE, "batch is %.*s", STR_ARG(batch->state));
    struct str why = a->f->why.n > 0 ? a->f->why : batch->why.n > 0 ? batch->why : batch->title;
    TRY(item_terms_read(c, &k.terms));
    TRY(dir_batch_items_left(c, c->center_id, a->f->id, SLICE, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        TRY(look_at(c, &rows.v[i], &k));
        TRY(apply_row(c, &k, a->f->id, why));
    }
    a->done = rows.n;
    return E_OK;
}

/* The drafts are made in slices, each durable on its own, so that no lane is held for seconds. What is cut short goes on
 * where it stopped when it is asked for again. */
enum err dir_batch_before(struct ctx *c, struct dir_batch_why_form *f)
{
    struct applying a = {.f = f};
    do
        TRY(store_act(c->store, c, apply_slice, &a));
    while (a.done == SLICE);
    return E_OK;
}

/* From one state to the next, once, however often it is asked. */
static enum err move(struct ctx *c, const struct dir_batch_of_row *row, const char *was,
                     const char *to)
{
    int64_t changed;
    TRY(dir_batch_move_changes(c, c->center_id, row->id, str_of(was), str_of(to), c->now,
                               &changed));
    return changed == 0 ? fail(c, E_DIR_BATCH_STATE, "batch is %.*s", STR_ARG(row->state)) : E_OK;
}

enum err dir_batch_apply(struct ctx *c, const struct dir_batch_why_form *f, struct reply *r,
                         struct dir_applied *v)
{
    struct dir_batch_of_row *batch;
    struct dir_batch_items_rows rows;
    TRY(batch_row(c, f->id, &batch));
    TRY(move(c, batch, "planned", "applied"));
    *v = (struct dir_applied){.id = f->id, .state = STR("applied")};
    TRY(dir_batch_items(c, c->center_id, f->id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        bool is_made = str_is(rows.v[i].outcome, "made");
        v->made += is_made;
        v->left_out += !is_made;
    }
    reply_see(r, "/admin/items/batches/%" PRId64, f->id);
    return journal_batch(c, EV_DIRECTORY_BATCH_APPLIED, f->id, batch->title, v->made);
}

/* --- taking them back --- */

static enum err undo_row(struct ctx *c, const struct dir_batch_items_row *row, int64_t batch_id,
                         struct str why, struct dir_applied *v)
{
    struct item_version_info is;
    struct item_key key = {row->item_id, row->draft, row->revision};
    if (!str_is(row->outcome, "made"))
        return E_OK;
    TRY(item_version_of(c, row->item_id, row->draft, &is));
    bool is_ours = is.state == ITEM_DRAFT && is.revision == row->revision;
    if (is_ours)
        TRY(item_draft_discard(c, key, why));
    v->made += is_ours;
    v->left_out += !is_ours;
    return dir_batch_item_done(c, c->center_id, batch_id, row->position,
                               is_ours ? STR("undone") : STR("kept"), row->item_id, row->draft,
                               row->revision);
}

enum err dir_batch_undo(struct ctx *c, const struct dir_batch_why_form *f, struct reply *r,
                        struct dir_applied *v)
{
    struct dir_batch_of_row *batch;
    struct dir_batch_items_rows rows;
    TRY(batch_row(c, f->id, &batch));
    TRY(move(c, batch, "applied", "undone"));
    *v = (struct dir_applied){.id = f->id, .state = STR("undone")};
    struct str why = f->why.n > 0 ? f->why : tr(c, "撤销批量修改");
    TRY(dir_batch_items(c, c->center_id, f->id, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(undo_row(c, &rows.v[i], f->id, why, v));
    reply_see(r, "/admin/items/batches/%" PRId64, f->id);
    return journal_batch(c, EV_DIRECTORY_BATCH_UNDONE, f->id, batch->title, v->made);
}
