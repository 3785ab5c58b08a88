/* Log-in: the right password opens a session, five wrong ones lock (GB/T 22239-2019 8.1.4.1 asks for a
 * limit; five is our setting). */
#include "staff.h"
#include "test.h"

/* argon2id of "right" by libsodium, at its lowest cost: what a password costs is crypt_test.c's. */
#define HASH_OF_RIGHT                                                                              \
    "$argon2id$v=19$m=8,t=1,p=1$CNUkCNjppnOLd+s+xSoMQA$/"                                          \
    "DQyEzHuGq92awJJzdubxYMX+xE+gHXIhCtMEiQuFTA"

static void add_clerk(struct test *t)
{
    assert_int_equal(staff_put(t->c, t->c->center_id, 77, STR("clerk01"), STR("张三"),
                               STR("Zhang San"), INT64_C(1) << ROLE_CLERK, STR(""), STR("06"), 1,
                               STR(HASH_OF_RIGHT)),
                     E_OK);
}

static enum err try_log_in(struct test *t, const char *password, struct reply *r,
                           struct logged_in *v)
{
    struct login_form f = {.name = STR("clerk01"), .password = str_of(password), .back = STR("")};
    *r = (struct reply){.c = t->c};
    enum err e = login_check(t->c, &f);
    return e != E_OK ? e : staff_log_in(t->c, &f, r, v);
}

void test_staff__the_right_password_opens_a_session(struct test *t)
{
    struct reply r;
    struct logged_in v;
    add_clerk(t);
    assert_int_equal(try_log_in(t, "right", &r, &v), E_OK);
    assert_int_equal(r.refuse, E_OK);
    assert_true(v.token.n >= 22); /* 16 random bytes as base64url */
    assert_true(str_is(r.location, "/desk"));
}

void test_staff__five_wrong_passwords_lock_and_the_lock_ends(struct test *t)
{
    struct reply r;
    struct logged_in v;
    add_clerk(t);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(try_log_in(t, "wrong", &r, &v), E_OK);
        assert_int_equal(r.refuse, i < 4 ? E_LOGIN_WRONG : E_LOGIN_LOCKED);
    }
    assert_int_equal(try_log_in(t, "right", &r, &v), E_LOGIN_LOCKED);
    t->c->now += 11 * INT64_C(60000);
    assert_int_equal(try_log_in(t, "right", &r, &v), E_OK);
}

void test_staff__nobody_is_led_to_another_site(struct test *t)
{
    struct login_page v;
    struct reply r = {.c = t->c};
    struct login_back_form f = {.back = STR("//evil.example/")};
    assert_int_equal(login_show(t->c, &f, &r, &v), E_OK);
    assert_int_equal(v.back.n, 0);
}
