/* How long somebody will wait: a time that half of all keep below, and one that nine of ten keep below.
 *
 * With k services still to end before his own begins and d desks at work, the wait is the sum of k
 * exponential times of mean service / d: a gamma distribution, whose quantiles are in a table
 * (chi-square with 2k degrees of freedom, halved). Halls are not that regular: desks pause, people with a
 * claim come later and go first, services of one kind take long. So each line keeps two factors,
 * and every visitor who waited corrects them: too short a promise widens them at once, a kept one
 * narrows them slowly, in the proportion that leaves nine of ten (and one of two) below. Pure
 * functions. */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include <stddef.h>
#include <stdint.h>

struct estimate {
    int64_t half_ms, most_ms; /* 50 % and 90 % */
};

/* Factors of a line in thousandths, 1000 for "as computed". */
struct stretch {
    int64_t half, most;
};

/* ahead: people before him in hundredths (people of lines that share only some desks count in part);
 * service_ms: recent mean time of service; desks: open ones (at least 1 is taken). */
struct estimate estimate_wait(int64_t ahead, int64_t service_ms, int64_t desks, struct stretch s);
/* The factors after somebody who was told `told` waited wait_ms. Who had nobody before him teaches
 * nothing: whether a desk was free is not in the estimate. */
struct stretch stretch_after(struct stretch s, int64_t ahead, struct estimate told,
                             int64_t wait_ms);

#endif
