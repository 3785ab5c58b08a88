/* Text with its length. A struct str points at bytes that somebody else owns (an arena, the
 * program text, a request) and need not end in NUL. UTF-8 throughout; {NULL, 0} means "no value"
 * (a NULL in the database), {"", 0} means empty. */
#ifndef STR_H
#define STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *p;
    size_t n;
};

struct arena;

#define STR_NONE ((struct str){NULL, 0})
/* STR("literal") */
#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
/* for printf: "%.*s", STR_ARG(s) */
#define STR_ARG(s) (int)(s).n, (s).p == NULL ? "" : (s).p

struct str str_of(const char *terminated); /* NULL gives STR_NONE */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *terminated);
int str_cmp(struct str a, struct str b); /* bytewise, the order of C.UTF-8 */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Index of the first occurrence, or -1. */
ptrdiff_t str_find(struct str s, struct str part);
/* The text itself, "" for STR_NONE: for columns that are NOT NULL. */
static inline struct str str_or_empty(struct str s)
{
    return s.p == NULL ? STR("") : s;
}
struct str str_trim(struct str s); /* ASCII and full-width blanks (U+3000) off both ends */
struct str
str_cut(struct str *rest,
        char separator); /* the part before; *rest moves behind it; rest->p NULL at end */
struct str str_copy(struct arena *a, struct str s);
const char *str_z(struct arena *a,
                  struct str s); /* terminated copy, for a C library only; STR_NONE gives "" */
struct str str_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A whole decimal number, sign allowed, nothing else; false when it is not one or does not fit. */
bool str_to_int(struct str s, int64_t *ret_value);
bool str_is_utf8(struct str s); /* well formed, no NUL, no surrogate, shortest form */
size_t str_chars(struct str s); /* code points of valid UTF-8 */
struct str str_head(struct str s, size_t chars); /* at most so many code points */
/* Next code point of valid UTF-8, moving *at; 0 at the end. */
uint32_t str_next_char(struct str s, size_t *at);

#endif
