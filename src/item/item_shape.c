/* The shapes of a document's parts (DOMAIN.md 1.8 A to F). A new member is one line here and one in the struct. */
#include "item_shape.h"
#include <string.h>

static const char *const states[] = {"read", "demonstration", "missing", NULL};
static const char *const paper_kinds[] = {"original", "copy", "both", "either", "form", NULL};
static const char *const media[] = {"paper", "electronic", "any", NULL};
static const char *const necessities[] = {"required", "optional", "later", NULL};
static const char *const providers[] = {"applicant", "government", "on_site", NULL};
static const char *const basis_kinds[] =
    {"law", "admin_regulation", "local_regulation", "department_rule", "local_rule", "normative",
     NULL};
static const char *const file_kinds[] = {"blank", "filled", "result", "flow", NULL};
static const char *const handling_kinds[] = {"new",     "change", "renew", "cancel",
                                             "reissue", "other",  NULL};
static const char *const units[] = {"working", "natural", NULL};

#define NEEDED true
#define TEXT(of, name, max)                                                                        \
    {                                                                                              \
#name, MEMBER_TEXT, offsetof(struct of, name), max, false, NULL, NULL                      \
    }
#define TEXT_NEEDED(of, name, max)                                                                 \
    {                                                                                              \
#name, MEMBER_TEXT, offsetof(struct of, name), max, NEEDED, NULL, NULL                     \
    }
#define WORD(of, name, words)                                                                      \
    {                                                                                              \
#name, MEMBER_WORD, offsetof(struct of, name), 0, NEEDED, words, NULL                      \
    }
#define WORD_MAYBE(of, name, words)                                                                \
    {                                                                                              \
#name, MEMBER_WORD, offsetof(struct of, name), 0, false, words, NULL                       \
    }
#define INT(of, name, max)                                                                         \
    {                                                                                              \
#name, MEMBER_INT, offsetof(struct of, name), max, false, NULL, NULL                       \
    }
#define INT_NEEDED(of, name, max)                                                                  \
    {                                                                                              \
#name, MEMBER_INT, offsetof(struct of, name), max, NEEDED, NULL, NULL                      \
    }
#define FLAG(of, name)                                                                             \
    {                                                                                              \
#name, MEMBER_FLAG, offsetof(struct of, name), 0, false, NULL, NULL                        \
    }
#define LIST(of, name, max, rows)                                                                  \
    {                                                                                              \
#name, MEMBER_LIST, offsetof(struct of, name), max, false, NULL, rows                      \
    }
#define PROVENANCE(of) WORD(of, state, states), TEXT(of, source, 400)
#define SHAPE(of, members, ...)                                                                    \
    {                                                                                              \
        sizeof(struct of), members, sizeof members / sizeof *members, __VA_ARGS__                  \
    }

static const struct shape_member element_members[] = {TEXT_NEEDED(doc_element, field, 40),
                                                      TEXT(doc_element, zh, DOC_TEXT_MAX),
                                                      TEXT(doc_element, en, DOC_TEXT_MAX),
                                                      PROVENANCE(doc_element)};
static const struct shape element_shape =
    SHAPE(doc_element, element_members, "field", NULL, "zh", true);

static const struct shape_member basis_members[] = {WORD(doc_basis, kind, basis_kinds),
                                                    TEXT_NEEDED(doc_basis, law, 200),
                                                    TEXT(doc_basis, law_en, 400),
                                                    TEXT(doc_basis, document_no, 100),
                                                    TEXT(doc_basis, article, 100),
                                                    TEXT(doc_basis, wording, DOC_TEXT_MAX),
                                                    PROVENANCE(doc_basis)};
static const struct shape basis_shape =
    SHAPE(doc_basis, basis_members, "law", "article", "law", false);

static const struct shape_member paper_members[] = {INT_NEEDED(doc_paper, position, DOC_ROWS_MAX),
                                                    TEXT_NEEDED(doc_paper, name, 200),
                                                    TEXT(doc_paper, name_en, 400),
                                                    WORD(doc_paper, kind, paper_kinds),
                                                    WORD_MAYBE(doc_paper, medium, media),
                                                    INT(doc_paper, copies, 99),
                                                    WORD(doc_paper, necessity, necessities),
                                                    WORD(doc_paper, provider, providers),
                                                    TEXT(doc_paper, source_note, 1000),
                                                    TEXT(doc_paper, page_format, 40),
                                                    TEXT(doc_paper, blank_file, 40),
                                                    TEXT(doc_paper, sample_file, 40),
                                                    TEXT(doc_paper, fill_note, 4000),
                                                    TEXT(doc_paper, fill_note_en, 4000),
                                                    TEXT(doc_paper, standard, 4000),
                                                    TEXT(doc_paper, standard_en, 4000),
                                                    TEXT(doc_paper, basis, 2000),
                                                    TEXT(doc_paper, basis_en, 2000),
                                                    FLAG(doc_paper, on_site),
                                                    TEXT(doc_paper, issuer, 200),
                                                    TEXT(doc_paper, issuer_en, 400),
                                                    TEXT(doc_paper, time_rule, 400),
                                                    TEXT(doc_paper, where_to_get, 400),
                                                    TEXT(doc_paper, where_to_get_en, 400),
                                                    TEXT(doc_paper, licence_type, 40),
                                                    PROVENANCE(doc_paper)};
static const struct shape paper_shape =
    SHAPE(doc_paper, paper_members, "position", NULL, "name", true);

static const struct shape_member fee_members[] = {TEXT_NEEDED(doc_fee, name, 200),
                                                  TEXT(doc_fee, name_en, 400),
                                                  TEXT_NEEDED(doc_fee, standard, 1000),
                                                  TEXT(doc_fee, standard_en, 1000),
                                                  TEXT(doc_fee, basis, 2000),
                                                  FLAG(doc_fee, can_reduce),
                                                  TEXT(doc_fee, reduce_note, 1000),
                                                  TEXT(doc_fee, reduce_note_en, 1000),
                                                  PROVENANCE(doc_fee)};
static const struct shape fee_shape = SHAPE(doc_fee, fee_members, "name", NULL, "name", false);

static const struct shape_member question_members[] = {TEXT_NEEDED(doc_question, question, 400),
                                                       TEXT(doc_question, question_en, 1000),
                                                       TEXT_NEEDED(doc_question, answer, 4000),
                                                       TEXT(doc_question, answer_en, 4000),
                                                       PROVENANCE(doc_question)};
static const struct shape question_shape =
    SHAPE(doc_question, question_members, "question", NULL, "question", false);

static const struct shape_member option_paper_members[] = {INT_NEEDED(doc_option_paper, paper,
                                                                      DOC_ROWS_MAX),
                                                           WORD(doc_option_paper, necessity,
                                                                necessities)};
static const struct shape option_paper_shape =
    SHAPE(doc_option_paper, option_paper_members, "paper", NULL, "necessity", true);
static const struct shape_member option_members[] = {TEXT_NEEDED(doc_option, code, 40),
                                                     TEXT_NEEDED(doc_option, name, 200),
                                                     TEXT(doc_option, name_en, 400),
                                                     LIST(doc_option, papers, DOC_ROWS_MAX,
                                                          &option_paper_shape)};
static const struct shape option_shape =
    SHAPE(doc_option, option_members, "code", NULL, "name", false);
static const struct shape_member situation_members[] = {TEXT_NEEDED(doc_situation, code, 40),
                                                        TEXT(doc_situation, parent, 40),
                                                        TEXT_NEEDED(doc_situation, question, 200),
                                                        TEXT(doc_situation, question_en, 400),
                                                        LIST(doc_situation, options, 40,
                                                             &option_shape),
                                                        PROVENANCE(doc_situation)};
static const struct shape situation_shape =
    SHAPE(doc_situation, situation_members, "code", NULL, "question", false);

static const struct shape_member file_members[] = {TEXT_NEEDED(doc_file, code, 40),
                                                   WORD(doc_file, kind, file_kinds),
                                                   TEXT_NEEDED(doc_file, name, 200),
                                                   TEXT_NEEDED(doc_file, content_type, 100),
                                                   INT_NEEDED(doc_file, size, INT64_C(5) << 20),
                                                   TEXT_NEEDED(doc_file, digest, 64),
                                                   PROVENANCE(doc_file)};
static const struct shape file_shape = SHAPE(doc_file, file_members, "code", NULL, "name", false);

static const struct shape_member handling_members[] =
    {TEXT_NEEDED(doc_handling, code, 33),      WORD(doc_handling, kind, handling_kinds),
     TEXT_NEEDED(doc_handling, name, 200),     TEXT(doc_handling, name_en, 400),
     FLAG(doc_handling, is_immediate),         INT(doc_handling, legal_days, 3650),
     WORD(doc_handling, legal_unit, units),    INT(doc_handling, promised_days, 3650),
     WORD(doc_handling, promised_unit, units), PROVENANCE(doc_handling)};
static const struct shape handling_shape =
    SHAPE(doc_handling, handling_members, "code", NULL, "name", false);

static const struct shape_member doc_members[] =
    {LIST(item_doc, elements, DOC_ELEMENTS_MAX, &element_shape),
     LIST(item_doc, bases, DOC_ROWS_MAX, &basis_shape),
     LIST(item_doc, papers, DOC_ROWS_MAX, &paper_shape),
     LIST(item_doc, fees, DOC_ROWS_MAX, &fee_shape),
     LIST(item_doc, questions, DOC_ROWS_MAX, &question_shape),
     LIST(item_doc, situations, DOC_ROWS_MAX, &situation_shape),
     LIST(item_doc, files, DOC_ROWS_MAX, &file_shape),
     LIST(item_doc, handlings, 99, &handling_shape)};
const struct shape item_doc_shape = SHAPE(item_doc, doc_members, NULL, NULL, NULL, false);

struct str shape_text(const void *row, const struct shape_member *m)
{
    struct str s;
    memcpy(&s, (const char *)row + m->offset, sizeof s);
    return str_or_empty(s);
}

int64_t shape_int(const void *row, const struct shape_member *m)
{
    int64_t v;
    memcpy(&v, (const char *)row + m->offset, sizeof v);
    return v;
}

bool shape_flag(const void *row, const struct shape_member *m)
{
    bool v;
    memcpy(&v, (const char *)row + m->offset, sizeof v);
    return v;
}

struct any_list shape_list(const void *row, const struct shape_member *m)
{
    struct any_list l;
    memcpy(&l, (const char *)row + m->offset, sizeof l);
    return l;
}

const void *list_row(struct any_list l, const struct shape *s, size_t i)
{
    return (const char *)l.v + i * s->size;
}

const struct shape_member *shape_member_of(const struct shape *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->members[i].name, name) == 0)
            return &s->members[i];
    return NULL;
}

bool shape_is_default(const void *row, const struct shape_member *m)
{
    switch (m->kind) {
    case MEMBER_TEXT:
    case MEMBER_WORD:
        return shape_text(row, m).n == 0;
    case MEMBER_INT:
        return shape_int(row, m) == 0;
    case MEMBER_FLAG:
        return !shape_flag(row, m);
    case MEMBER_LIST:
        return shape_list(row, m).n == 0;
    }
    BUG("member kind %d", m->kind);
}
