/* What is free, what is out, what is late. That a thing is never lent twice is the unique index
 * loan_open's work; the rules here only say so kindly. */
#include "loan.h"
#include "clock.h"
#include "journal.h"
#include "settings.h"

#define REMINDERS_MOST 3

enum err loan_kinds(struct ctx *c, struct kind_free_list *ret)
{
    struct things_with_state_rows things;
    TRY(things_with_state(c, c->center_id, &things));
    ret->v = ARENA_ARRAY(c->arena, struct kind_free, things.n + 1);
    ret->n = 0;
    for (size_t i = 0; i < things.n; i++) {
        const struct things_with_state_row *t = &things.v[i];
        if (ret->n == 0 || !str_eq(ret->v[ret->n - 1].kind, t->kind))
            ret->v[ret->n++] =
                (struct kind_free){.kind = t->kind,
                                   .name = c->lang == LANG_EN ? t->name_en : t->name};
        struct kind_free *k = &ret->v[ret->n - 1];
        k->total++;
        k->free += t->open_loan == 0 ? 1 : 0;
    }
    return E_OK;
}

enum err loans_out(struct ctx *c, struct loan_line_list *ret)
{
    struct loans_open_rows rows;
    TRY(loans_open(c, c->center_id, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct loan_line, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] = loan_line_of(c, &rows.v[i]);
    return E_OK;
}

struct loan_line loan_line_of(const struct ctx *c, const struct loan_row *l)
{
    return (struct loan_line){.id = l->id,
                              .token = l->token,
                              .thing =
                                  c->lang == LANG_EN && l->name_en.n > 0 ? l->name_en : l->name,
                              .code = l->code,
                              .borrower = l->borrower,
                              .lent_at = l->lent_at,
                              .due_at = l->due_at,
                              .returned_at = l->returned_at,
                              .reminders = l->reminders,
                              .has_phone = l->phone_sealed.p != NULL,
                              .state = l->returned_at != 0 ? STR("returned") : STR("lent"),
                              .is_late = l->returned_at == 0 && l->due_at < c->now};
}

struct str loan_facts(struct ctx *c, const struct loan_row *l)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 4096);
    json_init(&j, &b, c->zone_minutes);
    json_object(&j);
    json_name(&j, "thing");
    json_text(&j, l->name);
    json_name(&j, "code");
    json_text(&j, l->code);
    json_end_object(&j);
    return buf_as_str(&b);
}

/* Late loans are told when they fall due and again every loan.remind_hours, three times in all: by then
 * somebody has to phone. */
enum err loan_overdue_job(struct ctx *c)
{
    struct loans_late_rows late;
    TRY(loans_late(c, c->center_id, c->now, c->now - setting_loan_remind_hours(c) * HOUR_MS,
                   REMINDERS_MOST, &late));
    for (size_t i = 0; i < late.n; i++) {
        TRY(loan_reminded(c, c->center_id, late.v[i].id, c->now));
        TRY(journal_add(c, EV_LOAN_OVERDUE, late.v[i].id, late.v[i].thread,
                        loan_facts(c, &late.v[i]), STR_NONE));
    }
    return E_OK;
}
