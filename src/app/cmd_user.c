/* onewindow user: makes the first accounts of a hall, and gives a new password to somebody who lost
 * theirs. The password is made here, shown once, and kept only as its argon2id hash, so nobody
 * ever chooses one that stands in a list. Accounts of a running hall are kept on its own pages. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "log.h"
#include "staff_gen.h"

#define PASSWORD_BYTES 12

struct user_run {
    struct str login, name, hash;
    int64_t roles;
    bool is_new;
};

static enum err put_user(struct ctx *c, void *arg)
{
    const struct user_run *run = arg;
    struct staff_row *old;
    TRY(staff_by_login(c, c->center_id, run->login, &old));
    if (run->is_new && old != NULL)
        return fail(c, E_UNIQUE, "there is an account %.*s already", STR_ARG(run->login));
    if (!run->is_new && old == NULL)
        return fail(c, E_NOT_FOUND, "there is no account %.*s", STR_ARG(run->login));
    if (run->is_new)
        return staff_put(c, c->center_id, new_id(c), run->login, run->name, STR(""), run->roles,
                         STR(""), STR(""), 0, run->hash);
    TRY(staff_failed(c, c->center_id, old->id, 0, 0));
    return staff_put(c, c->center_id, old->id, old->login, old->name, old->name_en, old->roles,
                     old->agency, old->desk_code, old->floor, run->hash);
}

static bool add_role(const char *word, int64_t *roles)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (strcmp(role_names[i], word) == 0) {
            *roles |= INT64_C(1) << i;
            return true;
        }
    return false;
}

static int save_user(struct hall *h, struct user_run *run)
{
    struct str why = STR_NONE;
    if (!hall_read(h, &why) || !hall_open(h, true, &why))
        return refuse("%.*s", STR_ARG(why));
    struct arena *a = arena_new(APP_ARENA_BYTES);
    struct ctx c = hall_context(h, a, "user");
    struct str password = random_token(a, PASSWORD_BYTES);
    run->hash = password_hash(a, password);
    enum err e = store_act(h->store, &c, put_user, run);
    int status = EXIT_DONE;
    if (e == E_OK)
        printf("account %.*s, password %.*s (shown only now)\n", STR_ARG(run->login),
               STR_ARG(password));
    else
        status = refuse("%.*s", STR_ARG(error_sentence(&c, e)));
    arena_free(a);
    hall_close(h);
    return status;
}

static int user(const struct command *self, struct hall *h, const char *const *words,
                const char *const *roles, const char *name)
{
    struct user_run run = {.is_new = true};
    if (words[0] == NULL || words[1] == NULL || h->data == NULL)
        return wrong_words(self, "`add LOGIN` or `password LOGIN`, and --data DIR, are needed");
    if (strcmp(words[0], "password") == 0)
        run.is_new = false;
    else if (strcmp(words[0], "add") != 0)
        return wrong_words(self, "add or password, not %s", words[0]);
    for (size_t i = 0; roles[i] != NULL; i++)
        if (!add_role(roles[i], &run.roles))
            return wrong_words(self, "there is no role %s", roles[i]);
    if (run.is_new && run.roles == 0)
        return wrong_words(self, "--role is needed: what the account may do");
    run.login = str_of(words[1]);
    run.name = str_of(name != NULL ? name : words[1]);
    hall_defaults(h);
    return save_user(h, &run);
}

int cmd_user(const struct command *self, int argc, char **argv)
{
    const char *words[3] = {NULL, NULL, NULL}, *roles[OPTION_MANY_MOST + 1] = {NULL}, *name = NULL;
    struct hall h = {.arena = arena_new(APP_ARENA_BYTES)};
    const struct option_spec specs[] = {
        HALL_OPTIONS(h),
        {"--role", OPTION_MANY, roles, "ROLE", "what the account may do; may be repeated"},
        {"--name", OPTION_TEXT, &name, "NAME", "the person's name, as others read it"},
    };
    int status = options_read(self, argc, argv, specs, sizeof(specs) / sizeof(specs[0]), words, 2);
    log_set_level(LOG_WARN);
    if (status == OPTIONS_GO_ON)
        status = user(self, &h, words, roles, name);
    else if (status == EXIT_DONE) {
        printf("\n`user password LOGIN` gives an account a new password.\nRoles:");
        for (int i = 0; i < ROLE_COUNT; i++)
            printf(" %s", role_names[i]);
        printf("\n");
    }
    arena_free(h.arena);
    return status;
}
