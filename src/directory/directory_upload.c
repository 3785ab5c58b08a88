/* A table of the directory, uploaded. It is taken in by the importer of `onewindow import`, in a transaction that is
 * rolled back at once: what the importer made of each item is read out before, and becomes a batch. So a table means the
 * same here and there, and nothing of it is in force before somebody else has published it. */
#include "directory.h"
#include "sheet.h"
#include "store.h"
#include "web.h"
#include <inttypes.h>
#include <string.h>

static const struct {
    const char *title;
    enum err (*run)(struct ctx *c, struct table_in *t);
} kinds[DIR_UPLOAD_KIND_COUNT] =
    {[DIR_UPLOAD_KIND_ITEMS] = {/* tr */ "事项", items_import},
     [DIR_UPLOAD_KIND_ITEM_TEXTS] = {/* tr */ "指南文字", item_texts_import},
     [DIR_UPLOAD_KIND_ITEM_PAPERS] = {/* tr */ "材料", item_papers_import},
     [DIR_UPLOAD_KIND_ITEM_ELEMENTS] = {/* tr */ "其他要素", item_elements_import},
     [DIR_UPLOAD_KIND_ITEM_BASES] = {/* tr */ "设定依据", item_bases_import},
     [DIR_UPLOAD_KIND_ITEM_FEES] = {/* tr */ "收费", item_fees_import},
     [DIR_UPLOAD_KIND_ITEM_QUESTIONS] = {/* tr */ "常见问题", item_questions_import},
     [DIR_UPLOAD_KIND_ITEM_SITUATIONS] = {/* tr */ "情形", item_situations_import},
     [DIR_UPLOAD_KIND_ITEM_HANDLINGS] = {/* tr */ "业务办理项", item_handlings_import},
     [DIR_UPLOAD_KIND_ITEM_FILES] = {/* tr */ "表样和结果样本", item_files_import},
     [DIR_UPLOAD_KIND_ITEM_DOCUMENTS] = {/* tr */ "整份事项文档", item_documents_import}};

enum err dir_upload_show(struct ctx *c, struct reply *r, struct dir_upload *v)
{
    struct str chosen = posted(c, "kind");
    (void)r;
    v->kinds.v = ARENA_ARRAY(c->arena, struct dir_choice, DIR_UPLOAD_KIND_COUNT);
    for (size_t i = 0; i < DIR_UPLOAD_KIND_COUNT; i++)
        v->kinds.v[v->kinds.n++] =
            (struct dir_choice){str_of(dir_upload_kind_words[i]), tr(c, kinds[i].title),
                                str_is(chosen, dir_upload_kind_words[i])};
    return E_OK;
}

/* --- what it would change --- */

static enum err read_files(struct ctx *c, const struct item_doc *d, struct batch_plan *p)
{
    struct str *more = ARENA_ARRAY(c->arena, struct str, p->file_count + d->files.n + 1);
    if (p->file_count > 0)
        memcpy(more, p->files, p->file_count * sizeof *more);
    p->files = more;
    for (size_t i = 0; i < d->files.n; i++)
        TRY(item_file_read(c, d->files.v[i].digest, &p->files[p->file_count++]));
    return E_OK;
}

static enum err read_change(struct ctx *c, const struct dir_imported_row *row, bool has_files,
                            struct batch_plan *p)
{
    struct batch_item *b = &p->v[p->n];
    TRY(item_doc_of_tables(c, row->item_id, &b->after));
    b->base_version = row->base_version;
    b->item_id = row->base_version == 0 ? 0 : row->item_id;
    p->n++;
    return has_files ? read_files(c, &b->after, p) : E_OK;
}

/* Of a table that made a version of an item and the one before it too, the last one counts. */
static enum err read_changes(struct ctx *c, bool has_files, struct batch_plan *p)
{
    struct dir_imported_rows rows;
    TRY(dir_imported(c, c->center_id, c->now, 2 * BATCH_MOST + 2, &rows));
    p->v = ARENA_ARRAY(c->arena, struct batch_item, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        if (i > 0 && rows.v[i].item_id == rows.v[i - 1].item_id)
            continue;
        if (p->n == BATCH_MOST)
            return fail_field(c, E_DIR_MANY, "file", "more than %d items", BATCH_MOST);
        TRY(read_change(c, &rows.v[i], has_files, p));
    }
    return E_OK;
}

static void read_faults(struct ctx *c, const struct table_in *t, struct batch_plan *p)
{
    size_t kept = t->fault_count < 1000 ? t->fault_count : 1000;
    p->fault_count = (int64_t)t->fault_count;
    p->faults.v = ARENA_ARRAY(c->arena, struct dir_table_fault, kept + 1);
    for (size_t i = 0; i < kept; i++) {
        const struct table_fault *f = &t->faults[i];
        char letters[4] = "";
        struct str place = str_or_empty(f->column);
        if (f->column_at > 0) {
            column_letters(f->column_at, letters);
            place = place.n == 0 ? str_copy(c->arena, str_of(letters))
                                 : str_fmt(c->arena, "%.*s（%s）", STR_ARG(place), letters);
        }
        p->faults.v[p->faults.n++] = (struct dir_table_fault){f->line, place, f->reason};
    }
}

/* Inside the transaction that is rolled back. */
static enum err try_table(struct ctx *c, const struct dir_upload_form *f, struct batch_plan *p)
{
    struct table_in t = {0};
    enum err e = E_OK;
    if (sheet_open(&t, c->arena, f->file.bytes, f->sheet.n > 0 ? f->sheet : STR_NONE))
        e = kinds[f->kind].run(c, &t);
    table_close(&t);
    TRY(e);
    read_faults(c, &t, p);
    return p->fault_count > 0 ? E_OK : read_changes(c, f->kind == DIR_UPLOAD_KIND_ITEM_FILES, p);
}

enum err dir_upload_before(struct ctx *c, struct dir_upload_form *f)
{
    struct batch_plan *p = ARENA_NEW(c->arena, struct batch_plan);
    struct str file = f->file.name.n > 0 ? f->file.name : tr(c, "没有名字的文件");
    *p = (struct batch_plan){.kind = str_of(dir_upload_kind_words[f->kind]),
                             .why = f->why,
                             .title = tr_fill(c, "{kind}：{file}", "kind",
                                              tr(c, kinds[f->kind].title), "file", file, NULL)};
    TRY(store_hold(c->store, c));
    enum err e = try_table(c, f, p), gone = store_let_go(c, false);
    TRY(e);
    TRY(gone);
    if (p->n == 0 && p->fault_count == 0)
        return fail_field(c, E_DIR_TABLE_EMPTY, "file", "nothing changes");
    f->plan = plan_handed(p);
    return E_OK;
}

enum err dir_upload_plan(struct ctx *c, const struct dir_upload_form *f, struct reply *r,
                         struct dir_planned *v)
{
    TRY(batch_keep(c, plan_of(f->plan), v));
    reply_see(r, "/admin/items/batches/%" PRId64, v->id);
    return E_OK;
}
