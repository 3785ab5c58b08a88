/* The kinds of papers and what each must hold, from DOMAIN.md 3.6: a table, so that the check, the drawing and the test
 * read the same lines. A part that is not marked is printed when it is there. */
#include "document_parts.h"

#define PARTS_MOST 16

static const struct {
    const char *name, *label; /* label: zh-CN, as printed */
} parts[DOCUMENT_PART_COUNT] = {
    [PART_ITEM] = {"item", "事项"},
    [PART_RECEIVED] = {"received", "收到申请材料的日期"},
    [PART_PAPERS] = {"papers", "材料清单"},
    [PART_STATEMENT] = {"statement", "受理意见"},
    [PART_GROUND] = {"ground", "不予受理的情形"},
    [PART_FACTS] = {"facts", "事实"},
    [PART_REASON] = {"reason", "理由"},
    [PART_COMPETENT] = {"competent", "应当申请的机关"},
    [PART_FAULTS] = {"faults", "需要补正的全部材料"},
    [PART_HOW] = {"how", "原因和补正方法"},
    [PART_UNTIL] = {"until", "补正期限和方式"},
    [PART_DUE] = {"due", "办理期限"},
    [PART_OLD_DUE] = {"old_due", "原定期限"},
    [PART_NEW_DUE] = {"new_due", "延长后的期限"},
    [PART_PROCEDURE] = {"procedure", "特别程序"},
    [PART_DAYS] = {"days", "所需时间"},
    [PART_FEE] = {"fee", "费用"},
    [PART_NOT_COUNTED] = {"not_counted", "不计入期限的时间"},
    [PART_APPROVER] = {"approver", "批准人"},
    [PART_CONTENT] = {"content", "许可内容"},
    [PART_CONDITIONS] = {"conditions", "附加条件"},
    [PART_VALIDITY] = {"validity", "有效期"},
    [PART_LICENCE] = {"licence", "电子证照标识"},
    [PART_PUBLICITY] = {"publicity", "公开"},
    [PART_RIGHT] = {"right", "听证的权利"},
    [PART_PERIOD] = {"period", "提出的期限"},
    [PART_HEARING_AT] = {"hearing_at", "听证时间"},
    [PART_PLACE] = {"place", "地点"},
    [PART_HOST] = {"host", "听证主持人"},
    [PART_SERVED] = {"served", "受送达人"},
    [PART_MODE] = {"mode", "送达方式"},
    [PART_DELIVERED] = {"delivered", "送达时间"},
    [PART_SERVER] = {"server", "送达人"},
    [PART_DOCUMENTS] = {"documents", "送达的文书"},
    [PART_SUBSTITUTE] = {"substitute", "代收人和代收理由"},
    [PART_REMARKS] = {"remarks", "备注"},
    [PART_HANDOVER] = {"handover", "材料移交（部门、经手人、时间、签名）"},
    [PART_SIGNATURE] = {"signature", "签名或者盖章"},
    [PART_BASIS] = {"basis", "法律依据"},
    [PART_REMEDY] = {"remedy", "救济权利（复议机关、法院和期限）"},
    [PART_CLERK] = {"clerk", "经办人"},
    [PART_PHONE] = {"phone", "联系电话"},
    [PART_SUPERVISION] = {"supervision", "监督电话"},
    [PART_COPIES] = {"copies", "份数"},
};

#define MUST(part) ((part) | NEEDED)
#define NEEDED     0x100
#define END        DOCUMENT_PART_COUNT

static const struct {
    const char *word, *title;
    int parts[PARTS_MOST]; /* in the order of print; | NEEDED where the paper must say it */
} kinds[DOCUMENT_KIND_COUNT] = {
    [DOCUMENT_MATERIAL_RECEIPT] = {"material_receipt",
                                   /* tr */ "收件凭证",
                                   {MUST(PART_ITEM), MUST(PART_PAPERS), MUST(PART_RECEIVED),
                                    MUST(PART_CLERK), MUST(PART_PHONE), PART_HANDOVER, END}},
    [DOCUMENT_ACCEPTANCE] = {"acceptance",
                             /* tr */ "受理通知书",
                             {MUST(PART_ITEM), MUST(PART_RECEIVED), MUST(PART_PAPERS),
                              MUST(PART_STATEMENT), MUST(PART_BASIS), MUST(PART_DUE),
                              MUST(PART_NOT_COUNTED), MUST(PART_CLERK), MUST(PART_PHONE),
                              MUST(PART_SUPERVISION), MUST(PART_COPIES), END}},
    [DOCUMENT_CORRECTION] = {"correction",
                             /* tr */ "补正告知书",
                             {MUST(PART_ITEM), MUST(PART_RECEIVED), MUST(PART_FAULTS),
                              MUST(PART_HOW), MUST(PART_UNTIL), MUST(PART_BASIS), MUST(PART_CLERK),
                              MUST(PART_PHONE), PART_SUPERVISION, END}},
    [DOCUMENT_REJECTION] = {"rejection",
                            /* tr */ "不予受理决定书",
                            {MUST(PART_ITEM), MUST(PART_RECEIVED), MUST(PART_GROUND),
                             MUST(PART_REASON), PART_COMPETENT, MUST(PART_BASIS), MUST(PART_REMEDY),
                             MUST(PART_PHONE), END}},
    [DOCUMENT_EXTENSION] = {"extension",
                            /* tr */ "延期通知书",
                            {MUST(PART_ITEM), MUST(PART_OLD_DUE), MUST(PART_NEW_DUE),
                             MUST(PART_REASON), MUST(PART_APPROVER), MUST(PART_BASIS),
                             MUST(PART_PHONE), END}},
    [DOCUMENT_SPECIAL] = {"special",
                          /* tr */ "特别程序告知书",
                          {MUST(PART_ITEM), MUST(PART_PROCEDURE), MUST(PART_DAYS), MUST(PART_FEE),
                           MUST(PART_NOT_COUNTED), MUST(PART_BASIS), PART_APPROVER,
                           MUST(PART_PHONE), END}},
    [DOCUMENT_GRANT] = {"grant",
                        /* tr */ "准予许可决定书",
                        {MUST(PART_ITEM), MUST(PART_CONTENT), MUST(PART_CONDITIONS),
                         MUST(PART_VALIDITY), PART_LICENCE, MUST(PART_BASIS), MUST(PART_PUBLICITY),
                         END}},
    [DOCUMENT_REFUSAL] = {"refusal",
                          /* tr */ "不予许可决定书",
                          {MUST(PART_ITEM), MUST(PART_FACTS), MUST(PART_REASON), MUST(PART_BASIS),
                           MUST(PART_REMEDY), END}},
    [DOCUMENT_HEARING_RIGHT] = {"hearing_right",
                                /* tr */ "听证告知书",
                                {MUST(PART_ITEM), MUST(PART_REASON), MUST(PART_RIGHT),
                                 MUST(PART_PERIOD), MUST(PART_BASIS), MUST(PART_PHONE), END}},
    [DOCUMENT_HEARING_NOTICE] = {"hearing_notice",
                                 /* tr */ "听证通知书",
                                 {MUST(PART_ITEM), MUST(PART_HEARING_AT), MUST(PART_PLACE),
                                  PART_HOST, MUST(PART_BASIS), MUST(PART_PHONE), END}},
    [DOCUMENT_DELIVERY] = {"delivery",
                           /* tr */ "送达回证",
                           {MUST(PART_ITEM), MUST(PART_DOCUMENTS), MUST(PART_SERVED),
                            MUST(PART_MODE), MUST(PART_PLACE), MUST(PART_DELIVERED),
                            MUST(PART_SERVER), MUST(PART_SIGNATURE), PART_SUBSTITUTE, PART_REMARKS,
                            END}},
    [DOCUMENT_WITHDRAWAL] = {"withdrawal",
                             /* tr */ "退件单",
                             {MUST(PART_ITEM), MUST(PART_PAPERS), PART_REASON, MUST(PART_CLERK),
                              MUST(PART_SIGNATURE), END}},
};

const char *document_word(enum document_kind kind)
{
    BUG_IF((unsigned)kind >= DOCUMENT_KIND_COUNT);
    return kinds[kind].word;
}

const char *document_title(enum document_kind kind)
{
    BUG_IF((unsigned)kind >= DOCUMENT_KIND_COUNT);
    return kinds[kind].title;
}

bool document_kind_titled(const char *title, enum document_kind *ret)
{
    for (int i = 0; i < DOCUMENT_KIND_COUNT; i++)
        if (str_is(str_of(title), kinds[i].title)) {
            *ret = (enum document_kind)i;
            return true;
        }
    return false;
}

bool document_kind_named(struct str word, enum document_kind *ret)
{
    for (int i = 0; i < DOCUMENT_KIND_COUNT; i++)
        if (str_is(word, kinds[i].word)) {
            *ret = (enum document_kind)i;
            return true;
        }
    return false;
}

bool document_part_at(enum document_kind kind, int at, enum document_part *ret, bool *ret_needed)
{
    int part = kinds[kind].parts[at];
    *ret = (enum document_part)(part & ~NEEDED);
    *ret_needed = (part & NEEDED) != 0;
    return part != END;
}

bool document_needs(enum document_kind kind, enum document_part part)
{
    enum document_part p;
    bool is_needed;
    for (int at = 0; document_part_at(kind, at, &p, &is_needed); at++)
        if (p == part)
            return is_needed;
    return false;
}

const char *document_part_name(enum document_part part)
{
    return parts[part].name;
}

const char *document_part_label(enum document_part part)
{
    return parts[part].label;
}
