"""Whatever is in the files, the generator answers with sentences, never with a Python traceback; and what
it accepts can be written. The files are the sample's, broken at random places; the seed is fixed, so
that a failure comes again. GEN_MUTATIONS=20000 for a long run."""

import os
import random
import shutil
import unittest

import gen
import sample

PIECES = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{% end %}",
    "{% if x %}",
    "{% for a in v->lines %}",
    "{% call row( %}",
    '{{_ "',
    '"',
    "'",
    "(",
    ")",
    "<",
    ">",
    "</p>",
    '<form method="post">',
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "=",
    " ",
    "\n",
    "\n    ",
    "\t",
    "#",
    "$1",
    "$99",
    ";",
    ",",
    "--",
    "-- :one ",
    "->",
    "[]",
    "?",
    "id",
    "view ",
    "form ",
    "route GET / public f -> -",
    "\\",
    "\x00",
    "\x7f",
    "é",
    "字",
    "\U0001f600",
    "{",
    "}",
    "|",
    "/*",
    "*/",
    "..",
    "-1",
    "99999999999999999999",
    "LIMIT",
    "SELECT",
    "CREATE TABLE x (",
    "PRIMARY KEY",
    "{=int ",
    "path",
    "choice",
    "default",
    "uses staff",
    "\ufeff",
    "\u2028",
    "\r\n",
]
PATHS = [p for p in sample.FILES if p.endswith((".def", ".sql", ".html", ".list", "_test.c"))]


def mutate(rng, text):
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(text))
        end = min(len(text), at + rng.choice([0, 1, 2, 5, 20, 80]))
        kind = rng.randint(0, 3)
        if kind == 0:
            text = text[:at] + text[end:]
        elif kind == 1:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind == 2:
            text = text[:at] + rng.choice(PIECES) + text[end:]
        else:
            other = rng.randint(0, len(text))
            text = text[:other] + text[at:end] + text[other:]
    return text


class Mutations(unittest.TestCase):
    def test_nothing_breaks_the_generator(self):
        rng = random.Random(20260202)
        accepted = refused = 0
        for n in range(int(os.environ.get("GEN_MUTATIONS", "300"))):
            path = rng.choice(PATHS)
            text = mutate(rng, sample.FILES[path])
            try:
                p = sample.read({path: text}, c_texts=n % 2 == 0)
                if p.problems.found:
                    refused += 1
                    for line in p.problems.lines():
                        self.assertRegex(line, r"^src/[\w./]*:\d+: .")
                else:
                    accepted += 1
                    gen.write_all(p, {})
            except Exception as e:
                raise AssertionError(f"mutation {n} of {path}:\n{text}") from e
        # Both must happen, or the mutations are too tame or too wild to show anything.
        self.assertGreater(refused, 0)
        self.assertGreater(accepted, 0)

    def test_bytes_that_are_not_utf8(self):
        root = sample.tree()
        try:
            for path in ("loan/loan.def", "loan/loan.sql", "loan/loan.html", "loan/0001_loan.sql", "loan/loan_test.c"):
                with open(os.path.join(root, "src", path), "ab") as f:
                    f.write(b"\xff\xfe\x80 \xc3\n")
            gen.read_all(gen.open_project(os.path.join(root, "src")), True)
        finally:
            shutil.rmtree(root)


if __name__ == "__main__":
    unittest.main()
