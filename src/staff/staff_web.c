/* Log-in and log-out. The password is checked before the lane (argon2id takes some 50 ms); the lane
 * counts failures, locks, opens the session. */
#include "crypt.h"
#include "journal.h"
#include "settings.h"
#include "staff.h"
#include "store.h"

#define FAILURES_MOST 5

#define LOGINS_PER_NAME 20 /* a minute; a name that exists is locked after five */

enum login_outcome { LOGIN_WRONG, LOGIN_OK };

enum err login_show(struct ctx *c, const struct login_back_form *f, struct reply *r,
                    struct login_page *v)
{
    (void)c;
    (void)r;
    *v = (struct login_page){.back = path_is_ours(f->back) ? f->back : STR("")};
    return E_OK;
}

struct named {
    struct str login;
    struct staff_row *row;
};

static enum err find_named(struct ctx *c, void *arg)
{
    struct named *n = arg;
    return staff_by_login(c, c->center_id, n->login, &n->row);
}

/* An unknown name takes as long as a wrong password, so that names cannot be tried out. */
enum err login_check(struct ctx *c, struct login_form *f)
{
    static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                 "2m0hZk1cJbCqxb1H1yPSFJp1Yf4hxA5bq2sFDO0cJ5c";
    struct named n = {.login = f->name};
    TRY(store_read(c->store, c, find_named, &n));
    TRY(limit_take(c, "login from", STR_NONE, (int)setting_staff_logins_per_minute(c)));
    TRY(limit_take(c, "login as", f->name, LOGINS_PER_NAME));
    struct staff_row *row = n.row;
    bool is_known = row != NULL && row->is_active;
    bool is_right =
        password_ok(c->arena, is_known ? row->password_hash : str_of(nobody), f->password);
    f->staff_id = row != NULL ? row->id : 0;
    f->outcome = is_known && is_right ? LOGIN_OK : LOGIN_WRONG;
    return E_OK;
}

static enum err log_in_failed(struct ctx *c, const struct staff_row *s, struct reply *r)
{
    bool locks = s->failed_count + 1 >= FAILURES_MOST;
    int64_t until = locks ? c->now + setting_staff_lock_minutes(c) * 60000 : 0;
    TRY(staff_failed(c, c->center_id, s->id, locks ? 0 : s->failed_count + 1, until));
    TRY(journal_add(c, locks ? EV_STAFF_LOCKED : EV_STAFF_LOGIN_FAILED, s->id, 0, STR("{}"),
                    STR_NONE));
    reply_refuse(r, locks ? E_LOGIN_LOCKED : E_LOGIN_WRONG, "password");
    return E_OK;
}

static struct texts role_words(struct ctx *c, int64_t roles)
{
    struct texts words = {.v = ARENA_ARRAY(c->arena, struct str, ROLE_COUNT)};
    for (int role = 0; role < ROLE_COUNT; role++)
        if (roles & (INT64_C(1) << role))
            words.v[words.n++] = str_of(role_names[role]);
    return words;
}

/* The screen a role works at. */
static const char *home_of(int64_t roles)
{
    static const struct {
        enum role role;
        const char *path;
    } homes[] = {{ROLE_CLERK, "/desk"},           {ROLE_GUIDE, "/guide"}, {ROLE_HELPER, "/helper"},
                 {ROLE_MANAGER, "/manage"},       {ROLE_DUTY, "/manage"}, {ROLE_WATCH, "/manage"},
                 {ROLE_DIRECTORY, "/admin/items"}};
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        if (roles & (INT64_C(1) << homes[i].role))
            return homes[i].path;
    return "/";
}

enum err staff_log_in(struct ctx *c, const struct login_form *f, struct reply *r,
                      struct logged_in *v)
{
    if (f->staff_id == 0)
        return fail_field(c, E_LOGIN_WRONG, "password", "unknown login");
    struct staff_row s;
    TRY(staff_by_its_id(c, f->staff_id, &s));
    if (s.locked_until > c->now)
        return fail_field(c, E_LOGIN_LOCKED, "name", "locked");
    if (f->outcome != LOGIN_OK)
        return log_in_failed(c, &s, r);
    if (s.failed_count > 0 || s.locked_until != 0)
        TRY(staff_failed(c, c->center_id, s.id, 0, 0));
    struct str token;
    int64_t expires_at;
    TRY(session_open(c, s.id, s.name, s.login, (uint64_t)s.roles, &token, &expires_at));
    TRY(journal_add(c, EV_STAFF_LOGGED_IN, s.id, 0, STR("{}"), STR_NONE));
    reply_cookie(r, "session", token, (expires_at - c->now) / 1000);
    reply_back(r, f->back, home_of(s.roles));
    *v = (struct logged_in){.token = token,
                            .expires_at = expires_at,
                            .roles = role_words(c, s.roles),
                            .name = s.name};
    return E_OK;
}

enum err staff_log_out(struct ctx *c, struct reply *r)
{
    TRY(session_close(c, c->actor.session_id));
    TRY(journal_add(c, EV_STAFF_LOGGED_OUT, c->actor.id, 0, STR("{}"), STR_NONE));
    reply_cookie(r, "session", STR(""), 0);
    reply_see(r, "/login");
    return E_OK;
}
