"""Reads NAME.sql: statements with typed parameters and rows, one C function each (docs/declarations.md)."""

import os
import re

import model
from model import Column, Place, Statement
from sql_text import blank, mistakes, outer, split_commas

KINDS = ("one", "maybe", "many", "exec")
TYPES = ("id", "int", "text", "bytes", "flag", "date", "instant")
MARK = re.compile(r"--\s*:(\w*)\s*(.*)")
C_LOCALS = ("c", "ret", "ret_changed")


class StatementReader:
    def __init__(self, project, folder, path, shown):
        self.project, self.folder, self.path, self.shown = project, folder, path, shown

    def wrong(self, line, text):
        self.project.problems.add(Place(self.shown, line), text)

    def read(self):
        with open(self.path, encoding="utf-8", errors="replace") as f:
            lines = f.read().split("\n")
        starts = [i for i, l in enumerate(lines) if re.match(r"--\s*:", l)]
        head = lines[: starts[0]] if starts else lines
        for i, l in enumerate(head):
            if l.strip() and not l.startswith("--"):
                self.wrong(i + 1, "SQL before the first `-- :kind name(…)` line; give the statement its signature")
                break
        for n, i in enumerate(starts):
            self.statement(lines[i : starts[n + 1] if n + 1 < len(starts) else len(lines)], i + 1)

    def statement(self, lines, at):
        kind, text = MARK.match(lines[0]).groups()
        used = 1
        # A long signature goes on in the following comment lines until its parentheses close.
        while (
            (text.count("(") > text.count(")") or text.rstrip().endswith("->"))
            and used < len(lines)
            and lines[used].startswith("--")
        ):
            text += " " + lines[used][2:].strip()
            used += 1
        if kind not in KINDS:
            self.wrong(at, f"`:{kind}` is not a kind of statement; use :one :maybe :many :exec")
            return
        m = re.match(r"([a-z][a-z0-9_]*)\s*\(([^)]*)\)\s*(?:->\s*(\((.*)\)|[a-z][a-z0-9_]*))?\s*\Z", text.strip())
        if not m:
            self.wrong(
                at,
                f"cannot read the signature `{text.strip()}`; write `-- :{kind} name(param type, …) -> (column type, …)`",
            )
            return
        s = Statement(m.group(1), Place(self.shown, at), self.folder, kind=kind)
        s.params = self.columns(m.group(2), at, "parameter")
        if m.group(3) and m.group(4) is not None:
            s.columns = self.columns(m.group(4), at, "column")
        elif m.group(3):
            s.shares = m.group(3)
        if (kind == "exec") == bool(m.group(3)):
            self.wrong(
                at,
                "an :exec statement has no `->`; use :one, :maybe or :many for rows"
                if kind == "exec"
                else f":{kind} needs `-> (column type, …)` or `-> other_statement`",
            )
        while used < len(lines) and lines[used].startswith("--"):
            s.about += lines[used][2:].strip() + " "
            used += 1
        s.sql = "\n".join(lines[used:]).rstrip()
        # Comments at the end belong to what follows.
        s.sql = re.sub(r"(\n\s*(--[^\n]*)?)*\Z", "", s.sql)
        self.check(s, at + used)
        end = blank(s.sql).rstrip().rstrip(";")
        s.sql = s.sql[: len(end)].strip()
        self.folder.statements.append(s)

    def columns(self, text, at, what):
        found = []
        for part in split_commas(text):
            if not part.strip():
                continue
            m = re.match(r"\s*([a-z][a-z0-9_]*)\s+([a-z]+)(\?)?\s*\Z", part)
            if not m or m.group(2) not in TYPES:
                self.wrong(
                    at,
                    f"`{part.strip()}` is not a {what}; write `name type` with a type of {' '.join(TYPES)} (and ? where NULL is allowed)",
                )
                continue
            name, kind, maybe = m.group(1), m.group(2), bool(m.group(3))
            if name in model.C_KEYWORDS or (what == "parameter" and name in C_LOCALS):
                self.wrong(at, f"{what} `{name}` would clash in C; choose another name")
            if any(c.name == name for c in found):
                self.wrong(at, f"{what} `{name}` is named twice")
            if kind == "flag" and maybe:
                self.wrong(at, "`flag?` does not exist: a flag is 0 or 1; use int? where it may be unknown")
            found.append(Column(name, Place(self.shown, at), self.folder, type=kind, maybe=maybe))
        return found

    def check(self, s, first):
        plain = blank(s.sql)
        body = plain.strip()
        first += len(re.match(r"\s*", plain).group(0).split("\n")) - 1 if not body else 0
        if not body:
            self.wrong(s.place.line, f"statement `{s.name}` has no SQL below it")
            return
        if ";" in body.rstrip().rstrip(";"):
            self.wrong(s.place.line, f"statement `{s.name}` holds more than one SQL statement; give each its own name")
        for offset, text in mistakes(plain):
            self.wrong(first + plain[:offset].count("\n"), f"{text} (statement `{s.name}`)")
        top = outer(plain)
        word = re.match(r"\s*(\w+)", plain).group(1).lower() if re.match(r"\s*\w", plain) else ""
        if word not in ("select", "with", "insert", "update", "delete"):
            self.wrong(first, f"`{word}` does not begin a statement; use SELECT, WITH, INSERT, UPDATE or DELETE")
            return
        acts = re.search(
            r"\b(insert\s+into|update\s+\w+\s+set|update\s+\w+\s+(as\s+)?\w+\s+set|delete\s+from)\b", plain, re.I
        )
        s.writes = word in ("insert", "update", "delete") or (word == "with" and acts is not None)
        if not s.writes and not re.search(r"\blimit\b", top, re.I):
            self.wrong(
                s.place.line, f"LIMIT is missing in `{s.name}`; every SELECT has one (LIMIT 1 where one row comes)"
            )
        if s.kind == "many" and not re.search(r"\blimit\b", plain, re.I):
            self.wrong(s.place.line, f"LIMIT is missing in `{s.name}`; a :many statement has one")
        if s.kind == "exec" and not s.writes:
            self.wrong(s.place.line, f"`{s.name}` is :exec but only reads; use :one, :maybe or :many")
        if s.kind == "exec" and re.search(r"\breturning\b", top, re.I):
            self.wrong(s.place.line, f"`{s.name}` is :exec but has RETURNING; use :one, :maybe or :many")
        self.check_params(s, plain)
        self.check_columns(s, top, plain)

    def check_params(self, s, plain):
        used = {int(n) for n in re.findall(r"\$(\d+)", plain)}
        for n in range(1, len(s.params) + 1):
            if n not in used:
                self.wrong(
                    s.place.line, f"parameter ${n} ({s.params[n - 1].name}) of `{s.name}` is not used in the SQL"
                )
        for n in sorted(used):
            if not 1 <= n <= len(s.params):
                self.wrong(
                    s.place.line, f"${n} in `{s.name}` has no parameter in the signature ({len(s.params)} named)"
                )

    def check_columns(self, s, top, plain):
        if s.kind == "exec" or s.shares:
            return
        starts = list(re.finditer(r"\breturning\b" if s.writes else r"\bselect\b(\s+distinct\b)?", top, re.I))
        if not starts:
            self.wrong(
                s.place.line, f"`{s.name}` gives rows but its SQL has no " + ("RETURNING" if s.writes else "SELECT")
            )
            return
        begin = starts[0].end()
        end = re.compile(r"\bfrom\b|\blimit\b|\bunion\b|\border\b|\bwhere\b", re.I).search(top, begin)
        listed = split_commas(plain[begin : end.start() if end and not s.writes else len(plain)])
        if len(listed) != len(s.columns):
            self.wrong(
                s.place.line,
                f"`{s.name}` names {len(s.columns)} columns in its signature, but the SQL gives {len(listed)}",
            )


def read_statements(project, folder):
    for name in folder.files(".sql"):
        if re.match(r"\d", name):
            continue
        StatementReader(project, folder, os.path.join(folder.path, name), folder.shown + "/" + name).read()
