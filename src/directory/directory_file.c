/* Blank forms, filled samples, samples of results and pictures of the process: uploaded into a draft, replaced, and
 * named where they are used. The draft holds their digests, so a file is published, compared and taken back with its
 * version; the bytes are kept once (item_file.c). */
#include "directory.h"
#include "item_shape.h"
#include "web.h"
#include <inttypes.h>
#include <string.h>

static const struct {
    const char *content_type, *word;
} types[] = {{"application/pdf", "PDF"},
             {"image/png", "PNG"},
             {"image/jpeg", "JPEG"},
             {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"},
             {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"}};

/* "空白表格 · PDF · 23 KB" */
struct str file_words(struct ctx *c, const struct doc_file *f)
{
    const char *type = "?";
    int64_t kb = (f->size + 1023) / 1024;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_is(f->content_type, types[i].content_type))
            type = types[i].word;
    struct str kind = word_label(c, f->kind);
    if (kb < 1024)
        return str_fmt(c->arena, "%.*s · %s · %" PRId64 " KB", STR_ARG(kind), type, kb);
    return str_fmt(c->arena, "%.*s · %s · %" PRId64 ".%" PRId64 " MB", STR_ARG(kind), type,
                   kb / 1024, kb % 1024 * 10 / 1024);
}

void file_papers_fill(struct ctx *c, const struct item_doc *d, struct dir_choice_list *ret)
{
    ret->v = ARENA_ARRAY(c->arena, struct dir_choice, d->papers.n + 1);
    ret->v[ret->n++] = (struct dir_choice){STR("0"), tr(c, "不单给哪一样材料"), true};
    for (size_t i = 0; i < d->papers.n; i++)
        ret->v[ret->n++] =
            (struct dir_choice){str_fmt(c->arena, "%" PRId64, d->papers.v[i].position),
                                d->papers.v[i].name, false};
}

/* --- putting it in --- */

static struct str next_code(struct ctx *c, const struct item_doc *d)
{
    for (size_t n = 1;; n++) {
        struct str code = str_fmt(c->arena, "f%zu", n);
        if (doc_file_of(d, code) == NULL)
            return code;
    }
}

/* "申请表.docx" → "申请表": the ending comes back from the type. */
static struct str title_of(struct str file_name)
{
    size_t n = file_name.n;
    while (n > 0 && file_name.p[n - 1] != '.')
        n--;
    bool has_ending = n > 1 && file_name.n - n <= 5;
    return has_ending ? (struct str){file_name.p, n - 1} : file_name;
}

static struct str name_for(struct ctx *c, const struct dir_put_file_form *f, struct str kind)
{
    struct str name = f->name.n > 0 ? f->name : title_of(f->file.name);
    return name.n > 0 ? str_head(name, 200) : word_label(c, kind);
}

static struct doc_file *place_for(struct ctx *c, const struct dir_put_file_form *f,
                                  struct item_doc *d)
{
    size_t at = (size_t)f->at;
    struct doc_file *all = ARENA_ARRAY(c->arena, struct doc_file, d->files.n + 1);
    if (d->files.n > 0)
        memcpy(all, d->files.v, d->files.n * sizeof *all);
    d->files.v = all;
    if (at < d->files.n)
        return &all[at];
    struct doc_file *file = &all[d->files.n];
    *file = (struct doc_file){.code = next_code(c, d),
                              .kind = STR("blank"),
                              .name = STR(""),
                              .state = STR("read"),
                              .source = STR("")};
    d->files.n++;
    return file;
}

/* Where visitors find it: beside its paper, or as the sample of the result. */
static void point_at(struct ctx *c, const struct dir_put_file_form *f, const struct doc_file *file,
                     struct item_doc *d)
{
    for (size_t i = 0; i < d->papers.n && f->paper > 0; i++)
        if (d->papers.v[i].position == f->paper && str_is(file->kind, "blank"))
            d->papers.v[i].blank_file = file->code;
        else if (d->papers.v[i].position == f->paper && str_is(file->kind, "filled"))
            d->papers.v[i].sample_file = file->code;
    bool is_wanted = str_is(file->kind, "result") && doc_value(d, "result_guid").n == 0;
    if (is_wanted)
        doc_element_set(c, d,
                        (struct doc_element){STR("result_guid"), file->code, STR(""), file->state,
                                             file->source});
}

static enum err put_file(struct ctx *c, const struct dir_put_file_form *f, struct item_doc *d)
{
    bool is_new = (size_t)f->at >= d->files.n;
    if (is_new && d->files.n >= DOC_ROWS_MAX)
        return fail(c, E_ITEM_FAULTS, "more than %d files", DOC_ROWS_MAX);
    struct doc_file *file = place_for(c, f, d);
    if (f->kind != DIR_PUT_FILE_KIND_UNSET)
        file->kind = str_of(dir_put_file_kind_words[f->kind]);
    if (f->state != DIR_PUT_FILE_STATE_UNSET)
        file->state = str_of(dir_put_file_state_words[f->state]);
    if (f->source.n > 0)
        file->source = f->source;
    if (is_new || f->name.n > 0)
        file->name = name_for(c, f, file->kind);
    enum err e = item_file_keep(c, f->file.bytes, file);
    if (e == E_ITEM_FILE || e == E_TOO_LARGE)
        c->refusal.field = "file";
    TRY(e);
    point_at(c, f, file, d);
    return E_OK;
}

enum err dir_put_file(struct ctx *c, const struct dir_put_file_form *f, struct reply *r,
                      struct dir_saved *v)
{
    struct item_key key = {f->id, f->version, f->revision};
    struct item_version_info is;
    struct item_doc d;
    TRY(item_version_of(c, f->id, f->version, &is));
    TRY(item_version_doc(c, f->id, f->version, &d));
    if (is.revision == f->revision)
        TRY(put_file(c, f, &d));
    TRY(draft_save(c, &key, &d, f->why, v));
    reply_see(r, "/admin/items/%" PRId64 "/versions/%" PRId64 "?part=files", f->id, f->version);
    return E_OK;
}
