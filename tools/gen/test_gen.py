"""What the generator writes from sound files: that it compiles against the real headers with the
project's warnings, and that the words of the contract (docs/generated.md) are in it."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import cwrite
import gen
import po
import sample
from sm3 import sm3_hex

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FLAGS = (
    "-std=c17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 "
    "-Wswitch-enum -Wconversion -Werror"
).split()
HEADERS = [os.path.join(ROOT, "src", f) for f in ("base", "crypt", "store", "web")]


def literal(c_text, name):
    """The value of `const char name[] = "…" "…";` in written C."""
    body = re.search(name + r"\[\] =\n(.*?);\n", c_text, re.S).group(1)
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', body))
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), text)


class Written(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = sample.write(translations={"借还物品": "Lending", "都还在??": "All here??"})

    def has(self, name, *parts):
        for part in parts:
            self.assertIn(part, self.files[name])

    def test_every_file_of_the_contract_is_written_and_listed(self):
        project = sample.read()
        self.assertEqual(sorted(gen.output_names(project)), sorted(self.files))

    def test_all_compiles_with_every_warning(self):
        with tempfile.TemporaryDirectory() as out:
            gen.save(out, self.files)
            with open(os.path.join(out, "test.h"), "w", encoding="utf-8") as f:
                f.write("struct test { int none; };\n")
            for name in sorted(self.files):
                if name.endswith(".c"):
                    words = [
                        "gcc",
                        *FLAGS,
                        "-fsyntax-only",
                        "-I",
                        out,
                        *[w for h in HEADERS for w in ("-I", h)],
                        os.path.join(out, name),
                    ]
                    done = subprocess.run(words, capture_output=True, text=True, check=False)
                    self.assertEqual(done.returncode, 0, f"{name}:\n{done.stderr[:3000]}")

    def test_a_wrong_member_in_a_condition_is_the_compilers_error_at_the_templates_line(self):
        files = sample.write({"loan/loan.html": ("{% if v->total > 3 ", "{% if v->nonsense > 3 ")})
        with tempfile.TemporaryDirectory() as out:
            gen.save(out, files)
            words = [
                "gcc",
                *FLAGS,
                "-fsyntax-only",
                "-I",
                out,
                *[w for h in HEADERS for w in ("-I", h)],
                os.path.join(out, "loan_gen.c"),
            ]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
        self.assertRegex(done.stderr, r"src/loan/loan\.html:9:\d+: error: .*nonsense")

    def test_errors_and_rights(self):
        self.has("errors.h", "E_OK = 0,\n    E_NOT_FOUND", "E_LOAN_TAKEN", "ERR_COUNT")
        self.has("errors.c", '{"E_LOAN_TAKEN", "loan_taken", 409, "这件东西已经借出", "请另选一件"}', '"系统出了问题", NULL}')
        self.assertRegex(
            self.files["rights.h"], r"enum right \{\n    RIGHT_PUBLIC,\n    RIGHT_LOAN_SEE,\n    RIGHT_LOAN_LEND,"
        )
        self.has(
            "rights.c",
            "UINT64_MAX, /* public */",
            "UINT64_C(1) << ROLE_GUIDE | UINT64_C(1) << ROLE_CLERK, /* loan.see */",
        )

    def test_events_settings_services(self):
        self.has("events.c", '{"loan.lent", "借出{thing}", 1u << TOPIC_HALL, true}')
        self.has(
            "settings.c",
            '{"loan.due_hours", "借出多久算逾期(小时)", SETTING_TYPE_INT, INT64_C(1), INT64_C(72), INT64_C(4), NULL}',
            'return c->settings == NULL ? STR("12345") : c->settings->v[SETTING_WEB_PHONE].text;',
        )
        self.has(
            "settings.h",
            "int64_t setting_loan_due_hours(const struct ctx *c);",
            "bool setting_web_open(const struct ctx *c);",
        )
        self.has(
            "services.c",
            '{"shelf", shelf_start, shelf_stop}',
            '{"loan.overdue", 60, loan_overdue_job}',
            '{"things", "东西", things_import}',
            "exporter_table[]",
            '{"things", "东西", things_export}',
        )

    def test_statements(self):
        self.has(
            "stmts.c",
            '"iitIDBfi", "", NULL, true',
            '"ii", "itIDfi", columns_thing_by_id, false',
            '"i", "itIDfi", columns_thing_free, false',
        )
        self.has("stmts.c", 'taken_at IS NULL LIMIT 1"')
        self.assertNotIn("the first", self.files["stmts.c"])
        self.has(
            "loan_gen.h",
            "#define things_all_rows thing_by_id_rows",
            "struct things_all_rows *ret);",
            "struct thing_free_row **ret);",
            "thing_put_changes(",
        )

    def test_migrations_for_both_databases(self):
        text = self.files["migrations.c"]
        self.assertIn("stock INTEGER NOT NULL CHECK (stock >= 0)", text)
        self.assertIn("is_old SMALLINT NOT NULL DEFAULT 0 CHECK (is_old IN (0, 1))", text)
        self.assertIn("STRICT, WITHOUT ROWID;", text)
        self.assertIn('name TEXT COLLATE \\"C\\" NOT NULL', text)
        self.assertIn("COMMENT ON COLUMN thing.name IS 'as people say it; ''quoted''';", text)
        self.assertIn("COMMENT ON TABLE thing IS 'Things the hall lends.';", text)
        self.assertIn("lent_on INTEGER,\\n", text)
        self.assertIn(sm3_hex(sample.FILES["loan/0001_loan.sql"].encode()), text)

    def test_hidden_members_stay_out_of_json_and_c_words_lose_their_mark(self):
        code = self.files["loan_gen.c"]
        self.assertNotIn('json_name(j, "secret")', code)
        self.assertIn('json_name(j, "case");\n    json_text(j, v->case_);', code)
        self.assertIn('.name = "case", .type = FIELD_TEXT', code)

    def test_forms(self):
        self.has(
            "loan_gen.h",
            "enum lend_kind { LEND_KIND_UNSET = -1, LEND_KIND_WHEELCHAIR, LEND_KIND_UMBRELLA, LEND_KIND_COUNT };",
        )
        code = self.files["loan_gen.c"]
        self.assertRegex(code, r'"hours".*\n.*INT64_C\(1\), \.max = INT64_C\(72\).*\n.*default_int = INT64_C\(4\)')
        self.assertRegex(code, r'"kind", \.type = FIELD_CHOICE.*\n.*lend_kind_words.*\n.*default_int = INT64_C\(1\)')
        self.assertRegex(code, r'"id".*\n.*\n.*from_path = true')
        self.assertNotIn('.name = "result"', code)

    def test_routes(self):
        code = self.files["routes.c"]
        self.assertIn(".back = &routes[0]", code)
        self.assertRegex(code, r'"/loans\.csv"[^}]*\.slow = true')
        self.assertIn("before_loan_prepare", code)
        self.assertIn("const int route_count = 3;", code)

    def test_template_escapes_by_place(self):
        code = self.files["loan_gen.c"]
        self.assertIn("page_url_part(b, l->thing);", code)
        self.assertIn("html_url(b, l->thing);", code)
        self.assertIn("if (l->holder != NULL) { html_text(b, l->holder->name); }", code)
        self.assertIn('tr(c, "都还在?\\?")', code)
        self.assertIn('layout_staff(b, c, tr(c, "借还物品"), true, loans_page_body_, &a_);', code)

    def test_openapi(self):
        text = literal(self.files["openapi.c"], "openapi_json")
        self.assertIn(f"openapi_json_size = {len(text.encode())};", self.files["openapi.c"])
        d = json.loads(text)
        self.assertEqual(d["openapi"], "3.1.0")
        lend = d["paths"]["/loans/{id}/lend"]["post"]
        self.assertEqual(lend["security"], [{"bearer": []}, {"cookie": []}])
        self.assertIn("201", lend["responses"])
        self.assertIn(
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}},
            lend["parameters"],
        )
        self.assertEqual(d["paths"]["/loans.csv"]["get"]["security"], [])
        self.assertNotIn("secret", d["components"]["schemas"]["loan_line"]["properties"])
        form = d["components"]["schemas"]["lend_form"]
        self.assertEqual(sorted(form["properties"]), ["case", "hours", "kind", "needs", "phone", "thing"])
        self.assertEqual(form["properties"]["kind"]["enum"], ["wheelchair", "umbrella"])
        self.assertEqual(
            d["components"]["schemas"]["error"]["properties"]["error"]["properties"]["code"]["enum"],
            ["not_found", "internal", "loan_taken"],
        )
        for found in re.findall(r'"\$ref":"#/components/(\w+)/(\w+)"', text):
            self.assertIn(found[1], d["components"][found[0]])

    def test_messages_are_sorted_by_bytes(self):
        zh = re.findall(r'^    \{"((?:[^"\\]|\\.)*)", ', self.files["messages.c"], re.M)
        self.assertEqual(zh, sorted(zh, key=lambda t: t.encode()))
        self.has("messages.c", '{"借还物品", "Lending"}', '{"电话", NULL}')

    def test_tests_are_found_by_name(self):
        self.has("tests.c", '{"test_loan__one", "loan", test_loan__one}', "test_count = 1")

    def test_an_empty_module_list_still_gives_tables(self):
        files = sample.write({"modules.list": "layer base\n"})
        self.assertIn("route_count = 0", files["routes.c"])
        self.assertIn("SETTING_COUNT", files["settings.h"])


class Saving(unittest.TestCase):
    def test_only_what_changed_is_written_again(self):
        files = sample.write()
        with tempfile.TemporaryDirectory() as out:
            self.assertEqual(gen.save(out, files), len(files))
            os.utime(os.path.join(out, "errors.h"), (1, 1))
            files["errors.c"] += "/* new */\n"
            self.assertEqual(gen.save(out, files), 1)
            self.assertEqual(os.stat(os.path.join(out, "errors.h")).st_mtime, 1)

    def test_a_removed_folders_header_goes(self):
        with tempfile.TemporaryDirectory() as out:
            gen.save(out, {"old_gen.h": "x", "errors.h": "x"})
            gen.save(out, {"errors.h": "x"})
            self.assertEqual(os.listdir(out), ["errors.h"])


class Commands(unittest.TestCase):
    def tree(self, changes=None):
        root = sample.tree(changes)
        self.addCleanup(shutil.rmtree, root)
        return root

    def run_gen(self, root, *words):
        return subprocess.run(
            [
                "python3",
                os.path.join(ROOT, "tools/gen/gen.py"),
                "--src",
                os.path.join(root, "src"),
                "--po",
                os.path.join(root, "po"),
                *words,
            ],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "GEN_KEEP_GOING": ""},
        )

    def test_a_mistake_stops_the_build_and_all_are_told(self):
        root = self.tree({"loan/loan.def": ("right loan.see", "rihgt loan.see"), "loan/loan.sql": ("LIMIT 500", "")})
        done = self.run_gen(root, "--out", os.path.join(root, "out"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("src/loan/loan.def:3: `rihgt` is not a declaration", done.stderr)
        self.assertIn("LIMIT is missing in `things_all`", done.stderr)
        self.assertFalse(os.path.exists(os.path.join(root, "out")))

    def test_keep_going_leaves_out_what_is_wrong(self):
        root = self.tree({"loan/loan.sql": ("LIMIT 500", ""), "loan/loan.html": ("uses staff", "uses nobody")})
        done = self.run_gen(root, "--out", os.path.join(root, "out"), "--keep-going")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("LIMIT is missing", done.stderr)
        with open(os.path.join(root, "out", "stmts.c"), encoding="utf-8") as f:
            text = f.read()
        self.assertNotIn("things_all", text)
        self.assertIn("thing_free", text)

    def test_a_release_needs_every_english_text(self):
        root = self.tree()
        done = self.run_gen(root, "--out", os.path.join(root, "out"), "--release")
        self.assertEqual(done.returncode, 1)
        self.assertIn('no English for "这件东西已经借出"; run gen.py --extract', done.stderr)
        self.assertIn("texts have no English yet", self.run_gen(root, "--out", os.path.join(root, "out")).stdout)

    def test_extract_keeps_adds_and_drops(self):
        c_file = '#include "x.h"\nstruct str f(struct ctx *c)\n{\n    return tr(c, "从 C "\n              "来");\n}\nstatic const char *const t[] = {/* tr */ "表里"};\n'
        root = self.tree({"loan/loan.c": c_file})
        os.makedirs(os.path.join(root, "po"))
        path = os.path.join(root, "po", "en.po")
        with open(path, "w", encoding="utf-8") as f:
            f.write('msgid "电话"\nmsgstr "Phone"\n\nmsgid "没有人用"\nmsgstr "nobody"\n')
        done = self.run_gen(root, "--extract")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        self.assertIn('msgid "电话"\nmsgstr "Phone"\n', text)
        self.assertNotIn("没有人用", text)
        self.assertIn('#: src/loan/loan.c\nmsgid "从 C 来"\nmsgstr ""\n', text)
        self.assertIn('msgid "表里"', text)
        self.assertIn('#: src/loan/loan.html\nmsgid "借到 {at},第 {n} 件"\n', text)
        self.assertEqual(po.read_po(path), {"电话": "Phone"})
        before = os.stat(path).st_mtime_ns
        self.run_gen(root, "--extract")
        self.assertEqual(os.stat(path).st_mtime_ns, before)

    def test_extract_drops_nothing_while_something_cannot_be_read(self):
        root = self.tree({"loan/loan.def": ("right loan.see", "rihgt loan.see")})
        os.makedirs(os.path.join(root, "po"))
        with open(os.path.join(root, "po", "en.po"), "w", encoding="utf-8") as f:
            f.write('msgid "看借物"\nmsgstr "See loans"\n')
        done = self.run_gen(root, "--extract")
        self.assertIn("`rihgt` is not a declaration", done.stderr)
        self.assertEqual(po.read_po(os.path.join(root, "po", "en.po")), {"看借物": "See loans"})

    def test_lists_for_meson(self):
        root = self.tree()
        inputs = self.run_gen(root, "--list-inputs").stdout.split()
        self.assertIn(os.path.join(root, "src/loan/loan.html"), inputs)
        self.assertIn(os.path.join(root, "src/modules.list"), inputs)
        self.assertIn("loan_gen.c", self.run_gen(root, "--list-outputs").stdout.split())


class Small(unittest.TestCase):
    def test_sm3(self):
        """GB/T 32905-2016, annex A: the two worked examples."""
        self.assertEqual(sm3_hex(b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        self.assertEqual(sm3_hex(b"abcd" * 16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")

    def test_c_strings(self):
        self.assertEqual(cwrite.c_string('a"\\\n\x01??='), '"a\\"\\\\\\n\\001?\\?="')
        self.assertEqual(cwrite.c_string(None), "NULL")

    def test_po_holes_must_be_the_same(self):
        project = sample.read()
        po.check_po(project, {"借出{thing}": "{things} lent"}, False)
        self.assertIn("has the holes ['things']", "\n".join(project.problems.lines()))


if __name__ == "__main__":
    unittest.main()
