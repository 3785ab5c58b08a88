"""docs/declarations.md is what people copy from: its examples must be what the generator reads."""

import os
import re
import unittest

import sample

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))

# What the examples speak of but leave to other folders.
CENTER = """role duty "值班"
role helper "帮办"
role manager "主任"
view hall_place
    name text
view paper
    name text
"""


def blocks():
    with open(os.path.join(ROOT, "docs", "declarations.md"), encoding="utf-8") as f:
        return re.findall(r"^```(\w*)\n(.*?)^```$", f.read(), re.S | re.M)


class Documents(unittest.TestCase):
    def test_the_examples_are_read_as_they_stand(self):
        found = blocks()
        self.assertEqual([kind for kind, _ in found], ["", "sql", "sql", "html"])
        definitions, migration, statements, template = (text for _, text in found)
        # The rights of the example that it does not declare itself, and the view of another folder.
        definitions += 'right loan.see "看" staff\nview person\n    name text\n'
        layouts = re.findall(r"^\{% layout .*", template, re.M)
        loan = (
            "CREATE TABLE loan (center_id id, id id, thing_id id, returned_at instant?, PRIMARY KEY (center_id, id));\n"
        )
        files = {
            "modules.list": "layer base\nlayer store\nlayer web\nmodule center\nmodule hall\nmodule loan\n",
            "web/web.def": "",
            "web/web.html": "\n".join(layouts),
            "center/center.def": CENTER,
            "hall/hall.def": "needs center\n",
            "loan/loan.def": definitions,
            "loan/0001_loan.sql": migration.replace("CREATE UNIQUE INDEX", loan + "CREATE UNIQUE INDEX"),
            "loan/loan.sql": complete(statements),
            "loan/loan.html": template.replace(layouts[0], ""),
            "staff/staff.def": "",
        }
        self.assertEqual(sample.problems(files), [])
        self.assertIn("loans_open", sample.write(files)["stmts.c"])

    def test_every_word_of_the_reader_is_described(self):
        import read_def

        with open(os.path.join(ROOT, "docs", "declarations.md"), encoding="utf-8") as f:
            text = f.read()
        words = [
            n[5:]
            for n in dir(read_def.DefReader)
            if re.match(r"read_[a-z]+\Z", n) and n not in ("read_member", "read_field")
        ]
        for word in words + list(read_def.FIELD_TYPES) + list(read_def.FIELD_WORDS) + list(read_def.MEMBER_TYPES):
            self.assertRegex(text, rf"\b{word}\b")


def complete(statements):
    """The example shows two signatures without their SQL."""
    statements = statements.replace(
        "-> loan_open_of_thing\n",
        "-> loan_open_of_thing\nSELECT id, borrower, due_at, returned_at FROM loan WHERE center_id = $1 LIMIT 9;\n",
        1,
    )
    return statements.rstrip() + "\nUPDATE loan SET returned_at = $3 WHERE center_id = $1 AND id = $2;\n"


if __name__ == "__main__":
    unittest.main()
