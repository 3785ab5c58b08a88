"""What the generator must refuse in templates, each with the place and the sentence it says."""

import unittest

import sample
from sample import Refusal

HTML = "loan/loan.html"

# A page of one paragraph, for tests of HTML: what stands in it is what is wrong.
PAGE = '{{% page loans_page(loans v) uses staff title "借还物品" wide true %}}\n{}\n{{% end %}}\n'


def page(text):
    return {HTML: PAGE.format(text)}


class Templates(Refusal):
    def test_dangerous_places(self):
        for text, sentence in [
            ("<script>{{ v->total }}</script>", "a hole in <script>"),
            ("<script>alert(1)</script>", "inline <script> is not sent"),
            ("<style>p{}</style>", "<style> is not sent"),
            ('<p style="color:red">x</p>', 'style="…" is not sent'),
            ('<p style="{{ v->total }}">x</p>', "a hole in a style attribute"),
            ('<p onclick="x()">x</p>', "the event attribute `onclick` is not sent"),
            ('<p onclick="{{ v->total }}">x</p>', "a hole in the event attribute `onclick`"),
            ('<p hx-on:click="x()">x</p>', "`hx-on:click` needs eval"),
            ("<p hx-vals='js:{a:1}'>x</p>", "`hx-vals` with js: needs eval"),
            ('<p hx-trigger="click[ctrlKey]">x</p>', "a filter […] in hx-trigger needs eval"),
            ('<a href="javascript:x()">x</a>', "`javascript:` address in `href`"),
            ('<a href=" JavaScript:x()">x</a>', "`javascript:` address in `href`"),
            ('<a href="data:text/html,x">x</a>', "a data: address cannot be a link"),
            ("<p class={{ v->total }}>x</p>", "a hole in an unquoted attribute"),
            ("<p class=a{{ v->total }}>x</p>", "a hole in an unquoted attribute"),
            ('<p {{ v->total }}="x">x</p>', "a hole in a tag or attribute name"),
            ("<{{ v->total }}>", "tag name"),
            ("<!-- {{ v->total }} -->", "a hole in a comment"),
            ('<p hx-vals=\'{"a":"{{ v->best->thing }}"}\'>x</p>', "text inside the JSON of this attribute"),
            ('<a href="{{_ "字" }}">x</a>', "a translated text does not belong in an address"),
            ('<a href="/x/{{ v->best->at }}">x</a>', "instant does not belong in an address"),
        ]:
            with self.subTest(text):
                self.refused(page(text), sentence, "src/loan/loan.html:2: ")

    def test_html_is_closed_and_sound(self):
        for text, sentence in [
            ("<p>", "<p> is not closed in this template"),
            ("</p>", "</p> closes nothing here"),
            ("<p><b>x</p>", "</p> comes while <b> of line 2 is open"),
            ("<br></br>", "</br>: <br> is never closed"),
            ("<div/>", "<div /> does not close itself"),
            ("<p><div>x</div></p>", "<div> cannot stand inside <p>"),
            ('<p class="x>x</p>', "the template ends inside attribute `class`"),
            ("<p class=>x</p>", "attribute `class` has no value"),
            ('<p class,="x">x</p>', "`class,` is not the name of an attribute"),
            ('<p "x">x</p>', "is out of place in <p>"),
            ("1 < 2", "`<` alone is written &lt;"),
            ("<!-- x", "the template ends inside a comment"),
            ("{% if v->total > 0 %}<p>{% end %}</p>", "the branches of {% if %} end in different places"),
            ("{% for l in v->lines %}<li>{% end %}", "the branches of {% for %} end in different places"),
            ('<p class="a{% if v->total > 0 %}"{% end %}>x</p>', "the branches of {% if %} end in different places"),
            ('<form method="post" action="/x"></form>', "needs {% key %} inside"),
            (
                '<form method="post" action="/x">{% key %}<input type="file" name="a"></form>',
                'a form with a file needs enctype="multipart/form-data"',
            ),
            ("<form METHOD='POST' action=\"/x\"></form>", "needs {% key %} inside"),
            (
                '<form method="post" action="/x">{% if v->total > 0 %}{% key %}{% end %}</form>',
                "needs {% key %} inside, in every branch",
            ),
            ("{% key %}", "{% key %} stands inside a <form>"),
            ("<form><form></form></form>", "<form> inside <form>"),
        ]:
            with self.subTest(text):
                self.refused(page(text), sentence)

    def test_types(self):
        for text, sentence in [
            ("{{ v->nothing }}", "view `loans` has no member `nothing`; it has: lines total best"),
            ("{{ w->x }}", "`w` is not known here; known: v"),
            ("{{ v->total->x }}", "int has no members"),
            ("{{ v->lines }}", "is a list; go through it with {% for %}"),
            ("{{ v->best }}", "is a whole loan_line; name one of its members"),
            ("{{ v->best->late }}", "is a flag; use {% if %}"),
            ("{{ v->best->extra }}", "is JSON"),
            ("{{ v->total | lines }}", "filter `lines` is for text, not for int"),
            ("{{ v->total | loud }}", "filter `loud` is not known"),
            ('<p title="{{ v->best->thing | lines }}">x</p>', "filter `lines` makes <br>"),
            ("{{ f(x) }}", "`f(x)` is not a path"),
            ("{{ =real x }}", "`=real` is not a type"),
            ("{{ =int x; y }}", "is not one C expression"),
            ('{{_ "有 {n} 个" }}', "the text has the holes ['n'], but values come for []"),
            ('{{_ "有" n=v->total }}', "the text has the holes [], but values come for ['n']"),
            ('{{_ "有 {n} 个" n=v->nothing }}', "has no member `nothing`"),
            ("{{ asset app.css }}", 'write {{ asset "name" }}'),
            ("{% for x in v->total %}{% end %}", "`v->total` is not a list"),
            ("{% for v in v->lines %}{% end %}", "the name `v` is used already"),
            ("{% for v->lines %}{% end %}", "write {% for name in view->list %}"),
            ("{% if %}{% end %}", "{% if %} has no condition"),
            ("{% if a; b %}{% end %}", "a condition is one C expression"),
            ("{% if (a %}{% end %}", "a condition is one C expression"),
            ("{% if a %}", "page `loans_page` is not closed by {% end %}"),
            ("{% call nothing() %}", "part `nothing` does not exist"),
            ("{% call row(v->best) %}", "part `row` takes 4 values, not 1"),
            ('{% call row(v->total, 1, "x", true) %}', "`v->total` is int, but `l` is loan_line"),
            ('{% call row(v->best, "x", "x", true) %}', "is text, but `n` is int"),
            ('<p {% call row(v->best, 1, "x", true) %}></p>', "{% call %} stands in text"),
            ("{% body %}", "{% body %} belongs in a layout"),
            ("{% while x %}", "{% while %} is not a directive"),
            ("{{ v->total", "`{{` has no partner"),
            ("%}", "`%}` has no partner"),
        ]:
            with self.subTest(text):
                parts = "\n" + "\n".join(l for l in sample.FILES[HTML].split("\n") if l.startswith("{% part"))
                self.refused({HTML: PAGE.format(text) + parts}, sentence, "src/loan/loan.html:")

    def test_heads(self):
        for head, sentence in [
            ('{% page loans_page(loans v) uses nobody title "x" %}', "layout `nobody` does not exist"),
            ('{% page loans_page(loans v) uses staff title "x" %}', "layout `staff` needs `wide`"),
            (
                '{% page loans_page(loans v) uses staff title "x" wide true colour 3 %}',
                "layout `staff` has no parameter `colour`",
            ),
            ("{% page loans_page(loans v) uses staff title 3 wide true %}", "`3` is int, but `title` is text"),
            ("{% page loans_page(nothing v) %}", "`nothing` is neither a view nor one of text"),
            ("{% page loans_page(loans b) %}", "parameter `b` would clash in C"),
            ("{% page loans_page(loans) %}", "parameter `loans` is written `TYPE name`"),
            ("{% page loans_page %}", "write {% page name(type name, …) %}"),
            ("{% page loans_page(loan_line v) %}", "page `loans_page` shows (loan_line), but the route gives loans"),
        ]:
            with self.subTest(head):
                self.refused({HTML: head + "<p>x</p>{% end %}"}, sentence)
        self.refused({HTML: "<p>x</p>" + sample.FILES[HTML]}, "text outside of a page, part or layout")
        self.refused({HTML: sample.FILES[HTML] + "{% end %}"}, "{% end %} closes nothing here")
        self.refused(
            {HTML: sample.FILES[HTML] + "{% part row(int n) %}{% end %}"}, "template `row` is declared already"
        )
        self.refused(
            {HTML: sample.FILES[HTML] + "{% part again(int n) %}{% call again(n) %}{% end %}"},
            "part `again` calls itself without a condition",
        )
        self.refused({"web/web.html": ("{% body %}", "")}, "layout `staff` needs one {% body %}, it has 0")
        self.refused({HTML: sample.FILES[HTML] + "{% layout mine() %}<p>{% body %}{% end %}"}, "<p> is not closed")

    def test_what_is_sound_is_not_refused(self):
        parts = "\n" + "\n".join(l for l in sample.FILES[HTML].split("\n") if l.startswith("{% part"))
        for text in [
            '<svg viewBox="0 0 1 1"><path d="M0"/></svg>',
            '<textarea name="a"> {{ v->total }}\n < </textarea>',
            "<input disabled{% if v->total > 0 %} required{% end %}>",
            '<a href="{% if v->total > 0 %}/a{% else %}/b{% end %}">x</a>',
            '{% if v->total > 0 %}<p>a{% else %}<p class="b">{% end %}</p>',
            "{# <p onclick={{ x }}> #}",
            "<!-- a < b -->",
            '<a href="tel:{{ v->best->thing }}">x</a>',
            "<pre>\n  a\n</pre>",
            '<p>{{ =text STR("{a} | b") }}</p>',
            '<form method="get" action="/x"></form>',
            "<p>{% for l in v->lines %}{{ l_at }}{% end %}</p>",
        ]:
            with self.subTest(text):
                self.sound({HTML: PAGE.format(text) + parts})

    def test_two_tests_of_one_name(self):
        self.refused({"staff/staff_test.c": sample.FILES["loan/loan_test.c"]}, "test `test_loan__one` exists already")


if __name__ == "__main__":
    unittest.main()
