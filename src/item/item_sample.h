/* Documents for the tests of this folder. */
#ifndef ITEM_SAMPLE_H
#define ITEM_SAMPLE_H

#include "item_terms.h"
#include "test.h"

/* Loads the elements and codes of data/catalogue. */
void load_terms(struct test *t);
/* What tests stand on (test_start_with()): the terms; them, the agency and the sample in force, whose id it returns; the
 * demonstration's calendar, agencies and directory, and in the centre beside it the agencies alone. */
void start_with_terms(struct test *t, struct item_terms *ret);
int64_t start_with_sample(struct test *t);
void start_with_wolong(struct test *t);
/* Every element that can be entered has a value of its type, every part has rows with every member set. Papers: 1 ID
 * card, 2 proxy, 3 kinship; questions: who (self, agent → 2) → relation (spouse → 3 later, child → 3), age. */
void sample_doc(struct test *t, struct item_doc *ret);
/* Takes a document in as an import does; the terms are loaded. */
void take_in_doc(struct test *t, const struct item_doc *d);
/* The agency it names. */
void sample_agency(struct test *t);

#endif
