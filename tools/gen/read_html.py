"""Reads *.html templates: splits text, holes {{ }} and directives {% %}, and builds each page, part and
layout as a tree of nodes. What the nodes mean is compile_html.py's business."""

import os
import re
from dataclasses import dataclass, field

import model
from model import Column, Place, Template

PIECE = re.compile(r"\{\{((?:(?!\{\{|\{%).)*?)\}\}|\{%((?:(?!\{%).)*?)%\}|\{#.*?#\}", re.S)
VALUE_TYPES = ("text", "int", "id", "flag", "date", "instant")


@dataclass
class Node:
    kind: str  # text hole if for call body key
    line: int
    text: str = ""
    branches: list = field(default_factory=list)  # if: (condition or None, line, nodes); for: body and else
    name: str = ""


class TemplateReader:
    def __init__(self, project, folder, path, shown):
        self.project, self.folder, self.path, self.shown = project, folder, path, shown

    def wrong(self, line, text):
        self.project.problems.add(Place(self.shown, line), text)

    def read(self):
        with open(self.path, encoding="utf-8", errors="replace") as f:
            text = f.read()
        self.pieces = list(self.split(text))
        self.last_line = text.count("\n") + 1
        self.at = 0
        while self.at < len(self.pieces):
            kind, body, line = self.pieces[self.at]
            self.at += 1
            if kind == "directive":
                self.top(body, line)
            elif kind == "hole" or body.strip():
                self.wrong(line, "text outside of a page, part or layout; templates begin with {% page name(view v) %}")

    def split(self, text):
        at, line = 0, 1
        for m in PIECE.finditer(text):
            if m.start() > at:
                yield from self.plain(text[at : m.start()], line)
            line_here = line + text[at : m.start()].count("\n")
            if m.group(1) is not None:
                yield "hole", m.group(1).strip(), line_here
            elif m.group(2) is not None:
                yield "directive", m.group(2).strip(), line_here
            line = line_here + m.group(0).count("\n")
            at = m.end()
        if at < len(text):
            yield from self.plain(text[at:], line)

    def plain(self, text, line):
        m = re.search(r"\{\{|\{%|%\}|\{#", text)
        if m:
            self.wrong(line + text[: m.start()].count("\n"), f"`{m.group(0)}` has no partner")
        yield "text", text, line

    def top(self, body, line):
        word = body.split(None, 1)[0] if body else ""
        rest = body[len(word) :].strip()
        word = re.match(r"\w*", word).group(0)
        if word == "include":
            m = re.match(r'"([a-z0-9_]+\.h)"\Z', rest)
            if m:
                self.folder.headers.append(m.group(1))
            else:
                self.wrong(line, 'write {% include "name.h" %}')
        elif word in ("page", "part", "layout"):
            self.template(word, body[len(word) :].strip(), line)
        elif word == "end":
            self.wrong(line, "{% end %} closes nothing here")
        else:
            self.wrong(line, f"{{% {word} %}} stands outside of a page, part or layout")

    def template(self, kind, rest, line):
        m = re.match(r"([a-z][a-z0-9_]*)\s*\(([^)]*)\)\s*(.*)\Z", rest, re.S)
        if not m:
            self.wrong(line, f"write {{% {kind} name(type name, …) %}}")
            self.skip()
            return
        t = Template(m.group(1), Place(self.shown, line), self.folder, kind=kind)
        for part in m.group(2).split(","):
            words = part.split()
            if not words:
                continue
            if len(words) != 2 or not re.match(r"[a-z][a-z0-9_]*(\[\])?\Z", words[0]) or not model.NAME.match(words[1]):
                self.wrong(
                    line,
                    f"parameter `{part.strip()}` is written `TYPE name` (a view, VIEW[], or {' '.join(VALUE_TYPES)})",
                )
                continue
            if words[1] in model.C_KEYWORDS or words[1] in ("b", "c"):
                self.wrong(line, f"parameter `{words[1]}` would clash in C; choose another name")
            # `X_list` is the name the struct has in C; `X[]` is how a view writes it.
            t.params.append(Column(words[1], t.place, self.folder, type=words[0]))
        uses = re.match(r"uses\s+([a-z][a-z0-9_]*)\s*(.*)\Z", m.group(3), re.S)
        if uses and kind == "page":
            t.layout, t.layout_text = uses.group(1), uses.group(2)
        elif m.group(3):
            self.wrong(
                line,
                f"`{m.group(3)}` is not understood after the {kind}'s parameters"
                + ('; write uses LAYOUT name "text"' if kind == "page" else ""),
            )
        t.nodes, ended = self.nodes(("end",))
        t.end_line = self.line_now()
        if not ended:
            self.wrong(line, f"{kind} `{t.name}` is not closed by {{% end %}}")
        self.folder.templates.append(t)

    def line_now(self):
        return self.pieces[self.at - 1][2] if 0 < self.at <= len(self.pieces) else self.last_line

    def skip(self):
        """After a head that could not be read: its body is passed over."""
        self.nodes(("end",))

    def nodes(self, ends):
        """Nodes up to one of the directives `ends`; the second value is that directive, or None at the end of the file."""
        found = []
        while self.at < len(self.pieces):
            kind, body, line = self.pieces[self.at]
            self.at += 1
            if kind != "directive":
                found.append(Node(kind, line, body))
                continue
            word = (re.match(r"\w+", body) or [""])[0]
            rest = body[len(word) :].strip()
            if word in ends:
                self.ended_by = (word, rest, line)
                return found, word
            node = self.directive(word, rest, line)
            if node:
                found.append(node)
        return found, None

    def directive(self, word, rest, line):
        if word == "if":
            return self.read_if(rest, line)
        if word == "for":
            return self.read_for(rest, line)
        if word == "call":
            m = re.match(r"([a-z][a-z0-9_]*)\s*\((.*)\)\Z", rest, re.S)
            if m:
                return Node("call", line, m.group(2), name=m.group(1))
            self.wrong(line, "write {% call part_name(value, …) %}")
        elif word in ("body", "key"):
            if rest:
                self.wrong(line, f"`{rest}` is not understood after {word}")
            return Node(word, line)
        elif word in ("page", "part", "layout", "include"):
            self.wrong(line, f"{{% {word} %}} stands at the top of a file; is an {{% end %}} missing before it?")
            if word != "include":
                self.skip()
        elif word in ("else", "elif", "end"):
            self.wrong(line, f"{{% {word} %}} is out of place here")
        else:
            self.wrong(line, f"{{% {word or rest} %}} is not a directive; use if elif else for end call body key")
        return None

    def read_if(self, condition, line):
        node = Node("if", line)
        at = line
        while True:
            if condition is not None:
                self.check_condition(condition, at)
            nodes, ended = self.nodes(("elif", "else", "end") if condition is not None else ("end",))
            node.branches.append((condition, at, nodes))
            if ended == "elif":
                _, condition, at = self.ended_by
            elif ended == "else":
                condition, at = None, self.ended_by[2]
            else:
                if ended is None:
                    self.wrong(line, "{% if %} is not closed by {% end %}")
                return node

    def check_condition(self, text, line):
        plain = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)+\'', "0", text)
        if not plain.strip():
            self.wrong(line, "{% if %} has no condition")
        elif re.search(r"[;{}#]|//|/\*", plain) or plain.count("(") != plain.count(")") or "\n" in plain:
            self.wrong(line, "a condition is one C expression on one line")

    def read_for(self, rest, line):
        m = re.match(r"([a-z][a-z0-9_]*)\s+in\s+(\S+)\Z", rest)
        if not m:
            self.wrong(line, "write {% for name in view->list %}")
        node = Node("for", line, m.group(2) if m else "", name=m.group(1) if m else "x")
        nodes, ended = self.nodes(("else", "end"))
        node.branches.append((None, line, nodes))
        if ended == "else":
            at = self.ended_by[2]
            nodes, ended = self.nodes(("end",))
            node.branches.append((None, at, nodes))
        if ended is None:
            self.wrong(line, "{% for %} is not closed by {% end %}")
        return node if m else None


def split_arguments(text):
    parts, depth, now, quoted, i = [], 0, "", False, 0
    while i < len(text):
        ch = text[i]
        if quoted and ch == "\\":
            now += text[i : i + 2]
            i += 2
            continue
        if ch == '"':
            quoted = not quoted
        depth += 0 if quoted else (ch in "({") - (ch in ")}")
        if ch == "," and depth == 0 and not quoted:
            parts.append(now)
            now = ""
        else:
            now += ch
        i += 1
    return parts + [now]


def read_templates(project, folder):
    files = folder.files(".html")
    if files and not folder.has_web():
        project.problems.add(Place(folder.shown + "/" + files[0], 1), "templates belong to web and the domain folders")
        return
    for name in files:
        TemplateReader(project, folder, os.path.join(folder.path, name), folder.shown + "/" + name).read()
