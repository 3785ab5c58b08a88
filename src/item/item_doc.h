/* One item as a document: everything that is known of it, in memory and as JSON. A version of an item
 * (item_version.h) is such a document; the one in force is also kept in tables (item_put_doc) for
 * search, guides, tickets and cases. What may be said is DOMAIN.md 1.8, parts A to F; which elements
 * exist, how long they may be and which are mandatory is data (item_terms.h).
 *
 * The shapes (item_shape.c) say once which members a part has; reading, printing, comparing and the
 * tests follow them, so nothing can be read and not printed. Reading refuses what it does not know, with its place. */
#ifndef ITEM_DOC_H
#define ITEM_DOC_H

#include "item_gen.h"

#define DOC_BYTES_MAX    ((size_t)32 << 20) /* of a whole document, before anything is looked at */
#define DOC_TEXT_MAX     20000 /* characters of one text, as in the tables that are imported */
#define DOC_ELEMENTS_MAX 400
#define DOC_ROWS_MAX     200 /* papers, fees, questions … of one item */

/* An element of A or B: a value, its English, where it comes from. Numbers, flags, dates and codes are
 * kept as their text: "5", "1", "2026-03-02", "01"; several codes with commas: "1,2". */
struct doc_element {
    struct str field; /* name in the exchange: task_name, promise_day … */
    struct str zh, en;
    struct str state; /* read demonstration missing; missing: the text is empty */
    struct str source;
};
/* C. A paper; what is not here cannot be asked for (ALL 31). Others point at it by its position. */
struct doc_paper {
    int64_t position; /* from 1, unique */
    struct str name, name_en;
    struct str kind;   /* original copy both either form */
    struct str medium; /* paper electronic any, or empty: not said */
    int64_t copies;
    struct str necessity;               /* required optional later */
    struct str provider;                /* applicant government on_site */
    struct str source_note;             /* of the provider */
    struct str page_format;             /* A4 … */
    struct str blank_file, sample_file; /* codes of files */
    struct str fill_note, fill_note_en;
    struct str standard, standard_en; /* what the clerk checks */
    struct str basis, basis_en; /* law and article; without it the paper must not be demanded */
    bool on_site;               /* signed or made at the window */
    struct str issuer, issuer_en, time_rule;
    struct str where_to_get, where_to_get_en;
    struct str licence_type; /* the e-licence that replaces it */
    struct str state, source;
};
struct doc_fee { /* D */
    struct str name, name_en, standard, standard_en, basis;
    bool can_reduce;
    struct str reduce_note, reduce_note_en;
    struct str state, source;
};
struct doc_question { /* E */
    struct str question, question_en, answer, answer_en;
    struct str state, source;
};
/* F. A situation is a question with options. One with an empty parent is always asked; else only after
 * its parent, an option of another question, was chosen. */
struct doc_option_paper {
    int64_t paper;        /* position of the paper */
    struct str necessity; /* in this situation */
};
struct doc_option_paper_list {
    struct doc_option_paper *v;
    size_t n;
};
struct doc_option {
    struct str code; /* unique in the item */
    struct str name, name_en;
    struct doc_option_paper_list papers;
};
struct doc_option_list {
    struct doc_option *v;
    size_t n;
};
struct doc_situation {
    struct str code, parent;
    struct str question, question_en;
    struct doc_option_list options;
    struct str state, source;
};
struct doc_basis { /* element 6 */
    struct str
        kind; /* law admin_regulation local_regulation department_rule local_rule normative */
    struct str law, law_en, document_no, article, wording;
    struct str state, source;
};
struct doc_file {
    struct str
        code; /* unique in the item; papers and the elements result_guid, form_guid point here */
    struct str kind; /* blank filled result flow */
    struct str name, content_type;
    int64_t size;
    struct str digest; /* SM3 of the bytes, hexadecimal: item_file_read() gives them */
    struct str state, source;
};
struct doc_handling {
    struct str code; /* 33 characters: implementation code and 01-99 */
    struct str kind; /* new change renew cancel reissue other */
    struct str name, name_en;
    bool is_immediate;
    int64_t legal_days;
    struct str legal_unit; /* working natural */
    int64_t promised_days;
    struct str promised_unit;
    struct str state, source;
};

struct doc_element_list {
    struct doc_element *v;
    size_t n;
};
struct doc_paper_list {
    struct doc_paper *v;
    size_t n;
};
struct doc_fee_list {
    struct doc_fee *v;
    size_t n;
};
struct doc_question_list {
    struct doc_question *v;
    size_t n;
};
struct doc_situation_list {
    struct doc_situation *v;
    size_t n;
};
struct doc_basis_list {
    struct doc_basis *v;
    size_t n;
};
struct doc_file_list {
    struct doc_file *v;
    size_t n;
};
struct doc_handling_list {
    struct doc_handling *v;
    size_t n;
};

struct item_doc {
    struct doc_element_list elements; /* in order of the field's name */
    struct doc_basis_list bases;
    struct doc_paper_list papers; /* in order of position */
    struct doc_fee_list fees;
    struct doc_question_list questions;
    struct doc_situation_list situations;
    struct doc_file_list files;
    struct doc_handling_list handlings;
};

/* --- faults: all of them at once, each with its place ---------------------------------------- */

struct doc_fault {
    struct str place;  /* "papers[3].name", "elements.promise_day", "situations[1].parent" */
    struct str reason; /* in the context's language, what is wrong and what to do */
};
struct doc_faults {
    struct doc_fault *v; /* at most 200 kept */
    size_t n, all;
};
void doc_fault_add(struct ctx *c, struct doc_faults *f, struct str place, struct str reason);
/* E_OK without faults; else E_ITEM_FAULTS, the first with its place as the sentence. */
MUST_USE enum err doc_faults_end(struct ctx *c, const struct doc_faults *f);

/* --- JSON -------------------------------------------------------------------------------------- */

/* Texts are copied into the context's arena. E_ITEM_FAULTS with everything found in *faults: JSON that cannot be
 * read (line and column), a member that is not known or stands twice, a wrong type, a missing name, a word not of
 * its list, a text that is too long. Nothing is looked up: item_doc_check() does that. */
MUST_USE enum err item_doc_read(struct ctx *c, struct str json, struct item_doc *ret,
                                struct doc_faults *faults);
/* Canonical: equal documents give equal bytes, and reading them gives the document again. */
struct str item_doc_print(struct ctx *c, const struct item_doc *d);

/* --- looking into one ---------------------------------------------------------------------------- */

const struct doc_element *doc_element_of(const struct item_doc *d, const char *field); /* or NULL */
/* Its Chinese text; STR_NONE when it is not there or missing. */
struct str doc_value(const struct item_doc *d, const char *field);
const struct doc_paper *doc_paper_at(const struct item_doc *d, int64_t position);
const struct doc_file *doc_file_of(const struct item_doc *d, struct str code);
/* Sets or adds an element (kept in order); what it points at must live as long as the document. */
void doc_element_set(struct ctx *c, struct item_doc *d, struct doc_element e);

/* --- rules -------------------------------------------------------------------------------------------- */

struct item_terms; /* item_terms.h */
/* Everything a document must keep to whoever wrote it: known elements, values of their type and length, codes
 * of their scheme that hold on that day, unique and sound codes (check characters), no two papers at a position,
 * situations without dangling parents, cycles or papers that are not there, files that are there. Whether it is
 * *complete* is another question (item_doc_missing). */
void item_doc_check(struct ctx *c, const struct item_terms *terms, const struct item_doc *d,
                    int32_t on, struct doc_faults *faults);
/* Only the tree: part of the above, pure. */
void situations_check(struct ctx *c, const struct item_doc *d, struct doc_faults *faults);
/* Questions on the longest way through the tree (a guide asks at most five). */
int situations_depth(const struct item_doc *d);

struct doc_need { /* a paper in somebody's situation */
    const struct doc_paper *paper;
    struct str necessity;
};
struct doc_needs {
    struct doc_need *v;
    size_t n;
};
/* The papers for these chosen options (codes): those no option names, and those a chosen one names, with the
 * strictest necessity of the chosen ones. An option whose question is not reached does not count. */
struct doc_needs item_doc_needs(struct ctx *c, const struct item_doc *d, const struct str *chosen,
                                size_t n);
/* The next question to ask after these options, in order; NULL when all is asked. */
const struct doc_situation *item_doc_next_question(const struct item_doc *d,
                                                   const struct str *chosen, size_t n);

/* --- differences ---------------------------------------------------------------------------------------- */

enum doc_change_kind { DOC_ADDED, DOC_REMOVED, DOC_CHANGED };
struct doc_change {
    enum doc_change_kind kind;
    struct str part;   /* elements bases papers fees questions situations files handlings */
    struct str key;    /* what it is within its part: task_name, 3, q1, q1.a */
    struct str member; /* zh, name, necessity …; empty: the whole row */
    struct str before, after;
};
struct doc_changes {
    struct doc_change *v;
    size_t n;
};
/* In the order of the parts. Rows are matched by field, position or code; fees, questions and bases by name. */
void item_doc_diff(struct ctx *c, const struct item_doc *before, const struct item_doc *after,
                   struct doc_changes *ret);

/* --- the tables ------------------------------------------------------------------------------------------ */

/* The document of what the tables hold for an item: what is in force now. E_NO_SUCH_ITEM. */
MUST_USE enum err item_doc_of_tables(struct ctx *c, int64_t item_id, struct item_doc *ret);
/* The same for many, streamed: calls `each` in order of item id for listed items after after_id, at most `most`;
 * *ret_last is the last one, 0 when there were none. A dozen statements for a hundred items, so it is the way to check
 * or export a directory. Documents and whatever `each` takes from its context's arena last until it returns. */
typedef enum err doc_each(struct ctx *c, void *arg, int64_t item_id, const struct item_doc *d);
MUST_USE enum err item_docs_after(struct ctx *c, int64_t after_id, int64_t most, doc_each *each,
                                  void *arg, int64_t *ret_last);
/* Puts a checked document into the tables as this version; E_ITEM_FAULTS when it does not fit (an agency that is
 * not there, a code another item has). Only item_version.c calls it. */
MUST_USE enum err item_put_doc(struct ctx *c, int64_t item_id, int64_t version,
                               const struct item_doc *d);

/* One paper into the tables, in the place of the one at its position. Name, kind, necessity, provider and state are needed.
 * For importers, which have checked it. */
MUST_USE enum err item_paper_put(struct ctx *c, int64_t item_id, const struct doc_paper *p);

/* Bytes of forms and samples, kept once however often they are used. Types: PDF, PNG, JPEG, DOCX, XLSX by their first
 * bytes; E_ITEM_FILE for others, E_TOO_LARGE above 5 MiB. Fills size, digest and content_type. */
MUST_USE enum err item_file_keep(struct ctx *c, struct str bytes, struct doc_file *file);
MUST_USE enum err item_file_read(struct ctx *c, struct str digest, struct str *ret_bytes);

#endif
