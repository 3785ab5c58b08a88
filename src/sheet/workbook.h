/* What stands around the cells of a workbook: which sheets, the shared strings, which styles are dates,
 * which of the two calendars. */
#ifndef WORKBOOK_H
#define WORKBOOK_H

#include "part_xml.h"

#define SHEETS_MAX         1000
#define SHARED_STRINGS_MAX ((size_t)4 << 20)
#define STYLES_MAX         ((size_t)65536)

struct workbook {
    struct package package;
    struct str part; /* of the workbook itself: xl/workbook.xml */
    bool is_1904;    /* day 0 is 1904-01-01 (old Macintosh files) */
    struct str *shared;
    size_t shared_count;
    bool *style_is_date; /* by cell style */
    size_t style_count;
    struct str sheet_name, sheet_part; /* the one that was asked for */
};

/* Everything but the rows. False: package.why. */
bool workbook_open(struct workbook *w, struct arena *a, struct str bytes, struct str sheet);
/* Does a number format show a date or a time? Its built-in number (ECMA-376 part 1, 18.8.30; 27-36 and 50-58 are
 * dates in Chinese, Japanese and Korean versions), or its code. */
bool format_is_date(int64_t id, struct str code);
/* The text of a date or time: 2026-02-02, 2026-02-02 08:30:00, 08:30:00 (days 0). STR_NONE for a day
 * that does not exist: before 0, after 9999, and 29 February 1900, which only spreadsheets know. */
struct str serial_text(struct arena *a, double serial, bool is_1904);
/* A number as a person would have typed it: 15 digits, no exponent. STR_NONE when it is no number or so
 * long that the spreadsheet has lost its last digits. */
struct str number_text(struct arena *a, struct str s);
double number_value(struct str s); /* of one that number_text() takes */
/* Takes _x000D_ and its like out (ST_Xstring, ECMA-376 part 1, 22.9.2.19). */
struct str unescape(struct arena *a, struct str s);

#endif
