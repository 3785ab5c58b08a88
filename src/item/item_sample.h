/* Documents for the tests of this folder. */
#ifndef ITEM_SAMPLE_H
#define ITEM_SAMPLE_H

#include "item_terms.h"
#include "test.h"

/* The elements and codes of data/catalogue. */
void load_terms(struct test *t, struct item_terms *ret);
/* Every element that can be entered has a value of its type, every part has rows with every member set. Papers: 1 ID
 * card, 2 proxy, 3 kinship; questions: who (self, agent → 2) → relation (spouse → 3 later, child → 3), age. */
void sample_doc(struct test *t, struct item_doc *ret);
/* The agency it names. */
void sample_agency(struct test *t);

#endif
