/* Who may rate what, once. That a service is never rated twice is the work of the unique indexes
 * rating_of_ticket and rating_of_case; the look before it only makes the usual answer cheap. */
#include "rating.h"

#include "clock.h"
#include "crypt.h"
#include "csv.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"

#include <inttypes.h>

static struct str or_empty(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

struct str rating_grade_name(const struct ctx *c, int64_t grade)
{
    static const char *const names[RATING_GRADES] = {/* tr */ "非常不满意", /* tr */ "不满意",
                                                     /* tr */ "基本满意",
                                                     /* tr */ "满意", /* tr */ "非常满意"};
    BUG_IF(grade < 1 || grade > RATING_GRADES);
    return c != NULL ? tr(c, names[grade - 1]) : str_of(names[grade - 1]);
}

/* --- what is rated -------------------------------------------------------------------------- */

static bool case_is_over(int64_t state)
{
    return state == CASE_NOT_ACCEPTED || state == CASE_WITHDRAWN || state == CASE_DELIVERED ||
           state == CASE_CLOSED || state == CASE_LAPSED || state == CASE_FORWARDED ||
           state == CASE_REVOKED || state == CASE_CANCELLED;
}

enum err rating_target_of_ticket(struct ctx *c, const struct ticket_row *t,
                                 struct rating_target *ret)
{
    struct casefile_rows cases;
    TRY(casefiles_of_ticket(c, c->center_id, t->id, &cases));
    *ret = (struct rating_target){
        .thread = t->thread,
        .ticket_id = t->id,
        .case_id = cases.n == 1 ? cases.v[0].id : 0,
        .desk_id = t->desk_id,
        .staff_id = t->staff_id,
        .number = ticket_number_text(c, t->prefix, t->number),
        .item_name = name_in_lang(c, t->item_name, t->item_name_en),
        .is_over = t->state == TICKET_FINISHED,
    };
    return E_OK;
}

static enum err target_of_case(struct ctx *c, const struct casefile_row *k,
                               struct rating_target *ret)
{
    struct casefile_rows cases = {NULL, 0};
    struct ticket_row *t = NULL;
    if (k->ticket_id != 0) {
        TRY(casefiles_of_ticket(c, c->center_id, k->ticket_id, &cases));
        TRY(ticket(c, c->center_id, k->ticket_id, &t));
    }
    *ret = (struct rating_target){
        .thread = k->thread,
        .ticket_id = cases.n == 1 ? k->ticket_id : 0,
        .case_id = k->id,
        .desk_id = t != NULL ? t->desk_id : 0,
        .staff_id = t != NULL ? t->staff_id : 0,
        .number = t != NULL ? ticket_number_text(c, t->prefix, t->number) : STR(""),
        .item_name = name_in_lang(c, k->item_name, k->item_name_en),
        .is_over = case_is_over(k->state),
    };
    return E_OK;
}

enum err rating_target_of_token(struct ctx *c, struct str token, struct rating_target *ret)
{
    struct ticket_row *t;
    struct casefile_row *k;
    TRY(ticket_by_token(c, c->center_id, token, &t));
    if (t != NULL)
        return rating_target_of_ticket(c, t, ret);
    TRY(casefile_by_token(c, c->center_id, token, &k));
    if (k != NULL)
        return target_of_case(c, k, ret);
    return fail(c, E_NOT_FOUND, "neither a ticket nor a case has this token");
}

enum err rating_of_target(struct ctx *c, const struct rating_target *g, struct rating_row **ret)
{
    *ret = NULL;
    if (g->ticket_id != 0)
        TRY(rating_of_ticket(c, c->center_id, g->ticket_id, ret));
    if (*ret == NULL && g->case_id != 0)
        TRY(rating_of_case(c, c->center_id, g->case_id, ret));
    return E_OK;
}

/* --- giving --------------------------------------------------------------------------------- */

/* Codes with a comma between, each a label of this grade that is in use. */
static enum err join_tags(struct ctx *c, int64_t grade, const struct texts *tags, struct str *ret)
{
    struct rating_labels_rows labels;
    struct buf b;
    buf_init(&b, c->arena, 1024);
    if (tags->n > 0)
        TRY(rating_labels(c, STR(RATING_SCHEME), grade, &labels));
    for (size_t i = 0; i < tags->n; i++) {
        size_t k = 0;
        while (k < labels.n && !str_eq(labels.v[k].code, tags->v[i]))
            k++;
        if (k == labels.n)
            return fail_field(c, E_RATING_LABEL_UNKNOWN, "tags", "%.*s for %" PRId64,
                              STR_ARG(tags->v[i]), grade);
        if (b.n > 0)
            buf_char(&b, ',');
        buf_str(&b, tags->v[i]);
    }
    *ret = buf_as_str(&b);
    return E_OK;
}

static enum err journal_rating(struct ctx *c, int64_t id, const struct rating_target *g,
                               const struct rating_words *w)
{
    bool is_quiet = w->is_anonymous || str_is(str_of(w->channel), "pad");
    struct str facts = is_quiet ? event_facts(c, "channel", str_of(w->channel), NULL)
                                : event_facts(c, "grade", rating_grade_name(NULL, w->grade),
                                              "channel", str_of(w->channel), NULL);
    struct str words = w->text.n > 0 ? event_facts(c, "text", w->text, NULL) : STR_NONE;
    return journal_add(c, is_quiet ? EV_RATING_GIVEN_QUIETLY : EV_RATING_GIVEN, id, g->thread,
                       facts, words);
}

enum err rating_put(struct ctx *c, const struct rating_target *g, const struct rating_words *w,
                    int64_t *ret_id)
{
    struct rating_row *there;
    struct str tags;
    int64_t id = new_id(c);
    if (c->actor.kind == ACTOR_STAFF)
        return fail(c, E_RATING_BY_STAFF, "staff %" PRId64, c->actor.id);
    TRY(rating_of_target(c, g, &there));
    if (there != NULL)
        return fail(c, E_RATED_ALREADY, "rating %" PRId64, there->id);
    if (!g->is_over)
        return fail(c, E_NOT_RATEABLE, "thread %" PRId64, g->thread);
    TRY(join_tags(c, w->grade, &w->tags, &tags));
    enum err e = rating_add(c, c->center_id, id, g->thread, g->ticket_id, g->case_id,
                            STR(RATING_SCHEME), w->grade, tags, or_empty(str_trim(w->text)),
                            w->is_anonymous, str_of(w->channel), g->desk_id, g->staff_id, c->now);
    if (e == E_UNIQUE)
        return fail(c, E_RATED_ALREADY, "somebody was faster");
    TRY(e);
    TRY(journal_rating(c, id, g, w));
    *ret_id = id;
    return E_OK;
}

enum err rating_put_more(struct ctx *c, const struct rating_row *r, const struct rating_words *w)
{
    struct str tags, text = or_empty(str_trim(w->text));
    int64_t changed;
    if (c->actor.kind == ACTOR_STAFF)
        return fail(c, E_RATING_BY_STAFF, "staff %" PRId64, c->actor.id);
    if (c->now - r->given_at > 2 * setting_rating_pad_minutes(c) * MINUTE_MS)
        return fail(c, E_PAD_LATE, "rating %" PRId64, r->id);
    TRY(join_tags(c, r->grade, &w->tags, &tags));
    if (tags.n == 0 && text.n == 0)
        return E_OK; /* nothing to add is no fault: the grade stands */
    TRY(rating_more_changes(c, c->center_id, r->id, tags, text, r->is_anonymous || w->is_anonymous,
                            &changed));
    if (changed == 0)
        return fail(c, E_RATED_ALREADY, "rating %" PRId64 " has its words", r->id);
    return journal_add(c, EV_RATING_ADDED, r->id, r->thread,
                       event_facts(c, "channel", r->channel, NULL),
                       text.n > 0 ? event_facts(c, "text", text, NULL) : STR_NONE);
}

/* --- as people see it ------------------------------------------------------------------------- */

static void split_tags(struct ctx *c, struct str tags, struct texts *ret)
{
    ret->v = ARENA_ARRAY(c->arena, struct str, 64);
    for (struct str rest = tags; rest.p != NULL && rest.n > 0 && ret->n < 64;)
        ret->v[ret->n++] = str_cut(&rest, ',');
}

/* Without a name means also without the number by which colleagues would know who it was. */
enum err rating_view_of(struct ctx *c, const struct rating_row *r, struct rating_view *ret)
{
    bool shows_number = !r->is_anonymous && r->prefix.p != NULL;
    *ret = (struct rating_view){
        .scheme = r->scheme,
        .grade = r->grade,
        .grade_name = rating_grade_name(c, r->grade),
        .text = r->body,
        .anonymous = r->is_anonymous,
        .channel = r->channel,
        .desk = or_empty(r->desk_code),
        .ticket = shows_number ? ticket_number_text(c, r->prefix, r->number) : STR(""),
        .given_at = r->given_at,
    };
    split_tags(c, r->tags, &ret->tags);
    return E_OK;
}

enum err rating_labels_fill(struct ctx *c, int64_t grade, struct rating_label_line_list *ret)
{
    struct rating_labels_rows rows;
    TRY(rating_labels(c, STR(RATING_SCHEME), grade, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct rating_label_line, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] =
            (struct rating_label_line){.code = rows.v[i].code,
                                       .grade = rows.v[i].grade,
                                       .name = name_in_lang(c, rows.v[i].name, rows.v[i].name_en)};
    return E_OK;
}

/* --- the pad's word --------------------------------------------------------------------------- */

#define PAD_MAC_BYTES 16

static struct str pad_mac(struct ctx *c, int64_t desk_id, int64_t ticket_id, int64_t ended_at)
{
    uint8_t key[32], mac[SM3_BYTES];
    BUG_IF(c->keys == NULL);
    keys_derive(c->keys, "pad", key, sizeof key);
    sm3_keyed((struct str){(const char *)key, sizeof key},
              str_fmt(c->arena, "%" PRId64 ":%" PRId64 ":%" PRId64 ":%" PRId64, c->center_id,
                      desk_id, ticket_id, ended_at),
              mac);
    return base64url(c->arena, mac, PAD_MAC_BYTES);
}

struct str pad_word(struct ctx *c, int64_t desk_id, int64_t ticket_id, int64_t ended_at)
{
    return str_fmt(c->arena, "%" PRId64 ".%.*s", ticket_id,
                   STR_ARG(pad_mac(c, desk_id, ticket_id, ended_at)));
}

enum err pad_word_read(struct ctx *c, int64_t desk_id, struct str word, int64_t minutes,
                       struct ticket_row *ret)
{
    struct str mac = word, id_text = str_cut(&mac, '.');
    struct ticket_row *t = NULL;
    int64_t id;
    if (mac.p != NULL && str_to_int(id_text, &id))
        TRY(ticket(c, c->center_id, id, &t));
    if (t == NULL || t->state != TICKET_FINISHED || t->desk_id != desk_id)
        return fail(c, E_PAD_LATE, "no such ticket at this desk");
    struct str right = pad_mac(c, desk_id, t->id, t->ended_at);
    if (mac.n != right.n || !equal_in_constant_time(mac.p, right.p, right.n))
        return fail(c, E_PAD_LATE, "forged");
    if (c->now - t->ended_at > minutes * MINUTE_MS)
        return fail(c, E_PAD_LATE, "over");
    *ret = *t;
    return E_OK;
}

/* --- the table of labels ------------------------------------------------------------------------ */

enum err rating_labels_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        struct str scheme = table_need(t, "scheme", 20), code = table_need(t, "code", 10);
        int64_t grade = table_int(t, "grade", 1, RATING_GRADES);
        struct str name = table_need(t, "name", 60), name_en = table_need(t, "name_en", 120);
        bool is_used = table_flag(t, "is_used");
        struct str source = table_need(t, "source", 200);
        if (str_is(scheme, RATING_SCHEME) && code.n > 0 && code.p[0] - '0' != (int)grade)
            table_fault(t, "code", "标签代码的第一位应当是等级 %d", (int)grade);
        if (t->fault_count == 0)
            TRY(rating_label_put(c, scheme, code, grade, name, name_en, is_used, source));
    }
    return E_OK;
}

enum err rating_demo(struct ctx *c, const char *data_dir)
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/../rating/labels.csv", data_dir)));
    TRY(rating_labels_import(c, &t));
    return table_end(c, &t);
}
