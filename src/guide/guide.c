/* What one field can mean at the door: a ticket's number, the last four digits of a phone, or words for
 * an item. The guide never chooses which; the program does. */
#include "assist.h"
#include "floorplan.h"
#include "duty.h"
#include "guide_gen.h"
#include "hall.h"
#include "item.h"
#include "loan.h"
#include "printer.h"
#include "ticket.h"
#include <ctype.h>

#define FINDS_MOST   6
#define PAPERS_FIRST 1 /* of how many finds the papers are shown at once */

static bool is_digits(struct str s, size_t n)
{
    if (s.n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

/* "a023" → prefix A, number 23. */
static bool is_ticket_number(struct ctx *c, struct str q, struct str *ret_prefix,
                             int64_t *ret_number)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): q.n is at least 2 */
    if (q.n < 2 || q.n > 6 || !isalpha((unsigned char)q.p[0]))
        return false;
    *ret_prefix = str_fmt(c->arena, "%c", toupper((unsigned char)q.p[0]));
    return str_to_int((struct str){q.p + 1, q.n - 1}, ret_number) && *ret_number > 0;
}

static enum err add_ticket(struct ctx *c, const struct ticket_row *t, struct guide_page *v)
{
    return ticket_show(c, t, &v->tickets.v[v->tickets.n++]);
}

static enum err find_tickets(struct ctx *c, struct str q, struct guide_page *v)
{
    struct str prefix;
    int64_t number;
    v->tickets.v = ARENA_ARRAY(c->arena, struct ticket_view, 21);
    if (is_ticket_number(c, q, &prefix, &number)) {
        struct ticket_row *t;
        TRY(ticket_by_number(c, c->center_id, today(c), prefix, number, &t));
        return t == NULL ? E_OK : add_ticket(c, t, v);
    }
    if (is_digits(q, 4)) {
        struct ticket_rows rows;
        TRY(tickets_by_phone_tail(c, c->center_id, today(c), q, &rows));
        for (size_t i = 0; i < rows.n && i < 20; i++)
            TRY(add_ticket(c, &rows.v[i], v));
    }
    return E_OK;
}

/* Where this item is handled, for somebody who stands at the door. */
static enum err place_of(struct ctx *c, int64_t item_id, struct str *ret)
{
    struct line_facts f;
    TRY(line_facts_of_item(c, item_id, &f));
    struct str zone = c->lang == LANG_EN ? f.zone_name_en : f.zone_name;
    struct str floor = str_fmt(c->arena, "%lld", (long long)f.floor_main);
    struct str low = str_fmt(c->arena, "%lld", (long long)f.floor_step_free);
    if (f.floor_step_free != 0 && f.floor_step_free != f.floor_main)
        *ret = tr_fill(c, "{floor} 楼 {zone}；不能上楼的在 {low} 楼办", "floor", floor, "zone",
                       zone, "low", low, NULL);
    else if (f.desks_step_free == 0)
        *ret =
            tr_fill(c, "{floor} 楼 {zone}；要上楼，可请帮办员", "floor", floor, "zone", zone, NULL);
    else
        *ret = tr_fill(c, "{floor} 楼 {zone}", "floor", floor, "zone", zone, NULL);
    return E_OK;
}

static enum err find_items(struct ctx *c, struct str q, struct guide_page *v)
{
    struct item_list found;
    struct item_search s = {.words = q, .page = 1, .page_size = FINDS_MOST};
    TRY(item_search(c, &s, &found));
    v->finds.v = ARENA_ARRAY(c->arena, struct guide_find, FINDS_MOST);
    for (size_t i = 0; i < found.items.n; i++) {
        struct guide_find *f = &v->finds.v[v->finds.n++];
        f->item = found.items.v[i];
        f->is_first = i == 0;
        f->key = str_fmt(c->arena, "Alt+%zu", i + 1);
        TRY(place_of(c, f->item.id, &f->place));
        if (i < PAPERS_FIRST)
            TRY(item_papers(c, f->item.id, &f->papers));
    }
    return E_OK;
}

/* Said in full or in part: 厕所在哪儿, 厕所, 厕. */
static bool is_said(struct str q, struct str word)
{
    return word.n > 0 && q.n > 0 && (str_find(q, word) >= 0 || str_find(word, q) >= 0);
}

static bool is_meant(struct str q, const struct places_row *p)
{
    struct str words = p->words;
    if (is_said(q, p->name) || is_said(q, p->name_en))
        return true;
    while (words.p != NULL && words.n > 0)
        if (is_said(q, str_cut(&words, ' ')))
            return true;
    return false;
}

/* Where is what: everything of the drawing that is no window; what the words mean comes first. */
static enum err find_places(struct ctx *c, struct str q, struct guide_page *v)
{
    struct places_rows all;
    TRY(places(c, c->center_id, &all));
    v->places.v = ARENA_ARRAY(c->arena, struct guide_place, all.n + 1);
    for (int meant = 1; meant >= 0; meant--)
        for (size_t i = 0; i < all.n; i++) {
            const struct places_row *p = &all.v[i];
            if (str_is(p->kind, "desk") || str_is(p->kind, "zone") ||
                is_meant(q, p) != (meant == 1))
                continue;
            v->places.v[v->places.n++] = (struct guide_place){name_in_lang(c, p->name, p->name_en),
                                                              floor_text(c, p->floor), meant == 1};
            v->places_found += meant;
        }
    return E_OK;
}

static enum err show_issued(struct ctx *c, struct str token, struct guide_page *v)
{
    struct ticket_row t;
    TRY(ticket_by_its_token(c, token, &t));
    v->issued = ARENA_NEW(c->arena, struct ticket_view);
    TRY(ticket_show(c, &t, v->issued));
    return ticket_show_printing(c, &t, v->issued);
}

enum err guide_show(struct ctx *c, const struct guide_query_form *f, struct reply *r,
                    struct guide_page *v)
{
    struct guide_help_row help;
    struct str q = str_trim(f->q);
    (void)r;
    v->q = q.p == NULL ? STR("") : q;
    v->booking = STR("/bookings/new");
    TRY(zone_waits(c, &v->zones));
    TRY(loan_kinds(c, &v->kinds));
    TRY(guide_help(c, c->center_id, &help));
    TRY(help_skills_all(c, &v->skills));
    TRY(duty_today(c, &v->duty));
    v->helpers = help.helpers;
    v->help_open = help.unheard;
    TRY(find_places(c, v->q, v));
    TRY(printer_alarm_now(c, &v->printers));
    if (f->issued.n > 0)
        TRY(show_issued(c, f->issued, v));
    if (q.n == 0)
        return E_OK;
    TRY(find_tickets(c, q, v));
    TRY(booked_today(c, q, is_digits(q, 4), &v->booked));
    if (v->tickets.n == 0 && v->booked.n == 0)
        TRY(find_items(c, q, v));
    if (v->finds.n > 0)
        v->booking = str_fmt(c->arena, "/bookings/new?item=%.*s", STR_ARG(v->finds.v[0].item.code));
    v->nothing = v->tickets.n == 0 && v->booked.n == 0 && v->finds.n == 0 && v->places_found == 0;
    return E_OK;
}
