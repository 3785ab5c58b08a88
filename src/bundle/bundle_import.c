/* Bundles from tables: the bundles, then what hangs on them. A file holds all rows of its kind for every bundle it names:
 * they take the place of those that were there. When the rows are in, each bundle named is put together and checked
 * as a whole, so that no file leaves a ring, a word that leads nowhere or a paper that nobody needs. One fault and nothing is taken. */
#include "bundle.h"
#include "center.h"
#include "csv.h"
#include "identify.h"
#include "journal.h"

#define BUNDLES_MAX 500
#define ROWS_MAX    200 /* of a bundle in a file; no part has more */
#define TEXT_CHARS  400

static const char *const audiences[] = {"person", "enterprise", NULL};
static const char *const stages[] = {"birth",  "schooling", "work",   "living",    "home",
                                     "travel", "medical",   "relief", "old_age",   "death",
                                     "entry",  "hiring",    "tax",    "operation", "construction",
                                     "exit",   NULL};
#define FIRST_ENTERPRISE_STAGE 10
static const char *const origins[] = {"read", "demonstration", NULL};
static const char *const units[] = {"working", "natural", NULL};
static const char *const paper_kinds[] = {"original", "copy", "both", "either", "form", NULL};
static const char *const providers[] = {"applicant", "government", "on_site", NULL};
static const char *const field_types[] = {"text", "date",    "number", "money",   "phone", "id_no",
                                          "uscc", "address", "choice", "account", NULL};

/* A bundle that the file names, and where its rows stand. */
struct named {
    struct str code;
    int line; /* first of them */
    size_t n;
    int lines[ROWS_MAX];
    struct str keys[ROWS_MAX]; /* code of the row; "before>after" of an edge */
    int64_t positions[ROWS_MAX];
};

struct importing {
    struct ctx *c;
    struct table_in *t;
    enum bundle_part part;
    struct named *named[BUNDLES_MAX];
    size_t count;
    const char *state; /* of the row at hand */
    struct str source;
};

static bool code_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              s.p[i] == '_'))
            return false;
    return s.n > 0;
}

/* A code of our own: small letters, digits and _. */
static struct str need_code(struct table_in *t, const char *column)
{
    struct str s = table_need(t, column, 40);
    if (s.n > 0 && !code_ok(s))
        table_fault(t, column, "“%.*s”不能用：只用小写字母、数字和下划线", STR_ARG(s));
    return s;
}

static struct str maybe_text(struct table_in *t, const char *column)
{
    return table_text(t, column).n == 0 ? STR("") : table_need(t, column, TEXT_CHARS);
}

static void origin_of_row(struct importing *k)
{
    int origin = table_choice(k->t, "state", origins);
    k->state = origin < 0 ? "" : origins[origin];
    k->source = table_need(k->t, "source", TEXT_CHARS);
}

/* --- bundles --- */

static enum err link_items(struct ctx *c, struct str code)
{
    struct bundle_row *head;
    struct bundle_components_rows rows;
    struct str path = str_fmt(c->arena, "/bundles/%.*s", STR_ARG(code));
    TRY(bundle(c, c->center_id, code, &head));
    TRY(bundle_components(c, c->center_id, code, &rows));
    TRY(item_links_clear(c, c->center_id, path));
    for (size_t i = 0; i < rows.n; i++) {
        struct item_row *row = NULL;
        if (rows.v[i].item.n > 0)
            TRY(item_by_code(c, c->center_id, rows.v[i].item, &row));
        if (row != NULL)
            TRY(item_link_put(c, c->center_id, row->id, path, head->name, head->name_en));
    }
    return E_OK;
}

/* One entry an import, and a new version of the directory, because guides name the bundles they belong to. */
static enum err note_import(struct ctx *c, size_t count)
{
    int64_t version;
    TRY(directory_rise(c, &version));
    return journal_add(c, EV_BUNDLE_IMPORTED, version, 0,
                       str_fmt(c->arena, "{\"count\":%zu}", count), STR_NONE);
}

static enum err check_lead(struct importing *k, struct str lead)
{
    struct agency_row *row = NULL;
    if (lead.n == 0)
        return E_OK;
    TRY(agency_by_name(k->c, k->c->center_id, lead, &row));
    if (row == NULL)
        table_fault(k->t, "lead", "没有“%.*s”这个部门，请先导入部门", STR_ARG(lead));
    return E_OK;
}

static struct named *name_bundle(struct importing *k, struct str code);

static enum err import_bundle(struct importing *k)
{
    struct ctx *c = k->c;
    struct table_in *t = k->t;
    struct str code = need_code(t, "code"), name = table_need(t, "name", 40),
               name_en = table_need(t, "name_en", 80), lead = table_need(t, "lead", 80);
    struct str summary = table_need(t, "summary", TEXT_CHARS),
               summary_en = table_need(t, "summary_en", TEXT_CHARS);
    int audience = table_choice(t, "audience", audiences), stage = table_choice(t, "stage", stages);
    int64_t position = table_int(t, "position", 1, BUNDLES_MAX);
    TRY(check_lead(k, lead));
    origin_of_row(k);
    if (audience >= 0 && stage >= 0 && (stage >= FIRST_ENTERPRISE_STAGE) != (audience == 1))
        table_fault(t, "stage", "“%s”不是“%s”的阶段", stages[stage], audiences[audience]);
    for (size_t i = 0; i < k->count; i++)
        if (k->named[i]->n > 0 && k->named[i]->positions[0] == position)
            table_fault(t, "position", "位置 %lld 在第 %d 行已经有了", (long long)position,
                        k->named[i]->line);
    struct named *b = t->fault_count > 0 ? NULL : name_bundle(k, code);
    if (b == NULL)
        return E_OK;
    if (b->n > 0) {
        table_fault(t, "code", "“%.*s”在第 %d 行已经有了", STR_ARG(code), b->line);
        return E_OK;
    }
    b->positions[b->n++] = position;
    return bundle_put(c, c->center_id, code, name, name_en, str_of(audiences[audience]),
                      str_of(stages[stage]), position, lead, summary, summary_en, str_of(k->state),
                      k->source);
}

/* --- what hangs on a bundle: the bundle of the row, once its rows are seen for the first time --- */

static struct named *name_bundle(struct importing *k, struct str code)
{
    for (size_t i = 0; i < k->count; i++)
        if (str_eq(k->named[i]->code, code))
            return k->named[i];
    if (k->count == BUNDLES_MAX) {
        table_fault(k->t, k->part == BUNDLE_PART_COUNT ? "code" : "bundle", "一次最多 %d 件事",
                    BUNDLES_MAX);
        return NULL;
    }
    struct named *b = ARENA_NEW(k->c->arena, struct named);
    b->code = str_copy(k->c->arena, code);
    b->line = k->t->row_line;
    k->named[k->count++] = b;
    return b;
}

static enum err clear(struct ctx *c, enum bundle_part part, struct str bundle_code)
{
    switch (part) {
    case BUNDLE_COMPONENTS:
        return bundle_components_clear(c, c->center_id, bundle_code);
    case BUNDLE_OPTIONS:
        return bundle_options_clear(c, c->center_id, bundle_code);
    case BUNDLE_EDGES:
        return bundle_edges_clear(c, c->center_id, bundle_code);
    case BUNDLE_PAPERS:
        return bundle_papers_clear(c, c->center_id, bundle_code);
    case BUNDLE_FIELDS:
        return bundle_fields_clear(c, c->center_id, bundle_code);
    case BUNDLE_PART_COUNT:
        break;
    }
    return E_OK;
}

static enum err bundle_of_row(struct importing *k, struct named **ret)
{
    struct str code = need_code(k->t, "bundle");
    struct bundle_row *row = NULL;
    *ret = NULL;
    if (code.n == 0)
        return E_OK;
    TRY(bundle(k->c, k->c->center_id, code, &row));
    if (row == NULL) {
        table_fault(k->t, "bundle", "没有“%.*s”这件事，请先导入一件事", STR_ARG(code));
        return E_OK;
    }
    *ret = name_bundle(k, code);
    return *ret != NULL && (*ret)->n == 0 ? clear(k->c, k->part, code) : E_OK;
}

/* Notes the row's key and position, and names the row that has them already. */
static bool is_new(struct importing *k, struct named *b, const char *key_column, struct str key,
                   int64_t position, size_t most)
{
    size_t before = k->t->fault_count;
    for (size_t i = 0; i < b->n; i++) {
        if (str_eq(b->keys[i], key))
            table_fault(k->t, key_column, "“%.*s”在第 %d 行已经有了", STR_ARG(key), b->lines[i]);
        if (position > 0 && b->positions[i] == position)
            table_fault(k->t, "position", "这个位置在第 %d 行已经有了", b->lines[i]);
    }
    if (b->n == most)
        table_fault(k->t, "bundle", "一件事里最多 %zu 行", most);
    if (k->t->fault_count > before)
        return false;
    b->keys[b->n] = str_copy(k->c->arena, key);
    b->positions[b->n] = position;
    b->lines[b->n++] = k->t->row_line;
    return true;
}

static void check_item(struct importing *k, struct str code, const struct item_row *row)
{
    if (row != NULL)
        return;
    if (basic_code_ok(code))
        table_fault(k->t, "item", "没有编码为 %.*s 的事项", STR_ARG(code));
    else
        table_fault(k->t, "item", "%.*s 不是 12 位基本编码", STR_ARG(code));
}

/* What a step outside the directory must say itself, and one with an item must not say a second time; only where
 * an item is done outside the hall, the first two say by whom. */
static const char *const own_columns[] = {"agency", "agency_en", "days", "unit", "visits", NULL};

static void check_own(struct importing *k, bool is_outside)
{
    for (int i = is_outside ? 2 : 0; own_columns[i] != NULL; i++)
        if (table_text(k->t, own_columns[i]).n > 0)
            table_fault(k->t, own_columns[i], "有事项编码就不填：以事项目录为准");
}

static enum err import_component(struct importing *k, struct named *b)
{
    struct ctx *c = k->c;
    struct table_in *t = k->t;
    struct item_row *row = NULL;
    struct str item_code = maybe_text(t, "item"), agency_name = STR(""), agency_en = STR("");
    int64_t days = 0, visits = 0;
    int unit = 0;
    struct str code = need_code(t, "code"), name = table_need(t, "name", 40),
               name_en = table_need(t, "name_en", 80);
    int64_t position = table_int(t, "position", 1, PLAN_COMPONENTS_MAX);
    bool outside = table_flag(t, "outside");
    struct str cost = maybe_text(t, "cost"), cost_en = maybe_text(t, "cost_en");
    origin_of_row(k);
    if (item_code.n > 0) {
        check_own(k, outside);
        agency_name = maybe_text(t, "agency");
        agency_en = maybe_text(t, "agency_en");
        TRY(item_by_code(c, c->center_id, item_code, &row));
        check_item(k, item_code, row);
    } else {
        agency_name = table_need(t, "agency", 80);
        agency_en = table_need(t, "agency_en", 120);
        days = table_int(t, "days", 0, 3650);
        unit = table_choice(t, "unit", units);
        visits = table_int(t, "visits", 0, 20);
    }
    if (!is_new(k, b, "code", code, position, PLAN_COMPONENTS_MAX) || t->fault_count > 0)
        return E_OK;
    return bundle_component_put(c, c->center_id, b->code, code, position, item_code, name, name_en,
                                agency_name, agency_en, days, str_of(units[unit]), visits, outside,
                                cost, cost_en, str_of(k->state), k->source);
}

static enum err import_option(struct importing *k, struct named *b)
{
    struct ctx *c = k->c;
    struct table_in *t = k->t;
    int64_t question = table_int(t, "question", 1, PLAN_QUESTIONS_MAX),
            position = table_int(t, "position", 1, PLAN_OPTIONS_MAX);
    struct str code = need_code(t, "code"), text = table_need(t, "text", 80),
               text_en = table_need(t, "text_en", 160), label = table_need(t, "label", 40),
               label_en = table_need(t, "label_en", 80), components = maybe_text(t, "components");
    origin_of_row(k);
    if (!is_new(k, b, "code", code, question * 10 + position,
                PLAN_QUESTIONS_MAX * PLAN_OPTIONS_MAX) ||
        t->fault_count > 0)
        return E_OK;
    return bundle_option_put(c, c->center_id, b->code, question, code, position, text, text_en,
                             label, label_en, components, str_of(k->state), k->source);
}

static enum err import_edge(struct importing *k, struct named *b)
{
    struct ctx *c = k->c;
    struct str before = need_code(k->t, "before"), after = need_code(k->t, "after"),
               result = table_need(k->t, "result", 80),
               result_en = table_need(k->t, "result_en", 160);
    struct str key = str_fmt(c->arena, "%.*s>%.*s", STR_ARG(before), STR_ARG(after));
    origin_of_row(k);
    if (!is_new(k, b, "after", key, 0, PLAN_EDGES_MAX) || k->t->fault_count > 0)
        return E_OK;
    return bundle_edge_put(c, c->center_id, b->code, before, after, result, result_en,
                           str_of(k->state), k->source);
}

static enum err import_paper(struct importing *k, struct named *b)
{
    struct ctx *c = k->c;
    struct table_in *t = k->t;
    int64_t position = table_int(t, "position", 1, PLAN_PAPERS_MAX),
            copies = table_int(t, "copies", 0, 99);
    struct str code = need_code(t, "code"), name = table_need(t, "name", 80),
               name_en = table_need(t, "name_en", 160);
    int kind = table_choice(t, "kind", paper_kinds),
        provider = table_choice(t, "provider", providers);
    struct str components = table_need(t, "components", TEXT_CHARS),
               made_by = maybe_text(t, "produced_by"), when = maybe_text(t, "when");
    struct str words = maybe_text(t, "note"), words_en = maybe_text(t, "note_en");
    origin_of_row(k);
    if (!is_new(k, b, "code", code, position, PLAN_PAPERS_MAX) || t->fault_count > 0)
        return E_OK;
    return bundle_paper_put(c, c->center_id, b->code, code, position, name, name_en,
                            str_of(paper_kinds[kind]), copies, str_of(providers[provider]),
                            components, made_by, when, words, words_en, str_of(k->state),
                            k->source);
}

static enum err import_field(struct importing *k, struct named *b)
{
    struct ctx *c = k->c;
    struct table_in *t = k->t;
    int64_t position = table_int(t, "position", 1, PLAN_FIELDS_MAX);
    struct str code = need_code(t, "code"), title = table_need(t, "title", 80),
               title_en = table_need(t, "title_en", 160);
    int type = table_choice(t, "type", field_types);
    struct str components = table_need(t, "components", TEXT_CHARS),
               from = maybe_text(t, "prefilled"), from_en = maybe_text(t, "prefilled_en"),
               when = maybe_text(t, "when");
    origin_of_row(k);
    if (!is_new(k, b, "code", code, position, PLAN_FIELDS_MAX) || t->fault_count > 0)
        return E_OK;
    return bundle_field_put(c, c->center_id, b->code, code, position, title, title_en,
                            str_of(field_types[type]), components, from, from_en, when,
                            str_of(k->state), k->source);
}

/* --- the whole --- */

/* The line of a faulty row: its own when the file holds it, else the first of the bundle. */
static int line_of(const struct importing *k, const struct named *b, const struct bundle_def *d,
                   const struct bundle_fault *f)
{
    struct str key = STR("");
    switch (f->part) {
    case BUNDLE_COMPONENTS:
        key = d->components.v[f->row].code;
        break;
    case BUNDLE_OPTIONS:
        key = d->options.v[f->row].code;
        break;
    case BUNDLE_EDGES:
        key = str_fmt(k->c->arena, "%.*s>%.*s", STR_ARG(d->edges.v[f->row].before_code),
                      STR_ARG(d->edges.v[f->row].after_code));
        break;
    case BUNDLE_PAPERS:
        key = d->papers.v[f->row].code;
        break;
    case BUNDLE_FIELDS:
        key = d->fields.v[f->row].code;
        break;
    case BUNDLE_PART_COUNT:
        break;
    }
    for (size_t i = 0; f->part == k->part && i < b->n; i++)
        if (str_eq(b->keys[i], key))
            return b->lines[i];
    return b->line;
}

static const char *const part_tables[] = {"bundle_components", "bundle_options", "bundle_edges",
                                          "bundle_papers", "bundle_fields"};

static void tell(struct importing *k, const struct named *b, const struct bundle_def *d,
                 const struct bundle_fault *f)
{
    struct table_in *t = k->t;
    t->row_line = line_of(k, b, d, f);
    const char *column = f->part == k->part ? f->column : "bundle";
    if (f->part != k->part)
        table_fault(t, column, "“%.*s”的 %s 还用着“%.*s”，请先改那张表", STR_ARG(b->code),
                    part_tables[f->part], STR_ARG(f->word));
    else if (f->wrong == BUNDLE_NO_COMPONENT)
        table_fault(t, column, "“%.*s”里没有办件“%.*s”", STR_ARG(b->code), STR_ARG(f->word));
    else if (f->wrong == BUNDLE_NO_OPTION)
        table_fault(t, column, "“%.*s”里没有选项“%.*s”", STR_ARG(b->code), STR_ARG(f->word));
    else if (f->wrong == BUNDLE_CYCLE)
        table_fault(t, column, "这几件互相等，谁也办不成：%.*s", STR_ARG(f->word));
    else if (f->wrong == BUNDLE_OWN_PAPER)
        table_fault(t, column, "“%.*s”不能要自己办出来的材料", STR_ARG(f->word));
    else if (f->wrong == BUNDLE_MANY_OPTIONS)
        table_fault(t, column, "一个问题最多 %d 个选项", PLAN_OPTIONS_MAX);
    else
        table_fault(t, column, "没有哪一件要它");
}

static enum err check_all(struct importing *k)
{
    for (size_t i = 0; i < k->count && k->t->fault_count == 0; i++) {
        struct bundle_def *d = ARENA_NEW(k->c->arena, struct bundle_def);
        TRY(bundle_load(k->c, k->named[i]->code, d));
        for (size_t f = 0; f < d->fault_count; f++)
            tell(k, k->named[i], d, &d->faults[f]);
        if (k->t->fault_count > 0)
            return E_OK;
        if (k->part == BUNDLE_COMPONENTS || k->part == BUNDLE_PART_COUNT)
            TRY(link_items(k->c, k->named[i]->code));
    }
    return note_import(k->c, k->count);
}

static enum err import_rows(struct ctx *c, struct table_in *t, enum bundle_part part,
                            enum err (*import)(struct importing *, struct named *))
{
    struct importing *k = ARENA_NEW(c->arena, struct importing);
    struct named *b;
    k->c = c;
    k->t = t;
    k->part = part;
    while (table_next(t)) {
        if (part == BUNDLE_PART_COUNT) {
            TRY(import_bundle(k));
            continue;
        }
        TRY(bundle_of_row(k, &b));
        if (b != NULL)
            TRY(import(k, b));
    }
    return t->fault_count > 0 ? E_OK : check_all(k);
}

enum err bundles_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, BUNDLE_PART_COUNT, NULL);
}
enum err bundle_components_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, BUNDLE_COMPONENTS, import_component);
}
enum err bundle_options_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, BUNDLE_OPTIONS, import_option);
}
enum err bundle_edges_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, BUNDLE_EDGES, import_edge);
}
enum err bundle_papers_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, BUNDLE_PAPERS, import_paper);
}
enum err bundle_fields_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, BUNDLE_FIELDS, import_field);
}

enum err bundle_demo(struct ctx *c, const char *data_dir)
{
    static const struct {
        const char *file;
        enum err (*import)(struct ctx *, struct table_in *);
    } files[] = {{"bundles.csv", bundles_import},
                 {"bundle_components.csv", bundle_components_import},
                 {"bundle_options.csv", bundle_options_import},
                 {"bundle_edges.csv", bundle_edges_import},
                 {"bundle_papers.csv", bundle_papers_import},
                 {"bundle_fields.csv", bundle_fields_import}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct table_in t;
        TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/../bundles/%s", data_dir, files[i].file)));
        TRY(files[i].import(c, &t));
        TRY(table_end(c, &t));
    }
    return E_OK;
}
