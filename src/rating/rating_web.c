/* The ways to rate: over the interface, on one's phone with the link of the ticket, and on the pad
 * at the window. On phone and pad one touch is enough: it is kept at once, and labels and words may
 * follow. */
#include "rating.h"

#include "clock.h"
#include "hall.h"
#include "settings.h"

#define PAGE_SIZE      50
#define THANKS_SECONDS 20 /* then the pad is empty for the next one (SCREENS.md) */
#define LABELS_SECONDS 60

/* --- the interface ------------------------------------------------------------------------------ */

enum err ratings_show(struct ctx *c, const struct rating_query_form *f, struct reply *r,
                      struct rating_list *v)
{
    struct rating_rows rows;
    (void)r;
    TRY(ratings_recent(c, c->center_id, (f->page - 1) * PAGE_SIZE, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct rating_view, rows.n + 1);
    v->items.n = rows.n;
    v->total = (int64_t)rows.n;
    for (size_t i = 0; i < rows.n; i++)
        TRY(rating_view_of(c, &rows.v[i], &v->items.v[i]));
    v->next = rows.n == PAGE_SIZE ? str_fmt(c->arena, "%lld", (long long)f->page + 1) : STR("");
    return E_OK;
}

enum err rating_give(struct ctx *c, const struct rating_wish_form *f, struct reply *r,
                     struct rating_given *v)
{
    struct rating_target target;
    struct rating_row *made;
    struct str token = f->ticket.n > 0 ? f->ticket : f->case_;
    int64_t id;
    if (token.n == 0)
        return fail_field(c, E_RATING_OF_WHAT, "ticket", "neither ticket nor case");
    TRY(rating_target_of_token(c, token, &target));
    struct rating_words w = {.grade = f->grade,
                             .tags = f->tags,
                             .text = f->text,
                             .is_anonymous = f->anonymous,
                             .channel = rating_wish_channel_words[f->channel]};
    TRY(rating_put(c, &target, &w, &id));
    TRY(rating(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    reply_see(r, "/rate/%.*s", STR_ARG(token));
    return rating_view_of(c, made, &v->rating);
}

/* --- the visitor's phone -------------------------------------------------------------------------- */

static enum err fill_rate(struct ctx *c, struct str token, const struct rating_target *g,
                          struct rate_view *v)
{
    struct rating_row *there;
    TRY(rating_of_target(c, g, &there));
    v->token = token;
    v->number = g->number;
    v->item_name = g->item_name;
    v->step = g->is_over ? STR("faces") : STR("early");
    if (there == NULL)
        return E_OK;
    bool is_open = c->now - there->given_at <= 2 * setting_rating_pad_minutes(c) * MINUTE_MS;
    v->step = is_open && there->tags.n == 0 && there->body.n == 0 ? STR("labels") : STR("thanks");
    v->grade = there->grade;
    v->grade_name = rating_grade_name(c, there->grade);
    return rating_labels_fill(c, there->grade, &v->labels);
}

enum err rate_show(struct ctx *c, const struct rate_token_form *f, struct reply *r,
                   struct rate_view *v)
{
    struct rating_target target;
    (void)r;
    TRY(rating_target_of_token(c, f->token, &target));
    return fill_rate(c, f->token, &target, v);
}

enum err rate_touched(struct ctx *c, const struct rate_touch_form *f, struct reply *r,
                      struct rate_view *v)
{
    struct rating_target target;
    int64_t id;
    TRY(rating_target_of_token(c, f->token, &target));
    struct rating_words w = {.grade = f->grade, .is_anonymous = f->anonymous, .channel = "phone"};
    TRY(rating_put(c, &target, &w, &id));
    reply_see(r, "/rate/%.*s", STR_ARG(f->token));
    return fill_rate(c, f->token, &target, v);
}

enum err rate_added(struct ctx *c, const struct rate_more_form *f, struct reply *r,
                    struct rate_view *v)
{
    struct rating_target target;
    struct rating_row *there;
    TRY(rating_target_of_token(c, f->token, &target));
    TRY(rating_of_target(c, &target, &there));
    if (there == NULL)
        return fail(c, E_NOT_RATEABLE, "words without a grade");
    struct rating_words w = {.tags = f->tags, .text = f->text, .is_anonymous = f->anonymous};
    TRY(rating_put_more(c, there, &w));
    reply_see(r, "/rate/%.*s", STR_ARG(f->token));
    return fill_rate(c, f->token, &target, v);
}

/* --- the pad --------------------------------------------------------------------------------------- */

/* After the touch: labels, then thanks, as long as the pad's word is good. */
static enum err fill_after(struct ctx *c, const struct ticket_row *t, bool is_done,
                           struct pad_view *v)
{
    struct rating_row *there;
    TRY(rating_of_ticket(c, c->center_id, t->id, &there));
    if (there == NULL)
        return E_OK;
    v->number = ticket_number_text(c, t->prefix, t->number);
    v->grade = there->grade;
    v->grade_name = rating_grade_name(c, there->grade);
    v->step = is_done || there->tags.n > 0 || there->body.n > 0 ? STR("thanks") : STR("labels");
    v->blank_s = str_is(v->step, "thanks") ? THANKS_SECONDS : LABELS_SECONDS;
    v->blank_to = str_fmt(c->arena, "/pad/%.*s", STR_ARG(v->desk));
    return rating_labels_fill(c, there->grade, &v->labels);
}

/* The last one finished here, if it was just now and nobody rated it yet. No name is shown. */
static enum err fill_faces(struct ctx *c, const struct desk_row *d, struct pad_view *v)
{
    struct ticket_just_finished_row *t;
    struct rating_row *there;
    int64_t after = c->now - setting_rating_pad_minutes(c) * MINUTE_MS;
    TRY(ticket_just_finished(c, c->center_id, d->id, after, &t));
    if (t == NULL)
        return E_OK;
    TRY(rating_of_ticket(c, c->center_id, t->id, &there));
    if (there != NULL)
        return E_OK;
    v->step = STR("faces");
    v->number = ticket_number_text(c, t->prefix, t->number);
    v->pad = pad_word(c, d->id, t->id, t->ended_at);
    return E_OK;
}

enum err pad_show(struct ctx *c, const struct pad_desk_form *f, struct reply *r, struct pad_view *v)
{
    struct desk_row d;
    struct ticket_row t;
    (void)r;
    TRY(desk_by_its_code(c, f->desk, &d));
    v->desk = d.code;
    v->number = v->pad = v->grade_name = v->blank_to = STR("");
    v->step = STR("blank");
    if (f->pad.n == 0)
        return fill_faces(c, &d, v);
    enum err e = pad_word_read(c, d.id, f->pad, 2 * setting_rating_pad_minutes(c), &t);
    if (e == E_PAD_LATE) {
        c->refusal = (struct refusal){.code = E_OK};
        return fill_faces(c, &d, v);
    }
    TRY(e);
    v->pad = f->pad;
    return fill_after(c, &t, f->done, v);
}

enum err pad_touched(struct ctx *c, const struct pad_touch_form *f, struct reply *r,
                     struct pad_view *v)
{
    struct desk_row d;
    struct ticket_row t;
    struct rating_target target;
    int64_t id;
    TRY(desk_by_its_code(c, f->desk, &d));
    TRY(pad_word_read(c, d.id, f->pad, setting_rating_pad_minutes(c), &t));
    TRY(rating_target_of_ticket(c, &t, &target));
    struct rating_words w = {.grade = f->grade, .channel = "pad"};
    TRY(rating_put(c, &target, &w, &id));
    v->desk = d.code;
    v->pad = f->pad;
    reply_see(r, "/pad/%.*s?pad=%.*s", STR_ARG(d.code), STR_ARG(f->pad));
    return fill_after(c, &t, false, v);
}

enum err pad_added(struct ctx *c, const struct pad_more_form *f, struct reply *r,
                   struct pad_view *v)
{
    struct desk_row d;
    struct ticket_row t;
    struct rating_row *there;
    TRY(desk_by_its_code(c, f->desk, &d));
    TRY(pad_word_read(c, d.id, f->pad, 2 * setting_rating_pad_minutes(c), &t));
    TRY(rating_of_ticket(c, c->center_id, t.id, &there));
    if (there == NULL)
        return fail(c, E_NOT_RATEABLE, "words without a grade");
    struct rating_words w = {.tags = f->tags, .text = f->text, .is_anonymous = f->anonymous};
    TRY(rating_put_more(c, there, &w));
    v->desk = d.code;
    v->pad = f->pad;
    reply_see(r, "/pad/%.*s?pad=%.*s&done=1", STR_ARG(d.code), STR_ARG(f->pad));
    return fill_after(c, &t, true, v);
}
