"""Reads C only where its text is a declaration: tests found by name, and texts that go through tr()."""

import os
import re

from model import Named, Place

TEST = re.compile(r"^void\s+(test_[a-z0-9_]+)\s*\(\s*struct\s+test\s*\*\s*\w+\s*\)\s*\{?", re.M)
LITERALS = r'((?:"(?:[^"\\\n]|\\.)*"\s*)+)'
TR = re.compile(r"\btr(?:_fill)?\s*\(\s*[^,()\"]+,\s*" + LITERALS + r"|/\*\s*tr\s*\*/\s*" + LITERALS)


def read_tests(project, folder):
    for name in folder.files("_test.c"):
        with open(os.path.join(folder.path, name), encoding="utf-8", errors="replace") as f:
            text = f.read()
        shown = folder.shown + "/" + name
        for m in TEST.finditer(text):
            place = Place(shown, text[: m.start()].count("\n") + 1)
            if text[m.end() - 1] != "{" and not text[m.end() :].lstrip().startswith("{"):
                continue
            if any(t.name == m.group(1) for t in project.every("tests")):
                project.problems.add(place, f"test `{m.group(1)}` exists already; choose another name")
                continue
            folder.tests.append(Named(m.group(1), place, folder))


def unquote(literals):
    whole = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', literals))
    whole = re.sub(r"\\x([0-9a-fA-F]{1,2})|\\([0-7]{1,3})|\\(.)", unescape, whole)
    return whole


def unescape(m):
    if m.group(1):
        return chr(int(m.group(1), 16))
    if m.group(2):
        return chr(int(m.group(2), 8))
    return {"n": "\n", "t": "\t"}.get(m.group(3), m.group(3))


def texts_of(text, shown):
    """(text, Place) of every literal given to tr() or tr_fill(), or marked by a comment `tr`."""
    for m in TR.finditer(text):
        yield unquote(m.group(1) or m.group(2)), Place(shown, text[: m.start()].count("\n") + 1)


def read_texts(project, folder):
    for name in folder.files(".c", ".h"):
        if name.endswith("_test.c"):
            continue
        with open(os.path.join(folder.path, name), encoding="utf-8", errors="replace") as f:
            text = f.read()
        for found, place in texts_of(text, folder.shown + "/" + name):
            project.say(found, place)
