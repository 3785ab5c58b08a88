/* A catalogue of the level above beside ours: what it changes, who must act, and what that means for open
 * cases, for the visits of today and for those that are booked. */
#include "center.h"
#include "clock.h"
#include "csv.h"
#include "journal.h"
#include "json.h"
#include "quality_scope.h"
#include "sheet.h"
#include "web.h"
#include <inttypes.h>

#define CATALOGUE_BYTES ((size_t)16 << 20)

enum err journal_quality(struct ctx *c, enum event event, int64_t id, const char *member,
                         struct str name, int64_t count)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 4096);
    json_init(&j, &b, c->zone_minutes);
    json_object(&j);
    json_name(&j, member);
    json_text(&j, name);
    json_name(&j, "count");
    json_int(&j, count);
    json_end_object(&j);
    return journal_add(c, event, id, 0, buf_as_str(&b), STR_NONE);
}

enum err quality_upstreams(struct ctx *c, struct reply *r, struct upstream_list *v)
{
    struct upstreams_rows rows;
    (void)r;
    TRY(upstreams(c, c->center_id, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct upstream_line, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v->items.v[v->items.n++] =
            (struct upstream_line){rows.v[i].id, rows.v[i].name, rows.v[i].entries,
                                   rows.v[i].staff_name, rows.v[i].given_at};
    return E_OK;
}

static enum err keep_catalogue(struct ctx *c, struct str name, struct str table,
                               struct upstream_line *ret)
{
    struct catalogue_entries theirs;
    int64_t id = new_id(c);
    TRY(catalogue_read(c, table, &theirs));
    TRY(upstream_put(c, c->center_id, id, name, table, (int64_t)theirs.n, c->actor.id,
                     str_or_empty(c->actor.name), c->now));
    TRY(journal_quality(c, EV_QUALITY_UPSTREAM_GIVEN, id, "name", name, (int64_t)theirs.n));
    *ret = (struct upstream_line){id, name, (int64_t)theirs.n, str_or_empty(c->actor.name), c->now};
    return E_OK;
}

static void copy_row(struct buf *b, const struct str *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        csv_field(b, str_or_empty(v[i]), i == 0);
    buf_char(b, '\n');
}

/* A table of whatever form as the CSV that is kept; with faults nobody uses it. */
static enum err text_of_table(struct ctx *c, struct table_in *t, struct str *ret)
{
    struct buf b;
    buf_init(&b, c->arena, CATALOGUE_BYTES);
    copy_row(&b, t->columns, t->column_count);
    while (table_next(t))
        copy_row(&b, t->values, t->column_count);
    *ret = buf_as_str(&b);
    return buf_overflowed(&b) ? fail(c, E_TOO_LARGE, "a catalogue above %zu bytes", CATALOGUE_BYTES)
                              : E_OK;
}

/* The first fault is told with its row; the others come when it is mended. */
static enum err file_as_text(struct ctx *c, const struct upload *file, struct str *ret)
{
    struct table_in t = {0};
    enum err e = E_OK;
    if (sheet_open(&t, c->arena, file->bytes, STR_NONE))
        e = text_of_table(c, &t, ret);
    table_close(&t);
    if (e != E_OK || t.fault_count == 0)
        return e;
    e = fail_field(c, E_TABLE_FAULTS, "file", "line %d", t.faults[0].line);
    c->refusal.text =
        tr_fill(c, "第 {n} 行：{reason}", "n", str_fmt(c->arena, "%d", t.faults[0].line), "reason",
                t.faults[0].reason, NULL);
    return e;
}

enum err quality_upstream_give(struct ctx *c, const struct upstream_give_form *f, struct reply *r,
                               struct upstream_line *v)
{
    struct str table = f->table;
    if (f->file.bytes.p != NULL)
        TRY(file_as_text(c, &f->file, &table));
    if (table.n == 0)
        return fail_field(c, E_NO_CATALOGUE, "file", "neither file nor text");
    TRY(keep_catalogue(c, f->name, table, v));
    reply_see(r, "/manage/items/upstream/%" PRId64, v->id);
    return E_OK;
}

/* From a file of any size and form; only compared, like one that is pasted. */
enum err upstream_import(struct ctx *c, struct table_in *t)
{
    struct str table;
    struct upstream_line line;
    TRY(text_of_table(c, t, &table));
    if (t->fault_count > 0)
        return E_OK;
    return keep_catalogue(c,
                          tr_fill(c, "上级目录 {date}", "date", date_text(c->arena, today(c)),
                                  NULL),
                          table, &line);
}

struct telling {
    struct ctx *c;
    const struct directory_facts *now;
    struct open_cases_of_items_rows cases;
    struct open_tickets_of_items_rows tickets;
    struct booked_visits_of_items_rows bookings;
    struct upstream_page *v;
};

static int64_t cases_of(const struct telling *k, struct str code)
{
    size_t low = 0, high = k->cases.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(k->cases.v[middle].code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < k->cases.n && str_eq(k->cases.v[low].code, code) ? k->cases.v[low].cases : 0;
}

static int64_t tickets_of(const struct telling *k, struct str code)
{
    for (size_t i = 0; i < k->tickets.n; i++) /* of one day, and of items only */
        if (str_eq(k->tickets.v[i].code, code))
            return k->tickets.v[i].tickets;
    return 0;
}

static int64_t bookings_of(const struct telling *k, struct str code)
{
    for (size_t i = 0; i < k->bookings.n; i++)
        if (str_eq(k->bookings.v[i].code, code))
            return k->bookings.v[i].visits;
    return 0;
}

static struct str kind_text(struct ctx *c, enum doc_change_kind kind)
{
    return kind == DOC_ADDED ? tr(c, "新增") : kind == DOC_REMOVED ? tr(c, "取消") : tr(c, "变更");
}

static struct str member_text(struct ctx *c, struct str member)
{
    return str_is(member, "name")         ? tr(c, "名称")
           : str_is(member, "type")       ? tr(c, "类型")
           : str_is(member, "use_levels") ? tr(c, "行使层级")
           : str_is(member, "bases")      ? tr(c, "设定依据")
                                          : STR("");
}

static struct str then_text(struct ctx *c, const struct upstream_change *change, bool has_item)
{
    if (!change->is_ours)
        return tr(c, "本级不行使，不用做什么。");
    if (change->kind == DOC_ADDED)
        return has_item ? tr(c, "本厅已有这个事项，请核对。")
                        : tr(c, "请起草这个事项。还没有办件受影响。");
    if (!has_item)
        return tr(c, "本厅没有录入这个事项，只需更新目录。");
    return change->kind == DOC_REMOVED
               ? tr(c, "请定停办日期。在办的件按受理时的版本办完，停办之日起不再取号；此前取了号的"
                       "照常办。")
               : tr(c, "请起草新版本。在办的件按受理时的版本办完，新受理的按新版本。");
}

static void tell(struct telling *k, const struct upstream_change *change)
{
    struct ctx *c = k->c;
    const struct item_facts *f = facts_of_code(k->now, change->code);
    static const char *const words[] = {"added", "removed", "changed"};
    k->v->others += change->is_ours ? 0 : 1;
    k->v->added += change->kind == DOC_ADDED ? 1 : 0;
    k->v->removed += change->kind == DOC_REMOVED ? 1 : 0;
    k->v->changed += change->kind == DOC_CHANGED ? 1 : 0;
    struct upstream_change_line *line = &k->v->changes.v[k->v->changes.n++];
    *line = (struct upstream_change_line){.kind = str_of(words[change->kind]),
                                          .kind_is = kind_text(c, change->kind),
                                          .code = change->code,
                                          .name = change->name,
                                          .member = member_text(c, change->member),
                                          .before = change->before,
                                          .after = change->after,
                                          .agency = f != NULL ? f->agency
                                                              : agency_of_department(k->now,
                                                                                     change->code),
                                          .cases = f == NULL ? 0 : cases_of(k, change->code),
                                          .tickets = f == NULL ? 0 : tickets_of(k, change->code),
                                          .bookings = f == NULL ? 0 : bookings_of(k, change->code),
                                          .then = then_text(c, change, f != NULL),
                                          .id = f == NULL ? 0 : f->item_id};
}

/* An item with three changed members has its cases once. */
static void sum_up(struct upstream_page *v)
{
    for (size_t i = 0; i < v->changes.n; i++) {
        const struct upstream_change_line *line = &v->changes.v[i];
        if (i > 0 && str_eq(line->code, v->changes.v[i - 1].code))
            continue;
        v->cases += line->cases;
        v->tickets += line->tickets;
        v->bookings += line->bookings;
    }
}

static enum err read_both(struct ctx *c, struct telling *k, struct str content,
                          struct upstream_changes *ret)
{
    struct catalogue_entries ours, theirs;
    struct center_row center;
    struct kept_day *day;
    TRY(center_here(c, &center));
    TRY(catalogue_whole(c, &ours));
    TRY(catalogue_read(c, content, &theirs));
    TRY(kept_day_of(c, today(c), 0, &day));
    k->now = kept_facts(day);
    TRY(open_cases_of_items(c, c->center_id, &k->cases));
    TRY(open_tickets_of_items(c, c->center_id, today(c), &k->tickets));
    TRY(booked_visits_of_items(c, c->center_id, today(c), &k->bookings));
    catalogue_diff(c, &ours, &theirs, level_of_region(center.region), today(c), ret);
    return E_OK;
}

enum err quality_upstream(struct ctx *c, const struct upstream_id_form *f, struct reply *r,
                          struct upstream_page *v)
{
    struct upstream_row *row;
    struct upstream_changes changes;
    struct telling k = {.c = c, .v = v};
    (void)r;
    TRY(upstream(c, c->center_id, f->id, &row));
    if (row == NULL)
        return fail(c, E_NOT_FOUND, "upstream catalogue %" PRId64, f->id);
    TRY(read_both(c, &k, row->content, &changes));
    v->id = f->id;
    v->name = row->name;
    v->given_by = row->staff_name;
    v->given_at = row->given_at;
    v->changes.v = ARENA_ARRAY(c->arena, struct upstream_change_line, changes.n + 1);
    for (size_t i = 0; i < changes.n; i++)
        tell(&k, &changes.v[i]);
    sum_up(v);
    return E_OK;
}
