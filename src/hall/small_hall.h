/* A hall small enough to know by heart, for tests of the folders above this one too. small_hall() builds
 * it in the open transaction of c, in its centre; a test_maker for test_start_with() is load_small_hall().
 *
 *   desk  kind           floor step-free handles
 *   01    comprehensive  1     yes       zone:personal
 *   02    comprehensive  1     yes       zone:personal
 *   03    comprehensive  2     no        zone:personal
 *   07    elderly        1     yes       zone:personal
 *   08    green          1     yes       zone:personal, zone:business
 *   20    cant_do        1     yes       *
 *   27    special        2     no        item:412011013000, item:410711001000
 *   33    comprehensive  2     no        zone:business
 *
 *   412011013000 补领结婚证 personal, any window;  410711001000 结婚登记 personal, special windows only;
 *   411007001000 企业备案 business, any window.  Zones: personal A, business B, estate C (no desks). */
#ifndef SMALL_HALL_H
#define SMALL_HALL_H

#include "hall.h"

#define ITEM_REISSUE  "412011013000"
#define ITEM_MARRIAGE "410711001000"
#define ITEM_COMPANY  "411007001000"

MUST_USE enum err small_hall(struct ctx *c, void *arg);
struct test;
void load_small_hall(struct test *t);

#endif
