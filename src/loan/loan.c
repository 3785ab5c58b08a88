/* What is free, what is out, what is late. That a thing is never lent twice is the unique index
 * loan_open's work; the rules here only say so kindly. */
#include "loan.h"
#include "csv.h"
#include "journal.h"
#include "thing.h"

#define OVERDUE_SECONDS 300 /* how often the job looks: the `job` line of loan.def */

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

static enum err note_overdue(struct ctx *c, void *arg)
{
    (void)arg;
    struct loans_late_rows late;
    TRY(loans_late(c, c->center_id, c->now, c->now - OVERDUE_SECONDS * INT64_C(1000), &late));
    for (size_t i = 0; i < late.n; i++)
        TRY(journal_add(c, EV_LOAN_OVERDUE, late.v[i].id, late.v[i].thread,
                        loan_facts(c, &late.v[i]), STR_NONE));
    return E_OK;
}

/* Each loan falls due in exactly one interval of the job, so it is told once. */
enum err loan_overdue_job(struct ctx *c)
{
    return note_overdue(c, NULL);
}

enum err loan_demo(struct ctx *c, const char *data_dir)
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/things.csv", data_dir)));
    while (table_next(&t)) {
        struct str code = table_need(&t, "code", 20), name = table_need(&t, "name", 40);
        struct str kind = table_need(&t, "kind", 20);
        if (t.fault_count == 0)
            TRY(thing_put(c, c->center_id, new_id(c), code, name,
                          str_or_empty(table_text(&t, "name_en")), kind,
                          str_or_empty(table_text(&t, "place")),
                          str_or_empty(table_text(&t, "place_en"))));
    }
    return table_end(c, &t);
}
