/* Parts of items from tables: elements, legal bases, fees, questions, situations, handling items. The rows of an item
 * stand together; they replace that part of it (elements are added to it), and the whole is checked as a document
 * before anything changes, so a tree that goes round or a paper that is not there is told with its line. */
#include "crypt.h"
#include "item_import.h"
#include <string.h>

static const char *const origins[] = {"read", "demonstration", "missing", NULL};
static const char *const necessities[] = {"required", "optional", "later", NULL};
static const char *const basis_kinds[] =
    {"law", "admin_regulation", "local_regulation", "department_rule", "local_rule", "normative",
     NULL};
static const char *const handling_kinds[] = {"new",     "change", "renew", "cancel",
                                             "reissue", "other",  NULL};
static const char *const file_kinds[] = {"blank", "filled", "result", "flow", NULL};
static const char *const units[] = {"working", "natural", NULL};

#define FILE_ROWS_BYTES ((size_t)6 << 20) /* more than a file may have, so that too much is seen */

struct gathering {
    struct ctx *c;
    struct table_in *t;
    struct item_terms terms;
    struct item_changes changes;
    int64_t item_id;      /* whose rows are being gathered, 0 none */
    int first_line;       /* of them */
    struct item_doc rows; /* what the rows said */
    int64_t *done;        /* items whose rows have ended */
    size_t done_count, done_room;
    enum err failed;    /* of the store, in the midst of a row */
    struct buf bytes;   /* of the file whose rows are being gathered */
    int file_line;      /* the first of them */
    bool is_unreadable; /* one of them was told already */
};
typedef void gather_row(struct gathering *g);
typedef void gather_merge(struct ctx *c, struct item_doc *d, const struct item_doc *rows);
static void end_file(struct gathering *g);

/* --- the run over a table --- */

static void tell_faults(struct gathering *g, const struct doc_faults *faults)
{
    int line = g->t->row_line;
    g->t->row_line = g->first_line;
    for (size_t i = 0; i < faults->n; i++)
        table_fault(g->t, "item", "%.*s：%.*s", STR_ARG(faults->v[i].place),
                    STR_ARG(faults->v[i].reason));
    g->t->row_line = line;
}

static enum err put_changed(struct gathering *g, struct item_doc *d, const struct item_doc *before)
{
    struct item_standing_row *is;
    struct ctx *c = g->c;
    if (str_eq(item_doc_print(c, d), item_doc_print(c, before)))
        return E_OK;
    TRY(item_changes_touch(c, &g->changes, g->item_id));
    TRY(item_standing(c, c->center_id, g->item_id, &is));
    return item_put_doc(c, g->item_id, is->version, d);
}

static enum err end_item(struct gathering *g, gather_merge *merge)
{
    struct item_doc d, before;
    struct doc_faults faults = {0};
    end_file(g);
    TRY(g->failed);
    if (g->item_id == 0 || g->t->fault_count > 0)
        return E_OK;
    TRY(item_doc_of_tables(g->c, g->item_id, &before));
    d = before;
    merge(g->c, &d, &g->rows);
    item_doc_check(g->c, &g->terms, &d, today(g->c), &faults);
    tell_faults(g, &faults);
    return faults.n > 0 ? E_OK : put_changed(g, &d, &before);
}

static bool was_done(struct gathering *g, int64_t item_id)
{
    for (size_t i = 0; i < g->done_count; i++)
        if (g->done[i] == item_id)
            return true;
    if (g->done_count == g->done_room) {
        size_t room = g->done_room == 0 ? 256 : g->done_room * 2;
        int64_t *done = ARENA_ARRAY(g->c->arena, int64_t, room);
        if (g->done_count > 0)
            memcpy(done, g->done, g->done_count * sizeof *done);
        g->done = done;
        g->done_room = room;
    }
    g->done[g->done_count++] = item_id;
    return false;
}

static enum err begin_item(struct gathering *g, gather_merge *merge, int64_t item_id)
{
    TRY(end_item(g, merge));
    if (was_done(g, item_id))
        table_fault(g->t, "item", "同一事项的行要放在一起");
    g->item_id = item_id;
    g->first_line = g->t->row_line;
    g->rows = (struct item_doc){0};
    return E_OK;
}

static enum err gather(struct ctx *c, struct table_in *t, gather_row *row, gather_merge *merge)
{
    struct gathering g = {.c = c, .t = t};
    TRY(item_terms_read(c, &g.terms));
    while (table_next(t)) {
        int64_t item_id;
        bool is_known;
        TRY(item_of_row(c, t, false, &is_known, &item_id));
        if (is_known && item_id != g.item_id)
            TRY(begin_item(&g, merge, item_id));
        if (is_known)
            row(&g);
        TRY(g.failed);
    }
    TRY(end_item(&g, merge));
    return t->fault_count > 0 ? E_OK : item_changes_end(c, &g.changes);
}

/* Values of a row live until the next row; those of a document longer. */
static struct str kept(struct gathering *g, const char *column, size_t max_chars)
{
    struct str s = str_or_empty(table_text(g->t, column));
    if (s.n > max_chars && str_chars(s) > max_chars)
        table_fault(g->t, column, "太长：最多 %zu 个字", max_chars);
    return str_copy(g->c->arena, s);
}

static struct str needed(struct gathering *g, const char *column, size_t max_chars)
{
    return str_copy(g->c->arena, table_need(g->t, column, max_chars));
}

static struct str word(struct gathering *g, const char *column, const char *const *words)
{
    int i = table_choice(g->t, column, words);
    return i < 0 ? STR("") : str_of(words[i]);
}

/* The next row of a list of the gathered document; NULL with a fault when it is full. */
#define NEXT_ROW(g, list, type, most)                                                              \
    ((g)->rows.list.n == (most)                                                                    \
         ? (table_fault((g)->t, "item", "一个事项最多 %d 行", (most)), NULL)                       \
         : ((g)->rows.list.v = (g)->rows.list.v == NULL ? ARENA_ARRAY((g)->c->arena, type, (most)) \
                                                        : (g)->rows.list.v,                        \
            &(g)->rows.list.v[(g)->rows.list.n++]))

/* --- elements --- */

static void element_row(struct gathering *g)
{
    struct doc_element *e = NEXT_ROW(g, elements, struct doc_element, DOC_ELEMENTS_MAX);
    if (e != NULL)
        *e = (struct doc_element){.field = needed(g, "field", 40),
                                  .zh = kept(g, "zh", DOC_TEXT_MAX),
                                  .en = kept(g, "en", DOC_TEXT_MAX),
                                  .state = word(g, "state", origins),
                                  .source = kept(g, "source", 400)};
}

static void merge_elements(struct ctx *c, struct item_doc *d, const struct item_doc *rows)
{
    struct doc_element *own = ARENA_ARRAY(c->arena, struct doc_element, d->elements.n + 1);
    if (d->elements.n > 0)
        memcpy(own, d->elements.v, d->elements.n * sizeof *own);
    d->elements.v = own; /* the document before stays as it was */
    for (size_t i = 0; i < rows->elements.n; i++)
        doc_element_set(c, d, rows->elements.v[i]);
}

enum err item_elements_import(struct ctx *c, struct table_in *t)
{
    return gather(c, t, element_row, merge_elements);
}

/* --- legal bases --- */

static void basis_row(struct gathering *g)
{
    struct doc_basis *b = NEXT_ROW(g, bases, struct doc_basis, DOC_ROWS_MAX);
    if (b != NULL)
        *b = (struct doc_basis){.kind = word(g, "kind", basis_kinds),
                                .law = needed(g, "law", 200),
                                .law_en = kept(g, "law_en", 400),
                                .document_no = kept(g, "document_no", 100),
                                .article = kept(g, "article", 100),
                                .wording = kept(g, "wording", DOC_TEXT_MAX),
                                .state = word(g, "state", origins),
                                .source = kept(g, "source", 400)};
}

static void merge_bases(struct ctx *c, struct item_doc *d, const struct item_doc *rows)
{
    (void)c;
    d->bases = rows->bases;
}

enum err item_bases_import(struct ctx *c, struct table_in *t)
{
    return gather(c, t, basis_row, merge_bases);
}

/* --- fees and questions --- */

static void fee_row(struct gathering *g)
{
    struct doc_fee *f = NEXT_ROW(g, fees, struct doc_fee, DOC_ROWS_MAX);
    if (f != NULL)
        *f = (struct doc_fee){.name = needed(g, "name", 200),
                              .name_en = kept(g, "name_en", 400),
                              .standard = needed(g, "standard", 1000),
                              .standard_en = kept(g, "standard_en", 1000),
                              .basis = kept(g, "basis", 2000),
                              .can_reduce = table_flag(g->t, "can_reduce"),
                              .reduce_note = kept(g, "reduce_note", 1000),
                              .reduce_note_en = kept(g, "reduce_note_en", 1000),
                              .state = word(g, "state", origins),
                              .source = kept(g, "source", 400)};
}

static void merge_fees(struct ctx *c, struct item_doc *d, const struct item_doc *rows)
{
    (void)c;
    d->fees = rows->fees;
}

enum err item_fees_import(struct ctx *c, struct table_in *t)
{
    return gather(c, t, fee_row, merge_fees);
}

/* --- files: their bytes stand in the table as base64url; rows of one code that follow each other are one file --- */

static void end_file(struct gathering *g)
{
    struct doc_file *f = g->rows.files.n == 0 ? NULL : &g->rows.files.v[g->rows.files.n - 1];
    if (f == NULL || f->digest.n > 0 || g->is_unreadable || g->failed != E_OK)
        return;
    int line = g->t->row_line;
    enum err e = item_file_keep(g->c, buf_as_str(&g->bytes), f);
    g->t->row_line = g->file_line;
    if (e == E_ITEM_FILE || e == E_TOO_LARGE)
        table_fault(g->t, "content", "只收 5 MB 以内的 PDF、PNG、JPEG、DOCX、XLSX 文件");
    else
        g->failed = e;
    g->t->row_line = line;
}

static void add_bytes(struct gathering *g)
{
    struct str bytes = STR("");
    g->is_unreadable =
        !base64url_decode(g->c->arena, str_or_empty(table_text(g->t, "content")), &bytes) ||
        g->is_unreadable;
    if (g->is_unreadable)
        table_fault(g->t, "content", "不是 base64url");
    buf_str(&g->bytes, bytes);
}

static void file_row(struct gathering *g)
{
    struct str code = needed(g, "code", 40);
    struct doc_file *last = g->rows.files.n == 0 ? NULL : &g->rows.files.v[g->rows.files.n - 1];
    if (last != NULL && str_eq(last->code, code)) {
        add_bytes(g);
        return;
    }
    end_file(g);
    struct doc_file *f = NEXT_ROW(g, files, struct doc_file, DOC_ROWS_MAX);
    if (f == NULL)
        return;
    *f = (struct doc_file){.code = code,
                           .kind = word(g, "kind", file_kinds),
                           .name = needed(g, "name", 200),
                           .state = word(g, "state", origins),
                           .source = kept(g, "source", 400)};
    buf_init(&g->bytes, g->c->arena, FILE_ROWS_BYTES);
    g->file_line = g->t->row_line;
    g->is_unreadable = false;
    add_bytes(g);
}

static void merge_files(struct ctx *c, struct item_doc *d, const struct item_doc *rows)
{
    (void)c;
    d->files = rows->files;
}

enum err item_files_import(struct ctx *c, struct table_in *t)
{
    return gather(c, t, file_row, merge_files);
}

static void question_row(struct gathering *g)
{
    struct doc_question *q = NEXT_ROW(g, questions, struct doc_question, DOC_ROWS_MAX);
    if (q != NULL)
        *q = (struct doc_question){.question = needed(g, "question", 400),
                                   .question_en = kept(g, "question_en", 1000),
                                   .answer = needed(g, "answer", 4000),
                                   .answer_en = kept(g, "answer_en", 4000),
                                   .state = word(g, "state", origins),
                                   .source = kept(g, "source", 400)};
}

static void merge_questions(struct ctx *c, struct item_doc *d, const struct item_doc *rows)
{
    (void)c;
    d->questions = rows->questions;
}

enum err item_questions_import(struct ctx *c, struct table_in *t)
{
    return gather(c, t, question_row, merge_questions);
}

/* --- situations: one row an option; rows of one question follow each other --- */

/* "1:required;3:optional" */
static void read_papers(struct gathering *g, struct doc_option *o)
{
    struct str cell = kept(g, "papers", 2000);
    if (cell.n == 0)
        return;
    o->papers.v = ARENA_ARRAY(g->c->arena, struct doc_option_paper, cell.n);
    for (struct str rest = cell; rest.p != NULL;) {
        struct str necessity = str_trim(str_cut(&rest, ';')), number = str_cut(&necessity, ':');
        int64_t paper;
        int i = 0;
        while (necessities[i] != NULL && !str_is(str_or_empty(necessity), necessities[i]))
            i++;
        if (!str_to_int(number, &paper) || paper < 1 || paper > DOC_ROWS_MAX ||
            necessities[i] == NULL)
            table_fault(g->t, "papers", "“%.*s”看不懂，要写成 1:required;3:optional",
                        STR_ARG(cell));
        else
            o->papers.v[o->papers.n++] = (struct doc_option_paper){paper, str_of(necessities[i])};
    }
}

#define OPTIONS_MOST 40

static struct doc_situation *question_of_row(struct gathering *g)
{
    struct str code = needed(g, "question_code", 40);
    struct doc_situation *last =
        g->rows.situations.n == 0 ? NULL : &g->rows.situations.v[g->rows.situations.n - 1];
    if (last != NULL && str_eq(last->code, code))
        return last;
    struct doc_situation *s = NEXT_ROW(g, situations, struct doc_situation, DOC_ROWS_MAX);
    if (s == NULL)
        return NULL;
    *s = (struct doc_situation){.code = code,
                                .parent = kept(g, "parent", 40),
                                .question = needed(g, "question", 200),
                                .question_en = kept(g, "question_en", 400),
                                .state = word(g, "state", origins),
                                .source = kept(g, "source", 400)};
    s->options.v = ARENA_ARRAY(g->c->arena, struct doc_option, OPTIONS_MOST);
    return s;
}

static void situation_row(struct gathering *g)
{
    struct doc_situation *s = question_of_row(g);
    if (s == NULL || s->options.n == OPTIONS_MOST) {
        table_fault(g->t, "option", "一个问题最多 %d 个选项", OPTIONS_MOST);
        return;
    }
    struct doc_option *o = &s->options.v[s->options.n++];
    *o = (struct doc_option){.code = needed(g, "option_code", 40),
                             .name = needed(g, "option", 200),
                             .name_en = kept(g, "option_en", 400)};
    read_papers(g, o);
}

static void merge_situations(struct ctx *c, struct item_doc *d, const struct item_doc *rows)
{
    (void)c;
    d->situations = rows->situations;
}

enum err item_situations_import(struct ctx *c, struct table_in *t)
{
    return gather(c, t, situation_row, merge_situations);
}

/* --- handling items --- */

static void handling_row(struct gathering *g)
{
    struct doc_handling *h = NEXT_ROW(g, handlings, struct doc_handling, 99);
    if (h != NULL)
        *h = (struct doc_handling){.code = needed(g, "code", 33),
                                   .kind = word(g, "kind", handling_kinds),
                                   .name = needed(g, "name", 200),
                                   .name_en = kept(g, "name_en", 400),
                                   .is_immediate = table_flag(g->t, "is_immediate"),
                                   .legal_days = table_int(g->t, "legal_days", 0, 3650),
                                   .legal_unit = word(g, "legal_unit", units),
                                   .promised_days = table_int(g->t, "promised_days", 0, 3650),
                                   .promised_unit = word(g, "promised_unit", units),
                                   .state = word(g, "state", origins),
                                   .source = kept(g, "source", 400)};
}

static void merge_handlings(struct ctx *c, struct item_doc *d, const struct item_doc *rows)
{
    (void)c;
    d->handlings = rows->handlings;
}

enum err item_handlings_import(struct ctx *c, struct table_in *t)
{
    return gather(c, t, handling_row, merge_handlings);
}
