#!/usr/bin/env python3
"""./dev new NAME: a new folder in src/ that builds and passes its tests, and its word in
src/modules.list. What it makes is the smallest whole feature: a list with names in it, a page that
shows it, a form that adds to it, a rule (no name twice), and a test of each. Change the words to
yours and go on from there; taking it back is deleting the folder and the word."""

import os
import re
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
TAKEN = set("""auto break case char const continue default do double else enum extern float for goto if inline int long
    register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
    window user order group table select index end offset limit column check primary grant all any test main errors rights
    events settings stmts migrations services routes openapi messages tests assets pages""".split())

FILES = {}

FILES["NAME.def"] = """\
# NAME: what this folder knows, in a sentence.
needs center staff

right NAME.see "看NAME" staff
right NAME.add "添加NAME" staff

error NAME_known 409 "这个名称已经有了" hint "请换一个名称"

event NAME.added "添加{name}"

view NAME_line
    id        id
    name      text
    added_at  instant
view NAME_page
    items     NAME_line[]
    total     int

form NAME_new
    name  text required max 40 label "名称"

route GET  /NAME NAME.see NAME_show -> NAME_page page NAME_page_html about "NAME的清单"
route POST /NAME NAME.add NAME_add (NAME_new) -> NAME_line back NAME_show created about "添加一个NAME"
"""

FILES["NUMBER_NAME.sql"] = """\
-- The list of NAME.
CREATE TABLE NAME (
    center_id   id,
    id          id,
    name        text,          -- as people say it; once in a centre
    added_at    instant,
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX NAME_name ON NAME (center_id, name);
"""

FILES["NAME.sql"] = """\
-- :many NAME_all(center_id id) -> (id id, name text, added_at instant)
-- All of them, by name.
SELECT id, name, added_at FROM NAME WHERE center_id = $1 ORDER BY name LIMIT 500;

-- :exec NAME_put(center_id id, id id, name text, added_at instant)
INSERT INTO NAME (center_id, id, name, added_at) VALUES ($1, $2, $3, $4);
"""

FILES["NAME.h"] = """\
/* NAME: what this folder knows, and the rules it keeps. */
#ifndef UPPER_H
#define UPPER_H

#include "NAME_gen.h"

/* Puts a name on the list; E_UPPER_KNOWN when it is there already. */
MUST_USE enum err NAME_put_new(struct ctx *c, struct str name, struct NAME_line *ret);

#endif
"""

FILES["NAME.c"] = """\
/* The rules of NAME. A name stands on the list once; the unique index sees to that, also when two
 * people add it at the same moment, and here it only gets its sentence. */
#include "NAME.h"

#include "journal.h"
#include "json.h"

static struct str facts(struct ctx *c, struct str name)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 1024);
    json_init(&j, &b, c->zone_minutes);
    json_object(&j);
    json_name(&j, "name");
    json_text(&j, name);
    json_end_object(&j);
    return buf_as_str(&b);
}

enum err NAME_put_new(struct ctx *c, struct str name, struct NAME_line *ret)
{
    int64_t id = new_id(c);
    enum err e = NAME_put(c, c->center_id, id, name, c->now);
    if (e == E_UNIQUE)
        return fail_field(c, E_UPPER_KNOWN, "name", "known already");
    TRY(e);
    TRY(journal_add(c, EV_UPPER_ADDED, id, 0, facts(c, name), STR_NONE));
    *ret = (struct NAME_line){.id = id, .name = name, .added_at = c->now};
    return E_OK;
}
"""

FILES["NAME_web.c"] = """\
/* The page of NAME: the list, and the form that adds to it. */
#include "NAME.h"

enum err NAME_show(struct ctx *c, struct reply *r, struct NAME_page *v)
{
    (void)r;
    struct NAME_all_rows rows;
    TRY(NAME_all(c, c->center_id, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct NAME_line, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v->items.v[v->items.n++] = (struct NAME_line){
            .id = rows.v[i].id, .name = rows.v[i].name, .added_at = rows.v[i].added_at};
    v->total = (int64_t)rows.n;
    return E_OK;
}

enum err NAME_add(struct ctx *c, const struct NAME_new_form *f, struct reply *r, struct NAME_line *v)
{
    TRY(NAME_put_new(c, f->name, v));
    reply_see(r, "/NAME");
    return E_OK;
}
"""

FILES["NAME.html"] = """\
{% page NAME_page_html(NAME_page v) uses staff title "NAME" %}
<h1>NAME</h1>
<section class="card">
  {% if v->total == 0 %}<p>{{_ "还没有。" }}</p>{% else %}
  <ul>{% for l in v->items %}<li>{{ l->name }} <small>{{ l->added_at | instant }}</small></li>{% end %}</ul>{% end %}
  <form method="post" action="/NAME">{% key %}
    <div class="field{% if refused(c, "name") %} has-error{% end %}">
      <label for="name">{{_ "名称" }}</label>
      <input id="name" name="name" maxlength="40" required value="{{ =text posted(c, "name") }}">
    </div>
    <button class="primary" type="submit">{{_ "添加" }}</button>
  </form>
</section>
{% end %}
"""

FILES["NAME_test.c"] = """\
/* NAME: what is added is on the list, and nothing is on it twice. */
#include "NAME.h"
#include "test.h"

void test_NAME__what_is_added_is_shown(struct test *t)
{
    struct NAME_line line;
    struct NAME_page page = {0};
    struct reply r = {.c = t->c};
    assert_int_equal(NAME_put_new(t->c, STR("一"), &line), E_OK);
    assert_int_equal(NAME_show(t->c, &r, &page), E_OK);
    assert_int_equal(page.total, 1);
    assert_true(str_is(page.items.v[0].name, "一"));
}

void test_NAME__a_name_stands_on_the_list_once(struct test *t)
{
    struct NAME_line line;
    assert_int_equal(NAME_put_new(t->c, STR("一"), &line), E_OK);
    assert_int_equal(NAME_put_new(t->c, STR("一"), &line), E_UPPER_KNOWN);
}
"""


def next_number():
    """Migrations are numbered project-wide."""
    numbers = [0]
    for where, _, names in os.walk(os.path.join(ROOT, "src")):
        numbers += [int(n[:4]) for n in names if re.match(r"\d{4}_.*\.sql$", n)]
    return (max(numbers) // 10 + 1) * 10


def add_word(name):
    path = os.path.join(ROOT, "src", "modules.list")
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    at = next((i for i, line in enumerate(lines) if line.split()[:1] == ["app"]), len(lines))
    lines.insert(at, f"module {name}")
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines))


def main():
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if not re.fullmatch(r"[a-z][a-z0-9]{1,19}", name) or name in TAKEN:
        sys.exit("a folder is named by one lower-case noun that neither C nor SQL has taken: ./dev new umbrella")
    folder = os.path.join(ROOT, "src", name)
    if os.path.isdir(folder) and os.listdir(folder):
        sys.exit(f"src/{name} is there already; nothing was changed")
    os.makedirs(folder, exist_ok=True)
    number = f"{next_number():04d}"
    for file_name, text in FILES.items():
        for word, value in (("NUMBER", number), ("UPPER", name.upper()), ("NAME", name)):
            file_name, text = file_name.replace(word, value), text.replace(word, value)
        with open(os.path.join(folder, file_name), "w", encoding="utf-8") as f:
            f.write(text)
    add_word(name)
    print(f"src/{name} is made, and its word is in src/modules.list. Next: ./dev test --quick")


if __name__ == "__main__":
    main()
