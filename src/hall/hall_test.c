/* Desks, their moves, and lines. The lines of the Wolong hall are compared with a reading of the
 * patterns that is as plain as possible: every item with every desk (data/wolong/README.md). */
#include "calendar.h"
#include "center.h"
#include "csv.h"
#include "item.h"
#include "services.h"
#include "small_hall.h"
#include "test.h"

#define DESK_HEADER "code,name,name_en,floor,zone,kind,step_free,low_counter,handles\n"

static enum err put_item(struct ctx *c, int64_t id, struct str code, struct str name,
                         struct str zone, bool one_window)
{
    return item_put(c, c->center_id, id, code, code, name, STR(""), STR(""), 3, STR("20"), zone,
                    one_window, false, 1, true, 0, STR("working"), 0, STR("working"), false, 1);
}

static enum err put_desks(struct ctx *c, const char *rows)
{
    struct table_in t;
    if (!table_open(&t, c->arena, str_fmt(c->arena, DESK_HEADER "%s", rows)))
        return E_BAD_STATE;
    TRY(desks_import(c, &t));
    return t.fault_count == 0 ? E_OK : E_BAD_STATE;
}

enum err small_hall(struct ctx *c, void *arg)
{
    (void)arg;
    TRY(agency_put(c, c->center_id, 3, STR("民政局"), STR("Civil Affairs"),
                   STR("12441500196720244T"), STR("1"), STR("demonstration"), STR("x")));
    TRY(put_item(c, 11, STR(ITEM_REISSUE), STR("补领结婚证"), STR("personal"), true));
    TRY(put_item(c, 12, STR(ITEM_MARRIAGE), STR("结婚登记"), STR("personal"), false));
    TRY(put_item(c, 13, STR(ITEM_COMPANY), STR("企业备案"), STR("business"), true));
    TRY(zone_put(c, c->center_id, 1, STR("personal"), STR("A"), STR("个人事务区"), STR("Personal"),
                 1, STR("●"), STR("blue")));
    TRY(zone_put(c, c->center_id, 2, STR("business"), STR("B"), STR("企业登记区"), STR("Business"),
                 2, STR("■"), STR("green")));
    TRY(zone_put(c, c->center_id, 3, STR("estate"), STR("C"), STR("不动产登记区"), STR("Estate"), 1,
                 STR("▲"), STR("amber")));
    return put_desks(
        c, "01,一号,One,1,personal,comprehensive,1,1,zone:personal\n"
           "02,二号,Two,1,personal,comprehensive,1,0,zone:personal\n"
           "03,三号,Three,2,personal,comprehensive,0,0,zone:personal\n"
           "07,七号,Seven,1,personal,elderly,1,1,zone:personal\n"
           "08,八号,Eight,1,personal,green,1,1,zone:personal;zone:business\n"
           "20,二十号,Twenty,1,personal,cant_do,1,1,*\n"
           "27,二十七号,Marriage,2,personal,special,0,0,item:412011013000;item:410711001000\n"
           "33,三十三号,Company,2,business,comprehensive,0,0,zone:business\n");
}

void load_small_hall(struct test *t)
{
    assert_int_equal(small_hall(t->c, NULL), E_OK);
}

static void sit_down(struct test *t, int64_t staff, struct str name)
{
    t->c->actor.id = staff;
    t->c->actor.name = name;
}

void test_hall__only_the_tables_moves_of_a_desk_succeed(struct test *t)
{
    /* A desk: opened when closed; paused or closed when open; resumed or closed when paused. */
    static const struct {
        enum desk_state from;
        enum desk_act act;
        enum desk_state to;
    } allowed[] = {{DESK_CLOSED, DESK_ACT_OPEN, DESK_OPEN},
                   {DESK_OPEN, DESK_ACT_PAUSE, DESK_PAUSED},
                   {DESK_OPEN, DESK_ACT_CLOSE, DESK_CLOSED},
                   {DESK_PAUSED, DESK_ACT_RESUME, DESK_OPEN},
                   {DESK_PAUSED, DESK_ACT_CLOSE, DESK_CLOSED}};
    size_t found = 0;
    (void)t;
    for (int from = 0; from < DESK_STATE_COUNT; from++) {
        for (int act = 0; act < DESK_ACT_COUNT; act++) {
            enum desk_state to;
            bool is_allowed = false;
            for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
                is_allowed =
                    is_allowed || ((int)allowed[i].from == from && (int)allowed[i].act == act);
            assert_int_equal(desk_next_state((enum desk_state)from, (enum desk_act)act, &to),
                             is_allowed);
            found += is_allowed;
        }
    }
    assert_int_equal(found, sizeof(allowed) / sizeof(*allowed));
}

void test_hall__a_desk_goes_through_its_moves(struct test *t)
{
    struct ctx *c = t->c;
    struct desk_row d;
    test_start_with(t, load_small_hall);
    sit_down(t, 100, STR("张三"));
    assert_int_equal(desk_of_actor(c, &d), E_DESK_NOT_OPEN);
    assert_int_equal(desk_open(c, STR("1"), &d), E_OK); /* 01 without its 0 */
    assert_true(str_is(d.code, "01") && d.state == DESK_OPEN && str_is(d.staff_name, "张三"));
    assert_int_equal(desk_resume(c, d.id, d.code), E_DESK_MOVE);
    assert_int_equal(desk_pause(c, d.id, d.code, STR("吃饭")), E_OK);
    assert_int_equal(desk_pause(c, d.id, d.code, STR("吃饭")), E_DESK_MOVE);
    assert_int_equal(desk_resume(c, d.id, d.code), E_OK);
    assert_int_equal(desk_close(c, d.id, d.code), E_OK);
    assert_int_equal(desk_close(c, d.id, d.code), E_DESK_MOVE);
    assert_int_equal(desk_of_actor(c, &d), E_DESK_NOT_OPEN);
}

void test_hall__one_desk_one_clerk(struct test *t)
{
    struct ctx *c = t->c;
    struct desk_row d;
    test_start_with(t, load_small_hall);
    sit_down(t, 100, STR("张三"));
    assert_int_equal(desk_open(c, STR("01"), &d), E_OK);
    sit_down(t, 101, STR("李四"));
    assert_int_equal(desk_open(c, STR("01"), &d), E_DESK_TAKEN);
    sit_down(t, 100, STR("张三"));
    assert_int_equal(desk_open(c, STR("02"), &d), E_OK); /* he changes over, 01 is free again */
    assert_int_equal(desk_by_its_code(c, STR("01"), &d), E_OK);
    assert_int_equal(d.state, DESK_CLOSED);
    sit_down(t, 101, STR("李四"));
    assert_int_equal(desk_open(c, STR("01"), &d), E_OK);
    assert_int_equal(desk_open(c, STR("99"), &d), E_NO_SUCH_DESK);
}

static bool line_has(struct ctx *c, int64_t line_id, const char *desk_code)
{
    struct desk_row d;
    struct line_serves_row *serves;
    assert_int_equal(desk_by_its_code(c, str_of(desk_code), &d), E_OK);
    assert_int_equal(line_serves(c, c->center_id, d.id, line_id, &serves), E_OK);
    return serves != NULL;
}

void test_hall__lines_hold_the_desks_that_may_handle_an_item(struct test *t)
{
    struct ctx *c = t->c;
    struct line_facts f;
    test_start_with(t, load_small_hall);
    assert_int_equal(line_facts_of_item(c, 11, &f), E_OK); /* any window of the zone, and 27 */
    assert_int_equal(f.desks, 6);
    assert_int_equal(f.desks_step_free, 4);
    assert_int_equal(f.floor_main, 1);
    assert_true(line_has(c, f.line_id, "27") && !line_has(c, f.line_id, "20") &&
                !line_has(c, f.line_id, "33"));
    assert_true(f.step_free_id != 0 && f.step_free_id != f.line_id);
    assert_true(line_has(c, f.step_free_id, "01") && !line_has(c, f.step_free_id, "27"));
    assert_int_equal(line_facts_of_item(c, 12, &f), E_OK); /* special windows only */
    assert_int_equal(f.desks, 1);
    assert_int_equal(f.step_free_id, 0);
    assert_int_equal(f.floor_main, 2);
    assert_true(line_has(c, f.line_id, "27"));
    assert_int_equal(line_facts_of_zone(c, STR("personal"), &f), E_OK);
    assert_int_equal(f.desks, 5);
    assert_true(!line_has(c, f.line_id, "27") && !line_has(c, f.line_id, "20"));
    assert_int_equal(line_facts_of_zone(c, STR("nowhere"), &f), E_NO_SUCH_ZONE);
    struct desk_row d;
    assert_int_equal(desk_by_its_code(c, STR("20"), &d), E_OK);
    assert_int_equal(line_facts_of_desk(c, d.id, &f), E_OK); /* its own line: who is sent there */
    assert_true(f.desks == 1 && line_has(c, f.line_id, "20"));
}

void test_hall__lines_know_who_is_open(struct test *t)
{
    struct ctx *c = t->c;
    struct line_facts f;
    struct desk_row d;
    test_start_with(t, load_small_hall);
    sit_down(t, 100, STR("张三"));
    assert_int_equal(desk_open(c, STR("27"), &d), E_OK);
    assert_int_equal(line_facts_of_item(c, 11, &f), E_OK);
    assert_true(f.desks_open == 1 && f.desks_open_step_free == 0 && f.floor_open == 2);
    sit_down(t, 101, STR("李四"));
    assert_int_equal(desk_open(c, STR("01"), &d), E_OK);
    assert_int_equal(line_facts_of_item(c, 11, &f), E_OK);
    assert_true(f.desks_open == 2 && f.desks_open_step_free == 1);
    assert_int_equal(desk_pause(c, d.id, d.code, STR("")), E_OK);
    assert_int_equal(line_facts_of_item(c, 11, &f), E_OK);
    assert_true(f.desks_open == 1 && f.desks_open_step_free == 0);
}

void test_hall__a_line_keeps_its_id_while_its_desks_stay(struct test *t)
{
    struct ctx *c = t->c;
    struct line_facts before, after, gone;
    test_start_with(t, load_small_hall);
    assert_int_equal(line_facts_of_item(c, 11, &before), E_OK);
    assert_int_equal(line_note_service(c, before.line_id, 22 * 60000), E_OK);
    assert_int_equal(lines_rebuild(c), E_OK);
    assert_int_equal(line_facts_of_item(c, 11, &after), E_OK);
    assert_int_equal(after.line_id, before.line_id);
    assert_int_equal(after.service_ms,
                     6 * 60000 + (22 - 6) * 60000 / 16); /* old + (sample - old) / 16 */
    /* Without desk 27 the item belongs to another line; the old one is still served by its others. */
    assert_int_equal(put_desks(c, "01,一号,One,1,personal,comprehensive,1,1,zone:personal\n"),
                     E_OK);
    assert_int_equal(line_facts_of_item(c, 11, &after), E_OK);
    assert_true(after.line_id != before.line_id && after.desks == 1);
    assert_int_equal(line_facts_of_line(c, before.line_id, &gone), E_OK);
    assert_true(gone.desks == 1 && line_has(c, before.line_id, "01"));
}

void test_hall__a_service_too_short_or_too_long_does_not_count(struct test *t)
{
    struct line_facts f;
    test_start_with(t, load_small_hall);
    assert_int_equal(line_facts_of_item(t->c, 11, &f), E_OK);
    assert_int_equal(line_note_service(t->c, f.line_id, 9999), E_OK);
    assert_int_equal(line_note_service(t->c, f.line_id, 7200001), E_OK);
    int64_t before = f.service_ms;
    assert_int_equal(line_facts_of_item(t->c, 11, &f), E_OK);
    assert_int_equal(f.service_ms, before);
}

void test_hall__every_bad_cell_of_a_desk_table_is_named(struct test *t)
{
    static const struct {
        const char *row, *column;
    } bad[] = {{",一号,One,1,personal,comprehensive,1,1,*\n", "code"},
               {"01,,One,1,personal,comprehensive,1,1,*\n", "name"},
               {"01,一号,One,0,personal,comprehensive,1,1,*\n", "floor"},
               {"01,一号,One,1,upstairs,comprehensive,1,1,*\n", "zone"},
               {"01,一号,One,1,personal,round,1,1,*\n", "kind"},
               {"01,一号,One,1,personal,comprehensive,yes,1,*\n", "step_free"},
               {"01,一号,One,1,personal,comprehensive,1,2,*\n", "low_counter"},
               {"01,一号,One,1,personal,comprehensive,1,1,zone:upstairs\n", "handles"},
               {"01,一号,One,1,personal,comprehensive,1,1,agency:没有的局\n", "handles"},
               {"01,一号,One,1,personal,comprehensive,1,1,everything\n", "handles"},
               {"08,八号,Eight,1,personal,green,1,1,*\n08,八号,Eight,1,personal,green,1,1,*\n",
                "code"}};
    test_start_with(t, load_small_hall);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct table_in table;
        assert_true(
            table_open(&table, t->c->arena, str_fmt(t->c->arena, DESK_HEADER "%s", bad[i].row)));
        assert_int_equal(desks_import(t->c, &table), E_OK);
        assert_true(table.fault_count >= 1);
        assert_true(table.faults[0].line >= 2);
        assert_true(str_is(table.faults[0].column, bad[i].column));
    }
}

void test_hall__a_desk_in_use_is_not_imported_away(struct test *t)
{
    struct desk_row d;
    struct table_in table;
    test_start_with(t, load_small_hall);
    assert_int_equal(desk_open(t->c, STR("27"), &d), E_OK);
    assert_true(
        table_open(&table, t->c->arena,
                   STR(DESK_HEADER "01,一号,One,1,personal,comprehensive,1,1,zone:personal\n")));
    assert_int_equal(desks_import(t->c, &table), E_OK);
    assert_int_equal(table.fault_count, 1);
}

void test_hall__get_desks_lists_windows_with_their_state(struct test *t)
{
    struct desk_list v = {0};
    struct reply r = {.c = t->c};
    struct desk_row d;
    test_start_with(t, load_small_hall);
    sit_down(t, 100, STR("张三"));
    assert_int_equal(desk_open(t->c, STR("02"), &d), E_OK);
    assert_int_equal(desks_show(t->c, &r, &v), E_OK);
    assert_int_equal(v.total, 8);
    assert_true(str_is(v.items.v[1].code, "02") && str_is(v.items.v[1].state, "open") &&
                str_is(v.items.v[1].staff, "张三") && v.items.v[1].step_free);
    assert_true(str_is(v.items.v[0].state, "closed") && v.items.v[0].staff.n == 0);
}

/* --- the Wolong hall --- */

static bool pattern_fits(struct str pattern, const struct hall_items_row *item)
{
    struct str rest = pattern, kind = str_cut(&rest, ':');
    return str_is(pattern, "*") || (str_is(kind, "zone") && str_eq(rest, item->zone_code)) ||
           (str_is(kind, "agency") && str_eq(rest, item->agency)) ||
           (str_is(kind, "item") && str_eq(rest, item->code));
}

static bool desk_fits(const struct desk_row *d, const struct hall_items_row *item)
{
    struct str rest = d->handles;
    if (str_is(d->kind, "cant_do") || (!item->one_window && !str_is(d->kind, "special")))
        return false;
    while (rest.p != NULL)
        if (pattern_fits(str_cut(&rest, ';'), item))
            return true;
    return false;
}

static void load_wolong_hall(struct test *t)
{
    const char *dir = test_data_dir(t);
    assert_int_equal(center_demo(t->c, dir), E_OK);
    assert_int_equal(item_demo(t->c, dir), E_OK);
    assert_int_equal(hall_demo(t->c, dir), E_OK);
}

void test_hall__every_item_of_wolong_waits_where_its_desks_are(struct test *t)
{
    struct desk_rows all;
    struct hall_items_rows items;
    test_start_with(t, load_wolong_hall);
    struct ctx *c = t->c;
    assert_int_equal(desks(c, c->center_id, &all), E_OK);
    assert_int_equal(all.n, 55);
    assert_int_equal(hall_items(c, c->center_id, 0, &items), E_OK);
    assert_int_equal(items.n, 948);
    for (size_t i = 0; i < items.n; i++) {
        struct line_of_item_row *line;
        int64_t count = 0, step_free = 0;
        assert_int_equal(line_of_item(c, c->center_id, items.v[i].id, &line), E_OK);
        assert_non_null(line);
        for (size_t k = 0; k < all.n; k++) {
            struct line_serves_row *serves;
            bool fits = desk_fits(&all.v[k], &items.v[i]);
            count += fits;
            step_free += fits && all.v[k].step_free;
            if (i % 7 != 0)
                continue; /* the sets of every seventh item desk by desk, of all by their size */
            assert_int_equal(line_serves(c, c->center_id, all.v[k].id, line->id, &serves), E_OK);
            assert_int_equal(serves != NULL, fits);
        }
        assert_true(count > 0);
        assert_int_equal(line->desks, count);
        assert_int_equal(line->desks_step_free, step_free);
        assert_int_equal(line->step_free_id != 0, step_free > 0);
    }
}
