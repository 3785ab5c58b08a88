/* Where an item is handled, in words: floor, zone, windows. */
#ifndef ITEM_PLACE_H
#define ITEM_PLACE_H

#include "item.h"
#include "item_index.h"

/* Fills place and place_en of the documents (in order of id); their texts go into a. What no window
 * handles keeps them empty. */
MUST_USE enum err places_load(struct ctx *c, struct arena *a, struct index_doc **docs, size_t n);

#endif
