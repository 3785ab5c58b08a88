/* Where a document's elements stand in the tables: some are columns of `item`, all others are rows of item_text, twelve
 * of them under the names the guide pages and the tables of data/ use. */
#ifndef ITEM_TABLES_H
#define ITEM_TABLES_H

#include "center.h"
#include "item_doc.h"

/* Elements that are columns of `item`; their provenance is in item_source under `source`. */
enum item_column {
    COLUMN_CODE,
    COLUMN_IMPL_CODE,
    COLUMN_NAME,
    COLUMN_MAIN_ITEM,
    COLUMN_AGENCY,
    COLUMN_KIND,
    COLUMN_ZONE,
    COLUMN_ONE_WINDOW,
    COLUMN_IS_ONLINE,
    COLUMN_VISITS,
    COLUMN_CASE_TYPE,
    COLUMN_LEGAL_DAYS,
    COLUMN_LEGAL_UNIT,
    COLUMN_PROMISED_DAYS,
    COLUMN_PROMISED_UNIT,
    COLUMN_HAS_FEE,
    COLUMN_COUNT
};
struct item_column_name {
    const char *field, *source;
    bool may_be_empty;
};
extern const struct item_column_name item_columns[COLUMN_COUNT];
/* The column of a field, or -1. */
int item_column_of(struct str field);

/* The name in item_text of a field, and back; other names are the same on both sides. */
struct str text_name_of(struct str field);
struct str field_of_text(struct str name);

struct doc_paper doc_paper_of_row(const struct part_papers_row *r);

/* Questions written as lines "question|answer", Chinese and English line by line. */
void questions_of_text(struct ctx *c, struct str zh, struct str en, struct str state,
                       struct str source, struct doc_question_list *ret);

/* Can the document be put as this item: is every column there, the agency known, no code another item's? */
MUST_USE enum err item_doc_fits(struct ctx *c, int64_t item_id, const struct item_doc *d,
                                struct agency_row *ret_agency, struct doc_faults *faults);

/* The row of `item` that the document says; id, agency and version are the caller's. */
void item_row_of_doc(const struct item_doc *d, struct item_row *ret);
/* item_view_fill() of a document: a draft as its readers would see it. An agency that is not there leaves its name out. */
MUST_USE enum err item_view_of_doc(struct ctx *c, int64_t item_id, int64_t version,
                                   const struct item_doc *d, struct item_view *ret);

/* Bytes of a file in one row of the table item_files: 32,000 characters of base64url, and a cell of a spreadsheet holds
 * 32,767. Divisible by three, so that the pieces join without a rest. */
#define ITEM_FILE_ROW_BYTES ((size_t)24000)

/* SM3, hexadecimal. */
struct str item_digest(struct ctx *c, struct str bytes);

#endif
