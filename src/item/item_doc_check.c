/* What every document keeps to, whoever wrote it: an editor, a table, another hall. Each rule names its place and its
 * source; completeness is not asked here (item_terms.h: item_doc_missing). */
#include "clock.h"
#include "identify.h"
#include "item_terms.h"
#include <inttypes.h>
#include <string.h>

struct checking {
    struct ctx *c;
    const struct item_terms *terms;
    const struct item_doc *d;
    struct doc_faults *faults;
    int32_t on;
};

static void element_fault(struct checking *k, const struct doc_element *e, struct str reason)
{
    doc_fault_add(k->c, k->faults, str_fmt(k->c->arena, "elements.%.*s", STR_ARG(e->field)),
                  reason);
}

static void row_fault(struct checking *k, const char *part, size_t at, const char *member,
                      struct str reason)
{
    doc_fault_add(k->c, k->faults, str_fmt(k->c->arena, "%s[%zu].%s", part, at + 1, member),
                  reason);
}

/* --- values of elements --- */

/* 0 … 999999999 without sign or leading zeros, so that equal numbers are equal texts. */
static bool is_count(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0 && s.n < 10 && (s.n == 1 || s.p[0] != '0');
}

static bool is_date(struct ctx *c, struct str s)
{
    int32_t date;
    return date_parse(s, &date) && date_is_valid(date) && str_eq(date_text(c->arena, date), s);
}

static bool is_web_address(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '"' || s.p[i] == '<' || s.p[i] == '>')
            return false;
    return str_starts(s, STR("https://")) || str_starts(s, STR("http://"));
}

static void check_codes(struct checking *k, const struct doc_element *e,
                        const struct element_term *term)
{
    struct ctx *c = k->c;
    size_t seen = 0;
    struct str *codes = ARENA_ARRAY(c->arena, struct str, e->zh.n + 1);
    for (struct str rest = e->zh; rest.p != NULL;) {
        struct str code = term->type == VALUE_CODES ? str_cut(&rest, ',') : e->zh;
        if (term->type == VALUE_CODE)
            rest = STR_NONE;
        if (code_term_of(k->terms, term->scheme, code, k->on) == NULL)
            element_fault(k, e,
                          tr_fill(c, "代码表“{scheme}”里没有 {code}，或者它现在不用了", "scheme",
                                  term->scheme, "code", str_head(code, 40), NULL));
        for (size_t i = 0; i < seen; i++)
            if (str_eq(codes[i], code))
                element_fault(k, e, tr_fill(c, "代码 {code} 写了两次", "code", code, NULL));
        codes[seen++] = code;
    }
}

static void check_value(struct checking *k, const struct doc_element *e,
                        const struct element_term *term)
{
    struct ctx *c = k->c;
    switch (term->type) {
    case VALUE_INT:
        if (!is_count(e->zh))
            element_fault(k, e, tr(c, "要写整数，例如 5"));
        break;
    case VALUE_FLAG:
        if (!str_is(e->zh, "0") && !str_is(e->zh, "1"))
            element_fault(k, e, tr(c, "要写 1（是）或 0（否）"));
        break;
    case VALUE_DATE:
        if (!is_date(c, e->zh))
            element_fault(k, e, tr(c, "要写日期，例如 2026-03-02"));
        break;
    case VALUE_CODE:
    case VALUE_CODES:
        check_codes(k, e, term);
        break;
    case VALUE_FILE:
        if (doc_file_of(k->d, e->zh) == NULL)
            element_fault(k, e, tr_fill(c, "没有编号为 {code} 的文件", "code", e->zh, NULL));
        break;
    case VALUE_URL:
        if (!is_web_address(e->zh))
            element_fault(k, e, tr(c, "要写网址，以 https:// 开头"));
        break;
    case VALUE_TEXT:
    case VALUE_LIST:
    case VALUE_TYPE_COUNT:
        break;
    }
}

static void check_element(struct checking *k, const struct doc_element *e)
{
    struct ctx *c = k->c;
    const struct element_term *term = element_term_of(k->terms, e->field);
    if (term == NULL || (!str_is(term->part, "A") && !str_is(term->part, "B"))) {
        element_fault(k, e, tr(c, "要素表里没有这个要素"));
        return;
    }
    if (str_is(term->rule, "derived")) {
        element_fault(k, e, tr(c, "这一项由系统填写，不能录入"));
        return;
    }
    if (str_is(e->state, "missing") != (e->zh.n == 0))
        element_fault(k, e, tr(c, "没有内容的要素标为“缺”，有内容的标明来历"));
    if (e->zh.n == 0 && e->en.n > 0)
        element_fault(k, e, tr(c, "有英文没有中文"));
    if (str_chars(e->zh) > (size_t)term->max_chars)
        element_fault(k, e,
                      tr_fill(c, "太长：有 {n} 个字，最多 {max} 个", "n",
                              str_fmt(c->arena, "%zu", str_chars(e->zh)), "max",
                              str_fmt(c->arena, "%" PRId64, term->max_chars), NULL));
    if (e->zh.n > 0)
        check_value(k, e, term);
}

static void check_elements(struct checking *k)
{
    const struct doc_element_list *l = &k->d->elements;
    for (size_t i = 0; i < l->n; i++) {
        if (i > 0 && str_eq(l->v[i].field, l->v[i - 1].field))
            element_fault(k, &l->v[i], tr(k->c, "这个要素写了两次"));
        else
            check_element(k, &l->v[i]);
    }
}

/* --- codes that must agree (DOMAIN.md 1.3-1.6, 1.10 step 3) --- */

static void check_identity(struct checking *k)
{
    struct ctx *c = k->c;
    const struct doc_element *code = doc_element_of(k->d, "catalog_code"),
                             *task = doc_element_of(k->d, "task_code"),
                             *dept = doc_element_of(k->d, "dept_code");
    if (code != NULL && code->zh.n > 0 && !basic_code_ok(code->zh))
        element_fault(k, code, tr(c, "基本编码应为 12 位：区划 2、类型 2、部门 2、主项 3、子项 3"));
    if (dept != NULL && dept->zh.n > 0 && uscc_check(dept->zh) != ID_OK)
        element_fault(k, dept, tr(c, "统一社会信用代码校验不对（GB 32100）"));
    if (task == NULL || task->zh.n == 0)
        return;
    if (!implementation_code_ok(task->zh))
        element_fault(k, task,
                      tr(c, "实施编码应为 18 位统一社会信用代码、1 位行使层级、12 位基本编码"));
    else if (code != NULL && code->zh.n > 0 && !str_ends(task->zh, code->zh))
        element_fault(k, task, tr(c, "实施编码的后 12 位与基本编码不同"));
    else if (dept != NULL && dept->zh.n > 0 && !str_starts(task->zh, dept->zh))
        element_fault(k, task, tr(c, "实施编码的前 18 位与实施主体编码不同"));
}

static void check_handlings(struct checking *k)
{
    struct ctx *c = k->c;
    struct str task = str_or_empty(doc_value(k->d, "task_code"));
    for (size_t i = 0; i < k->d->handlings.n; i++) {
        struct str code = k->d->handlings.v[i].code;
        if (!handling_code_ok(code))
            row_fault(k, "handlings", i, "code",
                      tr(c, "业务办理项编码应为 31 位实施编码加 01 到 99"));
        else if (task.n > 0 && !str_starts(code, task))
            row_fault(k, "handlings", i, "code", tr(c, "前 31 位与本事项的实施编码不同"));
        for (size_t before = 0; before < i; before++)
            if (str_eq(k->d->handlings.v[before].code, code))
                row_fault(k, "handlings", i, "code",
                          tr_fill(c, "编码 {code} 已经有了", "code", code, NULL));
    }
}

/* --- papers and files --- */

static void check_papers(struct checking *k)
{
    struct ctx *c = k->c;
    const struct doc_paper_list *l = &k->d->papers;
    for (size_t i = 0; i < l->n; i++) {
        const struct doc_paper *p = &l->v[i];
        if (p->position == 0)
            row_fault(k, "papers", i, "position", tr(c, "材料从 1 开始编号"));
        if (i > 0 && p->position == l->v[i - 1].position)
            row_fault(k, "papers", i, "position",
                      tr_fill(c, "第 {n} 份材料写了两次", "n",
                              str_fmt(c->arena, "%" PRId64, p->position), NULL));
        if (p->blank_file.n > 0 && doc_file_of(k->d, p->blank_file) == NULL)
            row_fault(k, "papers", i, "blank_file",
                      tr_fill(c, "没有编号为 {code} 的文件", "code", p->blank_file, NULL));
        if (p->sample_file.n > 0 && doc_file_of(k->d, p->sample_file) == NULL)
            row_fault(k, "papers", i, "sample_file",
                      tr_fill(c, "没有编号为 {code} 的文件", "code", p->sample_file, NULL));
    }
}

static bool is_hex_digest(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr("0123456789abcdef", s.p[i]) == NULL)
            return false;
    return s.n == 64;
}

static void check_files(struct checking *k)
{
    for (size_t i = 0; i < k->d->files.n; i++) {
        const struct doc_file *f = &k->d->files.v[i];
        if (!is_hex_digest(f->digest))
            row_fault(k, "files", i, "digest", tr(k->c, "应为 64 位十六进制的 SM3 摘要"));
        for (size_t before = 0; before < i; before++)
            if (str_eq(k->d->files.v[before].code, f->code))
                row_fault(k, "files", i, "code",
                          tr_fill(k->c, "编号 {code} 已经有了", "code", f->code, NULL));
    }
}

void item_doc_check(struct ctx *c, const struct item_terms *terms, const struct item_doc *d,
                    int32_t on, struct doc_faults *faults)
{
    struct checking k = {c, terms, d, faults, on};
    check_elements(&k);
    check_identity(&k);
    check_papers(&k);
    check_files(&k);
    check_handlings(&k);
    situations_check(c, d, faults);
}
