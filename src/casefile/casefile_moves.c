/* The life of a case as one table (DOMAIN.md 3.2). The moves, the acts that pages offer, the test that
 * tries every act in every state by every role, and the drawing in docs/cases.md all come from here. */
#include "casefile.h"

#define ACCEPT RIGHT_CASE_ACCEPT
#define TAKE   RIGHT_CASE_TAKE
#define DECIDE RIGHT_CASE_DECIDE
#define REVIEW RIGHT_CASE_REVIEW

static const char law_withdraw[] = /* tr */ "决定作出前，申请人可以撤回申请";
static const char law_accept[] =
    /* tr */ "材料齐全、符合法定形式，予以受理（行政许可法第三十二条第一款第五项）";
static const char law_refuse[] =
    /* tr */ "不予许可的，说明理由并告知复议和诉讼的权利（行政许可法第三十八条第二款）";
static const char law_stop[] =
    /* tr */ "听证、检验、检测、检疫、鉴定、专家评审等所需时间不计算在期限内，书面告知（行政许可法"
             "第四十五条）";
static const char law_extend[] =
    /* tr */ "经本行政机关负责人批准可以延长一次，并告知理由（行政许可法第四十二条）";
static const char law_grant[] =
    /* tr */ "材料齐全、能够当场决定的，当场作出书面决定（行政许可法第三十四条第二款、第三十八条第"
             "一款）";
static const char law_review[] = /* tr */ "对申请人提交的材料进行审查（行政许可法第三十四条）";
static const char law_revoke[] = /* tr */ "依法撤销已经作出的准予决定（行政许可法第六十九条）";
static const char law_cancel[] = /* tr */ "依法办理注销手续（行政许可法第七十条）";

#define NOTICE_ACCEPTED   /* tr */ "受理通知书"
#define NOTICE_WITHDRAWN  /* tr */ "退件单"
#define NOTICE_GRANTED    /* tr */ "准予许可决定书"
#define NOTICE_REFUSED    /* tr */ "不予许可决定书"
#define NOTICE_SPECIAL    /* tr */ "特别程序告知书"
#define NOTICE_EXTENDED   /* tr */ "延期通知书"
#define NOTICE_CORRECTION /* tr */ "补正告知书"
#define NOTICE_REJECTED   /* tr */ "不予受理决定书"
#define NOTICE_TAKEN      /* tr */ "收件凭证"
#define NOTICE_DELIVERED  /* tr */ "送达回证"

#define MOVE(from, act, to, right, event, clock, paper, law)                                       \
    {                                                                                              \
        CASE_##from, CASE_ACT_##act, CASE_##to, right, false, event, CLOCK_##clock, paper, law     \
    }
#define BY_PROGRAM(from, act, to, event, clock, paper, law)                                        \
    {                                                                                              \
        CASE_##from, CASE_ACT_##act, CASE_##to, ACCEPT, true, event, CLOCK_##clock, paper, law     \
    }

const struct case_move case_moves[] = {
    MOVE(RECEIVED, ACCEPT, ACCEPTED, ACCEPT, EV_CASE_ACCEPTED, STARTS, NOTICE_ACCEPTED, law_accept),
    MOVE(RECEIVED, NOT_ACCEPT, NOT_ACCEPTED, ACCEPT, EV_CASE_NOT_ACCEPTED, FALLS_AWAY,
         NOTICE_REJECTED,
         /* tr */ "不需要办理，或不归本机关办理，即时告知（行政许可法第三十二条第一款第一、二项）"),
    MOVE(
        RECEIVED, CORRECT, CORRECTION, ACCEPT, EV_CASE_CORRECTION, AS_IT_IS, NOTICE_CORRECTION,
        /* tr */
        "材料不齐的，当场或者五日内一次告知需要补正的全部内容（行政许可法第三十二条第一款第四项）"),
    BY_PROGRAM(
        RECEIVED, DEEM, ACCEPTED, EV_CASE_DEEMED, STARTS_EARLIER, NOTICE_ACCEPTED,
        /* tr */ "逾期不告知的，自收到申请材料之日起即为受理（行政许可法第三十二条第一款第四项）"),
    MOVE(RECEIVED, WITHDRAW, WITHDRAWN, TAKE, EV_CASE_WITHDRAWN, FALLS_AWAY, NOTICE_WITHDRAWN,
         law_withdraw),
    MOVE(CORRECTION, SUPPLY, RECEIVED, TAKE, EV_CASE_SUPPLIED, AS_IT_IS, NOTICE_TAKEN,
         /* tr */ "按要求提交全部补正材料的，应当受理（行政许可法第三十二条第一款第五项）"),
    MOVE(CORRECTION, ACCEPT, ACCEPTED, ACCEPT, EV_CASE_ACCEPTED, STARTS, NOTICE_ACCEPTED,
         law_accept),
    BY_PROGRAM(CORRECTION, LAPSE, LAPSED, EV_CASE_LAPSED, FALLS_AWAY, NOTICE_WITHDRAWN,
               /* tr */ "补正告知书写明的日期已过，没有收到补正材料（按事项的规定）"),
    MOVE(CORRECTION, WITHDRAW, WITHDRAWN, TAKE, EV_CASE_WITHDRAWN, FALLS_AWAY, NOTICE_WITHDRAWN,
         law_withdraw),
    /* Only immediate cases go from accepted to decided (ALL 34(2)). */
    MOVE(ACCEPTED, GRANT, GRANTED, DECIDE, EV_CASE_GRANTED, ENDS, NOTICE_GRANTED, law_grant),
    MOVE(ACCEPTED, REFUSE, REFUSED, DECIDE, EV_CASE_REFUSED, ENDS, NOTICE_REFUSED, law_refuse),
    MOVE(ACCEPTED, REVIEW, REVIEW, REVIEW, EV_CASE_REVIEWED, AS_IT_IS, "", law_review),
    MOVE(ACCEPTED, SUSPEND, SUSPENDED, REVIEW, EV_CASE_SUSPENDED, STOPS, NOTICE_SPECIAL, law_stop),
    MOVE(ACCEPTED, EXTEND, ACCEPTED, REVIEW, EV_CASE_EXTENDED, IS_LENGTHENED, NOTICE_EXTENDED,
         law_extend),
    MOVE(ACCEPTED, WITHDRAW, WITHDRAWN, TAKE, EV_CASE_WITHDRAWN, FALLS_AWAY, NOTICE_WITHDRAWN,
         law_withdraw),
    MOVE(REVIEW, REVIEW, REVIEW, REVIEW, EV_CASE_REVIEWED, AS_IT_IS, "", law_review),
    MOVE(REVIEW, SUSPEND, SUSPENDED, REVIEW, EV_CASE_SUSPENDED, STOPS, NOTICE_SPECIAL, law_stop),
    MOVE(REVIEW, EXTEND, REVIEW, REVIEW, EV_CASE_EXTENDED, IS_LENGTHENED, NOTICE_EXTENDED,
         law_extend),
    MOVE(REVIEW, GRANT, GRANTED, REVIEW, EV_CASE_GRANTED, ENDS, NOTICE_GRANTED,
         /* tr */ "符合法定条件、标准的，作出准予的书面决定（行政许可法第三十八条第一款）"),
    MOVE(REVIEW, REFUSE, REFUSED, REVIEW, EV_CASE_REFUSED, ENDS, NOTICE_REFUSED, law_refuse),
    MOVE(REVIEW, FORWARD, FORWARDED, REVIEW, EV_CASE_FORWARDED, ENDS, "",
         /* tr */
         "初步审查意见和全部材料报上级机关，上级不得要求重复提供材料（行政许可法第三十五条、第四十"
         "三条）"),
    MOVE(REVIEW, WITHDRAW, WITHDRAWN, TAKE, EV_CASE_WITHDRAWN, FALLS_AWAY, NOTICE_WITHDRAWN,
         law_withdraw),
    MOVE(SUSPENDED, RESUME, REVIEW, REVIEW, EV_CASE_RESUMED, GOES_ON, "",
         /* tr */ "特别程序结束，期限继续计算（行政许可法第四十五条）"),
    MOVE(SUSPENDED, WITHDRAW, WITHDRAWN, TAKE, EV_CASE_WITHDRAWN, FALLS_AWAY, NOTICE_WITHDRAWN,
         law_withdraw),
    MOVE(GRANTED, DELIVER, DELIVERED, TAKE, EV_CASE_DELIVERED, AS_IT_IS, NOTICE_DELIVERED,
         /* tr */ "决定之日起十日内送达（行政许可法第四十四条）"),
    MOVE(GRANTED, REVOKE, REVOKED, REVIEW, EV_CASE_REVOKED, AS_IT_IS, "", law_revoke),
    MOVE(GRANTED, CANCEL, CANCELLED, REVIEW, EV_CASE_CANCELLED, AS_IT_IS, "", law_cancel),
    MOVE(REFUSED, DELIVER, DELIVERED, TAKE, EV_CASE_DELIVERED, AS_IT_IS, NOTICE_DELIVERED,
         /* tr */ "不予许可的书面决定交给申请人（行政许可法第三十八条第二款）"),
    MOVE(DELIVERED, CLOSE, CLOSED, TAKE, EV_CASE_CLOSED, AS_IT_IS, "",
         /* tr */ "结果已交给申请人，办结归档"),
    MOVE(DELIVERED, REVOKE, REVOKED, REVIEW, EV_CASE_REVOKED, AS_IT_IS, "", law_revoke),
    MOVE(DELIVERED, CANCEL, CANCELLED, REVIEW, EV_CASE_CANCELLED, AS_IT_IS, "", law_cancel),
    MOVE(NOT_ACCEPTED, CLOSE, CLOSED, TAKE, EV_CASE_CLOSED, AS_IT_IS, "",
         /* tr */ "不予受理的书面凭证已交给申请人（行政许可法第三十二条第二款）"),
    MOVE(WITHDRAWN, CLOSE, CLOSED, TAKE, EV_CASE_CLOSED, AS_IT_IS, "", /* tr */ "材料已退还申请人"),
    MOVE(LAPSED, CLOSE, CLOSED, TAKE, EV_CASE_CLOSED, AS_IT_IS, "", /* tr */ "材料已退还申请人"),
    MOVE(FORWARDED, CLOSE, CLOSED, TAKE, EV_CASE_CLOSED, AS_IT_IS, "",
         /* tr */ "已报上级机关，本级转报办结"),
    MOVE(CLOSED, REVOKE, REVOKED, REVIEW, EV_CASE_REVOKED, AS_IT_IS, "", law_revoke),
    MOVE(CLOSED, CANCEL, CANCELLED, REVIEW, EV_CASE_CANCELLED, AS_IT_IS, "", law_cancel),
};
const int case_move_count = (int)(sizeof case_moves / sizeof *case_moves);

const struct case_move *case_move_of(enum case_state from, enum case_act act)
{
    for (int i = 0; i < case_move_count; i++)
        if (case_moves[i].from == from && case_moves[i].act == act)
            return &case_moves[i];
    return NULL;
}

const char *case_state_word(int64_t state)
{
    static const char *const words[CASE_STATE_COUNT] = {"received",  "accepted",  "not_accepted",
                                                        "granted",   "refused",   "delivered",
                                                        "withdrawn", "closed",    "correction",
                                                        "review",    "suspended", "forwarded",
                                                        "lapsed",    "revoked",   "cancelled"};
    BUG_IF(state < 0 || state >= CASE_STATE_COUNT);
    return words[state];
}

struct str case_state_title(const struct ctx *c, int64_t state)
{
    static const char *const titles[CASE_STATE_COUNT] = {
        /* tr */ "已收件",   /* tr */ "已受理", /* tr */ "不予受理",   /* tr */ "准予",
        /* tr */ "不予",     /* tr */ "已交付", /* tr */ "已撤回",     /* tr */ "已办结",
        /* tr */ "待补正",   /* tr */ "审查中", /* tr */ "特别程序中", /* tr */ "已报上级",
        /* tr */ "补正逾期", /* tr */ "已撤销", /* tr */ "已注销"};
    BUG_IF(state < 0 || state >= CASE_STATE_COUNT);
    return tr(c, titles[state]);
}

const char *case_act_word(enum case_act act)
{
    static const char *const words[CASE_ACT_COUNT] = {"accept",  "not_accept", "grant",  "refuse",
                                                      "deliver", "withdraw",   "close",  "correct",
                                                      "supply",  "deem",       "lapse",  "review",
                                                      "suspend", "resume",     "extend", "forward",
                                                      "revoke",  "cancel"};
    BUG_IF((unsigned)act >= CASE_ACT_COUNT);
    return words[act];
}

const char *const case_stop_kinds[] = {"hearing",    "tender",        "auction",
                                       "inspection", "testing",       "quarantine",
                                       "appraisal",  "expert_review", NULL};

struct str case_stop_title(const struct ctx *c, struct str kind)
{
    static const char *const titles[] = {/* tr */ "听证", /* tr */ "招标",
                                         /* tr */ "拍卖", /* tr */ "检验",
                                         /* tr */ "检测", /* tr */ "检疫",
                                         /* tr */ "鉴定", /* tr */ "专家评审"};
    for (size_t i = 0; case_stop_kinds[i] != NULL; i++)
        if (str_is(kind, case_stop_kinds[i]))
            return tr(c, titles[i]);
    return kind;
}
