/* Hostile tables: whatever the bytes, reading ends, nothing is read outside them, every value is
 * UTF-8, and what csv_field() writes of a value reads back the same. */
#include "buf.h"
#include "csv.h"

#include <stdlib.h>

#define ROOM ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
    if (!right)
        abort();
}

static void check_comes_back(struct str value)
{
    struct table_in again;
    struct buf b;
    struct arena *a = arena_new(ROOM);
    buf_init(&b, a, ROOM / 4);
    buf_lit(&b, "v,end\n");
    csv_field(&b, value, true);
    csv_field(&b, STR("x"), false);
    check(table_open(&again, a, buf_as_str(&b)));
    check(table_next(&again));
    check(str_eq(table_text(&again, "v"), value) && str_is(table_text(&again, "end"), "x"));
    check(!table_next(&again) && again.fault_count == 0);
    arena_free(a);
}

static void read_values(struct table_in *t)
{
    static const char *const words[] = {"a", "b", NULL};
    for (size_t i = 0; i < t->column_count; i++) {
        const char *column = str_z(t->row_arena, t->columns[i]);
        struct str value = table_text(t, column);
        check(value.p != NULL && str_is_utf8(value) && value.n <= CSV_FIELD_MAX);
        check_comes_back(value);
        table_need(t, column, 5);
        int64_t number = table_int(t, column, -9, 9);
        check(number >= -9 && number <= 9);
        table_flag(t, column);
        table_date(t, column);
        table_choice(t, column, words);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    bool opened = table_open(&t, a, (struct str){(const char *)data, size});
    check(opened == (t.fault_count == 0));
    while (opened && table_next(&t)) {
        check(t.row_line >= 2 && t.row_line <= t.line);
        read_values(&t);
    }
    for (size_t i = 0; i < t.fault_count && i < 1000; i++) {
        check(t.faults[i].line >= 1 && t.faults[i].reason.n > 0);
        check(str_is_utf8(t.faults[i].reason) && str_is_utf8(t.faults[i].column));
    }
    table_close(&t);
    arena_free(a);
    return 0;
}
