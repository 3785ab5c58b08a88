/* The guide page, its QR code, and the forms and samples it offers. */
#include "item_guide.h"
#include "qr.h"

enum err item_show(struct ctx *c, const struct item_guide_form *f, struct reply *r,
                   struct item_view *v)
{
    const struct item_kept *kept;
    struct guide_hours hours;
    (void)r;
    TRY(item_kept_of(c, f->code, &kept));
    *v = kept->view;
    if (f->a.n > 0)
        guide_answer_fill(c, &kept->doc, &f->a, v);
    if (f->a.n > 0 || c->actor.kind == ACTOR_STAFF)
        v->before_hours = v->after_hours = STR_NONE; /* made for this reader */
    TRY(guide_hours_now(c, &hours));
    guide_hours_say(c, &hours, v);
    return E_OK;
}

/* The same page with the same answers, for the phone of who reads it on paper or on another screen. */
enum err item_qr(struct ctx *c, const struct item_guide_form *f, struct reply *r)
{
    const struct item_kept *kept;
    struct item_view v;
    TRY(item_kept_of(c, f->code, &kept));
    v = kept->view;
    guide_answer_fill(c, &kept->doc, &f->a, &v);
    struct str host = c->request == NULL ? STR("") : c->request->host;
    struct str link =
        str_fmt(c->arena, "%.*s/items/%.*s%.*s", STR_ARG(host), STR_ARG(v.code), STR_ARG(v.query));
    struct str svg = qr_svg(c->arena, link);
    if (svg.p == NULL)
        return fail(c, E_TOO_LARGE, "no QR code for a link of %zu bytes", link.n);
    reply_body(r, "image/svg+xml", svg);
    r->cache_seconds = 600;
    return E_OK;
}

static const struct {
    const char *content_type, *ending;
    bool is_shown; /* browsers show it; all else is saved */
} endings[] = {{"application/pdf", ".pdf", true},
               {"image/png", ".png", true},
               {"image/jpeg", ".jpg", true},
               {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx",
                false},
               {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx",
                false}};

/* Content-Disposition with the name in UTF-8 (RFC 6266, RFC 8187), its ending that of the type. */
static struct str disposition_of(struct ctx *c, const struct doc_file *f)
{
    struct buf b;
    const char *ending = "";
    bool is_shown = false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (str_is(f->content_type, endings[i].content_type)) {
            ending = endings[i].ending;
            is_shown = endings[i].is_shown;
        }
    buf_init(&b, c->arena, 8192);
    buf_str(&b, is_shown ? STR("inline") : STR("attachment"));
    buf_lit(&b, "; filename*=UTF-8''");
    for (size_t i = 0; i < f->name.n; i++) {
        unsigned char ch = (unsigned char)f->name.p[i];
        if ((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
            ch == '-' || ch == '_' || ch == '.')
            buf_char(&b, (char)ch);
        else
            buf_fmt(&b, "%%%02X", ch);
    }
    if (!str_ends(f->name, str_of(ending)))
        buf_str(&b, str_of(ending));
    return buf_as_str(&b);
}

enum err item_file_reply(struct ctx *c, const struct doc_file *file, struct reply *r)
{
    struct str bytes;
    TRY(item_file_read(c, file->digest, &bytes));
    reply_body(r, str_z(c->arena, file->content_type), bytes);
    r->disposition = disposition_of(c, file);
    return E_OK;
}

enum err item_file_show(struct ctx *c, const struct item_file_form *f, struct reply *r)
{
    const struct item_kept *kept;
    TRY(item_kept_of(c, f->code, &kept));
    const struct doc_file *file = doc_file_of(&kept->doc, f->file);
    if (file == NULL)
        return fail(c, E_NOT_FOUND, "file %.*s", STR_ARG(f->file));
    TRY(item_file_reply(c, file, r));
    r->cache_seconds = 600;
    return E_OK;
}
