/* What an administrator writes on the boards, and the addresses of all displays. */
#include "display.h"

#include "clock.h"
#include "journal.h"

#define SIDE_LEAST 100
#define SIDE_MOST  4096

/* "9:05", "09:05"; empty: the given minute. -1 when it is no time of day. */
static int minute_of(struct str text, int otherwise)
{
    struct str rest = str_trim(text), hours;
    int64_t h, m;
    if (rest.n == 0)
        return otherwise;
    hours = str_cut(&rest, ':');
    if (rest.p == NULL || !str_to_int(hours, &h) || !str_to_int(rest, &m) || h < 0 || h > 24 ||
        m < 0 || m > 59 || h * 60 + m > 24 * 60)
        return -1;
    return (int)(h * 60 + m);
}

static enum err read_times(struct ctx *c, const struct message_wish_form *f, int64_t *ret_from,
                           int64_t *ret_until)
{
    int from = minute_of(f->from_time, 0), until = minute_of(f->until_time, 24 * 60);
    if (from < 0)
        return fail_field(c, E_MESSAGE_TIME, "from_time", "%.*s", STR_ARG(f->from_time));
    if (until < 0)
        return fail_field(c, E_MESSAGE_TIME, "until_time", "%.*s", STR_ARG(f->until_time));
    *ret_from =
        f->from_on == 0 ? c->now : date_start(f->from_on, c->zone_minutes) + from * MINUTE_MS;
    *ret_until = date_start(f->until_on, c->zone_minutes) + until * MINUTE_MS;
    if (*ret_until <= *ret_from || *ret_until <= c->now)
        return fail_field(c, E_MESSAGE_TIMES, "until_on", "until is not after from or now");
    return E_OK;
}

static enum err keep_picture(struct ctx *c, const struct upload *file, int64_t *ret_id)
{
    *ret_id = 0;
    if (file->bytes.p == NULL)
        return E_OK;
    struct picture p = picture_look(file->bytes);
    if (p.content_type == NULL)
        return fail_field(c, E_PICTURE_BROKEN, "picture", "%zu bytes", file->bytes.n);
    if (p.width < SIDE_LEAST || p.width > SIDE_MOST || p.height < SIDE_LEAST ||
        p.height > SIDE_MOST)
        return fail_field(c, E_PICTURE_SIZE, "picture", "%lld x %lld", (long long)p.width,
                          (long long)p.height);
    *ret_id = new_id(c);
    return picture_put(c, c->center_id, *ret_id, str_of(p.content_type), p.width, p.height,
                       file->bytes);
}

enum err display_write(struct ctx *c, const struct message_wish_form *f, struct reply *r,
                       struct board_message *v)
{
    struct zone_row *z = NULL;
    struct messages_now_row *made;
    struct str text = str_or_empty(str_trim(f->text)), zone_code = str_or_empty(f->zone);
    int64_t from_at = 0, until_at = 0, picture_id, id = new_id(c);
    TRY(read_times(c, f, &from_at, &until_at));
    if (zone_code.n > 0)
        TRY(zone(c, c->center_id, zone_code, &z));
    if (zone_code.n > 0 && z == NULL)
        return fail_field(c, E_NO_SUCH_ZONE, "zone", "zone %.*s", STR_ARG(zone_code));
    if (text.n == 0 && f->picture.bytes.p == NULL)
        return fail_field(c, E_MESSAGE_EMPTY, "text", "neither text nor picture");
    TRY(keep_picture(c, &f->picture, &picture_id));
    TRY(message_put(c, c->center_id, id, text, str_or_empty(str_trim(f->text_en)), zone_code,
                    f->urgent, picture_id, from_at, until_at, c->actor.name));
    TRY(journal_add(c, EV_DISPLAY_MESSAGE_PUT, id, 0,
                    event_facts(c, "text", text, "zone", zone_code, NULL), STR_NONE));
    TRY(message_by_id(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    board_message_of(c, made, v);
    reply_see(r, "/displays");
    return E_OK;
}

enum err display_end(struct ctx *c, const struct message_choice_form *f, struct reply *r,
                     struct board_message *v)
{
    struct messages_now_row *m;
    TRY(message_by_id(c, c->center_id, f->id, &m));
    if (m == NULL)
        return fail(c, E_NOT_FOUND, "message %lld", (long long)f->id);
    if (m->until_at > c->now) {
        TRY(message_take_down(c, c->center_id, m->id, c->now));
        TRY(journal_add(c, EV_DISPLAY_MESSAGE_ENDED, m->id, 0,
                        event_facts(c, "text", m->text, "zone", m->zone_code, NULL), STR_NONE));
        m->until_at = c->now;
    }
    board_message_of(c, m, v);
    reply_see(r, "/displays");
    return E_OK;
}

enum err display_picture(struct ctx *c, const struct board_picture_form *f, struct reply *r)
{
    struct picture_by_id_row *p;
    TRY(picture_by_id(c, c->center_id, f->id, &p));
    if (p == NULL)
        return fail(c, E_NOT_FOUND, "picture %lld", (long long)f->id);
    r->cache_seconds = 86400; /* a picture never changes: another one has another number */
    reply_body(r, str_z(c->arena, p->content_type), p->bytes);
    return E_OK;
}

static void add_link(struct ctx *c, struct displays *v, struct str path, struct str name)
{
    (void)c;
    v->links.v[v->links.n++] = (struct display_link){.path = path, .name = name};
}

enum err displays_show(struct ctx *c, struct reply *r, struct displays *v)
{
    struct messages_now_rows rows;
    struct zone_rows known;
    struct desk_rows all;
    (void)r;
    TRY(messages_newest(c, c->center_id, &rows));
    TRY(zones(c, c->center_id, &known));
    TRY(desks(c, c->center_id, &all));
    v->messages.v = ARENA_ARRAY(c->arena, struct board_message, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        board_message_of(c, &rows.v[i], &v->messages.v[v->messages.n++]);
    v->zones.v = ARENA_ARRAY(c->arena, struct zone_view, known.n);
    v->links.v = ARENA_ARRAY(c->arena, struct display_link, known.n + all.n + 2);
    add_link(c, v, STR("/display/overview"), tr(c, "各区总览：去哪里办"));
    add_link(c, v, STR("/display/all"), tr(c, "全部办事区"));
    for (size_t i = 0; i < known.n; i++) {
        const struct zone_row *z = &known.v[i];
        struct str name = name_in_lang(c, z->name, z->name_en);
        v->zones.v[v->zones.n++] = (struct zone_view){.code = z->code, .name = name};
        add_link(c, v, str_fmt(c->arena, "/display/%.*s", STR_ARG(z->code)), name);
    }
    for (size_t i = 0; i < all.n; i++)
        add_link(c, v, str_fmt(c->arena, "/display/desk/%.*s", STR_ARG(all.v[i].code)),
                 tr_fill(c, "{desk}号窗口", "desk", all.v[i].code, NULL));
    v->on = today(c);
    v->time = time_text(c->arena, c->now, c->zone_minutes);
    return E_OK;
}
