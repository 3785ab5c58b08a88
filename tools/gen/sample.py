"""The small hall that the generator's tests are tried on: sound files, of which each test changes one.

Not a test itself. `problems(changes)` runs the whole reading in this process; `write(changes)` prints too."""

import os
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import gen  # noqa: E402

FILES = {
    "modules.list": "layer base\nlayer crypt\nlayer store\nlayer web\nmodule staff\nmodule loan\napp app\n",
    "base/base.def": 'error not_found 404 "没有找到" hint "请核对号码"\nerror internal 500 "系统出了问题"\n',
    "web/web.def": 'right public "任何人" *\nsetting web.phone text "12345" "电话"\nsetting web.open flag 1 "开放"\n',
    "web/web.html": """{% layout staff(text title, flag wide) %}
<!doctype html>
<html lang="zh-CN"><head><title>{{ title }}</title>
<link rel="stylesheet" href="{{ asset "app.css" }}"><script src="{{ asset "a.js" }}" defer></script></head>
<body class="{% if wide %}wide{% else %}narrow{% end %}"><main>{% body %}</main></body></html>
{% end %}
""",
    "staff/staff.def": 'role guide "导办员"\nrole clerk "窗口人员"\n\nview person\n    id id\n    name text\n',
    "loan/loan.def": """# Lending.
needs staff
right loan.see "看借物" staff
right loan.lend "借出" guide clerk
error loan_taken 409 "这件东西已经借出" hint "请另选一件"
topic hall
event loan.lent "借出{thing}" to hall visitor
setting loan.due_hours int 4 min 1 max 72 "借出多久算逾期(小时)"
service shelf shelf_start shelf_stop
job loan.overdue 60 loan_overdue_job
importer things things_import "东西"
exporter things things_export "东西"
demo loan_demo

view loan_line
    id      id
    thing   text "什么东西"
    at      instant
    due_on  date
    count   int
    late    flag
    holder  person?
    lender  person
    needs   text[]
    extra   json
    secret  text hidden
    case_   text
view loans
    lines   loan_line[]
    total   int
    best    loan_line?

form lend
    id      id path
    thing   text required max 40 label "东西"
    hours   int min 1 max 72 default 4
    kind    choice wheelchair umbrella default umbrella
    needs   texts deaf infant
    phone   phone label "电话"
    case_   text
    result  id computed

route GET  /loans              loan.see  loans_show -> loans page loans_page
route GET  /loans.csv          public    loans_csv -> - slow
route POST /loans/{id}/lend    loan.lend loan_lend (lend) -> loan_line back loans_show created before loan_prepare about "借出"
""",
    "loan/0001_loan.sql": """-- Things the hall lends.
CREATE TABLE thing (
    center_id  id,
    id         id,
    name       text,            -- as people say it; 'quoted'
    taken_at   instant?,
    lent_on    date?,
    photo      bytes?,
    is_old     flag DEFAULT 0,
    stock      int CHECK (stock >= 0),
    PRIMARY KEY (center_id, id)
);
CREATE UNIQUE INDEX thing_name ON thing (center_id, name) WHERE taken_at IS NULL;
""",
    "loan/loan.sql": """-- :one thing_by_id(center_id id, id id) -> (id id, name text, taken_at instant?, lent_on date?, is_old flag, stock int)
-- One thing.
SELECT id, name, taken_at, lent_on, is_old, stock FROM thing WHERE center_id = $1 AND id = $2 LIMIT 1;

-- :maybe thing_free(center_id id) -> thing_by_id
SELECT id, name, taken_at, lent_on, is_old, stock FROM thing
 WHERE center_id = $1 AND taken_at IS NULL LIMIT 1; -- the first

-- :many things_all(center_id id) -> thing_by_id
SELECT id, name, taken_at, lent_on, is_old, stock FROM thing WHERE center_id = $1 ORDER BY name LIMIT 500;

-- :exec thing_put(center_id id, id id, name text, taken_at instant?, lent_on date?, photo bytes?, is_old flag,
--                 stock int)
INSERT INTO thing (center_id, id, name, taken_at, lent_on, photo, is_old, stock)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
""",
    "loan/loan.html": """{% page loans_page(loans v) uses staff title "借还物品" wide true %}
<h1>{{_ "借还物品" }}</h1>
{% for l in v->lines %}
  <p class="line{% if l->late %} late{% end %}" title="{{ l->thing }}">{{ l->thing }} {{_ "借到 {at},第 {n} 件" at=l->at|instant n=l_at }}</p>
  <a href="/loans/{{ l->thing }}?x={{ l->id }}">{{ l->count | duration }} {{ l->due_on }} {{ l->holder->name }}</a>
  {% for n in l->needs %}<b>{{ n }}</b>{% else %}<i>{{ l->secret | lines }}</i>{% end %}
{% else %}<p>{{_ "都还在??" }}</p>{% end %}
{% for x in v->best->needs %}<b>{{ x }}</b>{% end %}
{% if v->total > 3 && v->lines.n > 0 %}<p>{{ v->total }}</p>{% elif v->total == 0 %}<br>{% end %}
{% call row(v->best, 3, "一行", {=flag v->total > 1}) %}{% call rows(v->lines) %}
<form method="post" action="/loans/1/lend">{% key %}<input name="thing"{% if v->total > 0 %} required{% end %} value="{{ =text STR("x") }}"></form>
{% end %}
{% part row(loan_line l, int n, text t, flag is_last) %}<b>{{ n }}{{ t }}{{ l->case_ }}{% if is_last %}!{% end %}</b>{% end %}
{% part rows(loan_line[] all) %}<ul>{% for l in all %}<li><a href="{{ l->thing }}">{{ all.n }}</a></li>{% end %}</ul>{% end %}
""",
    "loan/loan_test.c": '#include "test.h"\nvoid test_loan__one(struct test *t)\n{\n    (void)t;\n}\n',
    "app/main.c": "int main(void)\n{\n    return 0;\n}\n",
}


def tree(changes=None):
    """A folder with the sample's files; `changes`: path → new text, or (old, new) to replace in it."""
    root = tempfile.mkdtemp(prefix="gen-sample-")
    files = dict(FILES)
    for path, change in (changes or {}).items():
        if isinstance(change, tuple):
            if change[0] not in files[path]:
                raise AssertionError(f"the sample's {path} has no {change[0]!r}")
            change = files[path].replace(change[0], change[1], 1)
        files[path] = change
    for path, text in files.items():
        full = os.path.join(root, "src", path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8", newline="") as f:
            f.write(text)
    return root


def read(changes=None, c_texts=False):
    root = tree(changes)
    try:
        return gen.read_all(gen.open_project(os.path.join(root, "src")), c_texts)
    finally:
        shutil.rmtree(root)


def problems(changes=None):
    return read(changes).problems.lines()


def write(changes=None, translations=None):
    p = read(changes)
    if p.problems.found:
        raise AssertionError("\n".join(p.problems.lines()))
    return gen.write_all(p, translations or {})


class Refusal(unittest.TestCase):
    def refused(self, changes, *sentences):
        found = "\n".join(problems(changes))
        for s in sentences:
            self.assertIn(s, found)

    def sound(self, changes):
        self.assertEqual(problems(changes), [])
