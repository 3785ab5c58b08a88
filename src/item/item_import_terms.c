/* The tables that say what items are made of: elements, codes, codes at partners, the basic catalogue. */
#include "clock.h"
#include "identify.h"
#include "item_import.h"

#define ALWAYS_FROM 19000101

static const char *const parts[] = {"A", "B", "C", "D", "E", "F", NULL};
static const char *const value_types[] = {"text",  "int",  "flag", "date", "code",
                                          "codes", "list", "file", "url",  NULL};
static const char *const needs[] = {"M", "O", "C", NULL};
static const char *const readers[] = {"visitor", "staff", NULL};
static const char *const directions[] = {"both", "out", "in", NULL};
static const char *const origins[] = {"read", "demonstration", NULL};
static const char *const basis_kinds[] =
    {"law", "admin_regulation", "local_regulation", "department_rule", "local_rule", "normative",
     NULL};

/* Keys of this file, to name the second of two equal ones; a few hundred, so they are simply walked. */
struct keys_seen {
    struct str *v;
    int *lines;
    size_t n, room;
};

static void check_twice(struct ctx *c, struct table_in *t, struct keys_seen *seen,
                        const char *column, struct str key)
{
    for (size_t i = 0; i < seen->n; i++)
        if (str_eq(seen->v[i], key)) {
            table_fault(t, column, "%.*s 在第 %d 行已经有了", STR_ARG(key), seen->lines[i]);
            return;
        }
    if (seen->n == seen->room) {
        struct keys_seen old = *seen;
        seen->room = old.room == 0 ? 256 : old.room * 2;
        seen->v = ARENA_ARRAY(c->arena, struct str, seen->room);
        seen->lines = ARENA_ARRAY(c->arena, int, seen->room);
        for (size_t i = 0; i < old.n; i++) {
            seen->v[i] = old.v[i];
            seen->lines[i] = old.lines[i];
        }
    }
    seen->v[seen->n] = str_copy(c->arena, key);
    seen->lines[seen->n++] = t->row_line;
}

static struct str optional(struct table_in *t, const char *column)
{
    return str_or_empty(table_text(t, column));
}

/* --- elements --- */

static enum err import_element(struct ctx *c, struct table_in *t, struct keys_seen *seen)
{
    struct str field = table_need(t, "field", 40), title = table_need(t, "title", 100);
    int64_t number = table_int(t, "number", 0, 999), max = table_int(t, "max_chars", 1, 20000);
    int part = table_choice(t, "part", parts), type = table_choice(t, "value_type", value_types),
        need = table_choice(t, "need", needs), reader = table_choice(t, "seen_by", readers);
    struct str scheme = optional(t, "scheme"), rule = optional(t, "rule");
    check_twice(c, t, seen, "field", field);
    if (!element_rule_known(rule))
        table_fault(t, "rule", "没有“%.*s”这条规则", STR_ARG(rule));
    if (need == 2 && rule.n == 0)
        table_fault(t, "rule", "有条件必填的要素要写明规则");
    if (type >= 0 && str_starts(str_of(value_types[type]), STR("code")) && scheme.n == 0)
        table_fault(t, "scheme", "取代码的要素要写明代码表");
    if (t->fault_count > 0)
        return E_OK;
    return element_put(c, field, number, str_of(parts[part]), title, optional(t, "title_en"),
                       str_of(value_types[type]), scheme, str_of(needs[need]), rule, max,
                       str_of(readers[reader]), optional(t, "source"));
}

/* What every item is read by has changed: what is kept of the directory is made anew. */
static enum err terms_end(struct ctx *c, const struct table_in *t)
{
    int64_t version;
    return t->fault_count > 0 ? E_OK : directory_rise(c, &version);
}

enum err elements_import(struct ctx *c, struct table_in *t)
{
    struct keys_seen seen = {0};
    while (table_next(t))
        TRY(import_element(c, t, &seen));
    return terms_end(c, t);
}

/* --- codes --- */

/* An absent or empty date is 0. */
static int32_t maybe_date(struct table_in *t, const char *column)
{
    return optional(t, column).n == 0 ? 0 : table_date(t, column);
}

static enum err import_code(struct ctx *c, struct table_in *t, struct keys_seen *seen)
{
    struct str scheme = table_need(t, "scheme", 40), code = table_need(t, "code", 40),
               name = table_need(t, "name", 200);
    int32_t from = maybe_date(t, "valid_from"), to = maybe_date(t, "valid_to");
    from = from == 0 ? ALWAYS_FROM : from;
    check_twice(c, t, seen, "code",
                str_fmt(c->arena, "%.*s %.*s %d", STR_ARG(scheme), STR_ARG(code), from));
    if (to != 0 && to <= from)
        table_fault(t, "valid_to", "停用日期要晚于起用日期");
    if (t->fault_count > 0)
        return E_OK;
    return code_put(c, scheme, code, from, to, name, optional(t, "name_en"), optional(t, "source"));
}

enum err codes_import(struct ctx *c, struct table_in *t)
{
    struct keys_seen seen = {0};
    while (table_next(t))
        TRY(import_code(c, t, &seen));
    return terms_end(c, t);
}

/* --- codes at partners --- */

static bool has_scheme(const struct item_terms *terms, struct str scheme)
{
    for (size_t i = 0; i < terms->code_count; i++)
        if (str_eq(terms->codes[i].scheme, scheme))
            return true;
    return false;
}

static enum err import_map(struct ctx *c, struct table_in *t, const struct item_terms *terms,
                           struct keys_seen *seen)
{
    struct str partner = table_need(t, "partner", 40), scheme = table_need(t, "scheme", 40),
               code = table_need(t, "code", 40), theirs = table_need(t, "partner_code", 40);
    int direction = table_choice(t, "direction", directions);
    check_twice(c, t, seen, "partner_code",
                str_fmt(c->arena, "%.*s %.*s %.*s→%.*s", STR_ARG(partner), STR_ARG(scheme),
                        STR_ARG(code), STR_ARG(theirs)));
    if (scheme.n > 0 && !has_scheme(terms, scheme))
        table_fault(t, "scheme", "没有代码表“%.*s”，请先导入代码", STR_ARG(scheme));
    else if (code.n > 0 && code_term_of(terms, scheme, code, today(c)) == NULL)
        table_fault(t, "code", "代码表“%.*s”里没有 %.*s", STR_ARG(scheme), STR_ARG(code));
    if (t->fault_count > 0)
        return E_OK;
    return code_map_put(c, partner, scheme, code, theirs, str_of(directions[direction]),
                        optional(t, "source"));
}

enum err code_maps_import(struct ctx *c, struct table_in *t)
{
    struct keys_seen seen = {0};
    struct item_terms terms;
    TRY(item_terms_read(c, &terms));
    while (table_next(t))
        TRY(import_map(c, t, &terms, &seen));
    return E_OK;
}

/* --- basic catalogue --- */

/* Lines "kind|law|document number|article" as the bases of a document. */
static struct str bases_of_lines(struct ctx *c, struct table_in *t, struct str lines,
                                 struct str state, struct str source)
{
    struct item_doc d = {.bases = {ARENA_ARRAY(c->arena, struct doc_basis, DOC_ROWS_MAX), 0}};
    for (struct str rest = lines; rest.p != NULL && lines.n > 0;) {
        struct str article = str_cut(&rest, '\n'), kind = str_trim(str_cut(&article, '|')),
                   law = str_or_empty(str_trim(str_cut(&article, '|'))),
                   number = str_or_empty(str_trim(str_cut(&article, '|')));
        int k = 0;
        while (basis_kinds[k] != NULL && !str_is(kind, basis_kinds[k]))
            k++;
        if (basis_kinds[k] == NULL || law.n == 0 || d.bases.n == DOC_ROWS_MAX) {
            table_fault(t, "bases", "每行写成：种类|法规名称|文号|条款");
            return STR("");
        }
        d.bases.v[d.bases.n++] = (struct doc_basis){.kind = str_of(basis_kinds[k]),
                                                    .law = law,
                                                    .document_no = number,
                                                    .article = str_or_empty(str_trim(article)),
                                                    .state = state,
                                                    .source = source};
    }
    return d.bases.n == 0 ? STR("") : item_doc_print(c, &d);
}

static bool levels_ok(struct str levels)
{
    for (struct str rest = levels; rest.p != NULL;) {
        struct str level = str_cut(&rest, ',');
        if (level.n != 1 || level.p[0] < '1' || level.p[0] > '7')
            return false;
    }
    return levels.n > 0;
}

static enum err import_entry(struct ctx *c, struct table_in *t)
{
    struct str code = table_need(t, "code", 12), name = table_need(t, "name", 200),
               kind = table_need(t, "type", 2), levels = table_need(t, "use_levels", 20),
               dept = table_need(t, "central_dept", 2), source = optional(t, "source");
    int origin = table_choice(t, "state", origins);
    int32_t from = maybe_date(t, "valid_from"), to = maybe_date(t, "valid_to");
    struct str state = origin < 0 ? STR("read") : str_of(origins[origin]);
    struct str bases = bases_of_lines(c, t, optional(t, "bases"), state, source);
    if (code.n > 0 && !basic_code_ok(code))
        table_fault(t, "code",
                    "基本编码 %.*s 不对：应为 12 位，区划 2、类型 2、部门 2、主项 3、子项 3",
                    STR_ARG(code));
    if (levels.n > 0 && !levels_ok(levels))
        table_fault(t, "use_levels", "行使层级写 1 到 7，多个用逗号隔开");
    if (t->fault_count > 0)
        return E_OK;
    return catalogue_put(c, code, name, optional(t, "name_en"), kind, levels, dept, bases, state,
                         from == 0 ? ALWAYS_FROM : from, to, source);
}

enum err catalogue_import(struct ctx *c, struct table_in *t)
{
    struct str last = STR("");
    while (table_next(t)) {
        struct str code = optional(t, "code");
        if (str_cmp(code, last) <= 0 && last.n > 0)
            table_fault(t, "code", "%.*s 应排在前一行后面：按编码从小到大，不能重复",
                        STR_ARG(code));
        last = str_copy(c->arena, code);
        TRY(import_entry(c, t));
    }
    return terms_end(c, t);
}
