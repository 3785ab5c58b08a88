"""Tests of the linter: for each rule a small project that breaks it, and one that does not."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lint import Lint  # noqa: E402
from source import functions, strings  # noqa: E402

HEAD = "/* A part of the hall. */\n"
LIST = "layer base\nlayer crypt\nlayer store\nlayer web\nmodule hall\nmodule loan\napp app\n"


class LintTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        self.write("src/modules.list", LIST)

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def findings(self, rule=None):
        lint = Lint(self.root)
        lint.run()
        return [f"{path}:{line}: {text}" for path, line, r, text, fails in lint.findings if rule in (None, r)]

    def assert_found(self, rule, pattern):
        found = self.findings(rule)
        self.assertEqual(len(found), 1, found)
        self.assertRegex(found[0], pattern)

    def test_a_clean_project_has_no_findings(self):
        self.write("src/hall/hall.h", HEAD + "int hall(void);\n")
        self.write("src/loan/loan.def", "needs hall\nerror taken 409 \"x\"\n")
        self.write("src/loan/loan.c", HEAD + '#include "hall.h"\nint x = E_TAKEN;\n')
        self.assertEqual(self.findings(), [])

    def test_a_lower_layer_may_not_include_a_higher_one(self):
        self.write("src/web/web.h", HEAD)
        self.write("src/store/a.c", HEAD + '#include "web.h"\n')
        self.assert_found("include", r"src/store/a.c:2: web.h is of web: a lower layer")

    def test_a_folder_may_include_only_what_it_needs(self):
        self.write("src/hall/hall.h", HEAD)
        self.write("src/loan/loan.c", HEAD + '#include "hall.h"\n#include "hall_gen.h"\n')
        found = self.findings("include")
        self.assertEqual(len(found), 2)
        self.assertIn("add `needs hall` to src/loan/loan.def", found[0])

    def test_stmt_h_is_for_generated_code_only(self):
        self.write("src/loan/loan.c", HEAD + '#include "stmt.h"\n')
        self.assert_found("include", "stmt.h belongs to store alone")

    def test_banned_functions_are_found_outside_base_only(self):
        body = HEAD + "int f(void)\n{\n    char *p = malloc(3);\n    sqlite3_free(p); /* free( */\n}\n"
        self.write("src/base/arena.c", body)
        self.write("src/loan/loan.c", body)
        self.assert_found("banned", r"src/loan/loan.c:4: malloc\(\)")

    def test_a_banned_name_inside_a_text_is_none(self):
        self.write("src/loan/loan.c", HEAD + 'const char *x = "free(it)";\n')
        self.assertEqual(self.findings("banned"), [])

    def test_the_clock_is_not_read_in_a_folder(self):
        self.write("src/loan/loan.c", HEAD + "long f(void)\n{\n    return time(0);\n}\n")
        self.assert_found("edge", r"loan.c:4: time\(\)")

    def test_long_files_and_functions(self):
        self.write("src/loan/long.c", HEAD + "int a;\n" * 1001)
        self.write("src/hall/long.c", HEAD + "int f(void)\n{\n" + "    a();\n" * 101 + "}\n")
        found = self.findings("size")
        self.assertEqual(len(found), 2)
        self.assertRegex(found[0], r"f\(\) has 103 lines; at most 100")
        self.assertRegex(found[1], r"1002 lines; at most 1000")

    def test_a_function_of_41_lines_only_warns(self):
        self.write("src/hall/a.c", HEAD + "int f(void)\n{\n" + "    a();\n" * 39 + "}\n")
        lint = Lint(self.root)
        lint.run()
        self.assertEqual([f[4] for f in lint.findings], [False])

    def test_unused_declarations(self):
        self.write("src/loan/loan.def", 'error taken 409 "x"\nevent loan.lent "x" to hall\nsetting loan.hours int 4 "x"\n'
                   "topic hall\ntopic deaf\nright loan.lend \"x\" staff\nview line\n    id id\nform lend\n    id id\n")
        self.write("src/loan/loan.sql", "-- :one thing_a(id id)\nSELECT 1;\n-- :exec thing_b(id id)\nDELETE;\n")
        self.write("src/loan/loan.c", HEAD + "int f(void)\n{\n    thing_b_changes(1);\n}\n")
        names = [f.split(": ")[1].split(" is")[0] for f in self.findings("unused")]
        self.assertEqual(sorted(names), ["error taken", "event loan.lent", "form lend", "right loan.lend",
                                         "setting loan.hours", "statement thing_a", "topic deaf", "view line"])

    def test_a_name_in_a_comment_is_no_use(self):
        self.write("src/loan/loan.def", 'error taken 409 "x"\n')
        self.write("src/loan/loan.c", HEAD + "/* E_TAKEN */\n")
        self.assert_found("unused", "error taken")

    def test_chinese_text_must_be_translated(self):
        self.write("src/loan/loan.c", HEAD + 'int f(void)\n{\n    a(tr(c, "借出"));\n    b("收回");\n'
                   '    d("示范"); /* zh: a name */\n}\n')
        self.assert_found("text", r'loan.c:5: "收回" is not translated')

    def test_addresses_of_one_machine(self):
        self.write("docs/a.md", "see /" + "work/main/x\n")
        self.write("docs/b.md", "see https://registry." + "npmjs.org/x\n")
        self.assertEqual(len(self.findings("place")), 2)

    def test_tidiness(self):
        self.write("src/loan/loan.c", HEAD + "int a; \n\tint b;\nint c;")
        self.assertEqual(len(self.findings("blanks") + self.findings("tab") + self.findings("newline")), 3)

    def test_a_file_without_head_comment(self):
        self.write("src/loan/loan.c", "int a;\n")
        self.assert_found("head", "no head comment")

    def test_an_exception_needs_a_reason_and_must_except_something(self):
        self.write("src/loan/loan.c", "int a;\n")
        self.write("tools/lint/exceptions.list", "src/loan/loan.c head made by hand\n")
        self.assertEqual(self.findings(), [])
        self.write("tools/lint/exceptions.list", "src/loan/loan.c head\nsrc/x.c size no such\n")
        self.assertEqual(len(self.findings("exception")), 2)

    def test_functions_are_measured_without_comments_and_macros(self):
        text = "#define X(a) { a }\nstatic const int t[] = {\n    1,\n};\nint f(int a,\n      int b)\n{\n    /* } */\n}\n"
        self.assertEqual(functions(text), [("f", 7, 3)])

    def test_strings_know_their_call(self):
        self.assertEqual(strings('x = tr_fill(c, "a", y(1), "b"); const char *z = "c";'),
                         [(1, "a", "tr_fill"), (1, "b", "tr_fill"), (1, "c", "")])


if __name__ == "__main__":
    unittest.main()
