/* The pages of printers and of what stands on a slip, with its preview. */
#include "printer.h"

#include "clock.h"
#include "device.h"
#include "hall.h"
#include "journal.h"
#include "port.h"

#define ALL_ZONES "all" /* as the address calls the template for zones without one */

static bool is_fault(struct str state)
{
    return !str_is(state, "ok") && !str_is(state, "unknown");
}

static struct printer_view shown(struct ctx *c, const struct printers_row *p)
{
    return (struct printer_view){.id = p->id,
                                 .name = p->name,
                                 .address = p->address,
                                 .zones = p->zones,
                                 .device = STR(""),
                                 .columns = p->columns,
                                 .state = p->state,
                                 .state_at = p->state_at,
                                 .state_name = printer_state_name(c, p->state),
                                 .is_fault = is_fault(p->state),
                                 .answers = !p->is_mute && str_is(p->state, "ok"),
                                 .printed_at = p->printed_at,
                                 .waiting = p->waiting,
                                 .failed = p->failed};
}

static enum err fill_printers(struct ctx *c, struct printer_view_list *ret)
{
    struct printers_rows rows;
    TRY(printers(c, c->center_id, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct printer_view, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        struct device_row *d = NULL;
        ret->v[i] = shown(c, &rows.v[i]);
        if (rows.v[i].device_id != 0)
            TRY(device(c, c->center_id, rows.v[i].device_id, &d));
        if (d != NULL)
            ret->v[i].device = d->name;
    }
    return E_OK;
}

static enum err fill_failures(struct ctx *c, struct slip_failure_list *ret)
{
    struct slips_failed_rows rows;
    TRY(slips_failed(c, c->center_id, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct slip_failure, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] = (struct slip_failure){.id = rows.v[i].id,
                                          .ticket = rows.v[i].ticket_id,
                                          .number = rows.v[i].number,
                                          .printer = rows.v[i].printer,
                                          .reason = printer_state_name(c, rows.v[i].reason),
                                          .at = rows.v[i].ended_at};
    return E_OK;
}

static enum err fill_choices(struct ctx *c, struct printer_page *v)
{
    struct devices_rows all;
    struct zones_rows zs;
    TRY(devices(c, c->center_id, &all));
    v->kiosks.v = ARENA_ARRAY(c->arena, struct printer_choice, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        if (str_is(all.v[i].kind, "kiosk"))
            v->kiosks.v[v->kiosks.n++] = (struct printer_choice){all.v[i].id, all.v[i].name};
    TRY(zones(c, c->center_id, &zs));
    v->zones.v = ARENA_ARRAY(c->arena, struct zone_view, zs.n + 1);
    v->zones.n = zs.n;
    for (size_t i = 0; i < zs.n; i++)
        v->zones.v[i] = (struct zone_view){.code = zs.v[i].code,
                                           .name = name_in_lang(c, zs.v[i].name, zs.v[i].name_en)};
    return E_OK;
}

enum err printers_show(struct ctx *c, struct reply *r, struct printer_page *v)
{
    (void)r;
    TRY(fill_printers(c, &v->items));
    v->total = (int64_t)v->items.n;
    TRY(fill_failures(c, &v->failures));
    return fill_choices(c, v);
}

enum err printer_alarm_now(struct ctx *c, struct printer_alarm *ret)
{
    struct printer_view_list all;
    TRY(fill_printers(c, &all));
    *ret =
        (struct printer_alarm){.items = {ARENA_ARRAY(c->arena, struct printer_view, all.n + 1), 0}};
    for (size_t i = 0; i < all.n; i++) {
        ret->failed += all.v[i].failed;
        if (all.v[i].is_fault)
            ret->items.v[ret->items.n++] = all.v[i];
    }
    return E_OK;
}

static enum err view_of(struct ctx *c, int64_t id, struct reply *r, struct printer_view *v)
{
    struct printer_view_list all;
    TRY(fill_printers(c, &all));
    reply_see(r, "/printers");
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].id == id) {
            *v = all.v[i];
            return E_OK;
        }
    return fail(c, E_NO_SUCH_PRINTER, "printer %lld", (long long)id);
}

/* The zones as one text; each must be there. */
static enum err zone_words(struct ctx *c, const struct texts *zones_wanted, struct str *ret)
{
    struct buf b;
    buf_init(&b, c->arena, 1000);
    for (size_t i = 0; i < zones_wanted->n; i++) {
        struct zone_row *z;
        TRY(zone(c, c->center_id, zones_wanted->v[i], &z));
        if (z == NULL)
            return fail_field(c, E_NO_SUCH_ZONE, "zones", "zone %.*s", STR_ARG(zones_wanted->v[i]));
        if (i > 0)
            buf_char(&b, ' ');
        buf_str(&b, z->code);
    }
    *ret = buf_as_str(&b);
    return E_OK;
}

enum err printer_add(struct ctx *c, const struct printer_wish_form *f, struct reply *r,
                     struct printer_view *v)
{
    struct device_row *d = NULL;
    struct str zone_list;
    int64_t id = new_id(c);
    if (!port_address_ok(f->address, page_is_demonstration(c)))
        return fail_field(c, E_PRINTER_ADDRESS, "address", "%.*s", STR_ARG(f->address));
    TRY(zone_words(c, &f->zones, &zone_list));
    if (f->device != 0)
        TRY(device(c, c->center_id, f->device, &d));
    if (f->device != 0 && (d == NULL || !str_is(d->kind, "kiosk") || d->withdrawn_at != 0))
        return fail_field(c, E_NO_SUCH_DEVICE, "device", "device %lld", (long long)f->device);
    TRY(printer_put(c, c->center_id, id, f->name, f->address, zone_list, f->device, f->columns,
                    c->now));
    TRY(journal_add(c, EV_PRINTER_ADDED, id, 0, event_facts(c, "printer", f->name, NULL),
                    STR_NONE));
    return view_of(c, id, r, v);
}

/* A ticket nobody has, so that a template can be seen and a printer tried. */
static struct slip_facts sample(struct ctx *c, struct str zone_code, struct str zone_name)
{
    return (struct slip_facts){.number = STR("A023"),
                               .zone = zone_code,
                               .zone_name = zone_name,
                               .floor = floor_text(c, 1),
                               .item = tr(c, "（示例事项）"),
                               .ahead = tr_fill(c, "前面 {n} 人 · 约 {from}–{to} 分钟", "n",
                                                STR("4"), "from", STR("8"), "to", STR("15"), NULL),
                               .reason = tr(c, "（等候地点的说明）"),
                               .priority = tr(c, "老年人优先"),
                               .issued = STR("2026-03-02 09:00"),
                               .qr = STR("https://example.invalid/tickets/sample")};
}

enum err printer_test(struct ctx *c, const struct printer_of_form *f, struct reply *r,
                      struct printer_view *v)
{
    struct printer_row *p;
    struct str bytes;
    int64_t id = new_id(c);
    TRY(printer(c, c->center_id, f->id, &p));
    if (p == NULL)
        return fail(c, E_NO_SUCH_PRINTER, "printer %lld", (long long)f->id);
    struct slip_facts facts = sample(c, STR(""), tr(c, "打印测试"));
    facts.number = STR("TEST");
    TRY(slip_compose(c, &facts, (int)p->columns, &bytes));
    TRY(slip_put(c, c->center_id, id, p->id, 0, 0, facts.number, bytes, c->now, true,
                 str_or_empty(c->actor.name)));
    TRY(journal_add(c, EV_SLIP_ASKED, id, 0, event_facts(c, "number", facts.number, NULL),
                    STR_NONE));
    return view_of(c, p->id, r, v);
}

enum err printer_drop_now(struct ctx *c, const struct printer_of_form *f, struct reply *r,
                          struct printer_view *v)
{
    int64_t changed;
    TRY(view_of(c, f->id, r, v));
    TRY(printer_drop_changes(c, c->center_id, f->id, c->now, &changed));
    if (changed == 0)
        return fail(c, E_NO_SUCH_PRINTER, "printer %lld", (long long)f->id);
    return journal_add(c, EV_PRINTER_DROPPED, f->id, 0, event_facts(c, "printer", v->name, NULL),
                       STR_NONE);
}

/* --- templates --- */

static enum err fill_sheet(struct ctx *c, struct str code, struct str name, struct str body,
                           bool is_own, struct slip_sheet *ret)
{
    struct slip_field fields[13];
    struct slip_facts facts = sample(c, code, name);
    struct slip_lines *lines = ARENA_NEW(c->arena, struct slip_lines);
    struct str word;
    int bad_line;
    *ret = (struct slip_sheet){.zone = code.n > 0 ? code : STR(ALL_ZONES),
                               .zone_name = name,
                               .body = body,
                               .is_own = is_own};
    slip_fields_of(c, &facts, fields);
    if (!slip_fill(c->arena, body, fields, lines, &bad_line, &word)) {
        c->refusal.text = tr_fill(c, "第 {line} 行读不懂：{word}", "line",
                                  str_fmt(c->arena, "%d", bad_line), "word", word, NULL);
        struct str text = c->refusal.text;
        enum err e = fail_field(c, E_SLIP_FIELD, "body", "line %d", bad_line);
        c->refusal.text = text;
        return e;
    }
    ret->lines.v = ARENA_ARRAY(c->arena, struct slip_line_view, lines->n + 1);
    ret->lines.n = lines->n;
    for (size_t i = 0; i < lines->n; i++) {
        static const char *const kinds[] = {"text", "rule", "qr"};
        const struct slip_line *l = &lines->v[i];
        ret->lines.v[i] = (struct slip_line_view){.kind = str_of(kinds[l->kind]),
                                                  .size = l->size,
                                                  .is_bold = l->is_bold,
                                                  .is_left = l->is_left,
                                                  .text = l->text};
    }
    return E_OK;
}

static struct str body_of(const struct slip_templates_rows *own, struct str code, bool *ret_is_own)
{
    struct str body = slip_builtin();
    *ret_is_own = false;
    for (size_t i = 0; i < own->n; i++) {
        bool is_it = str_eq(own->v[i].zone_code, code);
        if (!is_it && (own->v[i].zone_code.n > 0 || *ret_is_own))
            continue;
        body = own->v[i].body;
        *ret_is_own = is_it;
    }
    return body;
}

enum err slips_show(struct ctx *c, struct reply *r, struct slip_page *v)
{
    struct slip_templates_rows own;
    struct zones_rows zs;
    struct slip_field fields[13];
    struct slip_facts none = {0};
    bool is_own;
    (void)r;
    TRY(slip_templates(c, c->center_id, &own));
    TRY(zones(c, c->center_id, &zs));
    v->items.v = ARENA_ARRAY(c->arena, struct slip_sheet, zs.n + 1);
    for (size_t i = 0; i <= zs.n; i++) {
        struct str code = i == 0 ? STR("") : zs.v[i - 1].code;
        struct str name = i == 0 ? tr(c, "没有自己样式的办事区")
                                 : name_in_lang(c, zs.v[i - 1].name, zs.v[i - 1].name_en);
        struct str body = body_of(&own, code, &is_own);
        TRY(fill_sheet(c, code, name, body, is_own, &v->items.v[v->items.n++]));
    }
    slip_fields_of(c, &none, fields);
    v->fields.v = ARENA_ARRAY(c->arena, struct str, 13);
    for (size_t i = 0; fields[i].name != NULL; i++)
        v->fields.v[v->fields.n++] = str_fmt(c->arena, "{%s}", fields[i].name);
    return E_OK;
}

/* An empty text goes back to the template for all, or the built-in one. */
enum err slip_change(struct ctx *c, const struct slip_sheet_wish_form *f, struct reply *r,
                     struct slip_sheet *v)
{
    struct zone_row *z = NULL;
    bool is_all = str_is(f->zone, ALL_ZONES);
    struct str body = str_trim(str_or_empty(f->body));
    TRY(zone(c, c->center_id, f->zone, &z));
    if (z == NULL && !is_all)
        return fail(c, E_NO_SUCH_ZONE, "zone %.*s", STR_ARG(f->zone));
    struct str code = is_all ? STR("") : z->code;
    struct str name = is_all ? tr(c, "没有自己样式的办事区") : name_in_lang(c, z->name, z->name_en);
    TRY(fill_sheet(c, code, name, body.n > 0 ? body : slip_builtin(), body.n > 0, v));
    if (body.n > 0)
        TRY(slip_template_put(c, c->center_id, code, body, c->now));
    else
        TRY(slip_template_drop(c, c->center_id, code));
    reply_see(r, "/manage/slips");
    return journal_add(c, EV_SLIP_TEMPLATE, 0, 0, event_facts(c, "zone", name, NULL), STR_NONE);
}
