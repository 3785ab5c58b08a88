/* Writing a paper down: its contents are checked and sealed, its number is given in the same transaction, so a
 * refused act leaves neither a number nor a gap. */
#include "document_parts.h"

#include "clock.h"
#include "crypt.h"
#include "file.h"
#include "hall.h"
#include "identify.h"
#include "journal.h"
#include "settings.h"

#define CONTENTS_MAX    ((size_t)256 << 10)
#define FILE_BYTES_MOST ((size_t)32 << 20)
#define LICENCE_ROOT    "1.2.156.3005.2"

/* --- contents --------------------------------------------------------------------------------------- */

static struct str bound_to(struct ctx *c, int64_t id)
{
    return str_fmt(c->arena, "document %lld %lld", (long long)c->center_id, (long long)id);
}

static void contents_key(const struct ctx *c, uint8_t key[16])
{
    BUG_IF(c->keys == NULL);
    keys_derive(c->keys, "document", key, 16);
}

/* Name, length and bytes of each part that is said. */
struct str document_seal_contents(struct ctx *c, int64_t id,
                                  const struct str parts[DOCUMENT_PART_COUNT])
{
    uint8_t key[16];
    struct buf b;
    buf_init(&b, c->arena, CONTENTS_MAX);
    for (int i = 0; i < DOCUMENT_PART_COUNT; i++) {
        if (parts[i].n == 0)
            continue;
        buf_fmt(&b, "%s %zu\n", document_part_name((enum document_part)i), parts[i].n);
        buf_str(&b, parts[i]);
    }
    contents_key(c, key);
    return sm4_seal(c->arena, key, buf_as_str(&b), bound_to(c, id));
}

static bool put_part(struct str name, struct str text, struct str parts[DOCUMENT_PART_COUNT])
{
    for (int i = 0; i < DOCUMENT_PART_COUNT; i++)
        if (str_is(name, document_part_name((enum document_part)i))) {
            parts[i] = text;
            return true;
        }
    return false;
}

enum err document_open_contents(struct ctx *c, const struct document_row *d,
                                struct str ret_parts[DOCUMENT_PART_COUNT])
{
    uint8_t key[16];
    struct str rest;
    for (int i = 0; i < DOCUMENT_PART_COUNT; i++)
        ret_parts[i] = STR_NONE;
    contents_key(c, key);
    if (!sm4_open(c->arena, key, d->contents, bound_to(c, d->id), &rest))
        return fail(c, E_DOCUMENT_UNMADE, "the contents of %lld do not open", (long long)d->id);
    while (rest.p != NULL && rest.n > 0) {
        struct str line = str_cut(&rest, '\n'), name = str_cut(&line, ' ');
        int64_t n;
        if (!str_to_int(line, &n) || n < 0 || (uint64_t)n > rest.n ||
            !put_part(name, (struct str){rest.p, (size_t)n}, ret_parts))
            return fail(c, E_DOCUMENT_UNMADE, "contents of %lld", (long long)d->id);
        rest = (struct str){rest.p + n, rest.n - (size_t)n};
    }
    return E_OK;
}

/* --- issuing ---------------------------------------------------------------------------------------- */

static void name_missing(struct buf *b, const char *label)
{
    if (b->n > 0)
        buf_str(b, STR("、"));
    buf_str(b, str_of(label));
}

/* All that is missing in one sentence. */
static enum err check_contents(struct ctx *c, const struct document_wish *w)
{
    struct buf b;
    enum document_part part;
    bool is_needed;
    buf_init(&b, c->arena, 4096);
    if (str_trim(w->organ).n == 0)
        name_missing(&b, "作出文书的机关");
    if (w->party_id == 0)
        name_missing(&b, "申请人");
    for (int at = 0; document_part_at(w->kind, at, &part, &is_needed); at++)
        if (is_needed && str_trim(w->parts[part]).n == 0)
            name_missing(&b, document_part_label(part));
    if (b.n == 0)
        return E_OK;
    enum err e =
        fail(c, E_DOCUMENT_LACKS, "%s: %.*s", document_word(w->kind), STR_ARG(buf_as_str(&b)));
    c->refusal.text = tr_fill(c, "《{title}》缺少必须写明的内容：{parts}", "title",
                              str_of(document_title(w->kind)), "parts", buf_as_str(&b), NULL);
    return e;
}

static enum err number_it(struct ctx *c, const struct document_wish *w, int64_t *ret_year,
                          int64_t *ret_serial, struct str *ret_number)
{
    struct document_serial_next_row next;
    *ret_year = today(c) / 10000;
    TRY(document_serial_next(c, c->center_id, w->organ, *ret_year, &next));
    *ret_serial = next.last;
    *ret_number = str_fmt(c->arena, "%.*s〔%lld〕%lld号", STR_ARG(w->organ), (long long)*ret_year,
                          (long long)next.last);
    return E_OK;
}

static struct str licence_of(struct ctx *c, const struct document_wish *w, int64_t serial)
{
    if (w->kind != DOCUMENT_GRANT || w->licence_type.n == 0 || w->organ_code.n == 0)
        return STR("");
    struct str number = str_fmt(c->arena, "%d%06lld", (int)today(c), (long long)serial);
    return str_or_empty(
        document_licence_number(c->arena, w->licence_type, w->organ_code, number, 1));
}

enum err document_issue(struct ctx *c, const struct document_wish *w, struct document_issued *ret)
{
    int64_t year, serial, id = new_id(c);
    struct document_wish whole = *w;
    struct str number;
    TRY(check_contents(c, w));
    TRY(number_it(c, w, &year, &serial, &number));
    struct str licence = licence_of(c, w, serial), token = public_token(c);
    if (licence.n > 0)
        whole.parts[PART_LICENCE] = licence;
    struct str contents = document_seal_contents(c, id, whole.parts);
    TRY(document_add(c, c->center_id, id, str_of(document_word(w->kind)), w->organ,
                     str_or_empty(w->organ_code), year, serial, number, token, w->subject,
                     w->thread, w->party_id, str_or_empty(w->holder), licence, contents, c->now,
                     c->actor.id));
    *ret = (struct document_issued){.id = id, .number = number, .token = token};
    return E_OK;
}

static struct str title_of(const struct document_row *d)
{
    enum document_kind kind;
    return document_kind_named(d->kind, &kind) ? str_of(document_title(kind)) : d->kind;
}

enum err document_withdraw(struct ctx *c, int64_t subject, enum document_kind kind)
{
    struct document_rows rows;
    TRY(documents_of(c, c->center_id, subject, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct document_row *d = &rows.v[i];
        if (!str_is(d->kind, document_word(kind)) || d->state == DOCUMENT_WITHDRAWN)
            continue;
        TRY(document_end(c, c->center_id, d->id, c->now));
        TRY(journal_add(c, EV_DOCUMENT_WITHDRAWN, d->id, d->thread,
                        event_facts(c, "title", title_of(d), "number", d->number, NULL), STR_NONE));
    }
    return E_OK;
}

/* --- electronic licence numbers ---------------------------------------------------------------------- */

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
            return false;
    return s.n > 0;
}

struct str document_licence_number(struct arena *a, struct str type, struct str issuer,
                                   struct str serial, int version)
{
    struct str number = str_fmt(a, "%03d", version);
    if (!is_plain(type) || !is_plain(issuer) || !is_plain(serial) || number.n != 3)
        return STR_NONE;
    struct str whole = str_fmt(a, "%.*s%.*s%.*s%.*s", STR_ARG(type), STR_ARG(issuer),
                               STR_ARG(serial), STR_ARG(number));
    return str_fmt(a, LICENCE_ROOT ".%.*s.%.*s.%.*s.%.*s.%c", STR_ARG(type), STR_ARG(issuer),
                   STR_ARG(serial), STR_ARG(number), mod37_36(whole));
}

bool document_licence_ok(struct str number)
{
    char plain[200];
    size_t n = 0;
    struct str rest = number, part;
    if (!str_starts(rest, STR(LICENCE_ROOT ".")))
        return false;
    rest = (struct str){rest.p + sizeof LICENCE_ROOT, rest.n - sizeof LICENCE_ROOT};
    for (int i = 0; i < 4; i++) {
        part = str_cut(&rest, '.');
        if (!is_plain(part) || n + part.n > sizeof plain || rest.p == NULL)
            return false;
        for (size_t k = 0; k < part.n; k++)
            plain[n++] = part.p[k];
    }
    return rest.n == 1 && mod37_36((struct str){plain, n}) == rest.p[0];
}

/* --- what is there ----------------------------------------------------------------------------------- */

struct str document_check_address(struct ctx *c, struct str token)
{
    struct str from = setting_document_check_address(c);
    while (from.n > 0 && from.p[from.n - 1] == '/')
        from.n--;
    return str_fmt(c->arena, "%.*s/check/%.*s", STR_ARG(from), STR_ARG(token));
}

enum err document_lines(struct ctx *c, int64_t subject, struct document_list *ret)
{
    static const char *const words[] = {"waiting", "made", "withdrawn"};
    struct document_rows rows;
    TRY(documents_of(c, c->center_id, subject, &rows));
    ret->items.v = ARENA_ARRAY(c->arena, struct document_line, rows.n + 1);
    ret->items.n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct document_row *d = &rows.v[i];
        ret->items.v[i] =
            (struct document_line){.id = d->id,
                                   .kind = d->kind,
                                   .title = tr(c, str_z(c->arena, title_of(d))),
                                   .number = d->number,
                                   .issued_at = d->issued_at,
                                   .state = str_of(words[d->state]),
                                   .size = d->size == INT_NONE ? 0 : d->size,
                                   .licence_no = d->licence_no,
                                   .check = str_fmt(c->arena, "/check/%.*s", STR_ARG(d->token))};
    }
    return E_OK;
}

enum err document_file(struct ctx *c, int64_t subject, int64_t id, struct str *ret_bytes,
                       struct str *ret_name)
{
    struct document_row *d;
    TRY(document(c, c->center_id, id, &d));
    if (d == NULL || d->subject != subject)
        return fail(c, E_NO_SUCH_DOCUMENT, "document %lld", (long long)id);
    if (d->file.p == NULL)
        return fail(c, E_DOCUMENT_WAITING, "document %lld", (long long)id);
    *ret_name = str_fmt(c->arena, "%.*s-%.*s.pdf", STR_ARG(title_of(d)), STR_ARG(d->number));
    return file_read_whole(c, d->file, FILE_BYTES_MOST, ret_bytes);
}

enum err document_backlog(struct ctx *c, int64_t *ret)
{
    struct documents_waiting_row row;
    TRY(documents_waiting(c, c->center_id, &row));
    *ret = row.documents;
    return E_OK;
}
