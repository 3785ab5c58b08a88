/* The table of moves. What the law allows is written here once more, on its own, from DOMAIN.md 3.2 and
 * the articles named there; every act in every state by every role is tried against it, and the drawing in
 * docs/cases.md is compared with the program's table. */
#include "casefile.h"

#include "calendar.h"
#include "clock.h"
#include "item.h"
#include "small_hall.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct lawful {
    enum case_state from;
    enum case_act act;
    enum case_state to;
    uint64_t roles;
};
#define BIT(role)   (UINT64_C(1) << (role))
#define BACK_OFFICE BIT(ROLE_REVIEW)
#define WINDOW      (BIT(ROLE_CLERK) | BIT(ROLE_REVIEW))
#define HALL        (WINDOW | BIT(ROLE_DUTY))
#define NOBODY      UINT64_C(0) /* the program itself */
static const struct lawful lawful[] = {
    {CASE_RECEIVED, CASE_ACT_ACCEPT, CASE_ACCEPTED, WINDOW},         /* ALL 32(1)5 */
    {CASE_RECEIVED, CASE_ACT_NOT_ACCEPT, CASE_NOT_ACCEPTED, WINDOW}, /* ALL 32(1)1, 2 */
    {CASE_RECEIVED, CASE_ACT_CORRECT, CASE_CORRECTION, WINDOW},      /* ALL 32(1)4 */
    {CASE_RECEIVED, CASE_ACT_DEEM, CASE_ACCEPTED, NOBODY},           /* ALL 32(1)4 */
    {CASE_RECEIVED, CASE_ACT_WITHDRAW, CASE_WITHDRAWN, HALL},        /* before any decision */
    {CASE_CORRECTION, CASE_ACT_SUPPLY, CASE_RECEIVED, HALL},
    {CASE_CORRECTION, CASE_ACT_ACCEPT, CASE_ACCEPTED, WINDOW}, /* all corrections handed in */
    {CASE_CORRECTION, CASE_ACT_LAPSE, CASE_LAPSED, NOBODY},    /* by rule of the item */
    {CASE_CORRECTION, CASE_ACT_WITHDRAW, CASE_WITHDRAWN, HALL},
    {CASE_ACCEPTED, CASE_ACT_GRANT, CASE_GRANTED, WINDOW},  /* ALL 34(2), 38(1) */
    {CASE_ACCEPTED, CASE_ACT_REFUSE, CASE_REFUSED, WINDOW}, /* ALL 38(2) */
    {CASE_ACCEPTED, CASE_ACT_REVIEW, CASE_REVIEW, BACK_OFFICE},
    {CASE_ACCEPTED, CASE_ACT_SUSPEND, CASE_SUSPENDED, BACK_OFFICE}, /* ALL 45 */
    {CASE_ACCEPTED, CASE_ACT_EXTEND, CASE_ACCEPTED, BACK_OFFICE},   /* ALL 42 */
    {CASE_ACCEPTED, CASE_ACT_WITHDRAW, CASE_WITHDRAWN, HALL},
    {CASE_REVIEW, CASE_ACT_REVIEW, CASE_REVIEW, BACK_OFFICE},
    {CASE_REVIEW, CASE_ACT_SUSPEND, CASE_SUSPENDED, BACK_OFFICE},
    {CASE_REVIEW, CASE_ACT_EXTEND, CASE_REVIEW, BACK_OFFICE},
    {CASE_REVIEW, CASE_ACT_GRANT, CASE_GRANTED, BACK_OFFICE},
    {CASE_REVIEW, CASE_ACT_REFUSE, CASE_REFUSED, BACK_OFFICE},
    {CASE_REVIEW, CASE_ACT_FORWARD, CASE_FORWARDED, BACK_OFFICE}, /* ALL 35, 43 */
    {CASE_REVIEW, CASE_ACT_WITHDRAW, CASE_WITHDRAWN, HALL},
    {CASE_SUSPENDED, CASE_ACT_RESUME, CASE_REVIEW, BACK_OFFICE},
    {CASE_SUSPENDED, CASE_ACT_WITHDRAW, CASE_WITHDRAWN, HALL},
    {CASE_GRANTED, CASE_ACT_DELIVER, CASE_DELIVERED, HALL},       /* ALL 44 */
    {CASE_GRANTED, CASE_ACT_REVOKE, CASE_REVOKED, BACK_OFFICE},   /* ALL 69 */
    {CASE_GRANTED, CASE_ACT_CANCEL, CASE_CANCELLED, BACK_OFFICE}, /* ALL 70 */
    {CASE_REFUSED, CASE_ACT_DELIVER, CASE_DELIVERED, HALL},
    {CASE_DELIVERED, CASE_ACT_CLOSE, CASE_CLOSED, HALL},
    {CASE_DELIVERED, CASE_ACT_REVOKE, CASE_REVOKED, BACK_OFFICE},
    {CASE_DELIVERED, CASE_ACT_CANCEL, CASE_CANCELLED, BACK_OFFICE},
    {CASE_NOT_ACCEPTED, CASE_ACT_CLOSE, CASE_CLOSED, HALL},
    {CASE_WITHDRAWN, CASE_ACT_CLOSE, CASE_CLOSED, HALL},
    {CASE_LAPSED, CASE_ACT_CLOSE, CASE_CLOSED, HALL},
    {CASE_FORWARDED, CASE_ACT_CLOSE, CASE_CLOSED, HALL},
    {CASE_CLOSED, CASE_ACT_REVOKE, CASE_REVOKED, BACK_OFFICE},
    {CASE_CLOSED, CASE_ACT_CANCEL, CASE_CANCELLED, BACK_OFFICE},
};

static const struct lawful *law_of(int from, int a)
{
    for (size_t i = 0; i < sizeof lawful / sizeof *lawful; i++)
        if ((int)lawful[i].from == from && (int)lawful[i].act == a)
            return &lawful[i];
    return NULL;
}

static void load_hall(struct test *t)
{
    load_small_hall(t);
    assert_int_equal(calendar_demo(t->c, test_data_dir(t)), E_OK);
}

/* A case whose item is immediate and may be forwarded, with all its papers. */
static struct casefile_row begin(struct test *t, const char *mode)
{
    struct item_row item;
    struct case_view v;
    struct casefile_row k;
    struct case_wish_form f = {.item = STR(ITEM_REISSUE),
                               .applicant_name = STR("李建国"),
                               .applicant_id_type = 111,
                               .agent_id_type = 111};
    test_start_with(t, load_hall);
    assert_int_equal(item_by_any_code(t->c, STR(ITEM_REISSUE), &item), E_OK);
    struct doc_paper p = {.position = 1,
                          .name = STR("身份证"),
                          .kind = STR("original"),
                          .copies = 1,
                          .necessity = STR("optional"),
                          .provider = STR("applicant"),
                          .state = STR("read")};
    assert_int_equal(item_paper_put(t->c, item.id, &p), E_OK);
    assert_int_equal(case_rule_put(t->c, t->c->center_id, item.id, str_of(mode), true, false, 0, 0,
                                   0, 0, STR("demonstration"), STR("test")),
                     E_OK);
    assert_int_equal(case_take_in(t->c, &f, &v), E_OK);
    assert_int_equal(case_by_its_number(t->c, v.number, &k), E_OK);
    return k;
}

static enum err put_into(struct test *t, const struct casefile_row *k, int state)
{
    struct casefile_row *now;
    assert_int_equal(casefile(t->c, t->c->center_id, k->id, &now), E_OK);
    /* reviewed by somebody else, granted, open */
    assert_int_equal(casefile_stage_put(t->c, t->c->center_id, k->id, state == CASE_REVIEW ? 1 : 0,
                                        0),
                     E_OK);
    return casefile_move(t->c, t->c->center_id, k->id, now->state, state, t->c->now, 0, 0, 0,
                         STR("grant"), STR(""), 0);
}

static struct case_doing doing(struct test *t, int a)
{
    struct texts papers = {ARENA_ARRAY(t->c->arena, struct str, 1), a == CASE_ACT_CORRECT ? 1 : 0};
    papers.v[0] = STR("1");
    return (struct case_doing){.act = (enum case_act)a,
                               .opinion = STR("事实和依据"),
                               .papers = papers,
                               .step = STR("other"),
                               .kind = STR("hearing"),
                               .days = 3,
                               .basis = STR("行政许可法第四十六条"),
                               .approver = STR("王局长")};
}

/* Each try in a savepoint of its own would be the same: the ledgers' once-only rows are cleared by hand. */
static enum err try_once(struct test *t, const struct casefile_row *k, int from, int a,
                         struct case_view *v)
{
    assert_int_equal(put_into(t, k, from), E_OK);
    struct case_doing d = doing(t, a);
    return case_make_move(t->c, k->number, &d, v);
}

static void try_move(struct test *t, const struct casefile_row *k, int from, int a, uint64_t roles)
{
    struct case_view v;
    struct casefile_row *after;
    const struct lawful *law = law_of(from, a);
    t->c->actor.roles = roles;
    enum err e = try_once(t, k, from, a, &v);
    assert_int_equal(casefile(t->c, t->c->center_id, k->id, &after), E_OK);
    if (law == NULL) {
        assert_int_equal(e, E_CASE_MOVE);
        assert_int_equal(after->state, from);
    } else if ((roles & law->roles) == 0) {
        assert_int_equal(e, E_NOT_ALLOWED);
        assert_int_equal(after->state, from);
    } else if (e == E_CORRECTED_ONCE || e == E_EXTENDED_ONCE) {
        assert_true(a == CASE_ACT_CORRECT || a == CASE_ACT_EXTEND); /* another role was first */
        assert_int_equal(after->state, from);
    } else {
        assert_int_equal(e, a == CASE_ACT_FORWARD ? E_NOT_FIRST_REVIEW : E_OK);
        assert_int_equal(after->state, a == CASE_ACT_FORWARD ? from : (int)law->to);
        if (e == E_OK)
            assert_true(str_is(v.state, case_state_word(law->to)));
    }
}

void test_casefile__only_the_lawful_moves_by_who_may(struct test *t)
{
    struct casefile_row k = begin(t, "ordinary");
    for (int from = 0; from < CASE_STATE_COUNT; from++)
        for (int a = 0; a < CASE_ACT_COUNT; a++) {
            try_move(t, &k, from, a, 0);
            for (int role = 0; role < ROLE_COUNT; role++)
                try_move(t, &k, from, a, BIT(role));
        }
}

void test_casefile__the_table_says_what_the_law_says(struct test *t)
{
    (void)t;
    assert_int_equal(case_move_count, sizeof lawful / sizeof *lawful);
    for (int i = 0; i < case_move_count; i++) {
        const struct case_move *m = &case_moves[i];
        const struct lawful *law = law_of((int)m->from, (int)m->act);
        assert_true(law != NULL && law->to == m->to);
        assert_true(m->by_program == (law->roles == NOBODY));
        assert_true(m->law[0] != '\0');
    }
}

void test_casefile__a_first_review_is_forwarded_and_not_decided(struct test *t)
{
    struct case_view v;
    struct casefile_row k = begin(t, "first_review");
    assert_int_equal(try_once(t, &k, CASE_REVIEW, CASE_ACT_GRANT, &v), E_SUPERIOR_DECIDES);
    assert_int_equal(try_once(t, &k, CASE_REVIEW, CASE_ACT_REFUSE, &v), E_SUPERIOR_DECIDES);
    assert_int_equal(try_once(t, &k, CASE_REVIEW, CASE_ACT_FORWARD, &v), E_OK);
    assert_true(str_is(v.state, "forwarded") && str_is(v.next, "close"));
}

/* --- the drawing ---------------------------------------------------------------------------------- */

static struct str who(const struct case_move *m)
{
    static const struct {
        uint64_t roles;
        const char *text;
    } names[] = {{NOBODY, "程序"},
                 {BACK_OFFICE, "审批"},
                 {WINDOW, "窗口、审批"},
                 {HALL, "窗口、审批、值班"}};
    const struct lawful *law = law_of((int)m->from, (int)m->act);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (law != NULL && names[i].roles == law->roles)
            return str_of(names[i].text);
    return STR("?");
}

static const char *clock_word(enum case_clock clock)
{
    static const char *const words[CASE_CLOCK_COUNT] = {[CLOCK_AS_IT_IS] = "",
                                                        [CLOCK_STARTS] = "开始，次日为第一天",
                                                        [CLOCK_STARTS_EARLIER] =
                                                            "从收到材料之日起算",
                                                        [CLOCK_STOPS] = "停",
                                                        [CLOCK_GOES_ON] = "继续",
                                                        [CLOCK_IS_LENGTHENED] = "延长一次",
                                                        [CLOCK_ENDS] = "到此为止",
                                                        [CLOCK_FALLS_AWAY] = "不再计算"};
    return words[clock];
}

static struct str drawing(struct test *t)
{
    struct buf b;
    buf_init(&b, t->c->arena, 64 * 1024);
    buf_str(&b, STR("```mermaid\nstateDiagram-v2\n    [*] --> received\n"));
    for (int i = 0; i < case_move_count; i++)
        buf_str(&b, str_fmt(t->c->arena, "    %s --> %s: %s\n", case_state_word(case_moves[i].from),
                            case_state_word(case_moves[i].to), case_act_word(case_moves[i].act)));
    buf_str(&b, STR("```\n\n| 从 | 做什么 | 到 | 谁 | 期限 | 文书 | 依据 "
                    "|\n|---|---|---|---|---|---|---|\n"));
    for (int i = 0; i < case_move_count; i++) {
        const struct case_move *m = &case_moves[i];
        buf_str(&b, str_fmt(t->c->arena, "| %s | %s | %s | %.*s | %s | %s | %s |\n",
                            case_state_word(m->from), case_act_word(m->act), case_state_word(m->to),
                            STR_ARG(who(m)), clock_word(m->clock), m->paper, m->law));
    }
    return buf_as_str(&b);
}

#define DOCUMENT_BYTES ((size_t)128 * 1024)

/* docs/cases.md ends with the drawing of this very table. `OW_WRITE_DOCS=1 build/onewindow-test --match
 * the_document_draws` writes it anew. */
void test_casefile__the_document_draws_the_table(struct test *t)
{
    static const char heading[] = "## The table\n\n";
    char *text = arena_alloc(t->c->arena, DOCUMENT_BYTES);
    struct str wanted = drawing(t);
    struct str path = str_fmt(t->c->arena, "%s/../../docs/cases.md", test_data_dir(t));
    FILE *f = fopen(str_z(t->c->arena, path), "r+b");
    assert_true(f != NULL);
    struct str whole = {text, fread(text, 1, DOCUMENT_BYTES, f)};
    ptrdiff_t at = str_find(whole, str_of(heading));
    assert_true(at > 0);
    size_t begin_at = (size_t)at + sizeof heading - 1;
    bool is_same = str_eq((struct str){text + begin_at, whole.n - begin_at}, wanted);
    if (!is_same && getenv("OW_WRITE_DOCS") != NULL) {
        is_same = fseek(f, (long)begin_at, SEEK_SET) == 0 &&
                  fwrite(wanted.p, 1, wanted.n, f) == wanted.n &&
                  ftruncate(fileno(f), (off_t)(begin_at + wanted.n)) == 0;
    }
    fclose(f);
    assert_true(is_same); /* docs/cases.md does not hold the drawing of casefile_moves.c */
}
