"""Reads NNNN_NAME.sql: one migration, written with our own type words, turned into the SQL of both databases."""

import os
import re

from model import Migration, Place
from sm3 import sm3_hex
from sql_text import blank, mistakes, name_problem, split_commas

SQLITE = {
    "id": "INTEGER",
    "int": "INTEGER",
    "instant": "INTEGER",
    "date": "INTEGER",
    "flag": "INTEGER",
    "text": "TEXT",
    "bytes": "BLOB",
}
POSTGRES = {
    "id": "BIGINT",
    "int": "BIGINT",
    "instant": "BIGINT",
    "date": "INTEGER",
    "flag": "SMALLINT",
    "text": 'TEXT COLLATE "C"',
    "bytes": "BYTEA",
}
CONSTRAINTS = ("primary", "unique", "check", "foreign", "constraint")


class MigrationReader:
    def __init__(self, project, folder, path, shown):
        self.project, self.folder, self.path, self.shown = project, folder, path, shown
        self.sqlite, self.postgres = [], []

    def wrong(self, offset, text):
        self.project.problems.add(Place(self.shown, self.text[:offset].count("\n") + 1), text)

    def read(self, number, name):
        with open(self.path, "rb") as f:
            raw = f.read()
        self.text = raw.decode("utf-8", "replace")
        self.plain = blank(self.text)
        for offset, text in mistakes(self.plain, migration=True):
            self.wrong(offset, text)
        at = 0
        while True:
            end = self.plain.find(";", at)
            if end < 0:
                if self.plain[at:].strip():
                    self.wrong(
                        at + len(self.plain[at:]) - len(self.plain[at:].lstrip()), "the statement does not end in ;"
                    )
                break
            self.one(at, end)
            at = end + 1
        m = Migration(
            f"{number:04d}",
            Place(self.shown, 1),
            self.folder,
            number=number,
            sqlite="\n".join(self.sqlite),
            postgres="\n".join(self.postgres),
            hash=sm3_hex(raw.replace(b"\r\n", b"\n")),
        )
        m.title = name
        self.folder.migrations.append(m)

    def one(self, at, end):
        begin = at + len(self.plain[at:end]) - len(self.plain[at:end].lstrip())
        text = self.text[begin:end]
        plain = self.plain[begin:end]
        m = re.match(r"create\s+table\s+(if\s+not\s+exists\s+)?(\S+?)\s*\(", plain, re.I)
        if m:
            self.table(begin, end, begin + m.end(), m.group(2), self.text[at:begin])
            return
        m = re.match(r"alter\s+table\s+(\w+)\s+add\s+(?:column\s+)?(.*)\Z", plain, re.I | re.S)
        if m:
            self.added(begin, begin + m.start(2), end, m.group(1))
            return
        if (
            re.match(
                r"create\s+(unique\s+)?index|insert\s+into|update|delete\s+from|drop\s+(index|table)|alter\s+table",
                plain,
                re.I,
            )
            is None
        ):
            self.wrong(
                begin,
                f"`{' '.join(plain.split()[:2])}` is not understood in a migration; use CREATE TABLE, CREATE INDEX, ALTER TABLE, DROP, INSERT, UPDATE, DELETE",
            )
        clean = re.sub(r"\s*--[^\n]*", "", text).strip()
        self.sqlite.append(clean + ";")
        self.postgres.append(clean + ";")

    def column(self, offset, text):
        """`name type? rest` → (name, SQLite, PostgreSQL), or None with the mistake told."""
        m = re.match(r"\s*(\S+)\s+([a-zA-Z]+)(\?)?(?:\s+(.*))?\Z", text.strip(), re.S)
        if not m or m.group(2) not in SQLITE:
            self.wrong(
                offset,
                f"`{' '.join(text.split())}` is not a column; write `name type` with a type of {' '.join(SQLITE)} (and ? where NULL is allowed)",
            )
            return None
        name, kind, maybe, rest = m.group(1), m.group(2), m.group(3), m.group(4) or ""
        bad = name_problem(name)
        if bad:
            self.wrong(offset, bad)
            return None
        if re.search(r"\bnot\s+null\b", rest, re.I):
            self.wrong(offset, "NOT NULL is the rule already; `?` after the type allows NULL")
        tail = "" if maybe else " NOT NULL"
        if rest:
            tail += " " + " ".join(rest.split())
        if kind == "flag":
            tail += f" CHECK ({name} IN (0, 1))"
        return name, f"{name} {SQLITE[kind]}{tail}", f"{name} {POSTGRES[kind]}{tail}"

    def table(self, begin, end, inside, name, before):
        bad = name_problem(name)
        if bad:
            self.wrong(begin, bad)
        if re.search(r"if\s+not\s+exists", self.plain[begin:inside], re.I):
            self.wrong(begin, "IF NOT EXISTS hides mistakes; a migration runs once")
        close = self.plain.rfind(")", inside, end)
        if close < 0 or self.plain[close + 1 : end].strip():
            self.wrong(begin, f"table `{name}` is not closed by `);`")
            return
        about = self.comment_above(before)
        lite, post, comments, key = [], [], [], None
        at = inside
        for part in split_commas(self.plain[inside:close]):
            offset = at + len(part) - len(part.lstrip())
            raw = re.sub(r"--[^\n]*", "", self.text[at : at + len(part)]).strip()
            at += len(part) + 1
            if not raw:
                self.wrong(offset, f"an empty line between commas in table `{name}`")
                continue
            first = raw.split("(")[0].split()[0].lower() if raw.split("(")[0].split() else ""
            if first in CONSTRAINTS:
                k = re.search(r"primary\s+key\s*\(\s*(\w+)", raw, re.I)
                key = k.group(1) if k else key
                lite.append(" ".join(raw.split()))
                post.append(" ".join(raw.split()))
                continue
            c = self.column(offset, raw)
            if c:
                if re.search(r"\bprimary\s+key\b", raw, re.I):
                    key = c[0]
                lite.append(c[1])
                post.append(c[2])
                comments.append((c[0], self.comment_beside(offset)))
        self.check_key(begin, name, key, "(shared)" in about)
        self.sqlite.append(f"CREATE TABLE {name} (\n    " + ",\n    ".join(lite) + "\n) STRICT, WITHOUT ROWID;")
        self.postgres.append(f"CREATE TABLE {name} (\n    " + ",\n    ".join(post) + "\n);")
        if about:
            self.postgres.append(f"COMMENT ON TABLE {name} IS {quote(about)};")
        self.postgres += [f"COMMENT ON COLUMN {name}.{c} IS {quote(t)};" for c, t in comments if t]

    def check_key(self, begin, name, key, shared):
        if key is None:
            self.wrong(begin, f"table `{name}` has no PRIMARY KEY")
        elif key != "center_id" and not shared:
            self.wrong(
                begin,
                f"the primary key of `{name}` must begin with center_id; a table all centres share says `(shared)` in the comment above it",
            )

    def comment_above(self, before):
        lines = []
        for l in reversed(before.rstrip().split("\n")):
            if not l.strip().startswith("--"):
                break
            lines.insert(0, l.strip()[2:].strip())
        return " ".join(lines)

    def comment_beside(self, offset):
        line = self.text[offset:].split("\n", 1)[0]
        plain = self.plain[offset : offset + len(line)]
        found = re.search(r"--\s*(.*)", line[len(plain.rstrip()) :])
        return found.group(1).strip() if found else ""

    def added(self, begin, inside, end, table):
        c = self.column(inside, re.sub(r"--[^\n]*", "", self.text[inside:end]))
        if c:
            self.sqlite.append(f"ALTER TABLE {table} ADD COLUMN {c[1]};")
            self.postgres.append(f"ALTER TABLE {table} ADD COLUMN {c[2]};")
            about = self.comment_above(self.text[:begin])
            if about:
                self.postgres.append(f"COMMENT ON COLUMN {table}.{c[0]} IS {quote(about)};")


def quote(text):
    return "'" + text.replace("'", "''") + "'"


def read_migrations(project, folder):
    for name in folder.files(".sql"):
        if not re.match(r"\d", name):
            continue
        shown = folder.shown + "/" + name
        m = re.match(r"(\d{4})_([a-z0-9_]+)\.sql\Z", name)
        if not m:
            project.problems.add(
                Place(shown, 1),
                "a migration is called NNNN_name.sql: four digits, then lower-case letters, digits and _",
            )
            continue
        MigrationReader(project, folder, os.path.join(folder.path, name), shown).read(int(m.group(1)), m.group(2))
