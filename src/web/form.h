/* The checks of single fields, apart from where they come from: form.c finds the values, these
 * read them. Each puts the value in its place and returns E_OK, or the error that says what is
 * wrong with it (the sentence with {label} is form.c's business). */
#ifndef FORM_H
#define FORM_H

#include "web.h"

struct check {
    struct ctx *c;
    const struct field_spec *spec;
    struct str value; /* not empty */
    void *to;
};

enum err check_text(const struct check *k);
enum err check_password(const struct check *k);
enum err check_int(const struct check *k);
enum err check_id(const struct check *k);
enum err check_flag(const struct check *k);
enum err check_date(const struct check *k);
enum err check_instant(const struct check *k);
enum err check_phone(const struct check *k);
enum err check_id_no(const struct check *k);
enum err check_uscc(const struct check *k);
enum err check_token(const struct check *k);
enum err check_choice(const struct check *k);
/* One member of FIELD_TEXTS: cleaned text. */
enum err check_member(const struct check *k, struct str *ret);

#endif
