/* The document of what the tables hold. Rows of all parts come in order of the item, so a stretch of the directory is
 * put together by walking eleven lists once; a single item is a stretch of one. */
#include "item_tables.h"
#include <stdlib.h>
#include <string.h>

#define STRETCH       100 /* items composed at once */
#define STRETCH_BYTES ((size_t)1 << 30)
#define ROWS_LIMIT    100000 /* of the statements in item_parts.sql */

const struct item_column_name item_columns[COLUMN_COUNT] =
    {[COLUMN_CODE] = {"catalog_code", "code", false},
     [COLUMN_IMPL_CODE] = {"task_code", "impl_code", false},
     [COLUMN_NAME] = {"task_name", "name", false},
     [COLUMN_MAIN_ITEM] = {"main_item_name", "main_item", true},
     [COLUMN_AGENCY] = {"dept_name", "agency", false},
     [COLUMN_KIND] = {"task_type", "type", false},
     [COLUMN_ZONE] = {"hall_zone", "zone", false},
     [COLUMN_ONE_WINDOW] = {"one_window", "one_window", false},
     [COLUMN_IS_ONLINE] = {"is_online", "online", false},
     [COLUMN_VISITS] = {"limit_scene_num", "visits", false},
     [COLUMN_CASE_TYPE] = {"project_type", "case_type", false},
     [COLUMN_LEGAL_DAYS] = {"anticipate_day", "legal_days", false},
     [COLUMN_LEGAL_UNIT] = {"anticipate_type", "legal_unit", false},
     [COLUMN_PROMISED_DAYS] = {"promise_day", "promised_days", false},
     [COLUMN_PROMISED_UNIT] = {"promise_type", "promised_unit", false},
     [COLUMN_HAS_FEE] = {"is_fee", "fee", false}};

static const struct {
    const char *field, *text;
} text_names[] = {{"accept_condition", "conditions"},
                  {"handle_flow", "steps"},
                  {"fee_note", "fee"},
                  {"by_law", "legal_basis"},
                  {"transact_time", "hours"},
                  {"transact_addr", "place"},
                  {"online_explain", "online"},
                  {"result_name", "result"},
                  {"complain_phone", "complaint_phone"}};
#define TEXT_NAMES (sizeof text_names / sizeof *text_names)

int item_column_of(struct str field)
{
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (str_is(field, item_columns[i].field))
            return i;
    return -1;
}

struct str text_name_of(struct str field)
{
    for (size_t i = 0; i < TEXT_NAMES; i++)
        if (str_is(field, text_names[i].field))
            return str_of(text_names[i].text);
    return field;
}

struct str field_of_text(struct str name)
{
    for (size_t i = 0; i < TEXT_NAMES; i++)
        if (str_is(name, text_names[i].text))
            return str_of(text_names[i].field);
    return name;
}

/* --- a stretch of items, all parts ------------------------------------------------------------- */

struct stretch {
    struct part_items_rows items;
    struct part_texts_rows texts;
    struct part_sources_rows sources, defaults;
    struct part_papers_rows papers;
    struct part_fees_rows fees;
    struct part_questions_rows questions;
    struct part_bases_rows bases;
    struct part_situations_rows situations;
    struct part_options_rows options;
    struct part_option_papers_rows option_papers;
    struct part_files_rows files;
    struct part_handlings_rows handlings;
    /* where the walk stands in each */
    size_t text, source, paper, fee, question, basis, situation, option, option_paper, file,
        handling;
};

#define READ_PART(statement, part)                                                                 \
    do {                                                                                           \
        TRY(statement(c, c->center_id, first, last, &s->part));                                    \
        if (s->part.n == ROWS_LIMIT)                                                               \
            return fail(c, E_TOO_LARGE, #part " of items %lld to %lld", (long long)first,          \
                        (long long)last);                                                          \
    } while (0)

static enum err read_stretch(struct ctx *c, int64_t after, int64_t most, struct stretch *s)
{
    *s = (struct stretch){0};
    TRY(part_items(c, c->center_id, after, most, &s->items));
    if (s->items.n == 0)
        return E_OK;
    int64_t first = s->items.v[0].id, last = s->items.v[s->items.n - 1].id;
    TRY(part_sources(c, c->center_id, 0, 0, &s->defaults));
    READ_PART(part_texts, texts);
    READ_PART(part_sources, sources);
    READ_PART(part_papers, papers);
    READ_PART(part_fees, fees);
    READ_PART(part_questions, questions);
    READ_PART(part_bases, bases);
    READ_PART(part_situations, situations);
    READ_PART(part_options, options);
    READ_PART(part_option_papers, option_papers);
    READ_PART(part_files, files);
    READ_PART(part_handlings, handlings);
    return E_OK;
}

/* Rows of this item in a list: moves `at` behind them and gives where they begin. */
#define ROWS_OF(s, part, at, id, begin, count)                                                     \
    do {                                                                                           \
        while ((s)->at < (s)->part.n && (s)->part.v[(s)->at].item_id < (id))                       \
            (s)->at++;                                                                             \
        (begin) = (s)->at;                                                                         \
        while ((s)->at < (s)->part.n && (s)->part.v[(s)->at].item_id == (id))                      \
            (s)->at++;                                                                             \
        (count) = (s)->at - (begin);                                                               \
    } while (0)

/* --- elements --- */

struct composing {
    struct ctx *c;
    struct stretch *s;
    const struct part_items_row *item;
    struct item_doc *d;
    size_t first_source, source_count;
};

static const struct part_sources_row *source_in(const struct part_sources_row *v, size_t n,
                                                const char *element)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(v[i].element, element))
            return &v[i];
    return NULL;
}

static struct str column_text(struct ctx *c, const struct part_items_row *i, enum item_column k)
{
    switch (k) {
    case COLUMN_CODE:
        return i->code;
    case COLUMN_IMPL_CODE:
        return i->impl_code;
    case COLUMN_NAME:
        return i->name;
    case COLUMN_MAIN_ITEM:
        return i->main_item;
    case COLUMN_AGENCY:
        return i->agency;
    case COLUMN_KIND:
        return i->kind;
    case COLUMN_ZONE:
        return i->zone_code;
    case COLUMN_ONE_WINDOW:
        return i->one_window ? STR("1") : STR("0");
    case COLUMN_IS_ONLINE:
        return i->is_online ? STR("1") : STR("0");
    case COLUMN_VISITS:
        return str_fmt(c->arena, "%lld", (long long)i->onsite_visits);
    case COLUMN_CASE_TYPE:
        return i->is_immediate ? STR("1") : STR("2");
    case COLUMN_LEGAL_DAYS:
        return str_fmt(c->arena, "%lld", (long long)i->legal_days);
    case COLUMN_LEGAL_UNIT:
        return str_is(i->legal_unit, "natural") ? STR("1") : STR("2");
    case COLUMN_PROMISED_DAYS:
        return str_fmt(c->arena, "%lld", (long long)i->promised_days);
    case COLUMN_PROMISED_UNIT:
        return str_is(i->promised_unit, "natural") ? STR("1") : STR("2");
    case COLUMN_HAS_FEE:
        return i->has_fee ? STR("1") : STR("0");
    case COLUMN_COUNT:
        break;
    }
    BUG("column %d", (int)k);
}

/* The item's own provenance, else the directory's default, else it is as read. */
static const struct part_sources_row *provenance(const struct composing *k, const char *source)
{
    const struct part_sources_row *own =
        source_in(k->s->sources.v + k->first_source, k->source_count, source);
    return own != NULL ? own : source_in(k->s->defaults.v, k->s->defaults.n, source);
}

static void add_element(struct item_doc *d, const char *field, struct str zh, struct str en,
                        const struct part_sources_row *from)
{
    d->elements.v[d->elements.n++] =
        (struct doc_element){.field = str_of(field),
                             .zh = zh,
                             .en = en,
                             .state = from == NULL ? STR("read") : from->state,
                             .source = from == NULL ? STR("") : from->source};
}

static bool has_field(const struct item_doc *d, const char *field)
{
    for (size_t i = 0; i < d->elements.n; i++)
        if (str_is(d->elements.v[i].field, field))
            return true;
    return false;
}

static void add_columns(struct composing *k)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        struct str zh = column_text(k->c, k->item, (enum item_column)i), en = STR("");
        const struct part_sources_row *from = provenance(k, item_columns[i].source);
        if (has_field(k->d, item_columns[i].field))
            continue; /* a value the column cannot hold stands among the texts */
        if (i == COLUMN_NAME)
            en = k->item->name_en;
        if (i == COLUMN_AGENCY)
            en = k->item->agency_en;
        if (zh.n > 0 || (from != NULL && from->item_id != 0 && str_is(from->state, "missing")))
            add_element(k->d, item_columns[i].field, zh, en, from);
    }
}

/* What follows from the codes, unless the item says it itself (DOMAIN.md 1.3, 1.5). */
static void add_derived(struct composing *k)
{
    const struct part_items_row *i = k->item;
    if (i->uscc.n > 0 && !has_field(k->d, "dept_code"))
        add_element(k->d, "dept_code", i->uscc, STR(""), provenance(k, "impl_code"));
    if (i->impl_code.n == 31 && !has_field(k->d, "use_level"))
        add_element(k->d, "use_level", (struct str){i->impl_code.p + 18, 1}, STR(""),
                    provenance(k, "impl_code"));
    if (i->code.n == 12 && !has_field(k->d, "central_dept"))
        add_element(k->d, "central_dept", (struct str){i->code.p + 4, 2}, STR(""),
                    provenance(k, "code"));
}

static int by_field(const void *a, const void *b)
{
    const struct doc_element *p = a, *q = b;
    return str_cmp(p->field, q->field);
}

static void compose_elements(struct composing *k)
{
    size_t first, n;
    struct item_doc *d = k->d;
    ROWS_OF(k->s, sources, source, k->item->id, k->first_source, k->source_count);
    ROWS_OF(k->s, texts, text, k->item->id, first, n);
    d->elements.v = ARENA_ARRAY(k->c->arena, struct doc_element, n + COLUMN_COUNT + 3);
    for (size_t i = first; i < first + n; i++) {
        const struct part_texts_row *r = &k->s->texts.v[i];
        if (str_is(r->element, "questions")) { /* of tables from before questions had rows */
            questions_of_text(k->c, r->zh, r->en, r->state, r->source, &d->questions);
            continue;
        }
        d->elements.v[d->elements.n++] =
            (struct doc_element){field_of_text(r->element), r->zh, r->en, r->state, r->source};
    }
    add_columns(k);
    add_derived(k);
    qsort(d->elements.v, d->elements.n, sizeof *d->elements.v, by_field);
}

/* --- the other parts --- */

struct doc_paper doc_paper_of_row(const struct part_papers_row *r)
{
    return (struct doc_paper){.position = r->position,
                              .name = r->name,
                              .name_en = r->name_en,
                              .kind = r->kind,
                              .medium = r->medium,
                              .copies = r->copies,
                              .necessity = r->necessity,
                              .provider = r->provider,
                              .source_note = r->source_note,
                              .page_format = r->page_format,
                              .blank_file = r->blank_file,
                              .sample_file = r->sample_file,
                              .fill_note = r->fill_note,
                              .fill_note_en = r->fill_note_en,
                              .standard = r->standard,
                              .standard_en = r->standard_en,
                              .basis = r->basis,
                              .basis_en = r->basis_en,
                              .on_site = r->on_site,
                              .issuer = r->issuer,
                              .issuer_en = r->issuer_en,
                              .time_rule = r->time_rule,
                              .where_to_get = r->where_to_get,
                              .where_to_get_en = r->where_to_get_en,
                              .licence_type = r->licence_type,
                              .state = r->state,
                              .source = r->source};
}

static void compose_papers(struct composing *k)
{
    size_t first, n;
    ROWS_OF(k->s, papers, paper, k->item->id, first, n);
    k->d->papers = (struct doc_paper_list){ARENA_ARRAY(k->c->arena, struct doc_paper, n + 1), n};
    for (size_t i = 0; i < n; i++)
        k->d->papers.v[i] = doc_paper_of_row(&k->s->papers.v[first + i]);
}

static void compose_fees(struct composing *k)
{
    size_t first, n;
    ROWS_OF(k->s, fees, fee, k->item->id, first, n);
    k->d->fees = (struct doc_fee_list){ARENA_ARRAY(k->c->arena, struct doc_fee, n + 1), n};
    for (size_t i = 0; i < n; i++) {
        const struct part_fees_row *r = &k->s->fees.v[first + i];
        k->d->fees.v[i] = (struct doc_fee){.name = r->name,
                                           .name_en = r->name_en,
                                           .standard = r->standard,
                                           .standard_en = r->standard_en,
                                           .basis = r->basis,
                                           .can_reduce = r->can_reduce,
                                           .reduce_note = r->reduce_note,
                                           .reduce_note_en = r->reduce_note_en,
                                           .state = r->state,
                                           .source = r->source};
    }
}

static void compose_questions(struct composing *k)
{
    size_t first, n;
    ROWS_OF(k->s, questions, question, k->item->id, first, n);
    if (n == 0)
        return;
    k->d->questions =
        (struct doc_question_list){ARENA_ARRAY(k->c->arena, struct doc_question, n + 1), n};
    for (size_t i = 0; i < n; i++) {
        const struct part_questions_row *r = &k->s->questions.v[first + i];
        k->d->questions.v[i] = (struct doc_question){r->question,  r->question_en, r->answer,
                                                     r->answer_en, r->state,       r->source};
    }
}

static void compose_bases(struct composing *k)
{
    size_t first, n;
    ROWS_OF(k->s, bases, basis, k->item->id, first, n);
    k->d->bases = (struct doc_basis_list){ARENA_ARRAY(k->c->arena, struct doc_basis, n + 1), n};
    for (size_t i = 0; i < n; i++) {
        const struct part_bases_row *r = &k->s->bases.v[first + i];
        k->d->bases.v[i] = (struct doc_basis){r->kind,    r->law,     r->law_en, r->document_no,
                                              r->article, r->wording, r->state,  r->source};
    }
}

static void compose_files(struct composing *k)
{
    size_t first, n;
    ROWS_OF(k->s, files, file, k->item->id, first, n);
    k->d->files = (struct doc_file_list){ARENA_ARRAY(k->c->arena, struct doc_file, n + 1), n};
    for (size_t i = 0; i < n; i++) {
        const struct part_files_row *r = &k->s->files.v[first + i];
        k->d->files.v[i] = (struct doc_file){r->code, r->kind,   r->name,  r->content_type,
                                             r->size, r->digest, r->state, r->source};
    }
}

static void compose_handlings(struct composing *k)
{
    size_t first, n;
    ROWS_OF(k->s, handlings, handling, k->item->id, first, n);
    k->d->handlings =
        (struct doc_handling_list){ARENA_ARRAY(k->c->arena, struct doc_handling, n + 1), n};
    for (size_t i = 0; i < n; i++) {
        const struct part_handlings_row *r = &k->s->handlings.v[first + i];
        k->d->handlings.v[i] = (struct doc_handling){.code = r->code,
                                                     .kind = r->kind,
                                                     .name = r->name,
                                                     .name_en = r->name_en,
                                                     .is_immediate = r->is_immediate,
                                                     .legal_days = r->legal_days,
                                                     .legal_unit = r->legal_unit,
                                                     .promised_days = r->promised_days,
                                                     .promised_unit = r->promised_unit,
                                                     .state = r->state,
                                                     .source = r->source};
    }
}

/* --- situations: three lists, one inside the other --- */

static void compose_option_papers(struct composing *k, int64_t situation, int64_t choice,
                                  struct doc_option *o)
{
    struct part_option_papers_rows *rows = &k->s->option_papers;
    size_t at = k->s->option_paper, first = at;
    while (at < rows->n && rows->v[at].item_id == k->item->id &&
           rows->v[at].situation == situation && rows->v[at].choice == choice)
        at++;
    k->s->option_paper = at;
    o->papers.n = at - first;
    o->papers.v = ARENA_ARRAY(k->c->arena, struct doc_option_paper, o->papers.n + 1);
    for (size_t i = 0; i < o->papers.n; i++)
        o->papers.v[i] =
            (struct doc_option_paper){rows->v[first + i].paper, rows->v[first + i].necessity};
}

static void compose_options(struct composing *k, int64_t situation, struct doc_situation *q)
{
    struct part_options_rows *rows = &k->s->options;
    size_t at = k->s->option, first = at;
    while (at < rows->n && rows->v[at].item_id == k->item->id && rows->v[at].situation == situation)
        at++;
    k->s->option = at;
    q->options.n = at - first;
    q->options.v = ARENA_ARRAY(k->c->arena, struct doc_option, q->options.n + 1);
    for (size_t i = 0; i < q->options.n; i++) {
        const struct part_options_row *r = &rows->v[first + i];
        q->options.v[i] =
            (struct doc_option){.code = r->code, .name = r->name, .name_en = r->name_en};
        compose_option_papers(k, situation, r->position, &q->options.v[i]);
    }
}

static void compose_situations(struct composing *k)
{
    size_t first, n, begin, skipped;
    ROWS_OF(k->s, situations, situation, k->item->id, first, n);
    /* stand before this item's options; compose_options() walks on from there */
    ROWS_OF(k->s, options, option, k->item->id, begin, skipped);
    k->s->option -= skipped;
    ROWS_OF(k->s, option_papers, option_paper, k->item->id, begin, skipped);
    k->s->option_paper -= skipped;
    k->d->situations =
        (struct doc_situation_list){ARENA_ARRAY(k->c->arena, struct doc_situation, n + 1), n};
    for (size_t i = 0; i < n; i++) {
        const struct part_situations_row *r = &k->s->situations.v[first + i];
        k->d->situations.v[i] = (struct doc_situation){.code = r->code,
                                                       .parent = r->parent,
                                                       .question = r->question,
                                                       .question_en = r->question_en,
                                                       .state = r->state,
                                                       .source = r->source};
        compose_options(k, r->position, &k->d->situations.v[i]);
    }
}

/* --- whole documents --- */

static void compose(struct ctx *c, struct stretch *s, const struct part_items_row *item,
                    struct item_doc *d)
{
    struct composing k = {.c = c, .s = s, .item = item, .d = d};
    *d = (struct item_doc){0};
    compose_elements(&k);
    compose_papers(&k);
    compose_fees(&k);
    compose_questions(&k);
    compose_bases(&k);
    compose_situations(&k);
    compose_files(&k);
    compose_handlings(&k);
}

enum err item_doc_of_tables(struct ctx *c, int64_t item_id, struct item_doc *ret)
{
    struct stretch s;
    TRY(read_stretch(c, item_id - 1, 1, &s));
    if (s.items.n == 0 || s.items.v[0].id != item_id)
        return fail(c, E_NO_SUCH_ITEM, "item %lld", (long long)item_id);
    compose(c, &s, &s.items.v[0], ret);
    return E_OK;
}

/* One stretch in memory of its own; *ret_n items were looked at. */
static enum err each_of_stretch(struct ctx *c, int64_t after_id, int64_t most, doc_each *each,
                                void *arg, int64_t *ret_last, size_t *ret_n)
{
    struct stretch s;
    TRY(read_stretch(c, after_id, most, &s));
    for (size_t i = 0; i < s.items.n; i++) {
        struct item_doc d;
        compose(c, &s, &s.items.v[i], &d);
        if (s.items.v[i].is_listed)
            TRY(each(c, arg, s.items.v[i].id, &d));
        *ret_last = s.items.v[i].id;
    }
    *ret_n = s.items.n;
    return E_OK;
}

static void let_arena_go(void *arena)
{
    arena_free(arena);
}

enum err item_docs_after(struct ctx *c, int64_t after_id, int64_t most, doc_each *each, void *arg,
                         int64_t *ret_last)
{
    struct ctx mine = *c;
    int64_t last = after_id;
    size_t n = 1;
    enum err e = E_OK;
    mine.arena = arena_new(STRETCH_BYTES);
    arena_defer(c->arena, let_arena_go, mine.arena);
    for (int64_t left = most; e == E_OK && n > 0 && left > 0; left -= (int64_t)n) {
        arena_reset(mine.arena);
        e = each_of_stretch(&mine, last, left < STRETCH ? left : STRETCH, each, arg, &last, &n);
    }
    c->refusal = mine.refusal;
    c->refusal.detail = str_copy(c->arena, mine.refusal.detail);
    c->refusal.text = str_copy(c->arena, mine.refusal.text);
    *ret_last = last == after_id ? 0 : last;
    return e;
}
