/* The basic catalogue and what an implementation item has from it (DOMAIN.md 1.1, 1.3, 1.10). */
#include "item_rules.h"
#include <string.h>

static enum err entry_of(struct ctx *c, const struct catalogue_row_row *r,
                         struct catalogue_entry *ret)
{
    struct item_doc bases = {0};
    struct doc_faults faults;
    if (r->bases.n > 0)
        TRY(item_doc_read(c, r->bases, &bases, &faults));
    *ret = (struct catalogue_entry){.code = r->code,
                                    .name = r->name,
                                    .name_en = r->name_en,
                                    .kind = r->kind,
                                    .use_levels = r->use_levels,
                                    .central_dept = r->central_dept,
                                    .state = r->state,
                                    .source = r->source,
                                    .bases = bases.bases,
                                    .valid_from = r->valid_from,
                                    .valid_to = r->valid_to};
    return E_OK;
}

enum err catalogue_of(struct ctx *c, struct str code, struct catalogue_entry **ret)
{
    struct catalogue_row_row *row;
    TRY(catalogue_row(c, code, &row));
    struct catalogue_entry *entry =
        row == NULL ? NULL : ARENA_NEW(c->arena, struct catalogue_entry);
    if (row != NULL)
        TRY(entry_of(c, row, entry));
    *ret = entry;
    return E_OK;
}

enum err catalogue_after(struct ctx *c, struct str after, struct catalogue_entries *ret)
{
    struct catalogue_rows_after_rows rows;
    TRY(catalogue_rows_after(c, after, &rows));
    struct catalogue_entries all = {ARENA_ARRAY(c->arena, struct catalogue_entry, rows.n + 1),
                                    rows.n};
    for (size_t i = 0; i < rows.n; i++)
        TRY(entry_of(c, &rows.v[i], &all.v[i]));
    *ret = all;
    return E_OK;
}

/* --- inheriting --- */

static void inherit_element(struct ctx *c, struct item_doc *d, const char *field, struct str zh,
                            struct str en, const struct catalogue_entry *entry)
{
    if (doc_value(d, field).n > 0 || zh.n == 0)
        return;
    doc_element_set(c, d,
                    (struct doc_element){.field = str_of(field),
                                         .zh = zh,
                                         .en = en,
                                         .state = entry->state,
                                         .source = entry->source});
}

void item_doc_inherit(struct ctx *c, struct item_doc *d, const struct catalogue_entry *entry)
{
    if (entry == NULL)
        return;
    inherit_element(c, d, "task_name", entry->name, entry->name_en, entry);
    inherit_element(c, d, "task_type", entry->kind, STR(""), entry);
    if (d->bases.n == 0)
        d->bases = entry->bases;
}

/* --- comparing --- */

/* Brackets and other signs in half width, no blanks: 名称（市级） and 名称 (市级) are the same name. */
static struct str plain_name(struct ctx *c, struct str name)
{
    struct buf b;
    buf_init(&b, c->arena, 8192);
    for (size_t at = 0; at < name.n;) {
        size_t from = at;
        uint32_t ch = str_next_char(name, &at);
        if (ch == ' ' || ch == 0x3000)
            continue;
        if (ch > 0xFF00 && ch < 0xFF5F)
            buf_char(&b, (char)(ch - 0xFEE0));
        else
            buf_put(&b, name.p + from, at - from);
    }
    return buf_as_str(&b);
}

static bool has_basis(struct ctx *c, const struct doc_basis_list *l, const struct doc_basis *wanted)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(plain_name(c, l->v[i].law), plain_name(c, wanted->law)) &&
            str_eq(plain_name(c, l->v[i].article), plain_name(c, wanted->article)))
            return true;
    return false;
}

void item_doc_against_catalogue(struct ctx *c, const struct item_doc *d,
                                const struct catalogue_entry *entry, struct doc_faults *faults)
{
    if (entry == NULL)
        return;
    struct str name = doc_value(d, "task_name"), kind = doc_value(d, "task_type");
    if (name.n > 0 && !str_eq(plain_name(c, name), plain_name(c, entry->name)))
        doc_fault_add(c, faults, STR("elements.task_name"),
                      tr_fill(c, "名称来自基本目录，应为“{name}”；要改请先改目录", "name",
                              entry->name, NULL));
    if (kind.n > 0 && !str_eq(kind, entry->kind))
        doc_fault_add(c, faults, STR("elements.task_type"),
                      tr_fill(c, "类型来自基本目录，应为 {kind}", "kind", entry->kind, NULL));
    for (size_t i = 0; d->bases.n > 0 && i < entry->bases.n; i++)
        if (!has_basis(c, &d->bases, &entry->bases.v[i]))
            doc_fault_add(c, faults, STR("bases"),
                          tr_fill(c, "少了基本目录里的依据《{law}》{article}；可以增加，不能去掉",
                                  "law", entry->bases.v[i].law, "article",
                                  entry->bases.v[i].article, NULL));
}

/* --- four sames --- */

const char *const same_sentences[SAME_STEP_COUNT] =
    {[SAME_CATALOGUE] = /* tr */ "基本目录里没有这个编码，或者它现在不用了",
     [SAME_NAME] = /* tr */ "名称与基本目录不同",
     [SAME_CODE] = /* tr */ "实施编码与基本编码、实施主体编码对不上",
     [SAME_BASES] = /* tr */ "少了基本目录里的设定依据",
     [SAME_KIND] = /* tr */ "类型与基本目录或编码不同",
     [SAME_LEVEL] = /* tr */ "实施编码里的层级不是目录里可以行使的层级"};

static bool same_text(struct ctx *c, struct str a, struct str b)
{
    return str_eq(a, b) || str_eq(plain_name(c, a), plain_name(c, b));
}

static bool has_all_bases(struct ctx *c, const struct item_doc *d,
                          const struct catalogue_entry *entry)
{
    for (size_t i = 0; i < entry->bases.n; i++)
        if (!has_basis(c, &d->bases, &entry->bases.v[i]))
            return false;
    return true;
}

static bool level_is_among(struct str levels, char level)
{
    for (struct str rest = levels; rest.p != NULL;) {
        struct str one = str_trim(str_cut(&rest, ','));
        if (one.n == 1 && one.p[0] == level)
            return true;
    }
    return false;
}

/* Part of a code, empty when it is too short for it. */
static struct str part(struct str code, size_t from, size_t n)
{
    return code.n < from + n ? STR("") : (struct str){code.p + from, n};
}

unsigned item_sames_failed(struct ctx *c, const struct item_doc *d,
                           const struct catalogue_entry *entry, int32_t on)
{
    struct str basic = str_or_empty(doc_value(d, "catalog_code"));
    struct str own = str_or_empty(doc_value(d, "task_code"));
    struct str kind = str_or_empty(doc_value(d, "task_type"));
    struct str body = str_or_empty(doc_value(d, "dept_code"));
    unsigned failed = 0;
    if (entry == NULL)
        return 1u << SAME_CATALOGUE;
    if (on < entry->valid_from || (entry->valid_to != 0 && on >= entry->valid_to))
        failed |= 1u << SAME_CATALOGUE;
    if (!same_text(c, str_or_empty(doc_value(d, "task_name")), entry->name))
        failed |= 1u << SAME_NAME;
    if (own.n != 31 || basic.n == 0 || !str_eq(part(own, 19, 12), basic) ||
        !str_eq(part(own, 0, 18), body))
        failed |= 1u << SAME_CODE;
    if (!has_all_bases(c, d, entry))
        failed |= 1u << SAME_BASES;
    if (!str_eq(kind, entry->kind) || !str_eq(kind, part(basic, 2, 2)))
        failed |= 1u << SAME_KIND;
    if (own.n < 19 || !level_is_among(entry->use_levels, own.p[18]))
        failed |= 1u << SAME_LEVEL;
    return failed;
}
