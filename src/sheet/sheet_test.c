/* XLSX as spreadsheets write it and as attackers do. Good files are made with libxlsxwriter, an
 * independent writer; hostile ones part by part with libzip. Serial numbers of days are from ECMA-376 part 1,
 * 18.17.4.1: 1 is 1900-01-01, 60 the 29 February 1900 that never was, 2958465 is 9999-12-31; in the
 * calendar of 1904, 0 is 1904-01-01. */
#include "test.h"

#include "buf.h"
#include "sheet.h"
#include "workbook.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define ROOM ((size_t)512 << 20)

static void assert_text(struct str s, const char *expected)
{
    if (!str_is(s, expected))
        fail_msg("expected \"%s\", got \"%.*s\"", expected, STR_ARG(s));
}

static void assert_fault(const struct table_in *t, size_t i, const char *place, const char *words)
{
    assert_true(i < t->fault_count);
    const struct table_fault *f = &t->faults[i];
    struct str at = table_place(t->arena, t, f);
    if (!str_is(at, place) || str_find(f->reason, str_of(words)) < 0)
        fail_msg("fault %zu is at \"%.*s\": %.*s", i, STR_ARG(at), STR_ARG(f->reason));
}

/* --- files by hand ----------------------------------------------------------------------- */

#define MAIN   "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELS                                                                                       \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

struct hand_part {
    const char *name, *text;
};

static const char package_rels[] =
    RELS "<Relationship Id=\"r1\" Type=\"" OFFICE
         "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
static const char book_rels[] = RELS
    "<Relationship Id=\"r1\" Type=\"" OFFICE "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"r2\" Type=\"" OFFICE "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
    "<Relationship Id=\"r3\" Type=\"" OFFICE "/styles\" Target=\"styles.xml\"/></Relationships>";
static const char book[] =
    "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE
    "\"><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";

/* Makes an archive in memory; parts of the same name replace those before. */
static struct str zip_of(struct arena *a, const struct hand_part *parts, size_t n, bool locked)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &error);
    assert_non_null(to);
    zip_source_keep(to);
    zip_t *zip = zip_open_from_source(to, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    for (size_t i = 0; i < n; i++) {
        zip_source_t *s = zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
        zip_int64_t at = zip_file_add(zip, parts[i].name, s, ZIP_FL_OVERWRITE | ZIP_FL_ENC_UTF_8);
        assert_true(at >= 0);
        if (locked)
            zip_file_set_encryption(zip, (zip_uint64_t)at, ZIP_EM_AES_256, "secret");
    }
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t st;
    assert_int_equal(zip_source_stat(to, &st), 0);
    char *bytes = arena_alloc(a, st.size + 1);
    assert_int_equal(zip_source_open(to), 0);
    assert_int_equal(zip_source_read(to, bytes, st.size), (zip_int64_t)st.size);
    zip_source_close(to);
    zip_source_free(to);
    return (struct str){bytes, st.size};
}

/* A workbook whose one sheet has these rows. */
static struct str hand_made(struct arena *a, const char *rows)
{
    struct str sheet = str_fmt(a, "<worksheet xmlns=\"" MAIN "\">%s</worksheet>", rows);
    const struct hand_part parts[] = {
        {"_rels/.rels", package_rels},
        {"xl/workbook.xml", book},
        {"xl/_rels/workbook.xml.rels", book_rels},
        {"xl/worksheets/sheet1.xml", str_z(a, sheet)},
        {"xl/sharedStrings.xml",
         "<sst xmlns=\"" MAIN "\"><si><t>a</t></si><si><r><t>卧</t></r><r><t>龙</t></r>"
         "<rPh sb=\"0\" eb=\"1\"><t>wo</t></rPh></si><si><t>b</t></si></sst>"},
        {"xl/styles.xml",
         "<styleSheet xmlns=\"" MAIN
         "\"><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m\"/>"
         "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"
         "<xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>"},
    };
    return zip_of(a, parts, sizeof parts / sizeof *parts, false);
}

#define HEADER "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>2</v></c></row>"

void test_sheet__xlsx_values_of_every_type(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    struct str file =
        hand_made(a, "<sheetData>" HEADER
                     "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\"><v>12</v></c></row>"
                     "<row r=\"3\"/><row r=\"4\"><c r=\"A4\" s=\"1\"/></row>" /* nothing in them */
                     "<row r=\"7\"><c r=\"B7\" "
                     "t=\"inlineStr\"><is><r><t>in_x000D_</t></r><r><t>line</t></r></is></c></row>"
                     "<row><c s=\"1\"><v>46055</v></c><c s=\"2\"><v>46055.5</v></c></row>"
                     "<row r=\"9\"><c r=\"A9\" t=\"b\"><v>1</v></c><c r=\"B9\" "
                     "t=\"d\"><v>2026-02-02T00:00:00</v></c></row>"
                     "<row r=\"10\"><c r=\"A10\"><v>0.30000000000000004</v></c><c "
                     "r=\"B10\"><v>1E-05</v></c></row>"
                     "<row r=\"11\"><c r=\"A11\"><v>1.0</v></c><c r=\"B11\" "
                     "t=\"str\"><v>=x</v></c></row></sheetData>");
    static const struct {
        int line;
        const char *first, *second;
    } rows[] = {{2, "卧龙", "12"},
                {7, "", "in\rline"},
                {8, "2026-02-02", "2026-02-02 12:00:00"},
                {9, "1", "2026-02-02"},
                {10, "0.3", "0.00001"},
                {11, "1", "=x"}};
    assert_true(sheet_open(&t, a, file, STR_NONE));
    assert_text(t.sheet, "表");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(table_next(&t));
        assert_int_equal(t.row_line, rows[i].line);
        assert_text(table_text(&t, "a"), rows[i].first);
        assert_text(table_text(&t, "b"), rows[i].second);
    }
    assert_false(table_next(&t));
    assert_int_equal(t.fault_count, 0);
    arena_free(a);
}

void test_sheet__xlsx_bad_cells_are_all_named(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    struct str file = hand_made(
        a,
        "<sheetData>" HEADER
        "<row r=\"2\"><c r=\"A2\"><f>1+1</f><v>2</v></c><c r=\"B2\" t=\"e\"><v>#N/A</v></c></row>"
        "<row r=\"3\"><c r=\"A3\"><v>411302199001011234</v></c></row>"
        "<row r=\"4\"><c r=\"B4\" t=\"s\"><v>99</v></c></row>"
        "<row r=\"5\"><c r=\"A5\" s=\"1\"><v>60</v></c></row>"
        "<row r=\"6\"><c r=\"A6\"><v>1</v></c><c r=\"D6\"><v>1</v></c></row>"
        "<row r=\"7\"><c r=\"B7\"><v>x</v></c></row>"
        "<row r=\"12\"><c r=\"C12\"><f/></c></row></sheetData>"
        "<mergeCells><mergeCell ref=\"B8:B9\"/></mergeCells>");
    assert_true(sheet_open(&t, a, file, STR_NONE));
    assert_false(table_next(&t));
    assert_int_equal(t.fault_count, 9);
    assert_fault(&t, 0, "sheet 表, line 2, column A (a)", "公式");
    assert_fault(&t, 1, "sheet 表, line 2, column B (b)", "#N/A");
    assert_fault(&t, 2, "sheet 表, line 3, column A (a)", "15 位");
    assert_fault(&t, 3, "sheet 表, line 4, column B (b)", "找不到");
    assert_fault(&t, 4, "sheet 表, line 5, column A (a)", "不存在");
    assert_fault(&t, 5, "sheet 表, line 6", "有 4 格，表头有 2 列");
    assert_fault(&t, 6, "sheet 表, line 7, column B (b)", "");
    assert_fault(&t, 7, "sheet 表, line 12, column C", "公式");
    assert_fault(&t, 8, "sheet 表, line 8, column B (b)", "B8:B9 是合并的单元格");
    arena_free(a);
}

void test_sheet__xlsx_broken_places_end_the_reading(struct test *test)
{
    (void)test;
    static const struct {
        const char *rows, *words;
    } bad[] = {
        {HEADER "<row r=\"1\"/>", "行的顺序"},
        {HEADER "<row r=\"9999999\"/>", "行的顺序"},
        {HEADER "<row r=\"2\"><c r=\"B2\"/><c r=\"A2\"/></row>", "位置不对"},
        {HEADER "<row r=\"2\"><c r=\"A3\"/></row>", "位置不对"},
        {HEADER "<row r=\"2\"><c r=\"ZZZ2\"/></row>", "位置不对"},
        {HEADER "<row r=\"2\"><c r=\"A2\"></row>", "XML 坏了"},
    };
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str rows = str_fmt(a, "<sheetData>%s</sheetData>", bad[i].rows);
        if (sheet_open(&t, a, hand_made(a, str_z(a, rows)), STR_NONE))
            assert_false(table_next(&t));
        assert_int_equal(t.fault_count, 1);
        assert_true(str_find(t.faults[0].reason, str_of(bad[i].words)) >= 0);
    }
    assert_false(sheet_open(&t, a, hand_made(a, "<sheetData/>"), STR_NONE));
    assert_fault(&t, 0, "sheet 表, line 1", "空的");
    arena_free(a);
}

static void assert_refused(struct arena *a, struct str file, const char *words)
{
    struct table_in t;
    if (sheet_open(&t, a, file, STR_NONE))
        while (table_next(&t))
            ;
    assert_true(t.fault_count > 0);
    if (str_find(t.faults[0].reason, str_of(words)) < 0)
        fail_msg("\"%s\" expected: %.*s", words, STR_ARG(t.faults[0].reason));
}

void test_sheet__xlsx_hostile_files_are_refused(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct buf zeros, deep;
    buf_init(&zeros, a, 32 << 20);
    while (zeros.n < 20 << 20)
        buf_lit(&zeros, "                                                                ");
    buf_char(&zeros, '\0');
    buf_init(&deep, a, 10000);
    buf_lit(&deep, "<sheetData>" HEADER);
    for (int i = 0; i < 100; i++)
        buf_lit(&deep, "<x>");
    buf_char(&deep, '\0');
    const struct hand_part bomb[] = {{"_rels/.rels", package_rels}, {"xl/media/x", zeros.p}};
    assert_refused(a, zip_of(a, bomb, 2, false), "不是正常的 XLSX");
    static const char *const names[] = {"../../etc/passwd", "/etc/passwd", "xl/../../x", "c:\\x",
                                        "a\\b"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct hand_part parts[] = {{"_rels/.rels", package_rels}, {names[i], "x"}};
        assert_refused(a, zip_of(a, parts, 2, false), "不是正常的 XLSX");
    }
    assert_refused(a, hand_made(a, deep.p), "嵌套太深");
    const struct hand_part laughs[] = {
        {"_rels/.rels", "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c "
                        "\"&b;&b;&b;&b;\">]><l>&c;</l>"}};
    assert_refused(a, zip_of(a, laughs, 1, false), "DTD");
    const struct hand_part outside[] = {
        {"_rels/.rels", "<!DOCTYPE l SYSTEM \"file:///etc/passwd\"><l/>"}};
    assert_refused(a, zip_of(a, outside, 1, false), "DTD");
    const struct hand_part locked[] = {{"_rels/.rels", package_rels}};
    assert_refused(a, zip_of(a, locked, 1, true), "密码");
    assert_refused(a, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "旧的 .xls");
    const struct hand_part other[] = {{"word/document.xml", "<w/>"}};
    assert_refused(a, zip_of(a, other, 1, false), "不是 XLSX 表格");
    assert_refused(a, STR("PK"), "坏了");
    arena_free(a);
}

void test_sheet__xlsx_cut_anywhere_is_an_error(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct str file = hand_made(a, "<sheetData>" HEADER
                                   "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row></sheetData>");
    for (size_t n = 2; n < file.n; n += 7)
        assert_refused(a, (struct str){file.p, n}, "");
    char *bytes = arena_alloc(a, file.n);
    memcpy(bytes, file.p, file.n);
    ptrdiff_t at = str_find(file, STR("xl/worksheets/sheet1.xml"));
    bytes[at + 40] ^= 0x55; /* in the packed bytes of the sheet */
    assert_refused(a, (struct str){bytes, file.n}, "");
    arena_free(a);
}

/* --- files of a real writer -------------------------------------------------------------- */

static struct str read_back(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *bytes = arena_alloc(a, 32 << 20);
    size_t n = fread(bytes, 1, 32 << 20, f);
    fclose(f);
    unlink(path);
    return (struct str){bytes, n};
}

void test_sheet__xlsx_sheets_are_chosen_by_name_and_hidden_ones_passed_over(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    const char *path = test_path(test, "made.xlsx");
    lxw_workbook *made = workbook_new(path);
    static const char *const names[] = {"说明", "事项", "材料"};
    for (int i = 0; i < 3; i++) {
        lxw_worksheet *sheet = workbook_add_worksheet(made, names[i]);
        worksheet_write_string(sheet, 0, 0, "name", NULL);
        worksheet_write_string(sheet, 1, 0, names[i], NULL);
        if (i == 0)
            worksheet_hide(sheet);
        if (i == 1)
            worksheet_activate(sheet), worksheet_set_first_sheet(sheet);
    }
    assert_int_equal(workbook_close(made), LXW_NO_ERROR);
    struct str file = read_back(a, path);
    assert_true(sheet_open(&t, a, file, STR_NONE) && table_next(&t));
    assert_text(table_text(&t, "name"), "事项");
    for (int i = 0; i < 3; i++) {
        assert_true(sheet_open(&t, a, file, str_of(names[i])) && table_next(&t));
        assert_text(table_text(&t, "name"), names[i]);
    }
    assert_false(sheet_open(&t, a, file, STR("部门")));
    assert_fault(&t, 0, "line 1", "没有叫“部门”的工作表；有：“说明”、“事项”、“材料”");
    arena_free(a);
}

void test_sheet__xlsx_formulas_and_dates_of_a_real_writer(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    const char *path = test_path(test, "made.xlsx");
    lxw_workbook *made = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(made, NULL);
    lxw_format *date = workbook_add_format(made);
    format_set_num_format(date, "yyyy-mm-dd");
    lxw_datetime day = {.year = 2026, .month = 2, .day = 28};
    worksheet_write_string(sheet, 0, 0, "on", NULL);
    worksheet_write_datetime(sheet, 1, 0, &day, date);
    worksheet_write_formula(sheet, 2, 0, "=TODAY()", date);
    worksheet_write_boolean(sheet, 3, 0, 1, NULL);
    assert_int_equal(workbook_close(made), LXW_NO_ERROR);
    assert_true(sheet_open(&t, a, read_back(a, path), STR_NONE));
    assert_true(table_next(&t));
    assert_int_equal(table_date(&t, "on"), 20260228);
    assert_true(table_next(&t));
    assert_true(table_flag(&t, "on"));
    assert_false(table_next(&t));
    assert_int_equal(t.fault_count, 1);
    assert_fault(&t, 0, "sheet Sheet1, line 3, column A (on)", "公式");
    arena_free(a);
}

void test_sheet__days_of_both_calendars(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    assert_text(serial_text(a, 1, false), "1900-01-01");
    assert_text(serial_text(a, 59, false), "1900-02-28");
    assert_null(serial_text(a, 60, false).p);
    assert_text(serial_text(a, 61, false), "1900-03-01");
    assert_text(serial_text(a, 2958465, false), "9999-12-31");
    assert_null(serial_text(a, 2958466, false).p);
    assert_null(serial_text(a, -1, false).p);
    assert_text(serial_text(a, 0.25, false), "06:00:00");
    assert_text(serial_text(a, 46054.999999999, false), "2026-02-02"); /* rounded to the second */
    assert_text(serial_text(a, 0, true), "1904-01-01");
    assert_text(serial_text(a, 44593, true), "2026-02-02"); /* 1,462 days less */
    assert_null(serial_text(a, 2957004, true).p);
    static const char *const dates[] = {"yyyy-mm-dd", "m/d/yy h:mm", "[$-804]yyyy\"年\"m\"月\"",
                                        "h:mm AM/PM", "mm:ss"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        assert_true(format_is_date(-1, str_of(dates[i])));
    static const char *const numbers[] = {"General", "0.00", "#,##0", "\"days\" 0", "[Red]0",
                                          "[h]:mm",  "0\\d", "0_d",   "0;\"y\"",    "@",
                                          "0E+00",   "\"",   "\\",    "["};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_false(format_is_date(-1, str_of(numbers[i])));
    for (int64_t id = 0; id < 60; id++) /* ECMA-376 part 1, 18.8.30 */
        assert_int_equal(format_is_date(id, STR("")),
                         (id >= 14 && id <= 22) || (id >= 27 && id <= 36) ||
                             (id >= 45 && id <= 47) || (id >= 50 && id <= 58));
    arena_free(a);
}

void test_sheet__a_workbook_of_1904(struct test *test)
{
    (void)test;
    struct arena *a = arena_new(ROOM);
    struct table_in t;
    const struct hand_part parts[] = {
        {"_rels/.rels", package_rels},
        {"xl/workbook.xml",
         "<x:workbook xmlns:x=\"" MAIN "\" xmlns:r=\"" OFFICE
         "\"><x:workbookPr date1904=\"true\"/><x:sheets><x:sheet name=\"old\" r:id=\"r1\"/>"
         "</x:sheets></x:workbook>"},
        {"xl/_rels/workbook.xml.rels", book_rels},
        {"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
        {"xl/worksheets/sheet1.xml",
         "<x:worksheet xmlns:x=\"" MAIN
         "\"><x:sheetData><x:row><x:c t=\"inlineStr\"><x:is><x:t>on</x:t></x:is></x:c>"
         "</x:row><x:row><x:c s=\"0\"><x:v>44593</x:v></x:c></x:row></x:sheetData></x:worksheet>"},
    };
    assert_true(sheet_open(&t, a, zip_of(a, parts, 5, false), STR_NONE));
    assert_true(table_next(&t));
    assert_int_equal(table_date(&t, "on"), 20260202);
    arena_free(a);
}
