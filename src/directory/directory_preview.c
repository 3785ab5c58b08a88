/* A version as visitors would read it: the guide page itself, made of the document, below a banner. Its files are those
 * of the version, so that a form can be looked at before it is published. */
#include "directory.h"
#include "item_guide.h"
#include <inttypes.h>

static enum err doc_to_show(struct ctx *c, int64_t id, int64_t version, struct item_doc *ret)
{
    struct catalogue_entry *entry;
    TRY(item_version_doc(c, id, version, ret));
    TRY(catalogue_of(c, str_or_empty(doc_value(ret, "catalog_code")), &entry));
    item_doc_inherit(c, ret, entry);
    return E_OK;
}

enum err dir_preview_show(struct ctx *c, const struct dir_preview_of_form *f, struct reply *r,
                          struct dir_preview *v)
{
    struct item_version_info is;
    struct item_doc d;
    (void)r;
    TRY(item_version_of(c, f->id, f->version, &is));
    TRY(doc_to_show(c, f->id, f->version, &d));
    *v = (struct dir_preview){.id = f->id,
                              .version = f->version,
                              .state = str_of(item_state_word(is.state)),
                              .name = str_or_empty(doc_value(&d, "task_name"))};
    struct str base = str_fmt(c->arena, "/admin/items/%" PRId64 "/versions/%" PRId64 "/preview",
                              f->id, f->version);
    TRY(item_guide_of_doc(c, f->id, f->version, base, &d, &v->guide));
    if (f->a.n > 0)
        guide_answer_fill(c, &d, &f->a, &v->guide);
    return E_OK;
}

enum err dir_file_show(struct ctx *c, const struct dir_file_of_form *f, struct reply *r)
{
    struct item_doc d;
    TRY(item_version_doc(c, f->id, f->version, &d));
    const struct doc_file *file = doc_file_of(&d, f->file);
    if (file == NULL)
        return fail(c, E_NOT_FOUND, "file %.*s", STR_ARG(f->file));
    return item_file_reply(c, file, r);
}
