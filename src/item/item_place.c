/* The windows of an item are those of its line (the hall computes lines from what each window says it
 * handles). All items of a line are in the same place, so each place is worded once. */
#include "item_place.h"
#include "ctx.h"

struct place {
    int64_t line_id;
    struct str zh, en;
};
struct placing {
    struct ctx *c;
    struct arena *a;
    struct place *places;
    size_t n, room;
};

static struct str in_words(struct ctx *c, const struct line_windows_row *w, int64_t windows)
{
    bool en = c->lang == LANG_EN;
    struct str floor = en && w->floor_name_en.n > 0 ? w->floor_name_en : w->floor_name;
    struct str zone = en && w->zone_name_en.n > 0 ? w->zone_name_en : w->zone_name;
    struct str name = en && w->name_en.n > 0 ? w->name_en : w->name;
    if (windows > 1)
        return tr_fill(c, "{floor} · {zone} · {code} 号 {name}等 {n} 个窗口", "floor", floor,
                       "zone", zone, "code", w->code, "name", name, "n",
                       str_fmt(c->arena, "%lld", (long long)windows), NULL);
    return tr_fill(c, "{floor} · {zone} · {code} 号 {name}", "floor", floor, "zone", zone, "code",
                   w->code, "name", name, NULL);
}

/* The first window named, and how many of its kind there are: who may go to a window for exactly this
 * is not sent to one that takes everything. */
static enum err word_place(struct placing *k, int64_t line_id, struct place *ret)
{
    struct line_windows_rows rows;
    struct ctx in_english = *k->c, in_chinese = *k->c;
    int64_t windows = 0;
    in_english.lang = LANG_EN;
    in_chinese.lang = LANG_ZH;
    *ret = (struct place){line_id, STR(""), STR("")};
    TRY(line_windows(k->c, k->c->center_id, line_id, &rows));
    while (windows < (int64_t)rows.n && str_eq(rows.v[windows].kind, rows.v[0].kind))
        windows++;
    if (windows == 0)
        return E_OK;
    ret->zh = str_copy(k->a, in_words(&in_chinese, &rows.v[0], windows));
    ret->en = str_copy(k->a, in_words(&in_english, &rows.v[0], windows));
    return E_OK;
}

static enum err place_of_line(struct placing *k, int64_t line_id, const struct place **ret)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->places[i].line_id == line_id) {
            *ret = &k->places[i];
            return E_OK;
        }
    if (k->n == k->room) {
        size_t room = k->room == 0 ? 64 : k->room * 2;
        struct place *places = ARENA_ARRAY(k->c->arena, struct place, room);
        for (size_t i = 0; i < k->n; i++)
            places[i] = k->places[i];
        k->places = places;
        k->room = room;
    }
    TRY(word_place(k, line_id, &k->places[k->n]));
    *ret = &k->places[k->n++];
    return E_OK;
}

enum err places_load(struct ctx *c, struct arena *a, struct index_doc **docs, size_t n)
{
    struct placing k = {.c = c, .a = a};
    struct item_lines_after_rows rows;
    int64_t after = 0;
    size_t at = 0;
    do {
        TRY(item_lines_after(c, c->center_id, after, &rows));
        for (size_t i = 0; i < rows.n; i++) {
            const struct place *place;
            after = rows.v[i].item_id;
            while (at < n && docs[at]->id < after)
                at++;
            if (at == n || docs[at]->id != after)
                continue;
            TRY(place_of_line(&k, rows.v[i].line_id, &place));
            docs[at]->place = place->zh;
            docs[at]->place_en = place->en;
        }
    } while (rows.n == 1000);
    return E_OK;
}
