/* What each paper of a case says. The table of moves names the paper (its title); here its contents are put together
 * from the row, the ledgers and the act, in Chinese whatever the clerk's language, and handed to
 * document_issue(), which refuses what lacks something that the law wants written. */
#include "casefile_parts.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"

#define NO_PAPERS   "本事项不需要提交材料"
#define SIGN_HERE   "（签名或者盖章）　　　　　　　　　　年　　月　　日"
#define LAW_ACCEPT  "《中华人民共和国行政许可法》第三十二条第一款第五项"
#define LAW_DEEM    "《中华人民共和国行政许可法》第三十二条第一款第四项"
#define LAW_EXTEND  "《中华人民共和国行政许可法》第四十二条"
#define LAW_SPECIAL "《中华人民共和国行政许可法》第四十五条"
#define LAW_GRANT   "《中华人民共和国行政许可法》第三十八条第一款"
#define LAW_REFUSE  "《中华人民共和国行政许可法》第三十八条第二款"
#define LAW_REJECT  "《中华人民共和国行政许可法》第三十二条第一款第一、二项，第二款"
#define LAW_PUBLIC  "准予许可的决定予以公开，公众有权查阅（行政许可法第四十条）"
#define LAW_NOT_COUNTED                                                                                                           \
    "依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在内，" \
    "届时另行书面告知（行政许可法第四十五条）"

struct paper {
    struct ctx *c;
    const struct casefile_row *k;
    struct case_for_papers_row *facts;
    struct document_wish wish;
};

static void say(struct paper *p, enum document_part part, struct str text)
{
    p->wish.parts[part] = text;
}

static struct str on_text(struct ctx *c, int64_t at)
{
    return date_text(c->arena, date_of(at, c->zone_minutes));
}

static struct str when_text(struct ctx *c, int64_t at)
{
    return str_fmt(c->arena, "%.*s %.*s", STR_ARG(on_text(c, at)),
                   STR_ARG(time_text(c->arena, at, c->zone_minutes)));
}

/* 1. 身份证（原件，1 份） */
static enum err papers_text(struct ctx *c, const struct casefile_row *k, struct str *ret)
{
    static const struct {
        const char *kind, *word;
    } words[] = {{"original", "原件"},
                 {"copy", "复印件"},
                 {"both", "原件和复印件"},
                 {"form", "申请表"},
                 {"either", "原件或者复印件"}};
    struct casefile_papers_rows rows;
    struct buf b;
    int n = 0;
    TRY(casefile_papers(c, c->center_id, k->id, &rows));
    buf_init(&b, c->arena, 64 * 1024);
    for (size_t i = 0; i < rows.n; i++) {
        const char *kind = "";
        if (!rows.v[i].is_taken)
            continue;
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            if (str_is(rows.v[i].kind, words[w].kind))
                kind = words[w].word;
        buf_fmt(&b, "%s%d. %.*s（%s%s%lld 份）", n > 0 ? "\n" : "", n + 1, STR_ARG(rows.v[i].name),
                kind, kind[0] != '\0' ? "，" : "", (long long)rows.v[i].copies);
        n++;
    }
    *ret = n > 0 ? buf_as_str(&b) : rows.n == 0 ? STR(NO_PAPERS) : STR("没有收到材料");
    return E_OK;
}

static struct str phone_of(const struct paper *p)
{
    return p->facts->organ_phone.n > 0    ? p->facts->organ_phone
           : p->facts->center_phone.n > 0 ? p->facts->center_phone
                                          : setting_document_supervision_phone(p->c);
}

static struct str remedy_of(struct ctx *c)
{
    struct str organ = str_trim(setting_case_reconsider_organ(c)),
               court = str_trim(setting_case_sue_court(c));
    if (organ.n == 0 || court.n == 0)
        return STR_NONE; /* the paper may not go out without them (ALL 38(2)) */
    return str_fmt(
        c->arena,
        "不服本决定的，可以自收到本决定书之日起 %lld "
        "日内向%.*s申请行政复议（《中华人民共和国行政复议法》第二十条），或者自收到本决定书之日起 "
        "%lld "
        "个月内向%.*s提起行政诉讼（《中华人民共和国行政诉讼法》第四十六条）。",
        (long long)setting_case_reconsider_days(c), STR_ARG(organ),
        (long long)setting_case_sue_months(c), STR_ARG(court));
}

static enum err begin_paper(struct ctx *c, enum document_kind kind, const struct casefile_row *k,
                            struct paper *p)
{
    *p = (struct paper){.c = c, .k = k};
    TRY(case_for_papers(c, c->center_id, k->id, &p->facts));
    BUG_IF(p->facts == NULL);
    p->wish = (struct document_wish){.kind = kind,
                                     .organ = p->facts->organ,
                                     .organ_code = p->facts->organ_code,
                                     .subject = k->id,
                                     .thread = k->thread,
                                     .party_id = p->facts->applicant_id,
                                     .holder = k->applicant_name,
                                     .licence_type = p->facts->licence_type};
    say(p, PART_ITEM,
        str_fmt(c->arena, "%.*s\n办件编号 %.*s", STR_ARG(k->item_name), STR_ARG(k->number)));
    say(p, PART_RECEIVED, on_text(c, k->received_at));
    say(p, PART_CLERK, c->actor.name);
    say(p, PART_PHONE, phone_of(p));
    say(p, PART_SUPERVISION, setting_document_supervision_phone(c));
    return E_OK;
}

/* --- one function a kind ------------------------------------------------------------------------------- */

/* The sum of the term as every page says it, but in Chinese. */
static enum err clock_text(struct ctx *c, const struct casefile_row *k, struct str *ret)
{
    struct case_view v;
    TRY(case_view_of(c, k, &v));
    *ret = v.clock;
    return E_OK;
}

static enum err say_receipt(struct paper *p)
{
    say(p, PART_HANDOVER, STR("1.\n2.\n3."));
    return papers_text(p->c, p->k, &p->wish.parts[PART_PAPERS]);
}

static enum err say_acceptance(struct paper *p)
{
    bool is_deemed = p->k->deemed_at != 0;
    TRY(papers_text(p->c, p->k, &p->wish.parts[PART_PAPERS]));
    TRY(clock_text(p->c, p->k, &p->wish.parts[PART_DUE]));
    say(p, PART_STATEMENT,
        is_deemed ? STR("收到申请材料后五个工作日内没有告知需要补正的内容，自收到申请材料之日起即为"
                        "受理。")
                  : STR("申请事项属于本机关职权范围，申请材料齐全、符合法定形式，决定予以受理。"));
    say(p, PART_BASIS, is_deemed ? STR(LAW_DEEM) : STR(LAW_ACCEPT));
    say(p, PART_NOT_COUNTED, STR(LAW_NOT_COUNTED));
    say(p, PART_COPIES, STR("一式两份，申请人和本机关各一份"));
    return E_OK;
}

static enum err say_correction(struct paper *p)
{
    struct ctx *c = p->c;
    struct casefile_correction_row *told;
    TRY(casefile_correction(c, c->center_id, p->k->id, &told));
    BUG_IF(told == NULL);
    say(p, PART_FAULTS, told->papers);
    say(p, PART_HOW, told->opinion);
    say(p, PART_UNTIL,
        told->answer_by == 0
            ? STR("没有另定期限。请送到原窗口，或者由他人代送。")
            : str_fmt(c->arena,
                      "%.*s 以前送到原窗口，或者由他人代送；逾期没有补正的，本次申请终止。",
                      STR_ARG(date_text(c->arena, told->answer_by))));
    say(p, PART_BASIS, STR(LAW_DEEM "（一次告知需要补正的全部内容）"));
    return E_OK;
}

static enum err say_rejection(struct paper *p, const struct case_doing *d)
{
    say(p, PART_GROUND,
        str_is(d->ground, "outside_authority") ? STR("申请事项依法不属于本机关职权范围")
        : str_is(d->ground, "not_required") ? STR("申请事项依法不需要取得行政许可")
                                            : STR("不符合受理条件"));
    say(p, PART_COMPETENT, p->k->organ);
    say(p, PART_REASON, d->opinion);
    say(p, PART_BASIS, STR(LAW_REJECT));
    say(p, PART_REMEDY, remedy_of(p->c));
    return E_OK;
}

static struct str due_or_open(struct ctx *c, int32_t on)
{
    return on != 0 ? date_text(c->arena, on) : STR("节假日安排还没有录入，到期日待算");
}

static enum err say_extension(struct paper *p, const struct case_doing *d, int32_t before)
{
    struct str due = due_or_open(p->c, p->k->due_on);
    say(p, PART_OLD_DUE, due_or_open(p->c, before));
    say(p, PART_NEW_DUE,
        str_fmt(p->c->arena, "%.*s（延长 %lld 日）", STR_ARG(due), (long long)d->days));
    say(p, PART_REASON, d->opinion);
    say(p, PART_APPROVER, str_trim(d->approver));
    say(p, PART_BASIS, STR(LAW_EXTEND));
    return E_OK;
}

static enum err say_special(struct paper *p, const struct case_doing *d)
{
    say(p, PART_PROCEDURE, case_stop_title(p->c, d->kind));
    say(p, PART_DAYS,
        str_fmt(p->c->arena, "%lld %s", (long long)d->days, d->is_natural ? "天" : "个工作日"));
    say(p, PART_FEE, d->fee.n > 0 ? d->fee : STR("不收取费用（行政许可法第五十八条）"));
    say(p, PART_NOT_COUNTED, STR("上述时间不计算在办理期限内；实际用时不同的，以实际用时为准。"));
    say(p, PART_BASIS, str_fmt(p->c->arena, "%.*s；" LAW_SPECIAL, STR_ARG(str_trim(d->basis))));
    say(p, PART_APPROVER, str_trim(d->approver));
    return E_OK;
}

static enum err say_grant(struct paper *p, const struct case_doing *d)
{
    struct str content = d->content.n > 0
                             ? d->content
                             : str_fmt(p->c->arena, "准予“%.*s”的申请。", STR_ARG(p->k->item_name));
    if (d->opinion.n > 0)
        content = str_fmt(p->c->arena, "%.*s\n%.*s", STR_ARG(content), STR_ARG(d->opinion));
    say(p, PART_CONTENT, content);
    say(p, PART_CONDITIONS, d->conditions.n > 0 ? d->conditions : STR("没有附加条件"));
    say(p, PART_VALIDITY, d->validity.n > 0 ? d->validity : STR("没有另定期限"));
    say(p, PART_BASIS, STR(LAW_GRANT));
    say(p, PART_PUBLICITY, STR(LAW_PUBLIC));
    return E_OK;
}

/* The bases of the item as the case began under them. */
static enum err bases_text(struct ctx *c, const struct casefile_row *k, struct str *ret)
{
    struct item_doc doc;
    struct buf b;
    buf_init(&b, c->arena, 64 * 1024);
    enum err e = case_item_doc(c, k->number, &doc);
    if (e != E_OK && e != E_NO_SUCH_VERSION)
        return e;
    if (e == E_NO_SUCH_VERSION)
        c->refusal = (struct refusal){.code = E_OK};
    for (size_t i = 0; e == E_OK && i < doc.bases.n && i < 5; i++)
        buf_fmt(&b, "《%.*s》%.*s；", STR_ARG(doc.bases.v[i].law), STR_ARG(doc.bases.v[i].article));
    buf_str(&b, STR(LAW_REFUSE));
    *ret = buf_as_str(&b);
    return E_OK;
}

static enum err say_refusal(struct paper *p, const struct case_doing *d)
{
    struct str on = on_text(p->c, p->k->received_at), accepted = on_text(p->c, p->k->accepted_at);
    say(p, PART_FACTS,
        str_fmt(
            p->c->arena,
            "申请人于 %.*s 提出“%.*s”的申请，本机关于 %.*s 受理，经审查，不符合法定条件、标准。",
            STR_ARG(on), STR_ARG(p->k->item_name), STR_ARG(accepted)));
    say(p, PART_REASON, d->opinion);
    say(p, PART_REMEDY, remedy_of(p->c));
    return bases_text(p->c, p->k, &p->wish.parts[PART_BASIS]);
}

static struct str mode_text(struct ctx *c, const struct case_doing *d)
{
    if (str_is(d->mode, "post"))
        return str_fmt(c->arena, "邮寄，运单号 %.*s", STR_ARG(str_trim(d->waybill)));
    return str_is(d->mode, "locker") ? STR("自助取件柜，凭取件码领取") : STR("当面交付");
}

/* The decisions that are handed over, by title and number. */
static enum err decisions_text(struct ctx *c, const struct casefile_row *k, struct str *ret)
{
    struct document_list all;
    struct buf b;
    TRY(document_lines(c, k->id, &all));
    buf_init(&b, c->arena, 16 * 1024);
    for (size_t i = 0; i < all.items.n; i++)
        if (str_is(all.items.v[i].kind, "grant") || str_is(all.items.v[i].kind, "refusal"))
            buf_fmt(&b, "%s《%.*s》%.*s", b.n > 0 ? "\n" : "", STR_ARG(all.items.v[i].title),
                    STR_ARG(all.items.v[i].number));
    /* decided before there were papers here */
    *ret = b.n > 0 ? buf_as_str(&b) : str_fmt(c->arena, "“%.*s”的书面决定", STR_ARG(k->item_name));
    return E_OK;
}

static enum err say_delivery(struct paper *p, const struct case_doing *d)
{
    struct str place = str_trim(d->place);
    say(p, PART_SERVED, d->receiver.n > 0 ? d->receiver : STR(DOCUMENT_HOLDER));
    say(p, PART_MODE, mode_text(p->c, d));
    say(p, PART_PLACE,
        place.n > 0                      ? place
        : p->facts->center_address.n > 0 ? p->facts->center_address
                                         : p->facts->center_name);
    if (p->wish.parts[PART_PLACE].n == 0)
        say(p, PART_PLACE, STR("本中心"));
    say(p, PART_DELIVERED,
        str_fmt(p->c->arena, "%.*s%s", STR_ARG(when_text(p->c, p->c->now)),
                str_is(d->mode, "post")     ? " 交邮"
                : str_is(d->mode, "locker") ? " 放入取件柜"
                                            : ""));
    say(p, PART_SERVER, p->c->actor.name);
    say(p, PART_SIGNATURE, STR(SIGN_HERE));
    say(p, PART_SUBSTITUTE, d->substitute);
    say(p, PART_REMARKS, d->remarks);
    return decisions_text(p->c, p->k, &p->wish.parts[PART_DOCUMENTS]);
}

static enum err say_withdrawal(struct paper *p, const struct case_doing *d)
{
    say(p, PART_REASON,
        d->act == CASE_ACT_LAPSE ? STR("没有按补正告知书写明的期限补正")
        : d->opinion.n > 0       ? d->opinion
                                 : STR("申请人撤回申请"));
    say(p, PART_SIGNATURE, STR(SIGN_HERE));
    return papers_text(p->c, p->k, &p->wish.parts[PART_PAPERS]);
}

static enum err say_all(struct paper *p, const struct case_doing *d,
                        const struct casefile_row *before)
{
    switch (p->wish.kind) {
    case DOCUMENT_MATERIAL_RECEIPT:
        return say_receipt(p);
    case DOCUMENT_ACCEPTANCE:
        return say_acceptance(p);
    case DOCUMENT_CORRECTION:
        return say_correction(p);
    case DOCUMENT_REJECTION:
        return say_rejection(p, d);
    case DOCUMENT_EXTENSION:
        return say_extension(p, d, before->due_on);
    case DOCUMENT_SPECIAL:
        return say_special(p, d);
    case DOCUMENT_GRANT:
        return say_grant(p, d);
    case DOCUMENT_REFUSAL:
        return say_refusal(p, d);
    case DOCUMENT_DELIVERY:
        return say_delivery(p, d);
    case DOCUMENT_WITHDRAWAL:
        return say_withdrawal(p, d);
    case DOCUMENT_HEARING_RIGHT:
    case DOCUMENT_HEARING_NOTICE:
    case DOCUMENT_KIND_COUNT:
        break;
    }
    BUG("no move makes a %s", document_word(p->wish.kind));
}

/* --- the moves ---------------------------------------------------------------------------------------- */

static enum err write_in_chinese(struct ctx *c, enum document_kind kind, const struct case_doing *d,
                                 const struct casefile_row *before, const struct casefile_row *k)
{
    struct paper p;
    struct document_issued issued;
    enum lang lang = c->lang;
    c->lang = LANG_ZH;
    enum err e = begin_paper(c, kind, k, &p);
    if (e == E_OK)
        e = say_all(&p, d, before);
    c->lang = lang;
    TRY(e);
    return document_issue(c, &p.wish, &issued);
}

enum err case_write_paper(struct ctx *c, const struct case_move *m, const struct case_doing *d,
                          const struct casefile_row *before, const struct casefile_row *k)
{
    enum document_kind kind;
    if (m->act == CASE_ACT_REVOKE || m->act == CASE_ACT_CANCEL)
        return document_withdraw(c, k->id, DOCUMENT_GRANT);
    if (m->paper[0] == '\0')
        return E_OK;
    BUG_IF(!document_kind_titled(m->paper, &kind));
    return write_in_chinese(c, kind, d, before, k);
}

enum err case_write_receipt(struct ctx *c, const struct casefile_row *k)
{
    const struct case_doing none = {0};
    return write_in_chinese(c, DOCUMENT_MATERIAL_RECEIPT, &none, k, k);
}

/* --- hearings ----------------------------------------------------------------------------------------- */

static bool is_time(struct str s)
{
    return s.n == 5 && s.p[2] == ':' && s.p[0] >= '0' && s.p[0] <= '2' && s.p[1] >= '0' &&
           s.p[1] <= '9' && s.p[3] >= '0' && s.p[3] <= '5' && s.p[4] >= '0' && s.p[4] <= '9';
}

/* ALL 48: seven days before, and days of the law are working days (ALL 82). */
static enum err check_notice(struct ctx *c, const struct case_hearing *h)
{
    struct due_sum earliest;
    const struct due_term seven = {.from_on = today(c), .days = 7, .unit = TERM_WORKING};
    const char *missing = h->on == 0                  ? "on"
                          : !is_time(h->time)         ? "time"
                          : str_trim(h->place).n == 0 ? "place"
                                                      : NULL;
    if (missing != NULL)
        return fail_field(c, E_HEARING_PLACE, missing, "hearing");
    TRY(calendar_due(c, &seven, &earliest));
    return h->on >= earliest.due_on ? E_OK : fail_field(c, E_HEARING_EARLY, "on", "%d", (int)h->on);
}

static void say_hearing(struct paper *p, const struct case_hearing *h)
{
    struct arena *a = p->c->arena;
    if (h->is_notice) {
        say(p, PART_HEARING_AT,
            str_fmt(a, "%.*s %.*s", STR_ARG(date_text(a, h->on)), STR_ARG(h->time)));
        say(p, PART_PLACE, str_trim(h->place));
        say(p, PART_HOST, h->host);
        say(p, PART_BASIS, STR("《中华人民共和国行政许可法》第四十八条"));
        return;
    }
    say(p, PART_REASON, str_trim(h->reason));
    say(p, PART_RIGHT, STR("申请人、利害关系人享有要求听证的权利，不承担组织听证的费用。"));
    say(p, PART_PERIOD, STR("被告知听证权利之日起五日内提出；本机关在二十日内组织听证。"));
    say(p, PART_BASIS, STR("《中华人民共和国行政许可法》第四十六条、第四十七条"));
}

enum err case_hearing_paper(struct ctx *c, struct str number, const struct case_hearing *h,
                            struct case_view *ret)
{
    struct casefile_row k;
    struct paper p;
    struct document_issued issued;
    enum document_kind kind = h->is_notice ? DOCUMENT_HEARING_NOTICE : DOCUMENT_HEARING_RIGHT;
    TRY(case_by_its_number(c, number, &k));
    if (k.state != CASE_ACCEPTED && k.state != CASE_REVIEW && k.state != CASE_SUSPENDED)
        return fail(c, E_CASE_MOVE, "hearing of case %.*s in state %s", STR_ARG(number),
                    case_state_word(k.state));
    if (case_is_claimed(c, &k) && k.claimed_by != c->actor.id)
        return fail(c, E_CASE_CLAIMED, "case %.*s", STR_ARG(number));
    if (h->is_notice)
        TRY(check_notice(c, h));
    else if (str_trim(h->reason).n == 0)
        return fail_field(c, E_OPINION_NEEDED, "opinion", "hearing");
    TRY(begin_paper(c, kind, &k, &p));
    say_hearing(&p, h);
    TRY(document_issue(c, &p.wish, &issued));
    TRY(journal_add(c, EV_CASE_HEARING, k.id, k.thread,
                    event_facts(c, "what", str_of(document_title(kind)), NULL), STR_NONE));
    return case_view_whole(c, &k, ret);
}
