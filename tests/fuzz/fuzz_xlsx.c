/* Hostile spreadsheets: whatever the bytes, reading ends, every value is UTF-8 of bounded length, and
 * faults have a place and a reason. The rules that look at single cells are tried on the raw input too. */
#include "sheet.h"
#include "workbook.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROOM ((size_t)256 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
    if (!right)
        abort();
}

static void read_table(struct arena *a, struct str bytes)
{
    struct table_in t;
    bool opened = sheet_open(&t, a, bytes, STR_NONE);
    check(opened == (t.fault_count == 0));
    int before = 0;
    while (opened && table_next(&t)) {
        check(t.row_line > before || t.sheet.p == NULL);
        before = t.row_line;
        for (size_t i = 0; i < t.column_count; i++) {
            struct str value = table_text(&t, str_z(t.row_arena, t.columns[i]));
            check(value.p != NULL && str_is_utf8(value) && value.n <= CSV_FIELD_MAX);
        }
    }
    for (size_t i = 0; i < t.fault_count && i < 1000; i++) {
        check(t.faults[i].line >= 1 && t.faults[i].reason.n > 0);
        check(str_is_utf8(t.faults[i].reason) && str_is_utf8(t.faults[i].column));
        check(table_place(a, &t, &t.faults[i]).n > 0);
    }
    table_close(&t);
}

static void try_cells(struct arena *a, struct str s)
{
    double serial = 0;
    struct str number = number_text(a, s);
    check(number.p == NULL || (str_is_utf8(number) && isfinite(number_value(s))));
    if (s.n >= sizeof serial)
        memcpy(&serial, s.p, sizeof serial);
    for (int is_1904 = 0; is_1904 < 2; is_1904++) {
        struct str date = serial_text(a, serial, is_1904 == 1);
        check(date.p == NULL || (date.n >= 8 && date.n <= 19));
    }
    format_is_date(-1, s);
    struct str plain = unescape(a, s);
    check(plain.n <= s.n && (!str_is_utf8(s) || str_is_utf8(plain)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(ROOM);
    struct str bytes = {(const char *)data, size};
    read_table(a, bytes);
    try_cells(a, bytes);
    arena_free(a);
    return 0;
}
