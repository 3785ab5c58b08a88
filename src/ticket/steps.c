/* See steps.h. */
#include "steps.h"

#include "item.h"

#define TICKET_STEPS_MOST 5

enum err ticket_step_add(struct ctx *c, const struct ticket_row *t, struct str item)
{
    struct item_row i;
    struct line_facts line;
    struct ticket_steps_rows there;
    if (t->state >= TICKET_FINISHED)
        return fail(c, E_TICKET_ENDED, "a step for ticket %lld", (long long)t->id);
    TRY(item_by_any_code(c, item, &i));
    TRY(line_facts_of_item(c, i.id, &line)); /* some window must be able to do it */
    TRY(ticket_steps(c, c->center_id, t->id, &there));
    bool is_there = i.id == t->item_id;
    for (size_t k = 0; k < there.n; k++)
        is_there |= there.v[k].item_id == i.id && there.v[k].begun_at == 0;
    if (is_there)
        return fail_field(c, E_STEP_THERE, "item", "item %lld", (long long)i.id);
    if (there.n >= TICKET_STEPS_MOST)
        return fail_field(c, E_STEPS_ENOUGH, "item", "%zu steps", there.n);
    TRY(ticket_step_put(c, c->center_id, t->id, (int64_t)there.n + 1, i.id, i.code, i.name,
                        i.name_en, c->now));
    return ticket_note(c, t, EV_TICKET_STEP_ADDED, "to", i.name);
}

enum err ticket_go_on(struct ctx *c, struct ticket_row *t, const struct ticket_step_next_row *step)
{
    struct line_facts line;
    struct place p;
    TRY(line_facts_of_item(c, step->item_id, &line));
    TRY(place_choose(c, &line, t->needs, &p));
    t->item_id = step->item_id;
    t->item_code = step->item_code;
    t->item_name = step->item_name;
    t->item_name_en = step->item_name_en;
    TRY(ticket_step_begin(c, c->center_id, t->id, step->position, c->now));
    return ticket_requeue(c, t, &p, t->queued_at, EV_TICKET_GOES_ON, step->item_name);
}

enum err ticket_steps_show(struct ctx *c, const struct ticket_row *t,
                           struct ticket_step_view_list *ret)
{
    struct ticket_steps_rows rows;
    TRY(ticket_steps(c, c->center_id, t->id, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct ticket_step_view, rows.n + 1);
    ret->n = 0;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].begun_at == 0)
            ret->v[ret->n++] =
                (struct ticket_step_view){.item = rows.v[i].item_code,
                                          .item_name = name_in_lang(c, rows.v[i].item_name,
                                                                    rows.v[i].item_name_en)};
    return E_OK;
}
