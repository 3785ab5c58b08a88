/* Writes JSON into a buf. Commas are its own business; the caller opens, names and closes.
 * Names are literals (lower_snake); texts are escaped, and "</" is written "<\/". Texts are UTF-8
 * checked when they came in; here they are not checked again. Wrong nesting is a bug.
 *
 * jansson has functions of the same short names: a file that uses both includes <jansson.h> first
 * and then calls json_open_object(), json_open_array() and json_put_null(). */
#ifndef JSON_H
#define JSON_H

#include "buf.h"

struct json {
    struct buf *b;
    unsigned depth;
    uint64_t has_items; /* one bit a level: a comma is due */
    int zone_minutes;   /* for instants */
};

void json_init(struct json *j, struct buf *b, int zone_minutes);
void json_open_object(struct json *j); /* { */
void json_open_array(struct json *j);  /* [ */
void json_end_object(struct json *j);
void json_end_array(struct json *j);
void json_name(struct json *j, const char *name);
void json_text(struct json *j, struct str s); /* STR_NONE is null */
void json_int(struct json *j, int64_t v);
void json_id(struct json *j, int64_t id); /* as a string; 0 is null */
void json_flag(struct json *j, bool v);
void json_date(struct json *j, int32_t date);  /* "YYYY-MM-DD"; 0 is null */
void json_instant(struct json *j, int64_t at); /* RFC 3339 with offset; 0 is null */
void json_put_null(struct json *j);
void json_raw(struct json *j, struct str json); /* already JSON; STR_NONE is null */

#ifndef JANSSON_H
static inline void json_object(struct json *j)
{
    json_open_object(j);
}
static inline void json_array(struct json *j)
{
    json_open_array(j);
}
static inline void json_null(struct json *j)
{
    json_put_null(j);
}
#endif

#endif
