#!/usr/bin/env python3
"""The project's own checks, those that no compiler makes: who may include whom, functions that are
banned, sizes, declarations that nobody uses, texts that escape translation, and tidiness.

    tools/lint/lint.py [--root DIR] [--count] [--quiet]

Each finding is FILE:LINE: rule: what is wrong. A warning does not fail. What is excepted stands,
with its reason, in tools/lint/exceptions.list: PATH RULE REASON; a line there that excepts nothing
any more is itself a fault."""

import argparse
import fnmatch
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from declared import unused  # noqa: E402
from source import blank, functions, line_of, strings  # noqa: E402

LAYERS = {  # what each layer may include besides itself and the generated tables
    "base": [],
    "crypt": ["base"],
    "store": ["base", "crypt"],
    "file": ["base", "crypt", "store"],
    "web": ["base", "crypt", "store", "file"],
    "job": ["base", "crypt", "store", "file"],
    "paper": ["base", "crypt", "store", "file"],
    "sheet": ["base", "crypt", "store", "file"],
    "peer": ["base", "crypt", "store", "file"],
}
# Headers that only generated code and their own layer may include.
PRIVATE_HEADERS = {"stmt.h": ("store",), "assets.h": ("web",), "sqlite3.h": ("store",), "libpq-fe.h": ("store",),
                   "microhttpd.h": ("web",), "gcrypt.h": ("crypt",), "sodium.h": ("crypt",),
                   "zip.h": ("sheet",), "expat.h": ("sheet",), "xlsxwriter.h": ("sheet",)}
BANNED = ("malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf sprintf vsprintf strcpy stpcpy "
          "strcat strncat strncpy atoi atol atoll atof strtok strtok_r gets alloca").split()
# The edges of the program: only these may ask the system for time, chance or another program.
EDGE = "time gettimeofday localtime gmtime mktime rand srand random srandom drand48 system popen".split()
EDGE_ALLOWED = ("base", "crypt")
BANNED_CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
EDGE_CALL = re.compile(r"(?<![\w.>])(" + "|".join(EDGE) + r")\s*\(")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"]+)[>"]', re.M)
CHINESE = re.compile(r"[\u3400-\u9fff]")
TRANSLATED = {"tr", "tr_fill", "table_fault", "table_fault_at", "refusal_text", "assert"}
# Folders whose own texts go to the administrator's terminal and to the log, never on a page.
TERMINAL = {"base", "crypt", "store", "job", "app"}
# Spelt so that this file does not find itself.
ELSEWHERE = [re.compile(p) for p in (r"/" r"work/(?:main|shared)", r"(?<![\w.])/" r"root/", r"/" r"home/[a-z]",
                                     r"registry\." r"npmjs", r"deb\." r"debian\.org", r"https?://[\w.-]*" r"mirrors?\.",
                                     r"pypi\." r"org")]
FILE_WARN, FILE_FAIL, FUNCTION_WARN, FUNCTION_FAIL = 600, 1000, 40, 100
TEXT_ENDINGS = (".c", ".h", ".py", ".sh", ".mjs", ".js", ".css", ".html", ".def", ".sql", ".md", ".build", ".txt",
                ".list", ".json", ".csv", ".po", ".yml", ".yaml")
TEXT_NAMES = ("dev", "run", ".gitignore", ".npmrc", ".clang-format", ".clang-tidy")
CODE_ENDINGS = (".c", ".h", ".py", ".sh", ".mjs", ".js", ".css", ".def", ".sql")


class Lint:
    def __init__(self, root):
        self.root = root
        self.findings = []  # (path, line, rule, text, fails)
        self.files = {}     # path → text, all text files of the project
        self.folders = {}   # name → kind, in order
        self.needs = {}     # name → direct needs
        self.owner = {}     # header → folder
        self.read()

    def found(self, path, line, rule, text, fails=True):
        self.findings.append((path, line, rule, text, fails))

    def read(self):
        for path in project_files(self.root):
            name = os.path.basename(path)
            if not (name.endswith(TEXT_ENDINGS) or name in TEXT_NAMES):
                continue
            try:
                with open(os.path.join(self.root, path), encoding="utf-8") as f:
                    self.files[path] = f.read()
            except FileNotFoundError:
                continue  # it went while we looked
            except UnicodeDecodeError:
                self.found(path, 1, "utf8", "not UTF-8")
        for line in self.files.get("src/modules.list", "").splitlines():
            words = line.split("#", 1)[0].split()
            if len(words) == 2:
                self.folders[words[1]] = words[0]
        for path, text in self.files.items():
            folder = folder_of(path)
            if folder and path.endswith(".h"):
                self.owner[os.path.basename(path)] = folder
            if folder and path.endswith(".def"):
                for line in text.splitlines():
                    words = line.split("#", 1)[0].split()
                    if words and words[0] == "needs" and line[0] == "n":  # not a member of a view
                        self.needs.setdefault(folder, []).extend(words[1:])
        for folder in self.folders:
            self.owner[f"{folder}_gen.h"] = folder

    # --- rules ---------------------------------------------------------------------------

    def run(self):
        for path, text in self.files.items():
            self.tidy(path, text)
            if path.endswith((".c", ".h")) and path.split("/")[0] in ("src", "tests", "bench"):
                self.head_comment(path, text)
                self.sizes(path, text)
            if folder_of(path) and path.endswith((".c", ".h")):
                self.includes(path, text)
                self.calls(path, text)
                self.texts(path, text)
            elif path.endswith((".py", ".sh", ".mjs")) or path == "dev":
                self.head_comment(path, text)
                self.file_size(path, text)
        for path, line, text in unused(self.files):
            self.found(path, line, "unused", text)
        self.except_listed()

    def tidy(self, path, text):
        if path == "package-lock.json":
            self.places(path, text)
            return
        for number, line in enumerate(text.split("\n"), 1):
            if line.rstrip("\r") != line.rstrip() and not path.endswith((".md", ".csv", ".po")):
                self.found(path, number, "blanks", "blanks at the end of the line")
            if "\t" in line and path.endswith((".c", ".h", ".py", ".sh", ".mjs", ".html", ".css", ".sql", ".def")):
                self.found(path, number, "tab", "a tab; indent with spaces")
            if "\r" in line:
                self.found(path, number, "crlf", "a carriage return")
                break
        if text and not text.endswith("\n"):
            self.found(path, line_of(text, len(text)), "newline", "the last line has no end")
        self.places(path, text)

    def places(self, path, text):
        """Nothing of one machine or one registry belongs in the tree."""
        for pattern in ELSEWHERE:
            match = pattern.search(text)
            if match:
                self.found(path, line_of(text, match.start()), "place",
                           f"{match.group(0)}: an address of one machine or registry")

    def head_comment(self, path, text):
        start = text
        if start.startswith("#!"):
            start = start.split("\n", 1)[1] if "\n" in start else ""
        wanted = {".c": ("/*",), ".h": ("/*",), ".py": ('"""', 'r"""', "#"), ".sh": ("#",), ".mjs": ("/*", "//")}
        ending = os.path.splitext(path)[1] or ".sh"
        if not start.lstrip("\n").startswith(wanted.get(ending, ("#",))):
            self.found(path, 1, "head", "no head comment: what this is, and why it is so")

    def file_size(self, path, text):
        lines = text.count("\n")
        if lines > FILE_FAIL:
            self.found(path, 1, "size", f"{lines} lines; at most {FILE_FAIL}: split it")
        elif lines > FILE_WARN:
            self.found(path, 1, "size", f"{lines} lines; better at most {FILE_WARN}", False)

    def sizes(self, path, text):
        self.file_size(path, text)
        for name, line, lines in functions(text):
            if lines > FUNCTION_FAIL:
                self.found(path, line, "size", f"{name}() has {lines} lines; at most {FUNCTION_FAIL}")
            elif lines > FUNCTION_WARN:
                self.found(path, line, "size", f"{name}() has {lines} lines; better at most {FUNCTION_WARN}", False)

    def may_include(self, folder, other):
        if other == folder or self.folders.get(folder) == "app":
            return True
        if folder in LAYERS:
            return other in LAYERS[folder]
        if other in LAYERS:
            return True
        return other in self.needs.get(folder, [])

    def includes(self, path, text):
        folder = folder_of(path)
        is_test = path.endswith("_test.c")
        for match in INCLUDE.finditer(text):
            header = match.group(2)
            line = line_of(text, match.start())
            if "/" in header and match.group(1) == '"':
                self.found(path, line, "include", f"{header}: includes are flat, without a folder")
            private = PRIVATE_HEADERS.get(os.path.basename(header))
            if private and folder not in private and not is_test:
                self.found(path, line, "include", f"{header} belongs to {private[0]} alone")
            other = self.owner.get(header)
            if match.group(1) == '"' and other and not self.may_include(folder, other):
                how = ("a lower layer does not know it" if folder in LAYERS or other not in self.folders else
                       f"add `needs {other}` to src/{folder}/{folder}.def, or do without")
                self.found(path, line, "include", f"{header} is of {other}: {how}")

    def calls(self, path, text):
        folder = folder_of(path)
        code = blank(text)
        code = INCLUDE.sub(lambda m: " " * len(m.group(0)), code)
        if folder != "base":
            for match in BANNED_CALL.finditer(code):
                self.found(path, line_of(code, match.start()), "banned",
                           f"{match.group(1)}(): memory comes from the arena, text through buf and str")
        if folder not in EDGE_ALLOWED:
            for match in EDGE_CALL.finditer(code):
                self.found(path, line_of(code, match.start()), "edge",
                           f"{match.group(1)}(): time and chance come through the context")

    def texts(self, path, text):
        """A Chinese text in C that nobody translates shows up in the middle of an English page."""
        if path.endswith("_test.c") or folder_of(path) in TERMINAL:
            return
        lines = text.split("\n")
        marked = False
        for at, line in enumerate(lines): # a marker holds up to the next empty line
            marked = (marked or "/* zh:" in line) and line.strip() != ""
            lines[at] = marked
        for line, literal, call in strings(text):
            if CHINESE.search(literal) and call not in TRANSLATED and not lines[line - 1]:
                self.found(path, line, "text", f"\"{literal[:30]}\" is not translated: put it through tr() or "
                           "tr_fill(), write `/* tr */` before it in a table, or say why not in a comment `/* zh: … */` above it")

    # --- exceptions ----------------------------------------------------------------------

    def except_listed(self):
        path = "tools/lint/exceptions.list"
        for number, line in enumerate(self.files.get(path, "").splitlines(), 1):
            words = line.split("#", 1)[0].split(None, 2)
            if not words:
                continue
            if len(words) < 3:
                self.found(path, number, "exception", "expected PATH RULE REASON")
                continue
            kept = [f for f in self.findings if not (fnmatch.fnmatch(f[0], words[0]) and f[2] == words[1])]
            if len(kept) == len(self.findings):
                self.found(path, number, "exception", "excepts nothing any more; take the line out")
            else:
                self.findings = kept


def folder_of(path):
    words = path.split("/")
    return words[1] if words[0] == "src" and len(words) > 2 else None


def project_files(root):
    """What git knows or would take; outside a work tree, everything."""
    git = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True,
                         check=False)
    if git.returncode == 0:
        return sorted(set(p for p in git.stdout.decode().split("\0") if p))
    found = []
    for where, dirs, names in os.walk(root):
        dirs[:] = sorted(d for d in dirs if d not in (".git", "node_modules", "build", "build-san", "var"))
        found += [os.path.relpath(os.path.join(where, n), root) for n in sorted(names)]
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    parser.add_argument("--count", action="store_true", help="end with N passed, N failed (a file is one test)")
    parser.add_argument("--quiet", action="store_true", help="no warnings")
    words = parser.parse_args()
    lint = Lint(os.path.abspath(words.root))
    lint.run()
    failed = [f for f in lint.findings if f[4]]
    for path, line, rule, text, fails in sorted(lint.findings):
        if fails or not (words.quiet or words.count):
            print(f"{path}:{line}: {rule}: {'' if fails else 'warning: '}{text}")
    if words.count:
        print(f"{len(lint.files) - len({f[0] for f in failed})} passed, {len(failed)} failed")
    else:
        print(f"lint: {len(lint.files)} files, {len(failed)} faults, {len(lint.findings) - len(failed)} warnings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
