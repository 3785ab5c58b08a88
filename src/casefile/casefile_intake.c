/* Taking a case in, and ticking off its papers. What the visitor told at the guide desk or the
 * kiosk is on the ticket, so nothing is typed twice; the list of papers is the item's, copied as it
 * is on this day, so that nobody can ask for more (ALL 31). */
#include "casefile_parts.h"

#include "hall.h"
#include "item.h"
#include "journal.h"
#include "party.h"
#include "ticket.h"

#define TAKEN_AS_PAPER                                                                             \
    1 /* DOMAIN.md 3.1: 1 paper, 2 upload, 3 scan, 4 later, 5 licence, 7 commitment */

/* The ticket named in the form, else the one at the actor's desk; none is no fault. */
static enum err find_ticket(struct ctx *c, struct str token, struct ticket_row *ret,
                            bool *ret_found)
{
    enum err e = token.n > 0 ? ticket_by_its_token(c, token, ret) : ticket_at_actors_desk(c, ret);
    *ret_found = e == E_OK;
    if (token.n == 0 && (e == E_NO_CURRENT || e == E_DESK_NOT_OPEN)) {
        c->refusal = (struct refusal){.code = E_OK};
        return E_OK;
    }
    if (e == E_OK && (ret->state == TICKET_CANCELLED || ret->state == TICKET_NO_SHOW))
        return fail_field(c, E_TICKET_ENDED, "ticket", "ticket %lld", (long long)ret->id);
    return e;
}

static enum err find_item(struct ctx *c, struct str code, const struct ticket_row *t,
                          struct item_row *ret)
{
    if (code.n > 0)
        return item_by_any_code(c, code, ret);
    if (t != NULL && t->item_id != 0)
        return item_by_its_id(c, t->item_id, ret);
    return fail_field(c, E_ITEM_OR_ZONE, "item", "neither the form nor the ticket names an item");
}

/* Name and phone as the visitor gave them with the ticket; reading them leaves a trace. */
static enum err facts_from_ticket(struct ctx *c, const struct ticket_row *t, struct party_facts *f)
{
    struct str name, phone;
    if (t == NULL || (f->name.n > 0 && f->phone.n > 0))
        return E_OK;
    TRY(ticket_person(c, t, &name, &phone));
    if (name.n == 0 && phone.n == 0)
        return E_OK;
    if (f->name.n == 0)
        f->name = name;
    if (f->phone.n == 0)
        f->phone = phone;
    return journal_add(c, EV_PARTY_READ, t->id, t->thread,
                       event_facts(c, "purpose", STR(/* tr */ "收件"), NULL), STR_NONE);
}

struct people {
    int64_t applicant_id, agent_id;
    struct str applicant_name; /* masked */
};

static enum err record_people(struct ctx *c, const struct case_wish_form *f,
                              const struct ticket_row *t, struct people *ret)
{
    struct str agent_masked;
    struct party_facts applicant = {.name = str_trim(f->applicant_name),
                                    .id_type = (enum id_type)f->applicant_id_type,
                                    .id_no = f->applicant_id_no,
                                    .phone = f->applicant_phone};
    TRY(facts_from_ticket(c, t, &applicant));
    TRY(party_record(c, &applicant, "applicant", &ret->applicant_id, &ret->applicant_name));
    ret->agent_id = 0;
    if (str_trim(f->agent_name).n == 0)
        return E_OK;
    struct party_facts agent = {.name = f->agent_name,
                                .id_type = (enum id_type)f->agent_id_type,
                                .id_no = f->agent_id_no,
                                .phone = f->agent_phone};
    return party_record(c, &agent, "agent", &ret->agent_id, &agent_masked);
}

/* A paper is meant by its position or by its name. */
static bool means_paper(struct str word, int64_t position, struct str name, struct str name_en)
{
    int64_t number;
    struct str said = str_trim(word);
    if (str_to_int(said, &number))
        return number == position;
    return str_eq(said, name) || (name_en.n > 0 && str_eq(said, name_en));
}

size_t case_paper_named(const struct texts *words, const struct casefile_papers_row *p)
{
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++)
        n += means_paper(words->v[i], p->position, p->name, p->name_en) ? 1 : 0;
    return n;
}

static enum err copy_papers(struct ctx *c, int64_t case_id, int64_t item_id,
                            const struct texts *taken)
{
    struct item_papers_of_rows list;
    TRY(item_papers_of(c, c->center_id, item_id, &list));
    size_t met = 0;
    bool *is_met = ARENA_ARRAY(c->arena, bool, taken->n + 1);
    for (size_t i = 0; i < list.n; i++) {
        const struct item_papers_of_row *p = &list.v[i];
        bool is_taken = false;
        for (size_t k = 0; k < taken->n; k++)
            if (means_paper(taken->v[k], p->position, p->name, p->name_en)) {
                is_taken = true;
                met += is_met[k] ? 0 : 1;
                is_met[k] = true;
            }
        TRY(casefile_paper_add(c, c->center_id, case_id, p->position, p->name, p->name_en, p->kind,
                               p->necessity, p->standard, p->standard_en, p->on_site, is_taken,
                               TAKEN_AS_PAPER, p->copies, is_taken ? c->now : 0));
    }
    if (met < taken->n)
        return fail_field(c, E_NOT_IN_LIST, "materials", "%zu of %zu are in the list", met,
                          taken->n);
    return E_OK;
}

static enum err check_not_there(struct ctx *c, const struct ticket_row *t, int64_t item_id)
{
    struct casefile_rows rows;
    if (t == NULL)
        return E_OK;
    TRY(casefiles_of_ticket(c, c->center_id, t->id, &rows));
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].item_id == item_id && rows.v[i].closed_at == 0)
            return fail(c, E_CASE_TAKEN_IN, "case %.*s", STR_ARG(rows.v[i].number));
    return E_OK;
}

static enum err add_case(struct ctx *c, const struct case_wish_form *f, const struct ticket_row *t,
                         const struct item_row *item, int64_t id)
{
    struct casefile_serial_next_row serial;
    struct people people;
    TRY(record_people(c, f, t, &people));
    TRY(casefile_serial_next(c, c->center_id, item->id, today(c), &serial));
    struct str number = case_number_of(c->arena, item->impl_code, today(c), serial.last);
    struct str form = f->form.n > 0 ? f->form : STR("{}");
    TRY(casefile_add(c, c->center_id, id, number, public_token(c), t != NULL ? t->thread : 0,
                     t != NULL ? t->id : 0, item->id, item->version, item->is_immediate,
                     people.applicant_id, people.applicant_name, people.agent_id, form, c->now,
                     item->promised_days, item->promised_unit, t != NULL ? t->desk_id : 0,
                     c->actor.kind == ACTOR_STAFF ? c->actor.id : 0, item->legal_days,
                     item->legal_unit));
    TRY(copy_papers(c, id, item->id, &f->materials));
    return journal_add(c, EV_CASE_RECEIVED, id, t != NULL ? t->thread : 0,
                       event_facts(c, "item", item->name, "item_code", item->code, "number", number,
                                   NULL),
                       STR_NONE);
}

enum err case_take_in(struct ctx *c, const struct case_wish_form *f, struct case_view *ret)
{
    struct ticket_row ticket;
    struct item_row item;
    struct casefile_row *made;
    bool has_ticket;
    int64_t id = new_id(c);
    TRY(find_ticket(c, f->ticket, &ticket, &has_ticket));
    const struct ticket_row *t = has_ticket ? &ticket : NULL;
    TRY(find_item(c, f->item, t, &item));
    TRY(check_not_there(c, t, item.id));
    TRY(add_case(c, f, t, &item, id));
    TRY(casefile(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    if (!made->is_immediate) /* what is decided in one visit is told by the acceptance notice */
        TRY(case_write_receipt(c, made));
    TRY(case_view_whole(c, made, ret));
    ret->token = made->token;
    return E_OK;
}

/* --- ticking off ---------------------------------------------------------------------------- */

static enum err open_for_papers(struct ctx *c, struct str number, struct casefile_row *ret)
{
    TRY(case_by_its_number(c, number, ret));
    if (ret->state != CASE_RECEIVED && ret->state != CASE_CORRECTION)
        return fail(c, E_CASE_MOVE, "papers of case %.*s in state %s", STR_ARG(number),
                    case_state_word(ret->state));
    return E_OK;
}

static enum err tick(struct ctx *c, const struct casefile_row *k,
                     const struct casefile_papers_row *p, bool is_taken)
{
    TRY(casefile_paper_take(c, c->center_id, k->id, p->position, is_taken, TAKEN_AS_PAPER,
                            is_taken ? c->now : 0));
    return journal_add(c, EV_CASE_PAPER, k->id, k->thread,
                       event_facts(c, "paper", p->name, "taken", is_taken ? STR("1") : STR("0"),
                                   NULL),
                       STR_NONE);
}

enum err case_tick(struct ctx *c, struct str number, int64_t position, bool is_taken,
                   struct case_view *ret)
{
    struct casefile_row k;
    struct casefile_papers_rows papers;
    TRY(open_for_papers(c, number, &k));
    TRY(casefile_papers(c, c->center_id, k.id, &papers));
    for (size_t i = 0; i < papers.n; i++)
        if (papers.v[i].position == position) {
            TRY(tick(c, &k, &papers.v[i], is_taken));
            return case_view_whole(c, &k, ret);
        }
    return fail_field(c, E_NOT_IN_LIST, "position", "paper %lld", (long long)position);
}

enum err case_tick_all(struct ctx *c, struct str number, const struct texts *positions,
                       struct case_view *ret)
{
    struct casefile_row k;
    struct casefile_papers_rows papers;
    size_t met = 0;
    TRY(open_for_papers(c, number, &k));
    TRY(casefile_papers(c, c->center_id, k.id, &papers));
    for (size_t i = 0; i < papers.n; i++) {
        bool is_taken = false;
        for (size_t n = 0; n < positions->n; n++) {
            int64_t position;
            is_taken |= str_to_int(positions->v[n], &position) && position == papers.v[i].position;
        }
        met += is_taken ? 1 : 0;
        if (is_taken != papers.v[i].is_taken)
            TRY(tick(c, &k, &papers.v[i], is_taken));
    }
    if (met < positions->n)
        return fail_field(c, E_NOT_IN_LIST, "materials", "%zu of %zu are in the list", met,
                          positions->n);
    return case_view_whole(c, &k, ret);
}

enum err case_take_papers(struct ctx *c, const struct casefile_row *k, const struct texts *papers)
{
    struct casefile_papers_rows rows;
    size_t met = 0;
    if (papers->n == 0)
        return E_OK;
    TRY(casefile_papers(c, c->center_id, k->id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        size_t named = case_paper_named(papers, &rows.v[i]);
        met += named;
        if (named > 0 && !rows.v[i].is_taken)
            TRY(tick(c, k, &rows.v[i], true));
    }
    return met == papers->n ? E_OK
                            : fail_field(c, E_NOT_IN_LIST, "materials",
                                         "%zu of %zu are in the list", met, papers->n);
}
