/* What a centre has set differently from the defaults of the .def files. Read once, kept in the
 * store's memory until the journal says that something changed (so every process hears it). A
 * struct handed out stays valid as long as the store: changes are rare, it is small. */
#include "engine.h"
#include "json.h"
#include "settings.h"
#include "store_gen.h"

#include <string.h>

static int setting_number(struct str name)
{
    for (int i = 0; i < SETTING_COUNT; i++)
        if (str_is(name, setting_table[i].name))
            return i;
    return -1;
}

/* The text as a value of the setting; false when it is out of bounds. */
static bool value_of(const struct setting_info *info, struct str text, struct setting_value *ret)
{
    int64_t number = 0;
    if (info->type != SETTING_TYPE_TEXT &&
        (!str_to_int(text, &number) || number < info->min || number > info->max))
        return false;
    *ret = (struct setting_value){number, text};
    return true;
}

static struct settings *with_rows(struct arena *a, const struct settings_of_rows *rows)
{
    struct settings *v = ARENA_NEW(a, struct settings);
    for (int i = 0; i < SETTING_COUNT; i++)
        v->v[i] = (struct setting_value){setting_table[i].default_int,
                                         str_of(setting_table[i].default_text)};
    for (size_t i = 0; i < rows->n; i++) {
        int n = setting_number(rows->v[i].name);
        struct setting_value value;
        /* A row of a setting that no longer exists, or no longer fits, counts as not set. */
        if (n >= 0 && value_of(&setting_table[n], rows->v[i].value, &value))
            v->v[n] = (struct setting_value){value.number, str_copy(a, value.text)};
    }
    return v;
}

void settings_forget(struct store *s, struct center_memory *m)
{
    pthread_mutex_lock(&s->lock);
    m->settings = NULL;
    m->settings_version++;
    pthread_mutex_unlock(&s->lock);
}

enum err settings_load(struct ctx *c)
{
    if (c->settings != NULL)
        return E_OK;
    struct store *s = c->txn->store;
    struct center_memory *m = store_center(s, c->center_id);
    pthread_mutex_lock(&s->lock);
    const struct settings *known = m->settings;
    uint64_t version = m->settings_version;
    pthread_mutex_unlock(&s->lock);
    if (known == NULL) {
        struct settings_of_rows rows = {NULL, 0};
        TRY(settings_of(c, c->center_id, &rows));
        pthread_mutex_lock(&s->lock);
        bool is_current = version == m->settings_version;
        known = with_rows(is_current ? s->arena : c->arena, &rows);
        if (is_current)
            m->settings = known;
        pthread_mutex_unlock(&s->lock);
    }
    c->settings = known;
    return E_OK;
}

static struct str shown(struct arena *a, const struct setting_info *info,
                        const struct setting_value *v)
{
    return info->type == SETTING_TYPE_TEXT ? v->text : str_fmt(a, "%lld", (long long)v->number);
}

enum err setting_save(struct ctx *c, const char *name, struct str value)
{
    int n = setting_number(str_of(name));
    if (n < 0)
        return fail(c, E_NOT_FOUND, "setting %s", name);
    const struct setting_info *info = &setting_table[n];
    struct setting_value v;
    if (!value_of(info, value, &v))
        return fail_field(c, E_SETTING_VALUE, "value", "%s = %.*s", name, STR_ARG(value));
    TRY(settings_load(c));
    struct settings *now = ARENA_NEW(c->arena, struct settings);
    *now = *c->settings;
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 8192);
    json_init(&j, &b, c->zone_minutes);
    json_object(&j);
    json_name(&j, "name");
    json_text(&j, str_of(info->title));
    json_name(&j, "from");
    json_text(&j, str_head(shown(c->arena, info, &now->v[n]), 200));
    json_name(&j, "to");
    json_text(&j, str_head(value, 200));
    json_end_object(&j);
    TRY(setting_put(c, c->center_id, str_of(name), value, c->now));
    TRY(journal_add(c, EV_SETTING_CHANGED, n + 1, 0, buf_as_str(&b), STR_NONE));
    now->v[n] = (struct setting_value){v.number, str_copy(c->arena, value)};
    c->settings = now;
    return E_OK;
}
