/* Papers from a table: one row a paper, in the place of the one at its position. Every member of a paper has a column; the
 * columns that a table leaves out keep what is there, so a list of fourteen columns, as halls had them first, does not
 * wipe what an editor has added. */
#include "item_import.h"
#include "item_shape.h"

static const char *const origins[] = {"read", "demonstration", "missing", NULL};
static const char *const kinds[] = {"original", "copy", "both", "either", "form", NULL};
static const char *const media[] = {"paper", "electronic", "any", NULL};
static const char *const necessities[] = {"required", "optional", "later", NULL};
static const char *const providers[] = {"applicant", "government", "on_site", NULL};

#define FILE_CODE_MAX 40

static void read_word(struct table_in *t, const char *column, const char *const *words,
                      struct str *to)
{
    int i = table_choice(t, column, words);
    if (i >= 0)
        *to = str_of(words[i]);
}

/* A column that may be absent, and empty. */
static void read_text(struct table_in *t, const char *column, size_t max_chars, struct str *to)
{
    struct str s = table_text(t, column);
    if (s.p == NULL)
        return;
    if (s.n > max_chars && str_chars(s) > max_chars)
        table_fault(t, column, "太长：最多 %zu 个字", max_chars);
    *to = s;
}

static void read_medium(struct table_in *t, struct str *to)
{
    struct str s = table_text(t, "medium");
    if (s.n > 0)
        read_word(t, "medium", media, to);
    else if (s.p != NULL)
        *to = STR("");
}

static void read_texts(struct table_in *t, struct doc_paper *p)
{
    const struct {
        const char *column;
        size_t max_chars;
        struct str *to;
    } texts[] = {{"name_en", 400, &p->name_en},
                 {"source_note", 1000, &p->source_note},
                 {"page_format", 40, &p->page_format},
                 {"blank_file", FILE_CODE_MAX, &p->blank_file},
                 {"sample_file", FILE_CODE_MAX, &p->sample_file},
                 {"fill_note", 4000, &p->fill_note},
                 {"fill_note_en", 4000, &p->fill_note_en},
                 {"standard", 4000, &p->standard},
                 {"standard_en", 4000, &p->standard_en},
                 {"basis", 2000, &p->basis},
                 {"basis_en", 2000, &p->basis_en},
                 {"issuer", 200, &p->issuer},
                 {"issuer_en", 400, &p->issuer_en},
                 {"time_rule", 400, &p->time_rule},
                 {"where_to_get", 400, &p->where_to_get},
                 {"where_to_get_en", 400, &p->where_to_get_en},
                 {"licence_type", 40, &p->licence_type},
                 {"source", 400, &p->source}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        read_text(t, texts[i].column, texts[i].max_chars, texts[i].to);
}

static void read_paper(struct table_in *t, struct doc_paper *p)
{
    p->name = table_need(t, "name", 200);
    p->copies = table_int(t, "copies", 0, 99);
    p->on_site = table_flag(t, "on_site");
    read_word(t, "kind", kinds, &p->kind);
    read_word(t, "necessity", necessities, &p->necessity);
    read_word(t, "provider", providers, &p->provider);
    read_word(t, "state", origins, &p->state);
    read_medium(t, &p->medium);
    read_texts(t, p);
}

/* Forms and samples come in before the papers that name them (item_files). */
static enum err check_file(struct ctx *c, struct table_in *t, int64_t item_id, const char *column,
                           struct str code)
{
    struct item_file_named_row *file;
    if (code.n == 0)
        return E_OK;
    TRY(item_file_named(c, c->center_id, item_id, code, &file));
    if (file == NULL)
        table_fault(t, column, "这个事项没有编号为 %.*s 的文件；请先导入 item_files",
                    STR_ARG(code));
    return E_OK;
}

static bool same_member(const struct shape_member *m, const struct doc_paper *a,
                        const struct doc_paper *b)
{
    switch (m->kind) {
    case MEMBER_TEXT:
    case MEMBER_WORD:
        return str_eq(shape_text(a, m), shape_text(b, m));
    case MEMBER_INT:
        return shape_int(a, m) == shape_int(b, m);
    case MEMBER_FLAG:
        return shape_flag(a, m) == shape_flag(b, m);
    case MEMBER_LIST:
        break; /* a paper has none */
    }
    return false;
}

static bool same_paper(const struct doc_paper *a, const struct doc_paper *b)
{
    const struct shape *s = shape_member_of(&item_doc_shape, "papers")->rows;
    for (size_t i = 0; i < s->n; i++)
        if (!same_member(&s->members[i], a, b))
            return false;
    return true;
}

static enum err import_paper(struct ctx *c, struct table_in *t, struct item_changes *k,
                             int64_t item_id)
{
    int64_t position = table_int(t, "position", 1, DOC_ROWS_MAX);
    struct part_papers_row *is;
    TRY(item_paper_of(c, c->center_id, item_id, position, &is));
    struct doc_paper before = {0};
    if (is != NULL)
        before = doc_paper_of_row(is);
    struct doc_paper p = before;
    p.position = position;
    read_paper(t, &p);
    TRY(check_file(c, t, item_id, "blank_file", p.blank_file));
    TRY(check_file(c, t, item_id, "sample_file", p.sample_file));
    if (t->fault_count > 0 || (is != NULL && same_paper(&before, &p)))
        return E_OK;
    TRY(item_changes_touch(c, k, item_id));
    return item_paper_put(c, item_id, &p);
}

enum err item_papers_import(struct ctx *c, struct table_in *t)
{
    return item_rows_import(c, t, false, import_paper);
}
