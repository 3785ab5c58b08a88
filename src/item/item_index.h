/* Finding an item from everyday words, in memory. An index is an immutable snapshot of the directory:
 * documents with all that a result line shows, and for every term the documents that hold it with an
 * impact computed beforehand (BM25 with field weights; Robertson and Zaragoza, 2009), so a search only
 * adds numbers up. Terms are single Chinese characters, overlapping pairs of them, and whole words of
 * Latin letters or digits, all of them simplified, half-width and in lower case. The best sixty are
 * then compared with the query name by name and everyday word by everyday word: a short word that is
 * all in the query counts more than the same characters strewn over a long name.
 *
 * What people say (丢了) is read as what the field says (补领 遗失) by a table, the sayings. Only when the
 * plain reading fits badly is the query read otherwise: by ear (pinyin, initials, wrong homophones), or
 * with one slip mended (a character or letter too many, too few, wrong or swapped). The reading that fits
 * best is taken.
 *
 * Why not SQLite's FTS5, as first planned: measured on the Wolong directory, 许可证变更登记 took 0.5 ms
 * at 950 items and 56 ms at 95,000 (bm25, 20 best), because FTS5 ranks every match at query time. */
#ifndef ITEM_INDEX_H
#define ITEM_INDEX_H

#include "arena.h"

struct index_doc { /* texts live as long as the index */
    int64_t id;
    struct str code, name, name_en, main_item, agency, zone, zone_name, zone_name_en;
    struct str place,
        place_en;      /* floor, zone and windows in words; empty when no window handles it */
    struct str *words; /* everyday words */
    size_t word_count;
    bool one_window, is_online, is_immediate;
    bool for_persons, for_legal_persons; /* audience (服务对象) */
    int64_t onsite_visits, legal_days, promised_days, papers;
    int64_t demand; /* visits a month, as far as known */
};

struct index_saying { /* sorted by said */
    struct str said;  /* how people say it */
    struct str
        means; /* terms of the field, separated by blanks; empty: the words only ask (怎么办) */
    bool is_act; /* what shall happen (丢了), not to what: says less */
};

struct item_index;

enum index_audience { AUDIENCE_ANY, AUDIENCE_PERSONAL, AUDIENCE_LEGAL };

/* Builds over docs (copied shallowly; their texts and the sayings must live in a). The index lives in a. */
struct item_index *index_build(struct arena *a, const struct index_doc *docs, size_t n,
                               const struct index_saying *sayings, size_t saying_count);
size_t index_size(const struct item_index *x);
/* The document with this code (12 digits), or -1. Documents stand in order of code. */
int64_t index_find(const struct item_index *x, struct str code);
const struct index_doc *index_doc_at(const struct item_index *x, uint32_t doc);

struct index_query {
    struct str words, zone, agency; /* STR_NONE or empty: any */
    enum index_audience audience;
    size_t skip, most; /* most <= 50 */
};
struct index_answer {
    uint32_t docs[50];
    size_t n;
    size_t total; /* all that fit, after the noise is cut off */
};
/* Best first; ties by code. Scratch memory comes from the thread and is kept between searches. */
void index_search(const struct item_index *x, const struct index_query *q,
                  struct index_answer *ret);

/* All that fit, in order of code. */
void index_list(const struct item_index *x, const struct index_query *q, struct index_answer *ret);

/* --- tokens (item_token.c) --- */

typedef void token_found(void *arg, struct str token, bool is_single);
/* Calls found for each term of the text: lower-cased words, single characters, pairs. Punctuation and
 * blanks separate; full-width letters and digits count as half-width. */
void tokens_of(struct str text, token_found *found, void *arg);

#endif
