/* Words on two lines, and the messages that hang on the boards. */
#include "display.h"

#include "clock.h"

struct str second_line(const struct ctx *c, const char *message)
{
    struct ctx other = *c;
    other.lang = c->lang == LANG_EN ? LANG_ZH : LANG_EN;
    return tr(&other, message);
}

struct str second_lang(const struct ctx *c)
{
    return c->lang == LANG_EN ? STR("zh-CN") : STR("en");
}

struct str second_name(const struct ctx *c, struct str zh, struct str en)
{
    return c->lang == LANG_EN ? zh : en;
}

struct str desk_plain(struct str desk)
{
    while (desk.n > 1 && desk.p[0] == '0') {
        desk.p++;
        desk.n--;
    }
    return desk;
}

static struct str state_of(const struct ctx *c, const struct messages_now_row *m)
{
    if (m->until_at <= c->now)
        return tr(c, "已经结束");
    return m->from_at > c->now ? tr(c, "还没有开始") : tr(c, "正在显示");
}

void board_message_of(struct ctx *c, const struct messages_now_row *m, struct board_message *ret)
{
    bool is_english = c->lang == LANG_EN && m->text_en.n > 0;
    *ret = (struct board_message){
        .id = m->id,
        .text = is_english ? m->text_en : m->text,
        .text_en = m->text_en,
        .second = is_english ? m->text : m->text_en,
        .zone = m->zone_code,
        .is_urgent = m->is_urgent,
        .picture = m->picture_id == 0
                       ? STR("")
                       : str_fmt(c->arena, "/display/pictures/%lld", (long long)m->picture_id),
        .from_at = m->from_at,
        .until_at = m->until_at,
        .made_by = m->made_by,
        .state = state_of(c, m),
    };
}

enum err messages_of(struct ctx *c, struct str zone_code, struct board_message_list *ret_urgent,
                     struct board_message_list *ret_others)
{
    struct messages_now_rows rows;
    TRY(messages_now(c, c->center_id, c->now, zone_code, &rows));
    ret_urgent->n = ret_others->n = 0;
    ret_urgent->v = ARENA_ARRAY(c->arena, struct board_message, rows.n);
    ret_others->v = ARENA_ARRAY(c->arena, struct board_message, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        struct board_message_list *to = rows.v[i].is_urgent ? ret_urgent : ret_others;
        board_message_of(c, &rows.v[i], &to->v[to->n++]);
    }
    return E_OK;
}
