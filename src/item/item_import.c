/* The directory from tables: items, then their texts, papers, words and sources. Every fault is named;
 * one fault and nothing is taken in. Each import that changes anything is a new directory version. */
#include "center.h"
#include "csv.h"
#include "identify.h"
#include "item.h"
#include "item_han.h"
#include "journal.h"

static const char *const zones[] = {"personal", "business", "estate", "investment", NULL};
static const char *const units[] = {"working", "natural", NULL};
static const char *const case_types[] = {"immediate", "promised", NULL};
static const char *const origins[] = {"read", "demonstration", "missing", NULL};
static const char *const paper_kinds[] = {"original", "copy", "both", "either", "form", NULL};
static const char *const necessities[] = {"required", "optional", "later", NULL};
static const char *const providers[] = {"applicant", "government", "on_site", NULL};
static const char *const audiences[] = {"personal", "legal", "both", NULL};
static const char *const elements[] = {"summary",   "conditions",    "steps",
                                       "fee",       "legal_basis",   "hours",
                                       "place",     "online",        "result",
                                       "questions", "consult_phone", "complaint_phone",
                                       NULL};

#define TEXT_MAX 20000

/* --- a set of codes seen in this file, to name the second of two equal ones --- */

struct seen_codes {
    struct str *slots;
    int *lines;
    size_t count, room;
};

static size_t slot_for(const struct seen_codes *s, struct str code)
{
    size_t h = 5381;
    for (size_t i = 0; i < code.n; i++)
        h = h * 33 + (unsigned char)code.p[i];
    for (h &= s->room - 1; s->slots[h].p != NULL && !str_eq(s->slots[h], code);)
        h = (h + 1) & (s->room - 1);
    return h;
}

static void seen_grow(struct arena *a, struct seen_codes *s)
{
    struct seen_codes old = *s;
    s->room = old.room == 0 ? 4096 : old.room * 2;
    s->slots = ARENA_ARRAY(a, struct str, s->room);
    s->lines = ARENA_ARRAY(a, int, s->room);
    for (size_t i = 0; i < old.room; i++) {
        if (old.slots[i].p == NULL)
            continue;
        size_t at = slot_for(s, old.slots[i]);
        s->slots[at] = old.slots[i];
        s->lines[at] = old.lines[i];
    }
}

/* The line where the code stood before, or 0. */
static int seen_before(struct arena *a, struct seen_codes *s, struct str code, int line)
{
    if ((s->count + 1) * 2 > s->room)
        seen_grow(a, s);
    size_t at = slot_for(s, code);
    if (s->slots[at].p != NULL)
        return s->lines[at];
    s->slots[at] = str_copy(a, code);
    s->lines[at] = line;
    s->count++;
    return 0;
}

/* --- items --- */

struct item_importing {
    struct seen_codes seen;
    struct str agency_name; /* of the row before: rows of an agency stand together */
    struct agency_row agency;
    int64_t version, count;
};

static enum err agency_of_row(struct ctx *c, struct table_in *t, struct item_importing *k)
{
    struct str name = table_need(t, "agency", 80);
    if (name.n == 0 || str_eq(name, k->agency_name))
        return E_OK;
    enum err e = agency_by_its_name(c, name, &k->agency);
    if (e == E_NOT_FOUND) {
        table_fault(t, "agency", "没有“%.*s”这个部门，请先导入部门", STR_ARG(name));
        k->agency_name = STR_NONE;
        return E_OK;
    }
    k->agency_name = str_copy(c->arena, name);
    return e;
}

static void check_codes(struct ctx *c, struct table_in *t, struct item_importing *k,
                        struct str code, struct str impl_code)
{
    if (code.n > 0 && !basic_code_ok(code))
        table_fault(t, "code",
                    "基本编码 %.*s 不对：应为 12 位，区划 2、类型 2、部门 2、主项 3、子项 3",
                    STR_ARG(code));
    if (impl_code.n > 0 && !implementation_code_ok(impl_code))
        table_fault(t, "impl_code",
                    "实施编码 %.*s 不对：18 位统一社会信用代码 + 1 位层级 + 12 位基本编码",
                    STR_ARG(impl_code));
    else if (impl_code.n == 31 && code.n == 12 && !str_ends(impl_code, code))
        table_fault(t, "impl_code", "实施编码的后 12 位与基本编码 %.*s 不同", STR_ARG(code));
    int before = code.n > 0 ? seen_before(c->arena, &k->seen, code, t->row_line) : 0;
    if (before > 0)
        table_fault(t, "code", "编码 %.*s 在第 %d 行已经有了", STR_ARG(code), before);
}

static enum err import_item(struct ctx *c, struct table_in *t, struct item_importing *k)
{
    struct str code = table_need(t, "code", 12), impl_code = table_need(t, "impl_code", 31);
    struct str name = table_need(t, "name", 200), kind = table_need(t, "type", 2);
    int zone = table_choice(t, "zone", zones), case_type = table_choice(t, "case_type", case_types);
    int legal_unit = table_choice(t, "legal_unit", units),
        promised_unit = table_choice(t, "promised_unit", units);
    bool one_window = table_flag(t, "one_window"), online = table_flag(t, "online"),
         fee = table_flag(t, "fee");
    int64_t visits = table_int(t, "visits", 0, 20), legal = table_int(t, "legal_days", 0, 3650);
    int64_t promised = table_int(t, "promised_days", 0, 3650);
    check_codes(c, t, k, code, impl_code);
    TRY(agency_of_row(c, t, k));
    if (t->fault_count > 0)
        return E_OK;
    k->count++;
    return item_put(c, c->center_id, new_id(c), code, impl_code, name,
                    str_or_empty(table_text(t, "name_en")),
                    str_or_empty(table_text(t, "main_item")), k->agency.id, kind,
                    str_of(zones[zone]), one_window, online, visits, case_type == 0, legal,
                    str_of(units[legal_unit]), promised, str_of(units[promised_unit]), fee,
                    k->version);
}

static enum err next_version(struct ctx *c, int64_t *ret_version)
{
    struct directory_row *d;
    TRY(directory(c, c->center_id, &d));
    *ret_version = d == NULL ? 1 : d->version + 1;
    return directory_put(c, c->center_id, *ret_version, c->now);
}

static enum err journal_import(struct ctx *c, int64_t version, int64_t count)
{
    struct str facts = str_fmt(c->arena, "{\"version\":%lld,\"count\":%lld}", (long long)version,
                               (long long)count);
    return journal_add(c, EV_ITEM_DIRECTORY_IMPORTED, version, 0, facts, STR_NONE);
}

enum err items_import(struct ctx *c, struct table_in *t)
{
    struct item_importing k = {0};
    TRY(next_version(c, &k.version));
    while (table_next(t))
        TRY(import_item(c, t, &k));
    return t->fault_count > 0 ? E_OK : journal_import(c, k.version, k.count);
}

/* --- what hangs on an item --- */

/* The item of a row by its code; 0 with a fault when there is none. "*" is 0 where it is allowed. */
static enum err item_of_row(struct ctx *c, struct table_in *t, bool star, bool *ret_is_known,
                            int64_t *ret_id)
{
    struct str code = table_need(t, "item", 31);
    struct item_row *row = NULL;
    *ret_id = 0;
    *ret_is_known = star && str_is(code, "*");
    if (*ret_is_known || code.n == 0)
        return E_OK;
    TRY(item_by_code(c, c->center_id, code, &row));
    if (row == NULL)
        table_fault(t, "item", "没有编码为 %.*s 的事项", STR_ARG(code));
    else
        *ret_id = row->id;
    *ret_is_known = row != NULL;
    return E_OK;
}

typedef enum err row_import(struct ctx *c, struct table_in *t, int64_t item_id);

static enum err import_rows(struct ctx *c, struct table_in *t, bool star, row_import *import)
{
    int64_t version, item_id;
    bool is_known;
    TRY(next_version(c, &version));
    while (table_next(t)) {
        TRY(item_of_row(c, t, star, &is_known, &item_id));
        if (is_known)
            TRY(import(c, t, item_id));
    }
    return E_OK;
}

static enum err import_text(struct ctx *c, struct table_in *t, int64_t item_id)
{
    int element = table_choice(t, "element", elements), origin = table_choice(t, "state", origins);
    struct str zh = table_need(t, "text", TEXT_MAX), en = str_or_empty(table_text(t, "text_en"));
    if (t->fault_count > 0)
        return E_OK;
    return item_text_put(c, c->center_id, item_id, str_of(elements[element]), zh, en,
                         str_of(origins[origin]), str_or_empty(table_text(t, "source")));
}

static enum err import_paper(struct ctx *c, struct table_in *t, int64_t item_id)
{
    int kind = table_choice(t, "kind", paper_kinds),
        necessity = table_choice(t, "necessity", necessities);
    int provider = table_choice(t, "provider", providers),
        origin = table_choice(t, "state", origins);
    int64_t position = table_int(t, "position", 1, 200), copies = table_int(t, "copies", 0, 99);
    struct str name = table_need(t, "name", 200);
    bool on_site = table_flag(t, "on_site");
    if (t->fault_count > 0)
        return E_OK;
    return item_paper_put(c, c->center_id, item_id, position, name,
                          str_or_empty(table_text(t, "name_en")), str_of(paper_kinds[kind]), copies,
                          str_of(necessities[necessity]), str_of(providers[provider]),
                          str_or_empty(table_text(t, "standard")),
                          str_or_empty(table_text(t, "standard_en")),
                          str_or_empty(table_text(t, "basis")), on_site, str_of(origins[origin]),
                          str_or_empty(table_text(t, "source")));
}

static enum err import_word(struct ctx *c, struct table_in *t, int64_t item_id)
{
    struct str word = table_need(t, "word", 80);
    return t->fault_count > 0
               ? E_OK
               : item_word_put(c, c->center_id, item_id, word, str_or_empty(table_text(t, "kind")));
}

static enum err import_demand(struct ctx *c, struct table_in *t, int64_t item_id)
{
    int audience = table_choice(t, "audience", audiences),
        origin = table_choice(t, "state", origins);
    int64_t visits = table_int(t, "visits", 0, 10000000);
    return t->fault_count > 0
               ? E_OK
               : item_demand_put(c, c->center_id, item_id, str_of(audiences[audience]), visits,
                                 str_of(origins[origin]), str_or_empty(table_text(t, "source")));
}

static enum err import_source(struct ctx *c, struct table_in *t, int64_t item_id)
{
    int origin = table_choice(t, "state", origins);
    struct str element = table_need(t, "element", 40), source = table_need(t, "source", 400);
    return t->fault_count > 0 ? E_OK
                              : item_source_put(c, c->center_id, item_id, element,
                                                str_of(origins[origin]), source);
}

enum err item_texts_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, false, import_text);
}
enum err item_papers_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, false, import_paper);
}
enum err item_words_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, false, import_word);
}
enum err item_demands_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, false, import_demand);
}
enum err item_sources_import(struct ctx *c, struct table_in *t)
{
    return import_rows(c, t, true, import_source);
}

/* A saying is kept as it is compared (simplified, half-width, lower case). Who asks means nothing more. */
static enum err import_saying(struct ctx *c, struct table_in *t)
{
    static const char *const kinds[] = {"ask", "means", "act", NULL};
    char plain[400];
    int kind = table_choice(t, "kind", kinds), origin = table_choice(t, "state", origins);
    struct str said = table_need(t, "said", 40), means = str_or_empty(table_text(t, "means"));
    if (kind == 0 && means.n > 0)
        table_fault(
            t, "means",
            "只是问话的说法（ask）没有对应的词，请把这一格留空，或把 kind 改成 means 或 act");
    if (kind > 0 && means.n == 0)
        table_fault(t, "means", "请写上这个说法对应的词，用空格隔开；只是问话的，kind 写 ask");
    if (t->fault_count > 0)
        return E_OK;
    struct str as_compared = {plain, han_plain(said, plain, sizeof plain)};
    return item_saying_put(c, c->center_id, as_compared, means, str_of(kinds[kind]),
                           str_of(origins[origin]), str_or_empty(table_text(t, "source")));
}

enum err item_sayings_import(struct ctx *c, struct table_in *t)
{
    int64_t version;
    TRY(next_version(c, &version));
    while (table_next(t))
        TRY(import_saying(c, t));
    return E_OK;
}

enum err item_demo(struct ctx *c, const char *data_dir)
{
    static const struct {
        const char *file;
        enum err (*import)(struct ctx *, struct table_in *);
    } files[] = {{"items.csv", items_import},
                 {"item_texts.csv", item_texts_import},
                 {"item_papers.csv", item_papers_import},
                 {"item_words.csv", item_words_import},
                 {"item_sayings.csv", item_sayings_import},
                 {"item_demand.csv", item_demands_import},
                 {"item_sources.csv", item_sources_import}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct table_in t;
        TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/%s", data_dir, files[i].file)));
        TRY(files[i].import(c, &t));
        TRY(table_end(c, &t));
    }
    return E_OK;
}
