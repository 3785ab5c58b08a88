/* The words of the editor: titles of parts and groups, labels of members, of words and of acts. */
#include "directory.h"
#include <string.h>

struct word {
    const char *code, *label;
};

static const char *label_in(const struct word *list, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(code, list[i].code))
            return list[i].label;
    return NULL;
}

static const struct word parts[] = {{"elements", /* tr */ "要素"},
                                    {"bases", /* tr */ "设定依据"},
                                    {"papers", /* tr */ "材料"},
                                    {"fees", /* tr */ "收费"},
                                    {"questions", /* tr */ "常见问题"},
                                    {"situations", /* tr */ "情形"},
                                    {"files", /* tr */ "文件"},
                                    {"handlings", /* tr */ "业务办理项"}};

const char *part_title(struct str part)
{
    const char *title = label_in(parts, sizeof parts / sizeof *parts, part);
    return title == NULL ? /* tr */ "要素" : title;
}

static const struct word members[] = {
    {"zh", /* tr */ "中文"},
    {"en", /* tr */ "英文"},
    {"state", /* tr */ "来历"},
    {"source", /* tr */ "出处"},
    {"position", /* tr */ "序号"},
    {"name", /* tr */ "名称"},
    {"name_en", /* tr */ "英文名称"},
    {"kind", /* tr */ "种类"},
    {"medium", /* tr */ "纸质或电子"},
    {"copies", /* tr */ "份数"},
    {"necessity", /* tr */ "必要性"},
    {"provider", /* tr */ "谁提供"},
    {"source_note", /* tr */ "来源说明"},
    {"page_format", /* tr */ "规格"},
    {"blank_file", /* tr */ "空白表格"},
    {"sample_file", /* tr */ "填写样本"},
    {"fill_note", /* tr */ "填写说明"},
    {"fill_note_en", /* tr */ "填写说明（英文）"},
    {"standard", /* tr */ "收费标准或受理标准"},
    {"standard_en", /* tr */ "收费标准或受理标准（英文）"},
    {"basis", /* tr */ "依据"},
    {"basis_en", /* tr */ "依据（英文）"},
    {"on_site", /* tr */ "到窗口当场填或签"},
    {"issuer", /* tr */ "出具单位"},
    {"issuer_en", /* tr */ "出具单位（英文）"},
    {"time_rule", /* tr */ "有效期要求"},
    {"where_to_get", /* tr */ "在哪里取得"},
    {"where_to_get_en", /* tr */ "在哪里取得（英文）"},
    {"licence_type", /* tr */ "可替代的电子证照"},
    {"can_reduce", /* tr */ "可以减免"},
    {"reduce_note", /* tr */ "减免说明"},
    {"reduce_note_en", /* tr */ "减免说明（英文）"},
    {"question", /* tr */ "问题"},
    {"question_en", /* tr */ "问题（英文）"},
    {"answer", /* tr */ "回答"},
    {"answer_en", /* tr */ "回答（英文）"},
    {"law", /* tr */ "法律法规名称"},
    {"law_en", /* tr */ "法律法规名称（英文）"},
    {"document_no", /* tr */ "文号"},
    {"article", /* tr */ "条款"},
    {"wording", /* tr */ "条文内容"},
    {"code", /* tr */ "编号"},
    {"parent", /* tr */ "选了哪个选项才问"},
    {"options", /* tr */ "选项"},
    {"papers", /* tr */ "材料"},
    {"order", /* tr */ "顺序"},
    {"content_type", /* tr */ "文件类型"},
    {"size", /* tr */ "字节数"},
    {"digest", /* tr */ "摘要（SM3）"},
    {"is_immediate", /* tr */ "当场办结"},
    {"legal_days", /* tr */ "法定时限"},
    {"legal_unit", /* tr */ "法定时限单位"},
    {"promised_days", /* tr */ "承诺时限"},
    {"promised_unit", /* tr */ "承诺时限单位"},
};

struct str member_label(struct ctx *c, struct str member)
{
    const char *label = label_in(members, sizeof members / sizeof *members, member);
    return label == NULL ? member : tr(c, label);
}

static const struct word words[] = {
    {"read", /* tr */ "有出处"},
    {"demonstration", /* tr */ "示范"},
    {"missing", /* tr */ "缺"},
    {"original", /* tr */ "原件"},
    {"copy", /* tr */ "复印件"},
    {"both", /* tr */ "原件和复印件"},
    {"either", /* tr */ "原件或复印件"},
    {"form", /* tr */ "表格"},
    {"paper", /* tr */ "纸质"},
    {"electronic", /* tr */ "电子"},
    {"any", /* tr */ "都可以"},
    {"required", /* tr */ "必要"},
    {"optional", /* tr */ "非必要"},
    {"later", /* tr */ "可以后补"},
    {"applicant", /* tr */ "申请人自备"},
    {"government", /* tr */ "政府部门核发"},
    {"on_site", /* tr */ "现场填写"},
    {"law", /* tr */ "法律"},
    {"admin_regulation", /* tr */ "行政法规"},
    {"local_regulation", /* tr */ "地方性法规"},
    {"department_rule", /* tr */ "部门规章"},
    {"local_rule", /* tr */ "地方政府规章"},
    {"normative", /* tr */ "规范性文件"},
    {"blank", /* tr */ "空白表格"},
    {"filled", /* tr */ "填写样本"},
    {"result", /* tr */ "结果样本"},
    {"flow", /* tr */ "流程图"},
    {"new", /* tr */ "新办"},
    {"change", /* tr */ "变更"},
    {"renew", /* tr */ "延续"},
    {"cancel", /* tr */ "注销"},
    {"reissue", /* tr */ "补领"},
    {"other", /* tr */ "其他"},
    {"working", /* tr */ "工作日"},
    {"natural", /* tr */ "自然日"},
};

struct str word_label(struct ctx *c, struct str word)
{
    const char *label = label_in(words, sizeof words / sizeof *words, word);
    return label == NULL ? word : tr(c, label);
}

struct str state_label(struct ctx *c, enum item_state s)
{
    static const char *const labels[ITEM_STATE_COUNT] = {[ITEM_NOT_THERE] = "",
                                                         [ITEM_DRAFT] = /* tr */ "稿",
                                                         [ITEM_CHECKED] = /* tr */ "已核对",
                                                         [ITEM_PUBLISHED] = /* tr */ "已发布",
                                                         [ITEM_WITHDRAWN] =
                                                             /* tr */ "已撤回或作废"};
    return s == ITEM_NOT_THERE ? STR("") : tr(c, labels[s]);
}

static const struct word acts[] = {{"open", /* tr */ "起草"},     {"save", /* tr */ "修改"},
                                   {"check", /* tr */ "核对"},    {"return", /* tr */ "退回"},
                                   {"publish", /* tr */ "发布"},  {"discard", /* tr */ "作废"},
                                   {"withdraw", /* tr */ "撤回"}, {"import", /* tr */ "导入"},
                                   {"end", /* tr */ "停办"}};

struct str act_label(struct ctx *c, struct str act)
{
    const char *label = label_in(acts, sizeof acts / sizeof *acts, act);
    return label == NULL ? act : tr(c, label);
}

/* --- groups of elements, by their numbers in DOMAIN.md 1.8 --- */

static const struct {
    const char *title;
    int64_t last; /* number */
} groups[GROUP_COUNT] = {{/* tr */ "名称和编码", 18},       {/* tr */ "时限和条件", 28},
                         {/* tr */ "收费和办理", 38},       {/* tr */ "咨询和投诉", 44},
                         {/* tr */ "权利和救济", 51},       {/* tr */ "进驻和通办", 64},
                         {/* tr */ "预约、网办和主题", 80}, {/* tr */ "本大厅自用", INT64_MAX}};

int element_group_of(const struct element_term *e)
{
    int group = 0;
    if ((!str_is(e->part, "A") && !str_is(e->part, "B")) || str_is(e->rule, "derived") ||
        str_is(e->field, "by_law"))
        return -1;
    while (e->number > groups[group].last)
        group++;
    return group;
}

const char *element_group_title(int group)
{
    return groups[group].title;
}
