/* Accounts. The demonstration's accounts all have one password, said in DESIGN.md 7; they exist only
 * after `init --demo`, and nowhere else is there a default secret. */
#include "staff.h"
#include "csv.h"
#include "crypt.h"

#define DEMO_PASSWORD "wolong-demo"

enum err staff_by_its_id(struct ctx *c, int64_t staff_id, struct staff_row *ret)
{
    struct staff_row *row;
    TRY(staff(c, c->center_id, staff_id, &row));
    if (row == NULL)
        return fail(c, E_NOT_FOUND, "staff %lld", (long long)staff_id);
    *ret = *row;
    return E_OK;
}

/* "guide;duty" as bits; an unknown word is a fault of the row. */
static int64_t roles_of(struct table_in *t, struct str words)
{
    int64_t roles = 0;
    for (struct str rest = words; rest.p != NULL;) {
        struct str word = str_trim(str_cut(&rest, ';'));
        int role = 0;
        while (role < ROLE_COUNT && !str_is(word, role_names[role]))
            role++;
        if (role == ROLE_COUNT)
            table_fault(t, "roles", "没有“%.*s”这个岗位", STR_ARG(word));
        else
            roles |= INT64_C(1) << role;
    }
    return roles;
}

static enum err import_staff(struct ctx *c, struct table_in *t, struct str password_hash)
{
    while (table_next(t)) {
        struct str login = table_need(t, "login", 40);
        struct str name = table_need(t, "name", 40);
        int64_t roles = roles_of(t, table_need(t, "roles", 80));
        int64_t floor = table_int(t, "floor", 0, 99);
        if (t->fault_count == 0)
            TRY(staff_put(c, c->center_id, new_id(c), login, name,
                          str_or_empty(table_text(t, "name_en")), roles,
                          str_or_empty(table_text(t, "agency")),
                          str_or_empty(table_text(t, "desk")), floor, password_hash));
    }
    return E_OK;
}

enum err staff_demo(struct ctx *c, const char *data_dir)
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/staff.csv", data_dir)));
    TRY(import_staff(c, &t, password_hash(c->arena, STR(DEMO_PASSWORD))));
    return table_end(c, &t);
}
