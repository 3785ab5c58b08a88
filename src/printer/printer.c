/* The spool and the slips; how they are sent is in printing.c. */
#include "printer.h"

#include "clock.h"
#include "device.h"
#include "events.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"

#define SENDING_MS (2 * MINUTE_MS) /* longer than all waits of one slip together */
#define KEPT_MS    (2 * DAY_MS)

/* zh: what stands on paper is the hall's text; each may write its own at /manage/slips */
static const char builtin[] = "{center}\n"
                              "{demonstration}\n"
                              "## {number}\n"
                              "# {floor} {zone}\n"
                              "{item}\n"
                              "{ahead}\n"
                              "{reason}\n"
                              "* {priority}\n"
                              "{qr}\n"
                              "扫码看排到哪里\n"
                              "---\n"
                              "{issued} 当天有效，过号请问工作人员\n";

struct str slip_builtin(void)
{
    return str_of(builtin);
}

struct str printer_state_name(const struct ctx *c, struct str state)
{
    static const struct {
        const char *word, *name;
    } names[] = {{"unknown", /* tr */ "还没有用过"},      {"ok", /* tr */ "正常"},
                 {"unreachable", /* tr */ "连不上"},      {"silent", /* tr */ "没有反应"},
                 {"offline", /* tr */ "不在线"},          {"cover_open", /* tr */ "盖子开着"},
                 {"paper_out", /* tr */ "没有纸了"},      {"broken", /* tr */ "打到一半断了"},
                 {"late", /* tr */ "等了太久，没有再打"}, {"ended", /* tr */ "打印时系统重启了"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(state, names[i].word))
            return tr(c, names[i].name);
    return STR("");
}

/* --- which printer --- */

static bool has_word(struct str words, struct str word)
{
    struct str rest = words;
    while (rest.p != NULL)
        if (str_eq(str_cut(&rest, ' '), word))
            return true;
    return false;
}

enum err printer_choose(struct ctx *c, struct str zone, int64_t *ret_id, int *ret_columns)
{
    struct printers_plain_rows rows;
    int64_t device_id = c->actor.kind == ACTOR_DEVICE ? c->actor.id : 0;
    int best = 0;
    *ret_id = 0;
    TRY(printers_plain(c, c->center_id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct printers_plain_row *p = &rows.v[i];
        int fit = p->device_id != device_id  ? 0
                  : has_word(p->zones, zone) ? 4
                  : p->zones.n == 0          ? 2
                                             : 0;
        if (fit > 0 && (str_is(p->state, "ok") || str_is(p->state, "unknown")))
            fit++; /* of two that stand for a zone, the one that prints */
        if (fit > best) {
            best = fit;
            *ret_id = p->id;
            *ret_columns = (int)p->columns;
        }
    }
    return E_OK;
}

/* --- composing --- */

void slip_fields_of(struct ctx *c, const struct slip_facts *f, struct slip_field ret[13])
{
    struct slip_field all[] = {
        {"center", page_center(c)},
        {"demonstration", page_is_demonstration(c) ? tr(c, "示范数据") : STR("")},
        {"number", f->number},
        {"zone", f->zone_name},
        {"floor", f->floor},
        {"item", f->item},
        {"ahead", f->ahead},
        {"reason", f->reason},
        {"priority", f->priority},
        {"issued", f->issued},
        {"qr", f->qr},
        {NULL, STR_NONE},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ret[i] = all[i];
}

enum err slip_compose(struct ctx *c, const struct slip_facts *f, int columns, struct str *ret_bytes)
{
    struct slip_template_row *own;
    struct slip_field fields[13];
    struct slip_lines *lines = ARENA_NEW(c->arena, struct slip_lines);
    struct str word;
    int line;
    TRY(slip_template(c, c->center_id, str_or_empty(f->zone), &own));
    slip_fields_of(c, f, fields);
    *ret_bytes = STR_NONE;
    if (own != NULL && slip_fill(c->arena, own->body, fields, lines, &line, &word))
        *ret_bytes = slip_bytes(c->arena, lines, columns);
    if (ret_bytes->p == NULL && slip_fill(c->arena, slip_builtin(), fields, lines, &line, &word))
        *ret_bytes = slip_bytes(c->arena, lines, columns);
    return ret_bytes->p != NULL ? E_OK : fail(c, E_INTERNAL, "no slip for these facts");
}

enum err printer_spool(struct ctx *c, const struct slip_job *job, bool *ret_is_spooled)
{
    int64_t printer_id, id = new_id(c);
    int columns = 0;
    struct str bytes;
    TRY(printer_choose(c, str_or_empty(job->facts.zone), &printer_id, &columns));
    *ret_is_spooled = printer_id != 0;
    if (printer_id == 0)
        return E_OK;
    TRY(slip_compose(c, &job->facts, columns, &bytes));
    if (job->is_again) {
        TRY(slips_settle(c, c->center_id, job->ticket_id));
        TRY(journal_add(c, EV_SLIP_ASKED, id, job->thread,
                        event_facts(c, "number", job->facts.number, NULL), STR_NONE));
    }
    return slip_put(c, c->center_id, id, printer_id, job->ticket_id, job->thread, job->facts.number,
                    bytes, c->now, job->is_again, str_or_empty(c->actor.name));
}

/* --- how it stands --- */

static struct str words_of(struct ctx *c, const struct slips_of_ticket_row *s, bool is_stuck)
{
    if (s->state == SLIP_PRINTED)
        return tr(c, "号票打好了，请取走");
    if (s->state == SLIP_FAILED || s->state == SLIP_SETTLED)
        return tr_fill(c, "号票可能没有打出来（{why}）。请记下号码，或扫码；号码一样有效", "why",
                       printer_state_name(c, s->reason), NULL);
    if (is_stuck)
        return tr_fill(c, "打印机{why}，修好会接着打。请记下号码，或扫码；号码一样有效", "why",
                       printer_state_name(c, s->printer_state), NULL);
    return tr(c, "正在打印");
}

enum err slip_state_of_ticket(struct ctx *c, int64_t ticket_id, struct str *ret_state,
                              struct str *ret_words, int64_t *ret_slips)
{
    struct slips_of_ticket_rows rows;
    TRY(slips_of_ticket(c, c->center_id, ticket_id, &rows));
    *ret_slips = (int64_t)rows.n;
    *ret_state = *ret_words = STR("");
    if (rows.n == 0)
        return E_OK;
    const struct slips_of_ticket_row *s = &rows.v[0];
    bool is_stuck = s->state == SLIP_WAITING && !str_is(s->printer_state, "ok") &&
                    !str_is(s->printer_state, "unknown");
    *ret_state = s->state == SLIP_PRINTED                              ? STR("printed")
                 : s->state == SLIP_FAILED || s->state == SLIP_SETTLED ? STR("failed")
                                                                       : STR("waiting");
    *ret_words = words_of(c, s, is_stuck);
    return E_OK;
}

enum err slip_ended(struct ctx *c, int64_t id, int64_t thread, struct str number,
                    enum slip_state state, struct str reason)
{
    struct ctx zh = *c;
    int64_t changed;
    zh.lang = LANG_ZH;
    TRY(slip_end_put_changes(c, c->center_id, id, state, reason, c->now, &changed));
    if (changed == 0)
        return E_OK;
    if (state == SLIP_PRINTED)
        return journal_add(c, EV_SLIP_PRINTED, id, thread, event_facts(c, "number", number, NULL),
                           STR_NONE);
    return journal_add(c, EV_SLIP_FAILED, id, thread,
                       event_facts(c, "number", number, "reason", printer_state_name(&zh, reason),
                                   NULL),
                       STR_NONE);
}

enum err printer_is(struct ctx *c, int64_t id, struct str state, bool is_mute)
{
    struct printer_row *p;
    struct ctx zh = *c;
    zh.lang = LANG_ZH;
    TRY(printer(c, c->center_id, id, &p));
    if (p == NULL)
        return E_OK;
    bool is_same = str_eq(p->state, state);
    TRY(printer_state_put(c, c->center_id, id, state, is_mute, is_same ? p->state_at : c->now,
                          c->now));
    if (is_same)
        return E_OK;
    return journal_add(c, EV_PRINTER_CHANGED, id, 0,
                       event_facts(c, "printer", p->name, "state", printer_state_name(&zh, state),
                                   NULL),
                       STR_NONE);
}

/* What waits too long is given up, what a process left half sent is told, what is old is forgotten. */
enum err printer_tidy_job(struct ctx *c)
{
    struct printers_plain_rows printers;
    struct slips_left_rows left;
    int64_t latest = c->now - setting_printer_give_up_minutes(c) * MINUTE_MS;
    TRY(printers_plain(c, c->center_id, &printers));
    for (size_t i = 0; i < printers.n; i++) {
        struct slips_old_rows old;
        TRY(slips_old(c, c->center_id, printers.v[i].id, latest, &old));
        for (size_t k = 0; k < old.n; k++)
            TRY(slip_ended(c, old.v[k].id, old.v[k].thread, old.v[k].number, SLIP_FAILED,
                           STR("late")));
    }
    TRY(slips_left(c, c->center_id, c->now - SENDING_MS, &left));
    for (size_t i = 0; i < left.n; i++)
        TRY(slip_ended(c, left.v[i].id, left.v[i].thread, left.v[i].number, SLIP_FAILED,
                       STR("ended")));
    return slips_forget(c, c->center_id, c->now - KEPT_MS);
}
