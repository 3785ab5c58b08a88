/* The directory from tables: items, then their texts, papers, words and sources. Every fault is named;
 * one fault and nothing is taken in. Each import that changes anything is a new directory version. */
#include "center.h"
#include "csv.h"
#include "identify.h"
#include "item_han.h"
#include "item_import.h"

static const char *const zones[] = {"personal", "business", "estate", "investment", NULL};
static const char *const units[] = {"working", "natural", NULL};
static const char *const case_types[] = {"immediate", "promised", NULL};
static const char *const origins[] = {"read", "demonstration", "missing", NULL};
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
    bool is_first; /* the directory is empty: no item needs to be looked for */
    struct item_changes changes;
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

/* Five working days are seven natural ones (item_rules.h). */
static int64_t days_in_fifths(int64_t days, struct str unit)
{
    return days * (str_is(unit, "working") ? 7 : 5);
}

/* What contradicts itself or the law is not in force for a moment (the hard rules immediate_term and
 * promise_within_law of item_rules.c, which see the whole document later). */
static void check_limits(struct table_in *t, const struct item_row *i)
{
    int64_t law = days_in_fifths(i->legal_days, i->legal_unit);
    int64_t promise = days_in_fifths(i->promised_days, i->promised_unit);
    if (i->is_immediate && i->promised_days > 0)
        table_fault(t, "promised_days", "即办件的承诺应是 0 天；不是当场办的，请改办件类型");
    else if (i->legal_days > 0 && promise > law)
        table_fault(t, "promised_days", "承诺时限比法定时限还长；请改到法定时限以内");
}

static bool same_item(const struct item_row *a, const struct item_row *b)
{
    return a->is_listed && str_eq(a->impl_code, b->impl_code) && str_eq(a->name, b->name) &&
           str_eq(a->name_en, b->name_en) && str_eq(a->main_item, b->main_item) &&
           a->agency_id == b->agency_id && str_eq(a->kind, b->kind) &&
           str_eq(a->zone_code, b->zone_code) && a->one_window == b->one_window &&
           a->is_online == b->is_online && a->onsite_visits == b->onsite_visits &&
           a->is_immediate == b->is_immediate && a->legal_days == b->legal_days &&
           str_eq(a->legal_unit, b->legal_unit) && a->promised_days == b->promised_days &&
           str_eq(a->promised_unit, b->promised_unit) && a->has_fee == b->has_fee;
}

/* A new item, or the next version of one that differs. */
static enum err put_item(struct ctx *c, struct item_importing *k, struct item_row *i)
{
    struct item_row *before = NULL;
    if (!k->is_first)
        TRY(item_by_code(c, c->center_id, i->code, &before));
    if (before != NULL && same_item(before, i))
        return E_OK;
    if (before != NULL)
        TRY(item_changes_touch(c, &k->changes, before->id));
    else
        k->changes.count++;
    return item_put(c, c->center_id, new_id(c), i->code, i->impl_code, i->name, i->name_en,
                    i->main_item, i->agency_id, i->kind, i->zone_code, i->one_window, i->is_online,
                    i->onsite_visits, i->is_immediate, i->legal_days, i->legal_unit,
                    i->promised_days, i->promised_unit, i->has_fee, 1);
}

static enum err import_item(struct ctx *c, struct table_in *t, struct item_importing *k)
{
    struct item_row i = {.code = table_need(t, "code", 12),
                         .impl_code = table_need(t, "impl_code", 31),
                         .name = table_need(t, "name", 200),
                         .kind = table_need(t, "type", 2)};
    int zone = table_choice(t, "zone", zones), case_type = table_choice(t, "case_type", case_types);
    int legal_unit = table_choice(t, "legal_unit", units),
        promised_unit = table_choice(t, "promised_unit", units);
    i.one_window = table_flag(t, "one_window");
    i.is_online = table_flag(t, "online");
    i.has_fee = table_flag(t, "fee");
    i.onsite_visits = table_int(t, "visits", 0, 20);
    i.legal_days = table_int(t, "legal_days", 0, 3650);
    i.promised_days = table_int(t, "promised_days", 0, 3650);
    check_codes(c, t, k, i.code, i.impl_code);
    TRY(agency_of_row(c, t, k));
    if (t->fault_count > 0)
        return E_OK;
    i.name_en = str_or_empty(table_text(t, "name_en"));
    i.main_item = str_or_empty(table_text(t, "main_item"));
    i.agency_id = k->agency.id;
    i.zone_code = str_of(zones[zone]);
    i.is_immediate = case_type == 0;
    i.legal_unit = str_of(units[legal_unit]);
    i.promised_unit = str_of(units[promised_unit]);
    check_limits(t, &i);
    return t->fault_count > 0 ? E_OK : put_item(c, k, &i);
}

enum err items_import(struct ctx *c, struct table_in *t)
{
    struct item_importing k = {0};
    struct item_any_row *any;
    TRY(item_any(c, c->center_id, &any));
    k.is_first = any == NULL;
    while (table_next(t))
        TRY(import_item(c, t, &k));
    return t->fault_count > 0 ? E_OK : item_changes_end(c, &k.changes);
}

/* --- what hangs on an item --- */

/* The item of a row by its code; 0 with a fault when there is none. "*" is 0 where it is allowed. */
enum err item_of_row(struct ctx *c, struct table_in *t, bool star, bool *ret_is_known,
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

enum err item_rows_import(struct ctx *c, struct table_in *t, bool star, item_row_import *import)
{
    struct item_changes k = {0};
    int64_t item_id;
    bool is_known;
    while (table_next(t)) {
        TRY(item_of_row(c, t, star, &is_known, &item_id));
        if (is_known)
            TRY(import(c, t, &k, item_id));
    }
    return t->fault_count > 0 ? E_OK : item_changes_end(c, &k);
}

static bool same_questions(const struct item_questions_rows *a, const struct doc_question_list *b)
{
    for (size_t i = 0; i < a->n && a->n == b->n; i++)
        if (!str_eq(a->v[i].question, b->v[i].question) ||
            !str_eq(a->v[i].question_en, b->v[i].question_en) ||
            !str_eq(a->v[i].answer, b->v[i].answer) ||
            !str_eq(a->v[i].answer_en, b->v[i].answer_en) ||
            !str_eq(a->v[i].state, b->v[i].state) || !str_eq(a->v[i].source, b->v[i].source))
            return false;
    return a->n == b->n;
}

/* Lines "question|answer" become rows. */
static enum err import_questions(struct ctx *c, struct item_changes *k, int64_t item_id,
                                 const struct item_text_of_row *t)
{
    struct doc_question_list l;
    struct item_questions_rows is;
    questions_of_text(c, t->zh, t->en, t->state, t->source, &l);
    TRY(item_questions(c, c->center_id, item_id, &is));
    if (same_questions(&is, &l))
        return E_OK;
    TRY(item_changes_touch(c, k, item_id));
    TRY(questions_clear(c, c->center_id, item_id));
    for (size_t i = 0; i < l.n; i++)
        TRY(question_put(c, c->center_id, item_id, (int64_t)i + 1, l.v[i].question,
                         l.v[i].question_en, l.v[i].answer, l.v[i].answer_en, t->state, t->source));
    return E_OK;
}

static enum err import_text(struct ctx *c, struct table_in *t, struct item_changes *k,
                            int64_t item_id)
{
    int element = table_choice(t, "element", elements), origin = table_choice(t, "state", origins);
    struct item_text_of_row r = {.zh = table_need(t, "text", TEXT_MAX),
                                 .en = str_or_empty(table_text(t, "text_en")),
                                 .source = str_or_empty(table_text(t, "source"))};
    struct item_text_of_row *is = NULL;
    if (t->fault_count > 0)
        return E_OK;
    struct str name = str_of(elements[element]);
    r.state = str_of(origins[origin]);
    if (str_is(name, "questions"))
        return import_questions(c, k, item_id, &r);
    TRY(item_text_of(c, c->center_id, item_id, name, &is));
    if (is != NULL && str_eq(is->zh, r.zh) && str_eq(is->en, r.en) && str_eq(is->state, r.state) &&
        str_eq(is->source, r.source))
        return E_OK;
    TRY(item_changes_touch(c, k, item_id));
    return item_text_put(c, c->center_id, item_id, name, r.zh, r.en, r.state, r.source);
}

/* Everyday words serve the search; they are no part of the item. */
static enum err import_word(struct ctx *c, struct table_in *t, struct item_changes *k,
                            int64_t item_id)
{
    struct str word = table_need(t, "word", 80);
    if (t->fault_count > 0)
        return E_OK;
    k->count++;
    return item_word_put(c, c->center_id, item_id, word, str_or_empty(table_text(t, "kind")));
}

/* Demand and sayings serve the search; they are no part of the item. */
static enum err import_demand(struct ctx *c, struct table_in *t, struct item_changes *k,
                              int64_t item_id)
{
    int audience = table_choice(t, "audience", audiences),
        origin = table_choice(t, "state", origins);
    int64_t visits = table_int(t, "visits", 0, 10000000);
    if (t->fault_count > 0)
        return E_OK;
    k->count++;
    return item_demand_put(c, c->center_id, item_id, str_of(audiences[audience]), visits,
                           str_of(origins[origin]), str_or_empty(table_text(t, "source")));
}

/* The defaults of all items ("*") say where the tables come from; only an item's own make a version. */
static enum err import_source(struct ctx *c, struct table_in *t, struct item_changes *k,
                              int64_t item_id)
{
    int origin = table_choice(t, "state", origins);
    struct str element = table_need(t, "element", 40), source = table_need(t, "source", 400);
    struct item_source_of_row *is = NULL;
    if (t->fault_count > 0)
        return E_OK;
    struct str state = str_of(origins[origin]);
    TRY(item_source_of(c, c->center_id, item_id, element, &is));
    if (is != NULL && str_eq(is->state, state) && str_eq(is->source, source))
        return E_OK;
    k->count++;
    if (item_id != 0)
        TRY(item_changes_touch(c, k, item_id));
    return item_source_put(c, c->center_id, item_id, element, state, source);
}

enum err item_texts_import(struct ctx *c, struct table_in *t)
{
    return item_rows_import(c, t, false, import_text);
}
enum err item_words_import(struct ctx *c, struct table_in *t)
{
    return item_rows_import(c, t, false, import_word);
}
enum err item_demands_import(struct ctx *c, struct table_in *t)
{
    return item_rows_import(c, t, false, import_demand);
}
enum err item_sources_import(struct ctx *c, struct table_in *t)
{
    return item_rows_import(c, t, true, import_source);
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
    TRY(directory_rise(c, &version));
    while (table_next(t))
        TRY(import_saying(c, t));
    return E_OK;
}

enum err item_demo(struct ctx *c, const char *data_dir)
{
    static const struct {
        const char *file;
        enum err (*import)(struct ctx *, struct table_in *);
    } files[] = {{"../catalogue/elements.csv", elements_import},
                 {"../catalogue/codes.csv", codes_import},
                 {"../catalogue/code_maps.csv", code_maps_import},
                 {"../catalogue/catalogue.csv", catalogue_import},
                 {"items.csv", items_import},
                 {"item_texts.csv", item_texts_import},
                 {"item_words.csv", item_words_import},
                 {"item_sayings.csv", item_sayings_import},
                 {"item_demand.csv", item_demands_import},
                 {"item_sources.csv", item_sources_import},
                 {"item_bases.csv", item_bases_import},
                 {"item_files.csv", item_files_import},
                 {"item_papers.csv", item_papers_import}, /* they name files */
                 {"item_elements.csv", item_elements_import},
                 {"item_fees.csv", item_fees_import},
                 {"item_situations.csv", item_situations_import},
                 {"item_handlings.csv", item_handlings_import}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct table_in t;
        TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/%s", data_dir, files[i].file)));
        TRY(files[i].import(c, &t));
        TRY(table_end(c, &t));
    }
    return E_OK;
}
