/* Which form a table has: a file to read is known by its first bytes, whatever it is called; one to
 * write by its ending. */
#include "sheet.h"

#include "json_in.h"
#include "xlsx_in.h"
#include "xlsx_out.h"

static bool begins_as_json(struct str s)
{
    if (str_starts(s, STR("\xef\xbb\xbf")))
        s = (struct str){s.p + 3, s.n - 3};
    s = str_trim(s);
    return str_starts(s, STR("["));
}

bool sheet_open(struct table_in *t, struct arena *a, struct str bytes, struct str sheet)
{
    if (str_starts(bytes, STR("PK")))
        return xlsx_open(t, a, bytes, sheet);
    if (str_starts(bytes, STR("\xd0\xcf\x11\xe0"))) { /* a compound file: .xls, or a locked .xlsx */
        table_init(t, a, 0);
        table_fault_at(t, 1, 0,
                       "这个文件加了密码，或者是旧的 .xls 格式；请去掉密码，另存为 .xlsx 再导入");
        return false;
    }
    if (sheet.p != NULL) {
        table_init(t, a, 0);
        table_fault_at(t, 1, 0, "这个文件不是 XLSX 表格，没有工作表可以选");
        return false;
    }
    return begins_as_json(bytes) ? json_open(t, a, bytes) : table_open(t, a, bytes);
}

enum err sheet_create(struct ctx *c, struct table_out *t, struct str path)
{
    const struct table_form *const forms[] = {&table_form_csv, &table_form_xlsx, &table_form_json};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_ends(path, str_of(forms[i]->ending)))
            return table_out_begin(c, t, path, forms[i]);
    return fail(c, E_FILE_FORM, "%.*s", STR_ARG(path));
}
