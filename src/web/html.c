/* What templates call. Escaping is done here and nowhere else; which of these a hole gets is the
 * generator's choice by its place in the page, so a template cannot forget it. */
#include "server.h"

#include "assets.h"
#include "clock.h"
#include "settings.h"
#include "web_gen.h"

#include <inttypes.h>
#include <string.h>

/* By byte: what stands for it in a page. Most text is Chinese and passes in long runs. */
static const struct str entities[256] = {
    ['&'] = {"&amp;", 5},  ['<'] = {"&lt;", 4},   ['>'] = {"&gt;", 4},
    ['"'] = {"&quot;", 6}, ['\''] = {"&#39;", 5},
};
static const bool is_special[256] =
    {['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true};

void html_text(struct buf *b, struct str s)
{
    if (s.n == 0)
        return;
    const char *from = s.p, *end = s.p + s.n;
    for (const char *p = s.p; p < end; p++) {
        if (!is_special[(unsigned char)*p])
            continue;
        buf_put(b, from, (size_t)(p - from));
        buf_str(b, entities[(unsigned char)*p]);
        from = p + 1;
    }
    if (from < end)
        buf_put(b, from, (size_t)(end - from));
}

static bool url_is_safe(struct str s)
{
    static const struct str starts[] = {{"http://", 7}, {"https://", 8}, {"tel:", 4},
                                        {"mailto:", 7}, {"?", 1},        {"#", 1}};
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == '\\')
            return false;
    if (s.n > 0 && s.p[0] == '/')
        return s.n == 1 || s.p[1] != '/';
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (str_starts(s, starts[i]))
            return true;
    return false;
}

void html_url(struct buf *b, struct str s)
{
    if (url_is_safe(s))
        html_text(b, s);
    else
        buf_char(b, '#');
}

void html_int(struct buf *b, int64_t v)
{
    buf_int(b, v);
}

/* Two digits each, without printf: a list page has hundreds of these. */
static void put_pair(struct buf *b, int v)
{
    char pair[2] = {(char)('0' + v / 10 % 10), (char)('0' + v % 10)};
    buf_put(b, pair, 2);
}

void html_date(struct buf *b, const struct ctx *c, int32_t d)
{
    (void)c;
    if (d == 0)
        return;
    put_pair(b, d / 1000000);
    put_pair(b, d / 10000);
    buf_char(b, '-');
    put_pair(b, d / 100);
    buf_char(b, '-');
    put_pair(b, d);
}

static void put_time(struct buf *b, const struct ctx *c, int64_t at)
{
    int64_t minutes = (at + c->zone_minutes * MINUTE_MS) % DAY_MS / MINUTE_MS;
    if (minutes < 0)
        minutes += 1440;
    put_pair(b, (int)(minutes / 60));
    buf_char(b, ':');
    put_pair(b, (int)(minutes % 60));
}

void html_time(struct buf *b, const struct ctx *c, int64_t at)
{
    if (at != 0)
        put_time(b, c, at);
}

void html_instant(struct buf *b, const struct ctx *c, int64_t at)
{
    if (at == 0)
        return;
    html_date(b, c, date_of(at, c->zone_minutes));
    buf_char(b, ' ');
    put_time(b, c, at);
}

void html_duration(struct buf *b, const struct ctx *c, int64_t ms)
{
    int64_t seconds = ms < 0 ? 0 : ms / SECOND_MS;
    if (seconds < 3600) {
        buf_int(b, seconds / 60);
        buf_lit(b, "′");
        put_pair(b, (int)(seconds % 60));
        buf_lit(b, "″");
    } else if (c->lang == LANG_EN)
        buf_fmt(b, "%" PRId64 " h %d min", seconds / 3600, (int)(seconds / 60 % 60));
    else /* zh: the English form stands above */
        buf_fmt(b, "%" PRId64 " 小时 %d 分", seconds / 3600, (int)(seconds / 60 % 60));
}

void html_lines(struct buf *b, struct str s)
{
    struct str rest = s;
    for (bool is_first = true; rest.p != NULL; is_first = false) {
        struct str line = str_cut(&rest, '\n');
        if (!is_first)
            buf_lit(b, "<br>");
        html_text(b, line);
    }
}

void html_key(struct buf *b, struct ctx *c)
{
    struct trip *t = trip_of(c);
    if (t == NULL)
        return;
    buf_lit(b, "<input type=\"hidden\" name=\"key\" value=\"");
    buf_str(b, csrf_key(t, t->keys_printed++));
    buf_lit(b, "\">");
}

void html_asset(struct buf *b, const char *name)
{
    size_t low = 0, high = asset_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(asset_table[middle].name, name);
        if (order == 0) {
            buf_lit(b, "/static/");
            buf_str(b, str_of(asset_table[middle].hashed_name));
            return;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    BUG("no asset %s", name);
}

/* --- what was posted and refused --- */

struct str posted(const struct ctx *c, const char *field)
{
    const struct trip *t = trip_of(c);
    if (t == NULL || strstr(field, "password") != NULL)
        return STR("");
    bool is_refused = c->refusal.code != E_OK;
    size_t from = is_refused ? t->path_count + t->query_count : t->path_count;
    size_t to = is_refused ? t->q.field_count : t->path_count + t->query_count;
    for (size_t i = to; i > from; i--)
        if (str_is(t->q.fields[i - 1].name, field))
            return t->q.fields[i - 1].value;
    return STR("");
}

bool refused(const struct ctx *c, const char *field)
{
    if (c->refusal.code == E_OK)
        return false;
    return field == NULL || (c->refusal.field != NULL && strcmp(c->refusal.field, field) == 0);
}

struct str refusal_sentence(const struct ctx *c)
{
    if (c->refusal.code == E_OK)
        return STR("");
    return c->refusal.text.p != NULL ? c->refusal.text : tr(c, err_table[c->refusal.code].sentence);
}

struct str refusal_hint(const struct ctx *c)
{
    const char *hint = c->refusal.code == E_OK ? NULL : err_table[c->refusal.code].hint;
    return hint != NULL ? tr(c, hint) : STR("");
}

/* --- what layouts ask --- */

/* A request that is refused before any transaction has no settings of its own: then the last ones
 * that were read. */
static struct ctx with_settings(const struct ctx *c)
{
    struct ctx k = *c;
    const struct trip *t = trip_of(c);
    if (k.settings == NULL && t != NULL)
        k.settings = atomic_load_explicit(&t->web->settings, memory_order_acquire);
    return k;
}

struct str page_center(const struct ctx *c)
{
    struct ctx k = with_settings(c);
    return c->lang == LANG_EN ? setting_web_center_name_en(&k) : setting_web_center_name(&k);
}

struct str page_phone(const struct ctx *c)
{
    struct ctx k = with_settings(c);
    struct str phone = setting_web_phone(&k);
    return phone.p != NULL ? phone : STR("");
}

bool page_is_demonstration(const struct ctx *c)
{
    const struct trip *t = trip_of(c);
    return t != NULL && t->web->options.demonstration;
}

struct str page_body_class(const struct ctx *c)
{
    const struct request *q = c->request;
    if (q == NULL || (!q->elder && !q->contrast && !q->low))
        return STR("");
    return str_fmt(c->arena, "%s%s%s", q->elder ? " elder" : "", q->contrast ? " contrast" : "",
                   q->low ? " low" : "");
}

/* An unsafe act has no address to come back to: then the page it was sent from. */
struct str page_here(const struct ctx *c)
{
    const struct trip *t = trip_of(c);
    if (t == NULL)
        return STR("/");
    if (t->is_unsafe)
        return t->back != NULL && strchr(t->back->pattern, '{') == NULL ? str_of(t->back->pattern)
                                                                        : STR("/");
    return str_of(t->uri);
}

struct str page_lang(const struct ctx *c)
{
    return c->lang == LANG_EN ? STR("en") : STR("zh-CN");
}

struct str page_role(const struct ctx *c)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (c->actor.roles & UINT64_C(1) << i)
            return tr(c, role_titles[i]);
    return STR("");
}

struct str page_phone_link(const struct ctx *c)
{
    struct buf b;
    struct str phone = page_phone(c);
    buf_init(&b, c->arena, 200);
    buf_lit(&b, "tel:");
    for (size_t i = 0; i < phone.n; i++)
        if (phone.p[i] == '+' || (phone.p[i] >= '0' && phone.p[i] <= '9'))
            buf_char(&b, phone.p[i]);
    return buf_as_str(&b);
}

int64_t page_seq(const struct ctx *c)
{
    const struct trip *t = trip_of(c);
    return t != NULL ? t->seq : 0;
}

/* Staff pages: GET routes with a page, one segment (behind /admin/ if it is there), a right of their own and a
 * name to show. */
static bool is_place(const struct route *r)
{
    const char *word = strncmp(r->pattern, "/admin/", 7) == 0 ? r->pattern + 7 : r->pattern + 1;
    return r->method == METHOD_GET && r->page != NULL && r->right != RIGHT_PUBLIC &&
           r->summary != NULL && r->summary[0] != '\0' && word[0] != '\0' &&
           strpbrk(word, "/{.") == NULL;
}

static const struct trip *with_places(struct ctx *c)
{
    struct trip *t = trip_of(c);
    if (t == NULL || t->places != NULL || c->actor.kind != ACTOR_STAFF)
        return t;
    t->places = ARENA_ARRAY(c->arena, const struct route *, (size_t)route_count + 1);
    for (int i = 0; i < route_count; i++)
        if (is_place(&routes[i]) && may(c, routes[i].right))
            t->places[t->place_count++] = &routes[i];
    return t;
}

int64_t page_place_count(struct ctx *c)
{
    const struct trip *t = with_places(c);
    return t != NULL ? t->place_count : 0;
}

struct str page_place_path(struct ctx *c, int64_t i)
{
    return str_of(with_places(c)->places[i]->pattern);
}

struct str page_place_title(struct ctx *c, int64_t i)
{
    return tr(c, with_places(c)->places[i]->summary);
}

bool page_place_is_here(struct ctx *c, int64_t i)
{
    return c->request != NULL && str_is(c->request->path, with_places(c)->places[i]->pattern);
}
