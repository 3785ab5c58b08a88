/* Rows of one sheet, one by one: the parser waits after each, so a sheet of any length needs the
 * memory of a row and of the shared strings. */
#include "xlsx_in.h"

#include "buf.h"
#include "workbook.h"

#define ROWS_MAX       1048576
#define COLUMNS_MAX    16384
#define CELLS_MAX      ((int64_t)20 << 20)
#define STRINGS_BYTES  ((size_t)3 << 30)
#define ROW_TEXT_BYTES ((size_t)CSV_COLUMNS_MAX * (CSV_FIELD_MAX + 64))

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_FLAG, CELL_ERROR, CELL_ISO_DATE };

struct sheet_rows {
    struct workbook book;
    struct part_xml xml;
    struct table_in *table;
    struct buf text; /* of the cell that is read */
    int row, column; /* where it stands */
    int64_t cells;
    size_t style;
    enum cell_type type;
    bool is_in_rows, is_in_cell, is_text, is_phonetic, has_formula;
    bool has_row, is_broken;
};

/* --- a cell ------------------------------------------------------------------------------ */

static void refuse_cell(struct sheet_rows *r, const char *why)
{
    r->is_broken = true;
    table_fault_at(r->table, r->row, (size_t)r->column, "%s", why);
}

static struct str date_or_number(struct sheet_rows *r, struct str s)
{
    struct arena *a = r->table->row_arena;
    struct str number = number_text(a, s);
    bool is_date = r->style < r->book.style_count && r->book.style_is_date[r->style];
    if (number.p == NULL)
        /* zh: sentences for table_fault_at() */
        refuse_cell(r,
                    "这一格的数字太长，表格软件只记得前 15 位；请把这一列设为“文本”格式后重新填写");
    if (number.p == NULL || !is_date)
        return number;
    struct str date = serial_text(a, number_value(s), r->book.is_1904);
    if (date.p == NULL)
        /* zh: as above */
        refuse_cell(r, "这一格的日期不存在");
    return date;
}

static struct str iso_date(struct arena *a, struct str s)
{
    struct str time = s, day = str_cut(&time, 'T');
    if (time.p == NULL || str_starts(time, STR("00:00:00")))
        return day;
    return str_fmt(a, "%.*s %.*s", STR_ARG(day), STR_ARG(time));
}

static struct str cell_value(struct sheet_rows *r, struct str s)
{
    struct arena *a = r->table->row_arena;
    int64_t index;
    switch (r->type) {
    case CELL_NUMBER:
        return date_or_number(r, str_trim(s));
    case CELL_SHARED:
        if (str_to_int(str_trim(s), &index) && index >= 0 && (size_t)index < r->book.shared_count)
            return r->book.shared[index];
        /* zh: as above */
        refuse_cell(r, "这一格的文字在文件里找不到，文件可能坏了");
        return STR_NONE;
    case CELL_ERROR:
        table_fault_at(r->table, r->row, (size_t)r->column, "这一格是错误值 %.*s，请改好再导入",
                       STR_ARG(str_head(s, 20)));
        r->is_broken = true;
        return STR_NONE;
    case CELL_ISO_DATE:
        return iso_date(a, str_copy(a, s));
    case CELL_TEXT:
    case CELL_FLAG:
        break;
    }
    return str_copy(a, unescape(a, s));
}

static void take_cell(struct sheet_rows *r)
{
    struct table_in *t = r->table;
    struct str s = buf_as_str(&r->text), value = STR_NONE;
    if (r->has_formula)
        /* zh: as above */
        refuse_cell(r, "这一格是公式；请把公式换成值（复制，再“选择性粘贴—数值”）再导入");
    else if (buf_overflowed(&r->text))
        /* zh: as above */
        refuse_cell(r, "这一格太长");
    else if (s.n > 0)
        value = cell_value(r, s);
    if (value.n == 0)
        return;
    if (r->column <= CSV_COLUMNS_MAX)
        t->values[r->column - 1] = value;
    t->value_count = (size_t)r->column;
    r->has_row = true;
}

/* "C12" is column 3 of row 12; 0 when it is not written so. */
static int column_of(struct str place, int row)
{
    int column = 0;
    int64_t number;
    size_t i = 0;
    for (; i < place.n && i < 3 && place.p[i] >= 'A' && place.p[i] <= 'Z'; i++)
        column = column * 26 + (place.p[i] - 'A' + 1);
    bool is_good = column > 0 && column <= COLUMNS_MAX &&
                   str_to_int((struct str){place.p + i, place.n - i}, &number) && number == row;
    return is_good ? column : 0;
}

static enum cell_type type_of(struct str t)
{
    return str_is(t, "s")                               ? CELL_SHARED
           : str_is(t, "inlineStr") || str_is(t, "str") ? CELL_TEXT
           : str_is(t, "b")                             ? CELL_FLAG
           : str_is(t, "e")                             ? CELL_ERROR
           : str_is(t, "d")                             ? CELL_ISO_DATE
                                                        : CELL_NUMBER;
}

static void begin_cell(struct sheet_rows *r, const char *const *attributes)
{
    struct str place = attribute(attributes, "r");
    int column = place.p == NULL ? r->column + 1 : column_of(place, r->row);
    if (column <= r->column || column > COLUMNS_MAX || ++r->cells > CELLS_MAX) {
        /* zh: as above */
        part_xml_refuse(&r->xml, r->cells > CELLS_MAX ? "工作表里的格子太多，请分成几个文件再导入"
                                                      : "工作表里格子的位置不对，文件可能坏了");
        return;
    }
    int64_t style = 0;
    str_to_int(str_or_empty(attribute(attributes, "s")), &style);
    r->column = column;
    r->style = style < 0 ? SIZE_MAX : (size_t)style;
    r->type = type_of(attribute(attributes, "t"));
    r->is_in_cell = true;
    r->has_formula = r->is_text = r->is_phonetic = false;
    r->text.n = 0;
    r->text.overflowed = false;
}

static void begin_row(struct sheet_rows *r, const char *const *attributes)
{
    int64_t row = r->row + 1;
    struct str given = attribute(attributes, "r");
    if ((given.p != NULL && !str_to_int(given, &row)) || row <= r->row || row > ROWS_MAX) {
        /* zh: as above */
        part_xml_refuse(&r->xml, "工作表里行的顺序不对，文件可能坏了");
        return;
    }
    r->row = (int)row;
    r->column = 0;
}

/* --- the sheet --------------------------------------------------------------------------- */

static void refuse_merged(struct sheet_rows *r, struct str range)
{
    int64_t row = 0;
    struct str rest = range, first = str_cut(&rest, ':');
    size_t letters = 0;
    while (letters < first.n && first.p[letters] >= 'A')
        letters++;
    str_to_int((struct str){first.p + letters, first.n - letters}, &row);
    int column = row > 0 && row <= ROWS_MAX ? column_of(first, (int)row) : 0;
    table_fault_at(r->table, (int)(column > 0 ? row : 1), (size_t)column,
                   "%.*s 是合并的单元格，请取消合并，每一格都填上再导入",
                   STR_ARG(str_head(range, 30)));
}

static void sheet_start(void *arg, struct str name, const char *const *attributes)
{
    struct sheet_rows *r = arg;
    if (str_is(name, "sheetData"))
        r->is_in_rows = true;
    else if (r->is_in_rows && str_is(name, "row"))
        begin_row(r, attributes);
    else if (r->is_in_rows && str_is(name, "c"))
        begin_cell(r, attributes);
    else if (str_is(name, "mergeCell"))
        refuse_merged(r, str_or_empty(attribute(attributes, "ref")));
    if (!r->is_in_cell)
        return;
    r->has_formula = r->has_formula || str_is(name, "f");
    r->is_phonetic = r->is_phonetic || str_is(name, "rPh");
    r->is_text = str_is(name, "v") || (str_is(name, "t") && !r->is_phonetic);
}

static void sheet_end(void *arg, struct str name)
{
    struct sheet_rows *r = arg;
    r->is_text = false;
    if (str_is(name, "rPh"))
        r->is_phonetic = false;
    if (str_is(name, "sheetData"))
        r->is_in_rows = false;
    if (r->is_in_cell && str_is(name, "c")) {
        r->is_in_cell = false;
        take_cell(r);
    }
    if (r->is_in_rows && str_is(name, "row") && (r->has_row || r->is_broken))
        part_xml_wait(&r->xml);
}

static void sheet_text(void *arg, struct str text)
{
    struct sheet_rows *r = arg;
    if (r->is_text)
        buf_str(&r->text, text);
}

static enum table_row read_row(struct table_in *t)
{
    struct sheet_rows *r = t->source;
    for (size_t i = 0; i < CSV_COLUMNS_MAX; i++)
        t->values[i] = STR("");
    r->has_row = r->is_broken = false;
    if (r->book.package.why == NULL && !r->xml.is_at_end)
        part_xml_run(&r->xml);
    bool is_there = r->xml.is_waiting;
    t->at = !is_there || r->xml.done > t->text.n ? t->text.n : (size_t)r->xml.done;
    if (is_there)
        t->row_line = r->row;
    else if (r->book.package.why != NULL)
        table_fault_at(t, r->row < 1 ? 1 : r->row, 0, "%s", r->book.package.why);
    if (t->value_count < t->column_count)
        t->value_count = t->column_count;
    return !is_there ? ROW_END : r->is_broken ? ROW_BROKEN : ROW_READ;
}

static void free_arena(void *arg)
{
    arena_free(arg);
}

bool xlsx_open(struct table_in *t, struct arena *a, struct str bytes, struct str sheet)
{
    table_init(t, a, ROW_TEXT_BYTES);
    struct arena *own = arena_new(STRINGS_BYTES);
    arena_defer(a, free_arena, own);
    struct sheet_rows *r = ARENA_NEW(own, struct sheet_rows);
    r->table = t;
    t->source = r;
    t->sheet = STR("");
    if (!workbook_open(&r->book, own, bytes, sheet) ||
        !part_xml_open(&r->xml, &r->book.package, r->book.sheet_part, true)) {
        t->sheet = STR_NONE;
        table_fault_at(t, 1, 0, "%s", r->book.package.why);
        return false;
    }
    r->xml.start = sheet_start;
    r->xml.end = sheet_end;
    r->xml.text = sheet_text;
    r->xml.arg = r;
    buf_init(&r->text, own, CSV_FIELD_MAX);
    t->sheet = str_copy(a, r->book.sheet_name);
    t->text.n = r->xml.size > SIZE_MAX ? SIZE_MAX : (size_t)r->xml.size;
    return table_begin(t, read_row);
}
